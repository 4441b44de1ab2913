//! One device: the engine below its server, and a client that only ever sees events.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::EntityTrait;
use serde_json::Value;
use uuid::Uuid;

use super::Bug;
use crate::config::LogLimits;
use crate::database::entity::location::ScanState;
use crate::database::entity::{device, file, location, tag};
use crate::database::{Database, Vault, meta};
use crate::log::Feed;
use crate::serve::BulkRows;
use crate::sync::replica::Clock;
use crate::sync::session::{Post, Session};
use crate::sync::{Payload, Replica};
use crate::transaction::{TransactionManager, Write};

/// A device of the world.
pub(super) struct Device {
    pub(super) id: Uuid,
    pub(super) location: Uuid,
    pub(super) root: Uuid,
    pub(super) db: Database,
    pub(super) transactions: Arc<TransactionManager>,
    pub(super) session: Session,
    pub(super) replica: Replica,
    clock: Arc<AtomicU64>,
    /// How wrong its clock is, in milliseconds.
    pub(super) skew_ms: i64,
    feed: Arc<Feed>,
    seen: u64,
    /// The rows of a client that was there from the beginning.
    pub(super) client: BTreeMap<(String, String), Value>,
}

const LIBRARY: &str = "library";

impl Device {
    pub(super) async fn new(
        id: Uuid,
        ids: [Uuid; 2],
        now_ms: u64,
        skew_ms: i64,
        batch: u64,
        bug: Option<Bug>,
    ) -> Self {
        let mut db = Database::in_memory().await.unwrap();
        meta::identity(&db.writer, id).await.unwrap();
        let clock = Arc::new(AtomicU64::new(now_ms.saturating_add_signed(skew_ms)));
        let mut replica = Replica::new(id).unwrap();
        // Half of them encrypt what their logs say: it makes no difference to the others.
        if id.as_bytes()[0] % 2 == 1 {
            db.vault = Arc::new(Vault::with_random_key());
            replica.vault = Arc::clone(&db.vault);
        }
        replica.clock = Clock::Set(Arc::clone(&clock));
        replica.planted = bug;
        replica.batch = batch;
        // Full messages are told as one event, if they are not of very few rows.
        replica.bulk = usize::try_from(batch.max(3)).unwrap();
        let limits = LogLimits::default();
        let feed = Arc::new(Feed::new(0, &limits));
        let transactions = Arc::new(TransactionManager::new(
            db.clone(),
            LIBRARY.to_owned(),
            limits,
            Arc::clone(&feed),
            replica.clone(),
        ));
        let session =
            Session::new(LIBRARY.to_owned(), replica.clone(), db.clone(), Arc::clone(&transactions));
        let [location, root] = ids;
        let row = location::Model {
            id: location,
            device_id: id,
            volume_id: None,
            name: "folder".to_owned(),
            path: format!("/{id}"),
            scan_state: ScanState::Ready,
            file_count: 0,
            version: 1,
        };
        let mut root_row = entry(location, None, root, "", true);
        root_row.path = String::new();
        let writes = vec![
            Write::Device(device::Model {
                id,
                name: "device".to_owned(),
                key: None,
                addresses: None,
                version: 1,
            }),
            Write::Location(row),
            Write::Files { rows: vec![root_row], operation: "index" },
        ];
        transactions.commit(writes, None).await.unwrap();
        let client = BTreeMap::new();
        Self { id, location, root, db, transactions, session, replica, clock, skew_ms, feed, seen: 0, client }
    }

    pub(super) fn set_clock(&self, now_ms: u64) {
        self.clock.store(now_ms.saturating_add_signed(self.skew_ms), Ordering::SeqCst);
    }

    /// All that is not in the database is gone.
    pub(super) fn crash(&mut self) {
        self.replica.leads = Default::default();
        self.transactions = Arc::new(TransactionManager::new(
            self.db.clone(),
            LIBRARY.to_owned(),
            LogLimits::default(),
            Arc::clone(&self.feed),
            self.replica.clone(),
        ));
        self.session = Session::new(
            LIBRARY.to_owned(),
            self.replica.clone(),
            self.db.clone(),
            Arc::clone(&self.transactions),
        );
    }

