//! Three programs with nothing but sockets between them, of which now one and now another is killed.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::client::Replica;
use crate::program::{PROGRAM, Program, folder_with, serve};

/// How long all of it may take to come together at the end.
const TOGETHER: Duration = Duration::from_secs(60);
const NAMES: [&str; 3] = ["a", "b", "c"];

struct Device {
    _outer: TempDir,
    root: PathBuf,
    name: &'static str,
    program: Program,
}

impl Device {
    fn start(name: &'static str) -> Self {
        let (outer, root) = folder_with(&format!("{name}.txt"));
        let program = Self::program(&root, name);
        Self { _outer: outer, root, name, program }
    }

    fn program(root: &Path, name: &str) -> Program {
        let mut command = serve(Path::new(PROGRAM), root);
        command.args(["--devices", "127.0.0.1:0", "--name", name, "--library-name", "Photos"]);
        Program::start(&mut command)
    }

    /// Ends it without a word, and starts it again.
    fn crash(&mut self) {
        self.program.child.kill().unwrap();
        self.program.child.wait().unwrap();
        self.program = Self::program(&self.root, self.name);
    }
}

/// As a person would: the code that one shows is typed on the other.
fn pair(host: &Device, guest: &Device) {
    let mut inviting = Command::new(PROGRAM);
    inviting.args(["pair", host.program.url(), "--yes"]).stdout(Stdio::piped());
    let mut inviting = inviting.spawn().unwrap();
    let mut lines = BufReader::new(inviting.stdout.take().unwrap()).lines();
    let shown = lines.next().unwrap().unwrap();
    let after = |flag: &str| shown.split(' ').skip_while(|word| *word != flag).nth(1).unwrap().to_owned();
    let mut joining = Command::new(PROGRAM);
    joining.args(["pair", guest.program.url(), "--with", &after("--with"), "--code", &after("--code")]);
    let joined = joining.output().unwrap();
    assert!(joined.status.success(), "{}", String::from_utf8_lossy(&joined.stderr));
    let last = lines.last().unwrap().unwrap();
    assert_eq!(last, format!("Paired with {}.", guest.name));
    assert!(inviting.wait().unwrap().success());
}

/// What devices have in common: without what is each one's own business.
fn common(replica: &Replica) -> BTreeMap<(String, String), Value> {
    let shared =
        replica.rows.iter().filter(|((kind, _), _)| ["file", "tag", "location"].contains(&kind.as_str()));
    shared
        .map(|(key, row)| {
            let mut row = row.clone();
            row.as_object_mut().unwrap().remove("version");
            (key.clone(), row)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whichever_of_three_is_killed_they_agree_in_the_end_and_nothing_that_was_acknowledged_is_lost() {
    let mut devices = NAMES.map(Device::start);
    pair(&devices[0], &devices[1]);
    pair(&devices[0], &devices[2]);
    let mut state: u64 = 7;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut acknowledged = Vec::new();
    // Each is killed once at least: after its last answer, while another device writes, and with a write on its way.
    for (round, victim) in [0, 1, 2, random(3), random(3)].into_iter().enumerate() {
        let victim = usize::try_from(victim).unwrap();
        for (place, device) in devices.iter().enumerate() {
            let mut client = device.program.client().await;
            let own = client.replica.id(&format!("{}.txt", device.name));
            let tag = format!("{round}-{place}");
            let made = json!({"id": tag, "name": tag, "color": "#f0a020"});
            client.mutate_as(&format!("make-{tag}"), "tags.create", made).await.unwrap();
            let put = json!({"file_id": own, "tag_id": tag});
            client.mutate_as(&format!("put-{tag}"), "tags.apply", put).await.unwrap();
            acknowledged.push(tag);
            if place == victim {
                let favorite = json!({"id": own, "favorite": random(2) == 1});
                client.send(json!({"type": "mutate", "data": {"id": format!("last-{round}"), "name": "files.favorite", "args": favorite}})).await;
            }
        }
        sleep(Duration::from_millis(random(120))).await;
        devices[victim].crash();
    }
    let deadline = Instant::now() + TOGETHER;
    loop {
        let mut seen = Vec::new();
        for device in &devices {
            seen.push(common(&device.program.client().await.replica));
        }
        let is_whole = acknowledged.iter().all(|tag| seen[0].contains_key(&("tag".to_owned(), tag.clone())));
        if is_whole && seen[0] == seen[1] && seen[1] == seen[2] {
            let tagged = seen[0].iter().filter(|((kind, _), _)| kind == "file");
            let links: usize = tagged.map(|(_, row)| row["tag_ids"].as_array().unwrap().len()).sum();
            assert_eq!(links, acknowledged.len());
            return;
        }
        assert!(Instant::now() < deadline, "they do not agree: {seen:#?}");
        sleep(Duration::from_millis(200)).await;
    }
}
