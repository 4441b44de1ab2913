//! The owner's thread: one thing at a time, whoever asks for it.

use std::future::pending;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use larder::{Config, Registry, Status};
use tokio::runtime::Builder;
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep_until, timeout};

use super::Owner;
use crate::error::Error;
use crate::news::News;
use crate::sink::Sink;
use crate::socket::FromSocket;

/// Messages that may wait for the cache; when there are more, the backend is made to wait.
const MESSAGES: usize = 16;
/// So long may the last connection take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// Something that the owner shall do; `false` when it was the last.
pub(crate) type Command = Box<dyn FnOnce(&mut Owner) -> bool + Send>;

/// The way to the owner, which ends when nobody has it any more.
pub(crate) type Commands = mpsc::UnboundedSender<Command>;

/// Starts the thread.
pub(crate) fn start(
    registry: Registry,
    config: Config,
    sink: Option<Arc<dyn Sink>>,
    news: Arc<News>,
    status: watch::Sender<Status>,
) -> Result<Commands, Error> {
    let failed = |error: std::io::Error| Error::NoThread { reason: error.to_string() };
    let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let (commands, asked) = mpsc::unbounded_channel();
    let run = move || {
        let (sender, heard) = mpsc::channel(MESSAGES);
        let owner = Owner::new(registry, config, sink, news, status, sender);
        runtime.block_on(run(owner, asked, heard));
    };
    thread::Builder::new().name("larder".to_owned()).spawn(run).map_err(failed)?;
    Ok(commands)
}

async fn run(
    mut owner: Owner,
    mut commands: mpsc::UnboundedReceiver<Command>,
    mut heard: mpsc::Receiver<FromSocket>,
) {
    loop {
        let wake_at = owner.wake_at_ms.map(|at_ms| owner.clock.instant(at_ms));
        let alarm = async {
            match wake_at {
                Some(at) => sleep_until(at).await,
                None => pending().await,
            }
        };
        tokio::select! {
            command = commands.recv() => {
                if !command.is_some_and(|command| command(&mut owner)) {
                    break;
                }
            }
            Some(message) = heard.recv() => owner.hear(message),
            () = alarm => owner.tick(),
        }
        owner.follow_up();
    }
    commands.close();
    _ = owner.disconnect();
    if let Some(leaving) = owner.leaving.take() {
        _ = timeout(GOODBYE, leaving).await;
    }
    let closing = owner.closing.take();
    // What still waits for an answer learns that there will be none.
    drop(owner);
    drop(commands);
    if let Some(closing) = closing {
        _ = closing.send(Ok(()));
    }
}
