//! The thread beside the owner: it has the socket and the timer, and does what callers leave to it.

use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use larder::{Config, Registry, Status};
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{sleep_until, timeout};

use super::desk::{Desk, Ending};
use super::{Disk, Owner, ToThread};
use crate::clock::Clock;
use crate::error::Error;
use crate::news::News;
use crate::reply::Reply;
use crate::sink::Sink;
use crate::socket::FromSocket;
use crate::storage::{self, Storage};

/// Messages that may wait for the cache; when there are more, the backend is made to wait.
const MESSAGES: usize = 16;
/// So long may the last connection take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// Makes the owner and starts the thread.
pub(crate) fn start(
    registry: Registry,
    config: Config,
    sink: Option<Arc<dyn Sink>>,
    storage: Option<Box<dyn Storage>>,
    news: Arc<News>,
    status: watch::Sender<Status>,
) -> Result<Arc<Desk>, Error> {
    let failed = |error: std::io::Error| Error::NoThread { reason: error.to_string() };
    let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let (sender, heard) = mpsc::channel(MESSAGES);
    let (wake_at, wakes) = watch::channel(None);
    let to_thread = ToThread { wake_at, runtime: runtime.handle().clone(), heard: sender };
    let (disk, start_storage) =
        storage.map(storage::prepare).map(|(jobs, start)| (Disk::new(jobs), start)).unzip();
    let owner = Owner::new(registry, config, sink, news, status, to_thread, disk);
    let clock = owner.clock.clone();
    let (ending, ended) = oneshot::channel();
    let desk = Arc::new(Desk::new(owner, start_storage.is_some(), ending));
    let at = Arc::clone(&desk);
    let run = move || runtime.block_on(run(&at, &clock, wakes, heard, ended));
    thread::Builder::new().name("larder".to_owned()).spawn(run).map_err(failed)?;
    if let Some(start) = start_storage {
        start(&desk).map_err(failed)?;
    }
    Ok(desk)
}

async fn run(
    desk: &Desk,
    clock: &Clock,
    mut wakes: watch::Receiver<Option<u64>>,
    mut heard: mpsc::Receiver<FromSocket>,
    ended: oneshot::Receiver<Ending>,
) {
    let mut ended = pin!(ended);
    // What the owner was asked for last. Before that is done the next message is not taken, so that the backend waits too.
    let mut doing: Option<Reply<()>> = None;
    let ending = loop {
        let wake_at = wakes.borrow_and_update().map(|at_ms| clock.instant(at_ms));
        let alarm = async {
            match wake_at {
                Some(at) => sleep_until(at).await,
                None => pending().await,
            }
        };
        let is_free = doing.is_none();
        let done = async {
            match &mut doing {
                Some(doing) => _ = doing.await,
                None => pending().await,
            }
        };
        tokio::select! {
            ending = &mut ended => break ending.unwrap_or_default(),
            () = done => doing = None,
            Some(message) = heard.recv(), if is_free => {
                doing = Some(desk.ask(move |owner| {
                    owner.hear(message);
                    Ok(())
                }));
            }
            () = alarm, if is_free => {
                doing = Some(desk.ask(|owner| {
                    owner.tick();
                    Ok(())
                }));
            }
            () = desk.is_left.notified() => desk.work(),
            Ok(()) = wakes.changed() => {}
        }
    };
    if let Some(leaving) = ending.leaving {
        _ = timeout(GOODBYE, leaving).await;
    }
    let saved = match ending.saving {
        // A storage whose thread is gone has nothing more to say.
        Some(saving) => saving.await.unwrap_or(Ok(())),
        None => Ok(()),
    };
    if let Some(closing) = ending.closing {
        _ = closing.send(saved.map_err(Error::Storage));
    }
}
