//! Streams between two engines within one process.

use futures_util::future::BoxFuture;
use tokio::io::{duplex, split};
use tokio::sync::{Mutex, mpsc};

use super::error::NetError;
use super::transport::{Stream, Streams};

/// How many streams may wait to be taken.
const WAITING: usize = 4;
/// How many bytes may be on their way in one direction of a stream.
const BYTES: usize = 64 << 10;

/// One of two ends.
pub(crate) struct End {
    to: mpsc::Sender<Stream>,
    from: Mutex<mpsc::Receiver<Stream>>,
}

/// Two ends: what is opened at one comes out at the other.
pub(crate) fn pair() -> (End, End) {
    let (to_there, from_here) = mpsc::channel(WAITING);
    let (to_here, from_there) = mpsc::channel(WAITING);
    (End { to: to_there, from: Mutex::new(from_there) }, End { to: to_here, from: Mutex::new(from_here) })
}

/// What is opened comes out at the same end: an engine that asks itself.
pub(crate) fn around() -> End {
    let (to, from) = mpsc::channel(WAITING);
    End { to, from: Mutex::new(from) }
}

/// Two ends of one stream.
pub(crate) fn stream() -> (Stream, Stream) {
    let whole = |end| {
        let (reader, writer) = split(end);
        Stream { reader: Box::new(reader), writer: Box::new(writer) }
    };
    let (here, there) = duplex(BYTES);
    (whole(here), whole(there))
}

impl Streams for End {
    fn open(&self) -> BoxFuture<'_, Result<Stream, NetError>> {
        Box::pin(async {
            let (here, there) = stream();
            let gone = |_| NetError::Ended("the engine is gone".to_owned());
            self.to.send(there).await.map_err(gone)?;
            Ok(here)
        })
    }

    fn accept(&self) -> BoxFuture<'_, Option<Stream>> {
        Box::pin(async { self.from.lock().await.recv().await })
    }
}
