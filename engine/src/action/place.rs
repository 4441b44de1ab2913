//! `files.move`, `files.delete`, and `files.rename` for another device: on the disk alone. The watcher finds out, and makes the rows what they are then.

use std::path::PathBuf;

use sea_orm::{DbErr, EntityTrait};
use serde::Deserialize;
use uuid::Uuid;

use super::refuse::Refusal;
use super::run::Actions;
use super::{disk, name, rename};
use crate::database::entity::file;
use crate::files::{delete as delete_on_disk, entry};
use crate::index::{child, disk_path, is_within, parent};

pub(super) const MOVE: &str = "files.move";
pub(super) const DELETE: &str = "files.delete";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Move {
    pub(super) id: String,
    pub(super) folder_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delete {
    pub(super) id: String,
}

/// Puts an entry into another folder of the same location, under the same name.
pub(super) async fn into_folder(actions: &Actions, mutation: &str, args: Move) -> Result<u64, Refusal> {
    let folder = actions.folder(&args.folder_id).await?;
    if !actions.known.is_here(&folder) {
        return Err(Refusal::OtherDevice(folder.name));
    }
    let row = actions.file(&args.id).await?;
    if is_within(&folder.path, &row.path) {
        return Err(Refusal::IntoItself(row.name));
    }
    let name = row.name.clone();
    relocate(actions, mutation, row, &folder.path, name, move |row| row.parent_id == Some(folder.id)).await
}

/// Gives an entry another name.
pub(super) async fn rename(actions: &Actions, mutation: &str, args: rename::Args) -> Result<u64, Refusal> {
    name::check(&args.name)?;
    let row = actions.file(&args.id).await?;
    let (folder, name) = (parent(&row.path).unwrap_or_default().to_owned(), args.name.clone());
    relocate(actions, mutation, row, &folder, name, move |row| row.name == args.name).await
}

/// Deletes an entry, and all that is in it.
pub(super) async fn delete(actions: &Actions, mutation: &str, args: Delete) -> Result<u64, Refusal> {
    let row = actions.file(&args.id).await?;
    let (folder, place) = check(actions, &row)?;
    {
        let _disk = actions.disk.lock().await;
        let (root, row) = (actions.root.clone(), row.clone());
        on_disk(move || {
            same(&root, &folder, &row)?;
            delete_on_disk(&root, &folder, &row.name)
        })
        .await?;
    }
    actions.dirty.note_paths([disk_path(&actions.root, parent(&row.path).unwrap_or_default()), place]);
    actions.until(|| async { Ok(actions.row(row.id).await?.is_none()) }).await?;
    actions.commit(mutation, Vec::new()).await
}

async fn relocate(
    actions: &Actions,
    mutation: &str,
    row: file::Model,
    folder: &str,
    name: String,
    is_there: impl Fn(&file::Model) -> bool,
) -> Result<u64, Refusal> {
    let (from, place) = check(actions, &row)?;
    let goal = disk_path(&actions.root, &child(folder, &name));
    if place != goal {
        let folders = [disk_path(&actions.root, &from), disk_path(&actions.root, folder)];
        {
            let _disk = actions.disk.lock().await;
            let (root, folder, row) = (actions.root.clone(), folder.to_owned(), row.clone());
            on_disk(move || {
                same(&root, &from, &row)?;
                disk::relocate(&root, (&from, &row.name), (&folder, &name))
            })
            .await?;
        }
        actions.dirty.note_paths(folders.into_iter().chain([place, goal]));
    }
    actions.until(|| async { Ok(actions.row(row.id).await?.is_none_or(|row| is_there(&row))) }).await?;
    actions.commit(mutation, Vec::new()).await
}

/// Where an entry is that may be changed: the row's path of its folder, and its own place.
fn check(actions: &Actions, row: &file::Model) -> Result<(String, PathBuf), Refusal> {
    if !actions.known.is_here(row) {
        return Err(Refusal::OtherDevice(row.name.clone()));
    }
    let Some(folder) = parent(&row.path) else {
        let reason = "the root stays where it is";
        return Err(Refusal::InvalidName { name: row.name.clone(), reason });
    };
    let place = disk_path(&actions.root, &row.path);
    if actions.rules.has_own_in(&place) {
        let reason = "the database of the engine is in it";
        return Err(Refusal::InvalidName { name: row.name.clone(), reason });
    }
    Ok((folder.to_owned(), place))
}

/// Refuses if there is another entry than the row is about.
fn same(root: &std::path::Path, folder: &str, row: &file::Model) -> Result<(), Refusal> {
    let now = entry(root, folder, &row.name)?;
    let is_it =
        now.is_dir == row.is_dir && (now.inode.is_none() || row.inode.is_none() || now.inode == row.inode);
    if is_it { Ok(()) } else { Err(Refusal::Changed(row.name.clone())) }
}

pub(super) async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Refusal::Database(DbErr::Custom(format!("the engine is stopping: {error}"))))?
}

impl Actions {
    /// The row of an entry, if there is one.
    pub(super) async fn row(&self, id: Uuid) -> Result<Option<file::Model>, DbErr> {
        file::Entity::find_by_id(id).one(&self.reader).await
    }

    /// The folder with this id.
    pub(super) async fn folder(&self, id: &str) -> Result<file::Model, Refusal> {
        let row = self.file(id).await?;
        if row.is_dir { Ok(row) } else { Err(Refusal::NotFound { what: "folder", id: row.id.to_string() }) }
    }
}
