//! The engine, the clients, what is on its way between them, and time.

use std::collections::BTreeMap;

use larder::persist::{StorageError, StorageErrorKind};
use larder::query::Query;

use crate::bug::Bug;
use crate::client::{App, Client, Death};
use crate::engine::Engine;
use crate::image;
use crate::made::Ledger;
use crate::plan::Setting;
use crate::queries::QUERIES;
use crate::rows::KINDS;

/// More than can happen in any while.
const MOST_EVENTS: u32 = 50_000;

/// Something that is going to happen.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    ToClient {
        client: usize,
        connection: u64,
        text: String,
    },
    ToEngine {
        client: usize,
        connection: u64,
        text: String,
    },
    /// A connection is open, if somebody is there.
    Opened {
        client: usize,
        connection: u64,
    },
    /// The client learns that its connection is gone.
    Closed {
        client: usize,
        connection: u64,
    },
    /// The engine learns it.
    Left {
        client: usize,
        connection: u64,
    },
    Written {
        client: usize,
        life: u64,
    },
    Loaded {
        client: usize,
        life: u64,
        keys: Vec<String>,
    },
    Tick {
        client: usize,
        life: u64,
        at_ms: u64,
    },
    Start {
        client: usize,
    },
    EngineUp,
}

/// What happened, to see that the simulation gets to see it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Calls of the caches.
    pub(crate) steps: u64,
    pub(crate) edits: u64,
    pub(crate) batches: u64,
    pub(crate) replaced: u64,
    pub(crate) confirmed: u64,
    pub(crate) refused: u64,
    pub(crate) kills: u64,
    pub(crate) restored: u64,
    pub(crate) restarts: u64,
    pub(crate) copies: u64,
    pub(crate) catch_ups: u64,
    pub(crate) sent_again: u64,
    pub(crate) storage_errors: u64,
    pub(crate) events_lost: u64,
    pub(crate) held: u64,
    /// Rows that had gone to the disk and were needed.
    pub(crate) read_back: u64,
    /// Rows and answers at the end, as a number to compare runs by.
    pub(crate) end: u64,
}

impl Seen {
    pub(crate) fn add(&mut self, more: &Self) {
        self.steps += more.steps;
        self.edits += more.edits;
        self.batches += more.batches;
        self.replaced += more.replaced;
        self.confirmed += more.confirmed;
        self.refused += more.refused;
        self.kills += more.kills;
        self.restored += more.restored;
        self.restarts += more.restarts;
        self.copies += more.copies;
        self.catch_ups += more.catch_ups;
        self.sent_again += more.sent_again;
        self.storage_errors += more.storage_errors;
        self.events_lost += more.events_lost;
        self.held += more.held;
        self.read_back += more.read_back;
        self.end ^= more.end;
    }

    pub(crate) fn assert_that_everything_happened(&self) {
        let Self { replaced, confirmed, refused, kills, restored, restarts, copies, .. } = self;
        let Self { catch_ups, sent_again, storage_errors, events_lost, held, read_back, .. } = self;
        for many in [replaced, confirmed, refused, kills, restored, restarts, copies, catch_ups, sent_again] {
            assert!(*many > 0, "something never happens in this world: {self:#?}");
        }
        for many in [storage_errors, events_lost, held, read_back] {
            assert!(*many > 0, "something never happens in this world: {self:#?}");
        }
    }
}

pub(crate) struct World {
    pub(crate) now_ms: u64,
    pub(crate) engine: Engine,
    pub(crate) clients: Vec<Client>,
    pub(crate) events: BTreeMap<(u64, u64), Event>,
    events_made: u64,
    /// When the last message of each connection arrives: up, and down.
    pub(crate) ways: BTreeMap<(usize, u64), (u64, u64)>,
    pub(crate) made: Ledger,
    pub(crate) seen: Seen,
    /// What went wrong first.
    pub(crate) wrong: Option<String>,
    /// The batch at which somebody is killed, and whether it is written.
    pub(crate) killed_at: Option<(u64, bool)>,
    pub(crate) bug: Option<Bug>,
}

