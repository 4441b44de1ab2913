//! What was written again before it was sent.

use super::{Few, index, tagged};
use crate::database::entity::album;
use crate::transaction::Write;

fn trip(name: &str, cover: Option<u128>) -> Write {
    let cover_id = cover.map(uuid::Uuid::from_u128);
    Write::Album(album::Model { id: "trip".to_owned(), name: name.to_owned(), cover_id, version: 1 })
}

/// Sends what the first of two devices did while they were apart; returns how many changes that were.
async fn sent(few: &mut Few, writes: Vec<Write>) -> usize {
    few.disconnect(0, 1).await;
    for write in writes {
        few.commit(0, vec![write]).await;
    }
    few.brought.clear();
    few.connect(0, 1).await;
    few.settle().await;
    few.assert_the_same().await;
    few.brought.iter().map(|(_, count)| count).sum()
}

#[tokio::test]
async fn a_tag_that_was_renamed_30_times_is_sent_once() {
    let mut few = Few::in_a_row(2, 200).await;
    let names = (1..=30).map(|number| tagged("t", &format!("name {number}")));
    assert_eq!(sent(&mut few, names.collect()).await, 1);
    assert_eq!(few.names(1).await, ["name 30"]);
    // The one position covers the 30: what comes next is not taken for what came.
    assert_eq!(sent(&mut few, vec![tagged("u", "next")]).await, 1);
    assert_eq!(few.names(1).await, ["name 30", "next"]);
}

#[tokio::test]
async fn of_each_field_the_newest_write_is_sent() {
    let mut few = Few::in_a_row(2, 100).await;
    let row = few.file_in_root(0, 5, "file").await;
    few.commit(0, vec![index(vec![row])]).await;
    few.commit(0, vec![trip("first", None)]).await;
    few.settle().await;
    let writes =
        vec![trip("second", None), trip("second", Some(5)), trip("third", Some(5)), trip("fourth", Some(5))];
    assert_eq!(sent(&mut few, writes).await, 2, "the cover, and the name");
}

#[tokio::test]
async fn what_stands_between_two_writes_of_a_row_finds_the_first() {
    let mut few = Few::in_a_row(2, 100).await;
    let row = few.file_in_root(0, 5, "file").await;
    let (file, tag) = (row.id, "t".to_owned());
    few.commit(0, vec![index(vec![row])]).await;
    few.settle().await;
    let writes =
        vec![tagged("t", "a"), tagged("t", "b"), tagged("u", "between"), tagged("t", "c"), tagged("t", "d")];
    assert_eq!(sent(&mut few, writes).await, 3);
    // A link goes its own way, and the run of the tag that it leads to is one.
    let writes = vec![tagged("t", "e"), Write::ApplyTag { file, tag }, tagged("t", "f")];
    assert_eq!(sent(&mut few, writes).await, 2);
    few.assert_the_same().await;
}

#[tokio::test]
async fn all_makings_of_a_link_are_sent_and_nothing_that_deleted_rows_said() {
    let mut few = Few::in_a_row(2, 100).await;
    let row = few.file_in_root(0, 5, "file").await;
    let (file, tag) = (row.id, "t".to_owned());
    few.commit(0, vec![index(vec![row]), tagged("t", "t")]).await;
    few.settle().await;
    let link = || [Write::ApplyTag { file, tag: tag.clone() }, Write::RemoveTag { file, tag: tag.clone() }];
    assert_eq!(sent(&mut few, link().into_iter().chain(link()).collect()).await, 4);
    let gone = vec![tagged("u", "a"), tagged("v", "b"), tagged("u", "c"), Write::DeleteTag("u".to_owned())];
    assert_eq!(sent(&mut few, gone).await, 2);
    assert_eq!(few.names(1).await, ["t", "b"]);
}
