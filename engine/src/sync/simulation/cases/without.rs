//! Devices that do without shared models.

use sea_orm::{EntityTrait, PaginatorTrait};

use super::{Few, index, tagged};
use crate::database::entity::{
    album, album_entry, file_tag, sync_change, sync_shared, sync_waiting, tag, user_metadata,
};
use crate::sync::marks::Positions;
use crate::sync::message::Message;
use crate::transaction::Write;

async fn count<E: EntityTrait>(few: &Few, place: usize) -> u64
where
    E::Model: Sync,
{
    E::find().count(&few.devices[place].db.reader).await.unwrap()
}

/// What a device has that keeps a model which this one wants to let go of.
async fn keeper(few: &mut Few, on: usize, model: &str) -> Option<Positions> {
    assert!(few.devices[on].session.wants_to_let_go(model));
    ask(few, on).await;
    few.devices[on].session.kept_elsewhere().map(|(_, kept)| kept)
}

async fn ask(few: &mut Few, on: usize) {
    let post = few.devices[on].session.tick().await.unwrap();
    few.post(on, post);
    while few.deliver_one().await {}
}

/// Lets a device do without a model, and takes away what it has of it.
async fn let_go(few: &mut Few, on: usize, model: &str) {
    let kept = keeper(few, on, model).await.expect("another device has all of it");
    few.commit(on, vec![Write::SelectModel { model: model.to_owned(), wanted: false, kept }]).await;
    few.devices[on].session.stay_with();
    while few.devices[on].transactions.evict_models(2).await.unwrap() > 0 {
        few.devices[on].read_events().await;
    }
}

async fn want_again(few: &mut Few, on: usize, model: &str) {
    let write = Write::SelectModel { model: model.to_owned(), wanted: true, kept: Default::default() };
    few.commit(on, vec![write]).await;
}

fn trip(name: &str) -> Write {
    Write::Album(album::Model { id: "trip".to_owned(), name: name.to_owned(), cover_id: None, version: 1 })
}

/// Devices in a row that have a file of the first with the tags `a`, made by the first, and `b`, made by the second, in an album.
async fn tagged_file(count: usize, batch: u64) -> (Few, uuid::Uuid) {
    let mut few = Few::in_a_row(count, batch).await;
    let row = few.file_in_root(0, 5, "file").await;
    let file = row.id;
    few.commit(0, vec![index(vec![row]), tagged("a", "a")]).await;
    few.commit(0, vec![Write::ApplyTag { file, tag: "a".to_owned() }, trip("Trip")]).await;
    few.settle().await;
    few.commit(1, vec![tagged("b", "b"), Write::ApplyTag { file, tag: "b".to_owned() }]).await;
    few.commit(1, vec![Write::AddToAlbum { album: "trip".to_owned(), file }]).await;
    few.settle().await;
    few.assert_the_same().await;
    (few, file)
}

#[tokio::test]
async fn a_model_that_is_not_wanted_is_not_sent_and_not_kept_and_comes_again_with_what_was_undone_meanwhile()
{
    let (mut few, file) = tagged_file(2, 3).await;
    let_go(&mut few, 1, "tag").await;
    few.settle().await;
    assert_eq!((count::<tag::Entity>(&few, 1).await, count::<file_tag::Entity>(&few, 1).await), (0, 0));
    assert_eq!((count::<tag::Entity>(&few, 0).await, count::<file_tag::Entity>(&few, 0).await), (2, 2));
    few.brought.clear();
    // A tag that it made itself goes, a link is undone, and there is more than there was.
    few.commit(0, vec![Write::DeleteTag("b".to_owned()), tagged("c", "c")]).await;
    few.commit(0, vec![Write::ApplyTag { file, tag: "c".to_owned() }, trip("Journey")]).await;
    few.commit(0, vec![Write::RemoveTag { file, tag: "a".to_owned() }]).await;
    few.settle().await;
    let brought: usize = few.brought.iter().filter(|(to, _)| *to == 1).map(|(_, count)| count).sum();
    assert_eq!(brought, 1, "the name of the album");
    assert_eq!(count::<sync_change::Entity>(&few, 0).await, 0, "nothing is kept for it");
    let standings = few.devices[0].session.standings().await.unwrap();
    assert_eq!(standings[&few.devices[1].id].pending, 0);
    let standings = few.devices[1].session.standings().await.unwrap();
    assert!(!standings[&few.devices[0].id].is_ahead, "it has all that it wants");

    want_again(&mut few, 1, "tag").await;
    assert!(
        few.devices[1].session.blocked().await.unwrap().coming.contains("tag"),
        "its own has to come first"
    );
    few.settle().await;
    assert!(few.devices[1].session.blocked().await.unwrap().coming.is_empty());
    assert_eq!(few.names(1).await, ["a", "c"]);
    few.commit(1, vec![tagged("d", "d"), Write::ApplyTag { file, tag: "d".to_owned() }]).await;
    few.settle().await;
    assert_eq!(few.names(0).await, ["a", "c", "d"]);
    few.assert_the_same().await;
}

