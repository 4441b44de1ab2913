//! The engine: everything put together.

mod conflict;
mod devices;
mod files;
mod leader;
mod together;

pub use conflict::{Conflict, Keep};
pub use files::FileCopy;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Semaphore, watch};
use uuid::Uuid;

use self::files::Files;
use self::together::Together;
use crate::action::Actions;
use crate::address::{self, is_url_safe};
use crate::config::Config;
use crate::database::entity::device_status::{DeviceRole, DeviceState};
use crate::database::entity::location::ScanState;
use crate::database::entity::{device, device_status, location};
use crate::database::meta::{self, Identity};
use crate::database::{
    Database, Lock, VaultError, companions, create_database, create_folder, default_file, folder_id,
};
use crate::error::{OpenError, ServeError};
use crate::index::{Indexer, Known, Reported, Rules, identify, volume};
use crate::jobs::{self, Jobs};
use crate::log::{Feed, Log};
use crate::mirror::mirror;
use crate::serve::{Server, router};
use crate::services::{ServiceStatus, Services};
use crate::sync::{Link, Replica};
use crate::transaction::{TransactionManager, Write};
use crate::upkeep::{evict, upkeep};
use crate::watch::{Dirty, Watches};

/// How many clients may be sent a whole copy at the same time.
const COPIES: usize = 4;
/// How long connections get to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// A running engine: it mirrors a folder as long as it lives. Cloning gives another handle to the same one; when the last is
/// dropped, it stops at once, which is safe at any time; [`Engine::shutdown`] also says goodbye to clients.
#[derive(Debug, Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    file: PathBuf,
    server: Arc<Server>,
    stop: watch::Sender<bool>,
    services: Arc<Services>,
    files: Files,
    together: Together,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.services.abort();
        self.together.stop();
        self.stop.send_replace(true);
    }
}

impl Engine {
    /// Opens the database and begins to mirror the folder. Must be called inside a tokio runtime.
    pub async fn open(config: Config) -> Result<Self, OpenError> {
        let root = canonical(&config.root)?;
        let file = match &config.database {
            Some(file) => file.clone(),
            None => default_file(&root).ok_or(OpenError::NoDataDirectory)?,
        };
        let file = prepare(&file)?;
        if !root.is_dir() && !file.exists() {
            return Err(OpenError::NotAFolder(root));
        }
        if config.token.as_deref().is_some_and(|token| !is_url_safe(token)) {
            return Err(OpenError::InvalidToken);
        }
        let lock = match Lock::take(&file) {
            Ok(Some(lock)) => lock,
            Ok(None) => return Err(OpenError::InUse(file)),
            Err(error) => return Err(OpenError::Io { path: Lock::file(&file), error }),
        };

        create_database(&file).map_err(|error| OpenError::Io { path: file.clone(), error })?;
        let failed = |error| OpenError::Database { file: file.clone(), error };
        let (passphrase, new) = (config.passphrase.as_ref(), config.new_passphrase.as_ref());
        let db = Database::open(&file, lock, passphrase, new).await.map_err(|error| match error {
            VaultError::Needed => OpenError::PassphraseNeeded(file.clone()),
            VaultError::Wrong => OpenError::PassphraseWrong(file.clone()),
            VaultError::Unusable(reason) => OpenError::Passphrase { file: file.clone(), reason },
            VaultError::Database(error) => failed(error),
        })?;
        let identity = meta::identity(&db.writer, config.library.unwrap_or_else(|| folder_id(&root)))
            .await
            .map_err(failed)?;
        if config.library.is_some_and(|library| library.to_string() != identity.library) {
            return Err(OpenError::OtherLibrary { file, library: identity.library });
        }
        let next = meta::next_sequence(&db.writer).await.map_err(failed)?;
        let device = meta::device(&db.writer).await.map_err(failed)?;
        let mut replica = Replica::new(device).map_err(|error| OpenError::Models(error.to_string()))?;
        replica.vault = Arc::clone(&db.vault);
        let feed = Arc::new(Feed::new(next - 1, &config.log));
        let transactions = Arc::new(TransactionManager::new(
            db.clone(),
            identity.library.clone(),
            config.log.clone(),
            Arc::clone(&feed),
            replica.clone(),
        ));
        transactions.forget_old_outcomes().await.map_err(failed)?;
        let name = config.devices.name.clone();
        let location = location(&db, &transactions, device, name, &root).await.map_err(failed)?;
        if location.path != root.to_string_lossy() {
            return Err(OpenError::OtherFolder { file, folder: location.path });
        }
        let token = address::token(&db, &config).await.map_err(failed)?;
        let jobs = Jobs::load(&db.reader).await.map_err(failed)?;
        // Started first and stopped last: the others have something to say until they end.
        let services = Arc::new(Services::default());
        services.start_until("jobs", {
            let (jobs, transactions) = (jobs.clone(), Arc::clone(&transactions));
            move |stop| jobs::write(jobs.clone(), Arc::clone(&transactions), stop)
        });
        let together = Together::start(
            &config.devices,
            &location.name,
            &file,
            &db,
            &identity,
            &transactions,
            replica,
            jobs.clone(),
            &services,
            feed.head(),
        );
        let together = together.await?;
        Ok(start(
            config,
            root,
            file,
            token,
            db,
            identity,
            feed,
            transactions,
            location.id,
            jobs,
            services,
            together,
        ))
    }

