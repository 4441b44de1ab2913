//! Answers to `query` frames.

mod ancestors;
mod files;

use sea_orm::{DbErr, EntityTrait};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::Server;
use crate::database::entity::location;
use crate::resource;

/// A question that cannot be answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unanswered {
    #[error("there is no method called “{0}”")]
    UnknownMethod(String),
    #[error("the input of “{method}” does not fit: {reason}")]
    InvalidInput { method: &'static str, reason: String },
    #[error("there is no folder “{path}”")]
    NotFound { path: String },
    #[error("a connection watches at most {limit} answers")]
    TooManyWatched { limit: usize },
    #[error("the answer cannot be watched: it is too long, or never twice the same")]
    NotWatched,
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
    #[error("the answer cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

impl Unanswered {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::UnknownMethod(_) => "unknown_method",
            Self::InvalidInput { .. } => "invalid_input",
            Self::NotFound { .. } => "not_found",
            Self::TooManyWatched { .. } => "too_many_watched",
            Self::NotWatched => "not_watched",
            Self::Database(_) | Self::Json(_) => "io",
        }
    }
}

const STATUS: &str = "engine.status";

pub(super) async fn answer(
    server: &Server,
    method: &str,
    input: &RawValue,
) -> Result<Box<RawValue>, Unanswered> {
    match method {
        STATUS => status(server).await,
        files::SEARCH => files::search(server, input).await,
        ancestors::ANCESTORS => ancestors::ancestors(server, input).await,
        files::LIST => files::list(server, input).await,
        _ => Err(Unanswered::UnknownMethod(method.chars().take(80).collect())),
    }
}

/// What the state of an answer is called; the same as long as the same entities are in it, in the same order. None if the answer
/// cannot be watched.
pub(super) async fn state(
    server: &Server,
    method: &str,
    input: &RawValue,
) -> Result<Option<String>, Unanswered> {
    match method {
        files::SEARCH => files::search_state(server, input).await,
        files::LIST => files::list_state(server, input).await,
        STATUS | ancestors::ANCESTORS => Ok(None),
        _ => Err(Unanswered::UnknownMethod(method.chars().take(80).collect())),
    }
}

async fn status(server: &Server) -> Result<Box<RawValue>, Unanswered> {
    #[derive(Serialize)]
    struct Status<'a> {
        engine: &'static str,
        library_id: &'a str,
        epoch: &'a str,
        sequence: u64,
        oldest_sequence: Option<u64>,
        connections: usize,
        locations: Vec<resource::Resource>,
    }
    let locations = location::Entity::find().all(&server.db.reader).await?;
    let locations = locations.iter().map(resource::location).collect::<Result<_, _>>()?;
    let limit = server.config.connection.max_connections;
    let sequence = *server.log.head().borrow();
    let oldest_sequence = server.log.oldest(&server.db.reader).await?;
    Ok(to_raw_value(&Status {
        engine: env!("CARGO_PKG_VERSION"),
        library_id: &server.identity.library,
        epoch: &server.identity.epoch,
        sequence,
        oldest_sequence,
        connections: limit - server.connections.available_permits(),
        locations,
    })?)
}
