//! The part of an engine that meets other engines.

use std::path::Path;
use std::sync::Arc;

use sea_orm::EntityTrait;
use tokio::sync::{Mutex, mpsc, watch};
use uuid::Uuid;

use crate::config::DeviceOptions;
use crate::database::Database;
use crate::database::entity::device;
use crate::database::meta::{self, Identity};
use crate::devices::{Devices, Parts};
use crate::error::OpenError;
use crate::jobs::Jobs;
use crate::net::{Lines, Visit};
use crate::services::Services;
use crate::sync::{Link, Replica, Session, service};
use crate::transaction::TransactionManager;

/// The conversations with others, and who they are.
#[derive(Debug)]
pub(super) struct Together {
    pub(super) device: Uuid,
    pub(super) links: mpsc::Sender<Link>,
    pub(super) lines: Arc<Lines>,
    /// What others ask about files, until somebody answers it.
    pub(super) visits: Option<mpsc::Receiver<Visit>>,
    pub(super) devices: Arc<Devices>,
}

impl Together {
    /// Begins to talk to those who are known. `folder` is what a new library is called, if nothing else is said.
    #[expect(clippy::too_many_arguments, reason = "what an engine has when it begins to meet others")]
    pub(super) async fn start(
        options: &DeviceOptions,
        folder: &str,
        file: &Path,
        db: &Database,
        identity: &Identity,
        transactions: &Arc<TransactionManager>,
        replica: Replica,
        jobs: Jobs,
        services: &Arc<Services>,
        written: watch::Receiver<u64>,
    ) -> Result<Self, OpenError> {
        let failed = |error| OpenError::Database { file: file.to_owned(), error };
        let device = replica.device;
        let library_name = options.library_name.as_deref().unwrap_or(folder);
        let library_name = meta::library_name(&db.writer, library_name).await.map_err(failed)?;
        let row = device::Entity::find_by_id(device).one(&db.reader).await.map_err(failed)?;
        let name = options.name.clone().or(row.map(|row| row.name)).unwrap_or_default();
        let library = identity.library.parse().map_err(|_| {
            let library = &identity.library;
            OpenError::Devices(format!("the library “{library}” is no UUID: the database is damaged"))
        })?;
        let session = Session::new(identity.library.clone(), replica, db.clone(), Arc::clone(transactions));
        let session = Arc::new(session);
        let (links, connected) = mpsc::channel(1);
        let (lines, visits) = Lines::new();
        let connected = Arc::new(Mutex::new(connected));
        services.start("conversations", {
            let (session, written) = (Arc::clone(&session), written.clone());
            move || {
                let (session, connected, written) =
                    (Arc::clone(&session), Arc::clone(&connected), written.clone());
                async move { service(session, &mut *connected.lock().await, written).await }
            }
        });
        let devices = Devices::start(Parts {
            device,
            name,
            library,
            library_name,
            listen: options.listen,
            max_devices: options.max_devices,
            db: db.clone(),
            transactions: Arc::clone(transactions),
            session: Arc::clone(&session),
            links: links.clone(),
            lines: Arc::clone(&lines),
            jobs,
            services: Arc::clone(services),
            written,
        });
        let devices = devices.await.map_err(|error| OpenError::Devices(error.to_string()))?;
        Ok(Self { device, links, lines, visits: Some(visits), devices })
    }

    /// No files are asked for any more.
    pub(super) fn stop(&self) {
        self.lines.end();
    }
}
