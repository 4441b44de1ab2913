//! The driver of a client, and what carries its messages. It follows `native/src/owner.rs`.

use larder::persist::{StorageError, StorageErrorKind};
use larder::{Cache, Effect, Step, StorageState};
use serde_json::Value as Json;

use crate::bug::Bug;
use crate::client::{Death, Socket};
use crate::image;
use crate::plan::Fate;
use crate::subscription::Message;
use crate::world::{Event, World};

impl World {
    /// Has the cache do something, if the app runs.
    pub(crate) fn with<T>(
        &mut self,
        client: usize,
        act: impl FnOnce(&mut Cache, u64) -> Step<T>,
    ) -> Option<T> {
        let now_ms = self.clients[client].clock(self.now_ms);
        let app = self.clients[client].app.as_mut()?;
        let step = act(&mut app.cache, now_ms);
        self.take(client, step)
    }

    /// Delivers all that a step has to tell.
    pub(crate) fn take<T>(&mut self, number: usize, step: Step<T>) -> Option<T> {
        self.seen.steps += 1;
        let client = &mut self.clients[number];
        let (life, storage_ms) = (client.life, client.setting.storage_ms);
        let app = client.app.as_mut()?;
        if let Some(patch) = &step.patch {
            app.host.notified.clear();
            app.host.apply(patch);
        }
        let mut is_dying = false;
        if let Some(batch) = step.batch {
            if app.writing.replace(batch).is_some() {
                self.object(number, || "two batches at a time".to_owned());
            }
            self.schedule(self.now_ms + storage_ms, Event::Written { client: number, life });
            self.seen.batches += 1;
            if let Some((_, is_written)) = self.killed_at.filter(|(batch, _)| *batch == self.seen.batches) {
                let death = Death { is_written, damage: None, down_ms: 3, clock_ms: 0 };
                self.clients[number].dies_at_batch = Some(death);
            }
            is_dying = self.clients[number].dies_at_batch.is_some();
        }
        let mut is_closed = false;
        for effect in step.effects {
            is_dying |= matches!(effect, Effect::Load { .. }) && self.clients[number].dies_at_load.is_some();
            is_closed |= matches!(effect, Effect::Disconnect);
            self.perform_effect(number, effect);
        }
        if is_dying {
            let client = &mut self.clients[number];
            let death = client.dies_at_batch.take().or(client.dies_at_load.take())?;
            self.kill(number, death);
            return None;
        }
        if is_closed {
            self.with(number, |cache, now_ms| cache.disconnected(now_ms));
        }
        match step.result {
            Ok(value) => Some(value),
            Err(error) => {
                self.object(number, || format!("a step was refused: {error}"));
                None
            }
        }
    }

    fn perform_effect(&mut self, number: usize, effect: Effect) {
        let now_ms = self.now_ms;
        let client = &mut self.clients[number];
        let (life, latency_ms, storage_ms) =
            (client.life, client.setting.latency_ms, client.setting.storage_ms);
        let clock_ms = client.clock_ms;
        let Some(app) = client.app.as_mut() else { return };
        match effect {
            Effect::Send(text) => self.send(number, text),
            Effect::Connect => {
                client.connection += 1;
                let connection = client.connection;
                app.socket = Some(Socket { number: connection, is_open: false });
                self.schedule(now_ms + latency_ms, Event::Opened { client: number, connection });
            }
            Effect::Disconnect => {
                if let Some(socket) = app.socket.take() {
                    self.leave(number, socket.number);
                }
            }
            Effect::WakeAt(at_ms) => {
                app.wake_at_ms = Some(at_ms);
                let due_ms = at_ms.saturating_sub(clock_ms);
                self.schedule(due_ms, Event::Tick { client: number, life, at_ms });
            }
            Effect::Load { keys } => {
                self.seen.read_back += u64::from(app.cache.status().storage == StorageState::Ready);
                self.schedule(now_ms + storage_ms, Event::Loaded { client: number, life, keys });
            }
            Effect::Settled { id, rejection } => self.settled(number, &id, rejection.map(|why| why.kind)),
            Effect::Storage(_) => {
                self.seen.storage_errors += 1;
                app.unstored.extend(app.open.iter().cloned());
            }
            Effect::Refused(error) => self.object(number, || format!("a message was refused: {error:?}")),
            _ => {}
        }
    }

