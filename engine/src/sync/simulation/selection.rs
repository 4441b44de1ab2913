//! Devices that do without the files of others, or without shared models, for a while.

use uuid::Uuid;

use super::world::World;
use crate::sync::marks::Marks;
use crate::sync::{unwanted, unwanted_models};
use crate::transaction::Write;

/// Models to do without, each with what depends on it. Two of them have one of these in common.
const MODELS: [&str; 5] = ["tag", "album", "user_metadata", "content_tag", "album_entry"];

impl World {
    /// A device does not want a shared model any more, loses some more of it, or wants it again. The first device wants all of them, and keeps what
    /// others let go of.
    pub(super) async fn a_model_is_chosen(&mut self, place: usize) {
        let model = (*self.random.pick(&MODELS).unwrap()).to_owned();
        let (what, some) = (self.random.below(3), 1 + self.random.below(6));
        if place == 0 {
            return;
        }
        if what > 0 {
            self.seen.evicted_rows += self.devices[place].transactions.evict_models(some).await.unwrap();
            self.devices[place].read_events().await;
            return;
        }
        let wanted = unwanted_models(&self.devices[place].db.reader).await.unwrap().contains(&model);
        let kept = Marks::load(&self.devices[0].db.reader).await.unwrap().positions();
        let write = Write::SelectModel { model, wanted, kept };
        // It is refused while the first device does not have all of it.
        if self.devices[place].transactions.commit(vec![write], None).await.is_ok() {
            self.seen.let_go += u64::from(!wanted);
            // Some of it goes at once, and the rest later, or never if it is wanted again before.
            self.seen.evicted_rows += self.devices[place].transactions.evict_models(some).await.unwrap();
            self.devices[place].read_events().await;
            let post = self.devices[place].session.changed().await.unwrap();
            self.post(place, post).await;
        }
    }

    /// A device does not want the files of another any more, loses some more of them, or wants them again.
    pub(super) async fn a_device_is_chosen(&mut self, place: usize) -> Vec<Write> {
        let own = self.devices[place].id;
        let others: Vec<Uuid> =
            self.devices.iter().map(|device| device.id).filter(|device| *device != own).collect();
        let Some(device) = self.random.pick(&others).copied() else { return Vec::new() };
        let is_wanted = !unwanted(&self.devices[place].db.reader).await.unwrap().contains(&device);
        match self.random.below(3) {
            0 => vec![Write::Select { device, wanted: !is_wanted }],
            // As a service does in the background, which a crash may hold up at any point.
            _ => {
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
