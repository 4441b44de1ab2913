//! Where the engine is found: at the same address in every run, so that a page that is open finds it again.

use std::io;
use std::net::Ipv4Addr;

use sea_orm::DbErr;
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::config::Config;
use crate::database::{Database, meta};
use crate::transaction::TransactionManager;

/// What clients must know: what the configuration says, else what it was in the last run. One of the configuration is not kept.
pub(crate) async fn token(db: &Database, config: &Config) -> Result<String, DbErr> {
    if let Some(token) = &config.token {
        return Ok(token.clone());
    }
    let remembered = if config.new_token { None } else { meta::token(&db.reader).await? };
    if let Some(token) = remembered.filter(|token| is_url_safe(token)) {
        return Ok(token);
    }
    let token = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    meta::set_token(&db.writer, &token).await?;
    Ok(token)
}

/// Whether a token can be a part of the address as it is.
pub(crate) fn is_url_safe(token: &str) -> bool {
    (1..=200).contains(&token.len())
        && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Listens on the port of the last run, or on any free one if that is taken, and keeps it for the next run.
pub(crate) async fn listen(db: &Database, transactions: &TransactionManager) -> io::Result<TcpListener> {
    let remembered = meta::port(&db.reader).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the port of the last run is not known");
        None
    });
    if let Some(port) = remembered {
        match bind(port).await {
            Ok(listener) => return Ok(listener),
            Err(error) => tracing::warn!(port, %error, "the port of the last run cannot be used"),
        }
    }
    let listener = bind(0).await?;
    if let Err(error) = transactions.remember_port(listener.local_addr()?.port()).await {
        tracing::warn!(%error, "the next run will have another port");
    }
    Ok(listener)
}

/// Nobody but this machine can connect: the engine gives out the content of a folder.
pub(crate) async fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}
