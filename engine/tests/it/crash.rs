//! The engine is ended without any warning: log, rows and sequence still agree.

use std::time::Duration;

use larder_engine::Engine;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::json;

use crate::site::Site;

/// What the database says about its log: (number of events, oldest, newest, next).
async fn log(site: &Site) -> (i64, i64, i64) {
    let db = Database::connect(format!("sqlite://{}", site.database().display())).await.unwrap();
    let sql = "SELECT count(*), coalesce(min(sequence), 1), coalesce(max(sequence), 0) FROM sync_log";
    let row = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap().unwrap();
    let column = |index| row.try_get_by_index::<i64>(index).unwrap();
    let found = (column(0), column(1), column(2));
    db.close().await.unwrap();
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_time_the_log_adds_up_to_the_rows() {
    let mut site = Site::prepared(|_| {});
    for number in 0..3_000 {
        site.write(&format!("{}/{number}.txt", number % 7), "");
    }
    // At different moments of indexing: before, between and after the batches.
    for pause_ms in [0, 5, 60, 120, 200, 320] {
        site.start().await;
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        site.kill().await;
    }
    site.start().await;
    let client = site.client().await;
    assert_eq!(client.replica.listing(), site.listing());

    let mut history = site.connect().await;
    history.replica.epoch.clone_from(&client.replica.epoch);
    history.subscribe().await;
    assert!(history.replica.resyncs.is_empty());
    assert_eq!(history.replica.rows, client.replica.rows);
    history.assert_sound().await;

    site.kill().await;
    // Taking the lock waits for its last transaction.
    site.start().await;
    site.stop().await;
    let (count, oldest, newest) = log(&site).await;
    assert_eq!((oldest, newest), (1, count));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_between_mutations_every_answered_one_is_there() {
    let mut site = Site::holding(&["a.txt"]).await;
    let mut applied = Vec::new();
    for round in 0..4 {
        let mut client = site.client().await;
        let id = client.replica.of("file").find(|row| row["path"] != "").unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        for number in 0..5 {
            let (mutation, name) = (format!("{round}-{number}"), format!("{round}-{number}.txt"));
            let args = json!({"id": id, "name": name});
            let sequence = client.mutate_as(&mutation, "files.rename", args.clone()).await.unwrap();
            applied.push((mutation, args, sequence));
        }
        // One more is on its way when the end comes.
        let args = json!({"id": id, "name": format!("last-{round}.txt")});
        client.send(json!({"type": "mutate", "data": {"id": format!("last-{round}"), "name": "files.rename", "args": args}})).await;
        tokio::time::sleep(Duration::from_millis(2 * round)).await;
        site.kill().await;
        site.start().await;

        let mut client = site.client().await;
        for (mutation, args, sequence) in &applied {
            assert_eq!(client.mutate_as(mutation, "files.rename", args.clone()).await, Ok(*sequence));
        }
        assert_eq!(client.replica.listing(), site.listing());
        assert_eq!(client.replica.id(&site.listing()[0]), id, "it is still the same file");
        // Sent again, the last one takes effect, once.
        client.mutate_as(&format!("last-{round}"), "files.rename", args).await.unwrap();
        assert_eq!(site.listing(), [format!("last-{round}.txt")]);
    }
}

#[tokio::test]
async fn an_engine_that_is_dropped_lets_go_of_its_database() {
    let mut site = Site::holding(&["a.txt"]).await;
    site.client().await;
    site.kill().await;
    site.start().await;
    site.stop().await;
    let engine = Engine::open(site.config()).await.unwrap();
    assert_eq!(engine.database(), site.database());
    engine.shutdown().await;
}
