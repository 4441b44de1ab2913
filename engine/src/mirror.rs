//! The task that keeps the rows as the disk is.

use std::time::Duration;

use sea_orm::DbErr;
use tokio::time::{Instant, sleep, sleep_until};

use crate::config::WatchTimes;
use crate::database::entity::location::ScanState;
use crate::index::{Indexer, Scanned, full_scan, is_present, partial_scan, stat};
use crate::transaction::Write;

/// How long to wait after the database failed.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Runs until it is dropped.
pub(crate) async fn mirror(mut indexer: Indexer, times: WatchTimes) {
    loop {
        if let Err(error) = follow(&mut indexer, &times).await {
            tracing::error!(%error, "mirroring failed: everything is looked at again soon");
            sleep(AFTER_FAILURE).await;
        }
    }
}

/// Looks at everything, then where the hints say, until everything has to be looked at again.
async fn follow(indexer: &mut Indexer, times: &WatchTimes) -> Result<(), DbErr> {
    match full_scan(indexer).await? {
        Scanned::Done => follow_hints(indexer, times).await,
        Scanned::Missing => {
            let root = indexer.rules.root().display();
            tracing::warn!(%root, "the folder is not there: waiting for it to come back");
            indexer.watches.stop();
            let missing = Write::ScanState { location: indexer.location, state: ScanState::Missing };
            indexer.transactions.commit(vec![missing], None).await?;
            while !is_present(indexer).await? {
                sleep(times.root_check).await;
            }
            Ok(())
        }
    }
}

async fn follow_hints(indexer: &mut Indexer, times: &WatchTimes) -> Result<(), DbErr> {
    let root = indexer.rules.root().to_owned();
    let identity = || stat(&root).ok().map(|stat| stat.identity());
    let before = identity();
    let scanned = Instant::now();
    // When the root goes away, or another folder takes its place, or something is mounted over it, the watches are on the
    // old one: a scan of everything finds out which.
    while before.is_some() && identity() == before {
        tokio::select! {
            () = indexer.dirty.settled(times) => {
                let batch = indexer.dirty.take();
                if batch.everything || !partial_scan(indexer, batch).await? {
                    break;
                }
            }
            () = sleep(times.root_check) => {}
            () = sleep_until(scanned + times.unwatched_scan), if indexer.watches.is_incomplete() => break,
        }
    }
    Ok(())
}
