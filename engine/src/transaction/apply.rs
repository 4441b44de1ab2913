//! Carrying out the writes of one transaction and drafting their events.

use std::collections::HashMap;

use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Func, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr,
    EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::Write;
use crate::database::entity::location::ScanState;
use crate::database::entity::{device, file, file_tag, location, tag};
use crate::event::{BATCH, Draft};
use crate::resource::{self, DEVICE, FILE, LOCATION, Resource, TAG};

/// The transaction as it goes on.
pub(super) struct Apply<'a> {
    tx: &'a DatabaseTransaction,
    pub(super) drafts: Vec<Draft>,
    /// What to do to the locations at the end, all of it in one step.
    locations: HashMap<Uuid, LocationChange>,
}

#[derive(Default)]
struct LocationChange {
    more_files: i64,
    state: Option<ScanState>,
}

impl<'a> Apply<'a> {
    pub(super) fn new(tx: &'a DatabaseTransaction) -> Self {
        Self { tx, drafts: Vec::new(), locations: HashMap::new() }
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
                let set = Expr::value(favorite);
                self.touch_file(file, &[(file::Column::Favorite, set)]).await
            }
            Write::Tag(row) => self.tag(row).await,
            Write::ApplyTag { file, tag } => self.apply_tag(file, tag).await,
            Write::RemoveTag { file, tag } => {
                file_tag::Entity::delete_by_id((file, tag)).exec(self.tx).await?;
                self.touch_file(file, &[]).await
            }
            Write::Notice { name, data } => {
                self.drafts.push(Draft::notice(name, data));
                Ok(())
            }
        }
    }

    /// Brings the locations up to date; comes after all writes.
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
            self.changed(LOCATION, vec![resource::location(&row).map_err(json)?], None);
        }
        Ok(())
    }

    fn changed(&mut self, resource_type: &'static str, resources: Vec<Resource>, operation: Option<&str>) {
        self.drafts.push(Draft::changed(resource_type, resources, operation));
    }

    async fn device(&mut self, row: device::Model) -> Result<(), DbErr> {
        let resource = resource::device(&row).map_err(json)?;
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
            file_tag::Entity::delete_many()
                .filter(file_tag::Column::FileId.is_in(these()))
                .exec(self.tx)
                .await?;
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

    async fn tag(&mut self, row: tag::Model) -> Result<(), DbErr> {
        let resource = resource::tag(&row).map_err(json)?;
        tag::Entity::insert(row.into_active_model()).exec_without_returning(self.tx).await?;
        self.changed(TAG, vec![resource], None);
        Ok(())
    }

    async fn apply_tag(&mut self, file: Uuid, tag: String) -> Result<(), DbErr> {
        let last: Option<file_tag::Model> = file_tag::Entity::find()
            .filter(file_tag::Column::FileId.eq(file))
            .order_by_desc(file_tag::Column::Position)
            .one(self.tx)
            .await?;
        let position = last.map_or(0, |last| last.position + 1);
        file_tag::Entity::insert(file_tag::ActiveModel {
            file_id: Set(file),
            tag_id: Set(tag),
            position: Set(position),
        })
        .exec_without_returning(self.tx)
        .await?;
        self.touch_file(file, &[]).await
    }

    /// Sets columns of one entry, makes it a new version and tells about it.
    async fn touch_file(&mut self, id: Uuid, columns: &[(file::Column, Expr)]) -> Result<(), DbErr> {
        let mut update = file::Entity::update_many()
            .col_expr(file::Column::Version, Expr::col(file::Column::Version).add(1))
            .filter(file::Column::Id.eq(id));
        for (column, value) in columns {
            update = update.col_expr(*column, value.clone());
        }
        let written = update.exec_with_returning(self.tx).await?;
        let resources = with_tags(self.tx, written).await?;
        self.changed(FILE, resources, None);
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

fn json(error: serde_json::Error) -> DbErr {
    DbErr::Json(error.to_string())
}
