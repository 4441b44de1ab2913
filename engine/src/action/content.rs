//! `content.tag` and `content.untag`: tags on what is in a file, wherever else it is. `conflicts.resolve`.

use sea_orm::EntityTrait;
use serde::Deserialize;

use super::refuse::Refusal;
use super::run::Actions;
use crate::database::entity::{content_tag, sync_conflict, tag};
use crate::index::identify_file;
use crate::transaction::Write;

pub(super) const TAG: &str = "content.tag";
pub(super) const UNTAG: &str = "content.untag";
pub(super) const RESOLVE: &str = "conflicts.resolve";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    file_id: String,
    tag_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Resolve {
    id: String,
    keep: Keep,
}

/// Which of the two values.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Keep {
    Kept,
    Lost,
}

/// Puts a tag on the content of a file. A file of this device is looked into right now, if nobody has; with one of another device the tag
/// waits here until that has said what is in it.
pub(super) async fn tag(actions: &Actions, mutation: &str, args: Link) -> Result<u64, Refusal> {
    let mut file = actions.file(&args.file_id).await?;
    let tag = args.tag_id;
    if tag::Entity::find_by_id(&tag).one(&actions.reader).await?.is_none() {
        return Err(Refusal::NotFound { what: "tag", id: tag.chars().take(80).collect() });
    }
    if file.is_dir || file.size == 0 {
        let reason = "a folder or an empty file has no content".to_owned();
        return Err(Refusal::InvalidArguments { action: TAG, reason });
    }
    if file.content_id.is_none() && actions.known.is_here(&file) {
        identify_file(&actions.transactions, &actions.root, &file).await?;
        file = actions.file(&args.file_id).await?;
    }
    let writes = match file.content_id {
        Some(content) if is_tagged(actions, content, &tag).await? => Vec::new(),
        Some(content) => vec![Write::TagContent { content, tag }],
        None => vec![Write::TagContentLater { file: file.id, tag }],
    };
    actions.commit(mutation, writes).await
}

/// Takes a tag off the content of a file.
pub(super) async fn untag(actions: &Actions, mutation: &str, args: Link) -> Result<u64, Refusal> {
    let file = actions.file(&args.file_id).await?;
    let tag = args.tag_id;
    let writes = match file.content_id {
        Some(content) if is_tagged(actions, content, &tag).await? => {
            vec![Write::UntagContent { content, tag }]
        }
        _ => Vec::new(),
    };
    actions.commit(mutation, writes).await
}

async fn is_tagged(actions: &Actions, content: uuid::Uuid, tag: &str) -> Result<bool, Refusal> {
    let link = content_tag::Entity::find_by_id((content, tag.to_owned()));
    Ok(link.one(&actions.reader).await?.is_some())
}

/// Settles a conflict on all devices.
pub(super) async fn resolve(actions: &Actions, mutation: &str, args: Resolve) -> Result<u64, Refusal> {
    let Resolve { id: conflict, keep } = args;
    if sync_conflict::Model::find(&actions.reader, &conflict).await?.is_none() {
        return Err(Refusal::NotFound { what: "conflict", id: conflict.chars().take(80).collect() });
    }
    let keep_lost = keep == Keep::Lost;
    actions.commit(mutation, vec![Write::Resolve { conflict, keep_lost }]).await
}
