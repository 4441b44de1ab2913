//! The client: one cache, kept in step with one backend.

use std::any::{Any, type_name};
use std::collections::HashMap;
use std::sync::Arc;

use larder::outbox::{Mutation, Operation, PendingMutation, Rejection};
use larder::query::{Query, field};
use larder::{Applied, Config, Registry, Stats, Status};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::sync::watch;

use crate::address::Address;
use crate::error::Error;
use crate::listening::Listening;
use crate::live_entity::LiveEntity;
use crate::live_query::LiveQuery;
use crate::mutation::MutationHandle;
use crate::news::News;
use crate::operation::json;
use crate::options::ClientOptions;
use crate::owner::{self, Desk, Owner};
use crate::reply::Reply;
use crate::watched::Watched;

/// One cache, kept in step with one backend. Cloning gives another handle to the same one; it is closed by [`Client::close`], or
/// when the last handle and the last live query are dropped.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use larder_native::{Client, Config, Registry, query::Query, registry::ResourceType};
///
/// let registry = Registry::builder().resource(ResourceType::new("file").version("version")).build()?;
/// let client = Client::open(registry, Config::default())?;
/// client.connect("ws://127.0.0.1:4600/ws?token=secret").await?;
/// let mut files = client.live_query::<serde_json::Value>(&Query::from("file").limit(100).build()?).await?;
/// while files.changed().await {
///     println!("{} files", files.snapshot().total);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

/// The way to the owner of the cache, who is let go when nobody has this any more.
pub(crate) struct Inner {
    desk: Arc<Desk>,
    news: Arc<News>,
    status: watch::Receiver<Status>,
    /// By resource type.
    id_fields: HashMap<String, String>,
}

impl Inner {
    /// Has the owner do something; nothing if the client is closed.
    pub(crate) fn tell(&self, act: impl FnOnce(&mut Owner) + Send + 'static) {
        self.desk.tell(act);
    }

    /// Has the owner do something and say what came of it.
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Owner) -> Result<T, Error> + Send + 'static,
    ) -> Reply<T> {
        self.desk.ask(act)
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Inner").field("status", &*self.status.borrow()).finish_non_exhaustive()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.tell(|owner| owner.is_over = true);
    }
}

impl Client {
    /// Makes an empty cache, and starts the thread that its connection will need. No runtime is needed.
    ///
    /// ```
    /// use larder_native::{Client, Config, Registry};
    /// let client = Client::open(Registry::default(), Config::default())?;
    /// # Ok::<(), larder_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoThread`].
    pub fn open(registry: Registry, config: Config) -> Result<Self, Error> {
        Self::open_with(registry, ClientOptions::new().config(config))
    }

    /// As [`Self::open`], with more to say.
    ///
    /// With a storage, what it holds comes back first: results fill up while the status says that it is restoring, and everything that
    /// is asked for waits until the storage is open. Where it cannot be opened or written, the client goes on in memory and says so in
    /// [`Self::status`] and [`Self::errors`].
    ///
    /// ```
    /// use larder_native::{Client, ClientOptions, Registry, storage::MemoryStorage};
    /// let options = ClientOptions::new().storage(MemoryStorage::default());
    /// let client = Client::open_with(Registry::default(), options)?;
    /// client.close().wait()?; // stores what is not stored yet
    /// # Ok::<(), larder_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoThread`].
    pub fn open_with(registry: Registry, options: ClientOptions) -> Result<Self, Error> {
        Self::start(registry, options)
    }

    fn start(registry: Registry, options: ClientOptions) -> Result<Self, Error> {
        let ClientOptions { config, sink, storage } = options;
        let news = Arc::new(News::default());
        let (sender, status) = watch::channel(Status::default());
        let id_fields = registry.types().iter().map(|own| (own.name.clone(), own.id.clone())).collect();
        let desk = owner::start(registry, config, sink, storage, Arc::clone(&news), sender)?;
        Ok(Self { inner: Arc::new(Inner { desk, news, status, id_fields }) })
    }

