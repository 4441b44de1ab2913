//! What two devices say to each other.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::change::{Changes, OwnedChange, SharedChange};
use super::leader::Term;
use super::marks::Positions;
use super::registry::Registry;

/// The version of the protocol between devices.
pub(crate) const PROTOCOL: u32 = 1;
/// The largest message.
pub(crate) const MAX_BYTES: usize = 16 << 20;
/// The most changes in one message.
pub(crate) const MAX_CHANGES: usize = 5_000;
/// The most streams that a device may name, and rows that it may ask for at once.
const MAX_NAMED: usize = 20_000;

/// One message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Message {
    /// The first message, and again now and then: who I am, and what I have.
    Hello {
        protocol: u32,
        library: String,
        device: Uuid,
        /// Whether the same is wanted back.
        answer: bool,
        /// The devices that I hear myself: what they do need not be passed on to me.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        hears: BTreeSet<Uuid>,
        #[serde(with = "listed")]
        positions: Positions,
        /// The newest term that I know of, and whether I hear the leader of it, or am it.
        term: Term,
        is_led: bool,
    },
    /// What you do not have.
    Changes { changes: Changes },
    /// What I have now: of the streams in your message, and of others where it is not what I told you last.
    Ack {
        #[serde(with = "listed")]
        positions: Positions,
    },
    /// Changes that I have refer to these rows, by model and id.
    Missing { rows: Vec<(String, String)> },
    /// The rows that you miss, as far as I have them: those of devices first, in an order in which they can be written.
    Found { owned: Vec<Found>, shared: Vec<SharedChange> },
    /// What you have is older than my log: ask for all shared rows.
    Behind {},
    /// Give me shared rows, from the beginning, or those after this one.
    Backfill { after: Option<(String, String)> },
    /// Some shared rows, as changes that make them what they are.
    Rows {
        /// What was asked for.
        after: Option<(String, String)>,
        changes: Vec<SharedChange>,
        /// Links, by model and id, with all their makings that count.
        links: Vec<Links>,
        /// What I had when I read them.
        #[serde(with = "listed")]
        positions: Positions,
        /// Where the next ones begin; nothing, if these were the last.
        next: Option<(String, String)>,
        /// How many there are, in the first message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        total: Option<u64>,
    },
    /// What has come here from others since I told you last.
    Have {
        #[serde(with = "listed")]
        positions: Positions,
    },
    /// The devices that I hear now.
    Hears { devices: BTreeSet<Uuid> },
    /// I lead. This comes after your place in my log. No changes: there are none, or I do not know your place.
    Led {
        term: Term,
        /// As you said when you told your place.
        generation: i64,
        /// Where this gets you to; nothing, if you do not have all that was here when my log began.
        sequence: Option<i64>,
        /// Whether that is the end of my log.
        is_all: bool,
        changes: Changes,
    },
    /// I follow you. I am at this position of your log, or nowhere.
    Pull {
        term: Term,
        /// How often I gave up my position in this term.
        generation: i64,
        position: Option<i64>,
        /// What I have beyond that position; without one, all that I have.
        #[serde(with = "listed")]
        positions: Positions,
    },
    /// My log does not have your position: tell me all that you have.
    Lost {},
    /// What you said is of an older term than this one, and does not count.
    Stale { term: Term },
    /// I hear no leader: let me lead in this term.
    Elect { term: Term },
    /// Whether I agree, and the epoch that I voted in last.
    Vote { term: Term, given: bool, epoch: u64 },
    /// I want to let go of a shared model: keep it. With each wish comes another number.
    Keep { model: String, round: u64 },
    /// I keep it, and this is what I have. Who does not keep it says nothing.
    Kept {
        model: String,
        round: u64,
        #[serde(with = "listed")]
        positions: Positions,
    },
}

/// A row that a device owns, out of its turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Found {
    pub(crate) model: String,
    pub(crate) owner: Uuid,
    pub(crate) row: OwnedChange,
}

/// The makings of a link that nobody has undone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Links {
    pub(crate) model: String,
    pub(crate) id: String,
    pub(crate) live: Vec<super::hlc::Dot>,
}

