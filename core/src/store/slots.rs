//! Slots by the hashes of their ids. A large table grows a little with each id that comes: all at once would take longer than a
//! page can go without drawing.

use hashbrown::HashTable;

/// A table of fewer grows at once.
const MANY: usize = 1 << 16;
/// So many slots are looked at for each that comes, so that all have moved long before it is time to grow again.
const AT_ONCE: u32 = 2;

/// A set of slots that is found its way in by hashes, which the caller knows.
#[derive(Default)]
pub(super) struct Slots {
    table: HashTable<u32>,
    /// The table before it grew, with the slots that have not moved yet.
    old: HashTable<u32>,
    /// Slots below this one have moved.
    next: u32,
}

impl Slots {
    pub(super) fn len(&self) -> usize {
        self.table.len() + self.old.len()
    }

    /// The slot with this hash that is meant.
    #[inline]
    pub(super) fn find(&self, hash: u64, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        let found = self.table.find(hash, |&slot| is(slot)).copied();
        if found.is_some() || self.old.is_empty() {
            return found;
        }
        self.old.find(hash, |&slot| is(slot)).copied()
    }

    /// Makes room for so many more; `hash_of` has the hash of each slot.
    pub(super) fn reserve(&mut self, more: usize, hash_of: impl Fn(u32) -> u64) {
        if self.table.capacity() - self.table.len() >= more + self.old.len() {
            return;
        }
        if self.len() < MANY {
            return self.table.reserve(more, |&slot| hash_of(slot));
        }
        self.move_some(u32::MAX, &hash_of);
        let larger = HashTable::with_capacity((self.table.len() + more).max(self.table.capacity() * 2));
        self.old = std::mem::replace(&mut self.table, larger);
        self.next = 0;
    }

    /// Adds a slot that is not there.
    pub(super) fn insert(&mut self, hash: u64, slot: u32, hash_of: impl Fn(u32) -> u64) {
        self.reserve(1, &hash_of);
        self.table.insert_unique(hash, slot, |&slot| hash_of(slot));
        if !self.old.is_empty() {
            self.move_some(AT_ONCE, hash_of);
        }
    }

    /// Takes a slot out, if it is there.
    pub(super) fn remove(&mut self, hash: u64, slot: u32) -> bool {
        [&mut self.table, &mut self.old].into_iter().any(|table| {
            let entry = table.find_entry(hash, |&other| other == slot);
            entry.map(|entry| entry.remove()).is_ok()
        })
    }

    fn move_some(&mut self, count: u32, hash_of: impl Fn(u32) -> u64) {
        for _ in 0..count {
            if self.old.is_empty() {
                self.old = HashTable::new();
                return;
            }
            let slot = self.next;
            self.next += 1;
            let hash = hash_of(slot);
            if let Ok(entry) = self.old.find_entry(hash, |&other| other == slot) {
                entry.remove();
                self.table.insert_unique(hash, slot, |&slot| hash_of(slot));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Many slots have the hash of another.
    fn hash_of(slot: u32) -> u64 {
        u64::from(slot / 3).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    fn has(slots: &Slots, slot: u32) -> bool {
        slots.find(hash_of(slot), |other| other == slot) == Some(slot)
    }

    #[test]
    fn every_slot_is_found_while_a_large_table_grows() {
        let (mut slots, mut model, mut grew) = (Slots::default(), Vec::new(), 0);
        for slot in 0..400_000_u32 {
            let was_grown = slots.old.is_empty();
            slots.insert(hash_of(slot), slot, hash_of);
            model.push(true);
            if was_grown && !slots.old.is_empty() {
                grew += 1;
                assert!(slots.old.len() > 50_000, "it does not grow at once");
            }
            // Some go, those too that have not moved.
            if slot % 5 == 4 {
                let gone = slot / 2;
                let was = std::mem::replace(&mut model[gone as usize], false);
                assert_eq!(slots.remove(hash_of(gone), gone), was);
            }
            if slot % 1000 == 0 {
                for old in (0..=slot).step_by(997) {
                    assert_eq!(has(&slots, old), model[old as usize], "{old} of {slot}");
                }
                assert_eq!(slots.len(), model.iter().filter(|is| **is).count());
            }
        }
        assert!(grew >= 2);
        assert!(!slots.remove(hash_of(400_000), 400_000));
    }

    #[test]
    fn room_that_is_made_at_once_is_used() {
        let mut slots = Slots::default();
        for round in 0..20_u32 {
            slots.reserve(20_000, hash_of);
            for slot in round * 20_000..(round + 1) * 20_000 {
                slots.insert(hash_of(slot), slot, hash_of);
            }
        }
        assert_eq!(slots.len(), 400_000);
        assert!((0..400_000).all(|slot| has(&slots, slot)));
    }
}