    /// Wants a connection to this address from now on: subscribes, catches up after gaps and breaks, sends mutations, comes back
    /// with growing pauses when the connection is lost. Done as soon as the first attempt has begun.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// client.connect("ws://127.0.0.1:4600/ws?token=secret").await
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidUrl`] or [`Error::AlreadyConnected`].
    pub fn connect(&self, url: &str) -> Reply<()> {
        if let Err(error) = Address::parse(url) {
            return Reply::failed(error);
        }
        let url = url.to_owned();
        self.connect_with(move || url.clone())
    }

    /// As [`Self::connect`], but the address is asked for before each attempt: for addresses with short-lived tokens. The cache
    /// stands still meanwhile, so it must be at hand.
    ///
    /// ```
    /// # fn token() -> String { String::new() }
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// client.connect_with(|| format!("wss://example.com/ws?token={}", token())).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::AlreadyConnected`]. A wrong address is reported to [`Self::errors`].
    pub fn connect_with(&self, url: impl FnMut() -> String + Send + 'static) -> Reply<()> {
        self.inner.ask(move |owner| owner.connect(Box::new(url)))
    }

    /// Wants no connection any more. What is cached stays, and so do mutations that are not settled.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// client.disconnect().await
    /// # }
    /// ```
    pub fn disconnect(&self) -> Reply<()> {
        self.inner.ask(Owner::disconnect)
    }

    /// What the operating system says about the network: with `true`, a lost connection is tried again at once; with `false`, it
    /// is not tried until the next `true`. An open connection is left as it is.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// client.reachable(false).await
    /// # }
    /// ```
    pub fn reachable(&self, reachable: bool) -> Reply<()> {
        self.inner.ask(move |owner| owner.set_reachable(reachable))
    }

    /// Keeps a query current. Its first result is there with it.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use larder_native::query::{Query, asc, field};
    /// # #[derive(serde::Deserialize)]
    /// # struct File;
    /// let query = Query::from("file").filter(field("kind").eq("image")).order_by(asc("name").natural()).build()?;
    /// let images = client.live_query::<File>(&query).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Cache`] if the query names a type that the registry refuses; [`Error::HasSink`].
    pub fn live_query<T: Any + DeserializeOwned + Send + Sync>(&self, query: &Query) -> Reply<LiveQuery<T>> {
        let (query, client) = (query.clone(), Arc::clone(&self.inner));
        self.inner.ask(move |owner| LiveQuery::mount(owner, client, &query))
    }

    /// Keeps one entity current.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// let tag = client.entity::<serde_json::Value>("tag", "t1").await?;
    /// println!("{:?}", tag.snapshot());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Cache`] if the registry refuses the type; [`Error::HasSink`].
    pub fn entity<T: Any + DeserializeOwned + Send + Sync>(
        &self,
        resource_type: &str,
        id: &str,
    ) -> Reply<LiveEntity<T>> {
        let id_field = self.inner.id_fields.get(resource_type).map_or("id", String::as_str);
        let query = Query::from(resource_type).filter(field(id_field).eq(id)).limit(1).build();
        let client = Arc::clone(&self.inner);
        self.inner.ask(move |owner| {
            let query = query.map_err(|error| Error::Cache(error.into()))?;
            LiveQuery::mount(owner, client, &query).map(LiveEntity::first_of)
        })
    }

    /// Makes a mutation: shown at once, sent when there is a connection, undone if the backend refuses it.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// let args = serde_json::json!({"id": "f1", "favorite": true});
    /// let optimistic = larder_native::merge("file", "f1", &serde_json::json!({"favorite": true}))?;
    /// client.mutate("files.favorite", &args, [optimistic]).await
    /// # }
    /// ```
    pub fn mutate(
        &self,
        name: &str,
        args: &impl Serialize,
        optimistic: impl IntoIterator<Item = Operation>,
    ) -> MutationHandle {
        let id = uuid::Uuid::new_v4().to_string();
        match json("the arguments", args) {
            Ok(args) => {
                let optimistic = optimistic.into_iter().collect();
                self.make(Mutation { id, name: name.to_owned(), args, coalesce: None, optimistic })
            }
            Err(error) => MutationHandle::new(id, Reply::failed(error.clone()), Reply::failed(error)),
        }
    }

