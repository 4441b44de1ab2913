//! The facade: inputs go in, a patch and effects come out, nothing else happens.

mod apply;
mod connection;
mod fetch_back;
mod memory;
mod mutate;
mod remote;
mod remote_stored;
mod restore;
mod storage;
mod visible;
mod watching;

use std::borrow::Cow;

use crate::config::{Config, RowEncoding};
use crate::error::{Error, ErrorInfo};
use crate::evict::Memory;
use crate::live::Live;
use crate::outbox::{Outbox, PendingMutation};
use crate::patch::RowEncoder;
use crate::persist::Saver;
use crate::query::{Query, QueryError, Template, Window};
use crate::registry::Registry;
use crate::remote::Results;
use crate::step::{Effect, Explanation, Stats, Status, Step, StorageState, TypeStats};
use crate::store::Store;
use crate::sync::{Cursor, Session, Stream};
use connection::Questions;
use storage::Disk;

/// A mounted query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct QueryId(u32);

impl QueryId {
    /// The id as patches and host languages see it.
    pub fn as_u32(self) -> u32 {
        self.0
    }
}

impl From<u32> for QueryId {
    fn from(id: u32) -> Self {
        Self(id)
    }
}

/// The cache of one library.
///
/// It is a state machine without input or output of its own: every method is one step that returns a [`Step`] with what is
/// to be delivered. Time is passed in, in milliseconds of any clock that does not go backwards.
///
/// ```
/// use larder::{Cache, Config, Registry, query::Query, registry::ResourceType};
///
/// let registry = Registry::builder().resource(ResourceType::new("file")).build()?;
/// let mut cache = Cache::new(registry, Config::default());
/// let query = Query::parse(br#"{"from": "file", "where": {"size": {"gt": 10}}, "orderBy": [{"name": "asc"}]}"#)?;
/// let files = cache.mount(&query).result?;
///
/// let step = cache.apply(r#"{"ResourceChanged": {"resource_type": "file", "resource": {"id": "1", "name": "a", "size": 20}}}"#);
/// assert_eq!(step.result?.changed, 1);
/// assert!(step.patch.is_some());
/// assert_eq!(cache.rows(files).count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Cache {
    registry: Registry,
    config: Config,
    store: Store,
    live: Live,
    rows: RowEncoder,
    outbox: Outbox,
    stream: Stream,
    session: Session,
    questions: Questions,
    remote: Results,
    /// The query read last, where others may be written like it.
    template: Option<Template>,
    epoch: Option<String>,
    disk: Disk,
    saver: Saver,
    memory: Memory,
    storage_state: StorageState,
    /// What the registry and the subscription say of stored rows.
    kept_as: u64,
    /// Events that came while stored rows were being read back, and whether each is part of an answer.
    early: Vec<(Vec<u8>, bool)>,
    /// A connection waits for that, too.
    subscribes_late: bool,
    /// There is a backend that says when all rows are here.
    expects_stream: bool,
    /// The latest time that was passed in.
    now_ms: u64,
    effects: Vec<Effect>,
    /// The status that the driver knows.
    told: Status,
    /// The time that the driver will call `tick` at.
    wake_at_ms: Option<u64>,
    events_applied: u64,
    events_refused: u64,
}

impl Cache {
    /// An empty cache.
    pub fn new(registry: Registry, config: Config) -> Self {
        let mut store = Store::new(&registry);
        let mut live = Live::new(config.row_encoding == RowEncoding::Changes);
        live.keep_hinted(&mut store);
        live.note_left(config.memory.is_bounded());
        let memory = Memory { is_on: Self::is_bounded(&config, &registry), ..Memory::default() };
        Self {
            store,
            rows: RowEncoder::new(&registry, &config),
            registry,
            config,
            live,
            outbox: Outbox::default(),
            stream: Stream::default(),
            session: Session::default(),
            questions: Questions::default(),
            remote: Results::default(),
            template: None,
            epoch: None,
            disk: Disk::None,
            saver: Saver::default(),
            memory,
            storage_state: StorageState::None,
            kept_as: 0,
            early: Vec::new(),
            subscribes_late: false,
            expects_stream: false,
            now_ms: 0,
            effects: Vec::new(),
            told: Status::default(),
            wake_at_ms: None,
            events_applied: 0,
            events_refused: 0,
        }
    }

