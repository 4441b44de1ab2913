//! Who may talk to the engine. Any web page that the user opens could try to: from its own origin, or by a name of its own
//! that it points at this machine. Neither knows the token.

use std::hint::black_box;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HOST, HeaderName, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::At;

/// Scripts and styles come from the engine alone; WebAssembly may be compiled; nothing is embedded and nothing embeds.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; \
                      manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Refuses foreign hosts and origins, and adds the security headers to every answer.
pub(super) async fn guard(State(at): State<Arc<At>>, request: Request, next: Next) -> Response {
    let refused = refusal(request.headers(), at.address, &at.server.config.allowed_origins);
    let mut response = match refused {
        None => next.run(request).await,
        Some(reason) => {
            tracing::warn!(reason, "a request was refused");
            (StatusCode::FORBIDDEN, reason).into_response()
        }
    };
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        // The address of the page has the token in it.
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Why a request with these headers is refused, if it is.
fn refusal(headers: &HeaderMap, address: SocketAddr, allowed_origins: &[String]) -> Option<&'static str> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = match (hosts.next().map(HeaderValue::to_str), hosts.next()) {
        (Some(Ok(host)), None) if is_own_host(host, address) => host,
        _ => return Some("The Host header is not this engine's address."),
    };
    let mut origins = headers.get_all(ORIGIN).iter();
    match (origins.next().map(HeaderValue::to_str), origins.next()) {
        // Native clients send none; browsers always do for a WebSocket.
        (None, _) => None,
        (Some(Ok(origin)), None)
            if origin.strip_prefix("http://").is_some_and(|own| own.eq_ignore_ascii_case(host))
                || allowed_origins.iter().any(|allowed| allowed == origin) =>
        {
            None
        }
        _ => Some("The Origin header is not this engine's address."),
    }
}

fn is_own_host(host: &str, address: SocketAddr) -> bool {
    let port = address.port();
    let names = [address.ip().to_string(), format!("[{}]", address.ip()), "localhost".to_owned()];
    names.iter().any(|name| {
        host.eq_ignore_ascii_case(&format!("{name}:{port}"))
            || (port == 80 && host.eq_ignore_ascii_case(name))
    })
}

/// Compares in a time that does not tell how much of the token was right.
pub(super) fn is_token(given: &str, token: &str) -> bool {
    if given.len() != token.len() {
        return false;
    }
    let differing =
        given.bytes().zip(token.bytes()).fold(0, |differing, (a, b)| black_box(differing | (a ^ b)));
    black_box(differing) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(pairs: &[(HeaderName, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        refusal(&headers, "127.0.0.1:4000".parse().unwrap(), &["http://localhost:5173".to_owned()]).is_some()
    }

    #[test]
    fn only_own_hosts_and_origins_pass() {
        for host in ["127.0.0.1:4000", "localhost:4000", "LOCALHOST:4000"] {
            assert!(!refuses(&[(HOST, host)]));
            assert!(!refuses(&[(HOST, host), (ORIGIN, &format!("http://{host}"))]));
            assert!(!refuses(&[(HOST, host), (ORIGIN, "http://localhost:5173")]));
        }
        for host in ["evil.example:4000", "127.0.0.1", "127.0.0.1:4001", "localhost.evil.example:4000", ""] {
            assert!(refuses(&[(HOST, host)]), "{host}");
        }
        for origin in [
            "http://evil.example",
            "null",
            "http://localhost:4000",
            "https://127.0.0.1:4000",
            "http://127.0.0.1",
        ] {
            assert!(refuses(&[(HOST, "127.0.0.1:4000"), (ORIGIN, origin)]), "{origin}");
        }
        assert!(refuses(&[]));
        assert!(refuses(&[(HOST, "127.0.0.1:4000"), (HOST, "evil.example")]));
    }

    #[test]
    fn only_the_whole_token_is_the_token() {
        assert!(is_token("abc", "abc"));
        for wrong in ["", "ab", "abd", "abcd", "ABC"] {
            assert!(!is_token(wrong, "abc"));
        }
    }
}
