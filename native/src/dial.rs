//! Opens a connection, encrypted without anything of the system: rustls with ring, and the roots of webpki.

use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

pub(crate) type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Messages are small and each is awaited: none may wait to be sent together with the next.
const NO_DELAY: bool = true;

#[cfg(feature = "tls")]
pub(crate) async fn dial(request: Request, config: WebSocketConfig) -> Result<Stream, Error> {
    let tls = tls().map_err(|error| std::io::Error::other(error.to_string()))?;
    let connector = Some(tokio_tungstenite::Connector::Rustls(tls.into()));
    let connecting =
        tokio_tungstenite::connect_async_tls_with_config(request, Some(config), NO_DELAY, connector);
    Ok(connecting.await?.0)
}

#[cfg(not(feature = "tls"))]
pub(crate) async fn dial(request: Request, config: WebSocketConfig) -> Result<Stream, Error> {
    Ok(tokio_tungstenite::connect_async_with_config(request, Some(config), NO_DELAY).await?.0)
}

/// The provider is chosen here and not by features of crates, because another crate of the app may ask for another one.
#[cfg(feature = "tls")]
fn tls() -> Result<rustls::ClientConfig, rustls::Error> {
    let mut roots = rustls::RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let provider = rustls::crypto::ring::default_provider();
    let config = rustls::ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

#[cfg(test)]
#[cfg(feature = "tls")]
mod tests {
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;
    use tokio_tungstenite::tungstenite::client::IntoClientRequest;

    use super::*;

    #[tokio::test]
    async fn an_address_with_wss_is_spoken_to_in_tls() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("wss://localhost:{}/ws", listener.local_addr().unwrap().port());
        let dialing = tokio::spawn(dial(url.into_client_request().unwrap(), WebSocketConfig::default()));
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut record = [0; 6];
        stream.read_exact(&mut record).await.unwrap();
        const HANDSHAKE: u8 = 22;
        const CLIENT_HELLO: u8 = 1;
        assert_eq!((record[0], record[5]), (HANDSHAKE, CLIENT_HELLO));
        drop(stream);
        assert!(dialing.await.unwrap().is_err());
    }
}
