//! The ids of one resource type, and the slot of each.

use std::cmp::Ordering;
use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use super::slots::Slots;
/// An id as it is kept: UUIDs as their 16 bytes, others as a place in the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Id {
    Vacant,
    Uuid([u8; 16]),
    Text(Place),
}

/// Where a text is among the texts. In bytes, so that an id needs no more room than a UUID and one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    start: [u8; 4],
    len: [u8; 4],
}

impl Place {
    fn new(start: usize, len: usize) -> Self {
        Self { start: (start as u32).to_le_bytes(), len: (len as u32).to_le_bytes() }
    }

    fn len(self) -> usize {
        u32::from_le_bytes(self.len) as usize
    }

    fn of(self, texts: &[u8]) -> &[u8] {
        let start = u32::from_le_bytes(self.start) as usize;
        texts.get(start..start + self.len()).unwrap_or_default()
    }
}

/// Ids by slot and slots by id.
#[derive(Default)]
pub(crate) struct Ids {
    ids: Vec<Id>,
    slots: Slots,
    texts: Vec<u8>,
    dead_text_bytes: usize,
    vacant: Vec<u32>,
    /// Slots given up in this transaction: the host still shows them, so they rest until it ends.
    resting: Vec<u32>,
}

impl Ids {
    /// Slots in use.
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(crate) fn reserve(&mut self, more: usize) {
        self.ids.reserve(more);
        let ids = &self.ids;
        let texts = &self.texts;
        self.slots.reserve(more, |slot| ids.get(slot as usize).map_or(0, |id| hash_id(*id, texts)));
    }

    /// The slot of this id.
    pub(crate) fn find(&self, text: &[u8]) -> Option<u32> {
        let uuid = parse_uuid(text);
        let hash = uuid.map_or_else(|| hash_text(text), hash_uuid);
        self.slots.find(hash, |slot| self.is(slot, uuid, text))
    }

    /// The slot of this id, which gets one if it has none; `true` if it is new.
    pub(crate) fn find_or_insert(&mut self, text: &[u8]) -> (u32, bool) {
        let uuid = parse_uuid(text);
        let hash = uuid.map_or_else(|| hash_text(text), hash_uuid);
        if let Some(slot) = self.slots.find(hash, |slot| self.is(slot, uuid, text)) {
            return (slot, false);
        }
        let id = match uuid {
            Some(uuid) => Id::Uuid(uuid),
            None => {
                let start = self.texts.len();
                self.texts.extend_from_slice(text);
                Id::Text(Place::new(start, text.len()))
            }
        };
        let slot = match self.vacant.pop() {
            Some(slot) => {
                if let Some(place) = self.ids.get_mut(slot as usize) {
                    *place = id;
                }
                slot
            }
            None => {
                self.ids.push(id);
                self.ids.len() as u32 - 1
            }
        };
        let ids = &self.ids;
        let texts = &self.texts;
        self.slots.insert(hash, slot, |slot| ids.get(slot as usize).map_or(0, |id| hash_id(*id, texts)));
        (slot, true)
    }

    /// Gives a slot up; it may be used again after [`Self::end_transaction`].
    pub(crate) fn remove(&mut self, slot: u32) {
        let Some(&id) = self.ids.get(slot as usize) else { return };
        let hash = hash_id(id, &self.texts);
        if self.slots.remove(hash, slot) {
            self.resting.push(slot);
        }
    }

    /// Slots given up before may be used again.
    pub(crate) fn end_transaction(&mut self) {
        for slot in std::mem::take(&mut self.resting) {
            if let Some(id) = self.ids.get_mut(slot as usize) {
                if let Id::Text(place) = *id {
                    self.dead_text_bytes += place.len();
                }
                *id = Id::Vacant;
            }
            self.vacant.push(slot);
        }
        if self.dead_text_bytes > 4096 && self.dead_text_bytes * 2 > self.texts.len() {
            self.compact_texts();
        }
    }

    fn compact_texts(&mut self) {
        let old = std::mem::take(&mut self.texts);
        for id in &mut self.ids {
            if let Id::Text(place) = id {
                let text = place.of(&old);
                *place = Place::new(self.texts.len(), text.len());
                self.texts.extend_from_slice(text);
            }
        }
        self.dead_text_bytes = 0;
    }

    #[inline(always)]
    fn is(&self, slot: u32, uuid: Option<[u8; 16]>, text: &[u8]) -> bool {
        match self.ids.get(slot as usize) {
            Some(Id::Uuid(bytes)) => uuid == Some(*bytes),
            Some(Id::Text(place)) => uuid.is_none() && place.of(&self.texts) == text,
            _ => false,
        }
    }

    /// Calls back with the id's text.
    pub(crate) fn with_text<T>(&self, slot: u32, read: impl FnOnce(&[u8]) -> T) -> T {
        match self.ids.get(slot as usize) {
            Some(Id::Uuid(bytes)) => read(&format_uuid(*bytes)),
            Some(Id::Text(place)) => read(place.of(&self.texts)),
            _ => read(&[]),
        }
    }