    fn settled(&mut self, number: usize, id: &str, rejection: Option<String>) {
        let reached = self.reached(number);
        let Some(app) = self.clients[number].app.as_mut() else { return };
        app.open.remove(id);
        match rejection {
            None => self.seen.confirmed += 1,
            Some(_) => self.seen.refused += 1,
        }
        if let Err(wrong) = self.made.judge(&self.engine, id, rejection.as_deref(), reached) {
            self.object(number, || wrong);
        }
    }

    /// The commit that a client's cursor is at.
    pub(crate) fn reached(&self, client: usize) -> Option<u64> {
        let app = self.clients[client].app.as_ref()?;
        Some(self.engine.bases.get(app.epoch?)? + app.cache.status().cursor?.as_number() as u64)
    }

    fn send(&mut self, number: usize, text: String) {
        let Some(app) = &self.clients[number].app else { return };
        // In the step that gives a connection up, something may still be said over it.
        let Some(connection) = app.socket.filter(|socket| socket.is_open).map(|socket| socket.number) else {
            return;
        };
        let is_well = matches!(app.cache.status().storage, StorageState::Ready | StorageState::Restoring);
        if let Some(id) =
            text.strip_prefix(r#"{"type":"mutate","data":{"id":""#).and_then(|rest| rest.split('"').next())
        {
            let is_excused = !is_well || app.unstored.contains(id);
            let client = &self.clients[number];
            let is_stored = image::stored_ids(&client.disk).contains(id)
                || client
                    .promised
                    .as_ref()
                    .is_some_and(|batch| image::ids_in(batch).any(|stored| stored == id));
            if !is_excused && !is_stored {
                let id = id.to_owned();
                return self.object(number, || format!("{id} is sent before it is stored"));
            }
            if self.engine.answers.contains_key(id) {
                self.seen.sent_again += 1;
            }
        } else if text.contains("catch_up") {
            self.seen.catch_ups += 1;
        }
        let way = self.ways.entry((number, connection)).or_default();
        way.0 = way.0.max(self.now_ms + self.clients[number].setting.latency_ms);
        let at_ms = way.0;
        self.schedule(at_ms, Event::ToEngine { client: number, connection, text });
    }

    /// The client has let go of a connection; what it said before still arrives.
    pub(crate) fn leave(&mut self, client: usize, connection: u64) {
        let way = self.ways.entry((client, connection)).or_default();
        let at_ms = way.0.max(self.now_ms + self.clients[client].setting.latency_ms);
        self.schedule(at_ms, Event::Left { client, connection });
    }

    pub(crate) fn opened(&mut self, number: usize, connection: u64) {
        let client = &mut self.clients[number];
        let Some(app) = client.app.as_mut() else { return };
        let Some(socket) = app.socket.as_mut().filter(|socket| socket.number == connection) else { return };
        if !self.engine.is_up {
            return self.closed(number, connection);
        }
        socket.is_open = true;
        self.engine.subscriptions.insert((number, connection), Default::default());
        self.with(number, |cache, now_ms| cache.connected(now_ms));
    }

    pub(crate) fn closed(&mut self, number: usize, connection: u64) {
        let Some(app) = self.clients[number].app.as_mut() else { return };
        if app.socket.is_some_and(|socket| socket.number == connection) {
            app.socket = None;
            self.with(number, |cache, now_ms| cache.disconnected(now_ms));
        }
    }

    pub(crate) fn client_hears(&mut self, number: usize, connection: u64, text: String) {
        let client = &mut self.clients[number];
        let Some(app) = client.app.as_mut() else { return };
        if app.socket.is_none_or(|socket| socket.number != connection) {
            return;
        }
        if text.starts_with(r#"{"type":"welcome""#) {
            let frame: Json = serde_json::from_str(&text).unwrap();
            let name = frame["data"]["epoch"].as_str().unwrap();
            app.epoch = name.trim_start_matches("log-").trim_end_matches('.').parse().ok();
        } else if text.starts_with(r#"{"type":"resync""#) {
            let frame: Json = serde_json::from_str(&text).unwrap();
            let base = self.engine.bases[app.epoch.unwrap()];
            app.mix.push(base + frame["data"]["sequence"].as_u64().unwrap());
            self.seen.copies += 1;
        }
        let held = self.with(number, |cache, now_ms| cache.receive(text, now_ms));
        self.seen.held += u64::from(held.is_some_and(|applied| applied.held));
    }

    pub(crate) fn engine_hears(&mut self, client: usize, connection: u64, text: String) {
        let messages = self.engine.hear((client, connection), &text);
        self.route((client, connection), messages);
        self.pump();
    }

    /// The engine tells everybody what has happened.
    pub(crate) fn pump(&mut self) {
        let connections: Vec<_> = self.engine.subscriptions.keys().copied().collect();
        for connection in connections {
            let messages = self.engine.pump(connection, self.now_ms);
            self.route(connection, messages);
        }
    }

    fn route(&mut self, (number, connection): (usize, u64), messages: Vec<Message>) {
        for Message { text, is_live } in messages {
            let client = &mut self.clients[number];
            let fate = if is_live { client.fates.pop_front() } else { None };
            let latency_ms = client.setting.latency_ms;
            let way = self.ways.entry((number, connection)).or_default();
            // Messages come one after the other, so that a connection may break between two of them.
            let in_order_ms = way.1.max(self.now_ms + latency_ms) + u64::from(latency_ms > 0);
            let mut arrivals = vec![in_order_ms];
            match fate {
                Some(Fate::Lost) => arrivals.clear(),
                Some(Fate::Twice) => arrivals.push(in_order_ms + 30),
                Some(Fate::Late) => arrivals = vec![in_order_ms + 30],
                None => way.1 = in_order_ms,
            }
            self.seen.events_lost += u64::from(arrivals.is_empty());
            for at_ms in arrivals {
                self.schedule(at_ms, Event::ToClient { client: number, connection, text: text.clone() });
            }
        }
    }

    pub(crate) fn written(&mut self, number: usize) {
        let client = &mut self.clients[number];
        let Some(batch) = client.app.as_mut().and_then(|app| app.writing.take()) else { return };
        let result = if client.full > 0 {
            client.full -= 1;
            Err(StorageError::new(StorageErrorKind::QuotaExceeded, "the disk is full"))
        } else {
            client.told.extend(image::ids_in(&batch));
            let batch = batch.clone();
            if self.bug == Some(Bug::ToldTooEarly) {
                if let Some(before) = client.promised.replace(batch) {
                    client.disk.commit(&before);
                }
            } else {
                client.disk.commit(&batch);
            }
            Ok(())
        };
        self.with(number, |cache, now_ms| cache.persisted(batch.number(), result, now_ms));
    }

    pub(crate) fn loaded(&mut self, number: usize, keys: &[String]) {
        let client = &mut self.clients[number];
        let Some(app) = client.app.as_mut() else { return };
        if std::mem::take(&mut client.is_unreadable) {
            app.stored.clear();
            let error = StorageError::new(StorageErrorKind::Io, "the disk does not answer");
            self.with(number, |cache, now_ms| cache.load_failed(&error, now_ms));
            return;
        }
        for id in std::mem::take(&mut app.stored) {
            self.made.is_back(&id);
            app.open.insert(id);
            self.seen.restored += 1;
        }
        let values = client.disk.read(keys);
        self.with(number, |cache, now_ms| cache.loaded(values, now_ms));
    }
}
