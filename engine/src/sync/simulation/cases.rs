//! Single stories, told one by one: a few devices, and a network that does what the story says.

mod bulk;
mod coalescing;
mod conflicts;
mod fetching;
mod forwarding;
mod leader;
mod lines;
mod peers;
mod pruning;
mod select;
mod standing;
mod tree;
mod undone;
mod waiting;
mod without;

use std::collections::{BTreeSet, VecDeque};

use uuid::Uuid;

use super::Bug;
use super::device::{Device, entry};
use crate::database::entity::{file, tag};
use crate::sync::message::Message;
use crate::sync::session::{HELLO_MS, Post};
use crate::transaction::Write;

const BEGINNING_MS: u64 = 1_800_000_000_000;

/// A few devices.
struct Few {
    devices: Vec<Device>,
    now_ms: u64,
    /// Messages in the order in which they were sent.
    on_the_way: VecDeque<(usize, usize, Vec<u8>)>,
    /// Pairs that can talk, the smaller number first.
    connected: BTreeSet<(usize, usize)>,
    /// How many changes each message brought, and to whom.
    brought: Vec<(usize, usize)>,
}

impl Few {
    async fn new(count: usize, batch: u64) -> Self {
        Self::with(count, batch, None).await
    }

    /// Devices that all make the same mistake.
    async fn with(count: usize, batch: u64, bug: Option<Bug>) -> Self {
        let mut devices = Vec::new();
        for number in 0..count {
            let id = |kind: u128| Uuid::from_u128(kind * 1_000 + number as u128 + 1);
            devices.push(Device::new(id(1), [id(2), id(3)], BEGINNING_MS, 0, batch, bug).await);
        }
        let (on_the_way, connected, brought) = (VecDeque::new(), BTreeSet::new(), Vec::new());
        Self { devices, now_ms: BEGINNING_MS, on_the_way, connected, brought }
    }

    /// Devices that are all connected, each to the next, and have nothing to say.
    async fn in_a_row(count: usize, batch: u64) -> Self {
        let mut few = Self::new(count, batch).await;
        for one in 1..count {
            few.connect(one - 1, one).await;
        }
        few.settle().await;
        few
    }

    async fn connect(&mut self, one: usize, other: usize) {
        self.connected.insert((one.min(other), one.max(other)));
        for (from, to) in [(one, other), (other, one)] {
            let peer = self.devices[to].id;
            let post = self.devices[from].session.connect(peer).await.unwrap();
            self.post(from, post);
        }
    }

    async fn disconnect(&mut self, one: usize, other: usize) {
        self.connected.remove(&(one.min(other), one.max(other)));
        let ends = [(one, other), (other, one)];
        self.on_the_way.retain(|(from, to, _)| !ends.contains(&(*from, *to)));
        for (from, to) in [(one, other), (other, one)] {
            let peer = self.devices[to].id;
            let post = self.devices[from].session.disconnect(peer).await.unwrap();
            self.post(from, post);
        }
    }

    async fn commit(&mut self, place: usize, writes: Vec<Write>) {
        // No two things happen at the same moment, unless a story wants it.
        self.pass(1);
        let post = self.devices[place].commit(writes).await;
        self.devices[place].read_events().await;
        self.post(place, post);
    }

    fn pass(&mut self, ms: u64) {
        self.now_ms += ms;
        self.devices.iter().for_each(|device| device.set_clock(self.now_ms));
    }

    fn post(&mut self, from: usize, post: Post) {
        for (to, message) in post {
            let to = self.devices.iter().position(|device| device.id == to).unwrap();
            if self.connected.contains(&(from.min(to), from.max(to))) {
                self.on_the_way.push_back((from, to, message.encode().unwrap()));
            }
        }
    }

    /// Delivers the next message. `false`: there is none.
    async fn deliver_one(&mut self) -> bool {
        let Some((from, to, bytes)) = self.on_the_way.pop_front() else { return false };
        if !self.connected.contains(&(from.min(to), from.max(to))) {
            return true;
        }
        let message = Message::decode(&bytes).unwrap();
        match &message {
            Message::Changes { changes } => self.brought.push((to, changes.count())),
            Message::Led { changes, .. } if !changes.is_empty() => self.brought.push((to, changes.count())),
            _ => {}
        }
        let sender = self.devices[from].id;
        let post = self.devices[to].session.handle(sender, message).await.unwrap();
        self.devices[to].read_events().await;
        self.post(to, post);
        true
    }

    /// Delivers until nobody has anything to say, and all have heard what all have.
    async fn settle(&mut self) {
        for _ in 0..3 {
            while self.deliver_one().await {}
            self.pass(HELLO_MS);
            for place in 0..self.devices.len() {
                let post = self.devices[place].session.tick().await.unwrap();
                self.post(place, post);
            }
        }
        while self.deliver_one().await {}
    }

    /// All devices have the same, nothing waits, and clients see it.
    async fn assert_the_same(&self) {
        super::check::same(&self.devices).await.unwrap();
    }

    async fn names(&self, place: usize) -> Vec<String> {
        self.devices[place].tags().await.into_iter().map(|tag| tag.name).collect()
    }

    /// Whether a device has this file, its own or another's.
    async fn has_file(&self, place: usize, id: Uuid) -> bool {
        self.devices[place].files().await.iter().any(|row| row.id == id)
    }

    /// An entry in the folder of a device.
    async fn file_in_root(&self, place: usize, id: u128, name: &str) -> file::Model {
        let device = &self.devices[place];
        let root = device.files().await.into_iter().find(|file| file.id == device.root).unwrap();
        entry(device.location, Some(&root), Uuid::from_u128(id), name, false)
    }
}

fn tagged(id: &str, name: &str) -> Write {
    Write::Tag(tag::Model {
        id: id.to_owned(),
        name: name.to_owned(),
        color: "#ffffff".to_owned(),
        version: 1,
    })
}

fn index(rows: Vec<file::Model>) -> Write {
    Write::Files { rows, operation: "index" }
}

/// Some files of a device, numbered from `first`.
async fn some_files(few: &mut Few, place: usize, first: u128, count: u128) -> Vec<file::Model> {
    let mut rows = Vec::new();
    for id in first..first + count {
        rows.push(few.file_in_root(place, id, &id.to_string()).await);
    }
    few.commit(place, vec![index(rows.clone())]).await;
    rows
}
