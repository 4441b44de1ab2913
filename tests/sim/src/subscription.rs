//! One connection as the engine sees it: what it has been sent, and what it is owed. It follows `engine/src/serve/send.rs`.

use larder::wire::{ClientFrame, Subscribe};
use serde_json::{Value as Json, json};

use crate::bug::Bug;
use crate::engine::{Answer, Engine, envelope};
use crate::rows::{KINDS, Kind};

/// So many rows are in one event of a copy.
const PAGE: usize = 4;

#[derive(Debug, Default)]
pub(crate) struct Subscription {
    is_subscribed: bool,
    types: Option<Vec<Kind>>,
    /// Everything up to here has been looked at.
    cursor: u64,
    /// The newest sequence that the client has heard of; with a filter, events name it.
    previous: u64,
    /// The newest sequence that was given as an answer to a mutation of this client.
    answered: u64,
    /// Nothing is sent before this time.
    pub(crate) stalled_until_ms: u64,
}

/// A message to a client.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) text: String,
    /// An event as it happens, which will be missed if it does not come.
    pub(crate) is_live: bool,
}

fn frame(kind: &str, data: &Json) -> Message {
    Message { text: format!(r#"{{"type":"{kind}","data":{data}}}"#), is_live: false }
}

/// Where a connection's messages go; the subscription is out of the engine while they are made.
pub(crate) type Outgoing = Vec<Message>;

impl Engine {
    /// A message of a client.
    pub(crate) fn hear(&mut self, connection: (usize, u64), text: &str) -> Outgoing {
        let mut out = Outgoing::new();
        let Some(mut own) = self.subscriptions.remove(&connection) else { return out };
        match ClientFrame::parse(text).unwrap() {
            ClientFrame::Subscribe(wanted) => self.subscribe(&mut own, wanted, &mut out),
            ClientFrame::CatchUp { since } => self.catch_up(&mut own, since, &mut out),
            ClientFrame::Mutate { id, args, .. } => {
                let args: Json = serde_json::from_str(args.get()).unwrap();
                match self.mutate(&id, &args) {
                    Answer::Applied { commit } => {
                        let sequence = self.sequence_of(commit);
                        // The event may come before the answer or after it.
                        if commit % 2 == 0 {
                            self.send_events(&mut own, &mut out);
                        }
                        out.push(frame("ack", &json!({"id": id, "sequence": sequence})));
                        own.answered = own.answered.max(sequence);
                        self.settle_answers(&mut own, &mut out);
                    }
                    Answer::Rejected { kind } => {
                        out.push(frame("reject", &json!({"id": id, "kind": kind, "message": "no"})));
                    }
                }
            }
            ClientFrame::Ping {} => out.push(frame("pong", &json!({}))),
            ClientFrame::Query { id, .. } => {
                out.push(frame("failed", &json!({"id": id, "kind": "unknown_method", "message": "no"})));
            }
            // It has no questions, and so no answers to watch.
            ClientFrame::Watch { id, .. } | ClientFrame::Unwatch { id } => {
                panic!("nothing is watched as {id}")
            }
        }
        self.subscriptions.insert(connection, own);
        out
    }

    /// What has happened that a client was not told yet.
    pub(crate) fn pump(&mut self, connection: (usize, u64), now_ms: u64) -> Outgoing {
        let mut out = Outgoing::new();
        let Some(mut own) = self.subscriptions.remove(&connection) else { return out };
        if own.is_subscribed && own.stalled_until_ms <= now_ms {
            self.send_events(&mut own, &mut out);
        }
        self.subscriptions.insert(connection, own);
        out
    }

    fn subscribe(&self, own: &mut Subscription, wanted: Subscribe, out: &mut Outgoing) {
        let head = self.head();
        let epoch = self.epoch_name();
        let welcome = json!({"protocol": wanted.protocol, "scope": "lib", "epoch": epoch, "sequence": head});
        out.push(frame("welcome", &welcome));
        let types = wanted.types.map(|types| types.iter().map(|name| Kind::named(name)).collect());
        let stalled_until_ms = own.stalled_until_ms;
        *own = Subscription {
            is_subscribed: true,
            types,
            cursor: head,
            previous: head,
            answered: 0,
            stalled_until_ms,
        };
        match wanted.since {
            None => self.copy(own, "first", out),
            Some(_) if wanted.epoch != Some(epoch) => self.copy(own, "epoch_changed", out),
            Some(since) => self.catch_up(own, since, out),
        }
    }

    fn catch_up(&self, own: &mut Subscription, since: u64, out: &mut Outgoing) {
        if since > self.head() {
            return self.copy(own, "epoch_changed", out);
        }
        if since < self.oldest() {
            return self.copy(own, "log_compacted", out);
        }
        (own.cursor, own.previous) = (since, since);
        let first = out.len();
        self.send_events(own, out);
        if self.bug == Some(Bug::EventLeftOut) && out.len() > first + 1 {
            out.remove(first);
        }
        out.iter_mut().for_each(|message| message.is_live = false);
        own.previous = own.cursor;
        out.push(frame("synced", &json!({"sequence": own.cursor})));
    }

    fn send_events(&self, own: &mut Subscription, out: &mut Outgoing) {
        if own.cursor < self.oldest() {
            return self.copy(own, "log_compacted", out);
        }
        let skipped = (own.cursor - self.oldest()) as usize;
        for entry in self.log.iter().skip(skipped) {
            own.cursor = entry.sequence;
            let is_wanted = own.types.as_ref().is_none_or(|types| types.contains(&entry.kind));
            if is_wanted {
                let previous = std::mem::replace(&mut own.previous, entry.sequence);
                let text = entry.text(own.types.is_some().then_some(previous));
                out.push(Message { text, is_live: own.types.is_none() });
            }
        }
        self.settle_answers(own, out);
    }

    /// A client waits for the event of its mutation; if the filter keeps it back, it must hear otherwise that it is through.
    fn settle_answers(&self, own: &mut Subscription, out: &mut Outgoing) {
        if own.types.is_some() && own.previous < own.answered && own.answered <= own.cursor {
            own.previous = own.cursor;
            out.push(frame("synced", &json!({"sequence": own.cursor})));
        }
    }

    fn copy(&self, own: &mut Subscription, reason: &str, out: &mut Outgoing) {
        let sequence = self.head();
        out.push(frame("resync", &json!({"reason": reason, "sequence": sequence})));
        let rows = self.rows_at(self.commit_number(), own.types.as_deref());
        for kind in KINDS {
            let of_kind: Vec<&Json> =
                rows.iter().filter(|(key, _)| key.0 == kind).map(|(_, row)| &**row).collect();
            for page in of_kind.chunks(PAGE) {
                let data = json!({"resource_type": kind.name(), "resources": page});
                let body = format!(r#"{{"type":"ResourceBatchChanged","data":{data}}}"#);
                out.push(Message { text: envelope(sequence, "", &body), is_live: false });
            }
        }
        (own.cursor, own.previous) = (sequence, sequence);
        out.push(frame("synced", &json!({ "sequence": sequence })));
    }
}
