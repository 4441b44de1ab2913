//! Writes down how jobs stand, a few times a second at most.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::Jobs;
use crate::services::Stop;
use crate::transaction::{TransactionManager, Write};

/// How long to wait between two writes.
const EVERY: Duration = Duration::from_millis(250);

/// Runs until it is asked to stop, and then writes what was not written yet.
pub(crate) async fn write(jobs: Jobs, transactions: Arc<TransactionManager>, mut stop: Stop) {
    let mut changed = jobs.changed();
    changed.mark_changed();
    loop {
        tokio::select! {
            // Never an error: the jobs are held here.
            _ = changed.changed() => {}
            () = stop.asked() => break,
        }
        write_once(&jobs, &transactions).await;
        tokio::select! {
            () = sleep(EVERY) => {}
            () = stop.asked() => break,
        }
    }
    write_once(&jobs, &transactions).await;
}

async fn write_once(jobs: &Jobs, transactions: &TransactionManager) {
    let writes = jobs.take_changed();
    if writes.is_empty() {
        return;
    }
    let ids: Vec<String> = writes
        .iter()
        .filter_map(|write| match write {
            Write::Job { row, .. } => Some(row.id.clone()),
            _ => None,
        })
        .collect();
    if let Err(error) = transactions.commit(writes, None).await {
        tracing::warn!(%error, "how jobs stand was not written: it is tried again");
        jobs.not_written(&ids);
    }
}
