//! Does the steps of a story.

use larder::outbox::{Mutation, MutationState};
use serde_json::{Value as Json, json};

use crate::client::Death;
use crate::edit::{self, Edit, Op};
use crate::plan::{Ailment, Fate, Step, When};
use crate::world::{Event, World};

impl World {
    pub(crate) fn perform(&mut self, step: &Step) {
        match step {
            Step::Wait(ms) => self.pass(*ms),
            Step::Others(ops) => {
                self.engine.change(ops);
                self.pump();
            }
            Step::Bulk { kind, first, count, text } => {
                self.engine.bulk(*kind, (*first..).take(*count as usize), *text);
                self.pump();
            }
            Step::Edit { client, edit } => self.edit(*client, edit),
            Step::TakeUp { client, retries } => self.take_up(*client, *retries),
            Step::Discard { client, which } => self.discard(*client, *which),
            Step::Kill { client, when, is_written, damage, down_ms, clock_ms } => {
                let death = Death {
                    is_written: *is_written,
                    damage: *damage,
                    down_ms: *down_ms,
                    clock_ms: *clock_ms,
                };
                match when {
                    When::Now => self.kill(*client, death),
                    When::AtBatch => self.clients[*client].dies_at_batch = Some(death),
                    When::AtLoad => self.clients[*client].dies_at_load = Some(death),
                }
            }
            Step::Ail { client, ailment } => {
                let client = &mut self.clients[*client];
                match ailment {
                    Ailment::Full(batches) => client.full = *batches,
                    Ailment::Locked => client.is_locked = true,
                    Ailment::Unreadable => client.is_unreadable = true,
                }
            }
            Step::Flush(client) => _ = self.with(*client, |cache, now_ms| cache.flush(now_ms)),
            Step::Break(client) => self.break_off(*client),
            // Never shorter than it was, or what is said later would overtake what waits.
            Step::Partition { client, ms } => {
                let until_ms = self.now_ms + ms;
                let client = &mut self.clients[*client];
                client.cut_until_ms = client.cut_until_ms.max(until_ms);
            }
            Step::Offline(client) => {
                self.clients[*client].wants_connection = false;
                if let Some(socket) = self.clients[*client].app.as_mut().and_then(|app| app.socket.take()) {
                    self.leave(*client, socket.number);
                }
                self.with(*client, |cache, _| cache.disconnect());
            }
            Step::Online(client) => {
                self.clients[*client].wants_connection = true;
                self.with(*client, |cache, now_ms| cache.connect(now_ms));
            }
            Step::Sleep { client, ms } => self.sleep(*client, *ms),
            Step::Stall { client, ms } => {
                let until_ms = self.now_ms + ms;
                for ((_, _), subscription) in
                    self.engine.subscriptions.iter_mut().filter(|((of, _), _)| of == client)
                {
                    subscription.stalled_until_ms = until_ms;
                }
            }
            Step::Feed { client, fate, count } => {
                let fate: Fate = *fate;
                self.clients[*client].fates.extend(std::iter::repeat_n(fate, *count as usize));
            }
            Step::Restart { down_ms } => {
                self.everybody_is_cut_off();
                self.engine.stop();
                self.schedule(self.now_ms + down_ms, Event::EngineUp);
            }
            Step::Compact { keep } => self.engine.compact(*keep),
            Step::NewLog => {
                self.everybody_is_cut_off();
                self.engine.new_log();
            }
            Step::Busy { count } => self.engine.busy = *count,
            Step::Mount { client, query } => {
                if self.clients[*client].screens.len() < 4 {
                    self.clients[*client].screens.push(*query);
                    self.show(*client, *query);
                }
            }
            Step::Unmount { client, which } => self.unmount(*client, *which),
            Step::Scroll { client, which, window } => {
                let Some(app) = &mut self.clients[*client].app else { return };
                let Some(shown) = app.queries.get_mut(*which) else { return };
                shown.1 = shown.1.clone().with_window(window.clone()).unwrap();
                let id = shown.0;
                self.with(*client, |cache, _| cache.set_window(id, window));
            }
        }
    }

