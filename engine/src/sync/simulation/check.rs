//! What must hold when the network is well again.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Statement};
use serde_json::Value;
use uuid::Uuid;

use super::device::Device;
use super::world::World;
use crate::database::entity::{
    album, album_entry, content_identity, content_tag, content_tag_later, device, file, file_tag, location,
    sync_change, sync_conflict,
    sync_owned::{self, State},
    sync_shared, sync_waiting, tag, user_metadata, volume,
};
use crate::resource;
use crate::sync::{Payload, Syncable};
use crate::transaction::{albums, contents, with_tags};

/// All synced rows of a device.
#[derive(Debug, PartialEq)]
pub(super) struct Rows {
    tables: BTreeMap<&'static str, BTreeMap<String, Payload>>,
    places: BTreeMap<String, i64>,
    favorites: BTreeSet<uuid::Uuid>,
}

pub(super) async fn check(world: &World) -> Result<(), String> {
    let rows = same(&world.devices).await?;
    nothing_is_lost(world, &rows)
}

/// All devices have the same rows, and each is in order. Returns the rows.
pub(super) async fn same(devices: &[Device]) -> Result<Rows, String> {
    let mut all = Vec::new();
    for device in devices {
        all.push(rows(device).await);
    }
    for (rows, device) in all.iter().zip(devices).skip(1) {
        for (model, expected) in &all[0].tables {
            let found = &rows.tables[model];
            for id in expected.keys().chain(found.keys()) {
                if expected.get(id) != found.get(id) {
                    let (one, other) = (expected.get(id), found.get(id));
                    return Err(format!("{model} {id} is not the same everywhere: {one:?} and {other:?}"));
                }
            }
        }
        if rows != &all[0] {
            return Err(format!("favorites or the order of tags differ on {}", device.id));
        }
    }
    for device in devices {
        orderly(device).await?;
    }
    Ok(all.swap_remove(0))
}

async fn rows(of: &Device) -> Rows {
    let tables = BTreeMap::from([
        (device::Model::INFO.name, of.rows::<device::Model>().await),
        (location::Model::INFO.name, of.rows::<location::Model>().await),
        (file::Model::INFO.name, of.rows::<file::Model>().await),
        (user_metadata::Model::INFO.name, of.rows::<user_metadata::Model>().await),
        (tag::Model::INFO.name, of.rows::<tag::Model>().await),
        (file_tag::Model::INFO.name, of.rows::<file_tag::Model>().await),
        (volume::Model::INFO.name, of.rows::<volume::Model>().await),
        (content_identity::Model::INFO.name, of.rows::<content_identity::Model>().await),
        (content_tag::Model::INFO.name, of.rows::<content_tag::Model>().await),
        (album::Model::INFO.name, of.rows::<album::Model>().await),
        (album_entry::Model::INFO.name, of.rows::<album_entry::Model>().await),
    ]);
    let links = file_tag::Entity::find().all(&of.db.reader).await.unwrap();
    let places = links.into_iter().map(|link| (format!("{}/{}", link.file_id, link.tag_id), link.position));
    let favorites = of.files().await.into_iter().filter(|file| file.favorite).map(|file| file.id);
    Rows { tables, places: places.collect(), favorites: favorites.collect() }
}