impl World {
    pub(crate) fn new(settings: &[Setting], killed_at: Option<(u64, bool)>, bug: Option<Bug>) -> Self {
        let mut world = Self {
            now_ms: 0,
            engine: Engine::new(bug),
            clients: settings.iter().cloned().map(Client::new).collect(),
            events: BTreeMap::new(),
            events_made: 0,
            ways: BTreeMap::new(),
            made: Ledger::default(),
            seen: Seen::default(),
            wrong: None,
            killed_at,
            bug,
        };
        (0..settings.len()).for_each(|client| world.start(client));
        world
    }

    /// Notes what is wrong, if nothing was before.
    pub(crate) fn object(&mut self, client: usize, what: impl FnOnce() -> String) {
        let now_ms = self.now_ms;
        self.wrong.get_or_insert_with(|| format!("client {client} at {now_ms} ms: {}", what()));
    }

    pub(crate) fn schedule(&mut self, at_ms: u64, event: Event) {
        self.events_made += 1;
        self.events.insert((at_ms.max(self.now_ms), self.events_made), event);
    }

    /// Lets time pass and everything happen that is due.
    pub(crate) fn pass(&mut self, ms: u64) {
        let until_ms = self.now_ms + ms;
        let mut happened = 0;
        while let Some(first) = self.events.first_entry().filter(|first| first.key().0 <= until_ms) {
            let ((at_ms, number), event) = first.remove_entry();
            self.now_ms = at_ms;
            match self.cut_until_ms(&event) {
                Some(until_ms) => {
                    // It arrives later, and what is said after it later still.
                    match &event {
                        Event::ToClient { client, connection, .. } => {
                            let way = self.ways.entry((*client, *connection)).or_default();
                            way.1 = way.1.max(until_ms);
                        }
                        Event::ToEngine { client, connection, .. } => {
                            let way = self.ways.entry((*client, *connection)).or_default();
                            way.0 = way.0.max(until_ms);
                        }
                        _ => {}
                    }
                    self.events.insert((until_ms, number), event);
                }
                None => {
                    happened += 1;
                    if happened > MOST_EVENTS {
                        let state = self.clients.iter().map(|client| {
                            client
                                .app
                                .as_ref()
                                .map(|app| (app.cache.status(), app.wake_at_ms, client.clock(at_ms)))
                        });
                        let state: Vec<_> = state.collect();
                        self.wrong =
                            Some(format!("time stands still at {at_ms} ms with {event:?}: {state:?}"));
                        return;
                    }
                    self.happen(event);
                }
            }
            if self.wrong.is_some() {
                return;
            }
        }
        self.now_ms = until_ms;
    }