    fn edit(&mut self, number: usize, edit: &Edit) {
        let Some(app) = &mut self.clients[number].app else { return };
        self.seen.edits += 1;
        let id = format!("m{}", self.seen.edits);
        let ops: Json = serde_json::from_str(&edit::write(&edit.ops)).unwrap();
        let mut mutation = json!({
            "id": id, "name": "edit", "args": {"ops": ops, "is_refused": edit.is_refused}, "optimistic": ops,
        });
        if let ([Op::Merge(key, fields)], true) = (&edit.ops[..], edit.coalesces) {
            let names: Vec<_> = fields.as_object().unwrap().keys().collect();
            // What is refused must not take the place of what is not.
            mutation["coalesce"] = json!(format!("{key:?} {names:?} {}", edit.is_refused));
        }
        self.made.add(&id, &edit.ops);
        let before = app.pending();
        if app.cache.status().storage == larder::StorageState::Failed {
            app.unstored.insert(id.clone());
        }
        app.open.insert(id.clone());
        let step = app.cache.mutate(Mutation::parse(&mutation.to_string()).unwrap());
        for old in before.iter().filter(|old| !app.pending().contains(old)) {
            self.made.replace(old, &id);
            self.seen.replaced += 1;
        }
        self.take(number, step);
    }

    /// The app decides about the oldest edit that is held back.
    pub(crate) fn take_up(&mut self, number: usize, retries: bool) {
        let Some(app) = &mut self.clients[number].app else { return };
        let pending = app.cache.pending();
        let Some(held) = pending.iter().find(|pending| pending.state == MutationState::Held) else { return };
        let id = held.id.clone();
        if retries {
            self.with(number, |cache, _| cache.retry(&id));
        } else {
            self.take_back(number, &id);
        }
    }

    fn discard(&mut self, number: usize, which: usize) {
        let Some(app) = &mut self.clients[number].app else { return };
        let is_free = |state| matches!(state, MutationState::Queued | MutationState::Held);
        let pending = app.cache.pending();
        let Some(chosen) = pending.into_iter().filter(|pending| is_free(pending.state)).nth(which) else {
            return;
        };
        self.take_back(number, &chosen.id);
    }

    fn take_back(&mut self, number: usize, id: &str) {
        for (other, made) in &mut self.made.edits {
            made.is_discarded |= other == id;
        }
        let replaced: Vec<String> =
            self.made.edits.keys().filter(|other| self.made.stands_for(other) == id).cloned().collect();
        for other in replaced {
            if let Some(made) = self.made.edits.get_mut(&other) {
                made.is_discarded = true;
            }
        }
        self.with(number, |cache, _| cache.discard(id));
    }

    fn unmount(&mut self, number: usize, which: usize) {
        let client = &mut self.clients[number];
        if which < client.screens.len() {
            client.screens.remove(which);
        }
        let Some(app) = &mut client.app else { return };
        if which >= app.queries.len() {
            return;
        }
        let (id, _) = app.queries.remove(which);
        app.host.forget(id);
        self.with(number, |cache, _| cache.unmount(id));
    }

    fn break_off(&mut self, number: usize) {
        let Some(socket) = self.clients[number].app.as_ref().and_then(|app| app.socket) else { return };
        self.engine.subscriptions.remove(&(number, socket.number));
        self.events.retain(|_, event| match event {
            Event::ToClient { client, connection, .. } | Event::ToEngine { client, connection, .. } => {
                (*client, *connection) != (number, socket.number)
            }
            _ => true,
        });
        let latency_ms = self.clients[number].setting.latency_ms;
        self.schedule(self.now_ms + latency_ms, Event::Closed { client: number, connection: socket.number });
    }

    /// The engine is gone, or as good as that; what it said before still arrives.
    fn everybody_is_cut_off(&mut self) {
        self.seen.restarts += 1;
        let connections: Vec<_> = self.engine.subscriptions.keys().copied().collect();
        for (client, connection) in connections {
            let way = self.ways.entry((client, connection)).or_default();
            let at_ms = way.1.max(self.now_ms + self.clients[client].setting.latency_ms);
            self.schedule(at_ms, Event::Closed { client, connection });
        }
    }

    fn sleep(&mut self, number: usize, ms: u64) {
        let client = &mut self.clients[number];
        client.clock_ms += ms;
        let clock_ms = client.clock_ms;
        let life = client.life;
        if let Some(at_ms) = client.app.as_ref().and_then(|app| app.wake_at_ms) {
            self.schedule(at_ms.saturating_sub(clock_ms), Event::Tick { client: number, life, at_ms });
        }
    }
}
