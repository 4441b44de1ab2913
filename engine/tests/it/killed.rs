//! Real processes, an app and the engine, that are killed again and again while the app writes: nothing that was stored or
//! answered is lost, and nothing is done twice.
//!
//! `LARDER_KILLS=2000` kills more often than usual, and `LARDER_KILLED_SEED=7` makes the same edits again.

mod app;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{PROGRAM, Program, serve};
use app::{ADDRESS, FILES, FROM, SEED, STORAGE, What, what};

/// How often something is killed.
const KILLS: u64 = 200;
/// The app says something at least so often, unless the engine is away.
const PATIENCE: Duration = Duration::from_secs(2);
/// So long may it take to send all that is left.
const LONG: Duration = Duration::from_secs(60);

/// What the app said of its edits, in all its lives.
#[derive(Debug, Default)]
struct Said {
    made: BTreeSet<u64>,
    /// Stored or answered: not to be lost.
    kept: BTreeSet<u64>,
    answered: BTreeSet<u64>,
    shows: Option<Value>,
}

struct App {
    child: Child,
    lines: Receiver<String>,
}

impl App {
    fn start(outer: &Path, seed: u64, from: Option<u64>) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "--ignored", "--nocapture", "killed::app::edits_until_it_is_killed"]);
        command.env(ADDRESS, outer.join("address")).env(STORAGE, outer.join("app/cache.sqlite"));
        command.env(SEED, seed.to_string()).env_remove(FROM);
        command.envs(from.map(|from| (FROM, from.to_string())));
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let from_child = BufReader::new(child.stderr.take().unwrap());
        thread::spawn(move || {
            from_child.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self { child, lines }
    }

    /// SIGKILL; what it said before is still heard.
    fn kill(mut self, said: &mut Said, first: u64) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            said.note(&line, first);
        }
    }
}

impl Said {
    /// Notes a line of the app whose life began with the edit of the number `first`.
    fn note(&mut self, line: &str, first: u64) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let number = rest.parse();
        match (word, number) {
            ("made", Ok(number)) => _ = self.made.insert(number),
            // With an edit, all before it are stored.
            ("stored", Ok(number)) => self.kept.extend(first..=number),
            ("done", Ok(number)) => {
                self.kept.insert(number);
                self.answered.insert(number);
            }
            ("shows", _) => self.shows = Some(serde_json::from_str(rest).unwrap()),
            _ => panic!("the app said: {line}"),
        }
    }
}

fn start_engine(root: &Path) -> Program {
    let program = Program::start(&mut serve(Path::new(PROGRAM), root));
    let (port, token) = program.place();
    // The app may read it at any time, so it is never there in part.
    let (next, address) = (root.with_file_name("address.next"), root.with_file_name("address"));
    fs::write(&next, format!("ws://127.0.0.1:{port}/ws?token={token}")).unwrap();
    fs::rename(next, address).unwrap();
    program
}

fn environment(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

/// A folder, an app and an engine that are killed, and what the app said.
fn kill_and_kill(outer: &Path, root: &Path, seed: u64, kills: u64) -> Said {
    let mut said = Said::default();
    let mut engine = start_engine(root);
    let mut first = 1;
    let mut app = App::start(outer, seed, Some(first));
    let mut random = seed;
    for _ in 0..kills {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // At some moment: after so many words of the app, and while it goes on.
        for _ in 0..random >> 33 & 31 {
            match app.lines.recv_timeout(PATIENCE) {
                Ok(line) => said.note(&line, first),
                Err(_) => break,
            }
        }
        let (kills_app, kills_engine) = match random >> 40 & 7 {
            0..4 => (true, false),
            4..7 => (false, true),
            _ => (true, true),
        };
        if kills_engine {
            drop(engine);
            engine = start_engine(root);
        }
        if kills_app {
            app.kill(&mut said, first);
            first = said.made.last().map_or(1, |last| last + 1);
            app = App::start(outer, seed, Some(first));
        }
    }
    app.kill(&mut said, first);

    let app = App::start(outer, seed, None);
    while let Ok(line) = app.lines.recv_timeout(LONG) {
        said.note(&line, first);
    }
    said
}

/// What the engine's database says, as lists of rows.
async fn ask(database: &Path, sql: &str) -> Vec<(String, i64)> {
    let db = Database::connect(format!("sqlite://{}", database.display())).await.unwrap();
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    let rows =
        rows.iter().map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())).collect();
    db.close().await.unwrap();
    rows
}

