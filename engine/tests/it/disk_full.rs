//! A copy to a disk that is really full: a small file system in memory, which only a privileged user can mount. What others can run is in
//! `engine/src/files/tests.rs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::devices::{configured, pair, site};
use crate::site::Site;

/// A disk of some megabytes, until it is dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path, megabytes: u32) -> Option<Self> {
        let options = format!("size={megabytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(at).output();
        mounted.ok().filter(|done| done.status.success()).map(|_| Self(at.to_owned()))
    }

    fn grow(&self, megabytes: u32) {
        let options = format!("remount,size={megabytes}m");
        assert!(Command::new("mount").args(["-o", &options]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Also while something in it is still open.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test]
async fn a_copy_to_a_full_disk_takes_nothing_of_it_says_so_and_goes_on_when_there_is_room() {
    const SIZE: usize = 12 << 20;
    let a = site("a.txt").await;
    fs::write(a.path("film"), vec![7; SIZE]).unwrap();
    let mut b = Site::prepared(configured);
    let Some(disk) = SmallDisk::mount(&b.root(), 8) else {
        eprintln!("not run: no disk can be mounted by this user");
        return;
    };
    b.write("b.txt", "b");
    b.start().await;
    pair(&a, &mut b).await;
    let mut client = b.client().await;
    client
        .until("the file comes", |replica| replica.file("film").is_some_and(|row| row["size"] == SIZE))
        .await;
    let folder = client.replica.file("b.txt").unwrap()["parent_id"].clone();
    let copy = |name: &str, client: &crate::client::Client| json!({"id": client.replica.id(name), "folder_id": folder});
    let film = copy("film", &client);
    client.mutate("files.copy", film).await.unwrap();
    let waits = |job: &Value| job["state"] == "paused" && job["problem_kind"] == "disk_full";
    client.until("it waits for room", |replica| replica.of("job").any(waits)).await;
    assert_eq!(a.engine().chunks_sent(), 0, "it is not begun");
    assert!(!b.path("film").exists());
    // What others need there is there: nothing was taken by what does not fit.
    fs::write(b.path("b.txt"), vec![1; 6 << 20]).unwrap();
    let small = copy("a.txt", &client);
    client.mutate("files.copy", small).await.unwrap();
    client.until("a small one passes it", |_| b.path("a.txt").exists()).await;

    disk.grow(64);
    let is_there = |job: &&Value| job["kind"] == "copy" && job["state"] == "done";
    client.until("it is there", |replica| replica.of("job").filter(is_there).count() == 2).await;
    client.until("its watcher saw it", |_| b.path("film").exists()).await;
    assert_eq!(fs::read(b.path("film")).unwrap(), vec![7; SIZE]);
    assert_eq!(b.listing(), ["a.txt", "b.txt", "film"], "nothing else is left");
    b.stop().await;
}
