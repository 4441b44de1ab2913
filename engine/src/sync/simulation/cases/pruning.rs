//! What is kept, for whom, and for how long.

use sea_orm::{EntityTrait, PaginatorTrait};

use super::{Few, index, some_files, tagged};
use crate::database::entity::sync_owned::{self, State};
use crate::database::entity::{file, sync_change, sync_seen};
use crate::sync::prune::LONG_GONE_MS;
use crate::transaction::Write;

async fn logged(few: &Few, place: usize) -> Vec<String> {
    let rows = sync_change::Entity::find().all(&few.devices[place].db.reader).await.unwrap();
    rows.into_iter().map(|row| row.change).collect()
}

async fn tombstones(few: &Few, place: usize) -> usize {
    let rows = sync_owned::Entity::find().all(&few.devices[place].db.reader).await.unwrap();
    rows.into_iter().filter(|row| row.state != State::Live).count()
}

#[tokio::test]
async fn tombstones_go_when_all_peers_have_them() {
    let mut few = Few::in_a_row(3, 100).await;
    let row = few.file_in_root(0, 5, "file").await;
    few.commit(0, vec![index(vec![row.clone()])]).await;
    few.settle().await;
    few.disconnect(1, 2).await;
    few.commit(0, vec![Write::DeleteFiles(vec![row.id])]).await;
    few.settle().await;
    assert_eq!((tombstones(&few, 0).await, tombstones(&few, 1).await), (0, 1), "one keeps it for the third");
    few.connect(1, 2).await;
    few.settle().await;
    assert_eq!((tombstones(&few, 1).await, tombstones(&few, 2).await), (0, 0));
    few.assert_the_same().await;
}

#[tokio::test]
async fn with_nobody_to_tell_no_tombstone_is_kept() {
    let mut few = Few::new(1, 100).await;
    let row = few.file_in_root(0, 5, "file").await;
    few.commit(0, vec![index(vec![row.clone()])]).await;
    few.commit(0, vec![Write::DeleteFiles(vec![row.id])]).await;
    assert_eq!(tombstones(&few, 0).await, 0);
}

#[tokio::test]
async fn who_is_gone_for_long_is_given_up_and_has_everything_right_when_it_comes_back() {
    let mut few = Few::in_a_row(3, 7).await;
    let mut files = Vec::new();
    for number in 0..40 {
        let row = few.file_in_root(0, 100 + number, &format!("{number}")).await;
        let (file, tag) = (row.id, format!("{number:02}"));
        files.push(row.clone());
        few.commit(0, vec![index(vec![row]), tagged(&tag, &tag), Write::ApplyTag { file, tag }]).await;
    }
    few.settle().await;
    few.disconnect(1, 2).await;
    // It works on alone, as long as it is away.
    few.commit(2, vec![tagged("of the third", "of the third"), tagged("05", "renamed there")]).await;
    for (number, file) in files.iter().take(20).enumerate() {
        let id = file.id;
        few.commit(0, vec![Write::DeleteFiles(vec![id]), Write::DeleteTag(format!("{number:02}"))]).await;
    }
    few.settle().await;
    assert!(!logged(&few, 1).await.is_empty() && tombstones(&few, 1).await == 20, "it is kept for the third");
    few.pass(LONG_GONE_MS + 1);
    few.settle().await;
    assert_eq!((logged(&few, 1).await.len(), tombstones(&few, 1).await), (0, 0), "it is given up");
    assert_eq!(sync_seen::Entity::find().count(&few.devices[1].db.reader).await.unwrap(), 1);
    few.commit(1, vec![tagged("meanwhile", "meanwhile")]).await;

    few.connect(1, 2).await;
    few.settle().await;
    few.assert_the_same().await;
    // 20 that are left, and the roots of three devices.
    assert_eq!(few.devices[2].files().await.len(), 23);
    let names = few.names(0).await;
    assert_eq!(names.len(), 22, "{names:?}");
    assert!(names.contains(&"of the third".to_owned()), "what it did alone is not lost");
}

#[tokio::test]
async fn what_deleted_rows_said_is_not_in_the_log_any_more() {
    let mut few = Few::in_a_row(2, 100).await;
    few.disconnect(0, 1).await;
    let row = few.file_in_root(0, 5, "file").await;
    let (file, tag) = (row.id, "t".to_owned());
    let link = Write::ApplyTag { file, tag: tag.clone() };
    few.commit(0, vec![index(vec![row]), tagged("t", "my secret"), link]).await;
    few.commit(0, vec![tagged("u", "no secret")]).await;
    assert!(logged(&few, 0).await.iter().any(|change| change.contains("my secret")));
    few.commit(0, vec![Write::DeleteTag(tag)]).await;
    let log = logged(&few, 0).await;
    assert!(!log.iter().any(|change| change.contains("my secret")), "{log:?}");
    assert!(log.iter().any(|change| change.contains("no secret")));
    few.connect(0, 1).await;
    few.settle().await;
    assert_eq!(few.names(1).await, ["no secret"]);
    few.assert_the_same().await;
}