    /// Keeps a query current from now on. The patch carries its whole result; later patches carry what changes.
    ///
    /// # Errors
    /// [`QueryError`] if the query names a type that the registry refuses, or a relation that there is not.
    pub fn mount(&mut self, query: &Query) -> Step<QueryId> {
        let most = self.config.limits.max_unknown_types;
        let result = match self.store.table_or_insert(query.resource_type(), most) {
            Ok(table) => self.live.mount(&mut self.store, table, query).map(QueryId).map_err(Error::Query),
            Err(_) => {
                Err(Error::Query(QueryError::UnknownType { resource_type: query.resource_type().to_owned() }))
            }
        };
        self.finish(result)
    }

    /// Keeps a query current no longer.
    ///
    /// # Errors
    /// [`Error::NotMounted`].
    pub fn unmount(&mut self, query: QueryId) -> Step<()> {
        let found = self.live.unmount(query.0);
        self.memory.hand.begin_anew();
        self.leave_remote(query.0);
        self.finish(if found { Ok(()) } else { Err(Error::NotMounted { id: query.0 }) })
    }

    /// Makes a patch of all rows and relations that the host holds objects for, for one more mirror that is to follow from
    /// here on. Queries are not in it: what the new mirror is to show, it mounts.
    pub fn resend(&mut self) -> Step<()> {
        self.live.resend();
        self.finish(Ok(()))
    }

    /// Shows another window of a mounted query. The patch carries all of it.
    ///
    /// # Errors
    /// [`Error::NotMounted`], or [`QueryError::CursorMismatch`] if the cursor does not fit the query's order.
    pub fn set_window(&mut self, query: QueryId, window: &Window) -> Step<()> {
        let given = window.after.as_ref().map(|after| after.values.len());
        let result = match (self.live.order_keys(query.0), given) {
            (_, Some(_)) if self.live.is_grouped(query.0) => {
                Err(Error::Query(QueryError::no_cursor_of_groups()))
            }
            (None, _) => Err(Error::NotMounted { id: query.0 }),
            (Some(expected), Some(found)) if expected != found => {
                Err(Error::Query(QueryError::CursorMismatch { expected, found }))
            }
            _ => {
                self.live.set_window(&self.store, query.0, window);
                Ok(())
            }
        };
        self.finish(result)
    }

