//! The one that owns the cache: it makes every step, and delivers what the step says.

mod desk;
mod persist;
mod remote;
mod thread;

use std::any::Any;
use std::sync::Arc;

use larder::outbox::Mutation;
use larder::persist::{StorageError, StorageErrorKind};
use larder::query::{Query, Window};
use larder::{Cache, Config, Effect, Patch, Phase, QueryId, Registry, Status, Step};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::address::Address;
use crate::clock::Clock;
use crate::error::Error;
use crate::live_query::QueryResult;
use crate::mirror::{Mirror, TypedList};
use crate::news::News;
use crate::reply::Answer;
use crate::sink::Sink;
use crate::socket::{FromSocket, Heard, Socket};
use crate::waiting::Waiting;

pub(crate) use desk::Desk;
pub(crate) use persist::Disk;
pub(crate) use thread::start;

/// Gives the address for each attempt.
pub(crate) type Way = Box<dyn FnMut() -> String + Send>;

/// What the thread beside the owner is told, and does.
pub(crate) struct ToThread {
    /// The time of the next tick.
    wake_at: watch::Sender<Option<u64>>,
    /// Where sockets run.
    runtime: Handle,
    /// Where they put what they hear.
    heard: mpsc::Sender<FromSocket>,
}

pub(crate) struct Owner {
    pub cache: Cache,
    mirror: Mirror,
    /// The host that keeps a mirror of its own; ours is not used then.
    sink: Option<Arc<dyn Sink>>,
    news: Arc<News>,
    status: watch::Sender<Status>,
    mutations: Waiting<()>,
    questions: Waiting<Box<RawValue>>,
    pub clock: Clock,
    thread: ToThread,
    disk: Option<Disk>,
    max_message_bytes: usize,
    /// Where to connect to, as long as a connection is wanted.
    way: Option<Way>,
    reachable: bool,
    /// A connection is wanted, but the core was told that it is not, because there is no network.
    parked: bool,
    socket: Option<Socket>,
    attempts: u64,
    /// The connection that was let go last, which may still be saying goodbye.
    leaving: Option<JoinHandle<()>>,
    /// The core must be told that there is no connection, but not from within a step.
    closed_to_tell: bool,
    /// The client is to be closed after this step.
    pub is_over: bool,
    /// Whom to tell when it is.
    pub closing: Option<Answer<()>>,
    /// Nothing of what was stored is to be left then.
    pub wipes: bool,
}

impl Owner {
    pub(crate) fn new(
        registry: Registry,
        config: Config,
        sink: Option<Arc<dyn Sink>>,
        news: Arc<News>,
        status: watch::Sender<Status>,
        thread: ToThread,
        disk: Option<Disk>,
    ) -> Self {
        let max_message_bytes = config.limits.max_event_bytes as usize;
        Self {
            cache: Cache::new(registry, config),
            mirror: Mirror::default(),
            sink,
            news,
            status,
            mutations: Waiting::default(),
            questions: Waiting::default(),
            clock: Clock::start(),
            thread,
            disk,
            max_message_bytes,
            way: None,
            reachable: true,
            parked: false,
            socket: None,
            attempts: 0,
            leaving: None,
            closed_to_tell: false,
            is_over: false,
            closing: None,
            wipes: false,
        }
    }

    /// Delivers all that a step has to tell: first what is read, the lists and the status, then what is waited for, so that who
    /// is told that a mutation is settled finds its outcome.
    pub(crate) fn bring<T>(&mut self, step: Step<T>) -> Result<T, Error> {
        let mut is_other = step.patch.is_some();
        for effect in &step.effects {
            if let Effect::Remote(state) = effect {
                self.mirror.stand(state);
                is_other = true;
            }
        }
        if is_other {
            self.show(step.patch.as_ref().map(Patch::as_bytes));
        }
        for effect in &step.effects {
            match effect {
                Effect::Status(status) => {
                    self.status.send_replace(status.clone());
                    self.sink.iter().for_each(|sink| sink.status(status));
                }
                Effect::Remote(state) => self.sink.iter().for_each(|sink| sink.remote(state)),
                _ => {}
            }
        }
        if let Some(batch) = step.batch {
            self.commit(batch);
        }
        for effect in step.effects {
            self.perform(effect);
        }
        step.result.map_err(Error::from)
    }

    /// What a step changed of what is read, and how remote queries stand now.
    fn show(&mut self, patch: Option<&[u8]>) {
        if let Some(sink) = &self.sink {
            return patch.into_iter().for_each(|patch| sink.patch(patch));
        }
        let mut faults = Vec::new();
        if let Some(patch) = patch {
            self.mirror.apply(patch, &mut faults);
        }
        self.mirror.publish();
        faults.iter().for_each(|fault| self.report(fault));
    }

