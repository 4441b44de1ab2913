//! A connection whose other side sends anything at any time, in lines: `+` connect, `*` connected, `-` disconnected, `.` disconnect, `~` that
//! much later, `!` a mutation, `?` a query of the cache or of the backend, `^` and `_` hold an edit no longer; everything else is
//! a message that is received.

use std::collections::BTreeSet;

use larder::outbox::Mutation;
use larder::{Effect, Phase};

use crate::agreed::Screen;

struct Run {
    screen: Screen,
    now_ms: u64,
    /// Edits that the app made, and those of them that it was told the end of.
    made: BTreeSet<String>,
    settled: BTreeSet<String>,
}

/// Takes the lines; then an engine that behaves makes everything right again.
pub fn run(data: &[u8]) {
    let Some((&kind, data)) = data.split_first() else { return };
    let mut run =
        Run { screen: Screen::small(kind), now_ms: 0, made: BTreeSet::new(), settled: BTreeSet::new() };
    for line in data.split(|byte| *byte == b'\n').take(40) {
        run.take(line);
        run.check();
    }
    run.recover();
}

impl Run {
    fn take(&mut self, line: &[u8]) {
        let Screen { cache, host, .. } = &mut self.screen;
        let now_ms = self.now_ms;
        let (first, rest) = line.split_first().map_or((b'\n', line), |(first, rest)| (*first, rest));
        let text = std::str::from_utf8(rest).unwrap_or_default();
        match first {
            b'+' => _ = host.deliver(cache.connect(now_ms)),
            b'*' => _ = host.deliver(cache.connected(now_ms)),
            b'-' => _ = host.deliver(cache.disconnected(now_ms)),
            b'.' => _ = host.deliver(cache.disconnect()),
            b'~' => {
                self.now_ms += text.parse::<u64>().unwrap_or(1_000).min(1_000_000);
                _ = host.deliver(cache.tick(self.now_ms));
            }
            b'!' => {
                let Ok(mutation) = Mutation::parse(text) else { return };
                let id = mutation.id.clone();
                let is_pending = cache.pending().iter().any(|pending| pending.id == id);
                if host.deliver(cache.mutate(mutation)).is_ok() {
                    assert!(!is_pending, "the id of a pending edit is taken: {id}");
                    self.settled.remove(&id);
                    self.made.insert(id);
                }
            }
            b'?' => _ = host.deliver(cache.mount_json(rest, now_ms)),
            b'^' => _ = host.deliver(cache.retry(text)),
            b'_' => _ = host.deliver(cache.discard(text)),
            _ => {
                if let Err(error) = host.deliver(cache.receive(line, now_ms)) {
                    let kind = error.kind();
                    assert!(kind.starts_with("event.") || kind.starts_with("frame."), "{kind}: {error}");
                }
            }
        }
    }

    /// Results are right, and every edit is either pending or was settled, once.
    fn check(&mut self) {
        for effect in self.screen.host.effects.drain(..) {
            if let Effect::Settled { id, .. } = effect {
                assert!(self.made.contains(&id), "an edit that was not made is settled: {id}");
                assert!(self.settled.insert(id.clone()), "an edit is settled twice: {id}");
            }
        }
        let pending: BTreeSet<String> =
            self.screen.cache.pending().into_iter().map(|pending| pending.id).collect();
        assert!(pending.is_subset(&self.made));
        assert!(pending.is_disjoint(&self.settled), "an edit is settled and pending");
        self.screen.check();
    }

    /// A new connection with an engine of another log: its copy is what there is then, and all edits have an end.
    fn recover(mut self) {
        let Screen { cache, host, .. } = &mut self.screen;
        let library = cache.status().library.unwrap_or_else(|| "l".to_owned());
        let text = |text: &str| serde_json::to_string(text).unwrap();
        _ = host.deliver(cache.disconnect());
        _ = host.deliver(cache.disconnected(self.now_ms));
        self.now_ms += 1_000_000;
        host.deliver(cache.connect(self.now_ms)).unwrap();
        host.deliver(cache.connected(self.now_ms)).unwrap();
        let event = |sequence: u32, more: &str, row: &str| {
            format!(
                r#"{{"envelope":{{"id":"e{sequence}","library_id":{},"sequence":{sequence}{more}}},"kind":{{"type":"ResourceChanged","data":{{"resource_type":"file","resource":{row}}}}}}}"#,
                text(&library)
            )
        };
        let welcome = format!(
            r#"{{"type":"welcome","data":{{"protocol":1,"scope":{},"epoch":"the last one","sequence":1}}}}"#,
            text(&library)
        );
        let copy = [
            welcome,
            r#"{"type":"resync","data":{"reason":"epoch_changed","sequence":1}}"#.to_owned(),
            event(1, "", r#"{"id":"the only one","name":"a","v":1}"#),
            r#"{"type":"synced","data":{"sequence":1}}"#.to_owned(),
        ];
        for message in copy {
            host.deliver(cache.receive(message, self.now_ms)).unwrap();
        }
        assert_eq!(cache.status().phase, Phase::Live);
        self.check();
        // The oldest first: one that is refused holds those that need it.
        while let Some(oldest) = self.screen.cache.pending().first().map(|pending| pending.id.clone()) {
            let Screen { cache, host, .. } = &mut self.screen;
            let reject = format!(
                r#"{{"type":"reject","data":{{"id":{},"kind":"no","message":"no"}}}}"#,
                text(&oldest)
            );
            host.deliver(cache.receive(reject, self.now_ms)).unwrap();
            _ = host.deliver(cache.discard(&oldest));
            assert!(cache.pending().iter().all(|pending| pending.id != oldest), "a refused edit is gone");
        }
        self.check();
        assert_eq!(self.screen.rows(0).into_keys().collect::<Vec<_>>(), ["the only one"]);
        assert!(self.screen.rows(1).is_empty());
    }
}