    pub(super) async fn commit(&self, writes: Vec<Write>) -> Post {
        self.transactions.commit(writes, None).await.unwrap();
        self.session.changed().await.unwrap()
    }

    pub(super) async fn files(&self) -> Vec<file::Model> {
        let mut files = file::Entity::find().all(&self.db.reader).await.unwrap();
        files.sort_by_key(|file| file.id);
        files
    }

    pub(super) async fn tags(&self) -> Vec<tag::Model> {
        let mut tags = tag::Entity::find().all(&self.db.reader).await.unwrap();
        tags.sort_by(|a, b| a.id.cmp(&b.id));
        tags
    }

    /// Lets the client read the events that it has not read.
    pub(super) async fn read_events(&mut self) {
        while let Some(entries) = self.feed.after(self.seen, 64).filter(|entries| !entries.is_empty()) {
            for entry in entries {
                assert_eq!(entry.sequence, self.seen + 1, "the stream has no gap");
                self.seen = entry.sequence;
                let event: Value = serde_json::from_str(&entry.text).unwrap();
                match &entry.bulk {
                    None => self.read_event(&event["kind"]),
                    Some(bulk) => self.read_bulk(bulk).await,
                }
            }
        }
    }

    /// The rows that a bulk event stands for, as a connection sends them.
    async fn read_bulk(&mut self, bulk: &str) {
        let mut rows = BulkRows::new(self.db.reader.clone(), bulk).unwrap();
        while let Some(text) = rows.next(None).await.unwrap() {
            let batch: Value = serde_json::from_str(&text).unwrap();
            let batch = &batch["ResourceChangedBatch"];
            let resource_type = batch["resource_type"].as_str().unwrap();
            for row in batch["resources"].as_array().unwrap() {
                let key = (resource_type.to_owned(), row["id"].as_str().unwrap().to_owned());
                self.client.insert(key, row.clone());
            }
        }
    }

    fn read_event(&mut self, kind: &Value) {
        let data = &kind["data"];
        let resource_type = data["resource_type"].as_str().unwrap().to_owned();
        let key = |id: &Value| (resource_type.clone(), id.as_str().unwrap().to_owned());
        let rows: Vec<&Value> = match kind["type"].as_str().unwrap() {
            "ResourceChanged" => vec![&data["resource"]],
            "ResourceBatchChanged" => data["resources"].as_array().unwrap().iter().collect(),
            "ResourceDeleted" => {
                self.client.remove(&key(&data["resource_id"]));
                return;
            }
            other => panic!("no event of the kind {other} was expected"),
        };
        for row in rows {
            let before = self.client.insert(key(&row["id"]), row.clone());
            // Conflicts have no versions: of one, only who won changes.
            let grows = resource_type == "conflict"
                || before.as_ref().is_none_or(|before| before["version"].as_i64() < row["version"].as_i64());
            assert!(grows, "a row only ever gets newer versions, not {row} after {before:?}");
        }
    }

    /// All rows of a model that go between devices, by id.
    pub(super) async fn rows<M: crate::sync::Syncable>(&self) -> BTreeMap<String, Payload> {
        let rows = M::Table::find().all(&self.db.reader).await.unwrap();
        let payloads = rows.iter().map(|row| row.payload().unwrap());
        payloads.map(|payload| (M::INFO.id(&payload).unwrap(), payload)).collect()
    }
}

/// A new entry below another.
pub(super) fn entry(
    location: Uuid,
    parent: Option<&file::Model>,
    id: Uuid,
    name: &str,
    is_dir: bool,
) -> file::Model {
    let path = match parent {
        Some(parent) if !parent.path.is_empty() => format!("{}/{name}", parent.path),
        _ => name.to_owned(),
    };
    file::Model {
        id,
        location_id: location,
        parent_id: parent.map(|parent| parent.id),
        name: name.to_owned(),
        extension: None,
        kind: if is_dir { "folder" } else { "unknown" }.to_owned(),
        is_dir,
        size: 0,
        path,
        modified_ns: 0,
        created_ns: 0,
        content_id: None,
        metadata_id: None,
        inode: None,
        favorite: false,
        version: 1,
    }
}
