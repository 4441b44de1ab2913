//! Answers that the backend watches for as long as somebody shows them.

use super::Cache;
use crate::wire::{ClientFrame, raw};

/// Ids of what is watched begin so.
pub(super) const WATCH: &str = "watch/";

impl Cache {
    /// What is shown may be other results than before.
    pub(super) fn follow_watches(&mut self) {
        let remote = &mut self.remote;
        let forgotten = remote.watches.follow(remote.entries.iter().flatten());
        for id in forgotten {
            self.send(&ClientFrame::Unwatch { id: name(id) });
        }
        if self.session.is_open() && !self.is_restoring() {
            let mut frames = Vec::new();
            self.watch_unsent(&mut frames);
            for frame in &frames {
                self.send(frame);
            }
        }
    }

    /// Asks the backend to watch what it does not yet.
    pub(super) fn watch_unsent(&mut self, frames: &mut Vec<ClientFrame>) {
        let remote = &mut self.remote;
        for watch in remote.watches.list.iter_mut().filter(|watch| !watch.is_sent) {
            watch.is_sent = true;
            let seen = watch.seen(remote.entries.iter().flatten()).to_owned();
            let (id, method) = (name(watch.id), watch.method.clone());
            frames.push(ClientFrame::Watch { id, method, input: raw(&watch.input), seen });
        }
    }

    /// The backend says that an answer is another; it may be one that is watched no longer.
    pub(super) fn watched_changed(&mut self, id: &str, now_ms: u64) {
        self.remote.now_ms = now_ms;
        let watches = &self.remote.watches.list;
        let Some(at) = watches.iter().position(|watch| name(watch.id) == id) else { return };
        let watches = std::mem::take(&mut self.remote.watches.list);
        if let Some(watch) = watches.get(at) {
            self.invalidate_results(|_, entry| watch.is_of(entry));
        }
        self.remote.watches.list = watches;
    }
}

fn name(id: u64) -> String {
    [WATCH, &id.to_string()].concat()
}
