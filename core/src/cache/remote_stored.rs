//! Results of remote queries outlive the app.

use super::Cache;
use super::storage::Disk;
use crate::bytes::Short;
use crate::remote::{Entry, Stored, stored_key};

impl Cache {
    /// Has a result stored as it is now.
    pub(super) fn store_result(&mut self, index: u32) {
        let Some(entry) = self.remote.get(index) else { return };
        if matches!(self.disk, Disk::None) || !entry.is_cacheable || !entry.has_result {
            return;
        }
        let (ids, answered) = self.live.listed_ids(entry.view);
        let stored = Stored {
            method: entry.request.method.clone(),
            input: entry.request.input.clone(),
            query: entry.request.query.canonical_of_order(),
            ttl_ms: entry.request.ttl_ms,
            pages: entry.pages as u32,
            next: entry.next.clone(),
            total: entry.total,
            types: entry.types.clone(),
            rules: entry.rules.clone(),
            ids,
            answered: answered as u32,
        };
        self.saver.record(stored_key(&entry.request), Some(stored.write()));
    }

    /// A result is not kept any more.
    pub(super) fn unstore_result(&mut self, entry: &Entry) {
        if !matches!(self.disk, Disk::None) {
            self.saver.record(stored_key(&entry.request), None);
        }
    }

    /// A result that was stored is there again; how things went on since, nobody knows, so it is stale.
    pub(super) fn restore_result(&mut self, payload: &[u8]) -> Result<(), Short> {
        let stored = Stored::read(payload)?;
        let Some(request) = stored.request() else { return Ok(()) };
        let index = match self.remote.find(&request) {
            Some(index) => index,
            None => match self.add_result(&request) {
                Ok(index) => index,
                // The registry does not have its type any more.
                Err(_) => return Ok(()),
            },
        };
        let Some(entry) = self.remote.change(index) else { return Ok(()) };
        if entry.has_result {
            return Ok(());
        }
        entry.has_result = true;
        entry.is_invalid = true;
        entry.pages = stored.pages as usize;
        entry.next = stored.next;
        entry.total = stored.total;
        entry.types = stored.types;
        entry.rules = stored.rules;
        self.relist(index, stored.ids, stored.answered as usize);
        Ok(())
    }
}