    /// What is wrong, and nobody waits for.
    fn report(&self, error: &Error) {
        self.news.errors.tell(error);
        self.sink.iter().for_each(|sink| sink.error(error));
    }

    fn settle(&mut self, id: &str, outcome: Result<(), Error>) {
        self.sink.iter().for_each(|sink| sink.settled(id, outcome.as_ref().copied()));
        self.mutations.settle(id, outcome);
    }

    fn answer(&mut self, id: &str, answer: Result<Box<RawValue>, Error>) {
        if let Some(answer) = self.questions.settle(id, answer) {
            // Nobody here has asked it, so the host did.
            self.sink.iter().for_each(|sink| sink.answered(id, answer.as_ref().map(|data| data.get())));
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Send(message) => {
                if let Some(socket) = &self.socket {
                    socket.send(message);
                }
            }
            Effect::Connect => self.open_socket(),
            Effect::Disconnect => {
                self.let_go();
                self.closed_to_tell = true;
            }
            Effect::WakeAt(at_ms) => _ = self.thread.wake_at.send_replace(Some(at_ms)),
            Effect::Settled { id, rejection } => {
                self.settle(&id, rejection.map_or(Ok(()), |rejection| Err(rejection.into())));
            }
            Effect::Answer { id, data } => self.answer(&id, Ok(data)),
            Effect::Failed { id, kind, message } => self.answer(&id, Err(Error::Backend { kind, message })),
            Effect::Event(event) => {
                self.sink.iter().for_each(|sink| sink.event(event.get()));
                self.news.events.tell(&event.into());
            }
            Effect::Load { keys } => self.load(keys),
            Effect::Storage(error) => {
                let kind = StorageErrorKind::from_name(&error.kind);
                self.report(&Error::Storage(StorageError::new(kind, error.message)));
            }
            Effect::Refused(error) => self.report(&error.into()),
            // The status and how remote queries stand is known already; there are no others.
            _ => {}
        }
    }

    fn open_socket(&mut self) {
        self.let_go();
        let address = self.way.as_mut().map(|way| Address::parse(&way()));
        match address {
            Some(Ok(address)) => {
                self.attempts += 1;
                let heard = self.thread.heard.clone();
                let most_bytes = self.max_message_bytes;
                self.socket =
                    Some(Socket::open(&self.thread.runtime, address, self.attempts, most_bytes, heard));
            }
            Some(Err(error)) => {
                self.report(&error);
                self.closed_to_tell = true;
            }
            None => self.closed_to_tell = true,
        }
    }

    fn let_go(&mut self) {
        if let Some(socket) = self.socket.take() {
            self.leaving = Some(socket.let_go());
        }
    }

    /// What a connection says; not heard if it has been let go.
    fn hear(&mut self, (number, heard): FromSocket) {
        let Some(socket) = self.socket.as_mut().filter(|socket| socket.number == number) else { return };
        let now_ms = self.clock.now_ms();
        match heard {
            Heard::Open => {
                socket.is_open = true;
                let step = self.cache.connected(now_ms);
                _ = self.bring(step);
            }
            Heard::Message(message) => {
                let step = self.cache.receive(message, now_ms);
                // What is wrong with a message comes as an effect as well.
                _ = self.bring(step);
            }
            Heard::Closed(reason) => {
                if let (false, Some(reason)) = (socket.is_open, reason) {
                    let host = socket.host.clone();
                    self.report(&Error::ConnectFailed { host, reason });
                }
                self.socket = None;
                self.closed_to_tell = true;
            }
        }
    }

    fn tick(&mut self) {
        let now_ms = self.clock.now_ms();
        // It may have been put off after the alarm went off.
        if self.thread.wake_at.borrow().is_some_and(|at_ms| at_ms <= now_ms) {
            self.thread.wake_at.send_replace(None);
            let step = self.cache.tick(now_ms);
            _ = self.bring(step);
        }
    }

    /// After everything that may have ended a connection. Each part may lead to the other, so this goes on until there is nothing
    /// left to say: what is said too late would be taken to be about the next connection.
    fn follow_up(&mut self) {
        loop {
            let step = if std::mem::take(&mut self.closed_to_tell) {
                self.cache.disconnected(self.clock.now_ms())
            } else if self.must_park() {
                self.parked = true;
                self.cache.disconnect()
            } else {
                return;
            };
            _ = self.bring(step);
        }
    }

    /// The core would try, or is trying, where there is no network.
    fn must_park(&self) -> bool {
        let is_down = matches!(self.cache.status().phase, Phase::Offline | Phase::Connecting);
        !self.reachable && self.way.is_some() && !self.parked && is_down
    }

