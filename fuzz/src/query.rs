//! Queries as text: the normal form of one is a query again, with the same normal form and the same result, and what is mounted is
//! right before and after a change.

use larder::Config;
use larder::query::{Query, oracle};

use crate::agreed::Screen;

const ROWS: &str = r#"{"ResourceChangedBatch":{"resource_type":"file","resources":[
    {"id":"f1","name":"a10.png","kind":"image","v":1,"size":10,"tag_ids":["t","u"],"path":"a/b","meta":{"a":1,"b":{"c":"x"}}},
    {"id":"f2","name":"A2 b.png","kind":"image","v":2,"size":-1.5,"tag_ids":[],"path":"a","meta":{"a":"1"}},
    {"id":"3","name":null,"kind":"text","v":1,"size":null,"tag_ids":["t"],"alternate_paths":[{"path":"a/b","size":1},{"path":"c"}]},
    {"id":"f4","name":"é a","is_dir":true,"v":5,"size":9007199254740991,"path":"a/b/c","tags":[{"id":"t"},{"id":"u"}]},
    {"id":"f5"}]}}"#;
const CHANGE: &str = r#"{"ResourceChangedBatch":{"resource_type":"file","resources":[
    {"id":"f1","name":"b","kind":"text","v":2,"size":11,"path":"a/b/c"},{"id":"f6","name":"a1","kind":"image","size":2,"v":1}]}}"#;

/// Reads the text as a query and, if it is one, mounts it.
pub fn run(data: &[u8]) {
    let Ok(query) = Query::parse(data) else { return };
    let canonical = query.canonical();
    let again = Query::parse(canonical).unwrap_or_else(|error| panic!("{error}: {canonical}"));
    assert_eq!(again.canonical(), canonical, "the normal form has itself as its normal form");

    let mut screen = Screen::new(Config::default());
    screen.host.deliver(screen.cache.apply(ROWS)).unwrap();
    let rows = screen.rows(0);
    let all = || rows.iter().map(|(id, row)| (id.as_str(), row));
    if query.group_by().is_empty() {
        assert_eq!(
            oracle::evaluate(&query, "id", all()),
            oracle::evaluate(&again, "id", all()),
            "{canonical}"
        );
    }
    screen.mount(&query);
    screen.check();
    screen.host.deliver(screen.cache.apply(CHANGE)).unwrap();
    screen.check();
    _ = screen.cache.explain(&query);
    screen.close();
}
