//! One device with its disk and its clock, and the app on it while that runs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use larder::persist::Batch;
use larder::query::Query;
use larder::{Cache, Config, MemoryConfig, QueryId, RowEncoding};

use crate::disk::Disk;
use crate::host::Host;
use crate::plan::{Fate, Setting};
use crate::rows::{KINDS, registry};

/// How a client is killed when it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Death {
    pub(crate) is_written: bool,
    pub(crate) damage: Option<u64>,
    pub(crate) down_ms: u64,
    pub(crate) clock_ms: i64,
}

/// What outlives the app.
pub(crate) struct Client {
    pub(crate) setting: Setting,
    pub(crate) disk: Disk,
    /// A batch that a lying storage has not written yet.
    pub(crate) promised: Option<Batch>,
    /// Edits that the storage said it had written.
    pub(crate) told: BTreeSet<String>,
    /// A value on the disk is not what was written.
    pub(crate) is_damaged: bool,
    /// How often the app was started; what is on its way to one that is dead is not for the next.
    pub(crate) life: u64,
    pub(crate) app: Option<App>,
    /// What the clock says at the beginning of the world.
    pub(crate) clock_ms: u64,
    pub(crate) wants_connection: bool,
    /// The queries that the app shows when it starts.
    pub(crate) screens: Vec<usize>,
    /// So many batches find no room.
    pub(crate) full: u32,
    pub(crate) is_locked: bool,
    pub(crate) is_unreadable: bool,
    pub(crate) dies_at_batch: Option<Death>,
    pub(crate) dies_at_load: Option<Death>,
    /// Nothing gets through before this time.
    pub(crate) cut_until_ms: u64,
    /// What befalls the next live events.
    pub(crate) fates: VecDeque<Fate>,
    /// The number of its last connection.
    pub(crate) connection: u64,
}

/// The app while it runs: the cache, its driver and its screen.
pub(crate) struct App {
    pub(crate) cache: Cache,
    pub(crate) host: Host,
    /// Queries for all rows of each type; none where there is a budget, as what is shown stays.
    pub(crate) everything: Vec<QueryId>,
    pub(crate) queries: Vec<(QueryId, Query)>,
    pub(crate) writing: Option<Batch>,
    pub(crate) wake_at_ms: Option<u64>,
    pub(crate) socket: Option<Socket>,
    /// Edits that are neither confirmed nor refused.
    pub(crate) open: BTreeSet<String>,
    /// Edits that the disk had when the app started, until they are read.
    pub(crate) stored: BTreeSet<String>,
    /// Edits that were made or sent while the storage failed.
    pub(crate) unstored: BTreeSet<String>,
    /// Which log the cursor counts in.
    pub(crate) epoch: Option<usize>,
    /// Commits whose rows may be shown one beside the other, while a copy comes in.
    pub(crate) mix: Vec<u64>,
    /// Nobody knows what was on the disk.
    pub(crate) is_unsure: bool,
    /// Patches of the host when its queries were looked at last.
    pub(crate) checked: usize,
}

/// A connection as the client sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Socket {
    pub(crate) number: u64,
    pub(crate) is_open: bool,
}

impl Client {
    pub(crate) fn new(setting: Setting) -> Self {
        Self {
            clock_ms: setting.clock_ms,
            setting,
            disk: Disk::default(),
            promised: None,
            told: BTreeSet::new(),
            is_damaged: false,
            life: 0,
            app: None,
            wants_connection: true,
            screens: Vec::new(),
            full: 0,
            is_locked: false,
            is_unreadable: false,
            dies_at_batch: None,
            dies_at_load: None,
            cut_until_ms: 0,
            fates: VecDeque::new(),
            connection: 0,
        }
    }

    /// What the client's clock says.
    pub(crate) fn clock(&self, now_ms: u64) -> u64 {
        self.clock_ms + now_ms
    }

    /// The log that the stored cursor counts in.
    pub(crate) fn stored_epoch(&self) -> Option<usize> {
        let meta = String::from_utf8_lossy(self.disk.values.get("meta")?).into_owned();
        let (_, rest) = meta.split_once("log-")?;
        rest.split_once('.')?.0.parse().ok()
    }
}

impl App {
    pub(crate) fn new(setting: &Setting) -> Self {
        let types = setting.types.as_ref();
        let config = Config {
            subscribe_to: types.map(|types| types.iter().map(|kind| kind.name().to_owned()).collect()),
            row_encoding: if setting.sends_changes { RowEncoding::Changes } else { RowEncoding::Json },
            memory: MemoryConfig { entities: setting.budget.map(u64::from), ..MemoryConfig::default() },
            ..Config::default()
        };
        Self {
            cache: Cache::new(registry(), config),
            host: Host::default(),
            everything: Vec::new(),
            queries: Vec::new(),
            writing: None,
            wake_at_ms: None,
            socket: None,
            open: BTreeSet::new(),
            stored: BTreeSet::new(),
            unstored: BTreeSet::new(),
            epoch: None,
            mix: vec![0],
            is_unsure: false,
            checked: 0,
        }
    }

    /// The rows on the screen that shows everything.
    pub(crate) fn rows(&self) -> crate::rows::Rows {
        let mut rows = BTreeMap::new();
        for (kind, query) in KINDS.into_iter().zip(&self.everything) {
            for row in self.host.objects(*query) {
                rows.insert(crate::rows::key_of(kind, &row["id"]), row);
            }
        }
        rows
    }

    pub(crate) fn pending(&self) -> Vec<String> {
        self.cache.pending().into_iter().map(|pending| pending.id).collect()
    }
}
