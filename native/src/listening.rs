//! News for whoever listens: nothing is lost, and nobody is waited for.

use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_util::Stream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What has happened since [`crate::Client::events`] or [`crate::Client::errors`] was called, one by one. It is kept until it
/// is read, so read it or drop this.
///
/// ```
/// # use larder_native::{Client, Config, Registry};
/// # async fn example(client: Client) {
/// let mut errors = client.errors();
/// while let Some(error) = errors.next().await {
///     println!("{}: {error}", error.kind());
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Listening<T>(UnboundedReceiver<T>);

impl<T> Listening<T> {
    /// The next one; `None` when the client is closed.
    pub async fn next(&mut self) -> Option<T> {
        self.0.recv().await
    }
}

impl<T> Stream for Listening<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.0.poll_recv(context)
    }
}

/// Everybody who listens; nobody any more when it is over.
#[derive(Debug)]
pub(crate) struct Listeners<T>(Mutex<Option<Vec<UnboundedSender<T>>>>);

impl<T> Default for Listeners<T> {
    fn default() -> Self {
        Self(Mutex::new(Some(Vec::new())))
    }
}

impl<T: Clone> Listeners<T> {
    pub(crate) fn add(&self) -> Listening<T> {
        let (sender, receiver) = unbounded_channel();
        if let Some(listeners) = self.lock().as_mut() {
            listeners.push(sender);
        }
        Listening(receiver)
    }

    pub(crate) fn tell(&self, news: &T) {
        if let Some(listeners) = self.lock().as_mut() {
            listeners.retain(|listener| listener.send(news.clone()).is_ok());
        }
    }

    /// There will be no more news.
    pub(crate) fn end(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Vec<UnboundedSender<T>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
