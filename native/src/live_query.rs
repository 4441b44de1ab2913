//! A query whose result is kept up to date.

use std::any::Any;
use std::sync::Arc;

use futures_util::Stream;
use larder::QueryId;
use larder::query::{Query, Window};
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use crate::client::Inner;
use crate::error::Error;
use crate::owner::Owner;
use crate::reply::Reply;
use crate::watched::Watched;

/// What a query shows at one moment. Rows that did not change are the same objects as in the result before.
///
/// ```
/// # fn example(result: &larder_native::QueryResult<String>) {
/// println!("{} of {}", result.data.len(), result.total);
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueryResult<T> {
    /// The rows of the window, in order, but those that are not a `T`: they are reported to [`crate::Client::errors`].
    pub data: Vec<Arc<T>>,
    /// How many rows match, whatever the window.
    pub total: u32,
    /// All rows that there are were in the cache; `false` while what was stored is being read back, or the first copy comes in.
    pub complete: bool,
    /// What the query's `aggregate` asks of all rows that match, by name; none where it asks nothing or groups.
    pub aggregates: Option<Arc<serde_json::Value>>,
}

impl<T> Default for QueryResult<T> {
    fn default() -> Self {
        Self { data: Vec::new(), total: 0, complete: false, aggregates: None }
    }
}

/// A query whose result is kept up to date until the last clone of this is dropped.
///
/// ```
/// use larder_native::{Client, Config, Registry, query::{Query, asc}};
///
/// #[derive(serde::Deserialize)]
/// struct File {
///     name: String,
/// }
///
/// let client = Client::open(Registry::default(), Config::default())?;
/// let files = client.live_query::<File>(&Query::from("file").order_by(asc("name")).build()?).wait()?;
/// client.apply(r#"{"ResourceChanged": {"resource_type": "file", "resource": {"id": "1", "name": "a.txt"}}}"#).wait()?;
/// assert_eq!(files.snapshot().data[0].name, "a.txt");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct LiveQuery<T> {
    result: Watched<Arc<QueryResult<T>>>,
    mount: Arc<Mount>,
}

impl<T> Clone for LiveQuery<T> {
    fn clone(&self) -> Self {
        Self { result: self.result.clone(), mount: Arc::clone(&self.mount) }
    }
}

impl<T> std::fmt::Debug for LiveQuery<T> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("LiveQuery").field(&self.mount.id).finish()
    }
}

/// The query's place in the cache.
pub(crate) struct Mount {
    pub id: QueryId,
    pub client: Arc<Inner>,
}

impl Drop for Mount {
    fn drop(&mut self) {
        let id = self.id;
        self.client.tell(move |owner| _ = owner.unmount(id));
    }
}

impl<T: Any + DeserializeOwned + Send + Sync> LiveQuery<T> {
    pub(crate) fn mount(owner: &mut Owner, client: Arc<Inner>, query: &Query) -> Result<Self, Error> {
        let (readers, result) = watch::channel(Arc::default());
        let id = owner.mount(query, readers)?;
        Ok(Self { result: Watched::new(result), mount: Arc::new(Mount { id, client }) })
    }

    /// The result of this moment. It never waits for the network or for the cache, which may be busy with the next one.
    pub fn snapshot(&self) -> Arc<QueryResult<T>> {
        self.result.get()
    }

    /// Waits until the result is another than at the last call of this; `false` when the client was closed, and the result
    /// stays as it is.
    ///
    /// ```
    /// # async fn example(mut files: larder_native::LiveQuery<String>) {
    /// while files.changed().await {
    ///     println!("{} files", files.snapshot().total);
    /// }
    /// # }
    /// ```
    pub async fn changed(&mut self) -> bool {
        self.result.changed().await
    }

    /// The result of this moment, and then each newer one; the query stays mounted as long as the stream is there.
    ///
    /// ```
    /// # async fn example(files: larder_native::LiveQuery<String>) {
    /// use futures_util::StreamExt;
    /// let mut results = files.into_stream();
    /// while let Some(result) = results.next().await {
    ///     println!("{} files", result.total);
    /// }
    /// # }
    /// ```
    pub fn into_stream(self) -> impl Stream<Item = Arc<QueryResult<T>>> + Unpin {
        let Self { result, mount } = self;
        futures_util::StreamExt::inspect(result.into_stream(), move |_| {
            // The stream owns the mount.
            let _ = &mount;
        })
    }

    /// Shows another part of the same result.
    ///
    /// ```
    /// # async fn example(files: larder_native::LiveQuery<String>) -> Result<(), Box<dyn std::error::Error>> {
    /// use larder_native::query::Window;
    /// files.set_window(Window::parse(r#"{"offset": 100, "limit": 100}"#)?).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_window(&self, window: Window) -> Reply<()> {
        let id = self.mount.id;
        self.mount.client.ask(move |owner| owner.set_window(id, &window))
    }
}
