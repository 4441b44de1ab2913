//! Devices that do without the files of others for a while.

use uuid::Uuid;

use super::world::World;
use crate::sync::unwanted;
use crate::transaction::Write;

impl World {
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
        }
    }
}
