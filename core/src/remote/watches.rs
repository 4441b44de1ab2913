//! What the backend is asked to tell of: the answers that are shown, each once.

use super::Entry;

/// An answer that the backend watches.
pub(crate) struct Watch {
    pub id: u64,
    pub method: String,
    pub input: String,
    pub is_sent: bool,
}

impl Watch {
    /// Is this a result of what it watches?
    pub(crate) fn is_of(&self, entry: &Entry) -> bool {
        (&self.method, &self.input) == (&entry.request.method, &entry.request.input)
    }

    /// What the answers that are shown call their state. Nothing is called by the empty text: where they are of different times,
    /// one of them is out of date.
    pub(crate) fn seen<'a>(&self, entries: impl Iterator<Item = &'a Entry>) -> &'a str {
        let mut states = entries.filter(|entry| entry.is_kept_fresh() && self.is_of(entry));
        let first = states.next().and_then(|entry| entry.watch.as_deref()).unwrap_or_default();
        if states.all(|entry| entry.watch.as_deref() == Some(first)) { first } else { "" }
    }
}

/// All of them.
#[derive(Default)]
pub(crate) struct Watches {
    pub list: Vec<Watch>,
    last: u64,
}

impl Watches {
    /// Watches what is shown and can be watched, and nothing else; returns the numbers of those that the backend is to forget.
    pub(crate) fn follow<'a>(&mut self, entries: impl Iterator<Item = &'a Entry> + Clone) -> Vec<u64> {
        let shown = entries.filter(|entry| entry.is_kept_fresh() && entry.watch.is_some());
        let mut forgotten = Vec::new();
        self.list.retain(|watch| {
            let is_wanted = shown.clone().any(|entry| watch.is_of(entry));
            if !is_wanted && watch.is_sent {
                forgotten.push(watch.id);
            }
            is_wanted
        });
        for entry in shown {
            if self.list.iter().any(|watch| watch.is_of(entry)) {
                continue;
            }
            self.last += 1;
            let (method, input) = (entry.request.method.clone(), entry.request.input.clone());
            self.list.push(Watch { id: self.last, method, input, is_sent: false });
        }
        forgotten
    }
}
