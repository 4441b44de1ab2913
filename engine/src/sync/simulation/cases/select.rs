//! Devices that do not want everything.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{Few, some_files, tagged};
use crate::database::entity::{file_tag, sync_ack, sync_owned, sync_waiting, user_metadata};
use crate::sync::message::Message;
use crate::transaction::Write;

/// The files of a device that are on another.
async fn files_of(few: &Few, of: usize, on: usize) -> usize {
    let location = few.devices[of].location;
    few.devices[on].files().await.into_iter().filter(|file| file.location_id == location).count()
}

async fn tags_on(few: &Few, place: usize, file: Uuid) -> Vec<String> {
    let links = file_tag::Entity::find().filter(file_tag::Column::FileId.eq(file));
    links.all(&few.devices[place].db.reader).await.unwrap().into_iter().map(|link| link.tag_id).collect()
}

async fn waiting(few: &Few, place: usize) -> u64 {
    sync_waiting::Entity::find().count(&few.devices[place].db.reader).await.unwrap()
}

/// Says whether `on` wants the files of `of`, and takes those away that it does not.
async fn select(few: &mut Few, on: usize, of: usize, wanted: bool) {
    let device = few.devices[of].id;
    few.commit(on, vec![Write::Select { device, wanted }]).await;
    while few.devices[on].transactions.evict(device, 2).await.unwrap() > 0 {
        few.devices[on].read_events().await;
    }
}

#[tokio::test]
async fn what_is_not_wanted_is_not_sent_and_comes_when_it_is_wanted() {
    let mut few = Few::in_a_row(2, 3).await;
    select(&mut few, 1, 0, false).await;
    few.settle().await;
    assert_eq!(files_of(&few, 0, 1).await, 0, "what was here is taken away");
    few.brought.clear();
    some_files(&mut few, 0, 10, 7).await;
    few.settle().await;
    assert_eq!(files_of(&few, 0, 1).await, 0);
    let brought: usize = few.brought.iter().filter(|(to, _)| *to == 1).map(|(_, count)| count).sum();
    assert_eq!(brought, 1, "of the location only, which counts its files");
    assert_eq!(few.devices[0].session.standings().await.unwrap()[&few.devices[1].id].pending, 0);
    let standings = few.devices[1].session.standings().await.unwrap();
    let standing = standings[&few.devices[0].id];
    assert!(!standing.is_ahead && standing.lacking == 0, "it has all that it wants: {standing:?}");

    select(&mut few, 1, 0, true).await;
    few.settle().await;
    assert_eq!(files_of(&few, 0, 1).await, 8, "with the folder itself");
    few.assert_the_same().await;
}

#[tokio::test]
async fn files_that_one_device_does_not_want_stay_with_the_others_and_with_what_is_said_of_them() {
    let mut few = Few::in_a_row(3, 50).await;
    let rows = some_files(&mut few, 0, 10, 5).await;
    few.settle().await;
    let (file, other) = (rows[0].id, rows[1].id);
    few.commit(1, vec![tagged("t", "one"), Write::ApplyTag { file, tag: "t".to_owned() }]).await;
    few.commit(2, vec![Write::Favorite { file, favorite: true }]).await;
    few.settle().await;

    select(&mut few, 1, 0, false).await;
    few.settle().await;
    assert_eq!(
        (files_of(&few, 0, 0).await, files_of(&few, 0, 1).await, files_of(&few, 0, 2).await),
        (6, 0, 6)
    );
    assert_eq!(tags_on(&few, 0, file).await, ["t"]);
    assert_eq!(tags_on(&few, 2, file).await, ["t"]);
    // What is said from now on about files that are not here goes on through here, and holds up nothing.
    few.commit(0, vec![Write::ApplyTag { file: other, tag: "t".to_owned() }]).await;
    few.commit(2, vec![Write::RemoveTag { file, tag: "t".to_owned() }, tagged("u", "two")]).await;
    few.settle().await;
    assert_eq!((tags_on(&few, 2, other).await, tags_on(&few, 0, file).await), (vec!["t".to_owned()], vec![]));
    assert_eq!(few.names(1).await, ["one", "two"]);
    assert!(waiting(&few, 1).await > 0, "it is kept");

    select(&mut few, 1, 0, true).await;
    few.settle().await;
    assert_eq!((tags_on(&few, 1, other).await, tags_on(&few, 1, file).await), (vec!["t".to_owned()], vec![]));
    assert_eq!(waiting(&few, 1).await, 0);
    few.assert_the_same().await;
}

