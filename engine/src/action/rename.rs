//! `files.rename`: on the disk and in the rows.

use std::path::PathBuf;

use sea_orm::DbErr;
use serde::Deserialize;

use super::refuse::Refusal;
use super::run::Actions;
use super::{disk, name};
use crate::database::entity::file;
use crate::index::{child, disk_path, parent, stat, update};
use crate::transaction::Write;

pub(super) const NAME: &str = "files.rename";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Args {
    pub(super) id: String,
    pub(super) name: String,
}

/// Renames, then writes the rows of the entry and of all below it in one transaction. The watcher will look at both places,
/// find the rows as they should be, and have nothing to tell.
pub(super) async fn run(actions: &Actions, mutation: &str, args: Args) -> Result<u64, Refusal> {
    let _disk = actions.disk.lock().await;
    let row = actions.file(&args.id).await?;
    if !actions.known.is_here(&row) {
        return Err(Refusal::OtherDevice(row.name));
    }
    let new_name = args.name;
    name::check(&new_name)?;
    let Some(folder) = parent(&row.path).map(str::to_owned) else {
        return Err(Refusal::InvalidName { name: new_name, reason: "the root keeps its name" });
    };
    if row.name == new_name {
        return actions.commit(mutation, Vec::new()).await;
    }
    let (root, at, from, to) = (actions.root.clone(), folder.clone(), row.name.clone(), new_name.clone());
    on_disk(move || disk::rename(&root, &at, &from, &to)).await?;

    let committed = match rows(actions, &row, &folder, &new_name).await {
        Ok(writes) => actions.commit(mutation, writes).await,
        Err(error) => Err(error),
    };
    if committed.is_err() {
        // A refusal has no effect. Should this fail too, the watcher finds the new name.
        let (root, at, from) = (actions.root.clone(), folder.clone(), row.name.clone());
        if let Err(error) = on_disk(move || disk::rename(&root, &at, &new_name, &from)).await {
            tracing::error!(path = %row.path, %error, "a rename was refused by the database and could not be taken back");
        }
        actions.dirty.note_paths([disk_path(&actions.root, &folder), disk_path(&actions.root, &row.path)]);
    }
    committed
}

/// The rows as they are after the rename.
async fn rows(
    actions: &Actions,
    renamed: &file::Model,
    folder: &str,
    new_name: &str,
) -> Result<Vec<Write>, Refusal> {
    let old_path = renamed.path.clone();
    let new_path = child(folder, new_name);
    let mut rows = vec![renamed.clone()];
    if renamed.is_dir {
        rows.extend(actions.known.below(std::slice::from_ref(&old_path)).await?);
    }
    for row in &mut rows {
        row.path = format!("{new_path}{}", &row.path[old_path.len()..]);
    }
    new_name.clone_into(&mut rows[0].name);
    refresh(actions, &mut rows[0]).await?;

    // The rename changed the folder too. Told here, it is no event of its own a moment later.
    let mut parent_row = actions.known.at(&[folder.to_owned()]).await?;
    if let Some(row) = parent_row.first_mut() {
        let before = row.clone();
        refresh(actions, row).await?;
        if *row != before {
            rows.append(&mut parent_row);
        }
    }

    // The disk had nothing at the new place, so rows from there are of files that went away a moment ago.
    let mut stale = actions.known.below(std::slice::from_ref(&new_path)).await?;
    stale.extend(actions.known.at(&[new_path]).await?);
    stale.retain(|row| !rows.iter().any(|kept| kept.id == row.id));
    Ok(vec![
        Write::DeleteFiles(stale.into_iter().map(|row| row.id).collect()),
        Write::Files { rows, operation: "rename" },
    ])
}

/// Brings what the disk says into the row.
async fn refresh(actions: &Actions, row: &mut file::Model) -> Result<(), Refusal> {
    let path: PathBuf = disk_path(&actions.root, &row.path);
    match on_disk(move || stat(&path).map_err(Refusal::Io)).await {
        Ok(stat) if stat.is_dir == row.is_dir => {
            update(row, &stat);
        }
        // Gone again already, or replaced: the watcher will see.
        Ok(_) | Err(Refusal::Io(_)) => {
            if !row.is_dir {
                row.extension = crate::index::extension(&row.name);
                row.kind = crate::index::kind(row.extension.as_deref()).to_string();
            }
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Refusal::Database(DbErr::Custom(format!("the engine is stopping: {error}"))))?
}
