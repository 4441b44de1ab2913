//! A value that changes, of which only the newest counts.

use futures_util::{Stream, stream};
use tokio::sync::watch;

/// A value that changes. Reading it never waits for the network or for the cache: the lock is held for as long as it takes to
/// clone.
///
/// ```
/// # use larder_native::{Client, Config, Phase, Registry};
/// # async fn example(client: Client) {
/// let mut status = client.watch_status();
/// while status.get().phase != Phase::Live {
///     if !status.changed().await {
///         break; // the client was closed
///     }
/// }
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Watched<T>(watch::Receiver<T>);

impl<T: Clone> Watched<T> {
    pub(crate) fn new(receiver: watch::Receiver<T>) -> Self {
        Self(receiver)
    }

    /// The value of this moment.
    pub fn get(&self) -> T {
        self.0.borrow().clone()
    }

    /// Waits until it is another than at the last call of this; `false` when it will not change any more.
    pub async fn changed(&mut self) -> bool {
        self.0.changed().await.is_ok()
    }

    /// The value of this moment, and then each newer one. One who is slow misses values in between, never the newest.
    pub fn into_stream(mut self) -> impl Stream<Item = T> + Unpin
    where
        T: Send + Sync + 'static,
    {
        self.0.mark_changed();
        Box::pin(stream::unfold(self, |mut watched| async move {
            if !watched.changed().await {
                return None;
            }
            let value = watched.0.borrow_and_update().clone();
            Some((value, watched))
        }))
    }
}
