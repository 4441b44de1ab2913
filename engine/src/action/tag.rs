//! `tags.create`, `tags.rename`, `tags.delete`, `tags.apply`, `tags.remove`.

use sea_orm::EntityTrait;
use serde::Deserialize;

use super::refuse::Refusal;
use super::run::Actions;
use crate::database::entity::{file_tag, sync_shared, tag};
use crate::sync::Syncable;
use crate::transaction::Write;

pub(super) const CREATE: &str = "tags.create";
pub(super) const RENAME: &str = "tags.rename";
pub(super) const DELETE: &str = "tags.delete";
pub(super) const APPLY: &str = "tags.apply";
pub(super) const REMOVE: &str = "tags.remove";

/// Longest name and id of a tag.
const MAX_CHARS: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Create {
    id: String,
    name: String,
    color: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rename {
    id: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delete {
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    file_id: String,
    tag_id: String,
}

/// Makes a tag. Making the same one again changes nothing; another one with its id or name is refused.
pub(super) async fn create(actions: &Actions, mutation: &str, args: Create) -> Result<u64, Refusal> {
    let Create { id, name, color } = args;
    let name = name.trim().to_owned();
    let invalid = |reason: &str| Refusal::InvalidArguments { action: CREATE, reason: reason.to_owned() };
    check_id(CREATE, &id)?;
    check_name(CREATE, &name)?;
    if !color
        .strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        return Err(invalid("“color” is “#” and six hexadecimal digits"));
    }
    let tags = tag::Entity::find().all(&actions.reader).await?;
    if let Some(same) = tags.iter().find(|tag| tag.id == id) {
        if same.name == name && same.color == color {
            return actions.commit(mutation, Vec::new()).await;
        }
        return Err(Refusal::TargetExists(id));
    }
    if tags.iter().any(|tag| tag.name.to_lowercase() == name.to_lowercase()) {
        return Err(Refusal::TargetExists(name));
    }
    // The id of a tag that was deleted is never a tag again, on any device.
    let before = sync_shared::Entity::find_by_id((tag::Model::INFO.name.to_owned(), id.clone()));
    if before.one(&actions.reader).await?.is_some_and(|before| before.deleted) {
        return Err(Refusal::TargetExists(id));
    }
    actions.commit(mutation, vec![Write::Tag(tag::Model { id, name, color, version: 1 })]).await
}

/// Gives a tag another name, which no other tag has.
pub(super) async fn rename(actions: &Actions, mutation: &str, args: Rename) -> Result<u64, Refusal> {
    let Rename { id, name } = args;
    let name = name.trim().to_owned();
    check_name(RENAME, &name)?;
    let mut tags = tag::Entity::find().all(&actions.reader).await?;
    let Some(place) = tags.iter().position(|tag| tag.id == id) else {
        return Err(not_found(&id));
    };
    let tag = tags.swap_remove(place);
    if tag.name == name {
        return actions.commit(mutation, Vec::new()).await;
    }
    if tags.iter().any(|tag| tag.name.to_lowercase() == name.to_lowercase()) {
        return Err(Refusal::TargetExists(name));
    }
    actions.commit(mutation, vec![Write::Tag(tag::Model { name, ..tag })]).await
}

/// Removes a tag, also from all files. It is gone for ever: its id is not used again.
pub(super) async fn delete(actions: &Actions, mutation: &str, args: Delete) -> Result<u64, Refusal> {
    if tag::Entity::find_by_id(&args.id).one(&actions.reader).await?.is_none() {
        return Err(not_found(&args.id));
    }
    actions.commit(mutation, vec![Write::DeleteTag(args.id)]).await
}

pub(super) fn check_id(action: &'static str, id: &str) -> Result<(), Refusal> {
    if id.is_empty()
        || id.len() > MAX_CHARS
        || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
    {
        let reason = "“id” has 1 to 100 letters, digits, “-”, “_”, “.” or “:”".to_owned();
        return Err(Refusal::InvalidArguments { action, reason });
    }
    Ok(())
}

pub(super) fn check_name(action: &'static str, name: &str) -> Result<(), Refusal> {
    if name.is_empty() || name.chars().count() > MAX_CHARS || name.contains(char::is_control) {
        let reason = "“name” has 1 to 100 characters and none that control".to_owned();
        return Err(Refusal::InvalidArguments { action, reason });
    }
    Ok(())
}

fn not_found(id: &str) -> Refusal {
    Refusal::NotFound { what: "tag", id: id.chars().take(80).collect() }
}

/// Puts a tag on a file.
pub(super) async fn apply(actions: &Actions, mutation: &str, args: Link) -> Result<u64, Refusal> {
    let file = actions.file(&args.file_id).await?.id;
    let tag = args.tag_id;
    if tag::Entity::find_by_id(&tag).one(&actions.reader).await?.is_none() {
        return Err(not_found(&tag));
    }
    let is_applied = file_tag::Entity::find_by_id((file, tag.clone())).one(&actions.reader).await?.is_some();
    let writes = if is_applied { Vec::new() } else { vec![Write::ApplyTag { file, tag }] };
    actions.commit(mutation, writes).await
}

/// Takes a tag off a file.
pub(super) async fn remove(actions: &Actions, mutation: &str, args: Link) -> Result<u64, Refusal> {
    let file = actions.file(&args.file_id).await?.id;
    let tag = args.tag_id;
    let is_applied = file_tag::Entity::find_by_id((file, tag.clone())).one(&actions.reader).await?.is_some();
    let writes = if is_applied { vec![Write::RemoveTag { file, tag }] } else { Vec::new() };
    actions.commit(mutation, writes).await
}