#[tokio::test]
async fn who_does_without_a_model_passes_on_all_others_and_holds_up_nobody() {
    let (mut few, file) = tagged_file(3, 3).await;
    let_go(&mut few, 1, "album").await;
    few.settle().await;
    few.commit(0, vec![trip("Journey"), tagged("c", "c"), Write::Favorite { file, favorite: true }]).await;
    few.settle().await;
    assert_eq!(few.names(2).await, ["a", "b", "c"]);
    assert_eq!(count::<user_metadata::Entity>(&few, 2).await, 1);
    let names = |rows: Vec<album::Model>| rows.into_iter().map(|row| row.name).collect::<Vec<_>>();
    let albums = async |few: &Few, place: usize| {
        names(album::Entity::find().all(&few.devices[place].db.reader).await.unwrap())
    };
    assert_eq!((albums(&few, 1).await, albums(&few, 2).await), (vec![], vec!["Trip".to_owned()]));
    // What does not go through the second goes where the two meet.
    few.connect(0, 2).await;
    few.settle().await;
    assert_eq!(albums(&few, 2).await, ["Journey"]);
    want_again(&mut few, 1, "album").await;
    few.settle().await;
    few.assert_the_same().await;
}

#[tokio::test]
async fn what_no_other_device_has_is_not_let_go_of() {
    let (mut few, file) = tagged_file(2, 3).await;
    few.disconnect(0, 1).await;
    assert!(!few.devices[1].session.is_kept("tag").await.unwrap(), "nobody is there");
    few.connect(0, 1).await;
    few.settle().await;
    // Made here, and not known there yet.
    let kept = keeper(&mut few, 1, "tag").await.unwrap();
    few.commit(1, vec![tagged("c", "c"), Write::ApplyTag { file, tag: "c".to_owned() }]).await;
    assert!(!few.devices[1].session.is_kept("tag").await.unwrap());
    let write = Write::SelectModel { model: "tag".to_owned(), wanted: false, kept };
    few.devices[1].transactions.commit(vec![write], None).await.unwrap_err();
    few.devices[1].session.stay_with();
    few.settle().await;
    let_go(&mut few, 1, "tag").await;
    few.settle().await;
    // Who does without it is no one to rely on.
    assert!(!few.devices[0].session.is_kept("tag").await.unwrap());
    assert!(few.devices[0].session.is_kept("album").await.unwrap());
}

#[tokio::test]
async fn nothing_is_written_of_a_model_that_is_not_wanted() {
    let (mut few, file) = tagged_file(2, 3).await;
    let_go(&mut few, 1, "tag").await;
    for write in [tagged("x", "x"), Write::ApplyTag { file, tag: "a".to_owned() }] {
        let wrong = few.devices[1].transactions.commit(vec![write], None).await.unwrap_err();
        assert!(wrong.to_string().contains("not here"), "{wrong}");
    }
    few.commit(1, vec![Write::Favorite { file, favorite: true }]).await;
    few.settle().await;
    assert_eq!(count::<user_metadata::Entity>(&few, 0).await, 1);
}

