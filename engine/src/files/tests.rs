//! Copies between two engines within this process, over streams that damage what they carry.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use serde_json::value::to_raw_value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

use crate::action::Mutation;
use crate::database::entity::file;
use crate::net::{NetError, Stream, Streams, memory};
use crate::transaction::Outcome;
use crate::{Config, Engine, FileCopy};

const SIZE: usize = 700 << 10;

/// Changes a byte in so many of the answers that have a chunk.
struct Damaging {
    way: memory::End,
    left: Arc<AtomicI64>,
}

impl Streams for Damaging {
    fn open(&self) -> BoxFuture<'_, Result<Stream, NetError>> {
        Box::pin(async {
            let Stream { mut reader, writer } = self.way.open().await?;
            let (here, mut there) = memory::stream();
            let left = Arc::clone(&self.left);
            tokio::spawn(async move {
                let mut answer = Vec::new();
                reader.read_to_end(&mut answer).await.unwrap();
                if answer.len() > 100_000 && left.fetch_sub(1, Ordering::SeqCst) > 0 {
                    *answer.last_mut().unwrap() ^= 1;
                }
                // Who asked may have gone.
                let _ = there.writer.write_all(&answer).await;
                let _ = there.writer.shutdown().await;
            });
            Ok(Stream { reader: here.reader, writer })
        })
    }

    fn accept(&self) -> BoxFuture<'_, Option<Stream>> {
        self.way.accept()
    }
}

async fn open(folder: &Path) -> Engine {
    let mut config = Config::new(folder.join("root"));
    config.database = Some(folder.join("larder.sqlite"));
    config.library = Some(Uuid::from_u128(7));
    Engine::open(config).await.unwrap()
}

async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "too long waiting until: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn row(engine: &Engine, name: &'static str) -> file::Model {
    let (_, actions) = engine.parts();
    until(name, async || {
        let rows = file::Entity::find().filter(file::Column::Name.eq(name));
        rows.one(&actions.reader).await.unwrap()
    })
    .await
}

/// Copies a file of three chunks from b to a, where so many answers are damaged on the way.
async fn copy(damaged: i64) -> (FileCopy, u64, Option<Vec<u8>>) {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for folder in [&one, &other] {
        fs::create_dir(folder.path().join("root")).unwrap();
    }
    fs::create_dir(one.path().join("root/goal")).unwrap();
    let content: Vec<u8> = (0..SIZE).map(|at| (at % 251) as u8).collect();
    fs::write(other.path().join("root/film"), content).unwrap();
    let (a, b) = (open(one.path()).await, open(other.path()).await);
    a.connect(&b).await;
    let (to_b, to_a) = memory::pair();
    let left = Arc::new(AtomicI64::new(damaged));
    a.parts().0.enter(b.device(), Arc::new(Damaging { way: to_b, left }));
    b.parts().0.enter(a.device(), Arc::new(to_a));

    let (film, goal) = (row(&a, "film").await, row(&a, "goal").await);
    let args = to_raw_value(&json!({"id": film.id, "folder_id": goal.id})).unwrap();
    let mutation = Mutation { id: "m".to_owned(), name: "files.copy".to_owned(), args };
    let done = a.parts().1.run(mutation).await;
    assert!(matches!(done, Outcome::Applied { .. }), "{done:?}");
    let ended = until("the copy ends", async || {
        let copy = a.copies().await.unwrap().pop().unwrap();
        ["completed", "failed"].contains(&copy.phase).then_some(copy)
    })
    .await;
    let there: Vec<_> = fs::read_dir(one.path().join("root/goal")).unwrap().collect();
    assert_eq!(there.len(), usize::from(ended.phase == "completed"), "nothing else is left there");
    (ended, b.chunks_sent(), fs::read(one.path().join("root/goal/film")).ok())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chunk_that_comes_damaged_is_refused_and_asked_for_again() {
    let (copy, sent, content) = copy(1).await;
    assert_eq!((copy.phase, copy.done, copy.total), ("completed", SIZE as u64, Some(SIZE as u64)));
    assert_eq!(sent, 4, "three chunks, and one of them again");
    assert!(content.unwrap().iter().enumerate().all(|(at, byte)| usize::from(*byte) == at % 251));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_which_all_comes_damaged_is_not_there_in_the_end() {
    let (copy, _, content) = copy(i64::MAX).await;
    assert_eq!((copy.phase, copy.kind.as_deref(), content), ("failed", Some("damaged"), None));
}
