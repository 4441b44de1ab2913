//! A whole copy of the library, read from one consistent state of the database.

use std::sync::Arc;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, TransactionTrait,
};
use uuid::Uuid;

use crate::database::entity::{
    album, content_identity, device, file, job, location, sync_conflict, tag, volume,
};
use crate::database::{Database, Vault, meta};
use crate::event::{BATCH, Draft};
use crate::resource::{self, ALBUM, CONFLICT, CONTENT, DEVICE, FILE, JOB, LOCATION, Resource, TAG, VOLUME};
use crate::time::now_ns;
use crate::transaction::{albums, contents, with_status, with_tags};

/// A copy on its way, one batch at a time. While it lives, writes go on and it does not see them.
pub(super) struct Copy {
    tx: DatabaseTransaction,
    vault: Arc<Vault>,
    /// The state that it shows.
    pub(super) sequence: u64,
    library: String,
    types: Option<Vec<String>>,
    next: Next,
}

/// Folders and tags come before the files that refer to them.
enum Next {
    Devices,
    Volumes,
    Locations,
    Tags,
    Contents { after: Option<Uuid> },
    Files { after: Option<Uuid> },
    Albums,
    Conflicts,
    Jobs,
    End,
}

impl Copy {
    pub(super) async fn begin(
        db: &Database,
        library: &str,
        types: Option<Vec<String>>,
    ) -> Result<Self, DbErr> {
        let tx = db.reader.begin().await?;
        // The first read decides which state the transaction sees.
        let sequence = meta::next_sequence(&tx).await? - 1;
        Ok(Self {
            tx,
            vault: Arc::clone(&db.vault),
            sequence,
            library: library.to_owned(),
            types,
            next: Next::Devices,
        })
    }

    /// The next event, or `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<String>, DbErr> {
        loop {
            let (resource_type, resources) = match self.next {
                Next::Devices => {
                    self.next = Next::Volumes;
                    let rows = device::Entity::find().all(&self.tx).await?;
                    (DEVICE, Ok(with_status(&self.tx, rows).await?))
                }
                Next::Volumes => {
                    self.next = Next::Locations;
                    let rows = volume::Entity::find().all(&self.tx).await?;
                    (VOLUME, rows.iter().map(resource::volume).collect())
                }
                Next::Locations => {
                    self.next = Next::Tags;
                    let rows = location::Entity::find().all(&self.tx).await?;
                    (LOCATION, rows.iter().map(resource::location).collect())
                }
                Next::Tags => {
                    self.next = Next::Contents { after: None };
                    let rows = tag::Entity::find().all(&self.tx).await?;
                    (TAG, rows.iter().map(resource::tag).collect())
                }
                Next::Contents { .. } if !self.wants(CONTENT) => {
                    self.next = Next::Files { after: None };
                    continue;
                }
                Next::Contents { after } => {
                    let rows = some_contents(&self.tx, after).await?;
                    self.next = match rows.last() {
                        Some(last) if rows.len() == BATCH => Next::Contents { after: Some(last.id) },
                        _ => Next::Files { after: None },
                    };
                    (CONTENT, Ok(contents(&self.tx, rows).await?))
                }
                Next::Files { .. } if !self.wants(FILE) => {
                    self.next = Next::Albums;
                    continue;
                }
                Next::Files { after } => {
                    let rows = files(&self.tx, after).await?;
                    self.next = match rows.last() {
                        Some(last) if rows.len() == BATCH => Next::Files { after: Some(last.id) },
                        _ => Next::Albums,
                    };
                    (FILE, Ok(with_tags(&self.tx, rows).await?))
                }
                Next::Albums => {
                    self.next = Next::Conflicts;
                    let rows = album::Entity::find().all(&self.tx).await?;
                    (ALBUM, Ok(albums(&self.tx, rows).await?))
                }
                Next::Conflicts => {
                    self.next = Next::Jobs;
                    let rows = sync_conflict::Entity::find().all(&self.tx).await?;
                    let opened = rows.into_iter().map(|row| self.vault.read_conflict(row));
                    let rows: Vec<_> = opened.collect::<Result<_, DbErr>>()?;
                    (CONFLICT, rows.into_iter().map(resource::conflict).collect())
                }
                Next::Jobs => {
                    self.next = Next::End;
                    let rows = job::Entity::find().all(&self.tx).await?;
                    (JOB, rows.iter().map(resource::job).collect())
                }
                Next::End => return Ok(None),
            };
            let resources: Vec<Resource> = resources.map_err(|error| DbErr::Json(error.to_string()))?;
            if resources.is_empty() || !self.wants(resource_type) {
                continue;
            }
            let event = Draft::copied(resource_type, resources)
                .encode(&self.library, self.sequence, None, now_ns())
                .map_err(|error| DbErr::Json(error.to_string()))?;
            return Ok(Some((*event).to_owned()));
        }
    }

    fn wants(&self, resource_type: &str) -> bool {
        self.types.as_ref().is_none_or(|types| types.iter().any(|name| name == resource_type))
    }
}

async fn some_contents(
    tx: &impl ConnectionTrait,
    after: Option<Uuid>,
) -> Result<Vec<content_identity::Model>, DbErr> {
    use content_identity::Column as C;
    let mut find = content_identity::Entity::find().order_by_asc(C::Id).limit(BATCH as u64);
    if let Some(after) = after {
        find = find.filter(C::Id.gt(after));
    }
    find.all(tx).await
}

async fn files(tx: &impl ConnectionTrait, after: Option<Uuid>) -> Result<Vec<file::Model>, DbErr> {
    let mut find = file::Entity::find().order_by_asc(file::Column::Id).limit(BATCH as u64);
    if let Some(after) = after {
        find = find.filter(file::Column::Id.gt(after));
    }
    find.all(tx).await
}