#[tokio::test]
async fn a_choice_that_changes_in_the_middle_of_a_fetch_leaves_nothing_out() {
    for stop in 1..8 {
        let mut few = Few::new(2, 1).await;
        for number in 0..6 {
            let name = number.to_string();
            few.commit(
                0,
                vec![
                    tagged(&name, &name),
                    Write::Album(album::Model { id: name.clone(), name, cover_id: None, version: 1 }),
                ],
            )
            .await;
        }
        few.connect(0, 1).await;
        let mut pages = 0;
        while pages < stop {
            let Some((from, _, bytes)) = few.on_the_way.front() else { break };
            pages +=
                usize::from(*from == 0 && matches!(Message::decode(bytes).unwrap(), Message::Rows { .. }));
            few.deliver_one().await;
        }
        // It is let go of, and wanted again before the other has heard of it.
        let kept = crate::sync::marks::Marks::load(&few.devices[0].db.reader).await.unwrap().positions();
        few.commit(1, vec![Write::SelectModel { model: "album".to_owned(), wanted: false, kept }]).await;
        while few.devices[1].transactions.evict_models(3).await.unwrap() > 0 {
            few.devices[1].read_events().await;
        }
        if stop % 2 == 0 {
            few.on_the_way.clear();
        }
        want_again(&mut few, 1, "album").await;
        few.settle().await;
        few.settle().await;
        assert_eq!(count::<album::Entity>(&few, 1).await, 6, "stopped at page {stop}");
        few.assert_the_same().await;
    }
}

#[tokio::test]
async fn under_a_leader_that_does_without_a_model_the_others_have_it_from_each_other() {
    let (mut few, _) = tagged_file(3, 3).await;
    few.connect(0, 2).await;
    few.settle().await;
    few.devices[0].session.lead().await.unwrap();
    few.settle().await;
    let_go(&mut few, 0, "album").await;
    few.settle().await;
    few.commit(1, vec![trip("Journey"), tagged("c", "c")]).await;
    few.settle().await;
    let there = album::Entity::find_by_id("trip").one(&few.devices[2].db.reader).await.unwrap();
    assert_eq!(there.unwrap().name, "Journey");
    assert_eq!(
        (few.names(0).await, few.names(2).await.len()),
        (["a", "b", "c"].map(str::to_owned).to_vec(), 3)
    );
    assert_eq!(count::<album::Entity>(&few, 0).await, 0);
    want_again(&mut few, 0, "album").await;
    few.settle().await;
    few.settle().await;
    few.assert_the_same().await;
}

#[tokio::test]
async fn a_follower_does_without_a_model_and_gets_it_again() {
    let (mut few, file) = tagged_file(2, 3).await;
    few.devices[0].session.lead().await.unwrap();
    few.settle().await;
    let_go(&mut few, 1, "tag").await;
    few.settle().await;
    few.commit(0, vec![Write::RemoveTag { file, tag: "b".to_owned() }, tagged("c", "c"), trip("Journey")])
        .await;
    few.settle().await;
    assert_eq!((count::<tag::Entity>(&few, 1).await, count::<album_entry::Entity>(&few, 1).await), (0, 1));
    want_again(&mut few, 1, "tag").await;
    few.settle().await;
    few.settle().await;
    assert_eq!(few.names(1).await, ["a", "b", "c"]);
    few.assert_the_same().await;
}

#[tokio::test]
async fn files_and_what_is_said_of_them_may_both_be_unwanted_and_come_again_in_either_order() {
    for files_first in [true, false] {
        let (mut few, _) = tagged_file(2, 3).await;
        let device = few.devices[0].id;
        let_go(&mut few, 1, "tag").await;
        few.commit(1, vec![Write::Select { device, wanted: false }]).await;
        while few.devices[1].transactions.evict(device, 2).await.unwrap() > 0 {
            few.devices[1].read_events().await;
        }
        few.settle().await;
        assert_eq!(count::<sync_waiting::Entity>(&few, 1).await, 1, "of the album only");
        let left = sync_shared::Entity::find().all(&few.devices[1].db.reader).await.unwrap();
        assert!(left.iter().all(|known| known.model == "album"), "{left:?}");
        if files_first {
            few.commit(1, vec![Write::Select { device, wanted: true }]).await;
            few.settle().await;
        }
        want_again(&mut few, 1, "tag").await;
        few.settle().await;
        if !files_first {
            few.commit(1, vec![Write::Select { device, wanted: true }]).await;
            few.settle().await;
        }
        few.assert_the_same().await;
    }
}

