//! The first message in each direction: which device this is, in which run, of which library.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use uuid::Uuid;

use super::error::NetError;
use super::frame;
use super::transport::Channel;

/// How long the other may take to greet.
const PATIENCE: Duration = Duration::from_secs(10);
const MAX_BYTES: usize = 4 << 10;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Greeting {
    pub(super) device: Uuid,
    /// Another one each time the engine starts.
    pub(super) run: Uuid,
    pub(super) library: String,
}

pub(super) async fn say(channel: &mut Channel, greeting: &Greeting) -> Result<(), NetError> {
    let bytes = serde_json::to_vec(greeting).map_err(NetError::NoGreeting)?;
    frame::write(&mut channel.writer, &bytes).await
}

pub(super) async fn hear(channel: &mut Channel) -> Result<Greeting, NetError> {
    let heard = timeout(PATIENCE, frame::read(&mut channel.reader, MAX_BYTES)).await;
    match heard {
        Err(_) => Err(NetError::Silent(PATIENCE)),
        Ok(Ok(Some(bytes))) => serde_json::from_slice(&bytes).map_err(NetError::NoGreeting),
        // What the other side said about it says more than that the stream broke.
        Ok(Ok(None)) => {
            Err(channel.closer.reason().unwrap_or_else(|| NetError::Ended("without a word".to_owned())))
        }
        Ok(Err(error)) => Err(channel.closer.reason().unwrap_or(error)),
    }
}
