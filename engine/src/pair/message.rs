//! What two devices say to each other before they know each other.

use std::net::SocketAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::time::timeout;
use uuid::Uuid;

use super::error::{PairError, Refused};
use crate::net::{Channel, NetError, frame};

pub(super) const VERSION: u32 = 1;
const MAX_BYTES: usize = 4 << 10;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    pub(super) version: u32,
    pub(super) device: Uuid,
    pub(super) name: String,
    pub(super) pake: Vec<u8>,
    /// Where it can be reached.
    pub(super) addresses: Vec<SocketAddr>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Answer {
    Pake { pake: Vec<u8> },
    Refused { why: Refused },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proof {
    pub(super) proof: Vec<u8>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Verdict {
    Welcome(Welcome),
    Refused { why: Refused },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Welcome {
    pub(super) proof: Vec<u8>,
    pub(super) device: Uuid,
    pub(super) name: String,
    pub(super) library: Uuid,
    pub(super) library_name: String,
    pub(super) addresses: Vec<SocketAddr>,
}

pub(super) async fn send(channel: &mut Channel, message: &impl Serialize) -> Result<(), PairError> {
    let bytes = serde_json::to_vec(message).map_err(|error| PairError::Nonsense(error.to_string()))?;
    Ok(frame::write(&mut channel.writer, &bytes).await?)
}

pub(super) async fn receive<T: DeserializeOwned>(
    channel: &mut Channel,
    patience: Duration,
) -> Result<T, PairError> {
    let ended = |channel: &Channel, error: Option<NetError>| {
        let said = channel.closer.reason().or(error);
        PairError::from(said.unwrap_or_else(|| NetError::Ended("without a word".to_owned())))
    };
    match timeout(patience, frame::read(&mut channel.reader, MAX_BYTES)).await {
        Err(_) => Err(NetError::Silent(patience).into()),
        Ok(Err(error)) => Err(ended(channel, Some(error))),
        Ok(Ok(None)) => Err(ended(channel, None)),
        Ok(Ok(Some(bytes))) => {
            serde_json::from_slice(&bytes).map_err(|error| PairError::Nonsense(error.to_string()))
        }
    }
}
