//! A question to the backend whose answer is kept up to date.

use std::any::Any;
use std::sync::Arc;

use futures_util::Stream;
use larder::ErrorInfo;
use larder::query::Window;
use larder::remote::{Invalidation, RemoteQuery, RemoteState, RemoteStatus};
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use crate::client::{Client, Inner};
use crate::error::Error;
use crate::live_query::{Mount, QueryResult};
use crate::owner::Owner;
use crate::reply::Reply;
use crate::watched::Watched;

/// What a remote query shows at one moment. Rows that did not change are the same objects as in the result before.
///
/// ```
/// # fn example(found: &larder_native::RemoteResult<String>) {
/// println!("{} of {:?}, {:?}", found.data.len(), found.backend_total, found.status);
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemoteResult<T> {
    /// The entities of the answer that are here, in the backend's order, but those that are not a `T`.
    pub data: Vec<Arc<T>>,
    /// How many of the answer's entities are here, whatever the window.
    pub total: u32,
    /// There is an answer, and all entities that it names are here.
    pub complete: bool,
    /// Whether there is an answer.
    pub status: RemoteStatus,
    /// The backend is being asked, or will be once it can be reached.
    pub is_fetching: bool,
    /// The answer has expired, or was invalidated.
    pub is_stale: bool,
    /// Why the last question failed, if it did; what there was before stays in `data`.
    pub error: Option<ErrorInfo>,
    /// The backend has more than what it was asked for so far.
    pub has_next_page: bool,
    /// How many entities the whole result has, if the backend says so.
    pub backend_total: Option<u64>,
}

impl<T> Default for RemoteResult<T> {
    fn default() -> Self {
        Self::joined(&QueryResult::default(), RemoteState::default())
    }
}

impl<T> RemoteResult<T> {
    pub(crate) fn joined(rows: &QueryResult<T>, state: RemoteState) -> Self {
        Self {
            data: rows.data.clone(),
            total: rows.total,
            complete: rows.complete,
            status: state.status,
            is_fetching: state.is_fetching,
            is_stale: state.is_stale,
            error: state.error,
            has_next_page: state.has_next_page,
            backend_total: state.backend_total,
        }
    }
}

/// A question to the backend whose answer is kept up to date until the last clone of this is dropped.
///
/// ```
/// use larder_native::{Client, Config, Registry, remote::{RemoteQuery, RemoteStatus}};
///
/// let client = Client::open(Registry::default(), Config::default())?;
/// let search = RemoteQuery::parse(r#"{"method": "files.search", "input": {"text": "invoice"}, "from": "file"}"#)?;
/// let found = client.remote_query::<serde_json::Value>(&search).wait()?;
/// // It is asked once there is a connection.
/// assert_eq!(found.snapshot().status, RemoteStatus::Pending);
/// assert!(found.snapshot().is_fetching);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct LiveRemoteQuery<T> {
    result: Watched<Arc<RemoteResult<T>>>,
    mount: Arc<Mount>,
}

impl<T> Clone for LiveRemoteQuery<T> {
    fn clone(&self) -> Self {
        Self { result: self.result.clone(), mount: Arc::clone(&self.mount) }
    }
}

impl<T> std::fmt::Debug for LiveRemoteQuery<T> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("LiveRemoteQuery").field(&self.mount.id).finish()
    }
}

impl<T: Any + DeserializeOwned + Send + Sync> LiveRemoteQuery<T> {
    pub(crate) fn mount(owner: &mut Owner, client: Arc<Inner>, request: &RemoteQuery) -> Result<Self, Error> {
        let (readers, result) = watch::channel(Arc::default());
        let id = owner.mount_remote(request, readers)?;
        Ok(Self { result: Watched::new(result), mount: Arc::new(Mount { id, client }) })
    }

    /// The result of this moment. It never waits for the network or for the cache, which may be busy with the next one.
    pub fn snapshot(&self) -> Arc<RemoteResult<T>> {
        self.result.get()
    }

    /// Waits until the result is another than at the last call of this; `false` when the client was closed, and the result
    /// stays as it is.
    pub async fn changed(&mut self) -> bool {
        self.result.changed().await
    }

    /// The result of this moment, and then each newer one; the query stays mounted as long as the stream is there.
    pub fn into_stream(self) -> impl Stream<Item = Arc<RemoteResult<T>>> + Unpin {
        let Self { result, mount } = self;
        futures_util::StreamExt::inspect(result.into_stream(), move |_| {
            // The stream owns the mount.
            let _ = &mount;
        })
    }

    /// Asks the backend anew, for all pages that are shown.
    ///
    /// ```
    /// # async fn example(found: larder_native::LiveRemoteQuery<String>) -> Result<(), larder_native::Error> {
    /// found.refetch().await
    /// # }
    /// ```
    pub fn refetch(&self) -> Reply<()> {
        let id = self.mount.id;
        self.mount.client.ask(move |owner| owner.refetch(id))
    }

    /// Asks the backend for what comes next, which is put behind what is there. Nothing happens if there is no more, or a question is
    /// under way.
    ///
    /// ```
    /// # async fn example(found: larder_native::LiveRemoteQuery<String>) -> Result<(), larder_native::Error> {
    /// if found.snapshot().has_next_page {
    ///     found.fetch_next_page().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn fetch_next_page(&self) -> Reply<()> {
        let id = self.mount.id;
        self.mount.client.ask(move |owner| owner.fetch_next_page(id))
    }

    /// Shows another part of what is here.
    pub fn set_window(&self, window: Window) -> Reply<()> {
        let id = self.mount.id;
        self.mount.client.ask(move |owner| owner.set_window(id, &window))
    }
}

impl Client {
    /// Shows what a method of the backend answers, and keeps it current: each entity of it is live, and the backend is asked again only
    /// when the list itself may be wrong. Equal remote queries share one answer, which is kept for the next time.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use larder_native::{query::Query, remote::{Policy, RemoteQuery}};
    ///
    /// let files = Query::from("file").build()?;
    /// let search = RemoteQuery::new("files.search", r#"{"text": "invoice"}"#, files)?.policy(Policy::StaleWhileRevalidate);
    /// let mut found = client.remote_query::<serde_json::Value>(&search).await?;
    /// while found.changed().await {
    ///     println!("{} found", found.snapshot().total);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Cache`] if the registry refuses the type; [`Error::HasSink`].
    pub fn remote_query<T: Any + DeserializeOwned + Send + Sync>(
        &self,
        request: &RemoteQuery,
    ) -> Reply<LiveRemoteQuery<T>> {
        let (request, client) = (request.clone(), Arc::clone(&self.inner));
        self.inner.ask(move |owner| LiveRemoteQuery::mount(owner, client, &request))
    }

    /// Answers that this concerns are wrong: those that are shown are asked for again at once, others when they are wanted.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use larder_native::remote::Invalidation;
    /// client.invalidate(&Invalidation::parse(r#"{"methods": ["files.*"]}"#)?).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn invalidate(&self, what: &Invalidation) -> Reply<()> {
        let what = what.clone();
        self.inner.ask(move |owner| owner.invalidate(&what))
    }
}
