//! Reads the frames of an engine.
//!
//! By hand, because the client is loaded over the network: derived readers of this enum are a tenth of the browser module.

use super::fields::Fields;
use super::{EventError, ResyncReason, ServerFrame};

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
        read(text).map_err(|message| EventError::MalformedFrame { message })
    }
}

fn read(text: &str) -> Result<ServerFrame, String> {
    let frame = Fields::parse(text)?;
    let kind = frame.text("type")?;
    let data = frame.inner("data");
    Ok(match kind.as_str() {
        "welcome" => ServerFrame::Welcome {
            protocol: u32::try_from(data.count("protocol")?).unwrap_or(u32::MAX),
            scope: data.text("scope")?,
            epoch: data.text("epoch")?,
            sequence: data.count("sequence")?,
        },
        "resync" => {
            ServerFrame::Resync { reason: reason(&data.text("reason")?), sequence: data.count("sequence")? }
        }
        "synced" => ServerFrame::Synced { sequence: data.count("sequence")? },
        "ack" => ServerFrame::Ack { id: data.text("id")?, sequence: data.count("sequence")? },
        "reject" => ServerFrame::Reject {
            id: data.text("id")?,
            kind: data.text("kind")?,
            message: data.text("message")?,
        },
        "result" => ServerFrame::Result { id: data.text("id")?, data: data.raw("data") },
        "failed" => ServerFrame::Failed {
            id: data.text("id")?,
            kind: data.text("kind")?,
            message: data.text("message")?,
        },
        "changed" => ServerFrame::Changed { id: data.text("id")? },
        "pong" => ServerFrame::Pong {},
        "error" => ServerFrame::Error { kind: data.text("kind")?, message: data.text("message")? },
        other => return Err(format!("there is no frame `{}`", other.chars().take(64).collect::<String>())),
    })
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
