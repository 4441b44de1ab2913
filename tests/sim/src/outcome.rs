//! How a story ends: everything gets well, and then everything must be right.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use larder::query::Query;
use larder::{Phase, QueryId, StorageState};

use crate::bug::Bug;
use crate::check::{check_part_of, check_query};
use crate::client::Death;
use crate::edit::Op;
use crate::engine::Answer;
use crate::plan::Plan;
use crate::queries::QUERIES;
use crate::rows::Kind;
use crate::world::{Event, Seen, World};

thread_local! {
    /// A panic is what goes wrong with a story, and is told with it.
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Lives through a story. Says what is wrong with it, or what happened in it.
pub(crate) fn live(plan: &Plan, bug: Option<Bug>) -> Result<Seen, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            if IS_QUIET.get() {
                PLACE.set(panic.location().map(ToString::to_string).unwrap_or_default());
            } else {
                usual(panic)
            }
        }));
    });
    IS_QUIET.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(|| live_through(plan, bug)));
    IS_QUIET.set(false);
    outcome.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or(panic.downcast_ref::<&str>().copied()).unwrap_or_default();
        Err(format!("a panic at {}: {text}", PLACE.take()))
    })
}

fn live_through(plan: &Plan, bug: Option<Bug>) -> Result<Seen, String> {
    let mut world = World::new(&plan.clients, plan.killed_at, bug);
    for (index, step) in plan.steps.iter().enumerate() {
        world.perform(step);
        world.look(index % 4 == 3);
        if let Some(wrong) = world.wrong {
            return Err(wrong);
        }
    }
    world.get_well(false);
    world.judge();
    // All of it once more from what is on the disks.
    if world.wrong.is_none() {
        world.get_well(true);
        world.judge();
    }
    let mut hasher = DefaultHasher::new();
    format!("{:?} {:?}", world.engine.rows, world.engine.answers).hash(&mut hasher);
    world.seen.end = hasher.finish();
    world.wrong.map_or(Ok(world.seen), Err)
}

impl World {
    fn look(&mut self, with_queries: bool) {
        for client in 0..self.clients.len() {
            self.check(client, with_queries);
        }
    }

    /// Nothing goes wrong any more, until nobody has anything left to do.
    fn get_well(&mut self, starts_anew: bool) {
        self.engine.busy = 0;
        self.schedule(self.now_ms, Event::EngineUp);
        for number in 0..self.clients.len() {
            let client = &mut self.clients[number];
            (client.full, client.is_locked, client.is_unreadable) = (0, false, false);
            (client.dies_at_batch, client.dies_at_load) = (None, None);
            client.fates.clear();
            client.wants_connection = true;
            if starts_anew {
                self.with(number, |cache, now_ms| cache.flush(now_ms));
                self.pass(1_000);
                self.kill(number, Death { is_written: true, damage: None, down_ms: 0, clock_ms: 0 });
            }
            self.schedule(self.now_ms, Event::Start { client: number });
        }
        for subscription in self.engine.subscriptions.values_mut() {
            subscription.stalled_until_ms = 0;
        }
        for round in 0..120 {
            if self.wrong.is_some() {
                return;
            }
            for client in 0..self.clients.len() {
                self.with(client, |cache, now_ms| cache.connect(now_ms));
                self.take_up(client, round % 2 == 0);
            }
            // Whoever missed an event learns it with the next.
            if round % 8 == 0 {
                let fields = serde_json::json!({"name": "the end", "size": round, "tag_ids": [], "v": 0});
                self.engine.change(&[Op::Upsert((Kind::File, 0), fields)]);
            }
            self.pump();
            self.pass(2_500);
            self.look(false);
            if round % 8 > 2 && self.is_calm() {
                return;
            }
        }
        let states: Vec<_> = self
            .clients
            .iter()
            .map(|client| client.app.as_ref().map(|app| (app.cache.status(), app.cache.pending())))
            .collect();
        let head = self.engine.head();
        self.wrong.get_or_insert_with(|| format!("the world does not come to rest at {head}: {states:?}"));
    }

    fn is_calm(&self) -> bool {
        let is_message = |event: &Event| matches!(event, Event::ToClient { .. } | Event::ToEngine { .. });
        !self.events.values().any(is_message)
            && self.clients.iter().all(|client| {
                client.app.as_ref().is_some_and(|app| {
                    let status = app.cache.status();
                    // Who could not read its storage is without one until it is started again.
                    let is_stored = !matches!(status.storage, StorageState::Restoring);
                    status.phase == Phase::Live && status.pending == 0 && is_stored && app.writing.is_none()
                })
            })
    }

    /// What must be right when everything is well.
    fn judge(&mut self) {
        for number in 0..self.clients.len() {
            self.check(number, true);
            let found = self.check_end(number);
            if let Err(wrong) = found {
                self.object(number, || wrong);
            }
        }
        if let Err(wrong) = self.check_mutations() {
            self.wrong.get_or_insert(wrong);
        }
    }

    /// A client has the engine's rows, and its host shows what a fresh mount does.
    fn check_end(&mut self, number: usize) -> Result<(), String> {
        let client = &self.clients[number];
        let engine = self.engine.rows_at(self.engine.commit_number(), client.setting.types.as_deref());
        let has_budget = client.setting.budget.is_some();
        let Some(app) = &client.app else { return Ok(()) };
        if !has_budget && app.rows() != *engine {
            return Err(format!("it has {:?}, and the engine has {engine:?}", app.rows()));
        }
        // Who has no storage cannot read back what was too much.
        let may_lack = has_budget && app.cache.status().storage != StorageState::Ready;
        let mut queries: Vec<Query> = app.queries.iter().map(|(_, query)| query.clone()).collect();
        queries.extend(QUERIES.iter().map(|query| Query::parse(query).unwrap()));
        for query in queries {
            let Some(id) = self.mount_and_wait(number, &query, has_budget) else { break };
            let Some(app) = &mut self.clients[number].app else { break };
            if !app.host.is_partial(id) {
                check_query(app, id, &query, &engine)?;
            } else if may_lack {
                check_part_of(app, id, &query, &engine)?;
            } else {
                let (list, stats) = (app.host.list(id), app.cache.stats());
                return Err(format!(
                    "{} says that rows are missing beside {list:?}; {stats:?}",
                    query.canonical()
                ));
            }
            app.host.forget(id);
            self.with(number, |cache, _| cache.unmount(id));
        }
        Ok(())
    }

    /// Mounts a query, and waits until what is only on the disk is read back.
    fn mount_and_wait(&mut self, number: usize, query: &Query, has_budget: bool) -> Option<QueryId> {
        loop {
            let id = self.mount(number, query)?;
            let life = self.clients[number].life;
            if has_budget {
                self.pass(4_000);
            }
            // If it was killed meanwhile, which happens once in a story, what was mounted is gone.
            if self.clients[number].life == life {
                return Some(id);
            }
        }
    }

    /// What was acknowledged was done once, and nothing was done twice.
    fn check_mutations(&self) -> Result<(), String> {
        let mut done = BTreeSet::new();
        for id in &self.engine.done {
            if !done.insert(id) {
                return Err(format!("{id} was done twice"));
            }
        }
        let applied =
            self.engine.answers.iter().filter(|(_, answer)| matches!(answer, Answer::Applied { .. }));
        for (id, _) in applied {
            if !done.contains(id) {
                return Err(format!("{id} was acknowledged, but not done"));
            }
        }
        Ok(())
    }
}
