//! QUIC: over UDP, encrypted with TLS 1.3, with streams that do not hold each other up.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use quinn::crypto::rustls::{HandshakeData, QuicClientConfig, QuicServerConfig};
use quinn::{
    ClientConfig, Connection, ConnectionError, Endpoint, EndpointConfig, Incoming, ServerConfig,
    TransportConfig, TransportErrorCode, VarInt,
};
use ring::hmac;
use rustls::pki_types::CertificateDer;
use tokio::sync::{Mutex, Semaphore, mpsc};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;

use super::error::NetError;
use super::key::{DeviceKey, PublicKey};
use super::tls::{self, Admits};
use super::transport::{Channel, Closer, Goodbye, Purpose, Stream, Streams, Transport};

/// How long a peer may be silent. It is asked for a sign of life before.
const IDLE: Duration = Duration::from_secs(10);
const KEEP_ALIVE: Duration = Duration::from_secs(3);
/// How long a handshake may take, with the first stream.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How many handshakes go on at once; those who come then are not heard.
const HANDSHAKES: usize = 32;
/// How many streams a device may have open besides the first one, once it was let in.
const STREAMS: u32 = 16;
/// A name is part of a handshake, and means nothing: devices are known by their keys.
const NAME: &str = "device";
/// The alert of TLS that says so.
const ACCESS_DENIED: u8 = 49;
/// What the secret of a channel is made from, and the key of resets.
const BINDING: &[u8] = b"larder channel binding";
const RESET: &[u8] = b"larder stateless reset";

/// A socket.
pub(crate) struct Quic {
    endpoint: Endpoint,
    key: Arc<DeviceKey>,
    limits: Arc<TransportConfig>,
    accepted: Mutex<mpsc::Receiver<Channel>>,
    accepting: AbortHandle,
}

impl Drop for Quic {
    fn drop(&mut self) {
        self.accepting.abort();
        self.endpoint.close(code(Goodbye::Done), &[]);
    }
}

impl Quic {
    /// Listens at the address, and lets those in whose keys are admitted. Must be called inside a tokio runtime.
    pub(crate) fn bind(address: SocketAddr, key: Arc<DeviceKey>, admits: Admits) -> Result<Self, NetError> {
        let failed = |error| NetError::Bind { address, error };
        let mut limits = TransportConfig::default();
        limits
            .max_idle_timeout(Some(
                VarInt::from_u32(u32::try_from(IDLE.as_millis()).unwrap_or(u32::MAX)).into(),
            ))
            .keep_alive_interval(Some(KEEP_ALIVE))
            .max_concurrent_bidi_streams(VarInt::from_u32(1))
            .max_concurrent_uni_streams(VarInt::from_u32(0))
            .datagram_receive_buffer_size(None);
        let limits = Arc::new(limits);
        let crypto = QuicServerConfig::try_from(tls::server(&key, admits)?)
            .map_err(|error| NetError::Tls(error.to_string()))?;
        let mut server = ServerConfig::with_crypto(Arc::new(crypto));
        server.transport_config(Arc::clone(&limits)).max_incoming(HANDSHAKES);
        // The same in each run: a peer that goes on with a connection of the last one is told at once that it is over.
        let secret = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.pkcs8()), RESET);
        let config = EndpointConfig::new(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, secret.as_ref())));
        let socket = UdpSocket::bind(address).map_err(failed)?;
        let endpoint =
            Endpoint::new(config, Some(server), socket, Arc::new(quinn::TokioRuntime)).map_err(failed)?;
        let (accepted_in, accepted) = mpsc::channel(1);
        let accepting = tokio::spawn(accept(endpoint.clone(), accepted_in)).abort_handle();
        Ok(Self { endpoint, key, limits, accepted: Mutex::new(accepted), accepting })
    }
}

impl Transport for Quic {
    fn addresses(&self) -> Vec<SocketAddr> {
        let Ok(address) = self.endpoint.local_addr() else { return Vec::new() };
        if !address.ip().is_unspecified() {
            return vec![address];
        }
        vec![SocketAddr::new(outward().unwrap_or(Ipv4Addr::LOCALHOST.into()), address.port())]
    }

    async fn dial(
        &self,
        address: SocketAddr,
        key: Option<PublicKey>,
        purpose: Purpose,
    ) -> Result<Channel, NetError> {
        let crypto = QuicClientConfig::try_from(tls::client(&self.key, key, purpose)?)
            .map_err(|error| NetError::Tls(error.to_string()))?;
        let mut config = ClientConfig::new(Arc::new(crypto));
        config.transport_config(Arc::clone(&self.limits));
        let unreachable = |reason: String| NetError::Unreachable(address, reason);
        let connecting = self
            .endpoint
            .connect_with(config, address, NAME)
            .map_err(|error| unreachable(error.to_string()))?;
        let opening = async {
            let connection = connecting.await?;
            let streams = connection.open_bi().await?;
            Ok((connection, streams))
        };
        match timeout(HANDSHAKE, opening).await {
            Err(_) => Err(NetError::Silent(HANDSHAKE)),
            Ok(Err(error)) => Err(heard(&error).unwrap_or_else(|| unreachable(error.to_string()))),
            Ok(Ok((connection, (writer, reader)))) => channel(connection, purpose, reader, writer),
        }
    }

