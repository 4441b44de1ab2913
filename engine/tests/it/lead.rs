//! The command that says which device leads, and the route that it asks.

use std::process::{Command, Output};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::devices::{pair, site};
use crate::program::{PROGRAM, Program, folder_with, serve};
use crate::site::{Site, TOKEN};

fn url(site: &Site) -> String {
    format!("http://{}/?token={TOKEN}", site.address())
}

/// What the command says about an engine, as a person would give it: in words, or an error in words.
async fn lead(url: &str, flags: &[&str]) -> Result<String, String> {
    let mut command = Command::new(PROGRAM);
    command.arg("lead").arg(url).args(flags);
    let Output { status, stdout, stderr } = spawn_blocking(move || command.output().unwrap()).await.unwrap();
    match status.success() {
        true => Ok(String::from_utf8(stdout).unwrap().trim_end().to_owned()),
        false => Err(String::from_utf8(stderr).unwrap()),
    }
}

/// Why the command does nothing.
async fn refused(url: &str, flags: &[&str]) -> String {
    lead(url, flags).await.unwrap_err()
}

/// The status that the route answers with, and what it says.
async fn ask(site: &Site, token: &str, body: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(site.address()).await.unwrap();
    let (host, length) = (site.address(), body.len());
    let head = format!("POST /devices/lead?token={token} HTTP/1.1\r\nHost: {host}\r\nConnection: close");
    let request =
        format!("{head}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, said) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(said).unwrap_or_else(|_| panic!("no JSON: {answer}")))
}

const NOBODY: &str = "No device leads: each talks to all that it reaches.";

#[tokio::test]
async fn a_program_is_told_to_lead_and_to_lead_no_more_and_says_who_leads() {
    let (_outer, root) = folder_with("a.txt");
    let program = Program::start(&mut serve(PROGRAM.as_ref(), &root));
    let url = program.url();
    assert_eq!(lead(url, &["--who"]).await.unwrap(), NOBODY);
    assert_eq!(lead(url, &[]).await.unwrap(), "This device leads.");
    assert_eq!(lead(url, &["--who"]).await.unwrap(), "This device leads.");
    let mut client = program.client().await;
    let role = |role: &'static str| {
        move |replica: &crate::client::Replica| replica.of("device").all(|row| row["role"] == role)
    };
    client.until("it is shown", role("leader")).await;
    assert_eq!(lead(url, &["--off"]).await.unwrap(), NOBODY);
    assert_eq!(lead(url, &["--off"]).await.unwrap(), NOBODY, "so it is already");
    client.until("and that it leads no more", role("peer")).await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_words_and_changes_nothing() {
    let site = Site::empty().await;
    let (url, stranger) = (url(&site), Uuid::from_u128(7).to_string());
    let why = refused(&url, &["--to", &stranger]).await;
    assert!(why.contains("no device leads this library: let one lead first"), "{why}");
    let wrong = format!("http://{}/?token=guessed", site.address());
    for flags in [&[][..], &["--off"], &["--who"], &["--to", &stranger]] {
        let why = refused(&wrong, flags).await;
        assert!(why.contains("The token is wrong: take the address that the engine printed."), "{why}");
    }
    let why = refused("127.0.0.1:4000", &[]).await;
    assert!(why.contains("give the address that the engine printed"), "{why}");
    let why = refused("http://127.0.0.1:1/?token=x", &[]).await;
    assert!(why.contains("no engine answers at 127.0.0.1:1"), "{why}");
    let why = refused(&url, &["--to", "the other one"]).await;
    assert!(why.contains("invalid value 'the other one' for '--to <DEVICE>'"), "{why}");
    for both in [["--off", "--who"], ["--to", &stranger]] {
        let why = refused(&url, &[both[0], both[1], "--off"]).await;
        assert!(why.contains("cannot be used"), "{why}");
    }
    assert_eq!(lead(&url, &["--who"]).await.unwrap(), NOBODY);

    lead(&url, &[]).await.unwrap();
    let why = refused(&url, &["--to", &stranger]).await;
    assert!(why.contains(&format!("device {stranger} is not connected: bring it online first")), "{why}");
    let own = site.engine().device().to_string();
    assert_eq!(lead(&url, &["--to", &own]).await.unwrap(), "This device leads.");
    assert_eq!(site.engine().leadership().await.unwrap().epoch, 1, "it is the same term");
}

#[tokio::test]
async fn the_route_answers_those_who_know_the_token_and_takes_nothing_that_it_does_not_know() {
    let site = Site::empty().await;
    for token in ["", "guessed", "test-toke", "test-token2"] {
        let (status, said) = ask(&site, token, r#"{"lead":true}"#).await;
        assert_eq!((status, said["kind"].as_str()), (403, Some("token")), "{token}");
    }
    for body in ["", "lead", r#"{"lead":"yes"}"#, r#"{"to":"the other one"}"#, r#"{"leader":true}"#] {
        let (status, said) = ask(&site, TOKEN, body).await;
        assert_eq!((status, said["kind"].as_str()), (400, Some("request.invalid")), "{body}");
    }
    let nobody = json!({"leader": null, "epoch": 0, "is_self": false, "is_heard": false});
    assert_eq!(ask(&site, TOKEN, "{}").await, (200, nobody), "nobody was let in before");
    let own = site.engine().device();
    let leads = json!({"leader": own, "epoch": 1, "is_self": true, "is_heard": true});
    assert_eq!(ask(&site, TOKEN, r#"{"lead":true}"#).await, (200, leads.clone()));
    let to = json!({"to": Uuid::from_u128(7)}).to_string();
    let (status, said) = ask(&site, TOKEN, &to).await;
    assert_eq!((status, said["kind"].as_str()), (409, Some("lead.not_connected")));
    assert_eq!(ask(&site, TOKEN, "{}").await, (200, leads));
}

#[tokio::test]
async fn a_leader_hands_over_by_command_and_pages_of_both_show_who_is_what() {
    let (a, mut b) = (site("a.txt").await, site("b.txt").await);
    pair(&a, &mut b).await;
    let (mut one, mut two) = (a.client().await, b.client().await);
    for client in [&mut one, &mut two] {
        let online = |row: &Value| row["online"] == true && row["role"] == "peer";
        client
            .until("they are connected", |replica| {
                replica.of("device").filter(|row| online(row)).count() == 2
            })
            .await;
    }
    let (first, second) = (a.engine().device().to_string(), b.engine().device().to_string());
    lead(&url(&a), &[]).await.unwrap();
    for client in [&mut one, &mut two] {
        client
            .until("the first leads", |replica| roles(replica, &first, &second) == ["leader", "follower"])
            .await;
    }
    assert_eq!(lead(&url(&b), &["--who"]).await.unwrap(), format!("Device {first} leads."));
    let why = refused(&url(&b), &["--to", &first]).await;
    assert!(why.contains(&format!("device {first} leads: hand over there")), "{why}");

    assert_eq!(lead(&url(&a), &["--to", &second]).await.unwrap(), format!("Device {second} leads."));
    for client in [&mut one, &mut two] {
        client
            .until("the second leads", |replica| roles(replica, &first, &second) == ["follower", "leader"])
            .await;
    }
    assert_eq!(lead(&url(&b), &["--who"]).await.unwrap(), "This device leads.");
    // Either may end it.
    assert_eq!(lead(&url(&a), &["--off"]).await.unwrap(), NOBODY);
    for client in [&mut one, &mut two] {
        client.until("nobody leads", |replica| roles(replica, &first, &second) == ["peer", "peer"]).await;
    }
    assert_eq!(lead(&url(&b), &["--who"]).await.unwrap(), NOBODY);
}

/// What two devices are, as a client sees it.
fn roles(replica: &crate::client::Replica, first: &str, second: &str) -> [String; 2] {
    [first, second].map(|id| {
        let device = replica.of("device").find(|row| row["id"] == id);
        device.map_or("", |row| row["role"].as_str().unwrap()).to_owned()
    })
}
