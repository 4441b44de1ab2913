//! The device that is told a code.

use std::net::SocketAddr;
use std::time::Duration;

use serde::Serialize;
use uuid::Uuid;

use super::code::Code;
use super::error::PairError;
use super::exchange::{Between, Exchange, Side};
use super::message::{self, Answer, Ask, Proof, VERSION, Verdict, Welcome};
use crate::net::{Goodbye, Peer, PublicKey, Purpose, Transport};

/// How long the other device may take for a message, and somebody there to agree.
const PATIENCE: Duration = Duration::from_secs(15);
const TO_AGREE: Duration = Duration::from_secs(75);

/// A library that this device was let into.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Joined {
    /// Its id.
    pub library: Uuid,
    /// What it is called.
    pub library_name: String,
    /// The device that invited this one.
    pub device: Uuid,
    /// What that device calls itself.
    pub device_name: String,
}

/// Asks to be let in by the device at the address.
pub(crate) async fn join<T: Transport>(
    transport: &T,
    (device, key, name): (Uuid, PublicKey, String),
    address: SocketAddr,
    code: &Code,
) -> Result<(Joined, Peer), PairError> {
    let mut channel = transport.dial(address, None, Purpose::Pair).await?;
    let between = Between { joins: key, invites: channel.peer, binding: channel.binding };
    let (exchange, pake) = Exchange::begin(Side::Joins, code, between);
    let ask = Ask { version: VERSION, device, name, pake, addresses: transport.addresses() };
    message::send(&mut channel, &ask).await?;
    let agreed = match message::receive(&mut channel, PATIENCE).await? {
        Answer::Pake { pake } => exchange.finish(&pake)?,
        Answer::Refused { why } => return Err(PairError::Refused(why)),
    };
    message::send(&mut channel, &Proof { proof: agreed.proof(Side::Joins) }).await?;
    let welcome: Welcome = match message::receive(&mut channel, TO_AGREE).await? {
        Verdict::Welcome(welcome) => welcome,
        Verdict::Refused { why } => return Err(PairError::Refused(why)),
    };
    let is_proven = agreed.is_proof(Side::Invites, &welcome.proof);
    channel.closer.close(Goodbye::Done);
    if !is_proven {
        return Err(PairError::NotTheInviter);
    }
    let mut addresses = vec![channel.address];
    addresses.extend(welcome.addresses);
    let peer = Peer { device: welcome.device, key: channel.peer, name: welcome.name.clone(), addresses };
    let joined = Joined {
        library: welcome.library,
        library_name: welcome.library_name,
        device: welcome.device,
        device_name: welcome.name,
    };
    Ok((joined, peer))
}
