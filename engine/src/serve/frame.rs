//! Reading what clients send.

use larder::wire::ClientFrame;
use serde::Deserialize;
use serde_json::value::RawValue;

/// What a client did wrong. The connection ends after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    /// The stable name of it.
    pub(super) kind: &'static str,
    pub(super) message: String,
}

impl Wrong {
    pub(super) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

const TYPES: [&str; 7] = ["subscribe", "catch_up", "mutate", "query", "watch", "unwatch", "ping"];

/// Reads one message.
pub(super) fn read(text: &str) -> Result<ClientFrame, Wrong> {
    #[derive(Deserialize)]
    struct Tag {
        #[serde(rename = "type")]
        name: String,
    }
    serde_json::from_str::<&RawValue>(text)
        .map_err(|error| Wrong::new("frame.malformed_json", format!("the message is not JSON: {error}")))?;
    let Tag { name } = serde_json::from_str(text).map_err(|error| {
        Wrong::new("frame.invalid", format!("a frame is an object with `type` and `data`: {error}"))
    })?;
    if !TYPES.contains(&name.as_str()) {
        let name: String = name.chars().take(80).collect();
        return Err(Wrong::new("frame.unknown_type", format!("there is no frame of type `{name}`")));
    }
    ClientFrame::parse(text).map_err(|error| Wrong::new("frame.invalid", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_in_either_order_of_their_keys() {
        for text in [
            r#"{"type":"mutate","data":{"id":"1","name":"n","args":{"a":1}}}"#,
            r#"{"data":{"args":{"a":1},"name":"n","id":"1"},"type":"mutate"}"#,
        ] {
            let ClientFrame::Mutate { id, name, args } = read(text).unwrap() else {
                panic!("not a mutation")
            };
            assert_eq!((id.as_str(), name.as_str(), args.get()), ("1", "n", r#"{"a":1}"#));
        }
        assert!(matches!(read(r#"{"type":"ping"}"#), Ok(ClientFrame::Ping {})));
    }

    #[test]
    fn what_is_no_frame_is_named() {
        for (text, kind) in [
            ("", "frame.malformed_json"),
            ("{", "frame.malformed_json"),
            ("[1]", "frame.invalid"),
            ("null", "frame.invalid"),
            (r#"{"data":{}}"#, "frame.invalid"),
            (r#"{"type":7}"#, "frame.invalid"),
            (r#"{"type":"launch","data":{}}"#, "frame.unknown_type"),
            (r#"{"type":"mutate","data":{"id":"1"}}"#, "frame.invalid"),
            (r#"{"type":"catch_up","data":{"since":-1}}"#, "frame.invalid"),
            (r#"{"type":"catch_up","data":{"since":"1"}}"#, "frame.invalid"),
        ] {
            assert_eq!(read(text).unwrap_err().kind, kind, "{text}");
        }
    }
}
