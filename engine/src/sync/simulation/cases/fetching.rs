//! Devices that the log left behind, and what reaches them while they fetch all shared rows.

use sea_orm::{EntityTrait, PaginatorTrait};

use super::{Few, index, tagged};
use crate::database::entity::{album, album_entry, sync_shared};
use crate::transaction::Write;

async fn entries(few: &Few, place: usize) -> u64 {
    album_entry::Entity::find().count(&few.devices[place].db.reader).await.unwrap()
}

#[tokio::test]
async fn a_link_that_one_device_undid_stays_undone_where_another_that_does_not_know_it_is_fetched_from_too() {
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
    few.settle().await;
    few.disconnect(0, 1).await;
    few.commit(1, vec![Write::RemoveFromAlbum { album: album.clone(), file }]).await;

    // The third has read there that the entry is not in the album any more, and not yet all the rest.
    few.connect(1, 2).await;
    let key = ("album_entry".to_owned(), format!("{album}/{file}"));
    while sync_shared::Entity::find_by_id(key.clone()).one(&few.devices[2].db.reader).await.unwrap().is_none()
    {
        assert!(few.deliver_one().await, "the third never hears of it");
    }
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
