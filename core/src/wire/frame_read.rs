//! Reads the frames of an engine.
//!
//! By hand, because the client is loaded over the network: derived readers of this enum are a tenth of the browser module.

use serde_json::value::RawValue;

use super::{EventError, Limits, ResyncReason, ServerFrame, raw};
use crate::json::scan::Scanner;
use crate::json::{Kind, Span, number, read, text};

impl ServerFrame {
    /// Reads a frame, whichever of its keys comes first. Keys that it does not know are ignored.
    ///
    /// ```
    /// use larder::wire::ServerFrame;
    /// let frame = ServerFrame::parse(r#"{"data": {"sequence": 42}, "type": "synced"}"#)?;
    /// assert!(matches!(frame, ServerFrame::Synced { sequence: 42 }));
    /// # Ok::<(), larder::wire::EventError>(())
    /// ```
    ///
    /// # Errors
    /// [`EventError::MalformedFrame`] that names the key.
    pub fn parse(text: &str) -> Result<Self, EventError> {
        let bytes = text.as_bytes();
        let limits = Limits::default();
        let mut scanner = Scanner::new(bytes, limits.scan());
        let scanned = scanner.value(0).and_then(|value| scanner.finish().map(|()| value));
        let frame =
            scanned.map_err(|error| malformed(EventError::from_scan(error, bytes, &limits).to_string()))?;
        let fields = Fields { bytes, object: read::member(bytes, frame, "data") };
        let kind = read::member(bytes, frame, "type");
        if !kind.is_text() {
            return Err(malformed("`type` should be a string".to_owned()));
        }
        Ok(match text::decode(bytes, kind).as_ref() {
            "welcome" => Self::Welcome {
                protocol: u32::try_from(fields.count("protocol")?).unwrap_or(u32::MAX),
                scope: fields.text("scope")?,
                epoch: fields.text("epoch")?,
                sequence: fields.count("sequence")?,
            },
            "resync" => {
                Self::Resync { reason: reason(&fields.text("reason")?), sequence: fields.count("sequence")? }
            }
            "synced" => Self::Synced { sequence: fields.count("sequence")? },
            "ack" => Self::Ack { id: fields.text("id")?, sequence: fields.count("sequence")? },
            "reject" => Self::Reject {
                id: fields.text("id")?,
                kind: fields.text("kind")?,
                message: fields.text("message")?,
            },
            "result" => Self::Result { id: fields.text("id")?, data: fields.raw("data") },
            "failed" => Self::Failed {
                id: fields.text("id")?,
                kind: fields.text("kind")?,
                message: fields.text("message")?,
            },
            "pong" => Self::Pong {},
            "error" => Self::Error { kind: fields.text("kind")?, message: fields.text("message")? },
            other => {
                return Err(malformed(format!(
                    "there is no frame `{}`",
                    other.chars().take(64).collect::<String>()
                )));
            }
        })
    }
}

fn reason(name: &str) -> ResyncReason {
    match name {
        "first" => ResyncReason::First,
        "epoch_changed" => ResyncReason::EpochChanged,
        "log_compacted" => ResyncReason::LogCompacted,
        "too_far_behind" => ResyncReason::TooFarBehind,
        _ => ResyncReason::Other,
    }
}

fn malformed(message: String) -> EventError {
    EventError::MalformedFrame { message }
}

/// The members of a frame's data.
struct Fields<'a> {
    bytes: &'a [u8],
    object: Span,
}

impl Fields<'_> {
    fn text(&self, key: &str) -> Result<String, EventError> {
        let value = read::member(self.bytes, self.object, key);
        if value.is_text() {
            Ok(text::decode(self.bytes, value).into_owned())
        } else {
            Err(wrong(key, "a string"))
        }
    }

    fn count(&self, key: &str) -> Result<u64, EventError> {
        let value = read::member(self.bytes, self.object, key);
        let digits = value.of(self.bytes);
        let is_count = value.kind == Kind::Number && digits.iter().all(u8::is_ascii_digit);
        if is_count { Ok(number::parse(digits) as u64) } else { Err(wrong(key, "an integer from 0")) }
    }

    /// The JSON of a member; null if there is none.
    fn raw(&self, key: &str) -> Box<RawValue> {
        let value = read::member(self.bytes, self.object, key);
        match (value.kind, std::str::from_utf8(value.of(self.bytes))) {
            (Kind::Missing, _) | (_, Err(_)) => raw("null"),
            (Kind::Text | Kind::EscapedText, Ok(text)) => raw(&format!("\"{text}\"")),
            (_, Ok(text)) => raw(text),
        }
    }
}

fn wrong(key: &str, expected: &str) -> EventError {
    malformed(format!("`data.{key}` should be {expected}"))
}