#[tokio::test]
async fn a_new_device_that_is_filled_by_one_without_the_files_still_gets_what_is_said_of_them() {
    let mut few = Few::new(3, 2).await;
    few.connect(0, 1).await;
    let rows = some_files(&mut few, 0, 10, 4).await;
    few.settle().await;
    let (tagged_file, favorite) = (rows[0].id, rows[1].id);
    few.commit(1, vec![tagged("t", "one"), Write::ApplyTag { file: tagged_file, tag: "t".to_owned() }]).await;
    few.commit(1, vec![Write::Favorite { file: favorite, favorite: true }]).await;
    few.settle().await;
    select(&mut few, 1, 0, false).await;
    few.settle().await;
    few.disconnect(0, 1).await;

    // All that the third can be told comes from the second, whose log has been pruned.
    few.connect(1, 2).await;
    few.settle().await;
    assert_eq!(files_of(&few, 0, 2).await, 0);
    few.disconnect(1, 2).await;
    few.connect(0, 2).await;
    few.settle().await;
    assert_eq!(files_of(&few, 0, 2).await, 5);
    assert_eq!(tags_on(&few, 2, tagged_file).await, ["t"]);
    let said = user_metadata::Entity::find_by_id(favorite).one(&few.devices[2].db.reader).await.unwrap();
    assert!(said.is_some_and(|said| said.favorite));
    assert_eq!(waiting(&few, 2).await, 0);
}

#[tokio::test]
async fn a_file_that_was_deleted_meanwhile_does_not_come_back_and_nothing_waits_for_it() {
    let mut few = Few::in_a_row(2, 50).await;
    let rows = some_files(&mut few, 0, 10, 3).await;
    few.settle().await;
    few.commit(1, vec![tagged("t", "one"), Write::ApplyTag { file: rows[0].id, tag: "t".to_owned() }]).await;
    few.settle().await;
    select(&mut few, 1, 0, false).await;
    few.settle().await;
    few.commit(0, vec![Write::DeleteFiles(vec![rows[0].id])]).await;
    few.settle().await;
    // Its tombstone is kept for nobody: who wants nothing of it has all of it.
    let gone = sync_owned::Column::State.eq(sync_owned::State::Gone);
    let tombstones = sync_owned::Entity::find().filter(gone).count(&few.devices[0].db.reader).await.unwrap();
    assert_eq!(tombstones, 0);
    assert_eq!(
        sync_ack::Entity::find()
            .filter(sync_ack::Column::Position.eq(i64::MAX))
            .count(&few.devices[0].db.reader)
            .await
            .unwrap(),
        1
    );

    select(&mut few, 1, 0, true).await;
    few.settle().await;
    assert_eq!((files_of(&few, 0, 1).await, waiting(&few, 1).await), (3, 0));
    few.assert_the_same().await;
}

#[tokio::test]
async fn it_may_be_wanted_again_before_all_of_it_is_taken_away() {
    let mut few = Few::in_a_row(2, 50).await;
    let rows = some_files(&mut few, 0, 10, 9).await;
    few.settle().await;
    let device = few.devices[0].id;
    few.commit(1, vec![Write::Select { device, wanted: false }]).await;
    assert_eq!(few.devices[1].transactions.evict(device, 4).await.unwrap(), 4);
    few.devices[1].read_events().await;
    few.commit(0, vec![Write::DeleteFiles(vec![rows[0].id, rows[8].id])]).await;
    few.commit(1, vec![Write::Select { device, wanted: true }]).await;
    assert_eq!(few.devices[1].transactions.evict(device, 4).await.unwrap(), 0, "it is wanted");
    few.settle().await;
    assert_eq!(files_of(&few, 0, 1).await, 8);
    few.assert_the_same().await;
}

#[tokio::test]
async fn nobody_is_asked_for_rows_that_are_not_wanted() {
    let mut few = Few::in_a_row(2, 50).await;
    let rows = some_files(&mut few, 0, 10, 1).await;
    few.settle().await;
    select(&mut few, 1, 0, false).await;
    few.settle().await;
    few.commit(0, vec![tagged("t", "one"), Write::ApplyTag { file: rows[0].id, tag: "t".to_owned() }]).await;
    while let Some((from, _, bytes)) = few.on_the_way.front() {
        let message = Message::decode(bytes).unwrap();
        assert!(*from == 0 || !matches!(message, Message::Missing { .. }), "{message:?}");
        few.deliver_one().await;
    }
    assert_eq!(waiting(&few, 1).await, 1);
}
