//! Writes that did not know of each other.

use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

use super::{Few, index, tagged};
use crate::database::entity::{album, content_identity, content_tag, sync_conflict, user_metadata, volume};
use crate::transaction::Write;

async fn conflicts(few: &Few, place: usize) -> Vec<sync_conflict::Model> {
    sync_conflict::Entity::find().all(&few.devices[place].db.reader).await.unwrap()
}

async fn album(few: &Few, place: usize) -> album::Model {
    album::Entity::find().one(&few.devices[place].db.reader).await.unwrap().unwrap()
}

#[tokio::test]
async fn of_two_names_for_one_tag_the_later_counts_and_the_other_can_be_chosen_anywhere() {
    let mut few = Few::in_a_row(2, 100).await;
    few.commit(0, vec![tagged("t", "first")]).await;
    few.settle().await;
    few.disconnect(0, 1).await;
    few.commit(0, vec![tagged("t", "earlier")]).await;
    few.commit(1, vec![tagged("t", "later")]).await;
    few.connect(0, 1).await;
    few.settle().await;
    for place in 0..2 {
        assert_eq!(few.names(place).await, ["later"]);
        let found = conflicts(&few, place).await;
        let [conflict] = found.as_slice() else { panic!("{found:?}") };
        assert!(conflict.won.contains("later") && conflict.lost.contains("earlier"), "{conflict:?}");
        assert_eq!((conflict.won_device, conflict.lost_device), (few.devices[1].id, few.devices[0].id));
    }
    let conflict = conflicts(&few, 0).await.remove(0).resource_id();
    few.commit(0, vec![Write::Resolve { conflict, keep_lost: true }]).await;
    few.settle().await;
    for place in 0..2 {
        assert_eq!(few.names(place).await, ["earlier"]);
        assert_eq!(conflicts(&few, place).await, [], "it is settled everywhere");
    }
    few.assert_the_same().await;
}

#[tokio::test]
async fn writes_that_follow_each_other_are_no_conflict_in_whatever_order_they_come() {
    let mut few = Few::in_a_row(3, 100).await;
    for round in 0..4 {
        for place in 0..3 {
            few.commit(place, vec![tagged("t", &format!("{round} {place}"))]).await;
            few.settle().await;
        }
    }
    for place in 0..3 {
        assert_eq!(few.names(place).await, ["3 2"]);
        assert_eq!(conflicts(&few, place).await, []);
    }
}

#[tokio::test]
async fn keeping_what_counts_settles_a_conflict_on_the_other_device_too() {
    let mut few = Few::in_a_row(2, 100).await;
    few.disconnect(0, 1).await;
    few.commit(0, vec![tagged("t", "earlier")]).await;
    few.commit(1, vec![tagged("t", "later")]).await;
    few.connect(0, 1).await;
    few.settle().await;
    let conflict = conflicts(&few, 1).await.remove(0).resource_id();
    few.commit(1, vec![Write::Resolve { conflict, keep_lost: false }]).await;
    few.settle().await;
    assert_eq!((few.names(0).await, conflicts(&few, 0).await), (vec!["later".to_owned()], vec![]));
}

#[tokio::test]
async fn two_people_change_two_fields_of_an_album_and_both_count() {
    let mut few = Few::in_a_row(2, 100).await;
    let row = few.file_in_root(0, 5, "cover").await;
    let first = album::Model { id: "a".to_owned(), name: "first".to_owned(), cover_id: None, version: 1 };
    let cover_id = Some(row.id);
    few.commit(0, vec![index(vec![row]), Write::Album(first.clone())]).await;
    few.settle().await;
    few.disconnect(0, 1).await;
    few.commit(0, vec![Write::Album(album::Model { name: "renamed".to_owned(), ..first.clone() })]).await;
    few.commit(1, vec![Write::Album(album::Model { cover_id, ..first.clone() })]).await;
    few.connect(0, 1).await;
    few.settle().await;
    for place in 0..2 {
        let album = album(&few, place).await;
        assert_eq!((album.name.as_str(), album.cover_id), ("renamed", cover_id));
        assert_eq!(conflicts(&few, place).await, []);
    }
    // The same field is a conflict, about that field alone.
    few.disconnect(0, 1).await;
    for (place, name) in ["one", "other"].into_iter().enumerate() {
        few.commit(
            place,
            vec![Write::Album(album::Model { name: name.to_owned(), ..album(&few, place).await })],
        )
        .await;
    }
    few.connect(0, 1).await;
    few.settle().await;
    let found = conflicts(&few, 0).await;
    assert_eq!((found.len(), found[0].field.as_str(), found[0].lost.as_str()), (1, "name", "\"one\""));
    few.assert_the_same().await;
}