    /// Makes a mutation that has its id already. The same id sent again has no second effect.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let text = r#"{"id": "m1", "name": "files.favorite", "args": {"id": "f1", "favorite": true}}"#;
    /// client.make(serde_json::from_str(text)?).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn make(&self, mutation: Mutation) -> MutationHandle {
        let (answer, settled) = Reply::pair();
        let id = mutation.id.clone();
        MutationHandle::new(id, self.inner.ask(move |owner| owner.mutate(mutation, answer)), settled)
    }

    /// Sends a mutation all the same whose state is [`MutationState::Held`](larder::outbox::MutationState::Held): it waits because an
    /// earlier edit of the same entity was refused.
    ///
    /// # Errors
    /// A [`MutationError::NotHeld`](larder::outbox::MutationError::NotHeld).
    pub fn retry(&self, id: &str) -> Reply<()> {
        let id = id.to_owned();
        self.inner.ask(move |owner| owner.retry(&id))
    }

    /// Takes a mutation back that has not been sent. It is settled with a rejection of the kind `discarded`.
    ///
    /// # Errors
    /// A [`MutationError::Sent`](larder::outbox::MutationError::Sent) or
    /// [`MutationError::NotPending`](larder::outbox::MutationError::NotPending).
    pub fn discard(&self, id: &str) -> Reply<()> {
        let id = id.to_owned();
        self.inner.ask(move |owner| owner.discard(&id))
    }

    /// Keeps an entity in memory whatever the budget (`Config::memory`) says, until [`Self::unpin`]. It need not be here yet; one that is
    /// on disk only is read back.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// client.pin("file", "f1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A [`QueryError::UnknownType`](larder::query::QueryError::UnknownType).
    pub fn pin(&self, resource_type: &str, id: &str) -> Reply<()> {
        let (resource_type, id) = (resource_type.to_owned(), id.to_owned());
        self.inner.ask(move |owner| owner.pin(&resource_type, &id, true))
    }

    /// The budget concerns an entity again.
    pub fn unpin(&self, resource_type: &str, id: &str) -> Reply<()> {
        let (resource_type, id) = (resource_type.to_owned(), id.to_owned());
        self.inner.ask(move |owner| owner.pin(&resource_type, &id, false))
    }

    /// Asks the backend something over the connection. Without one, it waits for one.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// let answer: serde_json::Value = client.query("echo", &"hello").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Backend`] with the kind that the backend gave, or [`Error::AnswerMismatch`].
    pub fn query<T: DeserializeOwned + Send + 'static>(
        &self,
        method: &str,
        input: &impl Serialize,
    ) -> Reply<T> {
        let input = match json("the input", input) {
            Ok(input) => input,
            Err(error) => return Reply::failed(error),
        };
        let (answer, reply) = Reply::pair();
        let method = method.to_owned();
        let asked = method.clone();
        let decode = move |data: Box<RawValue>| {
            serde_json::from_str(data.get()).map_err(|error| Error::AnswerMismatch {
                method: asked,
                rust_type: type_name::<T>(),
                reason: error.to_string(),
            })
        };
        self.inner.tell(move |owner| {
            owner.ask(method, input, move |result| _ = answer.send(result.and_then(decode)));
        });
        reply
    }

    /// How the cache stands to its backend. The cursor alone is no change: it is as of the last change of the rest.
    ///
    /// ```
    /// # fn example(client: larder_native::Client) {
    /// println!("{:?}, {} changes not yet saved", client.status().phase, client.status().pending);
    /// # }
    /// ```
    pub fn status(&self) -> Status {
        self.inner.status.borrow().clone()
    }

    /// The status, to be followed.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) {
    /// let mut status = client.watch_status();
    /// while status.changed().await {
    ///     println!("{:?}", status.get().phase);
    /// }
    /// # }
    /// ```
    pub fn watch_status(&self) -> Watched<Status> {
        Watched::new(self.inner.status.clone())
    }

    /// Events that are not cached, from now on: lifecycle, jobs, logs, finished bulk operations, refresh.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) {
    /// let mut events = client.events();
    /// while let Some(event) = events.next().await {
    ///     println!("{event}");
    /// }
    /// # }
    /// ```
    pub fn events(&self) -> Listening<Arc<RawValue>> {
        self.inner.news.events.add()
    }

    /// What is wrong from now on, and that nobody is waiting for: messages that were refused, rows that could not be decoded,
    /// attempts to connect that failed. The client goes on.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) {
    /// let mut errors = client.errors();
    /// while let Some(error) = errors.next().await {
    ///     println!("{}: {error}", error.kind());
    /// }
    /// # }
    /// ```
    pub fn errors(&self) -> Listening<Error> {
        self.inner.news.errors.add()
    }

    /// The mutations that are not settled, oldest first.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// for mutation in client.pending().await? {
    ///     println!("{} is {:?}", mutation.name, mutation.state);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pending(&self) -> Reply<Vec<PendingMutation>> {
        self.inner.ask(|owner| Ok(owner.cache.pending()))
    }

    /// What the cache holds, and the work it has done.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// println!("{} entities", client.stats().await?.entities);
    /// # Ok(())
    /// # }
    /// ```
    pub fn stats(&self) -> Reply<Stats> {
        self.inner.ask(|owner| Ok(owner.cache.stats()))
    }

    /// Takes one event of either dialect, as JSON. For apps with a connection of their own.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// client.apply(r#"{"ResourceDeleted": {"resource_type": "file", "resource_id": "1"}}"#).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Cache`]; nothing has changed then.
    pub fn apply(&self, event: impl Into<Vec<u8>>) -> Reply<Applied> {
        let event = event.into();
        self.inner.ask(move |owner| {
            let step = owner.cache.apply(event);
            owner.bring(step)
        })
    }

    /// The backend did it, and its event has this sequence. For apps with a connection of their own.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// client.ack("m1", Some(42)).await
    /// # }
    /// ```
    pub fn ack(&self, id: &str, sequence: Option<u64>) -> Reply<()> {
        let id = id.to_owned();
        self.inner.ask(move |owner| {
            let step = owner.cache.ack(&id, sequence);
            owner.bring(step)
        })
    }

    /// The backend refused it. For apps with a connection of their own.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// use larder_native::outbox::Rejection;
    /// client.reject("m1", Rejection { kind: "not_found".into(), message: "It is gone.".into() }).await
    /// # }
    /// ```
    pub fn reject(&self, id: &str, reason: Rejection) -> Reply<()> {
        let id = id.to_owned();
        self.inner.ask(move |owner| {
            let step = owner.cache.reject(&id, reason);
            owner.bring(step)
        })
    }

    /// Stores now what would be stored within a moment: for an app that goes to the background and may be ended there. Done when it is
    /// stored; at once if there is no storage.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// client.flush().await
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn flush(&self) -> Reply<()> {
        let (answer, reply) = Reply::pair();
        self.inner.tell(move |owner| owner.flush(answer));
        reply
    }

    /// As [`Self::close`], and nothing is left of what was stored: for an app whose user signs out, or whose storage is damaged.
    /// Edits that were not sent are lost with it.
    ///
    /// ```
    /// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
    /// client.close_and_wipe().await
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Storage`] if it could not be wiped.
    pub fn close_and_wipe(&self) -> Reply<()> {
        self.inner.tell(|owner| owner.wipes = true);
        self.close()
    }

    /// Stores what is not stored yet, closes the connection and frees the cache. Live queries keep their last result; whatever is not settled, and anything that
    /// is asked for later, ends with [`Error::Closed`].
    ///
    /// ```
    /// # use larder_native::{Client, Config, Registry};
    /// let client = Client::open(Registry::default(), Config::default())?;
    /// client.close().wait()?;
    /// assert_eq!(client.stats().wait().unwrap_err().kind(), "client.closed");
    /// # Ok::<(), larder_native::Error>(())
    /// ```
    pub fn close(&self) -> Reply<()> {
        let (answer, reply) = Reply::pair();
        let is_open = self.inner.desk.tell(move |owner| {
            owner.is_over = true;
            owner.closing = Some(answer);
        });
        // If not, it is closed already, which is what was asked for.
        if is_open { reply } else { Reply::ready(()) }
    }
}
