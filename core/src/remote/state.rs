//! How a remote query stands, as hosts see it.

use serde::Serialize;

use crate::error::ErrorInfo;

/// How a mounted remote query stands; its rows are in the patches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct RemoteState {
    /// The mounted query.
    pub query: u32,
    /// Whether there is a result.
    pub status: RemoteStatus,
    /// The backend is being asked, or will be once it can be reached.
    pub is_fetching: bool,
    /// The result has expired, or was invalidated.
    pub is_stale: bool,
    /// Why the last question failed, if it did.
    pub error: Option<ErrorInfo>,
    /// The backend has more than what has been asked for so far.
    pub has_next_page: bool,
    /// How many entities the whole result has, if the backend says so.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub backend_total: Option<u64>,
}

/// Whether a remote query has a result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RemoteStatus {
    /// There is none yet.
    #[default]
    Pending,
    /// There is one.
    Ready,
    /// The last question failed; there may be a result of before.
    Failed,
}