    pub(crate) fn connect(&mut self, way: Way) -> Result<(), Error> {
        if self.way.is_some() {
            return Err(Error::AlreadyConnected);
        }
        self.way = Some(way);
        self.parked = !self.reachable;
        if self.parked {
            return Ok(());
        }
        let step = self.cache.connect(self.clock.now_ms());
        self.bring(step)
    }

    pub(crate) fn disconnect(&mut self) -> Result<(), Error> {
        self.way = None;
        let step = self.cache.disconnect();
        self.bring(step)
    }

    /// Tries at once where it would have waited, or does not try.
    pub(crate) fn set_reachable(&mut self, reachable: bool) -> Result<(), Error> {
        self.reachable = reachable;
        if !reachable || self.way.is_none() {
            return Ok(());
        }
        self.parked = false;
        let step = self.cache.connect(self.clock.now_ms());
        self.bring(step)
    }

    pub(crate) fn mount<T: Any + DeserializeOwned + Send + Sync>(
        &mut self,
        query: &Query,
        readers: watch::Sender<Arc<QueryResult<T>>>,
    ) -> Result<QueryId, Error> {
        if self.sink.is_some() {
            return Err(Error::HasSink);
        }
        let step = self.cache.mount(query);
        if let Ok(id) = &step.result {
            self.mirror.mount(id.as_u32(), Box::new(TypedList::new(readers)));
        }
        self.bring(step)
    }

    /// The owner, if a host keeps a mirror of its own.
    pub(crate) fn needs_sink(&mut self) -> Result<&mut Self, Error> {
        if self.sink.is_some() { Ok(self) } else { Err(Error::NoSink) }
    }

    /// For a host that keeps a mirror of its own.
    pub(crate) fn mount_untyped(&mut self, query: &Query) -> Result<QueryId, Error> {
        let sink = self.sink.clone().ok_or(Error::NoSink)?;
        let step = self.cache.mount(query);
        if let Ok(id) = step.result {
            sink.mounted(id);
        }
        self.bring(step)
    }

    pub(crate) fn unmount(&mut self, id: QueryId) -> Result<(), Error> {
        self.mirror.unmount(id.as_u32());
        let step = self.cache.unmount(id);
        if step.result.is_ok() {
            self.sink.iter().for_each(|sink| sink.unmounted(id));
        }
        self.bring(step)
    }

    pub(crate) fn set_window(&mut self, id: QueryId, window: &Window) -> Result<(), Error> {
        let step = self.cache.set_window(id, window);
        self.bring(step)
    }

    pub(crate) fn mutate(&mut self, mutation: Mutation, settled: Answer<()>) -> Result<(), Error> {
        let id = mutation.id.clone();
        let step = self.cache.mutate(mutation);
        match &step.result {
            Ok(()) => self.mutations.begin(id, move |result| _ = settled.send(result)),
            // A mutation that was not made is settled by why not.
            Err(error) => _ = settled.send(Err(error.clone().into())),
        }
        self.bring(step)
    }

    pub(crate) fn retry(&mut self, id: &str) -> Result<(), Error> {
        let step = self.cache.retry(id);
        self.bring(step)
    }

    pub(crate) fn pin(&mut self, resource_type: &str, id: &str, is_pinned: bool) -> Result<(), Error> {
        let step = match is_pinned {
            true => self.cache.pin(resource_type, id),
            false => self.cache.unpin(resource_type, id),
        };
        self.bring(step)
    }

    pub(crate) fn discard(&mut self, id: &str) -> Result<(), Error> {
        let step = self.cache.discard(id);
        self.bring(step)
    }

    pub(crate) fn ask(
        &mut self,
        method: String,
        input: Box<RawValue>,
        answer: impl FnOnce(Result<Box<RawValue>, Error>) + Send + 'static,
    ) {
        let id = uuid::Uuid::new_v4().to_string();
        self.questions.begin(id.clone(), answer);
        let step = self.cache.query(id.clone(), method, input);
        if let Err(error) = self.bring(step) {
            self.answer(&id, Err(error));
        }
    }

    /// The answer is told to the sink.
    pub(crate) fn ask_untyped(
        &mut self,
        id: String,
        method: String,
        input: Box<RawValue>,
    ) -> Result<(), Error> {
        let step = self.cache.query(id, method, input);
        self.bring(step)
    }
}

impl Drop for Owner {
    /// Also when a row's decoder has panicked.
    fn drop(&mut self) {
        self.news.end();
        self.sink.iter().for_each(|sink| sink.closed());
    }
}
