//! docs/rust.md shows what is tested.

use std::fs;
use std::path::Path;

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn the_program_in_the_documentation_is_the_one_that_is_run() {
    let (document, program) = (text("../../docs/rust.md"), text("src/bin/live-list.rs"));
    let shown = document.split("```rust,no_run\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(shown, program, "copy src/bin/live-list.rs into docs/rust.md");
    assert!(program.lines().count() < 30, "from nothing to a live list is not that long");
}

#[test]
fn the_quick_start_is_a_short_program() {
    assert!(text("src/main.rs").lines().count() < 60);
}
