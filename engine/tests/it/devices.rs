//! Engines on different machines, as far as they can tell: nothing but a socket between them.

use std::time::Duration;

use larder_engine::{Config, Engine, PairError, Stage};
use serde_json::json;

use crate::site::Site;

pub fn configured(config: &mut Config) {
    config.devices.listen = Some(([127, 0, 0, 1], 0).into());
    config.devices.library_name = Some("Photos".to_owned());
}

pub async fn site(path: &'static str) -> Site {
    Site::with(configured, |site| site.write(path, path)).await
}

/// Says yes or no as soon as somebody is asked.
fn when_asked(engine: &Engine, agree: bool) {
    let engine = engine.clone();
    tokio::spawn(async move {
        let mut stage = engine.invitation();
        stage.wait_for(|stage| matches!(stage, Stage::Asking { .. })).await.unwrap();
        engine.decide(agree);
    });
}

/// Lets `guest` into the library of `host`.
pub async fn pair(host: &Site, guest: &mut Site) {
    let invitation = host.engine().invite().await.unwrap();
    when_asked(host.engine(), true);
    let address = invitation.addresses[0].to_string();
    guest.engine().join(&address, &invitation.code, false).await.unwrap();
    guest.stop().await;
    guest.start().await;
}

fn kind<T>(result: Result<T, PairError>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(error) => error.kind(),
    }
}

#[tokio::test]
async fn two_devices_are_paired_by_a_code_and_then_hold_one_library() {
    let (a, mut b) = (site("a.txt").await, site("b.txt").await);
    assert_ne!(a.engine().library(), b.engine().library());
    pair(&a, &mut b).await;
    assert_eq!(a.engine().library(), b.engine().library());
    let (mut one, mut other) = (a.client().await, b.client().await);
    one.until("files of the other come", |replica| replica.file("b.txt").is_some()).await;
    other.until("and the other way", |replica| replica.file("a.txt").is_some()).await;
    one.mutate("tags.create", json!({"id": "t1", "name": "Holiday", "color": "#f0a020"})).await.unwrap();
    let tag = ("tag".to_owned(), "t1".to_owned());
    other.until("the tag", |replica| replica.rows.contains_key(&tag)).await;
    let ready = |row: &serde_json::Value| row["state"] == "ready" && row["online"] == true;
    for client in [&mut one, &mut other] {
        client
            .until("both are ready", |replica| replica.of("device").filter(|row| ready(row)).count() == 2)
            .await;
        client.assert_sound().await;
    }
}

/// The kind of the refusal, if it is one.
async fn refusal(guest: &Site, address: &str, code: &str) -> &'static str {
    kind(guest.engine().join(address, code, false).await)
}

