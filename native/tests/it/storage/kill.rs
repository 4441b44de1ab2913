//! A process that is killed in the middle of commits leaves all of a batch or nothing of it, and everything that it was told is stored.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use larder_native::storage::{Batch, SqliteStorage, Storage};
use tempfile::TempDir;

use super::conformance::made;

const PATH: &str = "LARDER_KILLED_STORAGE";
const KILLS: usize = 15;

fn counter(storage: &mut impl Storage) -> usize {
    let values = storage.read(&["first", "large", "last"]).unwrap();
    let [Some(first), Some(large), Some(last)] = &values[..] else {
        assert_eq!(values, [None, None, None], "part of the first batch");
        return 0;
    };
    assert_eq!(first, last, "part of a batch");
    let number = usize::from_str_radix(str::from_utf8(first).unwrap(), 16).unwrap();
    assert!(*large == made(60_000, number), "part of a batch");
    number
}

/// The other process: counts up, one batch a number, and says so when it is stored.
#[test]
#[ignore = "it is the process that is killed"]
fn counts_until_it_is_killed() {
    let Ok(path) = env::var(PATH) else { return };
    let mut storage = SqliteStorage::at(path);
    let from = counter(&mut storage) + 1;
    for number in from.. {
        let text = format!("{number:x}");
        let mut batch = Batch::new(number as u64);
        batch.put("first", text.as_bytes());
        batch.put("large", &made(60_000, number));
        batch.put("last", text.as_bytes());
        storage.commit(&batch).unwrap();
        eprintln!("{number}");
    }
}

fn count_and_kill(path: &Path, after: usize) -> usize {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture", "storage::kill::counts_until_it_is_killed"])
        .env(PATH, path)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut told = 0;
    for (at, line) in lines.map_while(Result::ok).enumerate() {
        told = line.parse().expect("a number and nothing else");
        if at == after {
            // SIGKILL, while the next batch is on its way.
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    told
}

#[test]
fn a_killed_process_leaves_whole_batches_and_all_that_it_was_told_are_stored() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("cache.sqlite");
    for kill in 0..KILLS {
        let told = count_and_kill(&path, kill * 3 % 11);
        let mut storage = SqliteStorage::at(&path);
        let stored = counter(&mut storage);
        assert!(stored >= told && told > 0, "{told} was told, {stored} is stored");
        storage.close().unwrap();
    }
}
