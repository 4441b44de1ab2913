//! Very many entries at once.

use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};
use uuid::Uuid;

use super::{Few, tagged};
use crate::database::entity::{file, sync_log, sync_owned};
use crate::transaction::{Bulk, Write};

async fn rows(few: &Few, count: u128) -> Vec<file::Model> {
    let first = few.file_in_root(0, 1_000_000, "").await;
    let row = |number: u128| {
        let name = format!("f{number}");
        file::Model { id: Uuid::from_u128(1_000_000 + number), path: name.clone(), name, ..first.clone() }
    };
    (0..count).map(row).collect()
}

#[tokio::test]
async fn a_bulk_index_of_100000_entries_is_one_entry_of_the_log_and_one_event() {
    let mut few = Few::new(1, 500).await;
    let rows = rows(&few, 100_000).await;
    let device = &few.devices[0];
    let before = sync_log::Entity::find().count(&device.db.reader).await.unwrap();
    let head = device.transactions.commit(vec![], None).await.unwrap();
    let sequence = device.transactions.commit_bulk(rows, "index").await.unwrap();
    assert_eq!(sequence, head + 1, "one event");
    let log = sync_log::Entity::find().order_by_desc(sync_log::Column::Sequence);
    let log = log.all(&device.db.reader).await.unwrap();
    assert_eq!(log.len() as u64, before + 1, "one entry");
    let bulk: Bulk = serde_json::from_str(log[0].bulk.as_deref().unwrap()).unwrap();
    assert_eq!((bulk.count, bulk.mode.as_str(), log[0].resources), (100_000, "index", 100_000));
    let event: serde_json::Value = serde_json::from_str(&log[0].event).unwrap();
    assert_eq!(event["kind"]["type"], "BulkOperationCompleted");
    assert_eq!(event["kind"]["data"]["operation_token"], bulk.token.to_string());
    assert!(log[0].event.len() < 1_000, "it carries no rows: {}", log[0].event.len());
    // Each has a version of its own, by which others fetch what they do not have.
    assert_eq!(sync_owned::Entity::find().count(&device.db.reader).await.unwrap(), 100_000 + 3);
    few.devices[0].read_events().await;
    assert_eq!(few.devices[0].client.keys().filter(|(kind, _)| kind == "file").count(), 100_001);
}

#[tokio::test]
async fn other_devices_get_the_rows_of_a_bulk_index_and_clients_what_became_of_them() {
    let mut few = Few::in_a_row(2, 500).await;
    let rows = rows(&few, 3_000).await;
    let (gone, mut changed) = (rows[5].id, rows[6].clone());
    few.devices[0].transactions.commit_bulk(rows, "index").await.unwrap();
    // Written again before any client has read the event.
    changed.size = 9;
    let writes = vec![
        Write::DeleteFiles(vec![gone]),
        super::index(vec![changed.clone()]),
        tagged("t", "t"),
        Write::ApplyTag { file: changed.id, tag: "t".to_owned() },
    ];
    few.commit(0, writes).await;
    few.settle().await;
    few.assert_the_same().await;
    assert_eq!(few.devices[1].files().await.len(), 2 + 2_999);
    // Clients of the other device are told of full messages by one event each.
    let log = sync_log::Entity::find().all(&few.devices[1].db.reader).await.unwrap();
    assert_eq!(
        log.iter().filter(|event| event.bulk.is_some()).count(),
        3_000 / 500 - 1,
        "the first has others too"
    );
}

#[tokio::test]
async fn rows_that_another_program_wrote_are_sent_when_they_are_recorded() {
    let mut few = Few::in_a_row(2, 500).await;
    let row = few.file_in_root(0, 5, "file").await;
    let id = row.id;
    few.commit(0, vec![super::index(vec![row])]).await;
    few.settle().await;
    let transactions = few.devices[0].transactions.clone();
    let write = transactions.without_sync(move |tx| {
        Box::pin(async move {
            use sea_orm::{ColumnTrait, QueryFilter, sea_query::Expr};
            file::Entity::update_many()
                .col_expr(file::Column::Size, Expr::value(42))
                .col_expr(file::Column::Version, Expr::cust("version + 1"))
                .filter(file::Column::Id.eq(id))
                .exec(tx)
                .await
        })
    });
    write.await.unwrap();
    few.commit(0, vec![]).await;
    few.settle().await;
    let size =
        async |few: &Few| few.devices[1].files().await.into_iter().find(|row| row.id == id).unwrap().size;
    assert_eq!(size(&few).await, 0, "nobody was told");
    transactions.force_record("file", vec![id.to_string()]).await.unwrap();
    few.commit(0, vec![]).await;
    few.settle().await;
    assert_eq!(size(&few).await, 42);
    few.assert_the_same().await;
    // Only its owner can.
    let refused = few.devices[1].transactions.force_record("file", vec![id.to_string()]).await;
    assert!(refused.unwrap_err().to_string().contains("is of device"));
}