#[tokio::test]
async fn a_deletion_wins_over_an_edit_that_did_not_know_of_it_and_leaves_nothing_behind() {
    let mut few = Few::in_a_row(2, 100).await;
    let row = few.file_in_root(0, 5, "file").await;
    let (file, tag) = (row.id, "t".to_owned());
    few.commit(0, vec![index(vec![row]), tagged("t", "t"), Write::ApplyTag { file, tag: tag.clone() }]).await;
    few.settle().await;
    few.disconnect(0, 1).await;
    few.commit(0, vec![Write::DeleteTag(tag)]).await;
    few.commit(1, vec![tagged("t", "edited later")]).await;
    few.connect(0, 1).await;
    few.settle().await;
    for place in 0..2 {
        assert_eq!(few.names(place).await, Vec::<String>::new());
        assert_eq!(conflicts(&few, place).await, [], "what is gone is not argued about");
    }
    few.assert_the_same().await;
}

#[tokio::test]
async fn an_entry_and_what_is_said_about_it_lead_to_each_other_on_all_devices() {
    let mut few = Few::in_a_row(3, 1).await;
    let row = few.file_in_root(0, 5, "file").await;
    let file = row.id;
    few.commit(0, vec![index(vec![row])]).await;
    few.settle().await;
    // Said far away; only the owner writes the entry.
    few.commit(2, vec![Write::Favorite { file, favorite: true }]).await;
    few.settle().await;
    for device in &few.devices {
        let row = device.files().await.into_iter().find(|row| row.id == file).unwrap();
        assert_eq!((row.metadata_id, row.favorite), (Some(file), true));
        assert_eq!(user_metadata::Entity::find().count(&device.db.reader).await.unwrap(), 1);
    }
    few.assert_the_same().await;
    // Both go together.
    few.commit(0, vec![Write::DeleteFiles(vec![file])]).await;
    few.settle().await;
    for device in &few.devices {
        assert_eq!(user_metadata::Entity::find().count(&device.db.reader).await.unwrap(), 0);
    }
    few.assert_the_same().await;
}

#[tokio::test]
async fn a_content_that_two_devices_find_is_one_and_was_seen_when_the_first_saw_it() {
    let mut few = Few::in_a_row(2, 100).await;
    few.disconnect(0, 1).await;
    let found = |first_seen_ns| {
        let (id, hash) = (Uuid::from_u128(77), "aa".to_owned());
        Write::Content(content_identity::Model { id, hash, size: 1, first_seen_ns, version: 1 })
    };
    few.commit(0, vec![found(5)]).await;
    few.commit(1, vec![found(9)]).await;
    few.connect(0, 1).await;
    few.settle().await;
    for device in &few.devices {
        let rows = content_identity::Entity::find().all(&device.db.reader).await.unwrap();
        assert_eq!((rows.len(), rows[0].first_seen_ns), (1, 5));
    }
    few.assert_the_same().await;
}

#[tokio::test]
async fn a_tag_for_a_content_that_is_not_known_yet_waits_until_its_owner_knows_it() {
    let mut few = Few::in_a_row(2, 100).await;
    let row = few.file_in_root(0, 5, "file").await;
    let file = row.id;
    few.commit(0, vec![index(vec![row]), tagged("t", "t")]).await;
    few.settle().await;
    few.commit(1, vec![Write::TagContentLater { file, tag: "t".to_owned() }]).await;
    few.settle().await;
    assert_eq!(content_tag::Entity::find().count(&few.devices[1].db.reader).await.unwrap(), 0);
    // The owner looks into it.
    let id = Uuid::from_u128(77);
    let content =
        content_identity::Model { id, hash: "aa".to_owned(), size: 1, first_seen_ns: 1, version: 1 };
    let looked = few.devices[0].transactions.with_tx(|tx| {
        Box::pin(async move {
            tx.execute(
                "UPDATE files SET content_id = ?, version = version + 1 WHERE id = ?",
                [id.into(), file.into()],
            )
            .await?;
            tx.write(Write::Content(content)).await?;
            tx.record("file", vec![file.to_string()]).await
        })
    });
    looked.await.unwrap();
    few.commit(0, vec![]).await;
    few.settle().await;
    for device in &few.devices {
        let links = content_tag::Entity::find().all(&device.db.reader).await.unwrap();
        assert_eq!(
            links.iter().map(|link| (link.content_id, link.tag_id.as_str())).collect::<Vec<_>>(),
            [(id, "t")]
        );
    }
    few.assert_the_same().await;
}

#[tokio::test]
async fn a_disk_that_should_not_sync_stays_on_its_device_and_goes_when_it_should_no_more() {
    let mut few = Few::in_a_row(2, 100).await;
    let device_id = few.devices[0].id;
    let disk = |id: u128, total_bytes| {
        let (name, mount_point) = ("disk".to_owned(), "/".to_owned());
        Write::Volume(volume::Model {
            id: Uuid::from_u128(id),
            device_id,
            name,
            mount_point,
            total_bytes,
            version: 1,
        })
    };
    let there = async |few: &Few| volume::Entity::find().count(&few.devices[1].db.reader).await.unwrap();
    few.commit(0, vec![disk(1, 0), disk(2, 100)]).await;
    few.settle().await;
    assert_eq!(there(&few).await, 1);
    few.commit(0, vec![disk(2, 0)]).await;
    few.settle().await;
    assert_eq!(there(&few).await, 0);
}
