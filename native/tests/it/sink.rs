//! A host that keeps the objects itself.

use std::sync::{Arc, Mutex};

use larder_native::outbox::{Mutation, Rejection};
use larder_native::query::{Query, Window};
use larder_native::registry::ResourceType;
use larder_native::{Client, Config, Error, QueryId, Registry, RowEncoding, Sink, Status};

use crate::site::{PATIENCE, Site, listing};

/// Notes what it is told, in order.
#[derive(Default)]
struct Notes {
    told: Mutex<Vec<String>>,
    patches: Mutex<Vec<Vec<u8>>>,
}

impl Notes {
    fn note(&self, what: String) {
        self.told.lock().unwrap().push(what);
    }

    /// What was told since the last call.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.told.lock().unwrap())
    }
}

impl Sink for Notes {
    fn mounted(&self, query: QueryId) {
        self.note(format!("mounted {}", query.as_u32()));
    }

    fn unmounted(&self, query: QueryId) {
        self.note(format!("unmounted {}", query.as_u32()));
    }

    fn patch(&self, bytes: &[u8]) {
        self.patches.lock().unwrap().push(bytes.to_vec());
        let word = |at: usize| u32::from_le_bytes(bytes[at * 4..][..4].try_into().unwrap());
        assert_eq!((word(0), word(1) as usize), (0x3150_444C, bytes.len()));
        self.note(format!("patch: {} rows, {} released, {} queries", word(3), word(4), word(5)));
    }

    fn status(&self, status: &Status) {
        self.note(format!("status: {} pending", status.pending));
    }

    fn settled(&self, id: &str, outcome: Result<(), &Error>) {
        self.note(format!("settled {id}: {:?}", outcome.map_err(Error::kind)));
    }

    fn answered(&self, id: &str, answer: Result<&str, &Error>) {
        self.note(format!("answered {id}: {:?}", answer.map_err(Error::kind)));
    }

    fn event(&self, json: &str) {
        self.note(format!("event {json}"));
    }

    fn error(&self, error: &Error) {
        self.note(format!("error {}", error.kind()));
    }

    fn closed(&self) {
        self.note("closed".to_owned());
    }
}

fn open() -> (Client, Arc<Notes>) {
    let notes = Arc::new(Notes::default());
    let client = Client::open_with_sink(Registry::default(), Config::default(), notes.clone()).unwrap();
    (client, notes)
}

