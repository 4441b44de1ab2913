//! What users and disks do.

use sea_orm::EntityTrait;

use super::device::entry;
use super::world::World;
use crate::database::entity::{file, file_tag, tag};
use crate::transaction::Write;

/// Few names, so that devices mean the same things.
const TAGS: [&str; 4] = ["red", "green", "blue", "gold"];

impl World {
    /// Somebody does something on some device.
    pub(super) async fn somebody_acts(&mut self) {
        let place = usize::try_from(self.random.below(self.devices.len() as u64)).unwrap();
        let writes = match self.random.below(12) {
            0..3 => self.a_file_appears(place).await,
            3 => self.a_file_moves(place).await,
            4 => self.files_go(place).await,
            5 => self.a_favorite(place).await,
            6 | 7 => self.a_tag_is_written(place).await,
            8 if self.random.percent(30) => self.a_tag_is_deleted(place).await,
            9 => self.a_link_is_undone(place).await,
            _ => self.a_link_is_made(place).await,
        };
        if writes.is_empty() {
            return;
        }
        let post = self.devices[place].commit(writes).await;
        self.devices[place].read_events();
        self.post(place, post);
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
}
