//! The connection to an engine: frames in, frames out, and what time brings.

use serde_json::value::RawValue;

use super::Cache;
use super::watching::WATCH;
use crate::error::{Error, ErrorInfo};
use crate::json::{Kind, read, text};
use crate::outbox::{Rejection, Unsent, is_transient};
use crate::step::{Applied, Effect, Input, Step};
use crate::store::{Address, RowRef};
use crate::sync::Wish;
use crate::wire::decode::check_text;
use crate::wire::{ClientFrame, EventError, PROTOCOL_VERSION, ServerFrame, Subscribe};

/// Questions to the backend that have no answer yet; they are asked again after a reconnect.
#[derive(Default)]
pub(super) struct Questions {
    open: Vec<Question>,
}

impl Questions {
    pub(super) fn ask(&mut self, question: Question) {
        self.open.push(question);
    }
}

pub(super) struct Question {
    id: String,
    method: String,
    input: Box<RawValue>,
    is_sent: bool,
}

impl Question {
    pub(super) fn new(id: String, method: String, input: Box<RawValue>) -> Self {
        Self { id, method, input, is_sent: false }
    }
}

impl Cache {
    /// The app wants to be connected from now on.
    ///
    /// The driver does what the effects say and reports back; it decides nothing.
    ///
    /// ```
    /// # use larder::{Cache, Config, Effect, Phase, Registry};
    /// let mut cache = Cache::new(Registry::default(), Config::default());
    /// assert!(matches!(cache.connect(0).effects[0], Effect::Connect));
    /// // The socket is open:
    /// assert!(matches!(&cache.connected(20).effects[0], Effect::Send(frame) if frame.contains("subscribe")));
    /// // Each message that comes:
    /// cache.receive(r#"{"type":"welcome","data":{"protocol":1,"scope":"lib","epoch":"e","sequence":0}}"#, 25).result?;
    /// cache.receive(r#"{"type":"synced","data":{"sequence":0}}"#, 26).result?;
    /// assert_eq!(cache.status().phase, Phase::Live);
    /// # Ok::<(), larder::Error>(())
    /// ```
    pub fn connect(&mut self, now_ms: u64) -> Step<()> {
        self.now_ms = self.now_ms.max(now_ms);
        self.expects_stream = true;
        let wish = self.session.want(now_ms);
        self.carry_out(wish);
        self.finish(Ok(()))
    }

    /// The app wants no connection any more.
    pub fn disconnect(&mut self) -> Step<()> {
        let wish = self.session.unwant();
        self.connection_lost();
        // The driver may have dropped its timer with the connection.
        self.wake_at_ms = None;
        self.carry_out(wish);
        self.finish(Ok(()))
    }

    /// A connection is open.
    pub fn connected(&mut self, now_ms: u64) -> Step<()> {
        self.now_ms = self.now_ms.max(now_ms);
        self.expects_stream = true;
        self.session.opened(now_ms);
        // What is stored says from where on to subscribe.
        self.subscribes_late = self.is_restoring();
        if !self.subscribes_late {
            self.subscribe();
        }
        self.finish(Ok(()))
    }

    pub(super) fn subscribe(&mut self) {
        self.send(&ClientFrame::Subscribe(Subscribe {
            protocol: PROTOCOL_VERSION,
            scope: self.stream.library().map(str::to_owned),
            since: self.stream.cursor(),
            epoch: self.epoch.clone(),
            types: self.config.subscribe_to.clone(),
        }));
    }

    /// The connection is gone, or could not be opened.
    pub fn disconnected(&mut self, now_ms: u64) -> Step<()> {
        self.now_ms = self.now_ms.max(now_ms);
        self.session.closed(now_ms);
        self.connection_lost();
        self.wake_at_ms = None;
        self.finish(Ok(()))
    }

    fn connection_lost(&mut self) {
        self.stream.connection_lost();
        self.live.are_lists_closed = false;
        self.outbox.connection_lost();
        for question in &mut self.questions.open {
            question.is_sent = false;
        }
        for watch in &mut self.remote.watches.list {
            watch.is_sent = false;
        }
    }

    /// Time has passed.
    pub fn tick(&mut self, now_ms: u64) -> Step<()> {
        if self.wake_at_ms.is_some_and(|at_ms| at_ms <= now_ms) {
            self.wake_at_ms = None;
        }
        self.now_ms = self.now_ms.max(now_ms);
        let wish = self.session.tick(now_ms);
        self.carry_out(wish);
        self.send_if_open();
        self.tick_remote(now_ms);
        self.sweep();
        self.memory.changed += crate::evict::LOOKS_A_TICK / 4;
        self.finish(Ok(()))
    }