    async fn accept(&self) -> Option<Channel> {
        self.accepted.lock().await.recv().await
    }
}

/// Shakes hands with all who come, with each at its own pace.
async fn accept(endpoint: Endpoint, accepted: mpsc::Sender<Channel>) {
    let mut greeting = JoinSet::new();
    let at_once = Arc::new(Semaphore::new(HANDSHAKES));
    while let Some(incoming) = endpoint.accept().await {
        while greeting.try_join_next().is_some() {}
        let Ok(permit) = Arc::clone(&at_once).try_acquire_owned() else {
            incoming.refuse();
            continue;
        };
        let accepted = accepted.clone();
        greeting.spawn(async move {
            let address = incoming.remote_address();
            match timeout(HANDSHAKE, greet(incoming)).await {
                Ok(Ok(channel)) => {
                    drop(permit);
                    // Fails only when the engine is stopping.
                    let _ = accepted.send(channel).await;
                }
                Ok(Err(error)) => tracing::info!(%address, %error, "a device was not let in"),
                Err(_) => tracing::info!(%address, "a device was too slow to be let in"),
            }
        });
    }
}

/// The handshake ends here for keys that are not admitted.
async fn greet(incoming: Incoming) -> Result<Channel, NetError> {
    let ended = |error: ConnectionError| heard(&error).unwrap_or_else(|| NetError::Ended(error.to_string()));
    let connection = incoming.await.map_err(ended)?;
    let data = connection.handshake_data().and_then(|data| data.downcast::<HandshakeData>().ok());
    let protocol = data.and_then(|data| data.protocol).unwrap_or_default();
    let purpose = Purpose::ALL.into_iter().find(|purpose| purpose.protocol() == protocol);
    let purpose = purpose.ok_or_else(|| NetError::Tls("it speaks no protocol of ours".to_owned()))?;
    let (writer, reader) = connection.accept_bi().await.map_err(ended)?;
    channel(connection, purpose, reader, writer)
}

fn channel(
    connection: Connection,
    purpose: Purpose,
    reader: quinn::RecvStream,
    writer: quinn::SendStream,
) -> Result<Channel, NetError> {
    let shown =
        connection.peer_identity().and_then(|shown| shown.downcast::<Vec<CertificateDer<'static>>>().ok());
    let peer = shown.and_then(|shown| PublicKey::from_spki(shown.first()?)).ok_or(NetError::Stranger)?;
    let mut binding = [0; 32];
    connection
        .export_keying_material(&mut binding, BINDING, &[])
        .map_err(|_| NetError::Tls("no secret can be made from the handshake".to_owned()))?;
    // The first stream goes before all others. One that is gone already says so when it is used.
    let _ = writer.set_priority(1);
    if purpose == Purpose::Sync {
        connection.set_max_concurrent_bi_streams(VarInt::from_u32(1 + STREAMS));
    }
    Ok(Channel {
        peer,
        purpose,
        address: connection.remote_address(),
        binding,
        reader: Box::new(reader),
        writer: Box::new(writer),
        closer: Arc::new(QuicCloser(connection.clone())),
        streams: Arc::new(QuicStreams(connection)),
    })
}

struct QuicStreams(Connection);

impl Streams for QuicStreams {
    fn open(&self) -> BoxFuture<'_, Result<Stream, NetError>> {
        Box::pin(async {
            let opened = self.0.open_bi().await;
            let (writer, reader) = opened
                .map_err(|error| heard(&error).unwrap_or_else(|| NetError::Ended(error.to_string())))?;
            Ok(Stream { reader: Box::new(reader), writer: Box::new(writer) })
        })
    }

    fn accept(&self) -> BoxFuture<'_, Option<Stream>> {
        Box::pin(async {
            let (writer, reader) = self.0.accept_bi().await.ok()?;
            Some(Stream { reader: Box::new(reader), writer: Box::new(writer) })
        })
    }
}

struct QuicCloser(Connection);

impl Closer for QuicCloser {
    fn close(&self, why: Goodbye) {
        self.0.close(code(why), &[]);
    }

    fn reason(&self) -> Option<NetError> {
        let error = self.0.close_reason()?;
        Some(heard(&error).unwrap_or_else(|| NetError::Ended(error.to_string())))
    }

    fn sent(&self) -> u64 {
        self.0.stats().udp_tx.bytes
    }
}

fn code(why: Goodbye) -> VarInt {
    VarInt::from_u32(why as u32)
}

/// What the other side meant, if it ended the connection.
fn heard(error: &ConnectionError) -> Option<NetError> {
    match error {
        ConnectionError::ApplicationClosed(closed) => Some(Goodbye::heard(closed.error_code.into_inner())),
        // The alert of a handshake whose key is not admitted.
        ConnectionError::ConnectionClosed(closed)
            if closed.error_code == TransportErrorCode::crypto(ACCESS_DENIED) =>
        {
            Some(NetError::Stranger)
        }
        ConnectionError::TimedOut => Some(NetError::Silent(IDLE)),
        _ => None,
    }
}

/// The address by which this machine reaches others. Nothing is sent: the operating system only looks at its routes.
fn outward() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}
