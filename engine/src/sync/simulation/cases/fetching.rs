//! Devices that the log left behind, and what reaches them while they fetch all shared rows.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{Few, index, tagged};
use crate::database::entity::{album, album_entry, sync_fetch, sync_shared};
use crate::sync::message::Message;
use crate::transaction::Write;

async fn entries(few: &Few, place: usize) -> u64 {
    let entries = album_entry::Entity::find().filter(album_entry::Column::AlbumId.eq("trip"));
    entries.count(&few.devices[place].db.reader).await.unwrap()
}

/// Three devices: the first has a file in an album, the second has taken it out while they were apart, and the third has read there
/// that it is not in the album any more, and not yet all the rest.
async fn half_told_of_a_removal() -> Few {
    let mut few = Few::new(3, 1).await;
    few.connect(0, 1).await;
    let row = few.file_in_root(0, 5, "file").await;
    let (file, album) = (row.id, "trip".to_owned());
    let made = album::Model { id: album.clone(), name: "Trip".to_owned(), cover_id: None, version: 1 };
    few.commit(0, vec![index(vec![row]), Write::Album(made)]).await;
    few.commit(0, vec![Write::AddToAlbum { album: album.clone(), file }]).await;
    for number in 10..50 {
        let tag = number.to_string();
        few.commit(1, vec![tagged(&tag, &tag)]).await;
    }
    // The log of the second's entries does not reach back to its first one.
    let (row, other) = (few.file_in_root(1, 6, "other").await, "other".to_owned());
    let (file_6, made) =
        (row.id, album::Model { id: other.clone(), name: other.clone(), cover_id: None, version: 1 });
    few.commit(1, vec![index(vec![row]), Write::Album(made)]).await;
    few.commit(1, vec![Write::AddToAlbum { album: other, file: file_6 }]).await;
    few.settle().await;
    few.disconnect(0, 1).await;
    few.commit(1, vec![Write::RemoveFromAlbum { album: album.clone(), file }]).await;

    few.connect(1, 2).await;
    let key = ("album_entry".to_owned(), format!("{album}/{file}"));
    while sync_shared::Entity::find_by_id(key.clone()).one(&few.devices[2].db.reader).await.unwrap().is_none()
    {
        assert!(few.deliver_one().await, "the third never hears of it");
    }
    few
}

#[tokio::test]
async fn a_link_that_one_device_undid_stays_undone_where_another_that_does_not_know_it_is_fetched_from_too() {
    let mut few = half_told_of_a_removal().await;
    few.connect(0, 2).await;
    while entries(&few, 2).await == 0 {
        assert!(few.deliver_one().await, "the first never tells of it");
    }
    assert!(few.names(2).await.len() < 40, "the rest is there before the first tells of it");
    few.settle().await;
    assert_eq!([entries(&few, 0).await, entries(&few, 1).await, entries(&few, 2).await], [0, 0, 0]);
    few.connect(0, 1).await;
    few.settle().await;
    few.assert_the_same().await;
}

/// Two devices of which the second is to fetch so many tags, one a page.
async fn left_behind(tags: usize) -> Few {
    let mut few = Few::new(2, 1).await;
    for number in 0..tags {
        let tag = format!("{number:03}");
        few.commit(0, vec![tagged(&tag, &tag)]).await;
    }
    few.connect(0, 1).await;
    few
}

/// Delivers until the second device has so many tags.
async fn until_it_has(few: &mut Few, tags: usize) {
    while few.names(1).await.len() < tags {
        assert!(few.deliver_one().await, "it has no more than {:?}", few.names(1).await);
    }
}

/// Lets everything come, and says after which tags pages were asked for.
async fn pages_asked_for(few: &mut Few) -> Vec<Option<String>> {
    let mut pages = Vec::new();
    while let Some((from, _, bytes)) = few.on_the_way.front() {
        if let (1, Message::Backfill { after }) = (*from, Message::decode(bytes).unwrap()) {
            pages.push(after.map(|(_, id)| id));
        }
        few.deliver_one().await;
    }
    few.settle().await;
    pages
}

#[tokio::test]
async fn a_fetch_that_is_killed_at_page_50_of_100_goes_on_with_the_51st() {
    let mut few = left_behind(100).await;
    until_it_has(&mut few, 50).await;
    few.disconnect(0, 1).await;
    few.devices[1].crash();
    // What happens meanwhile comes by the log, which is kept from the first page on.
    few.commit(0, vec![tagged("010", "renamed"), tagged("new", "new")]).await;
    few.on_the_way.clear();
    few.connect(0, 1).await;
    let pages = pages_asked_for(&mut few).await;
    // The rest one by one, with the one that came meanwhile.
    assert_eq!(pages.first().cloned().flatten().as_deref(), Some("049"), "{pages:?}");
    assert_eq!(pages.len(), 52, "{pages:?}");
    few.assert_the_same().await;
    assert!(few.names(1).await.contains(&"renamed".to_owned()));
    assert_eq!(sync_fetch::Entity::find().count(&few.devices[1].db.reader).await.unwrap(), 0);
}

#[tokio::test]
async fn pages_of_very_long_rows_are_no_larger_than_a_device_reads() {
    let mut few = Few::new(2, 100).await;
    let name = "\u{1}".repeat(100_000);
    for number in 0..40 {
        // Each character of it takes six in a message, which has 16 MiB at most.
        let made = album::Model { id: number.to_string(), name: name.clone(), cover_id: None, version: 1 };
        few.commit(0, vec![Write::Album(made)]).await;
    }
    few.connect(0, 1).await;
    few.settle().await;
    assert_eq!(album::Entity::find().count(&few.devices[1].db.reader).await.unwrap(), 40);
}

#[tokio::test]
async fn a_link_that_came_from_another_while_a_fetch_was_broken_off_is_not_believed() {
    let mut few = half_told_of_a_removal().await;
    // It is broken off there, and what makes it doubtful comes before it goes on.
    few.disconnect(1, 2).await;
    few.connect(0, 2).await;
    while entries(&few, 2).await == 0 {
        assert!(few.deliver_one().await, "the first never tells of it");
    }
    few.disconnect(0, 2).await;
    few.devices[2].crash();
    few.connect(1, 2).await;
    few.settle().await;
    assert_eq!(entries(&few, 2).await, 0, "it was undone");
    few.connect(0, 1).await;
    few.connect(0, 2).await;
    few.settle().await;
    few.assert_the_same().await;
}
