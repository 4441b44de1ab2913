//! Where the program is found: at the same address again, and only by who is meant to find it.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;

use crate::client::Client;
use crate::program::{PROGRAM, Program, folder_with, serve};

fn program(root: &Path, arguments: &[&str]) -> Command {
    let mut command = serve(Path::new(PROGRAM), root);
    command.args(arguments);
    command
}

/// Starts the program, ends it, and tells what its address was.
fn url(root: &Path, arguments: &[&str]) -> String {
    Program::start(&mut program(root, arguments)).url().to_owned()
}

#[tokio::test]
async fn an_open_page_finds_the_program_again_after_a_restart() {
    let (_outer, root) = folder_with("a.txt");
    let first = Program::start(&mut program(&root, &[]));
    let (url, (port, token)) = (first.url().to_owned(), first.place());
    let token = token.to_owned();
    let mut page = first.client().await;
    let before = page.replica.clone();
    drop(first);
    assert_eq!(page.next().await, None);
    std::fs::write(root.join("b.txt"), "").unwrap();

    let second = Program::start(&mut program(&root, &[]));
    assert_eq!(second.url(), url);
    let mut page = Client::connect((Ipv4Addr::LOCALHOST, port).into(), &token).await.continuing(before);
    page.subscribe().await;
    page.until("it has caught up", |replica| replica.is_ready() && replica.file("b.txt").is_some()).await;
    assert_eq!(page.replica.listing(), ["a.txt", "b.txt"]);
    assert_eq!(page.replica.resyncs, ["first"], "no copy was needed");
}

#[test]
fn a_port_that_is_taken_gives_way_to_another_which_stays() {
    let (_outer, root) = folder_with("a.txt");
    let first = Program::start(&mut program(&root, &[]));
    let (port, token) = (first.place().0, first.place().1.to_owned());
    drop(first);
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    let second = Program::start(&mut program(&root, &[]));
    let url_of_second = second.url().to_owned();
    assert_ne!(second.place().0, port);
    assert_eq!(second.place().1, token);
    drop((second, taken));
    assert_eq!(url(&root, &[]), url_of_second);
}

#[test]
fn a_port_that_was_asked_for_is_that_port_or_an_error() {
    let (_outer, root) = folder_with("a.txt");
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = program(&root, &["--port", &port]).output().unwrap();
    assert!(!output.status.success());
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains(&format!("cannot listen on port {port}")), "{message}");
}

#[test]
fn a_token_and_a_port_that_are_given_hold_for_one_run() {
    let (_outer, root) = folder_with("a.txt");
    let remembered = url(&root, &[]);
    assert!(url(&root, &["--port", "0", "--token", "mine"]).ends_with("/?token=mine"));
    assert_eq!(url(&root, &[]), remembered);
}

#[test]
fn a_new_token_takes_the_place_of_the_old_one() {
    let (_outer, root) = folder_with("a.txt");
    let old = url(&root, &[]);
    let new = url(&root, &["--new-token"]);
    let ((old_place, old_token), (new_place, new_token)) =
        (old.split_once("/?token=").unwrap(), new.split_once("/?token=").unwrap());
    assert_eq!(old_place, new_place);
    assert_ne!(old_token, new_token);
    assert!(new_token.len() >= 32, "it is long enough not to be guessed");
    assert_eq!(url(&root, &[]), new);
    assert!(!program(&root, &["--new-token", "--token", "mine"]).output().unwrap().status.success());
}

#[test]
fn two_folders_have_two_tokens() {
    let ((_one, one), (_two, two)) = (folder_with("a.txt"), folder_with("a.txt"));
    let (one, two) = (url(&one, &[]), url(&two, &[]));
    assert_ne!(one.split_once("/?").unwrap().1, two.split_once("/?").unwrap().1);
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_the_database() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    let (_outer, root) = folder_with("a.txt");
    let folder = root.with_file_name("db");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let assert_private = || {
        let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        for name in ["larder.sqlite", "larder.sqlite-wal", "larder.sqlite-shm", "larder.sqlite-lock"] {
            assert!(files.contains(&folder.join(name)), "{name} is not in {files:?}");
        }
        for file in &files {
            assert_eq!(mode(file), 0o600, "{}", file.display());
        }
        files
    };
    let running = Program::start(&mut program(&root, &[]));
    running.client().await;
    assert_eq!(mode(&folder), 0o700);
    let files = assert_private();
    // Killed, so that its log stays; then as if an older version had made the files.
    drop(running);
    files.iter().filter(|file| file.exists()).for_each(|file| {
        fs::set_permissions(file, Permissions::from_mode(0o644)).unwrap();
    });
    let running = Program::start(&mut program(&root, &[]));
    running.client().await;
    assert_private();
}
