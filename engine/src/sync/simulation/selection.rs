//! Devices that do without the files of others, or without shared models, for a while.

use uuid::Uuid;

use super::world::World;
use crate::sync::{unwanted, unwanted_models};
use crate::transaction::Write;

/// Models to do without, each with what depends on it. Two of them have one of these in common.
const MODELS: [&str; 5] = ["tag", "album", "user_metadata", "content_tag", "album_entry"];

impl World {
    /// A device asks who keeps a shared model that it does not want any more, loses some more of it, or wants it again.
    pub(super) async fn a_model_is_chosen(&mut self, place: usize) {
        let model = (*self.random.pick(&MODELS).unwrap()).to_owned();
        let (what, some) = (self.random.below(3), 1 + self.random.below(6));
        let unwanted = unwanted_models(&self.devices[place].db.reader).await.unwrap();
        if what > 0 && !unwanted.is_empty() {
            self.seen.evicted_rows += self.devices[place].transactions.evict_models(some).await.unwrap();
            self.devices[place].read_events().await;
            return;
        }
        self.devices[place].session.stay_with();
        let post = if unwanted.contains(&model) {
            let write = Write::SelectModel { model, wanted: true, kept: Default::default() };
            let post = self.devices[place].commit(vec![write]).await;
            self.devices[place].read_events().await;
            post
        } else {
            // In a world like this few have all that another has, unless there is some quiet now and then.
            if self.random.percent(70) {
                self.some_quiet(place).await;
            }
            self.devices[place].session.wants_to_let_go(&model);
            self.devices[place].session.tick().await.unwrap()
        };
        if self.is_there(place) {
            self.post(place, post).await;
        }
    }

    /// A device lets go of the model that it does not want, if another has said that it keeps it.
    pub(super) async fn lets_go(&mut self, place: usize) {
        let session = &self.devices[place].session;
        let Some((model, kept)) = session.kept_elsewhere() else { return };
        // More may have been written here than the other has.
        let write = Write::SelectModel { model, wanted: false, kept };
        let done = self.devices[place].transactions.commit(vec![write], None).await;
        let session = &self.devices[place].session;
        session.stay_with();
        if done.is_ok() {
            self.seen.let_go += 1;
            // Some of it goes at once, and the rest later, or never if it is wanted again before.
            let some = 1 + self.random.below(6);
            let post = self.devices[place].session.changed().await.unwrap();
            self.seen.evicted_rows += self.devices[place].transactions.evict_models(some).await.unwrap();
            self.devices[place].read_events().await;
            self.post(place, post).await;
        }
    }

    /// A device does not want the files of another any more, loses some more of them, or wants them again.
    pub(super) async fn a_device_is_chosen(&mut self, place: usize) -> Vec<Write> {
        let own = self.devices[place].id;
        let others: Vec<Uuid> =
            self.devices.iter().map(|device| device.id).filter(|device| *device != own).collect();
        let Some(device) = self.random.pick(&others).copied() else { return Vec::new() };
        let unwanted = unwanted(&self.devices[place].db.reader).await.unwrap();
        match self.random.below(3) {
            0 => vec![Write::Select { device, wanted: unwanted.contains(&device) }],
            _ if unwanted.is_empty() => vec![Write::Select { device, wanted: false }],
            // As a service does in the background, which a crash may hold up at any point.
            _ => {
                let device = *self.random.pick(&unwanted.into_iter().collect::<Vec<_>>()).unwrap();
                let some = 1 + self.random.below(6);
                let gone = self.devices[place].transactions.evict(device, some).await.unwrap();
                self.seen.evicted += gone;
                self.devices[place].read_events().await;
                Vec::new()
            }
        }
    }

    /// In the end everybody wants everything, so that all have the same.
    pub(super) async fn all_is_wanted(&mut self) {
        for place in 0..self.devices.len() {
            self.devices[place].session.stay_with();
            for device in unwanted(&self.devices[place].db.reader).await.unwrap() {
                let post = self.devices[place].commit(vec![Write::Select { device, wanted: true }]).await;
                self.devices[place].read_events().await;
                self.post(place, post).await;
            }
            for model in unwanted_models(&self.devices[place].db.reader).await.unwrap() {
                let write = Write::SelectModel { model, wanted: true, kept: Default::default() };
                let post = self.devices[place].commit(vec![write]).await;
                self.devices[place].read_events().await;
                self.post(place, post).await;
            }
        }
    }
}
