//! What the programs print while a folder changes.

use larder_library::File;
use larder_native::query::{Query, field};
use serde_json::json;

use crate::program::Program;
use crate::site::Site;

#[tokio::test(flavor = "multi_thread")]
async fn the_quick_start_prints_files_and_tags_as_they_come_change_and_go() {
    let site = Site::holding(&["a.txt", "b.txt"]).await;
    let mut program = Program::start(env!("CARGO_BIN_EXE_quickstart-rust"), &site.url);
    program.prints("+ a.txt (5 bytes)").await;
    program.prints("+ b.txt (5 bytes)").await;

    site.write("c.txt", "new");
    program.prints("+ c.txt (3 bytes)").await;
    site.remove("c.txt");
    program.prints("- c.txt").await;

    let user = site.client().await;
    let named = Query::from("file").filter(field("name").eq("b.txt")).build().unwrap();
    let mut found = user.live_query::<File>(&named).await.unwrap();
    while found.snapshot().data.is_empty() {
        assert!(found.changed().await);
    }
    let file = found.snapshot().data[0].id;
    let create = json!({"id": "t1", "name": "Holiday", "color": "#f0a020"});
    user.mutate("tags.create", &create, []).settled().await.unwrap();
    let apply = json!({"file_id": file, "tag_id": "t1"});
    user.mutate("tags.apply", &apply, []).settled().await.unwrap();
    program.prints("~ b.txt (5 bytes) [Holiday]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_in_the_documentation_keeps_its_list_current() {
    let site = Site::holding(&["small", "larger.txt"]).await;
    let mut program = Program::start(env!("CARGO_BIN_EXE_live-list"), &site.url);
    program.prints("the largest of 2: larger.txt, small").await;
    site.write("small", "not any more, for it has grown");
    program.prints("the largest of 2: small, larger.txt").await;
}
