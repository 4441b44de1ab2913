//! The way in for a host language that keeps the objects itself: nothing here knows a Rust type of the app.

use std::sync::Arc;

use larder::query::{Query, Window};
use larder::remote::RemoteQuery;
use larder::{Config, QueryId, Registry};
use serde_json::value::RawValue;

use crate::client::Client;
use crate::error::Error;
use crate::options::ClientOptions;
use crate::reply::Reply;
use crate::sink::Sink;

impl Client {
    /// As [`Client::open`], for a host that keeps the objects itself: what changes is handed to `sink`, and [`Client::mount`]
    /// takes the place of [`Client::live_query`].
    ///
    /// ```
    /// use std::sync::Arc;
    /// use larder_native::{Client, Config, Registry, Sink};
    ///
    /// struct Host;
    /// impl Sink for Host {
    ///     fn patch(&self, bytes: &[u8]) {
    ///         println!("a patch of {} bytes", bytes.len());
    ///     }
    /// }
    /// let client = Client::open_with_sink(Registry::default(), Config::default(), Arc::new(Host))?;
    /// # Ok::<(), larder_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoThread`].
    pub fn open_with_sink(registry: Registry, config: Config, sink: Arc<dyn Sink>) -> Result<Self, Error> {
        Self::open_with(registry, ClientOptions::new().config(config).sink(sink))
    }

    /// Keeps a query current. Its first result is in the patch of the same step; the sink is told its id before that.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use larder_native::query::Query;
    /// let files = client.mount(&Query::parse(r#"{"from": "file", "limit": 100}"#)?).await?;
    /// client.unmount(files).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Cache`] if the query names a type that the registry refuses; [`Error::NoSink`].
    pub fn mount(&self, query: &Query) -> Reply<QueryId> {
        let query = query.clone();
        self.inner.ask(move |owner| owner.mount_untyped(&query))
    }

    /// As [`Client::mount`], for a question to the backend; how it stands is told to [`Sink::remote`]. [`Client::unmount`] ends it.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use larder_native::remote::RemoteQuery;
    /// let search = RemoteQuery::parse(r#"{"method": "files.search", "input": {"text": "a"}, "from": "file"}"#)?;
    /// let found = client.mount_remote(&search).await?;
    /// client.refetch(found).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Cache`] if the registry refuses the type; [`Error::NoSink`].
    pub fn mount_remote(&self, request: &RemoteQuery) -> Reply<QueryId> {
        let request = request.clone();
        self.inner.ask(move |owner| owner.mount_remote_untyped(&request))
    }

    /// Asks the backend anew for what a query of [`Client::mount_remote`] shows.
    ///
    /// # Errors
    /// [`Error::Cache`] if it is not mounted; [`Error::NoSink`].
    pub fn refetch(&self, query: QueryId) -> Reply<()> {
        self.inner.ask(move |owner| owner.needs_sink()?.refetch(query))
    }

    /// Asks the backend for what comes after what a query of [`Client::mount_remote`] shows.
    ///
    /// # Errors
    /// [`Error::Cache`] if it is not mounted; [`Error::NoSink`].
    pub fn fetch_next_page(&self, query: QueryId) -> Reply<()> {
        self.inner.ask(move |owner| owner.needs_sink()?.fetch_next_page(query))
    }

    /// Keeps a query of [`Client::mount`] current no longer.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client, files: larder_native::QueryId) -> Result<(), larder_native::Error> {
    /// client.unmount(files).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Cache`] if it is not mounted; [`Error::NoSink`].
    pub fn unmount(&self, query: QueryId) -> Reply<()> {
        self.inner.ask(move |owner| owner.needs_sink()?.unmount(query))
    }

    /// Shows another part of the same result. The patch carries all of it.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client, files: larder_native::QueryId) -> Result<(), Box<dyn std::error::Error>> {
    /// use larder_native::query::Window;
    /// client.set_window(files, Window::parse(r#"{"offset": 100, "limit": 100}"#)?).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Cache`] if it is not mounted, or the cursor does not fit the query's order; [`Error::NoSink`].
    pub fn set_window(&self, query: QueryId, window: Window) -> Reply<()> {
        self.inner.ask(move |owner| owner.needs_sink()?.set_window(query, &window))
    }

    /// As [`Client::query`], with an id of the host's own; the answer goes to [`Sink::answered`]. Done as soon as it is noted
    /// down, whether there is a connection or not.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// client.ask("q1", "echo", r#"{"text": "hello"}"#).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotJson`] or [`Error::NoSink`].
    pub fn ask(&self, id: &str, method: &str, input: &str) -> Reply<()> {
        let input = match serde_json::from_str::<Box<RawValue>>(input) {
            Ok(input) => input,
            Err(error) => {
                return Reply::failed(Error::NotJson { what: "the input", reason: error.to_string() });
            }
        };
        let (id, method) = (id.to_owned(), method.to_owned());
        self.inner.ask(move |owner| owner.needs_sink()?.ask_untyped(id, method, input))
    }
}