    /// The folder that is mirrored.
    pub fn root(&self) -> &Path {
        &self.inner.root
    }

    /// The database file.
    pub fn database(&self) -> &Path {
        &self.inner.file
    }

    /// What clients must know.
    pub fn token(&self) -> &str {
        &self.inner.server.token
    }

    /// The newest sequence of the log.
    pub fn sequence(&self) -> u64 {
        *self.inner.server.log.head().borrow()
    }

    /// Listens, for this machine only. With a port it is that one or none at all, where 0 stands for any free one. Without, it
    /// is the one of the last run without, so that open pages find the engine again, or any free one if that is taken.
    pub async fn listen(&self, port: Option<u16>) -> io::Result<TcpListener> {
        let server = &self.inner.server;
        match port {
            Some(port) => address::bind(port).await,
            None => address::listen(&server.db, &server.actions.transactions).await,
        }
    }

    /// Answers on this listener until the engine shuts down.
    pub async fn serve(&self, listener: TcpListener) -> Result<(), ServeError> {
        let mut stopping = self.inner.server.stopping.clone();
        let router = router(Arc::clone(&self.inner.server), listener.local_addr()?);
        // Messages are small and each is awaited: none may wait to be sent together with the next.
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "a connection stays slow");
            }
        });
        axum::serve(listener, router)
            .with_graceful_shutdown(async move {
                // An error means that the engine is gone.
                let _ = stopping.wait_for(|stopping| *stopping).await;
            })
            .await?;
        Ok(())
    }

    /// The long-running parts of this engine, in the order in which they were started, and how each is. One that breaks begins anew.
    pub fn services(&self) -> Vec<ServiceStatus> {
        self.inner.services.statuses()
    }

    /// Who this device is in its library.
    pub fn device(&self) -> Uuid {
        self.inner.together.device
    }

    /// The library that this engine holds, alone or together with others.
    pub fn library(&self) -> &str {
        &self.inner.server.identity.library
    }

    /// Lets two engines in this process hold their library together, until one of them is gone. They must be of the same library, see
    /// [`Config::library`]; if they are not, they refuse each other, and the log says so. Doing it again begins anew.
    pub async fn connect(&self, other: &Engine) {
        let (here, there) = Link::pair(self.device(), other.device());
        // Fails only when one of them is stopping.
        let _ = self.inner.together.links.send(here).await;
        let _ = other.inner.together.links.send(there).await;
        self.inner.together.lines.connect(self.device(), &other.inner.together.lines, other.device());
    }

    /// Says goodbye to the clients, finishes what is being written and closes the database.
    pub async fn shutdown(&self) {
        let Inner { server, stop, services, together, .. } = &*self.inner;
        stop.send_replace(true);
        let limit = u32::try_from(server.config.connection.max_connections).unwrap_or(u32::MAX);
        let _ = tokio::time::timeout(GOODBYE, server.connections.acquire_many(limit)).await;
        services.stop().await;
        together.stop();
        server.db.close().await;
    }
}

