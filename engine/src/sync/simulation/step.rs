//! What users and disks do.

use sea_orm::{EntityTrait, QueryOrder};
use uuid::Uuid;

use super::device::entry;
use super::world::World;
use crate::database::entity::{
    album, album_entry, content_identity, content_tag, file, file_tag, sync_conflict, tag,
};
use crate::transaction::Write;

/// Few names, so that devices mean the same things.
const TAGS: [&str; 4] = ["red", "green", "blue", "gold"];

impl World {
    /// Somebody does something on some device.
    pub(super) async fn somebody_acts(&mut self) {
        let place = usize::try_from(self.random.below(self.devices.len() as u64)).unwrap();
        let what = self.random.below(20);
        let about = match what {
            0..5 | 18 => None,
            5 => Some("user_metadata"),
            6 | 7 => Some("tag"),
            12 | 13 => Some("album"),
            14 | 15 => Some("album_entry"),
            16 => Some("content_tag"),
            _ => Some("file_tag"),
        };
        let blocked = self.devices[place].session.blocked().await.unwrap();
        let is_blocked = |model: &str| blocked.unwanted.contains(model) || blocked.coming.contains(model);
        // A tag or an album may go with what leads to it.
        if about.is_some_and(|model| is_blocked(model) || model == "album_entry" && is_blocked("album")) {
            return;
        }
        let writes = match what {
            0..3 => self.a_file_appears(place).await,
            3 => self.a_file_moves(place).await,
            4 => self.files_go(place).await,
            5 => self.a_favorite(place).await,
            6 | 7 => self.a_tag_is_written(place).await,
            8 if self.random.percent(30) => self.a_tag_is_deleted(place).await,
            9 => self.a_link_is_undone(place).await,
            12 | 13 => self.an_album_is_written(place).await,
            14 if self.random.percent(15) => self.an_album_is_deleted(place).await,
            14 => self.an_entry_is_undone(place).await,
            15 => self.an_entry_is_made(place).await,
            16 => self.a_content_is_tagged(place).await,
            11 | 17 => self.something_rare(place).await,
            18 if self.random.percent(50) => {
                self.a_model_is_chosen(place).await;
                return;
            }
            18 => self.a_device_is_chosen(place).await,
            _ => self.a_link_is_made(place).await,
        };
        if writes.is_empty() {
            return;
        }
        let post = self.devices[place].commit(writes).await;
        self.devices[place].read_events().await;
        self.post(place, post).await;
    }

    async fn own_files(&self, place: usize) -> Vec<file::Model> {
        let device = &self.devices[place];
        let files = device.files().await.into_iter();
        files.filter(|file| file.location_id == device.location).collect()
    }

    async fn a_file_appears(&mut self, place: usize) -> Vec<Write> {
        let folders: Vec<_> = self.own_files(place).await.into_iter().filter(|file| file.is_dir).collect();
        let Some(folder) = self.random.pick(&folders).cloned() else { return Vec::new() };
        let id = self.random.uuid();
        let is_dir = self.random.percent(50);
        let name = format!("n{}", self.random.below(1 << 40));
        let row = entry(folder.location_id, Some(&folder), id, &name, is_dir);
        vec![Write::Files { rows: vec![row], operation: "index" }]
    }

    /// A new name, or another folder, or both; and what is below comes along.
    async fn a_file_moves(&mut self, place: usize) -> Vec<Write> {
        let files = self.own_files(place).await;
        let root = self.devices[place].root;
        let movable: Vec<_> = files.iter().filter(|file| file.id != root).cloned().collect();
        let Some(mut moved) = self.random.pick(&movable).cloned() else { return Vec::new() };
        let below = |path: &str| path == moved.path || path.starts_with(&format!("{}/", moved.path));
        let folders: Vec<_> =
            files.iter().filter(|file| file.is_dir && !below(&file.path)).cloned().collect();
        let Some(folder) = self.random.pick(&folders) else { return Vec::new() };
        if self.random.percent(50) {
            moved.parent_id = Some(folder.id);
        }
        let parent = files.iter().find(|file| Some(file.id) == moved.parent_id).unwrap();
        let name = format!("n{}", self.random.below(1 << 40));
        let path = if parent.path.is_empty() { name.clone() } else { format!("{}/{name}", parent.path) };
        let mut rows: Vec<_> =
            files.iter().filter(|file| below(&file.path) && file.id != moved.id).cloned().collect();
        for row in &mut rows {
            row.path = format!("{path}{}", &row.path[moved.path.len()..]);
        }
        (moved.name, moved.path) = (name, path);
        rows.push(moved);
        self.seen.moves += 1;
        vec![Write::Files { rows, operation: "index" }]
    }

