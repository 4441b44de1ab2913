//! Carrying out the writes of one transaction and drafting their events.

use std::collections::HashMap;

use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Func, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr,
    EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::{Write, show};
use crate::database::entity::location::ScanState;
use crate::database::entity::{device, file, file_tag, location, tag, user_metadata};
use crate::event::{BATCH, Draft};
use crate::resource::{self, DEVICE, FILE, LOCATION, Resource};
use crate::sync::{Doing, Incoming, Receipt, Records, Replica, Syncable};

/// The transaction as it goes on.
pub(super) struct Apply<'a> {
    tx: &'a DatabaseTransaction,
    drafts: Vec<Draft>,
    /// What to do to the locations at the end, all of it in one step.
    locations: HashMap<Uuid, LocationChange>,
    /// Rows that sync.
    records: Records<'a>,
    /// What the events of rows that sync say about themselves.
    operation: Option<&'static str>,
}

#[derive(Default)]
struct LocationChange {
    more_files: i64,
    state: Option<ScanState>,
}

impl<'a> Apply<'a> {
    pub(super) fn new(tx: &'a DatabaseTransaction, replica: &'a Replica) -> Self {
        let records = Records::new(tx, replica);
        Self { tx, drafts: Vec::new(), locations: HashMap::new(), records, operation: None }
    }

    pub(super) async fn write(&mut self, write: Write) -> Result<(), DbErr> {
        match write {
            Write::Device(row) => self.device(row).await,
            Write::Location(row) => self.location(row).await,
            Write::ScanState { location, state } => {
                self.locations.entry(location).or_default().state = Some(state);
                Ok(())
            }
            Write::Files { rows, operation } => self.files(rows, operation).await,
            Write::Vacate(ids) => self.vacate(&ids).await,
            Write::DeleteFiles(ids) => self.delete_files(&ids).await,
            Write::Favorite { file, favorite } => {
                self.put(&user_metadata::Model { file_id: file, favorite }).await
            }
            Write::Tag(row) => self.put(&row).await,
            Write::DeleteTag(id) => self.records.act(tag::Model::INFO.name, Doing::Remove(id)).await,
            Write::ApplyTag { file, tag } => {
                self.put(&file_tag::Model { file_id: file, tag_id: tag, position: 0 }).await
            }
            Write::RemoveTag { file, tag } => {
                let link = Doing::Remove(format!("{file}/{tag}"));
                self.records.act(file_tag::Model::INFO.name, link).await
            }
            Write::Notice { name, data } => {
                self.drafts.push(Draft::notice(name, data));
                Ok(())
            }
        }
    }

    /// Takes in what another device sent.
    pub(super) async fn receive(&mut self, incoming: Incoming) -> Result<Receipt, DbErr> {
        self.operation = Some("sync");
        self.records.take_in(incoming).await
    }

    /// Brings the locations up to date, numbers what other devices are to be sent, and tells what changed in rows that sync; comes
    /// after all writes.
    pub(super) async fn finish(&mut self) -> Result<(), DbErr> {
        for (id, change) in std::mem::take(&mut self.locations) {
            let Some(row) = location::Entity::find_by_id(id).one(self.tx).await? else { continue };
            let state = change.state.unwrap_or(row.scan_state);
            if change.more_files == 0 && state == row.scan_state {
                continue;
            }
            let (file_count, version) = (row.file_count + change.more_files, row.version + 1);
            let mut row = row.into_active_model();
            row.scan_state = Set(state);
            row.file_count = Set(file_count);
            row.version = Set(version);
            let row = row.update(self.tx).await?;
            self.records.own_written(LOCATION, [(row.id.to_string(), None)]);
            self.changed(LOCATION, vec![resource::location(&row).map_err(json)?], None);
        }
        self.records.finish().await?;
        let shown = std::mem::take(&mut self.records.shown);
        self.drafts.extend(show::drafts(self.tx, shown, self.operation).await?);
        Ok(())
    }

    /// The events of all of it.
    pub(super) fn into_drafts(self) -> Vec<Draft> {
        self.drafts
    }

    /// Writes a shared row.
    async fn put<M: Syncable>(&mut self, row: &M) -> Result<(), DbErr> {
        let payload = row.payload().map_err(json)?;
        self.records.act(M::INFO.name, Doing::Put(payload)).await
    }

    fn changed(&mut self, resource_type: &'static str, resources: Vec<Resource>, operation: Option<&str>) {
        self.drafts.push(Draft::changed(resource_type, resources, operation));
    }

