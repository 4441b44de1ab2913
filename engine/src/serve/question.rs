//! Answers to `query` frames.

use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::Server;
use crate::database::entity::{file, location};
use crate::resource;

/// A question that cannot be answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unanswered {
    #[error("there is no method called “{0}”")]
    UnknownMethod(String),
    #[error("the input of “{method}” does not fit: {reason}")]
    InvalidInput { method: &'static str, reason: String },
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
            Self::Database(_) | Self::Json(_) => "io",
        }
    }
}

const STATUS: &str = "engine.status";
const SEARCH: &str = "files.search";

pub(super) async fn answer(
    server: &Server,
    method: &str,
    input: &RawValue,
) -> Result<Box<RawValue>, Unanswered> {
    match method {
        STATUS => status(server).await,
        SEARCH => search(server, input).await,
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

/// The ids of files whose name contains a text, whatever the case of its ASCII letters; shortest path first.
async fn search(server: &Server, input: &RawValue) -> Result<Box<RawValue>, Unanswered> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Input {
        text: String,
        limit: Option<u64>,
    }
    #[derive(Serialize)]
    struct Found {
        ids: Vec<uuid::Uuid>,
    }
    let Input { text, limit } = serde_json::from_str(input.get())
        .map_err(|error| Unanswered::InvalidInput { method: SEARCH, reason: error.to_string() })?;
    let limit = if let Some(limit) = limit
        && limit < 1000
    {
        limit
    } else {
        1000
    };
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let rows: Vec<uuid::Uuid> = file::Entity::find()
        .select_only()
        .column(file::Column::Id)
        .filter(Expr::col(file::Column::Name).like(LikeExpr::new(format!("%{escaped}%")).escape('\\')))
        .order_by_asc(Expr::expr(Func::char_length(Expr::col(file::Column::Path))))
        .order_by_asc(file::Column::Path)
        .limit(limit)
        .into_tuple()
        .all(&server.db.reader)
        .await?;
    Ok(to_raw_value(&Found { ids: rows })?)
}
