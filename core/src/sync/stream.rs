//! Where in a scope's stream the cache is: the cursor, events that came too early, and a copy in progress.

use std::collections::BTreeMap;

use hashbrown::HashSet;

use crate::store::Address;
use crate::wire::Envelope;

/// What to do with an event, by its place in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is next, or has no place: apply it.
    Next,
    /// It was applied before: ignore it.
    Old,
    /// Events before it are missing: hold it back.
    Ahead,
}

/// The position in one scope's stream.
#[derive(Default)]
pub(crate) struct Stream {
    /// The sequence up to which everything has been applied.
    cursor: Option<u64>,
    /// The scope, once known.
    library: Option<String>,
    held: BTreeMap<u64, Vec<u8>>,
    /// A catch-up has been asked for and not been answered.
    pub catching_up: bool,
    copy: Option<Copying>,
    /// What is cached came from another log: nothing is next before a whole copy.
    awaits_copy: bool,
}

/// A whole copy of the scope that is coming in.
struct Copying {
    sequence: u64,
    seen: HashSet<Address, foldhash::fast::FixedState>,
}

impl Stream {
    pub(crate) fn cursor(&self) -> Option<u64> {
        self.cursor
    }

    /// Begins where a cache before this one ended.
    pub(crate) fn restore(&mut self, cursor: Option<u64>, library: Option<String>) {
        self.cursor = cursor;
        self.library = library;
    }

    pub(crate) fn library(&self) -> Option<&str> {
        self.library.as_deref()
    }

    /// Does an event that names this library belong here?
    pub(crate) fn is_of(&self, library: &str) -> bool {
        library.is_empty() || self.library().is_none_or(|own| own == library)
    }

    /// Binds the cache to a library, if it is not bound; `false` if it is bound to another.
    pub(crate) fn bind(&mut self, library: &str) -> bool {
        if library.is_empty() {
            return true;
        }
        self.library.get_or_insert_with(|| library.to_owned()) == library
    }

    pub(crate) fn place(&self, envelope: &Envelope) -> Place {
        let sequence = envelope.sequence;
        if sequence == 0 || self.copy.as_ref().is_some_and(|copy| copy.sequence == sequence) {
            return Place::Next;
        }
        match self.cursor {
            None if self.copy.is_some() || self.awaits_copy => Place::Ahead,
            None => Place::Next,
            Some(cursor) if sequence <= cursor => Place::Old,
            Some(cursor) if sequence == cursor + 1 => Place::Next,
            Some(cursor) if envelope.previous.is_some_and(|previous| previous <= cursor) => Place::Next,
            Some(_) => Place::Ahead,
        }
    }

    /// The event at this place has been dealt with.
    pub(crate) fn advance(&mut self, sequence: u64) {
        let is_copy = self.copy.as_ref().is_some_and(|copy| copy.sequence == sequence);
        if sequence > 0 && !is_copy && self.cursor.is_none_or(|cursor| cursor < sequence) {
            self.cursor = Some(sequence);
            self.catching_up = false;
        }
    }

    /// Holds an early event back; it is dropped if there are too many, and comes again with the catch-up.
    pub(crate) fn hold(&mut self, sequence: u64, event: &[u8], most: u32) {
        if self.held.len() < most as usize {
            self.held.insert(sequence, event.to_vec());
        }
    }

    /// Held events that may be next now; old ones are dropped.
    pub(crate) fn take_held(&mut self) -> Option<Vec<u8>> {
        let cursor = self.cursor?;
        while let Some(entry) = self.held.first_entry() {
            if *entry.key() > cursor {
                break;
            }
            entry.remove();
        }
        self.held.pop_first().map(|(_, event)| event)
    }

    /// A whole copy as of `sequence` begins.
    pub(crate) fn begin_copy(&mut self, sequence: u64) {
        self.copy = Some(Copying { sequence, seen: HashSet::default() });
        self.cursor = None;
        self.awaits_copy = false;
        self.catching_up = false;
        self.held.clear();
    }

    /// The backend's log is another from now on.
    pub(crate) fn await_copy(&mut self) {
        self.awaits_copy = true;
    }

    /// Is what is cached of another log, and no copy of this one has begun?
    pub(crate) fn awaits_copy(&self) -> bool {
        self.awaits_copy
    }

    /// A whole copy is coming in.
    pub(crate) fn is_copying(&self) -> bool {
        self.copy.is_some()
    }

    /// Is a copy coming in that has not said anything of this row yet?
    pub(crate) fn is_new_in_copy(&self, at: Address) -> bool {
        self.copy.as_ref().is_some_and(|copy| !copy.seen.contains(&at))
    }

    /// The copy contains this row.
    pub(crate) fn saw(&mut self, at: Address) {
        if let Some(copy) = &mut self.copy {
            copy.seen.insert(at);
        }
    }

    /// The cursor counted in another log.
    pub(crate) fn forget_cursor(&mut self) {
        self.cursor = None;
        self.held.clear();
    }

    /// Copy or catch-up is complete up to `sequence`; returns the rows of the copy, if it was one.
    pub(crate) fn synced(&mut self, sequence: u64) -> Option<HashSet<Address, foldhash::fast::FixedState>> {
        let seen = self.copy.take().map(|copy| copy.seen);
        self.cursor = Some(self.cursor.map_or(sequence, |cursor| cursor.max(sequence)));
        self.catching_up = false;
        seen
    }

    /// The connection is gone; a copy that was not complete is worth nothing as a position.
    pub(crate) fn connection_lost(&mut self) {
        self.copy = None;
        self.catching_up = false;
        self.held.clear();
    }
}