fn another(code: &str) -> String {
    let number: u32 = code.replace('-', "").parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

#[tokio::test]
async fn a_wrong_code_is_refused_and_dies_after_a_few_attempts() {
    let (a, b) = (site("a.txt").await, site("b.txt").await);
    let invitation = a.engine().invite().await.unwrap();
    let (address, wrong) = (invitation.addresses[0].to_string(), another(&invitation.code));
    for _ in 0..4 {
        assert_eq!(refusal(&b, &address, &wrong).await, "pair.wrong_code");
    }
    assert_eq!(*a.engine().invitation().borrow(), Stage::Open { attempts: 1 });
    assert_eq!(refusal(&b, &address, &wrong).await, "pair.code_is_dead");
    assert_eq!(*a.engine().invitation().borrow(), Stage::Over);
    // Now the right one is no better, and b is a stranger again, who is not even shaken hands with.
    assert_eq!(refusal(&b, &address, &invitation.code).await, "pair.not_inviting");
    for round in 0.. {
        assert!(round < 4, "new codes do not allow for more and more guesses");
        let invitation = match a.engine().invite().await {
            Ok(invitation) => invitation,
            Err(error) => {
                assert_eq!(error.kind(), "pair.too_many_wrong_codes");
                break;
            }
        };
        for _ in 0..5 {
            assert_ne!(refusal(&b, &address, &another(&invitation.code)).await, "ok");
        }
    }
    let mut client = b.client().await;
    client.idle(Duration::from_millis(300)).await;
    assert_eq!(client.replica.listing(), ["b.txt"], "it was told nothing");
}

#[tokio::test]
async fn somebody_has_to_agree() {
    let (a, b) = (site("a.txt").await, site("b.txt").await);
    let invitation = a.engine().invite().await.unwrap();
    when_asked(a.engine(), false);
    let address = invitation.addresses[0].to_string();
    assert_eq!(refusal(&b, &address, &invitation.code).await, "pair.declined");
    assert_eq!(refusal(&b, &address, &invitation.code).await, "pair.not_inviting", "the code was used");
    assert_eq!(refusal(&b, "nowhere", "123-456").await, "pair.invalid_address");
    assert_eq!(refusal(&b, &address, "12").await, "pair.invalid_code");
}

#[tokio::test]
async fn what_was_made_here_is_merged_on_purpose_only_and_by_the_same_name() {
    let (a, mut b) = (site("a.txt").await, site("b.txt").await);
    let mut client = b.client().await;
    client.mutate("tags.create", json!({"id": "t1", "name": "Mine", "color": "#f0a020"})).await.unwrap();
    drop(client);
    let invite = async || {
        let invitation = a.engine().invite().await.unwrap();
        when_asked(a.engine(), true);
        (invitation.addresses[0].to_string(), invitation.code)
    };
    let (address, code) = invite().await;
    assert_eq!(refusal(&b, &address, &code).await, "pair.needs_merge");
    let (address, code) = invite().await;
    b.engine().join(&address, &code, true).await.unwrap();
    b.stop().await;
    b.start().await;
    let mut client = a.client().await;
    let tag = ("tag".to_owned(), "t1".to_owned());
    client.until("the tag that was made apart", |replica| replica.rows.contains_key(&tag)).await;

    let other = Site::with(
        |config| {
            configured(config);
            config.devices.library_name = Some("Music".to_owned());
        },
        |_| {},
    );
    let other = other.await;
    let mut client = other.client().await;
    client.mutate("tags.create", json!({"id": "t2", "name": "Mine", "color": "#f0a020"})).await.unwrap();
    let (address, code) = invite().await;
    assert_eq!(kind(other.engine().join(&address, &code, true).await), "pair.other_name");
    assert_eq!(refusal(&b, &address, &code).await, "pair.has_peers");
}

#[tokio::test]
async fn three_devices_of_which_two_never_met_find_each_other_and_a_removed_one_is_refused_by_all() {
    let (mut a, mut b, mut c) = (site("a.txt").await, site("b.txt").await, site("c.txt").await);
    pair(&a, &mut b).await;
    pair(&a, &mut c).await;
    let mut client = b.client().await;
    let online = |row: &serde_json::Value| row["online"] == true;
    client
        .until("all are connected", |replica| replica.of("device").filter(|row| online(row)).count() == 3)
        .await;
    // Without a, b and c go on.
    a.stop().await;
    client.mutate("tags.create", json!({"id": "t1", "name": "One", "color": "#f0a020"})).await.unwrap();
    let mut far = c.client().await;
    let tag = |id: &str| ("tag".to_owned(), id.to_owned());
    far.until("the tag, from one it was never paired with", |replica| replica.rows.contains_key(&tag("t1")))
        .await;
    a.start().await;

    let gone = c.engine().device().to_string();
    let mut one = a.client().await;
    one.mutate("devices.remove", json!({"id": gone})).await.unwrap();
    let removed = |row: &serde_json::Value| row["removed"] == true && row["online"] == false;
    for client in [&mut one, &mut client] {
        client
            .until("it is known to be removed", |replica| {
                replica.of("device").any(|row| row["id"] == gone && removed(row))
            })
            .await;
    }
    one.mutate("tags.create", json!({"id": "t2", "name": "Two", "color": "#f0a020"})).await.unwrap();
    client.until("the others go on", |replica| replica.rows.contains_key(&tag("t2"))).await;
    far.idle(Duration::from_millis(500)).await;
    assert!(!far.replica.rows.contains_key(&tag("t2")), "it is told nothing any more");
    c.stop().await;
    c.start().await;
    // Not waiting for the folders of the others: it may have been removed while one was being looked at.
    let mut far = c.connect().await;
    far.subscribe().await;
    let refused = |row: &serde_json::Value| {
        row["problem"].as_str().is_some_and(|problem| problem.contains("does not know this device"))
    };
    far.until("it is refused", |replica| replica.of("device").any(refused)).await;
    assert!(!far.replica.rows.contains_key(&tag("t2")));
    let own = one.mutate("devices.remove", json!({"id": a.engine().device()})).await;
    assert_eq!(own, Err("invalid_arguments".to_owned()));
}

#[tokio::test]
async fn a_device_that_is_offline_says_so_and_catches_up_when_it_is_back() {
    let (a, mut b) = (site("a.txt").await, site("b.txt").await);
    pair(&a, &mut b).await;
    let (mut one, mut other) = (a.client().await, b.client().await);
    let state = |replica: &crate::client::Replica, is_self: bool| {
        replica.of("device").find(|row| row["is_self"] == is_self).cloned().unwrap_or_default()
    };
    one.until("they meet", |replica| state(replica, false)["state"] == "ready").await;
    other.mutate("devices.pause", json!({"paused": true})).await.unwrap();
    assert_eq!(state(&other.replica, true)["state"], "paused");
    one.until("the other is told", |replica| {
        let device = state(replica, false);
        device["state"] == "paused" && device["online"] == false
    })
    .await;
    one.mutate("tags.create", json!({"id": "t1", "name": "One", "color": "#f0a020"})).await.unwrap();
    one.until("it waits for the other", |replica| {
        let device = state(replica, false);
        device["pending"] == 1 && device["behind_since_ms"].is_i64()
    })
    .await;
    // A restart does not put it back.
    drop(other);
    b.stop().await;
    b.start().await;
    let mut other = b.client().await;
    other.idle(Duration::from_millis(300)).await;
    let tag = ("tag".to_owned(), "t1".to_owned());
    assert!(!other.replica.rows.contains_key(&tag));
    other.mutate_as("back", "devices.pause", json!({"paused": false})).await.unwrap();
    other.until("it catches up", |replica| replica.rows.contains_key(&tag)).await;
    one.until("it has everything", |replica| {
        let device = state(replica, false);
        device["state"] == "ready" && device["pending"] == 0 && device["behind_since_ms"].is_null()
    })
    .await;
}

#[tokio::test]
async fn a_library_has_so_many_devices_and_no_more() {
    let full = |config: &mut Config| {
        configured(config);
        config.devices.max_devices = 2;
    };
    let a = Site::with(full, |_| {}).await;
    let (mut b, c) = (site("b.txt").await, site("c.txt").await);
    pair(&a, &mut b).await;
    let invitation = a.engine().invite().await.unwrap();
    let address = invitation.addresses[0].to_string();
    assert_eq!(refusal(&c, &address, &invitation.code).await, "pair.device_limit");
}

#[tokio::test]
async fn a_device_does_without_the_files_of_another_until_it_wants_them_again() {
    let (a, mut b) = (site("a.txt").await, site("b.txt").await);
    pair(&a, &mut b).await;
    let mut client = b.client().await;
    client.until("files of the other come", |replica| replica.file("a.txt").is_some()).await;
    let (file, device) = (client.replica.id("a.txt"), a.engine().device());
    client.mutate("tags.create", json!({"id": "t1", "name": "Holiday", "color": "#f0a020"})).await.unwrap();
    client.mutate("tags.apply", json!({"file_id": file, "tag_id": "t1"})).await.unwrap();
    let mut other = a.client().await;
    other.until("the tag", |replica| replica.file("a.txt").unwrap()["tag_ids"] == json!(["t1"])).await;

    client.mutate("devices.select", json!({"id": device, "wanted": false})).await.unwrap();
    client.until("they are taken away", |replica| replica.file("a.txt").is_none()).await;
    let id = device.to_string();
    let is_wanted = |row: &serde_json::Value| row["id"] == id.as_str() && row["files_wanted"] == true;
    assert!(!client.replica.of("device").any(is_wanted));
    a.write("later.txt", "");
    other
        .until("there they come and stay", |replica| replica.listing() == ["a.txt", "b.txt", "later.txt"])
        .await;
    b.stop().await;
    b.start().await;
    let mut client = b.client().await;
    client.idle(Duration::from_millis(500)).await;
    // Its location still says how many files there are.
    assert_eq!(client.replica.listing(), ["b.txt"], "after a restart, too");

    client.mutate("devices.select", json!({"id": device, "wanted": true})).await.unwrap();
    client
        .until("they are here again, with the tag", |replica| {
            replica.file("later.txt").is_some()
                && replica.file("a.txt").is_some_and(|row| row["tag_ids"] == json!(["t1"]))
        })
        .await;
    assert!(client.replica.of("device").any(is_wanted));
    let own = b.engine().device();
    let refused = client.mutate("devices.select", json!({"id": own, "wanted": false})).await;
    assert_eq!(refused, Err("invalid_arguments".to_owned()));
    client.assert_sound().await;
}
