//! The program itself.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use crate::client::Client;
use crate::program::{PROGRAM, Program, folder_with, serve};

#[cfg(unix)]
#[tokio::test]
async fn it_prints_its_address_serves_and_stops_when_asked() {
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::INT] {
        let (_outer, root) = folder_with("a.txt");
        let mut program = Program::start(&mut serve(Path::new(PROGRAM), &root));
        let (port, token) = program.place();
        assert_eq!(
            program.line,
            format!("Larder is serving {} at http://127.0.0.1:{port}/?token={token}\n", root.display())
        );
        assert!(token.len() >= 32, "the token is long enough not to be guessed");
        let mut client = program.client().await;
        assert_eq!(client.replica.listing(), ["a.txt"]);

        let pid = rustix::process::Pid::from_child(&program.child);
        rustix::process::kill_process(pid, signal).unwrap();
        assert_eq!(client.next().await, None, "the client is told");
        assert!(program.child.wait().unwrap().success());
        let mut rest = String::new();
        program.out.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
        assert!(!root.with_file_name("db").join("larder.sqlite-wal").exists(), "the database is closed");
    }
}

#[tokio::test]
async fn without_db_the_database_is_in_the_data_directory() {
    let (outer, root) = folder_with("a.txt");
    let data = outer.path().join("data");
    let mut command = Command::new(PROGRAM);
    command.arg("serve").arg(&root).args(["--token", "mine"]);
    command.env("XDG_DATA_HOME", &data).env("HOME", &data).env("LOCALAPPDATA", &data);
    let program = Program::start(&mut command);
    assert_eq!(program.place().1, "mine");
    let client = program.client().await;
    assert_eq!(client.replica.listing(), ["a.txt"]);
    assert!(data.exists());
    assert_eq!(fs::read_dir(&root).unwrap().count(), 1, "nothing was added to the folder");
}

#[test]
fn a_folder_that_is_not_there_is_an_error_that_says_so() {
    let outer = TempDir::new().unwrap();
    let output = serve(Path::new(PROGRAM), &outer.path().join("nowhere")).output().unwrap();
    assert!(!output.status.success());
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("nowhere is not a folder"), "{message}");
}

/// Root may read everything; then the program runs as somebody else, from a copy that this somebody can reach.
#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_cannot_be_read_is_told_and_read_when_it_can_be() {
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;

    const NOBODY: u32 = 65_534;
    let (outer, root) = folder_with("a.txt");
    fs::create_dir(root.join("closed")).unwrap();
    fs::write(root.join("closed/secret.txt"), "").unwrap();
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let program = outer.path().join("larder-engine");
    fs::copy(PROGRAM, &program).unwrap();
    let mut command = serve(&program, &root);
    fs::create_dir(root.with_file_name("db")).unwrap();
    if rustix::process::geteuid().is_root() {
        allow(outer.path(), 0o755);
        for path in
            [root.with_file_name("db"), root.clone(), root.join("closed"), root.join("closed/secret.txt")]
        {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        command.uid(NOBODY).gid(NOBODY);
    }

    allow(&root.join("closed"), 0o000);
    let running = Program::start(&mut command);
    let mut client = running.client().await;
    assert_eq!(client.replica.listing(), ["a.txt", "closed"]);
    let mut history = Client::connect(([127, 0, 0, 1], running.place().0).into(), running.place().1).await;
    history.replica.epoch.clone_from(&client.replica.epoch);
    history.subscribe().await;
    let problems = history.replica.notices("ScanProblems");
    assert_eq!(problems[0]["problems"][0]["path"], "closed");
    assert_eq!(problems[0]["problems"][0]["problem"], "unreadable");

    allow(&root.join("closed"), 0o755);
    client.until("it can be read now", |replica| replica.file("closed/secret.txt").is_some()).await;
    let id = client.replica.id("closed/secret.txt");
    client.mutate("files.favorite", json!({"id": id, "favorite": true})).await.unwrap();

    // Closed again, what is in it is not known to be gone.
    allow(&root.join("closed"), 0o000);
    fs::write(root.join("b.txt"), "").unwrap();
    client.until("something else is seen", |replica| replica.file("b.txt").is_some()).await;
    assert_eq!(client.replica.id("closed/secret.txt"), id);
    allow(&root.join("closed"), 0o755);
    drop(running);
}
