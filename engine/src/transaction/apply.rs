//! Carrying out the writes of one transaction and drafting their events.

use std::collections::{BTreeSet, HashMap};

use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Func, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

use super::bulk::Bulk;
use super::read::with_tags;
use super::{Write, closure, show};
use crate::database::entity::location::ScanState;
use crate::database::entity::{
    album, album_entry, content_identity, content_tag, content_tag_later, device, file, file_tag, location,
    removed_device, tag, user_metadata, volume,
};
use crate::event::{BATCH, Draft};
use crate::resource::{self, DEVICE, FILE, LOCATION, Resource, VOLUME};
use crate::sync::{Doing, Incoming, Kept, Receipt, Records, Replica, Syncable};

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
    /// What is written without an event for each row.
    bulk: Option<Bulk>,
    /// Folders that may be somewhere else now, for the table of what is in what.
    placed: closure::Placed,
}

#[derive(Default)]
struct LocationChange {
    more_files: i64,
    volume: Option<Uuid>,
    state: Option<ScanState>,
}

impl<'a> Apply<'a> {
    pub(super) fn new(tx: &'a DatabaseTransaction, replica: &'a Replica, kept: Kept) -> Self {
        let records = Records::new(tx, replica, kept);
        let placed = closure::Placed::new(replica);
        Self {
            tx,
            drafts: Vec::new(),
            locations: HashMap::new(),
            records,
            operation: None,
            bulk: None,
            placed,
        }
    }

