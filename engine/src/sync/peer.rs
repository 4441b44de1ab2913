//! What this device knows of one that it talks to: what it has, what is on its way to it, and what others tell it.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::change::{Changes, StreamId, is_shared};
use super::leader::Following;
use super::marks::{Positions, about_pruning, at, is_about_pruning};
use super::session::{ANSWER_MS, RELAY_MS};

/// How many messages with changes may be on their way, while there is more to send than one holds: the next is made and carried while the
/// other device writes the one before.
pub(super) const WINDOW: usize = 2;
/// How much longer than others the answer to each change of a message may take, in milliseconds.
const CHANGE_MS: u64 = 2;

/// Streams of which a peer lacks something: from where on, and up to where tombstones are missing there.
pub(super) type Lacks = Vec<(StreamId, i64, i64)>;

/// A peer that is there.
#[derive(Debug, Default)]
pub(super) struct Peer {
    /// What it has, once it has said so.
    pub(super) positions: Option<Positions>,
    /// What it said has not been written down here.
    pub(super) is_unsaved: bool,
    /// What it has when all that is on its way has come.
    expected: Option<Positions>,
    on_the_way: usize,
    /// Whether the last message did not hold all there was.
    is_more: bool,
    /// Since when an answer to changes is waited for, and how long.
    unanswered: Option<(u64, u64)>,
    /// When it was last told all that is here.
    pub(super) hello: Option<u64>,
    /// What it was told that is here, and when anything of it last.
    told: Positions,
    pub(super) told_ms: u64,
    /// The devices that it hears itself.
    pub(super) hears: BTreeSet<Uuid>,
    /// Up to where streams of these are here, since when it has not said that it has as much.
    held: BTreeMap<StreamId, (i64, u64)>,
    pub(super) backfill: Option<Backfill>,
    /// What it said about who leads.
    pub(super) following: Following,
}

/// All shared rows are being fetched from this peer.
#[derive(Debug)]
pub(super) struct Backfill {
    /// What the peer had at the first page.
    pub(super) positions: Option<Positions>,
    pub(super) after: Option<(String, String)>,
    pub(super) asked: u64,
    /// Whether others brought a making of a link that this peer had at the first page. It may have been undone there, and the page that
    /// said so may have passed before there was anything to undo.
    pub(super) is_overtaken: bool,
}

impl Backfill {
    pub(super) fn new(asked: u64) -> Self {
        Self { positions: None, after: None, asked, is_overtaken: false }
    }
}

impl Peer {
    /// It said what it has, of all streams.
    pub(super) fn has(&mut self, positions: Positions) {
        if let Some(expected) = &mut self.expected {
            let before = self.positions.take().unwrap_or_default();
            for (stream, at) in &positions {
                let known = expected.entry(stream.clone()).or_default();
                // It goes back where something is wanted again.
                let is_back = before.get(stream).is_some_and(|before| before > at);
                *known = if is_back { *at } else { (*known).max(*at) };
            }
        }
        self.held.retain(|stream, (at, _)| positions.get(stream).copied().unwrap_or(0) < *at);
        self.positions = Some(positions);
    }

    /// It said what it has of some streams. Nothing, before it has said it of all.
    pub(super) fn has_also(&mut self, some: Positions) {
        if let Some(mut positions) = self.positions.clone() {
            positions.extend(some);
            self.has(positions);
            self.is_unsaved = true;
        }
    }

    /// It sent these, and so has them itself.
    pub(super) fn sent_here(&mut self, changes: &Changes) {
        let Some(positions) = &self.positions else { return };
        let is_more = |(stream, to): &(StreamId, i64)| positions.get(stream).is_none_or(|at| at < to);
        let more: Positions = changes.ends().filter(is_more).collect();
        self.has_also(more);
    }

    /// It answered a message with changes. What it did not take in is sent again at once if it took in anything, else after a while.
    pub(super) fn answers(&mut self, some: Positions, now_ms: u64) {
        let before = self.positions.clone();
        self.has_also(some);
        self.on_the_way = self.on_the_way.saturating_sub(1);
        let has = |(stream, at): (&StreamId, &i64)| {
            self.positions.as_ref().and_then(|positions| positions.get(stream)).is_some_and(|now| now >= at)
        };
        if self.expected.as_ref().is_none_or(|expected| expected.iter().all(has)) {
            self.give_up();
        } else if self.on_the_way > 0 {
            self.unanswered = self.unanswered.map(|(_, wait_ms)| (now_ms, wait_ms));
        } else {
            self.expected = None;
            if before != self.positions {
                self.unanswered = None;
            }
        }
    }

    /// Nothing is waited for any more.
    pub(super) fn give_up(&mut self) {
        (self.on_the_way, self.expected, self.unanswered) = (0, None, None);
    }

