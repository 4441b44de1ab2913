//! Events of both dialects, edits and queries, in lines: `!` before a mutation, `?` before a query, `=` before the id of a mutation that
//! is confirmed, everything else is an event.

use larder::outbox::Mutation;
use larder::query::Query;

use crate::agreed::Screen;

const GOOD: &str =
    r#"{"ResourceChanged":{"resource_type":"tag","resource":{"id":"after all","name":"b","path":"a/c"}}}"#;

/// Takes the lines; after each, what is shown is right, and what was refused has changed nothing.
pub fn run(data: &[u8]) {
    let Some((&kind, data)) = data.split_first() else { return };
    let mut screen = Screen::small(kind);
    for line in data.split(|byte| *byte == b'\n').take(40) {
        match (line.first(), line.get(1..).map(std::str::from_utf8)) {
            (Some(b'!'), Some(Ok(text))) => {
                let Ok(mutation) = Mutation::parse(text) else { continue };
                _ = screen.host.deliver(screen.cache.mutate(mutation));
            }
            (Some(b'?'), Some(Ok(text))) => {
                let Ok(query) = Query::parse(text) else { continue };
                screen.mount(&query);
            }
            (Some(b'='), Some(Ok(id))) => _ = screen.host.deliver(screen.cache.ack(id, None)),
            _ => {
                let before = screen.seen();
                if let Err(error) = screen.host.deliver(screen.cache.apply(line)) {
                    assert!(error.kind().starts_with("event."), "{error}");
                    assert_eq!(screen.seen(), before, "what is refused changes nothing: {error}");
                }
            }
        }
        screen.check();
    }
    let had = screen.rows(1).contains_key("after all");
    let applied = screen.host.deliver(screen.cache.apply(GOOD)).unwrap();
    assert!(had || applied.changed > 0);
    screen.check();
    screen.close();
}