    pub(super) async fn write(&mut self, write: Write) -> Result<(), DbErr> {
        match write {
            Write::Device(row) => self.device(row).await,
            Write::DeviceStatus(rows) => {
                let ids = rows.iter().map(|row| row.device_id.to_string());
                self.records.shown.touched.entry(DEVICE).or_default().extend(ids);
                super::device::write_status(self.tx, rows).await
            }
            Write::RemoveDevice { device, key } => {
                self.put(&removed_device::Model { device_id: device, key }).await
            }
            Write::Location(row) => self.location(row).await,
            Write::ScanState { location, state } => {
                self.locations.entry(location).or_default().state = Some(state);
                Ok(())
            }
            Write::Files { rows, operation } => self.files(rows, operation).await,
            Write::FilesInBulk { rows, mode } => self.files_in_bulk(rows, mode).await,
            Write::Volume(row) => self.volume(row).await,
            Write::LocationVolume { location, volume } => {
                self.locations.entry(location).or_default().volume = Some(volume);
                Ok(())
            }
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
            Write::Content(row) => {
                // It follows from the content: whoever found it first has said all there is to say.
                match content_identity::Entity::find_by_id(row.id).one(self.tx).await? {
                    Some(_) => Ok(()),
                    None => self.put(&row).await,
                }
            }
            Write::TagContent { content, tag } => {
                self.put(&content_tag::Model { content_id: content, tag_id: tag, position: 0 }).await
            }
            Write::UntagContent { content, tag } => {
                let link = Doing::Remove(format!("{content}/{tag}"));
                self.records.act(content_tag::Model::INFO.name, link).await
            }
            Write::TagContentLater { file, tag } => {
                self.records.kept.tags_later = true;
                let row = content_tag_later::Model { file_id: file, tag_id: tag }.into_active_model();
                content_tag_later::Entity::insert(row)
                    .on_conflict_do_nothing()
                    .exec_without_returning(self.tx)
                    .await?;
                Ok(())
            }
            Write::Album(row) => self.put(&row).await,
            Write::DeleteAlbum(id) => self.records.act(album::Model::INFO.name, Doing::Remove(id)).await,
            Write::AddToAlbum { album, file } => {
                self.put(&album_entry::Model { album_id: album, file_id: file, position: 0 }).await
            }
            Write::RemoveFromAlbum { album, file } => {
                let link = Doing::Remove(format!("{album}/{file}"));
                self.records.act(album_entry::Model::INFO.name, link).await
            }
            Write::Resolve { conflict, keep_lost } => {
                self.records.resolve(&conflict, keep_lost).await.map(drop)
            }
            Write::Select { device, wanted } => self.records.select(device, wanted).await,
            Write::SelectModel { model, wanted, kept } => {
                self.records.select_model(&model, wanted, &kept).await
            }
            Write::Job { row, events } => {
                self.drafts.extend(super::job::write(self.tx, row, events).await?);
                Ok(())
            }
            Write::ForgetJobs(ids) => {
                self.drafts.extend(super::job::forget(self.tx, ids).await?);
                Ok(())
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

    /// Takes away some files of a device that are not wanted here.
    pub(super) async fn evict(&mut self, device: Uuid, limit: u64) -> Result<u64, DbErr> {
        self.records.evict(device, limit).await
    }

    /// Takes away some rows of shared models that are not wanted here.
    pub(super) async fn evict_models(&mut self, limit: u64) -> Result<u64, DbErr> {
        self.records.evict_models(limit).await
    }

    /// Brings the locations up to date, numbers what other devices are to be sent, and tells what changed in rows that sync; comes
    /// after all writes.
    pub(super) async fn finish(&mut self) -> Result<(), DbErr> {
        for (id, change) in std::mem::take(&mut self.locations) {
            let Some(row) = location::Entity::find_by_id(id).one(self.tx).await? else { continue };
            let state = change.state.unwrap_or(row.scan_state);
            let volume = change.volume.or(row.volume_id);
            if change.more_files == 0 && state == row.scan_state && volume == row.volume_id {
                continue;
            }
            let (file_count, version) = (row.file_count + change.more_files, row.version + 1);
            let mut row = row.into_active_model();
            row.scan_state = Set(state);
            row.volume_id = Set(volume);
            row.file_count = Set(file_count);
            row.version = Set(version);
            let row = row.update(self.tx).await?;
            self.records.own_written(LOCATION, [(row.id.to_string(), None)]);
            // In bulk it is among the rows that the one event stands for.
            if self.bulk.is_none() {
                self.changed(LOCATION, vec![resource::location(&row).map_err(json)?], None);
            }
        }
        self.tag_contents_that_came().await?;
        self.lead_back_to_metadata().await?;
        self.records.finish().await?;
        self.placed.note(&self.records.shown);
        std::mem::take(&mut self.placed).update(self.tx).await?;
        let shown = std::mem::take(&mut self.records.shown);
        self.drafts.extend(show::drafts(self.tx, self.records.vault(), shown, self.operation).await?);
        if let Some(bulk) = self.bulk.take() {
            self.drafts.push(bulk.draft(FILE, self.records.numbered())?);
        }
        Ok(())
    }

    /// The events of all of it, and what is kept of small tables when it has been written.
    pub(super) fn into_drafts(self) -> (Vec<Draft>, Kept) {
        (self.drafts, self.records.kept)
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
        let id = row.id.to_string();
        self.records.own_written(DEVICE, [(id.clone(), None)]);
        device::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::column(device::Column::Id)
                    .update_columns([
                        device::Column::Name,
                        device::Column::Key,
                        device::Column::Addresses,
                        device::Column::Version,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(self.tx)
            .await?;
        self.records.shown.written.entry(DEVICE).or_default().insert(id);
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
            self.placed.written(&written);
            self.records.own_written(FILE, written.iter().map(placed));
            let resources = with_tags(self.tx, written).await?;
            self.changed(FILE, resources, Some(operation));
            rows = later;
        }
        Ok(())
    }

    async fn files_in_bulk(&mut self, mut rows: Vec<file::Model>, mode: &'static str) -> Result<(), DbErr> {
        self.bulk.get_or_insert_with(|| Bulk::new(mode)).count += rows.len() as u64;
        while !rows.is_empty() {
            let later = rows.split_off(rows.len().min(BATCH));
            let written = upsert(self.tx, rows).await?;
            for row in written.iter().filter(|row| row.version == 1 && !row.is_dir) {
                self.locations.entry(row.location_id).or_default().more_files += 1;
            }
            self.placed.written(&written);
            self.records.own_written(FILE, written.iter().map(placed));
            rows = later;
        }
        Ok(())
    }

    /// Rows that were written in another way: they get their versions, and clients are told.
    pub(super) async fn record(&mut self, model: &str, ids: Vec<String>) -> Result<(), DbErr> {
        self.records.record(model, ids).await
    }

    /// Tags that wait for the content of an entry, of which it is known now.
    async fn tag_contents_that_came(&mut self) -> Result<(), DbErr> {
        if !self.records.kept.tags_later {
            return Ok(());
        }
        let mut waiting = content_tag_later::Entity::find().all(self.tx).await?;
        if waiting.is_empty() {
            self.records.kept.tags_later = false;
            return Ok(());
        }
        let files = waiting.iter().map(|row| row.file_id).collect::<BTreeSet<_>>();
        let files = file::Entity::find().filter(file::Column::Id.is_in(files)).all(self.tx).await?;
        let files: HashMap<Uuid, Option<Uuid>> =
            files.into_iter().map(|row| (row.id, row.content_id)).collect();
        waiting.retain(|row| files.get(&row.file_id) != Some(&None));
        for row in waiting {
            let content = files.get(&row.file_id).copied().flatten();
            let content = match content {
                // It may still be on its way from another device.
                Some(id) => match content_identity::Entity::find_by_id(id).one(self.tx).await? {
                    Some(content) => Some(content.id),
                    None => continue,
                },
                None => None,
            };
            let tag = tag::Entity::find_by_id(&row.tag_id).one(self.tx).await?;
            if let (Some(content_id), Some(tag)) = (content, tag) {
                self.put(&content_tag::Model { content_id, tag_id: tag.id, position: 0 }).await?;
            }
            row.into_active_model().delete(self.tx).await?;
        }
        Ok(())
    }

    /// Entries of this device of which users said something first.
    async fn lead_back_to_metadata(&mut self) -> Result<(), DbErr> {
        let Some(ids) = self.records.shown.touched.get(FILE) else { return Ok(()) };
        let own = self.records.device();
        let ids: Vec<Uuid> = ids.iter().filter_map(|id| Uuid::parse_str(id).ok()).collect();
        for ids in ids.chunks(BATCH) {
            let rows = file::Entity::find()
                .filter(file::Column::Id.is_in(ids.iter().copied()))
                .filter(file::Column::MetadataId.is_null())
                .filter(Expr::cust("id IN (SELECT file_id FROM user_metadata)"))
                .filter(Expr::cust_with_values(
                    "location_id IN (SELECT id FROM locations WHERE device_id = ?)",
                    [own],
                ));
            let rows = rows.all(self.tx).await?;
            if rows.is_empty() {
                continue;
            }
            file::Entity::update_many()
                .col_expr(file::Column::MetadataId, Expr::col(file::Column::Id))
                .filter(file::Column::Id.is_in(rows.iter().map(|row| row.id)))
                .exec(self.tx)
                .await?;
            self.records.own_written(FILE, rows.iter().map(placed));
        }
        Ok(())
    }

    async fn volume(&mut self, row: volume::Model) -> Result<(), DbErr> {
        use volume::Column as C;
        let mut known = OnConflict::column(C::Id);
        known
            .update_columns([C::Name, C::TotalBytes])
            .value(C::Version, Expr::col((volume::Entity, C::Version)).add(1));
        let row =
            volume::Entity::insert(row.into_active_model()).on_conflict(known).exec_with_returning(self.tx);
        let row = row.await?;
        self.records.own_written(VOLUME, [(row.id.to_string(), None)]);
        self.changed(VOLUME, vec![resource::volume(&row).map_err(json)?], None);
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
            self.placed.gone(&keys);
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
        // What was known about its content is true no more when that may be another.
        .value(
            C::ContentId,
            Expr::cust(
                "CASE WHEN files.size = excluded.size AND files.modified_ns = excluded.modified_ns \
                 THEN files.content_id END",
            ),
        )
        .value(C::Version, Expr::col((file::Entity, C::Version)).add(1));
    let rows = rows.into_iter().map(|row| file::Model { version: 1, ..row }.into_active_model());
    file::Entity::insert_many(rows).on_conflict(from_disk).exec_with_returning(tx).await
}

/// An entry's id, and that of the folder it is in.
fn placed(row: &file::Model) -> (String, Option<String>) {
    (row.id.to_string(), row.parent_id.map(|id| id.to_string()))
}

fn json(error: serde_json::Error) -> DbErr {
    DbErr::Json(error.to_string())
}