    /// Compares two ids by their text, byte by byte.
    pub(crate) fn compare(&self, a: u32, b: u32) -> Ordering {
        match (self.ids.get(a as usize), self.ids.get(b as usize)) {
            // Lower-case hexadecimal sorts as the bytes it stands for.
            (Some(Id::Uuid(a)), Some(Id::Uuid(b))) => a.cmp(b),
            _ => self.with_text(a, |a| self.with_text(b, |b| a.cmp(b))),
        }
    }

    /// The first eight bytes of the id's text as a number that sorts the same way.
    pub(crate) fn prefix(&self, slot: u32) -> u64 {
        self.with_text(slot, |text| {
            let mut first = [0; 8];
            let len = text.len().min(8);
            if let (Some(to), Some(from)) = (first.get_mut(..len), text.get(..len)) {
                to.copy_from_slice(from);
            }
            u64::from_be_bytes(first)
        })
    }
}

fn hash_id(id: Id, texts: &[u8]) -> u64 {
    match id {
        Id::Uuid(bytes) => hash_uuid(bytes),
        Id::Text(place) => hash_text(place.of(texts)),
        Id::Vacant => 0,
    }
}

fn hash_text(text: &[u8]) -> u64 {
    FixedState::default().hash_one(text)
}

#[inline(always)]
fn hash_uuid(bytes: [u8; 16]) -> u64 {
    FixedState::default().hash_one(u128::from_le_bytes(bytes))
}

/// Where the two digits of each byte are in a UUID's text.
const DIGITS_AT: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/// What a byte is worth as a lower-case hexadecimal digit; 255 if it is none.
const DIGIT: [u8; 256] = {
    let mut worth = [255; 256];
    let mut digit = 0;
    while digit < 16 {
        worth[b"0123456789abcdef"[digit] as usize] = digit as u8;
        digit += 1;
    }
    worth
};

/// Reads a UUID in its canonical lower-case form; any other text is not one here, so that every id keeps its spelling.
fn parse_uuid(text: &[u8]) -> Option<[u8; 16]> {
    let text: &[u8; 36] = text.try_into().ok()?;
    let mut out = [0; 16];
    let mut all = 0;
    for (byte, at) in out.iter_mut().zip(DIGITS_AT) {
        let (high, low) = (DIGIT[text[at] as usize], DIGIT[text[at + 1] as usize]);
        all |= high | low;
        *byte = high << 4 | low;
    }
    let is_uuid = all < 16 && [text[8], text[13], text[18], text[23]] == *b"----";
    is_uuid.then_some(out)
}

fn format_uuid(bytes: [u8; 16]) -> [u8; 36] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = [b'-'; 36];
    let mut at = 0;
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            at += 1;
        }
        out[at] = DIGITS[(byte >> 4) as usize];
        out[at + 1] = DIGITS[(byte & 15) as usize];
        at += 2;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &[u8] = b"4f5b1083-26e3-4ca7-8b27-070366bfb865";

    #[test]
    fn ids_keep_their_spelling() {
        let mut ids = Ids::default();
        for text in [UUID, b"4F5B1083-26E3-4CA7-8B27-070366BFB865", b"7", b"", b"a/b", "é".as_bytes()] {
            let (slot, is_new) = ids.find_or_insert(text);
            assert!(is_new);
            assert_eq!(ids.find(text), Some(slot));
            ids.with_text(slot, |kept| assert_eq!(kept, text));
        }
        assert_eq!(ids.len(), 6);
    }

    #[test]
    fn a_slot_is_used_again_only_after_the_transaction() {
        let mut ids = Ids::default();
        let (first, _) = ids.find_or_insert(UUID);
        ids.remove(first);
        assert_eq!(ids.find(UUID), None);
        let (second, _) = ids.find_or_insert(b"b");
        assert_ne!(first, second);
        ids.end_transaction();
        assert_eq!(ids.find_or_insert(b"c"), (first, true));
    }

    #[test]
    fn texts_of_removed_ids_are_given_back() {
        let mut ids = Ids::default();
        let (kept, _) = ids.find_or_insert(b"kept");
        for round in 0..20_000 {
            let (slot, _) = ids.find_or_insert(format!("id number {round}").as_bytes());
            ids.remove(slot);
            ids.end_transaction();
        }
        assert!(ids.texts.len() < 10_000, "{}", ids.texts.len());
        ids.with_text(kept, |text| assert_eq!(text, b"kept"));
        assert_eq!(ids.find(b"kept"), Some(kept));
    }

    #[test]
    fn ids_compare_by_text_across_kinds() {
        let mut ids = Ids::default();
        let texts: [&[u8]; 5] = [b"3", UUID, b"4f5b1083", b"5", b"4f5b1083-26e3-4ca7-8b27-070366bfb866"];
        let slots: Vec<u32> = texts.iter().map(|text| ids.find_or_insert(text).0).collect();
        for (i, a) in texts.iter().enumerate() {
            for (j, b) in texts.iter().enumerate() {
                assert_eq!(ids.compare(slots[i], slots[j]), a.cmp(b));
                if ids.prefix(slots[i]) < ids.prefix(slots[j]) {
                    assert!(a < b);
                }
            }
        }
    }
}
