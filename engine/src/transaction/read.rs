//! Rows of the tables as the resources that clients see, with what other tables say about them.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::database::Vault;
use crate::database::entity::{
    album, album_entry, content_identity, content_tag, device, file, file_tag, job, location, sync_conflict,
    tag, volume,
};
use crate::resource::{self, ALBUM, CONFLICT, CONTENT, DEVICE, JOB, LOCATION, Resource, TAG, VOLUME};

/// The resources with these ids that are there.
pub(crate) async fn read(
    db: &impl ConnectionTrait,
    vault: &Vault,
    resource: &str,
    ids: &[String],
) -> Result<Vec<Resource>, DbErr> {
    let resources: serde_json::Result<Vec<Resource>> = match resource {
        DEVICE => {
            let rows = device::Entity::find().filter(device::Column::Id.is_in(uuids(ids))).all(db).await?;
            return super::device::with_status(db, rows).await;
        }
        VOLUME => {
            let rows = volume::Entity::find().filter(volume::Column::Id.is_in(uuids(ids))).all(db).await?;
            rows.iter().map(resource::volume).collect()
        }
        LOCATION => {
            let these = location::Column::Id.is_in(uuids(ids));
            let rows = location::Entity::find().filter(these).all(db).await?;
            rows.iter().map(resource::location).collect()
        }
        TAG => {
            let rows = tag::Entity::find().filter(tag::Column::Id.is_in(ids)).all(db).await?;
            rows.iter().map(resource::tag).collect()
        }
        CONTENT => {
            let these = content_identity::Column::Id.is_in(uuids(ids));
            let rows = content_identity::Entity::find().filter(these).all(db).await?;
            return contents(db, rows).await;
        }
        ALBUM => {
            let rows = album::Entity::find().filter(album::Column::Id.is_in(ids)).all(db).await?;
            return albums(db, rows).await;
        }
        JOB => {
            let rows = job::Entity::find().filter(job::Column::Id.is_in(ids)).all(db).await?;
            rows.iter().map(resource::job).collect()
        }
        CONFLICT => {
            let mut resources = Vec::new();
            for id in ids {
                let row = sync_conflict::Model::find(db, id).await?;
                let row = row.map(|row| vault.read_conflict(row)).transpose()?;
                resources.extend(row.map(resource::conflict).transpose().map_err(json)?);
            }
            Ok(resources)
        }
        _ => {
            let rows = file::Entity::find().filter(file::Column::Id.is_in(uuids(ids))).all(db).await?;
            return with_tags(db, rows).await;
        }
    };
    resources.map_err(json)
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

/// Contents as resources, each with the tags it carries.
pub(crate) async fn contents(
    db: &impl ConnectionTrait,
    rows: Vec<content_identity::Model>,
) -> Result<Vec<Resource>, DbErr> {
    let ids: Vec<Uuid> = rows.iter().filter(|row| row.version > 1).map(|row| row.id).collect();
    let mut tags: HashMap<Uuid, Vec<String>> = HashMap::new();
    let links = content_tag::Entity::find()
        .filter(content_tag::Column::ContentId.is_in(ids))
        .order_by_asc(content_tag::Column::Position)
        .order_by_asc(content_tag::Column::TagId);
    for link in links.all(db).await? {
        tags.entry(link.content_id).or_default().push(link.tag_id);
    }
    let with_tags = |row: content_identity::Model| {
        let tag_ids = tags.remove(&row.id).unwrap_or_default();
        resource::content(row, tag_ids).map_err(json)
    };
    rows.into_iter().map(with_tags).collect()
}

/// Albums as resources, each with the entries in it.
pub(crate) async fn albums(
    db: &impl ConnectionTrait,
    rows: Vec<album::Model>,
) -> Result<Vec<Resource>, DbErr> {
    let mut entries: HashMap<String, Vec<Uuid>> = HashMap::new();
    let links = album_entry::Entity::find()
        .filter(album_entry::Column::AlbumId.is_in(rows.iter().map(|row| row.id.as_str())))
        .order_by_asc(album_entry::Column::Position)
        .order_by_asc(album_entry::Column::FileId);
    for link in links.all(db).await? {
        entries.entry(link.album_id).or_default().push(link.file_id);
    }
    let with_entries = |row: album::Model| {
        let file_ids = entries.remove(&row.id).unwrap_or_default();
        resource::album(row, file_ids).map_err(json)
    };
    rows.into_iter().map(with_entries).collect()
}

pub(super) fn uuids<'i>(ids: impl IntoIterator<Item = &'i String>) -> Vec<Uuid> {
    ids.into_iter().filter_map(|id| Uuid::parse_str(id).ok()).collect()
}

fn json(error: serde_json::Error) -> DbErr {
    DbErr::Json(error.to_string())
}