    /// Since when an answer is overdue.
    pub(super) fn is_overdue(&self, is_over: impl Fn(u64, u64) -> bool) -> bool {
        self.unanswered.is_some_and(|(since, wait_ms)| is_over(since, wait_ms))
    }

    /// From where on it is to be sent what is here. Nothing, while it is busy with what is on its way.
    pub(super) fn is_at(&self) -> Option<&Positions> {
        let is_free = match self.on_the_way {
            0 => self.unanswered.is_none(),
            some => self.is_more && some < WINDOW,
        };
        self.expected.as_ref().or(self.positions.as_ref()).filter(|_| is_free)
    }

    /// Streams of which it is to be sent something by this device, from where on, and up to where tombstones are missing there. What comes
    /// from a device that it hears itself is held back, unless it says for a while that it has not come.
    pub(super) fn lacks(&mut self, own: Uuid, here: &Positions, now_ms: u64) -> Lacks {
        let Some(theirs) = self.is_at() else { return Lacks::new() };
        let their = |stream: &StreamId| at(theirs, stream);
        let streams = here.iter().filter(|((stream, _), _)| !is_about_pruning(stream));
        let mut lacks = Lacks::new();
        let mut held = BTreeMap::new();
        for (stream, here) in streams.filter(|(stream, here)| their(stream) < **here) {
            let is_heard = stream.1 != own && self.hears.contains(&stream.1);
            if is_heard {
                let since = *self.held.get(stream).unwrap_or(&(*here, now_ms));
                held.insert(stream.clone(), since);
                if now_ms.saturating_sub(since.1) < RELAY_MS && since.1 <= now_ms {
                    continue;
                }
            }
            let pruned = their(&(about_pruning(&stream.0), stream.1));
            lacks.push((stream.clone(), their(stream), pruned));
        }
        self.held.extend(held);
        lacks
    }

    /// Whether something is held back for too long.
    pub(super) fn is_held(&self, is_over: impl Fn(u64, u64) -> bool) -> bool {
        self.held.values().any(|(_, since)| is_over(*since, RELAY_MS))
    }

    /// These are on their way now.
    pub(super) fn sent(&mut self, changes: &Changes, is_more: bool, now_ms: u64) {
        let mut expected = self.is_at().cloned().unwrap_or_default();
        for part in &changes.owned {
            expected.insert((part.model.clone(), part.owner), part.to);
            if part.from == 0 && part.pruned > 0 {
                let known = expected.entry((about_pruning(&part.model), part.owner)).or_default();
                *known = (*known).max(part.pruned);
            }
        }
        expected.extend(changes.shared.iter().map(|part| (part.stream(), part.to)));
        self.expected = Some(expected);
        self.on_the_way += 1;
        self.is_more = is_more;
        let wait_ms = ANSWER_MS + CHANGE_MS * changes.count() as u64;
        self.unanswered = Some((now_ms, wait_ms));
    }

    /// It was told something else that it has to answer.
    pub(super) fn told(&mut self, now_ms: u64) {
        self.is_more = false;
        self.unanswered = Some((now_ms, ANSWER_MS));
    }

    /// It is told all that is here.
    pub(super) fn tell_all(&mut self, here: &Positions, now_ms: u64) {
        self.told.clone_from(here);
        (self.hello, self.told_ms) = (Some(now_ms), now_ms);
    }

    /// What it was not told yet of what is here, and these streams in any case.
    pub(super) fn tell(&mut self, here: &Positions, asked: &BTreeSet<StreamId>, now_ms: u64) -> Positions {
        let is_news =
            |(stream, at): &(&StreamId, &i64)| self.told.get(*stream) != Some(at) || asked.contains(*stream);
        let news: Positions = here.iter().filter(is_news).map(|(stream, at)| (stream.clone(), *at)).collect();
        if !news.is_empty() {
            self.told.extend(news.clone());
            self.told_ms = now_ms;
        }
        news
    }

    /// Whether a page of rows is the one that is waited for; and if so, the positions of the first page, and whether to adopt
    /// them because it is the last. What changed since then comes by the log, if not by the pages. A page that is older than the first one is a late copy.
    /// Nothing is adopted if others overtook the pages: the peer then says once more that its log does not reach back, if so it is.
    pub(super) fn next_page(
        &mut self,
        after: &Option<(String, String)>,
        positions: &Positions,
        is_last: bool,
    ) -> Option<(Positions, bool)> {
        let fetching = self.backfill.as_mut().filter(|fetching| fetching.after == *after)?;
        let first = fetching.positions.get_or_insert_with(|| positions.clone());
        // What a page does not have of a model, it does not tell positions of.
        let reaches = |(stream, at): (&StreamId, &i64)| positions.get(stream).is_none_or(|now| now >= at);
        // Of rows that devices own, it may begin anew in between.
        let is_current = first.iter().filter(|((stream, _), _)| is_shared(stream)).all(reaches);
        is_current.then(|| (first.clone(), is_last && !fetching.is_overtaken))
    }
}
