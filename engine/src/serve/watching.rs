//! Answers that a client shows, and wants to hear of when they are others.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::value::RawValue;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::Server;
use super::question::{self, Unanswered};

/// A connection has at most so many.
const MOST: usize = 256;
/// Changes often come together; they are looked at so long after the first.
const SETTLING: Duration = Duration::from_millis(50);
/// Looking is at most one part in so many of the time, however often something changes.
const SHARE: u32 = 5;

/// One answer, and what its state was when the client last heard of it.
pub(super) struct Watch {
    method: String,
    input: Box<RawValue>,
    seen: Option<String>,
}

impl Watch {
    pub(super) fn new(method: String, input: Box<RawValue>, seen: String) -> Self {
        Self { method, input, seen: Some(seen) }
    }
}

/// What there is to say of an answer.
#[derive(PartialEq, Eq)]
pub(super) enum Known {
    Same,
    Other,
}

/// The answers that one connection watches.
pub(super) struct Watches {
    head: watch::Receiver<u64>,
    by_id: HashMap<String, Watch>,
    /// Those that are to be looked at, since something changed.
    round: Vec<String>,
    /// When the next round begins.
    due: Option<Instant>,
    /// No round begins before this.
    rests_until: Instant,
    looking: Duration,
}

impl Watches {
    pub(super) fn new(head: watch::Receiver<u64>) -> Self {
        let rests_until = Instant::now();
        let (by_id, round, due, looking) = (HashMap::new(), Vec::new(), None, Duration::ZERO);
        Self { head, by_id, round, due, rests_until, looking }
    }

    /// Watches an answer from now on, and says whether it is another already.
    pub(super) async fn add(
        &mut self,
        server: &Server,
        id: &str,
        mut watch: Watch,
    ) -> Result<Known, Unanswered> {
        if self.by_id.len() >= MOST && !self.by_id.contains_key(id) {
            return Err(Unanswered::TooManyWatched { limit: MOST });
        }
        if self.by_id.is_empty() {
            // What was there before is in the answer, or is found out now.
            self.head.mark_unchanged();
        }
        let known = look(server, &mut watch).await?;
        if watch.seen.is_none() {
            return Err(Unanswered::NotWatched);
        }
        self.by_id.insert(id.to_owned(), watch);
        Ok(known)
    }

    pub(super) fn remove(&mut self, id: &str) {
        self.by_id.remove(id);
    }

    /// Waits until an answer is to be looked at, because something changed. To be called again when it was given up.
    pub(super) async fn due(&mut self) {
        if !self.round.is_empty() {
            return;
        }
        if self.by_id.is_empty() {
            return std::future::pending().await;
        }
        let due = match self.due {
            Some(due) => due,
            None => {
                if self.head.changed().await.is_err() {
                    return std::future::pending().await;
                }
                *self.due.insert(self.rests_until.max(Instant::now() + SETTLING))
            }
        };
        sleep_until(due).await;
    }

    /// Looks at the next answer. Returns its id if it is another than it was, or cannot be answered any more, as when its folder is
    /// gone.
    pub(super) async fn look_at_next(&mut self, server: &Server) -> Option<String> {
        let begun = Instant::now();
        if self.round.is_empty() {
            self.due = None;
            self.head.mark_unchanged();
            self.round.extend(self.by_id.keys().cloned());
        }
        // It may have been let go of since the round began.
        let id = self.round.pop().filter(|id| self.by_id.contains_key(id));
        let watch = id.as_ref().and_then(|id| self.by_id.get_mut(id))?;
        let is_other = match look(server, watch).await {
            Ok(known) => known == Known::Other,
            Err(_) => watch.seen.take().is_some(),
        };
        self.looking += begun.elapsed();
        if self.round.is_empty() {
            self.rests_until = Instant::now() + std::mem::take(&mut self.looking) * (SHARE - 1);
        }
        id.filter(|_| is_other)
    }
}

async fn look(server: &Server, watch: &mut Watch) -> Result<Known, Unanswered> {
    let state = question::state(server, &watch.method, &watch.input).await?;
    if state == watch.seen {
        return Ok(Known::Same);
    }
    watch.seen = state;
    Ok(Known::Other)
}
