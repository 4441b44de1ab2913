//! The server: one address for the web app and for the WebSocket.

mod guard;

mod assets;

mod frame;
mod question;

mod bulk;
mod copy;
mod send;

mod watching;

mod receive;
mod socket;

mod devices;

#[cfg(test)]
pub(crate) use bulk::BulkRows;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get};
use tokio::sync::{Semaphore, watch};

use crate::action::Actions;
use crate::config::Config;
use crate::database::Database;
use crate::database::meta::Identity;
use crate::devices::Devices;
use crate::log::Log;

/// What every connection works with.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) config: Config,
    pub(crate) token: String,
    pub(crate) identity: Identity,
    pub(crate) db: Database,
    pub(crate) log: Log,
    pub(crate) actions: Arc<Actions>,
    pub(crate) devices: Arc<Devices>,
    /// One permit per connection.
    pub(crate) connections: Arc<Semaphore>,
    /// One permit per copy: each holds a database connection for as long as its client takes.
    pub(crate) copies: Semaphore,
    pub(crate) stopping: watch::Receiver<bool>,
}

/// The server at one address.
#[derive(Debug)]
pub(crate) struct At {
    pub(crate) server: Arc<Server>,
    pub(crate) address: SocketAddr,
}

/// All that is answered at `address`.
pub(crate) fn router(server: Arc<Server>, address: SocketAddr) -> Router {
    let at = Arc::new(At { server, address });
    Router::new()
        .route("/ws", any(socket::upgrade))
        .merge(devices::router())
        .fallback(get(assets::asset))
        .layer(from_fn_with_state(Arc::clone(&at), guard::guard))
        .with_state(at)
}