#[expect(clippy::too_many_arguments, reason = "the one place where all parts meet")]
fn start(
    config: Config,
    root: PathBuf,
    file: PathBuf,
    token: String,
    db: Database,
    identity: Identity,
    feed: Arc<Feed>,
    transactions: Arc<TransactionManager>,
    location: Uuid,
    jobs: Jobs,
    services: Arc<Services>,
    mut together: Together,
) -> Engine {
    let dirty = Arc::new(Dirty::default());
    let disk = Arc::new(Mutex::new(()));
    let known = Known::new(db.reader.clone(), location);
    let rules = Arc::new(Rules::new(root.clone(), companions(&file)));
    let copies = files::prepare(&root, &db, &known, &transactions, &together, &dirty, &jobs);
    services.start("mirror", {
        let (transactions, known, dirty, disk) =
            (Arc::clone(&transactions), known.clone(), Arc::clone(&dirty), Arc::clone(&disk));
        let (root, jobs, times) = (root.clone(), jobs.clone(), config.watch.clone());
        let rules = Arc::clone(&rules);
        move || {
            let indexer = Indexer {
                location,
                rules: Arc::clone(&rules),
                known: known.clone(),
                transactions: Arc::clone(&transactions),
                watches: Arc::new(Watches::new(root.clone(), Arc::clone(&dirty))),
                dirty: Arc::clone(&dirty),
                disk: Arc::clone(&disk),
                reported: Reported::default(),
                jobs: jobs.clone(),
            };
            mirror(indexer, times.clone())
        }
    });
    let actions = Actions {
        root: root.clone(),
        reader: db.reader.clone(),
        known,
        transactions,
        devices: Arc::clone(&together.devices),
        dirty,
        rules,
        copies: Arc::clone(&copies),
        written: feed.head(),
        disk,
        running: Mutex::new(()),
        in_flight: Mutex::default(),
    };
    let actions = Arc::new(actions);
    let files = Files::start(copies, &actions, together.visits.take(), &services);
    if config.identify {
        let (transactions, db) = (Arc::clone(&actions.transactions), db.reader.clone());
        let (root, jobs, head) = (root.clone(), jobs.clone(), feed.head());
        services.start("identification", move || {
            identify(
                Arc::clone(&transactions),
                db.clone(),
                root.clone(),
                location,
                jobs.clone(),
                head.clone(),
            )
        });
    }
    services.start("selection", {
        let (transactions, db) = (Arc::clone(&actions.transactions), db.reader.clone());
        let (jobs, head) = (jobs.clone(), feed.head());
        move || evict(Arc::clone(&transactions), db.clone(), jobs.clone(), head.clone())
    });
    services.start("upkeep", {
        let (transactions, jobs) = (Arc::clone(&actions.transactions), jobs.clone());
        move || upkeep(Arc::clone(&transactions), jobs.clone())
    });
    let stop = watch::Sender::new(false);
    let server = Arc::new(Server {
        token,
        identity,
        log: Log::new(db.clone(), feed),
        db,
        actions,
        devices: Arc::clone(&together.devices),
        connections: Arc::new(Semaphore::new(config.connection.max_connections)),
        copies: Semaphore::new(COPIES),
        stopping: stop.subscribe(),
        config,
    });
    Engine { inner: Arc::new(Inner { root, file, server, stop, services, files, together }) }
}

/// The location of a database; a new database gets one, and the device it is on.
async fn location(
    db: &Database,
    transactions: &TransactionManager,
    device: Uuid,
    name: Option<String>,
    root: &Path,
) -> Result<location::Model, DbErr> {
    if let Some(location) =
        location::Entity::find().filter(location::Column::DeviceId.eq(device)).one(&db.reader).await?
    {
        // What was known when the engine stopped is not known now: clients must not take it for certain.
        let mut writes = vec![Write::ScanState { location: location.id, state: ScanState::Scanning }];
        if let Some(volume) = volume(device, root).filter(|volume| location.volume_id != Some(volume.id)) {
            writes.push(Write::LocationVolume { location: location.id, volume: volume.id });
            writes.insert(0, Write::Volume(volume));
        }
        transactions.commit(writes, None).await?;
        return Ok(location);
    }
    let volume = volume(device, root);
    let name = name.unwrap_or_else(host_name);
    let device = device::Model { id: device, name, key: None, addresses: None, version: 1 };
    // Alone, a device has all there is.
    let status = device_status::Model {
        device_id: device.id,
        is_self: true,
        state: DeviceState::Ready,
        was_whole: true,
        online: true,
        pending: 0,
        behind_since_ms: None,
        problem: None,
        role: DeviceRole::Peer,
    };
    let name = root.file_name().map_or_else(|| root.to_string_lossy(), |name| name.to_string_lossy());
    let location = location::Model {
        id: Uuid::new_v4(),
        device_id: device.id,
        volume_id: volume.as_ref().map(|volume| volume.id),
        name: name.into_owned(),
        path: root.to_string_lossy().into_owned(),
        scan_state: ScanState::Scanning,
        file_count: 0,
        version: 1,
    };
    transactions.commit(vec![Write::DeviceStatus(vec![status]), Write::Device(device)], None).await?;
    let mut writes: Vec<Write> = volume.map(Write::Volume).into_iter().collect();
    writes.push(Write::Location(location.clone()));
    transactions.commit(writes, None).await?;
    Ok(location)
}

/// The root by its one true name; if it is not there, by the name it would have.
fn canonical(root: &Path) -> Result<PathBuf, OpenError> {
    root.canonicalize()
        .or_else(|_| std::path::absolute(root))
        .map_err(|error| OpenError::Io { path: root.to_owned(), error })
}

/// Makes the folder of the database and names the file in the way the folder walk will.
fn prepare(file: &Path) -> Result<PathBuf, OpenError> {
    let failed = |error| OpenError::Io { path: file.to_owned(), error };
    let absolute = std::path::absolute(file).map_err(failed)?;
    let (Some(folder), Some(name)) = (absolute.parent(), absolute.file_name()) else {
        return Err(failed(io::ErrorKind::InvalidFilename.into()));
    };
    create_folder(folder).map_err(failed)?;
    Ok(folder.canonicalize().map_err(failed)?.join(name))
}

fn host_name() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(not(unix))]
    let name = std::env::var("COMPUTERNAME").unwrap_or_default();
    if name.is_empty() { "this device".to_owned() } else { name }
}
