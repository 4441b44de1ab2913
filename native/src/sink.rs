//! The way out for a host language that keeps the objects itself.

use larder::remote::RemoteState;
use larder::{QueryId, Status};

use crate::error::Error;

/// What a host with a mirror of its own is told, as plain data: [`crate::Client::open_with_sink`].
///
/// The calls of one step come together, and steps come one after another in their order, on whatever thread made the step: the one
/// that called the client, or the client's own. Within a step the order is that of the methods here: first what is shown, then
/// what is waited for, so that who is told that a mutation is settled finds its outcome in the lists.
///
/// The cache stands still meanwhile, so be brief. Calling the client from here is allowed: the call is done after this step.
/// [`crate::Reply::wait`] is not, and says so.
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use larder_native::{Client, Config, Registry, Sink, query::Query};
///
/// #[derive(Default)]
/// struct Patches(Mutex<Vec<Vec<u8>>>);
///
/// impl Sink for Patches {
///     fn patch(&self, bytes: &[u8]) {
///         self.0.lock().unwrap().push(bytes.to_vec());
///     }
/// }
///
/// let patches = Arc::new(Patches::default());
/// let client = Client::open_with_sink(Registry::default(), Config::default(), patches.clone())?;
/// client.mount(&Query::from("tag").build()?).wait()?;
/// client.apply(r#"{"ResourceChanged": {"resource_type": "tag", "resource": {"id": "t1"}}}"#).wait()?;
/// assert_eq!(patches.0.lock().unwrap().len(), 2);
/// assert!(patches.0.lock().unwrap()[1].starts_with(b"LDP1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Sink: Send + Sync + 'static {
    /// A query is mounted: the patch that follows carries its first result, and ids of queries are used again.
    fn mounted(&self, query: QueryId) {
        _ = query;
    }

    /// A query is mounted no longer: no patch from now on speaks of it, until the id is used again.
    fn unmounted(&self, query: QueryId) {
        _ = query;
    }

    /// What the step changed, in the layout of PROTOCOL.md, section 3. At most once in a step.
    fn patch(&self, bytes: &[u8]);

    /// The status is another than before.
    fn status(&self, status: &Status) {
        _ = status;
    }

    /// A mounted remote query stands otherwise than before; its rows are in patches.
    fn remote(&self, state: &RemoteState) {
        _ = state;
    }

    /// A mutation is done: confirmed, or refused ([`Error::Backend`] with the backend's kind) and taken back. Not called for
    /// those that are still pending when the client is closed.
    fn settled(&self, id: &str, outcome: Result<(), &Error>) {
        _ = (id, outcome);
    }

    /// The answer to [`crate::Client::ask`], as JSON.
    fn answered(&self, id: &str, answer: Result<&str, &Error>) {
        _ = (id, answer);
    }

    /// An event that is not cached, as JSON.
    fn event(&self, json: &str) {
        _ = json;
    }

    /// Something is wrong that nobody waits for: a refused message, an attempt to connect that failed. The client goes on.
    fn error(&self, error: &Error) {
        _ = error;
    }

    /// The client is closed; the last call.
    fn closed(&self) {}
}