    async fn files_go(&mut self, place: usize) -> Vec<Write> {
        let files = self.own_files(place).await;
        let root = self.devices[place].root;
        let movable: Vec<_> = files.iter().filter(|file| file.id != root).cloned().collect();
        let Some(gone) = self.random.pick(&movable).cloned() else { return Vec::new() };
        let below = |path: &str| path == gone.path || path.starts_with(&format!("{}/", gone.path));
        let ids = files.iter().filter(|file| below(&file.path)).map(|file| file.id).collect();
        vec![Write::DeleteFiles(ids)]
    }

    async fn a_favorite(&mut self, place: usize) -> Vec<Write> {
        let files = self.devices[place].files().await;
        let Some(file) = self.random.pick(&files).map(|file| file.id) else { return Vec::new() };
        let favorite = self.random.percent(60);
        self.done.favorites.entry(file).or_default().insert(favorite);
        vec![Write::Favorite { file, favorite }]
    }

    async fn a_tag_is_written(&mut self, place: usize) -> Vec<Write> {
        let tags = self.devices[place].tags().await;
        let name = format!("name {}", self.random.below(1 << 40));
        let is_new = tags.is_empty() || self.random.percent(40);
        let id = if is_new {
            // Two devices may make a tag with the same id: it is the same tag.
            let made = self.done.tags_made.len() / 3;
            format!("{}-{made}", self.random.pick(&TAGS).unwrap())
        } else {
            self.random.pick(&tags).unwrap().id.clone()
        };
        if self.done.tags_deleted.contains(&id) {
            return Vec::new();
        }
        self.done.tags_made.entry(id.clone()).or_default().insert(name.clone());
        vec![Write::Tag(tag::Model { id, name, color: "#ffffff".to_owned(), version: 1 })]
    }

    async fn a_tag_is_deleted(&mut self, place: usize) -> Vec<Write> {
        let tags = self.devices[place].tags().await;
        let Some(tag) = self.random.pick(&tags) else { return Vec::new() };
        self.done.tags_deleted.insert(tag.id.clone());
        vec![Write::DeleteTag(tag.id.clone())]
    }

    async fn links(&self, place: usize) -> Vec<file_tag::Model> {
        let mut links = file_tag::Entity::find().all(&self.devices[place].db.reader).await.unwrap();
        links.sort_by(|a, b| (a.file_id, &a.tag_id).cmp(&(b.file_id, &b.tag_id)));
        links
    }

    async fn a_link_is_made(&mut self, place: usize) -> Vec<Write> {
        let (files, tags) = (self.devices[place].files().await, self.devices[place].tags().await);
        let (Some(file), Some(tag)) = (self.random.pick(&files), self.random.pick(&tags)) else {
            return Vec::new();
        };
        let (file, tag) = (file.id, tag.id.clone());
        let links = self.links(place).await;
        if links.iter().any(|link| link.file_id == file && link.tag_id == tag) {
            return Vec::new();
        }
        self.done.links_made.insert(format!("{file}/{tag}"));
        vec![Write::ApplyTag { file, tag }]
    }

    async fn a_link_is_undone(&mut self, place: usize) -> Vec<Write> {
        let links = self.links(place).await;
        let Some(link) = self.random.pick(&links) else { return Vec::new() };
        let (file, tag) = (link.file_id, link.tag_id.clone());
        self.done.links_undone.insert(format!("{file}/{tag}"));
        vec![Write::RemoveTag { file, tag }]
    }

    async fn an_album_is_written(&mut self, place: usize) -> Vec<Write> {
        let db = &self.devices[place].db.reader;
        let albums = album::Entity::find().order_by_asc(album::Column::Id).all(db).await.unwrap();
        let files = self.devices[place].files().await;
        let name = format!("name {}", self.random.below(1 << 40));
        let row = match self.random.pick(&albums).cloned().filter(|_| self.random.percent(70)) {
            // One field of it, or both.
            Some(row) if self.random.percent(40) => album::Model { name, ..row },
            Some(row) => {
                let cover_id = self.random.pick(&files).map(|file| file.id);
                album::Model { cover_id, name: if self.random.percent(30) { name } else { row.name }, ..row }
            }
            None => {
                // Two devices may make an album with the same id: it is the same album.
                let made = self.done.albums.len() / 2;
                let id = format!("{}-{made}", self.random.pick(&TAGS).unwrap());
                if albums.iter().any(|album| album.id == id) {
                    return Vec::new();
                }
                album::Model { id, name, cover_id: None, version: 1 }
            }
        };
        if self.done.albums_deleted.contains(&row.id) {
            return Vec::new();
        }
        let (names, covers) = self.done.albums.entry(row.id.clone()).or_default();
        names.insert(row.name.clone());
        covers.insert(row.cover_id);
        vec![Write::Album(row)]
    }

