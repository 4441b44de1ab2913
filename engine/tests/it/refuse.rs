//! Who is turned away, and what a connection may not do.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::site::{PATIENCE, Site, TOKEN};

/// The HTTP status that a connection with these headers is answered with; 101 if it is let in.
async fn status(site: &Site, token: &str, headers: &[(&'static str, &str)]) -> u16 {
    let mut request = format!("ws://{}/ws?{token}", site.address()).into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
    }
    match connect_async(request).await {
        Ok((_, response)) => response.status().as_u16(),
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn only_who_knows_the_token_comes_in() {
    let site = Site::empty().await;
    assert_eq!(status(&site, &format!("token={TOKEN}"), &[]).await, 101);
    for wrong in [
        "",
        "token=",
        "token=wrong",
        "token=test-toke",
        "token=test-token2",
        "TOKEN=test-token",
        "x=test-token",
    ] {
        assert_eq!(status(&site, wrong, &[]).await, 403, "{wrong}");
    }
}

#[tokio::test]
async fn pages_from_elsewhere_stay_out_even_with_the_token() {
    let site = Site::empty().await;
    let (own, token) = (format!("http://{}", site.address()), format!("token={TOKEN}"));
    assert_eq!(status(&site, &token, &[("origin", &own)]).await, 101);
    for origin in ["http://evil.example", "https://evil.example", "null", "file://", "http://127.0.0.1:1"] {
        assert_eq!(status(&site, &token, &[("origin", origin)]).await, 403, "{origin}");
    }
    // A name of the attacker's that points here: the page's own origin and host agree, but are not ours.
    let port = site.address().port();
    let rebound = format!("evil.example:{port}");
    let origin = format!("http://{rebound}");
    assert_eq!(status(&site, &token, &[("host", &rebound), ("origin", &origin)]).await, 403);
    assert_eq!(status(&site, &token, &[("host", &rebound)]).await, 403);
    let local = format!("localhost:{port}");
    assert_eq!(status(&site, &token, &[("host", &local), ("origin", &format!("http://{local}"))]).await, 101);
}

#[tokio::test]
async fn what_is_no_frame_ends_its_connection_and_no_other() {
    let site = Site::holding(&["a.txt"]).await;
    let mut good = site.client().await;
    let bombs = "[".repeat(100_000);
    for (message, kind) in [
        (Message::text("junk"), "frame.malformed_json"),
        (Message::text(bombs), "frame.malformed_json"),
        (Message::text(r#"{"type":"launch","data":{}}"#), "frame.unknown_type"),
        (Message::text(r#"{"type":"catch_up","data":{"since":-1}}"#), "frame.invalid"),
        (Message::text(r#"{"type":"subscribe","data":{"protocol":1}}"#), "already_subscribed"),
        (Message::binary(vec![0xFF, 0]), "frame.not_text"),
    ] {
        let mut client = site.client().await;
        client.send_raw(message).await;
        client.until("there is an answer", |replica| replica.frames.last().unwrap()["type"] == "error").await;
        let error = client.replica.frames.last().unwrap();
        assert_eq!(error["data"]["kind"], kind);
        assert_eq!(client.next().await, None, "the connection is closed");
    }
    good.mutate("tags.create", json!({"id": "t", "name": "T", "color": "#000000"})).await.unwrap();
}

#[tokio::test]
async fn a_message_that_is_too_large_is_refused_before_it_is_read() {
    let site = Site::with(|config| config.connection.max_message_bytes = 10_000, |_| {}).await;
    let mut good = site.client().await;
    let mut client = site.client().await;
    client.send_text(&"x".repeat(10_001)).await;
    client.until("there is an answer", |replica| replica.frames.last().unwrap()["type"] == "error").await;
    assert_eq!(client.replica.frames.last().unwrap()["data"]["kind"], "frame.too_large");
    assert_eq!(client.next().await, None);
    good.mutate("tags.create", json!({"id": "t", "name": "T", "color": "#000000"})).await.unwrap();
}

#[tokio::test]
async fn a_connection_begins_with_a_subscription_that_fits() {
    let site = Site::empty().await;
    for (frame, kind) in [
        (
            json!({"type": "mutate", "data": {"id": "1", "name": "files.rename", "args": {}}}),
            "not_subscribed",
        ),
        (json!({"type": "catch_up", "data": {"since": 0}}), "not_subscribed"),
        (json!({"type": "subscribe", "data": {"protocol": 99}}), "unsupported_protocol"),
        (json!({"type": "subscribe", "data": {"protocol": 1, "scope": "another"}}), "unknown_scope"),
    ] {
        let mut client = site.connect().await;
        client.send(frame).await;
        let error = client.next().await.unwrap();
        assert_eq!((&error["type"], &error["data"]["kind"]), (&json!("error"), &json!(kind)));
        assert_eq!(client.next().await, None);
    }
}

#[tokio::test]
async fn who_says_nothing_is_not_kept() {
    let site = Site::with(|config| config.connection.idle_timeout = Duration::from_millis(200), |_| {}).await;
    let mut silent = site.connect().await;
    let error = timeout(PATIENCE, silent.next()).await.unwrap().unwrap();
    assert_eq!(error["data"]["kind"], "idle");
}

/// The longest time that a task here had to wait for its turn, since it was made.
struct HeldUp(Arc<AtomicU64>, AbortHandle);

impl HeldUp {
    fn watch() -> Self {
        let longest_ms = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&longest_ms);
        let watch = tokio::spawn(async move {
            loop {
                let before = Instant::now();
                sleep(Duration::from_millis(10)).await;
                seen.fetch_max(u64::try_from(before.elapsed().as_millis()).unwrap(), Ordering::SeqCst);
            }
        });
        Self(longest_ms, watch.abort_handle())
    }

    fn longest(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::SeqCst))
    }
}

impl Drop for HeldUp {
    fn drop(&mut self) {
        self.1.abort();
    }
}

#[tokio::test]
async fn who_answers_pings_as_every_web_socket_does_while_it_is_read_stays() {
    const IDLE: Duration = Duration::from_millis(600);
    let site = Site::with(|config| config.connection.idle_timeout = IDLE, |_| {}).await;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let held_up = HeldUp::watch();
        let mut alive = site.connect().await;
        alive.send(json!({"type": "subscribe", "data": {"protocol": 1}})).await;
        // There are three in the time for which one may be silent.
        if alive.pings(7).await {
            return;
        }
        // Where all have to wait for their turn, an answer comes too late, and so does a ping. Then nothing was shown.
        let longest = held_up.longest();
        assert!(longest > IDLE / 6, "it was not kept, and had answered in time: {longest:?}");
        assert!(
            Instant::now() < deadline,
            "this machine never has a second in which it answers in time: {longest:?}"
        );
    }
}

#[tokio::test]
async fn there_is_a_limit_of_connections() {
    let site = Site::with(|config| config.connection.max_connections = 2, |_| {}).await;
    let (_one, two) = (site.client().await, site.client().await);
    let token = format!("token={TOKEN}");
    assert_eq!(status(&site, &token, &[]).await, 503);
    drop(two);
    let freed = async {
        while status(&site, &token, &[]).await != 101 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(5), freed).await.unwrap();
}

#[tokio::test]
async fn one_database_has_one_engine() {
    let site = Site::empty().await;
    let error = larder_engine::Engine::open(site.config()).await.unwrap_err();
    assert_eq!(error.kind(), "open.in_use");
}

#[tokio::test]
async fn the_database_of_one_folder_is_not_used_for_another() {
    let mut site = Site::empty().await;
    site.stop().await;
    let mut config = site.config();
    config.root = site.outside().join("other");
    std::fs::create_dir(&config.root).unwrap();
    assert_eq!(larder_engine::Engine::open(config.clone()).await.unwrap_err().kind(), "open.other_folder");
    config.database = Some(site.outside().join("other.sqlite"));
    config.root = site.outside().join("nowhere");
    assert_eq!(larder_engine::Engine::open(config.clone()).await.unwrap_err().kind(), "open.not_a_folder");
    config.token = Some("a b&c".to_owned());
    config.root = site.root();
    assert_eq!(larder_engine::Engine::open(config).await.unwrap_err().kind(), "open.invalid_token");
}
