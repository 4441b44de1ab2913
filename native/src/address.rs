//! Where to connect to.

use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;

use crate::error::Error;

/// An address that was checked.
pub(crate) struct Address {
    pub request: Request,
    /// Host and port, which may be shown; the rest may hold a token.
    pub host: String,
}

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        let invalid = |reason: &str| Error::InvalidUrl { reason: reason.to_owned() };
        let request = url.into_client_request().map_err(|error| invalid(&error.to_string()))?;
        match request.uri().scheme_str() {
            Some("ws") => {}
            Some("wss") if cfg!(feature = "tls") => {}
            Some("wss") => return Err(invalid("`wss` needs the feature `tls` of larder-native")),
            _ => return Err(invalid("it begins with neither `ws://` nor `wss://`")),
        }
        let uri = request.uri();
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(|| invalid("it has no host"))?;
        let host = uri.port_u16().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        Ok(Self { request, host })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_shown_without_secrets() {
        let address = Address::parse("ws://127.0.0.1:4600/ws?token=secret").unwrap();
        assert_eq!(address.host, "127.0.0.1:4600");
    }

    #[test]
    fn what_is_no_address_of_a_socket_is_refused_without_repeating_it() {
        for url in ["http://127.0.0.1/?token=secret", "127.0.0.1:4600", "", "ws://", "ws:///secret"] {
            let error = Address::parse(url).err().unwrap();
            assert_eq!(error.kind(), "connect.invalid_url", "{url}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
