//! One row that some list shows: its text, and what it was decoded to.

use std::any::Any;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::Error;

type Decoded = Option<Arc<dyn Any + Send + Sync>>;

/// A row is decoded once for each type that it is read as, which is one type in most apps.
pub(crate) struct Row {
    json: Box<RawValue>,
    decoded: Vec<(std::any::TypeId, Decoded)>,
}

impl Row {
    pub(crate) fn new(json: Box<RawValue>) -> Self {
        Self { json, decoded: Vec::new() }
    }

    pub(crate) fn json(&self) -> &RawValue {
        &self.json
    }

    /// The row as a `T`; the same one for every list. `None` if it is not one, which is a fault the first time.
    pub(crate) fn decoded<T: Any + DeserializeOwned + Send + Sync>(
        &mut self,
        faults: &mut Vec<Error>,
    ) -> Option<Arc<T>> {
        let id = std::any::TypeId::of::<T>();
        if let Some((_, decoded)) = self.decoded.iter().find(|(known, _)| *known == id) {
            return decoded.clone().and_then(|row| row.downcast::<T>().ok());
        }
        let decoded = serde_json::from_str::<T>(self.json.get()).map(Arc::new);
        let decoded = decoded.map_err(|error| faults.push(mismatch::<T>(&self.json, &error))).ok();
        self.decoded.push((id, decoded.clone().map(|row| row as Arc<dyn Any + Send + Sync>)));
        decoded
    }
}

fn mismatch<T>(json: &RawValue, error: &serde_json::Error) -> Error {
    const MOST: usize = 80;
    let row: String = json.get().chars().take(MOST).collect();
    Error::RowMismatch { rust_type: std::any::type_name::<T>(), row, reason: error.to_string() }
}
