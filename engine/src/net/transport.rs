//! What a way between devices is, whatever carries it.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};

use super::error::NetError;
use super::key::PublicKey;

/// What a channel is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Purpose {
    /// Two devices of one library.
    Sync,
    /// A device that is not of the library yet.
    Pair,
}

impl Purpose {
    /// All of them.
    pub(crate) const ALL: [Self; 2] = [Self::Sync, Self::Pair];

    /// How TLS names it, with the version of what is spoken.
    pub(crate) const fn protocol(self) -> &'static [u8] {
        match self {
            Self::Sync => b"larder-sync/1",
            Self::Pair => b"larder-pair/1",
        }
    }
}

/// Why a channel is ended on purpose; the other side is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Goodbye {
    /// There is nothing more to say.
    Done = 0,
    /// The key is of no device of this library.
    Stranger = 1,
    /// There is a better channel between the two.
    Duplicate = 2,
    /// This device was taken offline.
    Paused = 3,
    /// What came makes no sense.
    Nonsense = 4,
}

impl Goodbye {
    /// What the other side meant.
    pub(crate) fn heard(code: u64) -> NetError {
        match code {
            1 => NetError::Stranger,
            2 => NetError::Duplicate,
            3 => NetError::Paused,
            _ => NetError::Ended(format!("code {code}")),
        }
    }
}

/// Ends a channel.
pub(crate) trait Closer: Send + Sync {
    /// Tells the other side why and ends it. Doing it again does nothing.
    fn close(&self, why: Goodbye);

    /// Why the channel ended, once it has.
    fn reason(&self) -> Option<NetError>;

    /// How many bytes were sent so far, with all that the transport adds.
    fn sent(&self) -> u64;
}

/// Bytes to and from one other device, in order. Nobody else can read or write them, and `peer` is proven.
pub(crate) struct Channel {
    pub(crate) peer: PublicKey,
    pub(crate) purpose: Purpose,
    /// Where the peer is.
    pub(crate) address: SocketAddr,
    /// Known only to the two ends, and different for each channel.
    pub(crate) binding: [u8; 32],
    pub(crate) reader: Box<dyn AsyncRead + Send + Unpin>,
    pub(crate) writer: Box<dyn AsyncWrite + Send + Unpin>,
    pub(crate) closer: Arc<dyn Closer>,
    /// More streams on the same channel, which it does not have to wait for.
    pub(crate) streams: Arc<dyn Streams>,
}

/// Bytes both ways, apart from all other streams.
pub(crate) struct Stream {
    pub(crate) reader: Box<dyn AsyncRead + Send + Unpin>,
    pub(crate) writer: Box<dyn AsyncWrite + Send + Unpin>,
}

/// Opens streams to one other device, and takes those that it opens. How many it may open at once is limited.
pub(crate) trait Streams: Send + Sync {
    /// Opens one. Waits while there are too many.
    fn open(&self) -> BoxFuture<'_, Result<Stream, NetError>>;

    /// The next that the other opened; nothing, when there will be none any more.
    fn accept(&self) -> BoxFuture<'_, Option<Stream>>;
}

/// A way to reach other devices and to be reached.
pub(crate) trait Transport: Send + Sync + 'static {
    /// Where others reach this device.
    fn addresses(&self) -> Vec<SocketAddr>;

    /// Opens a channel to who is at the address; who has not got the `key`, if one is given, is not spoken to.
    fn dial(
        &self,
        address: SocketAddr,
        key: Option<PublicKey>,
        purpose: Purpose,
    ) -> impl Future<Output = Result<Channel, NetError>> + Send;

    /// The next channel that another device opened; nothing, when there will be none any more.
    fn accept(&self) -> impl Future<Output = Option<Channel>> + Send;
}