    /// When something gets through that does not now.
    fn cut_until_ms(&self, event: &Event) -> Option<u64> {
        let (Event::ToClient { client, .. } | Event::ToEngine { client, .. } | Event::Opened { client, .. }) =
            event
        else {
            return None;
        };
        Some(self.clients[*client].cut_until_ms).filter(|&until_ms| until_ms > self.now_ms)
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::ToClient { client, connection, text } => self.client_hears(client, connection, text),
            Event::ToEngine { client, connection, text } => self.engine_hears(client, connection, text),
            Event::Opened { client, connection } => self.opened(client, connection),
            Event::Closed { client, connection } => self.closed(client, connection),
            Event::Left { client, connection } => {
                self.engine.subscriptions.remove(&(client, connection));
            }
            Event::Written { client, life } if self.clients[client].life == life => self.written(client),
            Event::Loaded { client, life, keys } if self.clients[client].life == life => {
                self.loaded(client, &keys);
            }
            Event::Tick { client, life, at_ms } if self.clients[client].life == life => {
                let now_ms = self.clients[client].clock(self.now_ms);
                let app = self.clients[client].app.as_mut().filter(|app| app.wake_at_ms == Some(at_ms));
                if let Some(app) = app.filter(|_| at_ms <= now_ms) {
                    app.wake_at_ms = None;
                    let step = app.cache.tick(now_ms);
                    self.take(client, step);
                }
            }
            Event::Start { client } => self.start(client),
            Event::EngineUp => self.engine.is_up = true,
            // It was for an app that is dead.
            Event::Written { .. } | Event::Loaded { .. } | Event::Tick { .. } => {}
        }
    }

    /// The app starts, if it does not run.
    pub(crate) fn start(&mut self, number: usize) {
        let client = &mut self.clients[number];
        if client.app.is_some() {
            return;
        }
        client.life += 1;
        let mut app = App::new(&client.setting);
        app.epoch = client.stored_epoch();
        app.is_unsure = app.epoch.is_some();
        let now_ms = client.clock(self.now_ms);
        let step = if !client.setting.has_storage {
            None
        } else if std::mem::take(&mut client.is_locked) {
            app.epoch = None;
            let error = StorageError::new(StorageErrorKind::Locked, "another tab has it");
            Some(app.cache.load_failed(&error, now_ms))
        } else {
            app.stored = image::stored_ids(&client.disk);
            Some(app.cache.restore(&client.disk.keys(""), now_ms))
        };
        client.app = Some(app);
        if let Some(step) = step {
            self.take(number, step);
        }
        let has_budget = self.clients[number].setting.budget.is_some();
        for kind in KINDS.into_iter().filter(|_| !has_budget) {
            let query = Query::parse(format!(r#"{{"from":"{}"}}"#, kind.name())).unwrap();
            if let Some(id) = self.mount(number, &query)
                && let Some(app) = &mut self.clients[number].app
            {
                app.everything.push(id);
            }
        }
        for screen in self.clients[number].screens.clone() {
            self.show(number, screen);
        }
        if self.clients[number].wants_connection {
            self.with(number, |cache, now_ms| cache.connect(now_ms));
        }
    }

    /// Has a query shown until it is taken from the screen.
    pub(crate) fn show(&mut self, client: usize, screen: usize) {
        let query = Query::parse(QUERIES[screen]).unwrap();
        if let Some(id) = self.mount(client, &query)
            && let Some(app) = &mut self.clients[client].app
        {
            app.queries.push((id, query));
        }
    }

    pub(crate) fn mount(&mut self, client: usize, query: &Query) -> Option<larder::QueryId> {
        let app = self.clients[client].app.as_mut()?;
        let step = app.cache.mount(query);
        self.take(client, step)
    }

    /// The app is gone; of what it wanted stored, the last may be, or not.
    pub(crate) fn kill(&mut self, number: usize, death: Death) {
        let client = &mut self.clients[number];
        let Some(mut app) = client.app.take() else { return };
        client.life += 1;
        self.seen.kills += 1;
        client.promised = None;
        if let Some(batch) = app.writing.take() {
            if death.is_written && self.bug != Some(Bug::ToldTooEarly) {
                client.disk.commit(&batch);
            } else if self.bug == Some(Bug::CursorApart) {
                image::commit_cursor(&mut client.disk, &batch);
            }
        }
        let stored = image::stored_ids(&client.disk);
        let is_lost =
            |id: &&String| client.told.contains(*id) && !self.made.line_of(id).any(|id| stored.contains(id));
        let lost = app.open.iter().find(is_lost).cloned();
        // Rows that are on the disk only are lost with it, and are not what is to be looked at.
        if let Some(damage) = death.damage.filter(|_| client.setting.budget.is_none()) {
            image::damage(&mut client.disk, damage);
            client.is_damaged = true;
        }
        client.clock_ms = client.clock_ms.saturating_add_signed(death.clock_ms);
        client.dies_at_batch = None;
        client.dies_at_load = None;
        if let Some(socket) = app.socket {
            self.leave(number, socket.number);
        }
        if let Some(id) = lost {
            self.object(number, || format!("{id} was stored, and is not there when the app is killed"));
        }
        self.schedule(self.now_ms + death.down_ms, Event::Start { client: number });
    }
}
