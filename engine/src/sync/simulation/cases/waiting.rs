//! What waits on the device that all shared rows are fetched from.

use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{Few, index, tagged};
use crate::database::entity::{file_tag, user_metadata};
use crate::sync::message::Message;
use crate::sync::prune::LONG_GONE_MS;
use crate::transaction::Write;

/// How many changes one message has in these stories.
const BATCH: u64 = 4;

/// The second device has no files of the first, but all that was said of them: each has two tags, and every third is a favorite. The third device
/// is new and can only be told by the second.
async fn said_of_files_that_are_not_there(files: u128, evicted: bool) -> Few {
    let mut few = Few::new(3, BATCH).await;
    few.connect(0, 1).await;
    let mut rows = Vec::new();
    for id in 1..=files {
        rows.push(few.file_in_root(0, id, &id.to_string()).await);
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    few.commit(0, vec![index(rows), tagged("s", "one"), tagged("t", "two")]).await;
    few.settle().await;
    for (number, file) in ids.into_iter().enumerate() {
        let apply = |tag: &str| Write::ApplyTag { file, tag: tag.to_owned() };
        few.commit(1, vec![apply("s"), apply("t")]).await;
        if number % 3 == 0 {
            few.commit(1, vec![Write::Favorite { file, favorite: true }]).await;
        }
    }
    few.settle().await;
    if evicted {
        evict(&mut few).await;
    }
    few.settle().await;
    few.disconnect(0, 1).await;
    few
}

/// The second device does without the files of the first.
async fn evict(few: &mut Few) {
    let device = few.devices[0].id;
    few.commit(1, vec![Write::Select { device, wanted: false }]).await;
    while few.devices[1].transactions.evict(device, 3).await.unwrap() > 0 {
        few.devices[1].read_events().await;
    }
}

/// Delivers the next message, and says how many changes it has if it is a page of rows.
async fn page(few: &mut Few) -> Option<usize> {
    let (_, _, bytes) = few.on_the_way.front()?;
    let count = match Message::decode(bytes).unwrap() {
        Message::Rows { changes, links, .. } => changes.len().max(links.len()),
        _ => 0,
    };
    few.deliver_one().await;
    Some(count)
}

/// The third device meets the first, and has all that was said of its files.
async fn assert_that_all_was_passed_on(few: &mut Few, files: usize) {
    few.settle().await;
    few.disconnect(1, 2).await;
    few.connect(0, 2).await;
    few.settle().await;
    let links = file_tag::Entity::find().all(&few.devices[2].db.reader).await.unwrap();
    let said = user_metadata::Entity::find().all(&few.devices[2].db.reader).await.unwrap();
    assert_eq!((links.len(), said.len()), (2 * files, files.div_ceil(3)));
    super::super::check::same(&[few.devices.remove(0), few.devices.remove(1)]).await.unwrap();
}

#[tokio::test]
async fn what_waits_goes_page_by_page_like_what_is_in_rows() {
    let files = 40;
    let mut few = said_of_files_that_are_not_there(files, true).await;
    few.connect(1, 2).await;
    let mut pages = Vec::new();
    while let Some(count) = page(&mut few).await {
        pages.extend((count > 0).then_some(count));
    }
    // A row has as many changes as it has makings, here one.
    assert!(pages.iter().all(|count| *count as u64 <= BATCH), "{pages:?}");
    assert!(pages.len() > 20, "{pages:?}");
    assert_that_all_was_passed_on(&mut few, files as usize).await;
}

#[tokio::test]
async fn rows_that_begin_to_wait_in_the_middle_of_a_fetch_are_not_left_out() {
    let files = 20;
    let mut few = said_of_files_that_are_not_there(files, false).await;
    few.connect(1, 2).await;
    let mut pages = 0;
    while pages < 5 {
        pages += usize::from(page(&mut few).await.expect("there is more to fetch") > 0);
    }
    evict(&mut few).await;
    assert_that_all_was_passed_on(&mut few, files as usize).await;
}

#[tokio::test]
async fn what_ceases_to_wait_in_the_middle_of_a_fetch_is_not_left_out() {
    let files = 20;
    let mut few = said_of_files_that_are_not_there(files, true).await;
    few.connect(1, 2).await;
    let mut pages = 0;
    while pages < 5 {
        pages += usize::from(page(&mut few).await.expect("there is more to fetch") > 0);
    }
    // The files come to the second from the first, and not to the third.
    few.connect(0, 1).await;
    let device = few.devices[0].id;
    few.commit(1, vec![Write::Select { device, wanted: true }]).await;
    while few.devices[1].files().await.len() <= files as usize {
        let first = few.on_the_way.iter().position(|(from, to, _)| from + to == 1);
        let first = few.on_the_way.remove(first.expect("the files never come")).unwrap();
        few.on_the_way.push_front(first);
        few.deliver_one().await;
    }
    few.disconnect(0, 1).await;
    assert_that_all_was_passed_on(&mut few, files as usize).await;
}

#[tokio::test]
async fn a_making_that_was_undone_before_the_link_began_to_wait_is_undone_for_who_fetches() {
    let mut few = Few::new(3, BATCH).await;
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        few.connect(one, other).await;
    }
    let row = few.file_in_root(0, 1, "file").await;
    let file = row.id;
    few.commit(0, vec![index(vec![row]), tagged("t", "one")]).await;
    few.settle().await;
    // Two put the same tag on it, the third hears of both, and the first takes off what it put there.
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        few.disconnect(one, other).await;
    }
    for place in [0, 1] {
        few.commit(place, vec![Write::ApplyTag { file, tag: "t".to_owned() }]).await;
        few.connect(place, 2).await;
        while few.deliver_one().await {}
        few.disconnect(place, 2).await;
    }
    let remove = || vec![Write::RemoveTag { file, tag: "t".to_owned() }];
    few.commit(0, remove()).await;
    few.connect(0, 1).await;
    few.settle().await;
    evict(&mut few).await;
    // The third is away for so long that it has to fetch everything.
    few.pass(LONG_GONE_MS + 1);
    few.settle().await;
    few.connect(1, 2).await;
    few.settle().await;
    few.connect(0, 2).await;
    few.settle().await;
    assert_eq!(links(&few, 2).await, 1, "what the second put there is there");
    few.commit(0, remove()).await;
    few.settle().await;
    assert_eq!((links(&few, 0).await, links(&few, 2).await), (0, 0));
}

async fn links(few: &Few, place: usize) -> usize {
    file_tag::Entity::find().all(&few.devices[place].db.reader).await.unwrap().len()
}
