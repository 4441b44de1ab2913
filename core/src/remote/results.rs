//! All results, mounted or kept for when they are wanted again.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::{Entry, RemoteQuery, Watches};

/// So many results that nobody shows are kept.
const MOST_IDLE: usize = 100;
/// And so many bytes of them, or fewer results.
const MOST_IDLE_BYTES: usize = 4 << 20;

/// The results of remote queries.
#[derive(Default)]
pub(crate) struct Results {
    pub entries: Vec<Option<Entry>>,
    by_key: HashMap<String, u32, FixedState>,
    by_query: HashMap<u32, u32, FixedState>,
    /// Results of which hosts may have to be told.
    pub changed: Vec<u32>,
    /// Entities deleted while questions were open, by table and id, with the last question that had been asked by then.
    pub gone: HashMap<(u32, String), u64, FixedState>,
    pub questions: u64,
    pub watches: Watches,
    uses: u64,
    /// The latest time that was passed in.
    pub now_ms: u64,
    /// When one of them wants to be looked at.
    pub wake_at_ms: Option<u64>,
    /// Rows are coming in that answer a question: they make no result wrong.
    pub is_answering: bool,
}

impl Results {
    pub(crate) fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    pub(crate) fn find(&self, request: &RemoteQuery) -> Option<u32> {
        self.by_key.get(&request.key()).copied()
    }

    pub(crate) fn add(&mut self, entry: Entry) -> u32 {
        let index = self.entries.iter().position(Option::is_none).unwrap_or(self.entries.len());
        self.by_key.insert(entry.request.key(), index as u32);
        if index == self.entries.len() {
            self.entries.push(None);
        }
        if let Some(place) = self.entries.get_mut(index) {
            *place = Some(entry);
        }
        self.used(index as u32);
        index as u32
    }

    pub(crate) fn get(&self, index: u32) -> Option<&Entry> {
        self.entries.get(index as usize)?.as_ref()
    }

    /// The result, of which hosts may have to be told afterwards.
    pub(crate) fn change(&mut self, index: u32) -> Option<&mut Entry> {
        let entry = self.entries.get_mut(index as usize)?.as_mut()?;
        if !self.changed.contains(&index) {
            self.changed.push(index);
        }
        Some(entry)
    }

    pub(crate) fn remove(&mut self, index: u32) -> Option<Entry> {
        let entry = self.entries.get_mut(index as usize)?.take()?;
        self.by_key.remove(&entry.request.key());
        Some(entry)
    }

    pub(crate) fn used(&mut self, index: u32) {
        self.uses += 1;
        if let Some(entry) = self.entries.get_mut(index as usize).and_then(Option::as_mut) {
            entry.used = self.uses;
        }
    }

    pub(crate) fn bind(&mut self, query: u32, index: u32) {
        self.by_query.insert(query, index);
    }

    pub(crate) fn unbind(&mut self, query: u32) -> Option<u32> {
        self.by_query.remove(&query)
    }

    /// The result that a mounted query shows.
    pub(crate) fn of_query(&self, query: u32) -> Option<u32> {
        self.by_query.get(&query).copied()
    }

    /// The results for which something holds.
    pub(crate) fn which(&self, mut holds: impl FnMut(&Entry) -> bool) -> Vec<u32> {
        let each = self.entries.iter().enumerate();
        each.filter(|(_, entry)| entry.as_ref().is_some_and(&mut holds))
            .map(|(index, _)| index as u32)
            .collect()
    }

    /// Is any question open?
    pub(crate) fn is_asking(&self) -> bool {
        self.entries.iter().flatten().any(|entry| entry.asking.is_some())
    }

    /// Bytes of the results for which something holds.
    pub(crate) fn bytes(&self, holds: impl Fn(&Entry) -> bool) -> usize {
        self.entries.iter().flatten().filter(|entry| holds(entry)).map(|entry| entry.bytes).sum()
    }

    /// The result that was used longest ago of those that nobody shows, if there are too many of them, or they are too long.
    pub(crate) fn superfluous(&self) -> Option<u32> {
        let is_idle = |entry: &Entry| entry.mounts.is_empty();
        let idle = self.which(is_idle);
        if idle.len() <= MOST_IDLE && self.bytes(is_idle) <= MOST_IDLE_BYTES {
            return None;
        }
        idle.into_iter().min_by_key(|&index| self.get(index).map(|entry| entry.used))
    }

    /// Works out anew when one of them wants to be looked at.
    pub(crate) fn set_alarm(&mut self) {
        let now_ms = self.now_ms;
        self.wake_at_ms = self.entries.iter().flatten().filter_map(|entry| entry.wake_at_ms(now_ms)).min();
    }
}
