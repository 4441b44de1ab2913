//! Catching up at length: over a line that breaks, and when the log does not reach back.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use larder_native::{Client, Config, Phase, Registry, Sink, merge};
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::line::Line;
use crate::site::{PATIENCE, Site, client, files, listing, names, reaches, shows};

/// Longer than other tests wait: a thousand changes take a while on a busy machine.
const LONG: Duration = Duration::from_secs(120);

/// Makes so many changes to these files, one event each, and returns when all of them are made. The first mark them, or take the
/// mark away.
async fn change(other: &Client, names_of: &[&str], count: usize, marks: bool) {
    let mut files = files(other).await;
    shows(&mut files, names_of).await;
    let ids: Vec<String> = files.snapshot().data.iter().map(|file| file.id.clone()).collect();
    let mut made = Vec::new();
    for number in 0..count {
        let (id, favorite) = (&ids[number % ids.len()], (number / ids.len()).is_multiple_of(2) == marks);
        made.push(other.mutate("files.favorite", &json!({"id": id, "favorite": favorite}), []));
    }
    for mutation in made {
        timeout(LONG, mutation.into_future()).await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_breaks_at_change_500_of_1000_goes_on_with_501_and_nothing_comes_twice() {
    let names = ["a", "b", "c", "d"];
    let site = Site::holding(&names).await;
    let line = Line::to(site.url()).await;
    let client = client();
    client.connect(&line.url).await.unwrap();
    let mut files = files(&client).await;
    shows(&mut files, &names).await;
    reaches(&client, Phase::Live).await;
    client.disconnect().await.unwrap();
    let other = site.client().await;
    // What the engine says of the new folder may still be on its way.
    change(&other, &names, 4, true).await;
    client.connect(&line.url).await.unwrap();
    reaches(&client, Phase::Live).await;
    client.disconnect().await.unwrap();

    change(&other, &names, 1000, false).await;
    line.seen.lock().unwrap().sequences.clear();
    line.seen.lock().unwrap().breaks_after = Some(500);
    client.connect(&line.url).await.unwrap();
    let all = async {
        while line.seen.lock().unwrap().sequences.len() < 1000 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(LONG, all).await.unwrap();
    reaches(&client, Phase::Live).await;

    let seen = line.seen.lock().unwrap();
    let [.., before, again] = seen.since[..] else { panic!("{:?}", seen.since) };
    let before = before.unwrap();
    assert_eq!(again, Some(before + 500), "it says where it is");
    // The engine may have had something to say meanwhile.
    let last = before + seen.sequences.len() as u64;
    assert!(last >= before + 1000);
    assert_eq!(seen.sequences, (before + 1..=last).collect::<Vec<_>>(), "each of them once");
    assert_eq!(seen.resyncs, ["first"]);
}

/// How many rows the query has, after each step that changed it, and what the rows were.
#[derive(Default)]
struct Screen {
    totals: Mutex<Vec<u32>>,
    rows: Mutex<String>,
}

impl Sink for Screen {
    fn patch(&self, bytes: &[u8]) {
        let word = |at: usize| u32::from_le_bytes(bytes[at * 4..][..4].try_into().unwrap());
        // Rows to set and rows to release are two words each; there is one query, and no shapes.
        assert_eq!((word(8), word(9)), (0, 0));
        let query = 12 + 2 * (word(3) + word(4)) as usize;
        if word(5) > 0 {
            self.totals.lock().unwrap().push(word(query + 3));
        }
        let (from, length) = (word(6) as usize, word(7) as usize);
        self.rows.lock().unwrap().push_str(std::str::from_utf8(&bytes[from..][..length]).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_because_the_log_was_cut_off_blanks_no_screen_and_keeps_the_edits_that_wait() {
    let site = Site::keeping(20, &["a", "b", "c"]).await;
    let line = Line::to(site.url()).await;
    let screen = Arc::new(Screen::default());
    let client =
        Client::open_with_sink(Registry::default(), Config::default(), Arc::clone(&screen) as _).unwrap();
    client.connect(&line.url).await.unwrap();
    client.mount(&listing()).await.unwrap();
    let whole = async {
        while screen.totals.lock().unwrap().last() != Some(&3) {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, whole).await.unwrap();
    reaches(&client, Phase::Live).await;
    client.disconnect().await.unwrap();

    let other = site.client().await;
    let mut elsewhere = files(&other).await;
    shows(&mut elsewhere, &["a", "b", "c"]).await;
    let id = elsewhere.snapshot().data[0].id.clone();
    let optimistic = merge("file", &id, &json!({"name": "mine", "path": "mine"})).unwrap();
    let mut rename = client.mutate("files.rename", &json!({"id": id, "name": "mine"}), [optimistic]);
    rename.shown().await.unwrap();
    change(&other, &["a", "b", "c"], 100, true).await;
    screen.totals.lock().unwrap().clear();
    screen.rows.lock().unwrap().clear();
    line.seen.lock().unwrap().resyncs.clear();

    client.connect(&line.url).await.unwrap();
    timeout(PATIENCE, rename.into_future()).await.unwrap().unwrap();
    reaches(&client, Phase::Live).await;
    assert_eq!(line.seen.lock().unwrap().resyncs, ["log_compacted"]);
    let totals = screen.totals.lock().unwrap().clone();
    assert!(!totals.is_empty() && totals.iter().all(|&total| total == 3), "{totals:?}");
    let rows = screen.rows.lock().unwrap().clone();
    assert!(rows.contains(r#""name":"mine""#) && !rows.contains(r#""name":"a""#), "{rows}");
    shows(&mut elsewhere, &["b", "c", "mine"]).await;
    assert_eq!(names(&elsewhere.snapshot()), ["b", "c", "mine"]);
    assert!(site.path("mine").exists() && !site.path("a").exists());
}
