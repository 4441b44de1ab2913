//! Links that came with all rows, and are undone before the log brings them once more.

use sea_orm::{EntityTrait, PaginatorTrait};

use super::{Few, index, tagged};
use crate::database::entity::{album, album_entry};
use crate::sync::message::Message;
use crate::transaction::Write;

const ALBUM: &str = "trip";

async fn entries(few: &Few, place: usize) -> u64 {
    album_entry::Entity::find().count(&few.devices[place].db.reader).await.unwrap()
}

/// Delivers until a device has the file in the album.
async fn until_it_is_in(few: &mut Few, place: usize) {
    while entries(few, place).await == 0 {
        assert!(few.deliver_one().await, "{place} never hears of it");
    }
}

/// The first device keeps its log for the last one, which is away while the first puts a file into an album. The others have heard of that, and
/// do not know the last one: it fetches all rows from the second, a row at a time. It has got to the album when a user takes the file out again.
async fn taken_out_in_the_middle_of_a_fetch(count: usize) -> Few {
    let last = count - 1;
    let mut few = Few::new(count, 1).await;
    few.connect(0, last).await;
    few.settle().await;
    few.disconnect(0, last).await;
    for other in 1..last {
        few.connect(0, other).await;
    }
    few.settle().await;
    let row = few.file_in_root(0, 5, "file").await;
    let file = row.id;
    let made = album::Model { id: ALBUM.to_owned(), name: "Trip".to_owned(), cover_id: None, version: 1 };
    few.commit(0, vec![index(vec![row]), Write::Album(made)]).await;
    few.commit(0, vec![Write::AddToAlbum { album: ALBUM.to_owned(), file }]).await;
    for number in 10..30 {
        let tag = number.to_string();
        few.commit(1, vec![tagged(&tag, &tag)]).await;
    }
    few.settle().await;
    few.connect(1, last).await;
    until_it_is_in(&mut few, last).await;
    few.commit(last, vec![Write::RemoveFromAlbum { album: ALBUM.to_owned(), file }]).await;
    assert_eq!(entries(&few, last).await, 0);
    few.disconnect(1, last).await;
    few
}

/// All talk to the last one, and it is as it said.
async fn assert_that_it_stays_out(few: &mut Few) {
    let last = few.devices.len() - 1;
    few.connect(0, last).await;
    few.settle().await;
    assert_eq!((entries(few, 0).await, entries(few, last).await), (0, 0), "a user took it out");
    for other in 1..last {
        few.connect(other, last).await;
    }
    few.settle().await;
    few.assert_the_same().await;
}

#[tokio::test]
async fn a_link_that_came_with_a_page_and_was_undone_is_not_made_again_by_the_log() {
    let mut few = taken_out_in_the_middle_of_a_fetch(3).await;
    assert_that_it_stays_out(&mut few).await;
}

#[tokio::test]
async fn a_page_of_another_device_does_not_make_the_log_forget_that_a_link_was_undone() {
    let mut few = taken_out_in_the_middle_of_a_fetch(4).await;
    // The third knows nothing of it. All of its rows come, the link among them, and it hears nothing of what was undone.
    few.disconnect(0, 2).await;
    few.connect(2, 3).await;
    let mut pages = 0;
    while let Some((from, to, bytes)) = few.on_the_way.front() {
        let (ends, message) = ((*from, *to), Message::decode(bytes).unwrap());
        match message {
            Message::Changes { .. } if ends == (3, 2) => drop(few.on_the_way.pop_front()),
            Message::Rows { links, .. } if links.iter().any(|link| !link.live.is_empty()) => {
                few.deliver_one().await;
                pages += 1;
                break;
            }
            _ => drop(few.deliver_one().await),
        }
    }
    assert_eq!((pages, entries(&few, 3).await), (1, 0));
    few.disconnect(2, 3).await;
    few.connect(0, 2).await;
    assert_that_it_stays_out(&mut few).await;
}
