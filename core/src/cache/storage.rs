//! What is written to the storage, and what comes of it.

use super::Cache;
use crate::error::ErrorInfo;
use crate::persist::{Batch, Context, Meta, Restoring, StorageError};
use crate::step::{Effect, Step, StorageState};
use crate::store::Address;

/// How the cache stands to its storage.
#[derive(Default)]
pub(super) enum Disk {
    /// There is none.
    #[default]
    None,
    /// What was stored is being read back.
    Restoring(Box<Restoring>),
    /// What changes is written behind.
    Ready,
}

impl Cache {
    /// Writes what is not written yet with the batch of this step, or of the next step if one is on its way. For when the app may
    /// be ended soon: it goes to the background, or the page is hidden.
    ///
    /// ```
    /// # use larder::{Cache, Config, Registry};
    /// let mut cache = Cache::new(Registry::default(), Config::default());
    /// cache.restore(&[], 0).result?;
    /// cache.apply(r#"{"ResourceChanged": {"resource_type": "tag", "resource": {"id": "t1"}}}"#).result?;
    /// let batch = cache.flush(10).batch.expect("the tag is not stored yet");
    /// // The driver's storage takes it:
    /// cache.persisted(batch.number(), Ok(()), 12).result?;
    /// assert!(cache.flush(20).batch.is_none_or(|batch| batch.len() == 1), "nothing but what is on the screen");
    /// # Ok::<(), larder::Error>(())
    /// ```
    pub fn flush(&mut self, now_ms: u64) -> Step<()> {
        self.now_ms = self.now_ms.max(now_ms);
        if !matches!(self.disk, Disk::None) {
            self.saver.flush();
        }
        self.finish(Ok(()))
    }

    /// The storage has taken a batch, or has not. What could not be written is tried again later; mutations that waited for it are
    /// sent all the same, and the app is told with [`Effect::Storage`].
    pub fn persisted(&mut self, batch: u64, result: Result<(), StorageError>, now_ms: u64) -> Step<()> {
        self.now_ms = self.now_ms.max(now_ms);
        if self.saver.written(batch, &result, &mut self.outbox, self.now_ms) {
            match result {
                Ok(()) => {
                    self.storage_is_well();
                    self.rows_are_written();
                }
                Err(error) => self.storage_failed(&error),
            }
            self.send_if_open();
        }
        self.finish(Ok(()))
    }

    /// Rows that are on disk now may go from memory.
    fn rows_are_written(&mut self) {
        let mut rows = std::mem::take(&mut self.saver.written_rows);
        if self.memory.is_on {
            self.memory.candidates.append(&mut rows);
            self.memory.was_written = true;
            self.find_segments_to_move();
        }
    }

    fn storage_is_well(&mut self) {
        match self.disk {
            // It was given up, because it could not be read.
            Disk::None => {}
            Disk::Restoring(_) => self.storage_state = StorageState::Restoring,
            Disk::Ready => self.storage_state = StorageState::Ready,
        }
    }

    pub(super) fn storage_failed(&mut self, error: &StorageError) {
        self.storage_state = StorageState::Failed;
        let message = format!("{}; nothing is lost while the app runs", error.message);
        self.effects.push(Effect::Storage(ErrorInfo { kind: error.kind().to_owned(), message }));
    }

    /// A confirmed row is another now, or gone.
    pub(super) fn note_unsaved(&mut self, at: Address, is_gone: bool) {
        if !matches!(self.disk, Disk::Ready) {
            return;
        }
        if is_gone {
            self.saver.left(at);
        } else {
            self.saver.changed(at);
        }
    }

    pub(super) fn is_restoring(&self) -> bool {
        matches!(self.disk, Disk::Restoring(_))
    }

    /// The batch that this step ends with.
    pub(super) fn save(&mut self) -> Option<Batch> {
        let has_rows = match self.disk {
            Disk::None => return None,
            Disk::Restoring(_) => false,
            Disk::Ready => true,
        };
        if !self.saver.may_write(&self.outbox, self.now_ms) {
            return None;
        }
        let meta = Meta {
            registry: self.kept_as,
            next_segment: 0,
            cursor: self.stream.cursor(),
            library: self.stream.library().map(str::to_owned),
            epoch: self.epoch.clone(),
        };
        let live = &self.live;
        self.saver.next_batch(Context {
            store: &self.store,
            outbox: &mut self.outbox,
            meta,
            shown: &mut || live.shown_rows(),
            now_ms: self.now_ms,
            has_rows,
        })
    }
}
