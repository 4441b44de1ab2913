//! Copies between two engines within this process, over streams that damage what they carry.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use serde_json::value::to_raw_value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

use super::part::Pretended;
use crate::action::Mutation;
use crate::database::entity::file;
use crate::database::entity::job::{self, JobKind, JobState};
use crate::net::{NetError, Stream, Streams, memory};
use crate::transaction::Outcome;
use crate::{Config, Engine, FileCopy};

/// How many chunks the file has, and bytes.
const CHUNKS: u64 = 12;
const SIZE: usize = 3_000_000;

/// What is done with each answer that has a chunk, by its number, before it goes on.
type Meddle = Arc<dyn Fn(u64, &mut Vec<u8>) + Send + Sync>;

/// Carries answers on after something was done.
struct Meddling {
    way: memory::End,
    count: Arc<AtomicU64>,
    meddle: Meddle,
}

impl Streams for Meddling {
    fn open(&self) -> BoxFuture<'_, Result<Stream, NetError>> {
        Box::pin(async {
            let Stream { mut reader, writer } = self.way.open().await?;
            let (here, mut there) = memory::stream();
            let (count, meddle) = (Arc::clone(&self.count), Arc::clone(&self.meddle));
            tokio::spawn(async move {
                let mut answer = Vec::new();
                reader.read_to_end(&mut answer).await.unwrap();
                if answer.len() > 100_000 {
                    meddle(count.fetch_add(1, Ordering::SeqCst), &mut answer);
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

fn content(of: u8) -> Vec<u8> {
    (0..SIZE).map(|at| (at % 251) as u8 ^ of).collect()
}

/// Two engines, of which the second has a file and the first a folder, and where they are.
async fn two(one: &Path, other: &Path) -> (Engine, Engine) {
    for folder in [one, other] {
        fs::create_dir(folder.join("root")).unwrap();
    }
    fs::create_dir(one.join("root/goal")).unwrap();
    fs::write(other.join("root/film"), content(0)).unwrap();
    let (a, b) = (open(one).await, open(other).await);
    a.connect(&b).await;
    (a, b)
}

/// Asks for a copy of the file into the folder.
async fn ask_for_copy(a: &Engine) {
    let (film, goal) = (row(a, "film").await, row(a, "goal").await);
    let args = to_raw_value(&json!({"id": film.id, "folder_id": goal.id})).unwrap();
    let mutation = Mutation { id: "m".to_owned(), name: "files.copy".to_owned(), args };
    let done = a.parts().1.run(mutation).await;
    assert!(matches!(done, Outcome::Applied { .. }), "{done:?}");
}

/// Copies a file from b to a, where something is done with each answer on the way; it is told where the file is.
async fn copy(
    meddle: impl Fn(&Path, u64, &mut Vec<u8>) + Send + Sync + 'static,
) -> (FileCopy, u64, Option<Vec<u8>>) {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = other.path().join("root/film");
    let (a, b) = two(one.path(), other.path()).await;
    let (to_b, to_a) = memory::pair();
    let meddle: Meddle = Arc::new(move |number, answer| meddle(&place, number, answer));
    a.parts().0.enter(b.device(), Arc::new(Meddling { way: to_b, count: Arc::default(), meddle }));
    b.parts().0.enter(a.device(), Arc::new(to_a));

    ask_for_copy(&a).await;
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
    let damage_one =
        |_: &Path, number: u64, answer: &mut Vec<u8>| *answer.last_mut().unwrap() ^= u8::from(number == 5);
    let (copy, sent, came) = copy(damage_one).await;
    assert_eq!((copy.phase, copy.done, copy.total), ("completed", SIZE as u64, Some(SIZE as u64)));
    assert_eq!(sent, CHUNKS + 1, "one of them came twice");
    assert!(came.unwrap() == content(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_which_all_comes_damaged_is_not_there_in_the_end() {
    let (copy, _, came) = copy(|_, _, answer| *answer.last_mut().unwrap() ^= 1).await;
    assert_eq!((copy.phase, copy.kind.as_deref(), came), ("failed", Some("damaged"), None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_changes_while_it_is_copied_is_there_as_it_is_in_the_end() {
    let (copy, sent, came) = copy(|place, number, _| {
        if number == 1 {
            fs::write(place, content(7)).unwrap();
        }
    })
    .await;
    assert_eq!(copy.phase, "completed");
    assert!(came.unwrap() == content(7), "nothing is left of what it was");
    assert!(sent > CHUNKS, "chunks that are others came again: {sent}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_never_stays_the_same_is_given_up() {
    let (copy, _, came) = copy(|place, number, _| fs::write(place, content(number as u8 + 1)).unwrap()).await;
    // Where two changes have the same time, it is as if it had been damaged on the way.
    assert!(matches!(copy.kind.as_deref(), Some("changed" | "damaged")), "{copy:?}");
    assert_eq!((copy.phase, came), ("failed", None));
}

/// Copies the file to a disk that has room for so much, and then to the same disk with room for all.
async fn copy_without_room(pretended: Pretended) -> (u64, u64) {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (a, b) = two(one.path(), other.path()).await;
    *a.copying().room.pretended.lock().unwrap() = pretended;
    ask_for_copy(&a).await;
    let waits = until("the copy waits", async || {
        let copy = a.copies().await.unwrap().pop().unwrap();
        (copy.phase == "waiting" && copy.kind.is_some()).then_some(copy)
    })
    .await;
    assert_eq!(waits.kind.as_deref(), Some("disk_full"));
    let before = b.chunks_sent();
    let (_, actions) = a.parts();
    let job = until("its job says so", async || {
        let jobs = job::Entity::find().filter(job::Column::Kind.eq(JobKind::Copy));
        jobs.one(&actions.reader).await.unwrap().filter(|job| job.state == JobState::Paused)
    })
    .await;
    assert_eq!((job.problem_kind.as_deref(), job.total), (Some("disk_full"), Some(SIZE as i64)));
    let goal = one.path().join("root/goal");
    assert!(!goal.join("film").exists(), "half a file is not the file");

    *a.copying().room.pretended.lock().unwrap() = Pretended::default();
    a.copying().woken.notify_one();
    until("the copy is there", async || fs::read(goal.join("film")).ok()).await;
    assert!(fs::read(goal.join("film")).unwrap() == content(0));
    assert_eq!(fs::read_dir(&goal).unwrap().count(), 1, "nothing else is left there");
    (before, b.chunks_sent())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_does_not_fit_on_the_disk_is_not_begun_before_it_does() {
    let sent = copy_without_room(Pretended { bytes: Some(1_000_000), is_known: true }).await;
    assert_eq!(sent, (0, CHUNKS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_on_whose_way_the_disk_becomes_full_goes_on_when_there_is_room() {
    // The first that does not fit, the seventh, is asked for when three are there, in whatever order four at a time come.
    let (before, sent) = copy_without_room(Pretended { bytes: Some(1_600_000), is_known: false }).await;
    assert!(before > 0 && before < CHUNKS, "{before} chunks");
    assert!(sent < before + CHUNKS, "what was there did not come again: {before}, and then {sent}");
}
