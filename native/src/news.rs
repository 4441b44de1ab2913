//! What concerns everybody: the backend's events, and what was wrong.

use std::sync::Arc;

use serde_json::value::RawValue;

use crate::error::Error;
use crate::listening::Listeners;

#[derive(Debug, Default)]
pub(crate) struct News {
    pub events: Listeners<Arc<RawValue>>,
    pub errors: Listeners<Error>,
}

impl News {
    pub(crate) fn end(&self) {
        self.events.end();
        self.errors.end();
    }
}
