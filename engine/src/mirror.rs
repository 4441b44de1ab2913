//! The task that keeps the rows as the disk is.

use std::time::Duration;

use sea_orm::DbErr;
use tokio::time::{Instant, sleep, sleep_until};

use crate::config::WatchTimes;
use crate::database::entity::location::ScanState;
use crate::index::{Indexer, Scanned, full_scan, is_folder, partial_scan};
use crate::transaction::Write;

/// How long to wait after the database failed.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Why everything has to be looked at.
enum Again {
    Now,
    RootIsGone,
}

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
    let again = match full_scan(indexer).await? {
        Scanned::Missing => Again::RootIsGone,
        Scanned::Done => follow_hints(indexer, times).await?,
    };
    if let Again::RootIsGone = again {
        tracing::warn!(root = %indexer.rules.root().display(), "the folder is not there: waiting for it to come back");
        indexer.watches.stop();
        let missing = Write::ScanState { location: indexer.location, state: ScanState::Missing };
        indexer.transactions.commit(vec![missing], None).await?;
        sleep(times.root_check).await;
        while !is_folder(indexer.rules.root()) {
            sleep(times.root_check).await;
        }
    }
    Ok(())
}

async fn follow_hints(indexer: &mut Indexer, times: &WatchTimes) -> Result<Again, DbErr> {
    let root = indexer.rules.root().to_owned();
    let identity = crate::index::stat(&root).ok().and_then(|stat| stat.identity());
    let scanned = Instant::now();
    loop {
        tokio::select! {
            () = indexer.dirty.settled(times) => {
                let batch = indexer.dirty.take();
                if batch.everything {
                    return Ok(Again::Now);
                }
                if !partial_scan(indexer, batch).await? {
                    return Ok(Again::RootIsGone);
                }
            }
            () = sleep(times.root_check) => {}
            () = sleep_until(scanned + times.unwatched_scan), if indexer.watches.is_incomplete() => {
                return Ok(Again::Now);
            }
        }
        match crate::index::stat(&root) {
            Ok(stat) if !stat.is_dir => return Ok(Again::RootIsGone),
            // Another folder took its place, or something was mounted over it: the watches are on the old one.
            Ok(stat) if stat.identity() != identity => return Ok(Again::Now),
            Ok(_) => {}
            Err(_) => return Ok(Again::RootIsGone),
        }
    }
}
