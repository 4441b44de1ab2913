//! What a step leaves for JavaScript to read.

use larder::persist::Batch;
use larder::{Applied, Effect, Error, ErrorInfo, Patch, QueryId, Status, Step};
use serde::Serialize;

const HAS_PATCH: u32 = 1;
const HAS_JSON: u32 = 2;
const IS_DUPLICATE: u32 = 4;
const IS_HELD: u32 = 8;
const HAS_BATCH: u32 = 16;
const HAS_COUNTS: u32 = 32;
const IS_SETTLED: u32 = 64;

/// The outcome of the last step.
#[derive(Default)]
pub struct Output {
    patch: Option<Patch>,
    batch: Option<Batch>,
    json: Vec<u8>,
    /// The status that was told last.
    status: Option<Status>,
    pub query: Option<u32>,
    pub applied: Applied,
}

/// The JSON part: only what there is.
#[derive(Default, Serialize)]
struct Told<'a, T> {
    #[serde(skip_serializing_if = "<[Effect]>::is_empty")]
    effects: &'a [Effect],
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<T>,
}

impl Output {
    pub fn patch(&self) -> &[u8] {
        self.patch.as_ref().map_or(&[], Patch::as_bytes)
    }

    pub fn batch(&self) -> &[u8] {
        self.batch.as_ref().map_or(&[], Batch::as_bytes)
    }

    pub fn json(&self) -> &[u8] {
        &self.json
    }

    pub fn step(&mut self, step: Step<()>) -> u32 {
        self.take(step).0
    }

    /// The outcome of what settles a mutation. Whoever said what comes of it need not be told the same: a flag is enough.
    pub fn settled(&mut self, mut step: Step<()>, said: &Effect) -> u32 {
        let place = step.effects.iter().position(|effect| is_same(effect, said));
        if let Some(place) = place {
            step.effects.remove(place);
        }
        self.step(step) | flag(IS_SETTLED, place.is_some())
    }

    pub fn mounted(&mut self, step: Step<QueryId>) -> u32 {
        let (flags, query) = self.take(step);
        self.query = query.map(QueryId::as_u32);
        flags
    }

    pub fn applied(&mut self, step: Step<Applied>) -> u32 {
        let (flags, applied) = self.take(step);
        self.applied = applied.unwrap_or_default();
        flags | flag(IS_DUPLICATE, self.applied.duplicate) | flag(IS_HELD, self.applied.held)
    }

    /// The outcome of something that was no step.
    pub fn done(&mut self, result: Result<(), Error>) -> u32 {
        self.step(Step { result, patch: None, batch: None, effects: Vec::new() })
    }

    pub fn value(&mut self, value: &impl Serialize) -> u32 {
        (self.patch, self.batch) = (None, None);
        self.tell(&Told { effects: &[], error: None, value: Some(value) });
        HAS_JSON
    }

    fn take<T>(&mut self, step: Step<T>) -> (u32, Option<T>) {
        let (result, error) = match step.result {
            Ok(result) => (Some(result), None),
            Err(error) => (None, Some(ErrorInfo::from(&error))),
        };
        let mut effects = step.effects;
        let has_counts = self.count_only(&effects);
        if has_counts {
            effects.pop();
        }
        let has_json = error.is_some() || !effects.is_empty();
        if has_json {
            self.tell(&Told::<()> { effects: &effects, error, value: None });
        }
        self.patch = step.patch;
        self.batch = step.batch;
        let has_binary = flag(HAS_PATCH, self.patch.is_some()) | flag(HAS_BATCH, self.batch.is_some());
        (has_binary | flag(HAS_JSON, has_json) | flag(HAS_COUNTS, has_counts), result)
    }

    /// Is the last effect a status of which only the counts are others? Each edit makes two of those, and numbers are read
    /// more quickly than JSON.
    fn count_only(&mut self, effects: &[Effect]) -> bool {
        let Some((at, now)) = effects.iter().enumerate().rev().find_map(|(at, effect)| match effect {
            Effect::Status(status) => Some((at, status)),
            _ => None,
        }) else {
            return false;
        };
        let before = self.status.replace(now.clone());
        at + 1 == effects.len()
            && before.is_some_and(|before| {
                Status { pending: now.pending, cursor: now.cursor.clone(), ..before } == *now
            })
    }

    /// The mutations that are not settled, as of the last status.
    pub fn pending(&self) -> u32 {
        self.status.as_ref().map_or(0, |status| status.pending)
    }

    /// The number in the cursor of the last status; negative for none.
    pub fn cursor(&self) -> f64 {
        let cursor = self.status.as_ref().and_then(|status| status.cursor.as_ref());
        cursor.map_or(-1.0, larder::Cursor::as_number)
    }

    fn tell<T: Serialize>(&mut self, told: &Told<'_, T>) {
        self.json.clear();
        // Writing maps with text keys to memory cannot fail; if it did, the reader would find no JSON and say so.
        if serde_json::to_writer(&mut self.json, told).is_err() {
            self.json.clear();
        }
        // One large answer must not hold its memory for ever.
        self.json.shrink_to(self.json.len().max(64 << 10));
    }
}

fn is_same(effect: &Effect, said: &Effect) -> bool {
    match (effect, said) {
        (Effect::Settled { id, rejection }, Effect::Settled { id: other, rejection: why }) => {
            id == other && rejection == why
        }
        _ => false,
    }
}

fn flag(bit: u32, is_set: bool) -> u32 {
    if is_set { bit } else { 0 }
}
