//! `albums.create`, `albums.rename`, `albums.cover`, `albums.delete`, `albums.add`, `albums.remove`.

use sea_orm::EntityTrait;
use serde::Deserialize;

use super::refuse::Refusal;
use super::run::Actions;
use super::tag::{check_id, check_name};
use crate::database::entity::{album, album_entry, sync_shared};
use crate::sync::Syncable;
use crate::transaction::Write;

pub(super) const CREATE: &str = "albums.create";
pub(super) const RENAME: &str = "albums.rename";
pub(super) const COVER: &str = "albums.cover";
pub(super) const DELETE: &str = "albums.delete";
pub(super) const ADD: &str = "albums.add";
pub(super) const REMOVE: &str = "albums.remove";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    id: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cover {
    id: String,
    file_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delete {
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    album_id: String,
    file_id: String,
}

/// Makes an album. Making the same one again changes nothing; another one with its id is refused.
pub(super) async fn create(actions: &Actions, mutation: &str, args: Named) -> Result<u64, Refusal> {
    let Named { id, name } = args;
    let name = name.trim().to_owned();
    check_id(CREATE, &id)?;
    check_name(CREATE, &name)?;
    if let Some(same) = album::Entity::find_by_id(&id).one(&actions.reader).await? {
        if same.name == name {
            return actions.commit(mutation, Vec::new()).await;
        }
        return Err(Refusal::TargetExists(id));
    }
    // The id of an album that was deleted is never an album again, on any device.
    let before = sync_shared::Entity::find_by_id((album::Model::INFO.name.to_owned(), id.clone()));
    if before.one(&actions.reader).await?.is_some_and(|before| before.deleted) {
        return Err(Refusal::TargetExists(id));
    }
    let album = album::Model { id, name, cover_id: None, version: 1 };
    actions.commit(mutation, vec![Write::Album(album)]).await
}

/// Gives an album another name. Several may have the same.
pub(super) async fn rename(actions: &Actions, mutation: &str, args: Named) -> Result<u64, Refusal> {
    let name = args.name.trim().to_owned();
    check_name(RENAME, &name)?;
    let album = find(actions, &args.id).await?;
    actions.commit(mutation, vec![Write::Album(album::Model { name, ..album })]).await
}

/// Lets a file stand for an album, or none.
pub(super) async fn cover(actions: &Actions, mutation: &str, args: Cover) -> Result<u64, Refusal> {
    let album = find(actions, &args.id).await?;
    let cover_id = match args.file_id {
        Some(id) => Some(actions.file(&id).await?.id),
        None => None,
    };
    actions.commit(mutation, vec![Write::Album(album::Model { cover_id, ..album })]).await
}

/// Removes an album for ever; the files in it stay.
pub(super) async fn delete(actions: &Actions, mutation: &str, args: Delete) -> Result<u64, Refusal> {
    let album = find(actions, &args.id).await?;
    actions.commit(mutation, vec![Write::DeleteAlbum(album.id)]).await
}

/// Puts a file into an album.
pub(super) async fn add(actions: &Actions, mutation: &str, args: Entry) -> Result<u64, Refusal> {
    let (album, file) = (find(actions, &args.album_id).await?.id, actions.file(&args.file_id).await?.id);
    let writes =
        if is_in(actions, &album, file).await? { vec![] } else { vec![Write::AddToAlbum { album, file }] };
    actions.commit(mutation, writes).await
}

/// Takes a file out of an album.
pub(super) async fn remove(actions: &Actions, mutation: &str, args: Entry) -> Result<u64, Refusal> {
    let (album, file) = (find(actions, &args.album_id).await?.id, actions.file(&args.file_id).await?.id);
    let is_in = is_in(actions, &album, file).await?;
    let writes = if is_in { vec![Write::RemoveFromAlbum { album, file }] } else { vec![] };
    actions.commit(mutation, writes).await
}

async fn is_in(actions: &Actions, album: &str, file: uuid::Uuid) -> Result<bool, Refusal> {
    let entry = album_entry::Entity::find_by_id((album.to_owned(), file));
    Ok(entry.one(&actions.reader).await?.is_some())
}

async fn find(actions: &Actions, id: &str) -> Result<album::Model, Refusal> {
    let not_found = || Refusal::NotFound { what: "album", id: id.chars().take(80).collect() };
    album::Entity::find_by_id(id).one(&actions.reader).await?.ok_or_else(not_found)
}