    async fn device(&mut self, row: device::Model) -> Result<(), DbErr> {
        let resource = resource::device(&row).map_err(json)?;
        self.records.own_written(DEVICE, [(row.id.to_string(), None)]);
        device::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::column(device::Column::Id)
                    .update_columns([device::Column::Name, device::Column::Version])
                    .to_owned(),
            )
            .exec_without_returning(self.tx)
            .await?;
        self.changed(DEVICE, vec![resource], None);
        Ok(())
    }

    async fn location(&mut self, row: location::Model) -> Result<(), DbErr> {
        let resource = resource::location(&row).map_err(json)?;
        self.records.own_written(LOCATION, [(row.id.to_string(), None)]);
        location::Entity::insert(row.into_active_model()).exec_without_returning(self.tx).await?;
        self.changed(LOCATION, vec![resource], None);
        Ok(())
    }

    async fn files(&mut self, mut rows: Vec<file::Model>, operation: &'static str) -> Result<(), DbErr> {
        while !rows.is_empty() {
            let later = rows.split_off(rows.len().min(BATCH));
            let order: HashMap<Uuid, usize> =
                rows.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
            let mut written = upsert(self.tx, rows).await?;
            // SQLite does not promise the order of returned rows.
            written.sort_unstable_by_key(|row| order.get(&row.id).copied());
            for row in written.iter().filter(|row| row.version == 1 && !row.is_dir) {
                self.locations.entry(row.location_id).or_default().more_files += 1;
            }
            self.records.own_written(FILE, written.iter().map(placed));
            let resources = with_tags(self.tx, written).await?;
            self.changed(FILE, resources, Some(operation));
            rows = later;
        }
        Ok(())
    }

    async fn vacate(&mut self, ids: &[Uuid]) -> Result<(), DbErr> {
        for ids in ids.chunks(BATCH) {
            // No path from a disk has a NUL.
            let parked = Expr::value("\0")
                .binary(BinOper::Custom("||"), Func::cust("hex").arg(Expr::col(file::Column::Id)));
            file::Entity::update_many()
                .col_expr(file::Column::Path, parked)
                .filter(file::Column::Id.is_in(ids.iter().copied()))
                .exec(self.tx)
                .await?;
        }
        Ok(())
    }

    async fn delete_files(&mut self, ids: &[Uuid]) -> Result<(), DbErr> {
        for ids in ids.chunks(BATCH) {
            let these = || ids.iter().copied();
            let found = file::Entity::find().filter(file::Column::Id.is_in(these())).all(self.tx).await?;
            let found: HashMap<Uuid, file::Model> = found.into_iter().map(|row| (row.id, row)).collect();
            let keys: Vec<String> = found.keys().map(Uuid::to_string).collect();
            self.records.remove_dependents(FILE, &keys).await?;
            self.records.own_gone(FILE, found.values().map(placed));
            file::Entity::delete_many().filter(file::Column::Id.is_in(these())).exec(self.tx).await?;
            for row in ids.iter().filter_map(|id| found.get(id)) {
                if !row.is_dir {
                    self.locations.entry(row.location_id).or_default().more_files -= 1;
                }
                self.drafts.push(Draft::deleted(FILE, row.id.to_string()));
            }
        }
        Ok(())
    }
}

async fn upsert(tx: &DatabaseTransaction, rows: Vec<file::Model>) -> Result<Vec<file::Model>, DbErr> {
    use file::Column as C;
    let mut from_disk = OnConflict::column(C::Id);
    from_disk
        .update_columns([
            C::ParentId,
            C::Name,
            C::Extension,
            C::Kind,
            C::IsDir,
            C::Size,
            C::Path,
            C::ModifiedNs,
            C::CreatedNs,
            C::Inode,
        ])
        .value(C::Version, Expr::col((file::Entity, C::Version)).add(1));
    let rows = rows.into_iter().map(|row| file::Model { version: 1, ..row }.into_active_model());
    file::Entity::insert_many(rows).on_conflict(from_disk).exec_with_returning(tx).await
}

/// The entries as resources, each with the tags it carries.
pub(crate) async fn with_tags(
    db: &impl ConnectionTrait,
    rows: Vec<file::Model>,
) -> Result<Vec<Resource>, DbErr> {
    let mut tags: HashMap<Uuid, Vec<String>> = HashMap::new();
    // A new entry has no tags yet.
    let ids: Vec<Uuid> = rows.iter().filter(|row| row.version > 1).map(|row| row.id).collect();
    if !ids.is_empty() {
        let links = file_tag::Entity::find()
            .filter(file_tag::Column::FileId.is_in(ids))
            .order_by_asc(file_tag::Column::Position)
            .order_by_asc(file_tag::Column::TagId)
            .all(db)
            .await?;
        for link in links {
            tags.entry(link.file_id).or_default().push(link.tag_id);
        }
    }
    rows.into_iter()
        .map(|row| {
            let tag_ids = tags.remove(&row.id).unwrap_or_default();
            resource::file(row, tag_ids).map_err(json)
        })
        .collect()
}

/// An entry's id, and that of the folder it is in.
fn placed(row: &file::Model) -> (String, Option<String>) {
    (row.id.to_string(), row.parent_id.map(|id| id.to_string()))
}

fn json(error: serde_json::Error) -> DbErr {
    DbErr::Json(error.to_string())
}
