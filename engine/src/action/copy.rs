//! `files.copy`: fetches a file into a folder of this device, from wherever it is.

use sea_orm::EntityTrait;
use serde::Deserialize;
use uuid::Uuid;

use super::name;
use super::refuse::Refusal;
use super::run::Actions;
use crate::database::entity::file_copy::{self, CopyState};
use crate::database::entity::location;
use crate::index::child;
use crate::time::now_ms;

pub(super) const NAME: &str = "files.copy";

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

/// Notes what is to be copied. The answer comes before the file: how far that is, is told as events.
pub(super) async fn run(actions: &Actions, mutation: &str, args: Args) -> Result<u64, Refusal> {
    let folder = actions.folder(&args.folder_id).await?;
    if !actions.known.is_here(&folder) {
        return Err(Refusal::OtherDevice(folder.name));
    }
    let row = actions.file(&args.id).await?;
    if row.is_dir {
        let reason = "files are copied one by one, folders are not".to_owned();
        return Err(Refusal::InvalidArguments { action: NAME, reason });
    }
    // The name comes from another device.
    name::check(&row.name)?;
    if !args.keep_both && !actions.known.at(&[child(&folder.path, &row.name)]).await?.is_empty() {
        return Err(Refusal::TargetExists(row.name));
    }
    let owner = location::Entity::find_by_id(row.location_id).one(&actions.reader).await?;
    let owner =
        owner.ok_or_else(|| Refusal::NotFound { what: "device of the file", id: row.name.clone() })?;
    let copy = file_copy::Model {
        // The same mutation again is the same copy.
        id: Uuid::new_v5(&actions.devices.own(), mutation.as_bytes()),
        file_id: row.id,
        device_id: owner.device_id,
        folder_id: folder.id,
        name: row.name,
        keep_both: args.keep_both,
        state: CopyState::Waiting,
        problem_kind: None,
        problem: None,
        restarts: 0,
        created_ms: now_ms(),
        size: None,
        modified_ns: None,
        chunk: None,
        hashes: None,
        whole: None,
    };
    actions.copies.begin(copy).await?;
    actions.commit(mutation, Vec::new()).await
}
