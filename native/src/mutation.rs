//! A mutation that was made.

use std::future::IntoFuture;

use crate::error::Error;
use crate::reply::Reply;

/// A mutation that was made. Awaiting it waits until the backend's outcome is in the cache; dropping it changes nothing.
///
/// ```
/// # async fn example(client: larder_native::Client) -> Result<(), larder_native::Error> {
/// use larder_native::merge;
/// let fields = serde_json::json!({"name": "b.txt"});
/// let args = serde_json::json!({"id": "f1", "name": "b.txt"});
/// let mut rename = client.mutate("files.rename", &args, [merge("file", "f1", &fields)?]);
/// rename.shown().await?; // every live query shows it
/// rename.await?; // the backend did it, or said why not and it is undone
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct MutationHandle {
    id: String,
    shown: Option<Reply<()>>,
    settled: Reply<()>,
}

impl MutationHandle {
    pub(crate) fn new(id: String, shown: Reply<()>, settled: Reply<()>) -> Self {
        Self { id, shown: Some(shown), settled }
    }

    /// Its id, unique for ever.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Waits until every live query shows it, which needs no connection. At once if that was awaited before.
    ///
    /// # Errors
    /// [`Error::Cache`] if an optimistic operation cannot be carried out; the mutation is not made then.
    pub fn shown(&mut self) -> Reply<()> {
        self.shown.take().unwrap_or_else(|| Reply::ready(()))
    }

    /// What the backend makes of it: [`Error::Backend`] with its kind if it refuses.
    pub fn settled(self) -> Reply<()> {
        self.settled
    }
}

impl IntoFuture for MutationHandle {
    type Output = Result<(), Error>;
    type IntoFuture = Reply<()>;

    fn into_future(self) -> Reply<()> {
        self.settled
    }
}
