//! Two devices and more: who has what, and what is sent again.

use uuid::Uuid;

use super::{Few, index, tagged};
use crate::transaction::Write;

#[tokio::test]
async fn the_state_of_one_device_is_on_the_other_and_is_sent_once_however_often_it_changed() {
    let mut few = Few::in_a_row(2, 100).await;
    few.disconnect(0, 1).await;
    let mut row = few.file_in_root(0, 7, "first").await;
    for size in 1..=30 {
        row.size = size;
        few.commit(0, vec![index(vec![row.clone()])]).await;
    }
    few.brought.clear();
    few.connect(0, 1).await;
    few.settle().await;
    few.assert_the_same().await;
    let there = few.devices[1].files().await.into_iter().find(|file| file.id == row.id).unwrap();
    assert_eq!(there.size, 30);
    // The file, and the count of the location that it is in.
    assert_eq!(few.brought, [(1, 2)]);
}

#[tokio::test]
async fn a_partition_heals_with_all_that_was_done_on_either_side() {
    let mut few = Few::in_a_row(4, 10).await;
    few.commit(0, vec![tagged("before", "before")]).await;
    few.settle().await;
    few.disconnect(1, 2).await;
    for place in 0..4 {
        let row = few.file_in_root(place, 50 + place as u128, "new").await;
        let file = row.id;
        let (id, tag) = (format!("of {place}"), "before".to_owned());
        few.commit(place, vec![index(vec![row]), tagged(&id, &id), Write::ApplyTag { file, tag }]).await;
    }
    few.settle().await;
    assert_eq!(few.names(0).await, ["before", "of 0", "of 1"]);
    assert_eq!(few.names(3).await, ["before", "of 2", "of 3"]);
    few.connect(1, 2).await;
    few.settle().await;
    assert_eq!(few.names(0).await, ["before", "of 0", "of 1", "of 2", "of 3"]);
    few.assert_the_same().await;
}

#[tokio::test]
async fn after_500_of_1000_changes_it_goes_on_with_the_501st() {
    let mut few = Few::in_a_row(2, 500).await;
    few.disconnect(0, 1).await;
    let root = few.file_in_root(0, 0, "").await;
    let rows = (1..=1_000).map(|number| {
        let name = format!("{number:04}");
        crate::database::entity::file::Model {
            id: Uuid::from_u128(number),
            path: name.clone(),
            name,
            ..root.clone()
        }
    });
    few.commit(0, vec![index(rows.collect())]).await;
    few.brought.clear();
    few.connect(0, 1).await;
    while few.brought.is_empty() {
        assert!(few.deliver_one().await);
    }
    few.disconnect(0, 1).await;
    let here = few.devices[1].files().await.len();
    few.connect(0, 1).await;
    few.settle().await;
    few.assert_the_same().await;
    let counts: Vec<usize> = few.brought.iter().map(|(_, count)| *count).collect();
    // 1,000 files and their location, none of them twice.
    assert_eq!((counts[0], counts.iter().sum::<usize>()), (500, 1_001), "{counts:?}");
    // The two roots, and what the first message brought besides the location.
    assert_eq!(here, 2 + 499);
}

#[tokio::test]
async fn a_new_device_fetches_everything_while_writes_go_on() {
    let mut few = Few::new(2, 10).await;
    for number in 0..60 {
        let id = format!("{number:02}");
        few.commit(0, vec![tagged(&id, &id)]).await;
    }
    few.connect(0, 1).await;
    let mut more = 0;
    while few.deliver_one().await {
        // Before, within and after what has been fetched.
        if more < 30 {
            let id = format!("{:02}", (more * 7) % 60);
            let write = match more % 3 {
                0 => tagged(&id, &format!("renamed {more}")),
                1 => tagged(&format!("new {more:02}"), "new"),
                _ => Write::DeleteTag(id),
            };
            few.commit(0, vec![write]).await;
            more += 1;
        }
    }
    few.settle().await;
    assert_eq!(more, 30, "writes went on while it fetched");
    few.assert_the_same().await;
    // It is a peer like any other now.
    few.commit(1, vec![tagged("back", "back")]).await;
    few.settle().await;
    assert!(few.names(0).await.contains(&"back".to_owned()));
}

#[tokio::test]
async fn what_one_device_did_reaches_a_third_that_it_never_meets() {
    let mut few = Few::in_a_row(3, 100).await;
    let row = few.file_in_root(0, 9, "far").await;
    let (file, tag) = (row.id, "t".to_owned());
    few.commit(0, vec![index(vec![row]), tagged("t", "t"), Write::ApplyTag { file, tag }]).await;
    few.settle().await;
    assert!(few.has_file(2, file).await);
    // The first is gone by the time that a fourth asks the third.
    few.disconnect(0, 1).await;
    few.disconnect(1, 2).await;
    few.commit(2, vec![Write::Favorite { file, favorite: true }]).await;
    few.connect(1, 2).await;
    few.settle().await;
    few.disconnect(1, 2).await;
    few.connect(0, 1).await;
    few.settle().await;
    assert!(few.devices[0].files().await.iter().any(|row| row.id == file && row.favorite));
}
