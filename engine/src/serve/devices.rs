//! `POST /devices/…`: pairing, for the page of the engine and for `larder-engine pair`, and who leads, for `larder-engine lead`. What syncs afterwards needs none of it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout, timeout_at};
use uuid::Uuid;

use super::At;
use super::guard::is_token;
use crate::pair::{PairError, Stage};
use crate::sync::LeadError;

/// How long a question about the invitation is left open.
const POLL: Duration = Duration::from_secs(20);
/// How long a device that is handed over to may take to say that it leads, before it is said that it is not heard.
const HEARD: Duration = Duration::from_secs(5);
const MAX_BYTES: usize = 4 << 10;

/// Everything below `/devices`.
pub(super) fn router() -> Router<Arc<At>> {
    Router::new()
        .route("/devices/invite", post(invite))
        .route("/devices/invitation", post(invitation))
        .route("/devices/decide", post(decide))
        .route("/devices/cancel", post(cancel))
        .route("/devices/join", post(join))
        .route("/devices/library", post(library))
        .route("/devices/lead", post(lead))
        .layer(DefaultBodyLimit::max(MAX_BYTES))
}

/// Why a request is not answered.
enum Failed {
    Token,
    Body(serde_json::Error),
    Pair(PairError),
    Lead(LeadError),
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Said<'a> {
            kind: &'a str,
            message: String,
        }
        let (status, kind, message) = match &self {
            Self::Token => {
                let message = "The token is wrong: take the address that the engine printed.".to_owned();
                (StatusCode::FORBIDDEN, "token", message)
            }
            Self::Body(error) => (StatusCode::BAD_REQUEST, "request.invalid", error.to_string()),
            Self::Pair(error) => (StatusCode::CONFLICT, error.kind(), error.to_string()),
            Self::Lead(error) => (StatusCode::CONFLICT, error.kind(), error.to_string()),
        };
        json(status, &Said { kind, message })
    }
}

fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => (status, [(CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn read<T: DeserializeOwned>(at: &At, uri: &Uri, body: &Bytes) -> Result<T, Failed> {
    let query = uri.query().unwrap_or_default();
    let given = query.split('&').find_map(|pair| pair.strip_prefix("token=")).unwrap_or_default();
    if !is_token(given, &at.server.token) {
        tracing::warn!("a request with a wrong token was refused");
        return Err(Failed::Token);
    }
    serde_json::from_slice(body).map_err(Failed::Body)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn invite(State(at): State<Arc<At>>, uri: Uri, body: Bytes) -> Result<Response, Failed> {
    let Nothing {} = read(&at, &uri, &body)?;
    let invitation = at.server.devices.invite().await.map_err(Failed::Pair)?;
    Ok(json(StatusCode::OK, &invitation))
}

/// How far the invitation is, once that is something else than was seen, or after a while.
async fn invitation(State(at): State<Arc<At>>, uri: Uri, body: Bytes) -> Result<Response, Failed> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Seen {
        seen: Option<Stage>,
    }
    let Seen { seen } = read(&at, &uri, &body)?;
    let mut stage = at.server.devices.stage();
    let mut stopping = at.server.stopping.clone();
    tokio::select! {
        // Either way it is said how far it is.
        _ = timeout(POLL, stage.wait_for(|stage| Some(stage) != seen.as_ref())) => {}
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
    let now = stage.borrow().clone();
    Ok(json(StatusCode::OK, &now))
}

async fn decide(State(at): State<Arc<At>>, uri: Uri, body: Bytes) -> Result<Response, Failed> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Decision {
        agree: bool,
    }
    let Decision { agree } = read(&at, &uri, &body)?;
    at.server.devices.decide(agree);
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn cancel(State(at): State<Arc<At>>, uri: Uri, body: Bytes) -> Result<Response, Failed> {
    let Nothing {} = read(&at, &uri, &body)?;
    at.server.devices.cancel();
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn join(State(at): State<Arc<At>>, uri: Uri, body: Bytes) -> Result<Response, Failed> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Join {
        address: String,
        code: String,
        #[serde(default)]
        merge: bool,
    }
    let Join { address, code, merge } = read(&at, &uri, &body)?;
    let joined = at.server.devices.join(&address, &code, merge).await.map_err(Failed::Pair)?;
    Ok(json(StatusCode::OK, &joined))
}

/// Which library the engine holds: after joining one, it is another when the engine has been opened again.
async fn library(State(at): State<Arc<At>>, uri: Uri, body: Bytes) -> Result<Response, Failed> {
    #[derive(Serialize)]
    struct Library<'a> {
        library: &'a str,
    }
    let Nothing {} = read(&at, &uri, &body)?;
    Ok(json(StatusCode::OK, &Library { library: &at.server.identity.library }))
}

/// Which device leads, after what is asked for: that this one does, or none, or that this one hands over to another.
async fn lead(State(at): State<Arc<At>>, uri: Uri, body: Bytes) -> Result<Response, Failed> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Lead {
        lead: Option<bool>,
        to: Option<Uuid>,
    }
    let Lead { lead, to } = read(&at, &uri, &body)?;
    let session = at.server.devices.session();
    let done = match (lead, to) {
        (_, Some(to)) => session.hand_over(to).await,
        (Some(true), None) => session.lead().await,
        (Some(false), None) => session.lead_no_more().await,
        (None, None) => Ok(()),
    };
    done.map_err(Failed::Lead)?;
    let mut activity = session.activity();
    let mut said = session.leadership().await.map_err(Failed::Lead)?;
    // Who is handed over to has yet to hear of it, and to say so.
    let deadline = Instant::now() + HEARD;
    while to.is_some() && !said.is_heard && timeout_at(deadline, activity.changed()).await.is_ok() {
        said = session.leadership().await.map_err(Failed::Lead)?;
    }
    Ok(json(StatusCode::OK, &said))
}
