//! The result of one remote query: a list, and how it stands.

use std::any::Any;
use std::sync::Arc;

use larder::remote::RemoteState;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::watch;

use super::list::{List, TypedList};
use super::patch::QueryChange;
use super::row::Row;
use crate::error::Error;
use crate::live_query::QueryResult;
use crate::remote_query::RemoteResult;

/// The list of one remote query, decoded.
pub(crate) struct RemoteList<T> {
    rows: TypedList<T>,
    shown: watch::Receiver<Arc<QueryResult<T>>>,
    state: RemoteState,
    is_other: bool,
    readers: watch::Sender<Arc<RemoteResult<T>>>,
}

impl<T> RemoteList<T> {
    pub(crate) fn new(readers: watch::Sender<Arc<RemoteResult<T>>>) -> Self {
        let (inner, shown) = watch::channel(Arc::default());
        let (rows, state) = (TypedList::new(inner), RemoteState::default());
        Self { rows, shown, state, is_other: false, readers }
    }
}

impl<T: Any + DeserializeOwned + Send + Sync> List for RemoteList<T> {
    fn change(
        &mut self,
        change: &QueryChange,
        rows: &mut [Option<Row>],
        aggregates: Option<Arc<Value>>,
        faults: &mut Vec<Error>,
    ) -> Result<(), Error> {
        self.rows.change(change, rows, aggregates, faults)
    }

    fn stand(&mut self, state: &RemoteState) {
        self.state = state.clone();
        self.is_other = true;
    }

    fn publish(&mut self) {
        self.rows.publish();
        let has_other_rows = self.shown.has_changed().unwrap_or(false);
        if std::mem::take(&mut self.is_other) || has_other_rows {
            let rows = Arc::clone(&self.shown.borrow_and_update());
            self.readers.send_replace(Arc::new(RemoteResult::joined(&rows, self.state.clone())));
        }
    }
}