/// Nothing waits, nothing refers to what is not there, the client knows all of it, and the log has been pruned.
async fn orderly(of: &Device) -> Result<(), String> {
    let db = &of.db.reader;
    let waiting = sync_waiting::Entity::find().all(db).await.unwrap();
    if let Some(first) = waiting.first() {
        return Err(format!("{} still waits for {first:?} and {} more", of.id, waiting.len() - 1));
    }
    if let Some(wrong) =
        of.transactions.kept().await.unwrap().differs(db, &of.replica.registry).await.unwrap()
    {
        return Err(format!("what {} keeps in memory is not what it has in its tables: {wrong}", of.id));
    }
    let files = of.files().await;
    let ids: BTreeSet<Uuid> = files.iter().map(|row| row.id).collect();
    for row in &files {
        let is_below = row.parent_id.is_none_or(|parent| ids.contains(&parent));
        if !is_below {
            return Err(format!("{} is below nothing on {}", row.path, of.id));
        }
    }
    let here = rows(of).await.tables;
    for known in sync_shared::Entity::find().all(db).await.unwrap() {
        // That a link was taken away may be known for longer than what it led to.
        let is_undone = known.dots.as_deref().is_some_and(|dots| dots.starts_with(r#"{"live":[],"#));
        let knows_more = is_undone && known.dots.as_deref() != Some(r#"{"live":[],"dead":[]}"#);
        let is_here = here[known.model.as_str()].contains_key(&known.record_id);
        if knows_more || is_here == (known.deleted || is_undone) {
            return Err(format!("{known:?} is left over on {}", of.id));
        }
    }
    if let Some(left) = content_tag_later::Entity::find().one(db).await.unwrap() {
        return Err(format!("{left:?} is left over on {}", of.id));
    }
    for conflict in sync_conflict::Entity::find().all(db).await.unwrap() {
        if !here[conflict.model.as_str()].contains_key(&conflict.record_id) {
            return Err(format!("{conflict:?} is about nothing on {}", of.id));
        }
    }
    closure(of, &files).await?;
    let mut expected: BTreeMap<(String, String), Value> = BTreeMap::new();
    let resources = with_tags(db, files).await.unwrap().into_iter().map(|row| ("file", row));
    let tags = of.tags().await;
    let resources = resources.chain(tags.iter().map(|row| ("tag", resource::tag(row).unwrap())));
    let rows = contents(db, content_identity::Entity::find().all(db).await.unwrap()).await.unwrap();
    let resources = resources.chain(rows.into_iter().map(|row| ("content_identity", row)));
    let rows = albums(db, album::Entity::find().all(db).await.unwrap()).await.unwrap();
    let resources = resources.chain(rows.into_iter().map(|row| ("album", row)));
    let rows = location::Entity::find().all(db).await.unwrap();
    let resources = resources.chain(rows.iter().map(|row| ("location", resource::location(row).unwrap())));
    let rows = sync_conflict::Entity::find().all(db).await.unwrap();
    let rows = rows.into_iter().map(|row| of.db.vault.read_conflict(row).unwrap());
    let resources = resources.chain(rows.map(|row| ("conflict", resource::conflict(row).unwrap())));
    for (resource_type, row) in resources {
        let row: Value = serde_json::from_str(row.get()).unwrap();
        let id = row["id"].as_str().unwrap().to_owned();
        expected.insert((resource_type.to_owned(), id), row);
    }
    let mut client = of.client.clone();
    client.retain(|(resource_type, _), _| resource_type != "device" && resource_type != "volume");
    if client != expected {
        return Err(format!(
            "a client of {} does not see what the tables hold:\n{client:#?}\n{expected:#?}",
            of.id
        ));
    }
    let log = sync_change::Entity::find().count(db).await.unwrap();
    if log > 0 {
        return Err(format!("{log} changes that everybody has are still in the log of {}", of.id));
    }
    let buried = sync_owned::Entity::find().filter(sync_owned::Column::State.ne(State::Live));
    if let Some(tombstone) = buried.one(db).await.unwrap() {
        return Err(format!("{} still has a tombstone that everybody has: {tombstone:?}", of.id));
    }
    Ok(())
}

/// The table of what is in what is as the parents say.
async fn closure(of: &Device, files: &[file::Model]) -> Result<(), String> {
    let folders: BTreeMap<_, _> =
        files.iter().filter(|row| row.is_dir).map(|row| (row.id, row.parent_id)).collect();
    let mut expected = BTreeSet::new();
    for folder in folders.keys() {
        let (mut above, mut depth) = (Some(*folder), 0);
        while let Some(id) = above {
            expected.insert((*folder, id, depth));
            above = folders[&id];
            depth += 1;
        }
    }
    let all = Statement::from_string(
        of.db.reader.get_database_backend(),
        "SELECT descendant, ancestor, depth FROM folder_closure",
    );
    let found: BTreeSet<(Uuid, Uuid, i64)> = of
        .db
        .reader
        .query_all_raw(all)
        .await
        .unwrap()
        .iter()
        .map(|row| (row.try_get_by(0).unwrap(), row.try_get_by(1).unwrap(), row.try_get_by(2).unwrap()))
        .collect();
    if found != expected {
        let wrong: Vec<_> = found.symmetric_difference(&expected).take(3).collect();
        return Err(format!("which folder is in which is wrong on {}: {wrong:?}", of.id));
    }
    Ok(())
}

/// Whatever a user was told is done has had its effect, unless somebody undid it.
fn nothing_is_lost(world: &World, rows: &Rows) -> Result<(), String> {
    let done = &world.done;
    let tags = &rows.tables["tag"];
    for (id, names) in &done.tags_made {
        match tags.get(id) {
            Some(tag) if !names.contains(tag["name"].as_str().unwrap_or_default()) => {
                return Err(format!("nobody ever called tag {id} {}", tag["name"]));
            }
            None if !done.tags_deleted.contains(id) => return Err(format!("tag {id} is lost")),
            Some(_) if done.tags_deleted.contains(id) => return Err(format!("tag {id} was deleted")),
            _ => {}
        }
    }
    let files = &rows.tables["file"];
    for link in &done.links_made {
        let (file, tag) = link.split_once('/').unwrap();
        let is_possible = files.contains_key(file) && tags.contains_key(tag);
        let is_there = rows.tables["file_tag"].contains_key(link);
        if is_there && !is_possible {
            return Err(format!("the link {link} leads nowhere"));
        }
        if is_possible && !is_there && !done.links_undone.contains(link) {
            return Err(format!("the link {link} is lost"));
        }
    }
    for (file, values) in &done.favorites {
        let id = file.to_string();
        if !files.contains_key(&id) {
            continue;
        }
        let Some(said) = rows.tables["user_metadata"].get(&id) else {
            return Err(format!("what was said about {file} is lost"));
        };
        let favorite = said["favorite"].as_bool().unwrap_or_default();
        if !values.contains(&favorite) || rows.favorites.contains(file) != favorite {
            return Err(format!("{file} is not the favorite that somebody wanted"));
        }
    }
    let albums = &rows.tables["album"];
    for (id, (names, covers)) in &done.albums {
        let is_deleted = done.albums_deleted.contains(id);
        let Some(album) = albums.get(id) else {
            if is_deleted {
                continue;
            }
            return Err(format!("album {id} is lost"));
        };
        let cover = album["cover_id"].as_str().map(|id| id.parse().unwrap());
        let name = album["name"].as_str().unwrap_or_default();
        if is_deleted || !names.contains(name) || !(cover.is_none() || covers.contains(&cover)) {
            return Err(format!("album {id} is not as anybody wanted it: {album:?}"));
        }
    }
    for entry in &done.entries_made {
        let (album, file) = entry.split_once('/').unwrap();
        let is_possible = files.contains_key(file) && albums.contains_key(album);
        let is_there = rows.tables["album_entry"].contains_key(entry);
        if is_there && !is_possible || is_possible && !is_there && !done.entries_undone.contains(entry) {
            return Err(format!("the entry {entry} of an album is lost, or leads nowhere"));
        }
    }
    for link in &done.content_tags_made {
        let (content, tag) = link.split_once('/').unwrap();
        let is_possible = rows.tables["content_identity"].contains_key(content) && tags.contains_key(tag);
        let is_there = rows.tables["content_tag"].contains_key(link);
        if is_there && !is_possible || is_possible && !is_there && !done.content_tags_undone.contains(link) {
            return Err(format!("the tag {link} of a content is lost, or leads nowhere"));
        }
    }
    Ok(())
}