    async fn an_album_is_deleted(&mut self, place: usize) -> Vec<Write> {
        let db = &self.devices[place].db.reader;
        let albums = album::Entity::find().order_by_asc(album::Column::Id).all(db).await.unwrap();
        let Some(album) = self.random.pick(&albums) else { return Vec::new() };
        self.done.albums_deleted.insert(album.id.clone());
        vec![Write::DeleteAlbum(album.id.clone())]
    }

    async fn entries(&self, place: usize) -> Vec<album_entry::Model> {
        use album_entry::Column as C;
        let entries = album_entry::Entity::find().order_by_asc(C::AlbumId).order_by_asc(C::FileId);
        entries.all(&self.devices[place].db.reader).await.unwrap()
    }

    async fn an_entry_is_made(&mut self, place: usize) -> Vec<Write> {
        let db = &self.devices[place].db.reader;
        let albums = album::Entity::find().order_by_asc(album::Column::Id).all(db).await.unwrap();
        let files = self.devices[place].files().await;
        let (Some(file), Some(album)) = (self.random.pick(&files), self.random.pick(&albums)) else {
            return Vec::new();
        };
        let (file, album) = (file.id, album.id.clone());
        if self.entries(place).await.iter().any(|entry| entry.file_id == file && entry.album_id == album) {
            return Vec::new();
        }
        self.done.entries_made.insert(format!("{album}/{file}"));
        vec![Write::AddToAlbum { album, file }]
    }

    async fn an_entry_is_undone(&mut self, place: usize) -> Vec<Write> {
        let entries = self.entries(place).await;
        let Some(entry) = self.random.pick(&entries) else { return Vec::new() };
        let (album, file) = (entry.album_id.clone(), entry.file_id);
        self.done.entries_undone.insert(format!("{album}/{file}"));
        vec![Write::RemoveFromAlbum { album, file }]
    }

    /// Few contents, so that devices find the same.
    async fn a_content_is_tagged(&mut self, place: usize) -> Vec<Write> {
        let tags = self.devices[place].tags().await;
        let content = Uuid::from_u128(u128::from(1 + self.random.below(4)));
        let hash = format!("{content}");
        let first_seen_ns = i64::try_from(self.random.below(1 << 40)).unwrap();
        let found = content_identity::Model { id: content, hash, size: 1, first_seen_ns, version: 1 };
        let mut writes = vec![Write::Content(found)];
        let Some(tag) = self.random.pick(&tags).map(|tag| tag.id.clone()) else { return writes };
        let link = content_tag::Entity::find_by_id((content, tag.clone()));
        let is_tagged = link.one(&self.devices[place].db.reader).await.unwrap().is_some();
        let (done, text) = (&mut self.done, format!("{content}/{tag}"));
        if is_tagged {
            done.content_tags_undone.insert(text);
            writes.push(Write::UntagContent { content, tag });
        } else {
            done.content_tags_made.insert(text);
            writes.push(Write::TagContent { content, tag });
        }
        writes
    }

    /// Very many entries at once, or somebody looks at the conflicts.
    async fn something_rare(&mut self, place: usize) -> Vec<Write> {
        use sync_conflict::Column as C;
        let conflicts = sync_conflict::Entity::find().order_by_asc(C::RecordId).order_by_asc(C::LostHlc);
        let conflicts = conflicts.all(&self.devices[place].db.reader).await.unwrap();
        let blocked = self.devices[place].session.blocked().await.unwrap();
        let is_here = |conflict: &sync_conflict::Model| {
            let model = conflict.model.as_str();
            !blocked.unwanted.contains(model) && !blocked.coming.contains(model)
        };
        if let Some(conflict) = self.random.pick(&conflicts).filter(|conflict| is_here(conflict)) {
            self.seen.resolved += 1;
            let (conflict, keep_lost) = (conflict.resource_id(), self.random.percent(50));
            return vec![Write::Resolve { conflict, keep_lost }];
        }
        let folders: Vec<_> = self.own_files(place).await.into_iter().filter(|file| file.is_dir).collect();
        let Some(folder) = self.random.pick(&folders).cloned() else { return Vec::new() };
        let mut rows = Vec::new();
        for _ in 0..1 + self.random.below(20) {
            let name = format!("n{}", self.random.below(1 << 40));
            rows.push(entry(folder.location_id, Some(&folder), self.random.uuid(), &name, false));
        }
        self.seen.bulks += 1;
        vec![Write::FilesInBulk { rows, mode: "index" }]
    }
}