    fn carry_out(&mut self, wish: Option<Wish>) {
        match wish {
            Some(Wish::Connect) => self.effects.push(Effect::Connect),
            Some(Wish::Disconnect) => self.effects.push(Effect::Disconnect),
            Some(Wish::Ping) => self.send(&ClientFrame::Ping {}),
            None => {}
        }
    }

    /// Asks the backend something; the answer comes as [`Effect::Answer`] or [`Effect::Failed`] with the same id.
    pub fn query(&mut self, id: String, method: String, input: Box<RawValue>) -> Step<()> {
        self.questions.ask(Question::new(id, method, input));
        self.send_if_open();
        self.finish(Ok(()))
    }

    /// A message came over the connection: a frame or an event.
    ///
    /// # Errors
    /// [`Error::Event`], also as [`Effect::Refused`]; the cache goes on without the message.
    pub fn receive<'a>(&mut self, message: impl Into<Input<'a>>, now_ms: u64) -> Step<Applied> {
        let message = message.into();
        self.now_ms = self.now_ms.max(now_ms);
        self.session.heard(now_ms);
        let result = match self.frame(message.as_bytes()) {
            // What it says holds after the events that wait for rows.
            Ok(Some(ServerFrame::Resync { .. } | ServerFrame::Synced { .. })) if !self.early.is_empty() => {
                self.hold_early(message)
            }
            Ok(Some(frame)) => self.handle(frame, now_ms),
            Ok(None) => self.ingest(message),
            Err(error) => {
                self.events_refused += 1;
                let error = Error::Event { event: None, error };
                self.answer_refused(message.as_bytes(), &error, now_ms);
                Err(error)
            }
        };
        if let Err(error) = &result {
            self.refuse(error);
        }
        self.finish(result)
    }

    /// The frame in a message; `None` if it is an event.
    pub(super) fn frame(&self, message: &[u8]) -> Result<Option<ServerFrame>, EventError> {
        let first_key =
            read::members(message, message.iter().take_while(|byte| byte.is_ascii_whitespace()).count())
                .next();
        let is_frame = first_key.is_some_and(|(key, value)| {
            let key = text::key_text(message, key);
            *key == *b"data" || (*key == *b"type" && value.kind != Kind::Missing)
        });
        if !is_frame {
            return Ok(None);
        }
        let text = check_text(message, &self.config.limits)?;
        ServerFrame::parse(text).map(Some)
    }

    pub(super) fn handle(&mut self, frame: ServerFrame, now_ms: u64) -> Result<Applied, Error> {
        match frame {
            ServerFrame::Welcome { protocol, scope, epoch, .. } => self.welcome(protocol, &scope, epoch)?,
            ServerFrame::Resync { sequence, .. } => {
                self.session.syncing();
                self.stream.begin_copy(sequence);
                self.live.are_lists_closed = true;
                self.live.copy_begins();
                self.results_are_stale();
            }
            ServerFrame::Synced { sequence } if self.stream.awaits_copy() => {
                // On the next connection the engine is asked for everything.
                self.effects.push(Effect::Disconnect);
                return Err(Error::Event { event: None, error: EventError::NoCopy { sequence } });
            }
            ServerFrame::Synced { sequence } => return Ok(self.synced(sequence)),
            ServerFrame::Ack { id, sequence } => _ = self.accept(&id, Some(sequence)),
            ServerFrame::Reject { id, kind, .. }
                if is_transient(&kind) && self.outbox.postpone(&id, self.now_ms) => {}
            ServerFrame::Reject { id, kind, message } => {
                _ = self.settle(&id, Some(Rejection { kind, message }))
            }
            ServerFrame::Result { id, data } => {
                self.questions.open.retain(|question| question.id != id);
                if !self.answered(&id, Ok(data.get()), now_ms) {
                    self.effects.push(Effect::Answer { id, data });
                }
            }
            ServerFrame::Failed { id, kind, message } => {
                self.failed(id, ErrorInfo { kind, message }, now_ms);
            }
            ServerFrame::Changed { id } => self.watched_changed(&id, now_ms),
            ServerFrame::Pong {} => {}
            ServerFrame::Error { kind, message } => {
                return Err(Error::Event { event: None, error: EventError::FromEngine { kind, message } });
            }
        }
        Ok(Applied::default())
    }

    fn failed(&mut self, id: String, failure: ErrorInfo, now_ms: u64) {
        self.questions.open.retain(|question| question.id != id);
        // A backend may refuse to watch; then the answer is as good as without.
        if !id.starts_with(WATCH) && !self.answered(&id, Err(failure.clone()), now_ms) {
            self.effects.push(Effect::Failed { id, kind: failure.kind, message: failure.message });
        }
    }

    /// An answer that cannot be read ends its question: no other will come.
    fn answer_refused(&mut self, message: &[u8], error: &Error, now_ms: u64) {
        let frame = read::value(message);
        let id = read::member(message, read::member(message, frame, "data"), "id");
        let id = String::from_utf8_lossy(id.of(message));
        if self.questions.open.iter().any(|question| question.is_sent && question.id == id) {
            self.failed(id.into_owned(), ErrorInfo::from(error), now_ms);
        }
    }

    fn welcome(&mut self, protocol: u32, scope: &str, epoch: String) -> Result<(), Error> {
        let refusal = if protocol != PROTOCOL_VERSION {
            Some(EventError::WrongProtocol { expected: PROTOCOL_VERSION, found: protocol })
        } else if !self.stream.bind(scope) {
            let expected = self.stream.library().unwrap_or_default().to_owned();
            Some(EventError::WrongScope { expected, found: scope.to_owned() })
        } else {
            None
        };
        if let Some(error) = refusal {
            // Trying again would end the same way.
            let wish = self.session.unwant();
            self.connection_lost();
            self.carry_out(wish);
            return Err(Error::Event { event: None, error });
        }
        if self.epoch.as_ref() != Some(&epoch) {
            // Nothing that was counted in one log says anything about another.
            if self.epoch.is_some() {
                self.stream.await_copy();
            }
            self.stream.forget_cursor();
            self.outbox.log_changed();
            self.epoch = Some(epoch);
        }
        self.send_unsent();
        Ok(())
    }

    /// Copy or catch-up is complete. What a copy did not contain is no more.
    fn synced(&mut self, sequence: u64) -> Applied {
        let mut applied = Applied::default();
        if let Some(seen) = self.stream.synced(sequence) {
            let tables = self.store.tables.iter().enumerate();
            let gone: Vec<Address> = tables
                .filter(|(_, table)| !table.is_derived)
                .filter(|(_, table)| {
                    self.config.subscribe_to.as_ref().is_none_or(|types| types.contains(&table.resource.name))
                })
                .flat_map(|(index, table)| {
                    (0..table.slots()).map(move |slot| (table, Address { table: index as u32, slot }))
                })
                .filter(|(table, at)| {
                    let is_there = !table.confirmed_ref(at.slot).is_none() || table.away.has(at.slot);
                    is_there && !seen.contains(at)
                })
                .map(|(_, at)| at)
                .collect();
            for at in gone {
                applied.changed += u32::from(self.confirm_row(at, RowRef::NONE, &[], None));
            }
            self.live.copy_ends();
            self.live.recount_lists(&self.store);
        }
        self.live.are_lists_closed = false;
        self.session.live();
        self.drain_held(&mut applied);
        self.settle_confirmed();
        applied
    }

    /// Sends what waits, if the backend is there.
    pub(super) fn send_if_open(&mut self) {
        if self.session.is_open() && !self.is_restoring() {
            self.send_unsent();
        }
    }

    /// Sends what has not been sent, in order.
    pub(super) fn send_unsent(&mut self) {
        let mut frames = Vec::new();
        for Unsent { id, name, args } in self.outbox.take_unsent(self.now_ms) {
            frames.push(ClientFrame::Mutate { id, name, args });
        }
        for question in self.questions.open.iter_mut().filter(|question| !question.is_sent) {
            question.is_sent = true;
            let (id, method, input) = (question.id.clone(), question.method.clone(), question.input.clone());
            frames.push(ClientFrame::Query { id, method, input });
        }
        self.watch_unsent(&mut frames);
        for frame in &frames {
            self.send(frame);
        }
    }

    /// Asks once for the events after the cursor.
    pub(super) fn ask_for_missing(&mut self) {
        if let Some(since) = self.stream.cursor()
            && self.session.is_open()
            && !std::mem::replace(&mut self.stream.catching_up, true)
        {
            self.send(&ClientFrame::CatchUp { since });
        }
    }

    pub(super) fn send(&mut self, frame: &ClientFrame) {
        if let Ok(text) = serde_json::to_string(frame) {
            self.effects.push(Effect::Send(text));
        }
    }
}
