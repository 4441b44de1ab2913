//! Messages between a channel and the conversations of this engine.

use super::error::NetError;
use super::frame;
use super::transport::Channel;
use crate::sync::{Link, MAX_BYTES};

/// Carries messages both ways until either side ends, and says why that was.
pub(super) async fn pump(channel: &mut Channel, link: Link) -> NetError {
    let Link { mut incoming, outgoing, .. } = link;
    let (reader, writer) = (&mut channel.reader, &mut channel.writer);
    let sending = async {
        while let Some(message) = incoming.recv().await {
            frame::write(writer, &message).await?;
        }
        Ok(())
    };
    let receiving = async {
        while let Some(message) = frame::read(reader, MAX_BYTES).await? {
            if outgoing.send(message).await.is_err() {
                break;
            }
        }
        Ok(())
    };
    let ended: Result<(), NetError> = tokio::select! {
        ended = sending => ended,
        ended = receiving => ended,
    };
    let heard = channel.closer.reason();
    match ended {
        Err(error) => heard.unwrap_or(error),
        Ok(()) => heard.unwrap_or_else(|| NetError::Ended("there was nothing more to say".to_owned())),
    }
}
