//! Folders that move.

use std::time::Instant;

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use uuid::Uuid;

use super::{Few, index};
use crate::database::entity::file;
use crate::sync::simulation::device::entry;
use crate::transaction::Write;

async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    db.query_one_raw(statement).await.unwrap().unwrap().try_get_by(0).unwrap()
}

/// `depth` folders in each other, and in the innermost `count` entries, every hundredth of them a folder.
async fn deep(few: &Few, depth: u128, count: u128) -> Vec<file::Model> {
    let device = &few.devices[0];
    let mut rows = vec![few.file_in_root(0, 1_000_000, "top").await];
    rows[0].is_dir = true;
    for level in 1..depth {
        let above = rows.last().unwrap().clone();
        rows.push(entry(
            device.location,
            Some(&above),
            Uuid::from_u128(1_000_000 + level),
            &format!("d{level}"),
            true,
        ));
    }
    let above = rows.last().unwrap().clone();
    for place in 0..count {
        let id = Uuid::from_u128(2_000_000 + place);
        rows.push(entry(device.location, Some(&above), id, &format!("e{place}"), place % 100 == 0));
    }
    rows
}

#[tokio::test]
async fn a_folder_of_10000_entries_moves_on_all_devices_at_the_cost_of_its_folders_and_paths() {
    let mut few = Few::in_a_row(2, 500).await;
    let mut rows = deep(&few, 5, 10_000).await;
    let mut target = few.file_in_root(0, 9_000_000, "target").await;
    target.is_dir = true;
    rows.push(target.clone());
    for some in rows.chunks(1_000) {
        few.commit(0, vec![index(some.to_vec())]).await;
    }
    few.settle().await;
    let before = number(&few.devices[0].db.reader, "SELECT count(*) FROM folder_closure").await;

    rows.pop();
    rows[0].parent_id = Some(target.id);
    for row in &mut rows {
        row.path = format!("target/{}", row.path);
    }
    let sequence = few.devices[0].files().await.len();
    let began = Instant::now();
    few.commit(0, vec![index(rows)]).await;
    let moved = began.elapsed();
    let began = Instant::now();
    few.settle().await;
    println!(
        "10,000 entries moved here in {moved:?}, and {sequence} rows on the other device in {:?}",
        began.elapsed()
    );
    for device in &few.devices {
        let db = &device.db.reader;
        // One folder more is above each of the 105 folders in it.
        let after = number(db, "SELECT count(*) FROM folder_closure").await;
        assert_eq!(after - before, 105);
        let misplaced = "SELECT count(*) FROM files WHERE id >= x'00' AND name LIKE 'e%' AND path NOT LIKE 'target/top/d1/%'";
        assert_eq!(number(db, misplaced).await, 0);
        let below = "SELECT count(*) FROM files WHERE parent_id IN (SELECT descendant FROM folder_closure \
                     JOIN files AS top ON top.id = ancestor WHERE top.name = 'target')";
        assert_eq!(number(db, below).await, 10_005);
    }
    few.assert_the_same().await;
}

#[tokio::test]
async fn what_came_before_the_folder_that_it_is_in_goes_with_that_if_the_folder_never_comes() {
    let mut few = Few::new(2, 1).await;
    let mut top = few.file_in_root(0, 5, "top").await;
    top.is_dir = true;
    let location = few.devices[0].location;
    let middle = entry(location, Some(&top), Uuid::from_u128(6), "middle", true);
    let file = entry(location, Some(&middle), Uuid::from_u128(7), "file", false);
    let all = [top.id, middle.id, file.id];
    few.commit(0, vec![index(vec![top, middle.clone(), file.clone()])]).await;
    // The folder is newer than what is in it.
    few.commit(0, vec![index(vec![file::Model { modified_ns: 1, ..middle.clone() }])]).await;
    few.connect(0, 1).await;
    while !few.has_file(1, file.id).await {
        assert!(few.deliver_one().await, "the file never comes");
    }
    assert!(!few.has_file(1, middle.id).await);
    few.disconnect(0, 1).await;
    few.commit(0, vec![Write::DeleteFiles(all.to_vec())]).await;
    few.connect(0, 1).await;
    few.settle().await;
    assert!(!few.has_file(1, file.id).await);
    few.assert_the_same().await;
}