/// For each file, the edits of it that were made, the last of which that must not be lost.
fn of_file(said: &Said, seed: u64, is_it: impl Fn(What) -> bool) -> (BTreeSet<u64>, Option<u64>) {
    let of = |numbers: &BTreeSet<u64>| -> BTreeSet<u64> {
        numbers.iter().copied().filter(|number| is_it(what(seed, *number))).collect()
    };
    let kept = of(&said.kept).last().copied();
    (of(&said.made), kept)
}

#[tokio::test]
async fn killed_again_and_again_nothing_that_was_stored_is_lost_and_nothing_is_done_twice() {
    let seed = environment(SEED).unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.map_or(7, |now| u64::from(now.subsec_nanos()))
    });
    println!("{SEED}={seed} makes the same edits again");
    let outer = TempDir::new().unwrap();
    let outer = outer.path().canonicalize().unwrap();
    let root: PathBuf = outer.join("root");
    fs::create_dir(&root).unwrap();
    for file in 0..FILES {
        fs::write(root.join(format!("{file}-0.txt")), "").unwrap();
    }
    let kills = environment("LARDER_KILLS").unwrap_or(KILLS);
    let said = kill_and_kill(&outer, &root, seed, kills);
    let Some(shows) = &said.shows else { panic!("the app does not come to rest") };
    println!("{} edits, {} of them kept, {} answered", said.made.len(), said.kept.len(), said.answered.len());
    assert!(said.kept.len() as u64 > kills / 4, "the app gets to edit between the kills");

    let database = outer.join("db/larder.sqlite");
    let twice = ask(
        &database,
        "SELECT mutation_id, count(*) FROM sync_log WHERE mutation_id IS NOT NULL GROUP BY mutation_id HAVING count(*) > 1",
    )
    .await;
    assert_eq!(twice, [], "done twice");

    let tags = ask(&database, "SELECT name, 0 FROM tags ORDER BY name").await;
    let tags: Vec<String> = tags.into_iter().map(|(name, _)| name).collect();
    let may_be = |number: &u64| what(seed, *number) == What::MakeTag;
    let name = |number: &u64| format!("tag {number}");
    let made: BTreeSet<String> = said.made.iter().filter(|number| may_be(number)).map(name).collect();
    let lost: Vec<String> = said
        .kept
        .iter()
        .filter(|number| may_be(number))
        .map(name)
        .filter(|name| !tags.contains(name))
        .collect();
    assert_eq!(lost, [""; 0], "tags that are lost");
    assert!(tags.iter().all(|name| made.contains(name)), "{tags:?}");
    assert_eq!(shows["tags"], json!(tags), "the app shows the engine's tags");

    let rows = ask(&database, "SELECT name, favorite FROM files WHERE path <> '' ORDER BY name").await;
    let files: Vec<Value> = rows.iter().map(|(name, favorite)| json!([name, *favorite == 1])).collect();
    assert_eq!(shows["files"], json!(files), "the app shows the engine's files");
    let mut on_disk: Vec<String> =
        fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    on_disk.sort();
    let names: BTreeMap<u64, u64> = on_disk
        .iter()
        .map(|name| name.trim_end_matches(".txt").split_once('-').unwrap())
        .map(|(file, number)| (file.parse().unwrap(), number.parse().unwrap()))
        .collect();
    assert_eq!(on_disk, rows.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
    assert_eq!(names.len() as u64, FILES);
    for (file, number) in names {
        let (made, kept) = of_file(&said, seed, |what| what == What::Rename { file });
        assert!(number == 0 || made.contains(&number), "file {file} has the name of no edit: {number}");
        assert!(
            Some(number) >= kept,
            "file {file} is called {number}, and {kept:?} is lost or was done out of turn"
        );
        let is_favorite =
            rows.iter().any(|(name, favorite)| name.starts_with(&format!("{file}-")) && *favorite == 1);
        let (made, kept) =
            of_file(&said, seed, |what| matches!(what, What::Favorite { file: of, .. } if of == file));
        let may_be = made
            .iter()
            .filter(|number| Some(**number) >= kept)
            .any(|number| what(seed, *number) == What::Favorite { file, is_favorite });
        assert!(
            may_be || kept.is_none() && !is_favorite,
            "the last that was said of file {file} is lost: {kept:?}"
        );
    }
}
