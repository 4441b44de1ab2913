//! One entity, kept up to date.

use std::any::Any;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::live_query::LiveQuery;

/// One entity, kept up to date until the last clone of this is dropped.
///
/// ```
/// use larder_native::{Client, Config, Registry};
///
/// let client = Client::open(Registry::default(), Config::default())?;
/// let tag = client.entity::<serde_json::Value>("tag", "t1").wait()?;
/// assert!(tag.snapshot().is_none());
/// client.apply(r#"{"ResourceChanged": {"resource_type": "tag", "resource": {"id": "t1", "name": "red"}}}"#).wait()?;
/// assert_eq!(tag.snapshot().unwrap()["name"], "red");
/// # Ok::<(), larder_native::Error>(())
/// ```
#[derive(Debug)]
pub struct LiveEntity<T> {
    query: LiveQuery<T>,
}

impl<T> Clone for LiveEntity<T> {
    fn clone(&self) -> Self {
        Self { query: self.query.clone() }
    }
}

impl<T: Any + DeserializeOwned + Send + Sync> LiveEntity<T> {
    pub(crate) fn first_of(query: LiveQuery<T>) -> Self {
        Self { query }
    }

    /// The entity as of this moment, if there is one; the same object as last time if it did not change.
    pub fn snapshot(&self) -> Option<Arc<T>> {
        self.query.snapshot().data.first().cloned()
    }

    /// Waits until it is another than at the last call of this; `false` when the client was closed.
    ///
    /// ```
    /// # async fn example(mut tag: larder_native::LiveEntity<String>) {
    /// while tag.changed().await {
    ///     println!("{:?}", tag.snapshot());
    /// }
    /// # }
    /// ```
    pub async fn changed(&mut self) -> bool {
        self.query.changed().await
    }
}
