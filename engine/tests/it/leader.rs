//! One device leads the others, over the real transport.

use std::time::Duration;

use larder_engine::{Config, Engine};
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::devices::pair;
use crate::site::{PATIENCE, Site};

fn on_loopback(config: &mut Config) {
    config.devices.listen = Some(([127, 0, 0, 1], 0).into());
    config.devices.library_name = Some("Photos".to_owned());
}

async fn site(path: &'static str) -> Site {
    Site::with(on_loopback, |site| site.write(path, path)).await
}

/// Until an engine follows this one, and hears it.
async fn follows(engine: &Engine, leader: &Engine) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let said = engine.leadership().await.unwrap();
        if said.leader == Some(leader.device()) && said.is_heard {
            return;
        }
        assert!(Instant::now() < deadline, "it does not follow: {said:?}");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_device_leads_hands_over_and_what_anybody_writes_reaches_all() {
    let (a, mut b, mut c) = (site("a.txt").await, site("b.txt").await, site("c.txt").await);
    pair(&a, &mut b).await;
    pair(&a, &mut c).await;
    let (mut one, mut two, mut three) = (a.client().await, b.client().await, c.client().await);
    let online = |row: &serde_json::Value| row["online"] == true;
    for client in [&mut two, &mut three] {
        client
            .until("all are connected", |replica| replica.of("device").filter(|row| online(row)).count() == 3)
            .await;
    }
    a.engine().lead().await.unwrap();
    assert!(a.engine().leadership().await.unwrap().is_self);
    follows(b.engine(), a.engine()).await;
    follows(c.engine(), a.engine()).await;
    let tag = |id: &str| ("tag".to_owned(), id.to_owned());
    two.mutate("tags.create", json!({"id": "t1", "name": "One", "color": "#f0a020"})).await.unwrap();
    three.until("by the leader", |replica| replica.rows.contains_key(&tag("t1"))).await;

    assert_eq!(b.engine().hand_over(c.engine().device()).await.unwrap_err().kind(), "lead.not_leading");
    a.engine().hand_over(c.engine().device()).await.unwrap();
    follows(a.engine(), c.engine()).await;
    follows(b.engine(), c.engine()).await;
    one.mutate("tags.create", json!({"id": "t2", "name": "Two", "color": "#f0a020"})).await.unwrap();
    two.until("by the new leader", |replica| replica.rows.contains_key(&tag("t2"))).await;

    // The leader is gone, and comes back as one: it remembers, and so do the others.
    c.stop().await;
    two.mutate("tags.create", json!({"id": "t3", "name": "Three", "color": "#f0a020"})).await.unwrap();
    c.start().await;
    follows(a.engine(), c.engine()).await;
    let mut three = c.client().await;
    three.until("what it missed", |replica| replica.rows.contains_key(&tag("t3"))).await;
    one.until("and the others, too", |replica| replica.rows.contains_key(&tag("t3"))).await;
    for client in [&mut one, &mut two, &mut three] {
        client.assert_sound().await;
    }
    let said = c.engine().leadership().await.unwrap();
    assert_eq!((said.is_self, said.epoch), (true, 2));
}
