//! What can go wrong between devices.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use sea_orm::DbErr;

/// Why there is no connection to another device, or not any more.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum NetError {
    #[error("the operating system gives no random numbers")]
    NoRandomness,
    #[error("the key of this device is damaged: remove `device_key` from the table `meta` and pair it anew")]
    DamagedKey,
    #[error("cannot listen for other devices at {address}: {error}")]
    Bind { address: SocketAddr, error: io::Error },
    #[error("TLS refused the configuration: {0}")]
    Tls(String),
    #[error("nothing is known of where it is")]
    NoAddress,
    #[error("{0} was not reached: {1}")]
    Unreachable(SocketAddr, String),
    #[error("it did not answer within {0:?}")]
    Silent(Duration),
    #[error("it ended the connection: {0}")]
    Ended(String),
    #[error("a message of {0} bytes is larger than allowed")]
    TooLarge(usize),
    #[error("the connection broke: {0}")]
    Broken(#[from] io::Error),
    #[error("it said something that is no greeting: {0}")]
    NoGreeting(serde_json::Error),
    #[error("it says that it is device {0}, which has another key")]
    OtherDevice(uuid::Uuid),
    #[error("it holds another library, {0}")]
    OtherLibrary(String),
    #[error("it does not know this device: pair them")]
    Stranger,
    #[error("there is a connection already")]
    Duplicate,
    #[error("it was taken offline")]
    Paused,
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
}