    /// The rows that a mounted query shows, in order, as JSON; none if it is not mounted.
    pub fn rows(&self, query: QueryId) -> impl Iterator<Item = Cow<'_, [u8]>> {
        self.live.rows(&self.store, query.0).into_iter().flatten()
    }

    /// How many rows match a mounted query, whatever its window.
    pub fn total(&self, query: QueryId) -> Option<usize> {
        self.live.total(query.0)
    }

    /// The aggregates beside the rows of a mounted query, as a JSON object; none if it asks for none, or shows groups.
    pub fn aggregates(&self, query: QueryId) -> Option<&[u8]> {
        self.live.aggregates(&self.store, query.0)
    }

    /// Mutations that are not settled, oldest first.
    pub fn pending(&self) -> Vec<PendingMutation> {
        self.outbox.list()
    }

    /// How the cache stands to its backend.
    pub fn status(&self) -> Status {
        Status {
            phase: self.session.phase(),
            storage: self.storage_state,
            pending: self.outbox.len() as u32,
            library: self.stream.library().map(str::to_owned),
            cursor: self.stream.cursor().map(Cursor::at),
        }
    }

    /// What a query costs and how its rows are found. One that is not mounted is, for this moment only.
    ///
    /// ```
    /// # use larder::{Cache, Config, Registry, query::Query};
    /// # let mut cache = Cache::new(Registry::default(), Config::default());
    /// let query = Query::parse(r#"{"from": "file", "where": {"name": {"match": "pho"}}, "orderBy": [{"name": "asc"}]}"#)?;
    /// let explanation = cache.explain(&query)?;
    /// assert_eq!((explanation.found_by, explanation.rows_scanned), ("words", 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`QueryError::UnknownType`].
    pub fn explain(&mut self, query: &Query) -> Result<Explanation, Error> {
        let unknown =
            || Error::Query(QueryError::UnknownType { resource_type: query.resource_type().to_owned() });
        let most = self.config.limits.max_unknown_types;
        let table = self.store.table_or_insert(query.resource_type(), most).map_err(|_| unknown())?;
        self.live.explain(&mut self.store, table, query).ok_or_else(unknown)
    }

    /// What the cache holds, and the work it has done.
    pub fn stats(&self) -> Stats {
        let column_bytes: usize = self.store.tables.iter().map(crate::store::Table::column_bytes).sum();
        let (indexes, indexes_built, indexes_dropped) = self.live.indexes();
        let tables = || self.store.tables.iter().filter(|table| !table.is_derived);
        let types = tables().map(|table| TypeStats {
            resource_type: table.resource.name.clone(),
            entities: table.entities() as u32,
            evicted: table.away.count(),
        });
        Stats {
            entities: self.store.entities() as u32,
            evicted: tables().map(|table| table.away.count()).sum(),
            lost: tables().map(|table| table.away.lost()).sum(),
            referenced: self.referenced() as u32,
            over_budget: self.is_over_budget(),
            types: types.collect(),
            pending: self.outbox.len() as u32,
            disk_bytes: self.saver.places.bytes(),
            row_bytes: self.store.slab.live_bytes() as u64,
            buffer_bytes: self.store.slab.held_bytes() as u64,
            index_bytes: (column_bytes + self.live.bytes()) as u64,
            results: self.remote.entries.iter().flatten().count() as u32,
            result_bytes: self.remote.bytes(|_| true) as u64,
            queries: self.live.mounted() as u32,
            views: self.live.views() as u32,
            indexes: indexes as u32,
            indexes_built,
            indexes_dropped,
            host_rows: self.live.held_rows() as u32,
            unknown_types: self.store.unknown_types(),
            events_applied: self.events_applied,
            events_refused: self.events_refused,
            rows_scanned: self.live.counts.rows_scanned,
            views_evaluated: self.live.counts.views_evaluated,
            rows_sent: self.live.counts.rows_sent,
            nodes_sent: self.live.counts.nodes_sent,
            queries_sent: self.live.counts.queries_sent,
            rows_evicted: self.memory.evicted,
            rows_reloaded: self.memory.reloaded,
            rows_weighed: self.memory.looked_at,
        }
    }

    /// Ends a step: everything that it led to is in what this returns.
    fn finish<T>(&mut self, result: Result<T, Error>) -> Step<T> {
        let is_behind = self.expects_stream && self.stream.cursor().is_none();
        self.live.set_partial(is_behind || self.is_restoring());
        if self.memory.is_on {
            self.review_memory();
        }
        let patch = self.live.take_patch(&mut self.store, &mut self.rows);
        if self.memory.is_on {
            self.tidy_memory();
        }
        self.store.end_transaction();
        self.tell_status();
        if !self.remote.changed.is_empty() {
            self.tell_remote();
        }
        let batch = self.save();
        self.set_timer();
        Step { result, patch, batch, effects: std::mem::take(&mut self.effects) }
    }

    /// The cursor alone is no news: it moves with every event, and whoever wants it asks.
    fn tell_status(&mut self) {
        let known = (self.told.phase, self.told.storage, self.told.pending, self.told.library.as_deref());
        let pending = self.outbox.len() as u32;
        if known != (self.session.phase(), self.storage_state, pending, self.stream.library()) {
            self.told = self.status();
            self.effects.push(Effect::Status(self.told.clone()));
        }
    }

    /// A timer that fires too early does no harm, so it is only ever moved forward in time by itself.
    fn set_timer(&mut self) {
        let wishes = [
            self.session.wake_at_ms(),
            self.saver.wake_at_ms(self.now_ms),
            self.outbox.wake_at_ms(self.now_ms),
            self.remote.wake_at_ms,
            self.memory.sweep_at_ms,
            self.memory.is_behind.then_some(self.now_ms),
        ];
        let Some(at_ms) = wishes.into_iter().flatten().min() else { return };
        if self.wake_at_ms.is_none_or(|set| at_ms < set) {
            self.wake_at_ms = Some(at_ms);
            self.effects.push(Effect::WakeAt(at_ms));
        }
    }

    fn refuse(&mut self, error: &Error) {
        self.effects.push(Effect::Refused(ErrorInfo::from(error)));
    }
}
