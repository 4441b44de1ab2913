//! What a call will have come to.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::sync::oneshot;

use crate::error::Error;
use crate::seated::Seated;

/// What a call will have come to. It is there at once, unless another call was under way or it is up to the backend. The call is
/// done whether this is awaited, waited for or dropped.
///
/// ```
/// # use larder_native::{Client, Config, Registry};
/// let client = Client::open(Registry::default(), Config::default())?;
/// assert_eq!(client.stats().wait()?.entities, 0); // without a runtime
/// let stats = async { client.stats().await }; // within one
/// # drop(stats);
/// # Ok::<(), larder_native::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "await it, or call `wait`, to learn whether it went well"]
pub struct Reply<T>(State<T>);

#[derive(Debug)]
enum State<T> {
    Coming(oneshot::Receiver<Result<T, Error>>),
    Failed(Option<Error>),
}

/// Where the answer is put.
pub(crate) type Answer<T> = oneshot::Sender<Result<T, Error>>;

impl<T> Reply<T> {
    pub(crate) fn pair() -> (Answer<T>, Self) {
        let (answer, coming) = oneshot::channel();
        (answer, Self(State::Coming(coming)))
    }

    pub(crate) fn ready(value: T) -> Self {
        let (answer, reply) = Self::pair();
        _ = answer.send(Ok(value));
        reply
    }

    pub(crate) fn failed(error: Error) -> Self {
        Self(State::Failed(Some(error)))
    }

    /// Blocks this thread until it is known. Not for async code, and not for a thread that must not stand still.
    ///
    /// # Errors
    /// What the call came to, or [`Error::Closed`]; [`Error::WaitInDelivery`] inside a call from the client, as of a
    /// [`crate::Sink`], where waiting would never end. The call is done all the same.
    pub fn wait(self) -> Result<T, Error> {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        let mut reply = pin!(self);
        loop {
            match reply.as_mut().poll(&mut context) {
                Poll::Ready(result) => return result,
                // What it waits for is done after the step that this thread is making.
                Poll::Pending if Seated::is_this_thread() => return Err(Error::WaitInDelivery),
                Poll::Pending => thread::park(),
            }
        }
    }
}

impl<T> Future for Reply<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Coming(coming) => {
                Pin::new(coming).poll(context).map(|answer| answer.unwrap_or(Err(Error::Closed)))
            }
            State::Failed(error) => Poll::Ready(Err(error.take().unwrap_or(Error::Closed))),
        }
    }
}

// Nothing in it is pinned.
impl<T> Unpin for Reply<T> {}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
