//! The result of one live query, as its readers see it.

use std::any::Any;
use std::sync::Arc;

use larder::remote::RemoteState;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::watch;

use super::patch::{QueryChange, corrupt};
use super::row::Row;
use crate::error::Error;
use crate::live_query::QueryResult;

/// What the mirror knows of a list whose type it does not know.
pub(crate) trait List: Send {
    /// Takes the change in; what is wrong with single rows goes to `faults`.
    fn change(
        &mut self,
        change: &QueryChange,
        rows: &mut [Option<Row>],
        aggregates: Option<Arc<Value>>,
        faults: &mut Vec<Error>,
    ) -> Result<(), Error>;
    /// The remote query stands otherwise than before.
    fn stand(&mut self, state: &RemoteState) {
        _ = state;
    }
    /// Shows the readers the new result, if it is another.
    fn publish(&mut self);
}

/// The list of one query, decoded.
pub(crate) struct TypedList<T> {
    /// A row that is not a `T` keeps its place in the list, but is not shown.
    rows: Vec<Option<Arc<T>>>,
    total: u32,
    is_partial: bool,
    aggregates: Option<Arc<Value>>,
    changed: bool,
    readers: watch::Sender<Arc<QueryResult<T>>>,
}

impl<T> TypedList<T> {
    pub(crate) fn new(readers: watch::Sender<Arc<QueryResult<T>>>) -> Self {
        Self { rows: Vec::new(), total: 0, is_partial: false, aggregates: None, changed: false, readers }
    }
}

impl<T: Any + DeserializeOwned + Send + Sync> List for TypedList<T> {
    fn change(
        &mut self,
        change: &QueryChange,
        rows: &mut [Option<Row>],
        aggregates: Option<Arc<Value>>,
        faults: &mut Vec<Error>,
    ) -> Result<(), Error> {
        // Several splices may cancel out, as when a row in front of the window moves and stays in front of it.
        let before = (change.reset || change.splices.len() > 1).then(|| self.rows.clone());
        if change.reset {
            self.rows.clear();
        }
        for splice in &change.splices {
            let end = splice.position.saturating_add(splice.remove);
            if end > self.rows.len() {
                return Err(corrupt("it takes rows out of a list that ends before them"));
            }
            let mut inserted = Vec::with_capacity(splice.insert.len());
            for &slot in &splice.insert {
                let row = rows.get_mut(slot as usize).and_then(Option::as_mut);
                let row = row.ok_or_else(|| corrupt("a list shows a row that was never sent"))?;
                inserted.push(row.decoded::<T>(faults));
            }
            self.rows.splice(splice.position..end, inserted);
        }
        if self.rows.len() != change.length as usize {
            let found = self.rows.len();
            return Err(corrupt(&format!("a list has {found} rows after it instead of {}", change.length)));
        }
        let same = match before {
            Some(before) => is_same(&before, &self.rows),
            None => change.splices.is_empty(),
        };
        let figures = |of: &Option<Arc<Value>>| of.as_ref().map(Arc::as_ptr);
        self.changed |= !same
            || (self.total, self.is_partial) != (change.total, change.partial)
            || figures(&self.aggregates) != figures(&aggregates);
        self.aggregates = aggregates;
        (self.total, self.is_partial) = (change.total, change.partial);
        Ok(())
    }

    fn publish(&mut self) {
        if std::mem::take(&mut self.changed) {
            let data = self.rows.iter().flatten().cloned().collect();
            self.readers.send_replace(Arc::new(QueryResult {
                data,
                total: self.total,
                complete: !self.is_partial,
                aggregates: self.aggregates.clone(),
            }));
        }
    }
}

fn is_same<T>(a: &[Option<Arc<T>>], b: &[Option<Arc<T>>]) -> bool {
    let same = |(a, b): (&Option<Arc<T>>, &Option<Arc<T>>)| match (a, b) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        (None, None) => true,
        _ => false,
    };
    a.len() == b.len() && a.iter().zip(b).all(same)
}
