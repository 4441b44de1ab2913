//! One WebSocket connection.

use std::sync::Arc;

use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::guard::is_token;
use super::receive::{receive, work};
use super::send::{Ended, Sender};
use super::{At, Server};

/// How many answers and how many questions of one connection may wait.
const QUEUE: usize = 64;

/// `GET /ws?token=…`.
pub(super) async fn upgrade(State(at): State<Arc<At>>, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let given = query.split('&').find_map(|pair| pair.strip_prefix("token=")).unwrap_or_default();
    if !is_token(given, &at.server.token) {
        tracing::warn!("a connection with a wrong token was refused");
        return (StatusCode::FORBIDDEN, "The token is wrong: open the address that the engine printed.")
            .into_response();
    }
    let (mut parts, _) = request.into_parts();
    let socket = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(socket) => socket,
        Err(rejection) => return rejection.into_response(),
    };
    let server = Arc::clone(&at.server);
    let Ok(permit) = Arc::clone(&server.connections).try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "Too many connections are open.").into_response();
    };
    let limit = server.config.connection.max_message_bytes;
    socket
        .max_message_size(limit)
        .max_frame_size(limit)
        .on_upgrade(move |socket| connection(server, socket, permit))
}

async fn connection(server: Arc<Server>, socket: WebSocket, _permit: OwnedSemaphorePermit) {
    let (sink, stream) = socket.split();
    let (orders_in, orders) = mpsc::channel(QUEUE);
    let (work_in, queue) = mpsc::channel(QUEUE);
    let sender = Sender::new(Arc::clone(&server), sink);
    let receiving = async {
        tokio::join!(
            receive(&server, stream, work_in, orders_in.clone()),
            work(Arc::clone(&server), queue, orders_in.clone())
        );
        Ended::Gone
    };
    // Not a task each: when one half ends, so does the other.
    let ended = tokio::select! {
        ended = sender.run(orders) => ended,
        ended = receiving => ended,
    };
    tracing::debug!(reason = %ended, "a connection ended");
}