fn tags() -> Query {
    Query::parse(r#"{"from": "tag", "orderBy": [{"name": "asc"}], "limit": 2}"#).unwrap()
}

const RED: &str = r#"{"ResourceChanged": {"resource_type": "tag", "resource": {"id": "r", "name": "red"}}}"#;

fn create(id: &str) -> Mutation {
    let resource = format!(r#"{{"resource_type": "tag", "resource": {{"id": "{id}", "name": "{id}"}}}}"#);
    let optimistic = format!(r#"[{{"type": "upsert", "data": {resource}}}]"#);
    let text =
        format!(r#"{{"id": "{id}", "name": "tags.create", "args": {{}}, "optimistic": {optimistic}}}"#);
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_host_learns_of_a_query_before_its_first_result_and_of_its_end_before_the_rows_are_released() {
    let (client, notes) = open();
    client.apply(RED).wait().unwrap();
    assert!(notes.take().is_empty(), "nothing is shown");
    let id = client.mount(&tags()).wait().unwrap();
    assert_eq!(notes.take(), ["mounted 0", "patch: 1 rows, 0 released, 1 queries"]);
    client.set_window(id, Window::parse(r#"{"offset": 1, "limit": 2}"#).unwrap()).wait().unwrap();
    assert_eq!(notes.take(), ["patch: 0 rows, 1 released, 1 queries"]);
    client.set_window(id, Window::parse(r#"{"limit": 2}"#).unwrap()).wait().unwrap();
    notes.take();
    client.unmount(id).wait().unwrap();
    assert_eq!(notes.take(), ["unmounted 0", "patch: 0 rows, 1 released, 0 queries"]);
    assert_eq!(client.unmount(id).wait().unwrap_err().kind(), "query.not_mounted");
}

#[test]
fn within_a_step_what_is_shown_comes_before_what_is_waited_for() {
    let (client, notes) = open();
    client.mount(&tags()).wait().unwrap();
    notes.take();
    for id in ["a", "b"] {
        client.make(create(id)).shown().wait().unwrap();
        assert!(notes.take().starts_with(&["patch: 1 rows, 0 released, 1 queries".to_owned()]));
    }
    client.ack("a", None).wait().unwrap();
    let told = notes.take();
    assert_eq!(told[..2], ["patch: 0 rows, 1 released, 1 queries", "status: 1 pending"]);
    assert_eq!(told[2..], ["settled a: Ok(())"]);
    let reason = Rejection { kind: "not_allowed".to_owned(), message: "No.".to_owned() };
    client.reject("b", reason).wait().unwrap();
    let told = notes.take();
    assert_eq!(told[1..], ["status: 0 pending", r#"settled b: Err("not_allowed")"#]);
}

#[test]
fn events_and_the_end_are_told_to_the_sink() {
    let (client, notes) = open();
    client.apply(r#"{"JobProgress":{"done":3}}"#).wait().unwrap();
    client.connect_with(|| "http://127.0.0.1/".to_owned()).wait().unwrap();
    client.close().wait().unwrap();
    let told = notes.take();
    assert_eq!(told.first().unwrap(), r#"event {"JobProgress":{"done":3}}"#);
    assert!(told.contains(&"error connect.invalid_url".to_owned()), "{told:?}");
    assert_eq!(told.last().unwrap(), "closed");
}

#[test]
fn each_way_to_read_is_refused_where_the_other_is_meant() {
    let (with, _) = open();
    let live = with.live_query::<serde_json::Value>(&tags()).wait();
    assert_eq!(live.unwrap_err().kind(), "client.has_sink");
    assert_eq!(with.ask("q", "echo", "{").wait().unwrap_err().kind(), "value.not_json");
    let without = Client::open(Registry::default(), Config::default()).unwrap();
    assert_eq!(without.mount(&tags()).wait().unwrap_err().kind(), "client.no_sink");
    assert_eq!(without.unmount(QueryId::from(0)).wait().unwrap_err().kind(), "client.no_sink");
    assert_eq!(without.ask("q", "echo", "{}").wait().unwrap_err().kind(), "client.no_sink");
    assert_eq!(without.stats().wait().unwrap().queries, 0);
}

/// Waits until the sink was told something.
async fn is_told(notes: &Notes, what: impl Fn(&str) -> bool) {
    let told = async {
        while !notes.told.lock().unwrap().iter().any(|told| what(told)) {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, told).await.is_ok();
    assert!(in_time, "{:?}", notes.take());
}

#[tokio::test]
async fn a_connected_host_gets_packed_rows_and_answers() {
    let site = Site::holding(&["a.txt"]).await;
    let mut file = ResourceType::new("file").version("version");
    let layout = r#"[{"name": "id", "type": "uuid"}, {"name": "name", "type": "text"}]"#;
    file.layout = Some(serde_json::from_str(layout).unwrap());
    let registry = Registry::builder().resource(file).build().unwrap();
    let config = Config { row_encoding: RowEncoding::Packed, ..Config::default() };
    let notes = Arc::new(Notes::default());
    let client = Client::open_with_sink(registry, config, notes.clone()).unwrap();
    client.ask("q1", "no.such.method", "null").await.unwrap();
    client.mount(&listing()).await.unwrap();
    client.connect(&site.url()).await.unwrap();
    is_told(&notes, |told| told.starts_with("patch: 1 rows")).await;
    is_told(&notes, |told| told.starts_with("answered q1: Err")).await;
    let patch = notes.patches.lock().unwrap().iter().find(|patch| patch[12] == 1).unwrap().clone();
    assert_eq!(patch[8], 1, "the rows are packed");
    const LENGTH_OF_ROW: usize = 16 + 4 + "a.txt".len();
    let at = u32::from_le_bytes(patch[24..28].try_into().unwrap()) as usize;
    assert_eq!(patch[at..at + 8], [LENGTH_OF_ROW as u8, 0, 0, 0, 0, 0, 0, 0]);
    assert!(patch.ends_with(b"a.txt"));
}