#[tokio::test]
async fn a_file_that_is_gone_for_long_does_not_come_from_a_device_that_never_heard_of_that() {
    let mut few = Few::new(3, 1).await;
    few.connect(0, 1).await;
    let rows = some_files(&mut few, 0, 10, 5).await;
    few.settle().await;
    few.disconnect(0, 1).await;
    few.commit(0, vec![Write::DeleteFiles(vec![rows[3].id])]).await;
    few.pass(2 * LONG_GONE_MS);
    few.devices[0].transactions.prune().await.unwrap();
    assert_eq!(tombstones(&few, 0).await, 0, "its peer is given up");

    // A new device has begun to get the files from their owner, and goes on with one that has them all as they were.
    few.connect(0, 2).await;
    while few.devices[2].files().await.len() < 3 {
        assert!(few.deliver_one().await, "the files never come");
    }
    few.disconnect(0, 2).await;
    few.connect(1, 2).await;
    few.settle().await;
    few.disconnect(1, 2).await;
    few.connect(0, 2).await;
    few.settle().await;
    let names = few.devices[2].files().await.into_iter().map(|file| file.name).collect::<Vec<_>>();
    assert!(!names.contains(&"13".to_owned()) && names.contains(&"14".to_owned()), "{names:?}");
    few.connect(0, 1).await;
    few.settle().await;
    few.assert_the_same().await;
}

#[tokio::test]
async fn what_came_for_a_tag_stays_when_its_stream_begins_anew_with_a_device_that_has_not_heard_of_it() {
    let mut few = Few::new(3, 1).await;
    few.connect(0, 1).await;
    let rows = some_files(&mut few, 0, 10, 2).await;
    few.settle().await;
    // So both have forgotten a tombstone, and whoever begins with them begins anew.
    few.commit(0, vec![Write::DeleteFiles(vec![rows[0].id])]).await;
    few.commit(0, vec![index(vec![file::Model { modified_ns: 1, ..rows[1].clone() }])]).await;
    few.settle().await;
    assert_eq!(tombstones(&few, 1).await, 0);
    few.disconnect(0, 1).await;
    let row = few.file_in_root(0, 20, "20").await;
    let (file, tag) = (row.id, "t".to_owned());
    few.commit(0, vec![index(vec![row]), tagged("t", "red")]).await;
    few.commit(0, vec![Write::ApplyTag { file, tag }]).await;

    few.connect(0, 2).await;
    while !few.has_file(2, file).await {
        assert!(few.deliver_one().await, "the file never comes");
    }
    few.disconnect(0, 2).await;
    few.connect(1, 2).await;
    few.settle().await;
    assert!(few.has_file(2, file).await);
    few.connect(0, 2).await;
    few.connect(0, 1).await;
    few.settle().await;
    few.assert_the_same().await;
}

#[tokio::test]
async fn a_tombstone_beyond_the_place_to_which_its_stream_went_back_goes_when_all_have_it() {
    let mut few = Few::in_a_row(3, 1).await;
    let rows = some_files(&mut few, 0, 10, 5).await;
    few.settle().await;
    few.disconnect(1, 2).await;
    few.commit(0, vec![Write::DeleteFiles(vec![rows[0].id])]).await;
    few.settle().await;
    assert_eq!(tombstones(&few, 1).await, 1, "it is kept for the third");

    // Not wanted and wanted again before any of them is taken away: they come again from the first.
    let device = few.devices[0].id;
    few.commit(1, vec![Write::Select { device, wanted: false }]).await;
    few.commit(1, vec![Write::Select { device, wanted: true }]).await;
    let position = async |few: &Few| {
        few.devices[1].transactions.kept().await.unwrap().marks.get("file", device).position
    };
    while position(&few).await < 3 {
        assert!(few.deliver_one().await, "they never come again");
    }
    few.devices[1].transactions.prune().await.unwrap();
    few.settle().await;
    assert_eq!(tombstones(&few, 1).await, 1, "the third does not have it yet");
    few.connect(1, 2).await;
    few.settle().await;
    assert_eq!(tombstones(&few, 1).await, 0);
    few.assert_the_same().await;
}