/// Why a message cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum MessageError {
    #[error("it has {0} bytes, at most {MAX_BYTES} are allowed")]
    TooLarge(usize),
    #[error("it names {0} things, more than allowed")]
    TooMany(usize),
    #[error("it does not have as many rows as it says")]
    Rows,
    #[error("its rows are no text: {0}")]
    Text(#[from] std::str::Utf8Error),
    #[error("it is no message: {0}")]
    Json(#[from] serde_json::Error),
}

impl Message {
    /// Reads a message within the limits.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, MessageError> {
        if bytes.len() > MAX_BYTES {
            return Err(MessageError::TooLarge(bytes.len()));
        }
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
        let (head, rows) = bytes.split_at(end);
        let mut message: Self = serde_json::from_slice(head)?;
        let (count, most) = match &message {
            Self::Changes { changes } | Self::Led { changes, .. } => {
                (changes.count().max(changes.owned.len() + changes.shared.len()), MAX_CHANGES)
            }
            Self::Rows { changes, links, .. } => (changes.len().max(links.len()), MAX_NAMED),
            Self::Hello { hears, positions, .. } => (positions.len().max(hears.len()), MAX_NAMED),
            Self::Ack { positions } | Self::Have { positions } => (positions.len(), MAX_NAMED),
            Self::Kept { positions, .. } => (positions.len(), MAX_NAMED),
            Self::Hears { devices } => (devices.len(), MAX_NAMED),
            Self::Pull { positions, .. } => (positions.len(), MAX_NAMED),
            Self::Found { owned, shared } => (owned.len() + shared.len(), 4 * MAX_CHANGES),
            Self::Missing { rows } => (rows.len(), MAX_NAMED),
            Self::Behind {} | Self::Backfill { .. } | Self::Lost {} | Self::Keep { .. } => (0, 0),
            Self::Stale { .. } | Self::Elect { .. } | Self::Vote { .. } => (0, 0),
        };
        if count > most {
            return Err(MessageError::TooMany(count));
        }
        let mut rows = str::from_utf8(rows.strip_prefix(b"\n").unwrap_or_default())?;
        if let Self::Changes { changes } | Self::Led { changes, .. } = &mut message {
            for part in &mut changes.owned {
                rows = part.rows.take(rows).ok_or(MessageError::Rows)?;
            }
        }
        if rows.is_empty() { Ok(message) } else { Err(MessageError::Rows) }
    }

    /// Reads the rows in it.
    pub(super) fn read(mut self, registry: &Registry) -> Self {
        if let Self::Changes { changes } | Self::Led { changes, .. } = &mut self {
            changes.read(registry);
        }
        self
    }

    /// The message as bytes: JSON without line breaks, and then a line for each row that a device owns.
    pub(crate) fn encode(&self) -> serde_json::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(self)?;
        if let Self::Changes { changes } | Self::Led { changes, .. } = self {
            bytes.reserve_exact(1 + changes.owned.iter().map(|part| part.rows.text.len()).sum::<usize>());
            bytes.push(b'\n');
            for part in &changes.owned {
                bytes.extend_from_slice(part.rows.text.as_bytes());
            }
        }
        Ok(bytes)
    }
}

/// Positions as a list, since streams are no text.
mod listed {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::sync::marks::Positions;

    pub(super) fn serialize<S: Serializer>(positions: &Positions, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(positions.iter().map(|((stream, device), at)| (stream, device, at)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Positions, D::Error> {
        let list: Vec<(String, uuid::Uuid, i64)> = Vec::deserialize(deserializer)?;
        Ok(list.into_iter().map(|(stream, device, at)| ((stream, device), at)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(count: usize) -> String {
        let nobody = Uuid::nil();
        format!(
            r#"{{"model":"file","owner":"{nobody}","from":0,"to":9,"head":9,"pruned":0,"fields":[],"count":{count}}}"#
        )
    }

    fn changes(counts: &[usize], rows: &str) -> Result<Vec<String>, MessageError> {
        let parts: Vec<String> = counts.iter().map(|count| part(*count)).collect();
        let text =
            format!(r#"{{"type":"changes","changes":{{"owned":[{}],"shared":[]}}}}{rows}"#, parts.join(","));
        let message = Message::decode(text.as_bytes())?;
        assert_eq!(Message::decode(&message.encode().unwrap()).unwrap(), message);
        let Message::Changes { changes } = message else { panic!("another message") };
        Ok(changes.owned.into_iter().map(|part| part.rows.text).collect())
    }

    #[test]
    fn each_part_has_its_own_of_the_lines_at_the_end() {
        assert_eq!(changes(&[2, 0, 1], "\n[1]\n[2]\n[3]\n").unwrap(), ["[1]\n[2]\n", "", "[3]\n"]);
        assert!(changes(&[], "").unwrap().is_empty());
    }

    #[test]
    fn more_or_fewer_lines_than_it_says_are_refused() {
        for (counts, rows) in [
            (&[2][..], "\n[1]\n"),
            (&[2], "\n[1]\n[2]"),
            (&[1], ""),
            (&[1], "\n[1]\n[2]\n"),
            (&[], "\n[1]\n"),
        ] {
            assert!(matches!(changes(counts, rows), Err(MessageError::Rows)), "{counts:?} {rows:?}");
        }
        let most = MAX_CHANGES;
        assert!(matches!(changes(&[most, 1], "\n"), Err(MessageError::TooMany(count)) if count == most + 1));
        // Their sum is beyond what a number holds.
        let (most, text) = (usize::MAX, "\n");
        assert!(matches!(changes(&[most, most], text), Err(MessageError::TooMany(_) | MessageError::Rows)));
        let hello = br#"{"type":"hears","devices":[]}"#;
        assert!(Message::decode(hello).is_ok());
        assert!(matches!(Message::decode(&[hello, &b"\n[1]\n"[..]].concat()), Err(MessageError::Rows)));
    }
}
