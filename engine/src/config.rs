//! What an engine can be told.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use uuid::Uuid;

use crate::database::Passphrase;

/// Configuration of an [`Engine`](crate::Engine). Make one with [`Config::new`] and change what should differ.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// The folder to mirror.
    pub root: PathBuf,
    /// The database file. Default: in the data directory of the operating system, one per folder.
    pub database: Option<PathBuf>,
    /// The library that a new database belongs to; engines on several devices that are given the same one hold it together.
    /// Default: one of its own, made from the folder.
    pub library: Option<Uuid>,
    /// Whether files are looked into, in the background, to know which have the same content. Default: no, since it reads all files, large ones
    /// in part.
    pub identify: bool,
    /// By which what the logs of the database say is encrypted. The first one that a database is given encrypts what is there; from then on it is
    /// not opened without. Default: none.
    pub passphrase: Option<Passphrase>,
    /// Takes the place of the passphrase. Default: it stays.
    pub new_passphrase: Option<Passphrase>,
    /// Folder with the built web app. Default: none is served.
    pub web: Option<PathBuf>,
    /// What a client must know. Default: the random one that the database remembers.
    pub token: Option<String>,
    /// Whether the database gets a new random token, so that who knew the old one is let in no more. Default: no.
    pub new_token: bool,
    /// Origins that may connect besides the engine's own, e.g. that of a development server. Default: none.
    pub allowed_origins: Vec<String>,
    /// What this device and a new library are called, and where other devices find it.
    pub devices: DeviceOptions,
    /// How much of the log is kept.
    pub log: LogLimits,
    /// What one connection may cost.
    pub connection: ConnectionLimits,
    /// How the folder is followed.
    pub watch: WatchTimes,
}

impl Config {
    /// The defaults, for this folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            database: None,
            library: None,
            identify: false,
            passphrase: None,
            new_passphrase: None,
            web: None,
            token: None,
            new_token: false,
            allowed_origins: Vec::new(),
            devices: DeviceOptions::default(),
            log: LogLimits::default(),
            connection: ConnectionLimits::default(),
            watch: WatchTimes::default(),
        }
    }
}

/// This device among others.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DeviceOptions {
    /// Where to listen for other devices, over UDP; port 0 stands for that of the last run, or any free one. Default: at all
    /// addresses of this machine, but only when there is another device or one is invited.
    pub listen: Option<SocketAddr>,
    /// What this device is called. Default: what it was called before, or the machine.
    pub name: Option<String>,
    /// What a new library is called. Default: as the folder.
    pub library_name: Option<String>,
    /// How many devices may hold the library. Default: 32.
    pub max_devices: usize,
}

impl Default for DeviceOptions {
    fn default() -> Self {
        Self { listen: None, name: None, library_name: None, max_devices: 32 }
    }
}

/// How much of the log is kept. A client that is further behind gets a whole copy.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LogLimits {
    /// Newest events to keep. Default: 20,000.
    pub max_events: u64,
    /// Bytes of event text to keep. Default: 256 MiB.
    pub max_bytes: u64,
    /// A copy is sent instead of a catch-up when the events carry more resources than this plus twice the number of files.
    /// Default: 2,000.
    pub catch_up_slack: u64,
}

impl Default for LogLimits {
    fn default() -> Self {
        Self { max_events: 20_000, max_bytes: 256 << 20, catch_up_slack: 2_000 }
    }
}

/// What one connection may cost.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ConnectionLimits {
    /// The largest message that a client may send. Default: 1 MiB.
    pub max_message_bytes: usize,
    /// How many connections may be open. Default: 64.
    pub max_connections: usize,
    /// How long one message may wait for a client that does not read. Default: 30 s.
    pub send_timeout: Duration,
    /// How long a whole copy may take; it keeps the database from tidying up. Default: 5 min.
    pub copy_timeout: Duration,
    /// How long a client may be silent, not even answering pings, and how long it may take to subscribe. Default: 90 s.
    pub idle_timeout: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            max_message_bytes: 1 << 20,
            max_connections: 64,
            send_timeout: Duration::from_secs(30),
            copy_timeout: Duration::from_secs(300),
            idle_timeout: Duration::from_secs(90),
        }
    }
}

/// How the folder is followed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct WatchTimes {
    /// Changes are looked at when nothing has happened for this long. Default: 40 ms.
    pub quiet: Duration,
    /// Changes are looked at after this long even while more happens. Default: 300 ms.
    pub at_most: Duration,
    /// How often to see whether the folder itself is still there. Default: 1 s.
    pub root_check: Duration,
    /// How often to scan everything when the operating system cannot watch all folders. Default: 30 s.
    pub unwatched_scan: Duration,
}

impl Default for WatchTimes {
    fn default() -> Self {
        Self {
            quiet: Duration::from_millis(40),
            at_most: Duration::from_millis(300),
            root_check: Duration::from_secs(1),
            unwatched_scan: Duration::from_secs(30),
        }
    }
}
