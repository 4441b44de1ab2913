//! `files.copy`: fetches a file, or a folder with all that is in it, into a folder of this device, from wherever it is.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;
use uuid::Uuid;

use super::elsewhere::passed;
use super::name;
use super::place::on_disk;
use super::refuse::Refusal;
use super::run::Actions;
use crate::database::entity::file_copy::{self, CopyState};
use crate::database::entity::job::JobKind;
use crate::database::entity::{file, location};
use crate::files::{make, numbered};
use crate::index::{child, disk_path, is_within, parent};
use crate::time::now_ms;

pub(super) const NAME: &str = "files.copy";
pub(super) const CALL_OFF: &str = "files.call_off";

/// The most entries that a folder may have.
const MAX_ENTRIES: u64 = 20_000;
/// How many names are tried where the first is taken.
const NAMES: u32 = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Args {
    pub(super) id: String,
    /// The folder where it goes to, on this device or another.
    pub(super) folder_id: String,
    /// Whether it gets another name if that one is taken there.
    #[serde(default)]
    keep_both: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallOff {
    /// The id of the row of `job`.
    job_id: String,
}

/// Ends a copy that is not wanted any more. What came of it goes.
pub(super) async fn call_off(actions: &Actions, mutation: &str, args: CallOff) -> Result<u64, Refusal> {
    let not_found = || Refusal::NotFound { what: "copy that goes on", id: args.job_id.clone() };
    let job = JobKind::Copy.about(&args.job_id).ok_or_else(not_found)?;
    if actions.copies.call_off(job).await?.is_none() {
        let elsewhere = actions.copies.elsewhere.call_off(job).await;
        elsewhere.map_err(|error| passed(error, &args.job_id))?.ok_or_else(not_found)?;
    }
    actions.commit(mutation, Vec::new()).await
}

/// Notes what is to be copied. The answer comes before the files: how far those are, a job says.
pub(super) async fn run(actions: &Actions, mutation: &str, args: Args) -> Result<u64, Refusal> {
    let folder = actions.folder(&args.folder_id).await?;
    if !actions.known.is_here(&folder) {
        return Err(Refusal::OtherDevice(folder.name));
    }
    let row = actions.file(&args.id).await?;
    // Names come from another device.
    name::check(&row.name)?;
    let owner = location::Entity::find_by_id(row.location_id).one(&actions.reader).await?;
    let owner =
        owner.ok_or_else(|| Refusal::NotFound { what: "device of the file", id: row.name.clone() })?;
    // The same mutation again is the same copy.
    let same = |what: &str| Uuid::new_v5(&actions.devices.own(), what.as_bytes());
    let one = |row: &file::Model, under: String| file_copy::Model {
        id: same(&format!("{mutation}/{}", row.id)),
        job_id: same(mutation),
        file_id: row.id,
        device_id: owner.device_id,
        folder_id: folder.id,
        under,
        name: row.name.clone(),
        keep_both: args.keep_both,
        called_off: false,
        state: CopyState::Waiting,
        problem_kind: None,
        problem: None,
        restarts: 0,
        created_ms: now_ms(),
        size: Some(row.size),
        modified_ns: None,
        chunk: None,
        hashes: None,
        whole: None,
    };
    let copies = if row.is_dir {
        if folder.location_id == row.location_id && is_within(&folder.path, &row.path) {
            return Err(Refusal::IntoItself(row.name));
        }
        let top = free(actions, &folder.path, &row.name, args.keep_both).await?;
        let below = below(actions, &row).await?;
        folders(actions, &folder.path, &top, &row, &below).await?;
        let files = below.iter().filter(|entry| !entry.is_dir);
        files
            .map(|entry| one(entry, below_top(&top, &row, parent(&entry.path).unwrap_or_default())))
            .collect()
    } else {
        if !args.keep_both {
            free(actions, &folder.path, &row.name, false).await?;
        }
        vec![one(&row, String::new())]
    };
    actions.copies.begin(copies).await?;
    actions.commit(mutation, Vec::new()).await
}

/// A name that nothing has in a folder.
async fn free(actions: &Actions, folder: &str, name: &str, keep_both: bool) -> Result<String, Refusal> {
    for number in 1..=if keep_both { NAMES } else { 1 } {
        let name = numbered(name, number);
        if actions.known.at(&[child(folder, &name)]).await?.is_empty() {
            return Ok(name);
        }
    }
    Err(Refusal::TargetExists(name.to_owned()))
}

/// What is in a folder of any device, at any depth; each folder before what is in it.
async fn below(actions: &Actions, folder: &file::Model) -> Result<Vec<file::Model>, Refusal> {
    use file::Column as C;
    let mut these = file::Entity::find().filter(C::LocationId.eq(folder.location_id));
    these = if folder.path.is_empty() {
        these.filter(C::Path.ne(""))
    } else {
        // `0` is the character after `/`: this range is all that starts with the path and a slash.
        these.filter(C::Path.gt(format!("{}/", folder.path))).filter(C::Path.lt(format!("{}0", folder.path)))
    };
    let rows = these.order_by_asc(C::Path).limit(MAX_ENTRIES + 1).all(&actions.reader).await?;
    if rows.len() as u64 > MAX_ENTRIES {
        let reason = format!("“{}” has more than {MAX_ENTRIES} entries: copy what is in it", folder.name);
        return Err(Refusal::InvalidArguments { action: NAME, reason });
    }
    rows.iter().try_for_each(|row| name::check(&row.name))?;
    Ok(rows)
}

/// Makes the folders, so that files find them.
async fn folders(
    actions: &Actions,
    goal: &str,
    top: &str,
    copied: &file::Model,
    below: &[file::Model],
) -> Result<(), Refusal> {
    let folders = below.iter().filter(|entry| entry.is_dir);
    let mut paths = vec![child(goal, top)];
    paths.extend(folders.map(|entry| child(goal, &below_top(top, copied, &entry.path))));
    let (root, places) = (actions.root.clone(), paths.clone());
    let _disk = actions.disk.lock().await;
    on_disk(move || {
        for path in &places {
            let name = path.rsplit('/').next().unwrap_or_default();
            make(&root, parent(path).unwrap_or_default(), name)?;
        }
        Ok(())
    })
    .await?;
    let at = [disk_path(&actions.root, goal)];
    actions.dirty.note_paths(at.into_iter().chain(paths.iter().map(|path| disk_path(&actions.root, path))));
    Ok(())
}

/// Where what was at a path in the folder is in its copy.
fn below_top(top: &str, folder: &file::Model, path: &str) -> String {
    match path.strip_prefix(&folder.path).unwrap_or(path).trim_start_matches('/') {
        "" => top.to_owned(),
        inside => child(top, inside),
    }
}