#[tokio::test]
async fn of_two_that_let_go_of_a_model_at_the_same_moment_neither_relies_on_the_other() {
    let (mut few, _) = tagged_file(2, 3).await;
    for place in [0, 1] {
        assert!(few.devices[place].session.wants_to_let_go("tag"));
        assert!(few.devices[place].session.is_kept("tag").await.unwrap(), "so the other has said");
    }
    for place in [0, 1, 0] {
        ask(&mut few, place).await;
    }
    for place in [0, 1] {
        assert_eq!(few.devices[place].session.kept_elsewhere(), None);
        few.devices[place].session.stay_with();
    }
    // Who says that it keeps it does so when it wants to let go of it itself the moment after.
    let kept = keeper(&mut few, 1, "tag").await.unwrap();
    assert_eq!(keeper(&mut few, 0, "tag").await, None);
    few.devices[0].session.stay_with();
    few.commit(1, vec![Write::SelectModel { model: "tag".to_owned(), wanted: false, kept }]).await;
    few.devices[1].session.stay_with();
    assert_eq!(keeper(&mut few, 0, "tag").await, None, "the other does without it");
    few.devices[0].session.stay_with();
    few.settle().await;
    want_again(&mut few, 1, "tag").await;
    few.settle().await;
    assert_eq!(few.names(1).await, ["a", "b"]);
    few.assert_the_same().await;
}

#[tokio::test]
async fn what_a_device_said_of_an_earlier_wish_does_not_count() {
    let (mut few, _) = tagged_file(2, 3).await;
    assert!(few.devices[1].session.wants_to_let_go("tag"));
    let post = few.devices[1].session.tick().await.unwrap();
    few.post(1, post);
    // The answer is on its way.
    while !few
        .on_the_way
        .iter()
        .any(|(from, _, bytes)| *from == 0 && matches!(Message::decode(bytes).unwrap(), Message::Kept { .. }))
    {
        assert!(few.deliver_one().await, "it answers");
    }
    few.devices[1].session.stay_with();
    assert!(few.devices[1].session.wants_to_let_go("tag"));
    while few.deliver_one().await {}
    assert_eq!(few.devices[1].session.kept_elsewhere(), None);
    ask(&mut few, 1).await;
    assert!(few.devices[1].session.kept_elsewhere().is_some());
}

#[tokio::test]
async fn a_follower_that_lets_go_of_a_model_in_the_middle_of_the_log_and_wants_it_again_gets_it() {
    let mut few = Few::led(2, 1).await;
    let mut rows = Vec::new();
    for number in 0..20 {
        rows.push(few.file_in_root(0, 5_000 + number, &number.to_string()).await);
    }
    few.commit(0, vec![index(rows), tagged("a", "a")]).await;
    // Tags do not stand in line behind files.
    while few.names(1).await.is_empty() {
        assert!(few.deliver_one().await, "the tag never comes");
    }
    assert!(few.devices[1].files().await.len() < 20, "it is in the middle");
    let kept = few.devices[0].transactions.kept().await.unwrap().positions;
    let kept = Positions::clone(&kept);
    few.commit(1, vec![Write::SelectModel { model: "tag".to_owned(), wanted: false, kept }]).await;
    while few.devices[1].transactions.evict_models(2).await.unwrap() > 0 {
        few.devices[1].read_events().await;
    }
    want_again(&mut few, 1, "tag").await;
    few.settle().await;
    assert_eq!(few.names(1).await, ["a"]);
    few.assert_the_same().await;
}
