//! What is to be done now and then, so that the database neither grows for ever nor stays wrong.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait, QueryFilter};
use tokio::sync::watch;
use tokio::time::interval;
use uuid::Uuid;

use crate::database::entity::job::JobKind;
use crate::database::entity::sync_owned;
use crate::jobs::{About, Job, Jobs};
use crate::resource::FILE;
use crate::transaction::TransactionManager;

/// How often.
const EVERY: Duration = Duration::from_secs(3600);
/// How many files are taken away in one transaction.
const EVICTED: u64 = 500;

/// Does it at the start and every hour. Runs until it is dropped.
pub(crate) async fn upkeep(transactions: Arc<TransactionManager>, jobs: Jobs) {
    let mut ticks = interval(EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = once(&transactions, &jobs).await {
            tracing::error!(%error, "tidying up failed: it is tried again in an hour");
        }
    }
}

/// Takes away files and rows of shared models that are not wanted here any more. Runs until it is dropped. `changed` moves when something was written.
pub(crate) async fn evict(
    transactions: Arc<TransactionManager>,
    db: DatabaseConnection,
    jobs: Jobs,
    mut changed: watch::Receiver<u64>,
) {
    let (mut known, mut known_models) = (BTreeSet::new(), BTreeSet::new());
    loop {
        if let Err(error) = evict_more(&transactions, &db, &jobs, &mut known).await {
            tracing::error!(%error, "files that are not wanted were not taken away: it goes on with the next change");
        }
        if let Err(error) = evict_models(&transactions, &jobs, &mut known_models).await {
            tracing::error!(%error, "models that are not wanted were not taken away: it goes on with the next change");
        }
        if changed.changed().await.is_err() {
            return;
        }
    }
}

/// Takes away shared models that are not wanted, unless they are `known` to be gone.
async fn evict_models(
    transactions: &TransactionManager,
    jobs: &Jobs,
    known: &mut BTreeSet<&'static str>,
) -> Result<(), DbErr> {
    let unwanted = transactions.kept().await?.unwanted;
    if unwanted.models == *known {
        return Ok(());
    }
    let done = transactions.evict_models(EVICTED).await?;
    if done > 0 {
        let job = jobs.begin(About::all(JobKind::Evict));
        until_none(job, done, None, || transactions.evict_models(EVICTED)).await?;
    }
    known.clone_from(&unwanted.models);
    Ok(())
}

/// Takes away the files of devices that are not among those that are `known` to have none here.
async fn evict_more(
    transactions: &TransactionManager,
    db: &DatabaseConnection,
    jobs: &Jobs,
    known: &mut BTreeSet<Uuid>,
) -> Result<(), DbErr> {
    let unwanted = transactions.kept().await?.unwanted;
    if unwanted.devices != *known {
        for device in unwanted.devices.difference(known) {
            evict_all(transactions, db, jobs, *device).await?;
        }
        known.clone_from(&unwanted.devices);
    }
    Ok(())
}

async fn evict_all(
    transactions: &TransactionManager,
    db: &DatabaseConnection,
    jobs: &Jobs,
    device: Uuid,
) -> Result<(), DbErr> {
    use sync_owned::Column as C;
    let here = sync_owned::Entity::find().filter(C::Owner.eq(device)).filter(C::Model.eq(FILE));
    let total = here.count(db).await?;
    if total == 0 {
        return Ok(());
    }
    let job = jobs.begin(About::device(JobKind::Evict, device));
    until_none(job, 0, Some(total), || transactions.evict(device, EVICTED)).await
}

/// Takes away some at a time until there are none.
async fn until_none<F>(
    mut job: Job,
    mut done: u64,
    total: Option<u64>,
    evict: impl Fn() -> F + Send,
) -> Result<(), DbErr>
where
    F: Future<Output = Result<u64, DbErr>> + Send,
{
    loop {
        job.is_at(done, total.map(|total| total.max(done)));
        match evict().await? {
            0 => break,
            count => done += count,
        }
    }
    job.finish();
    Ok(())
}

/// Does it once. What there is nothing to do for is no job.
async fn once(transactions: &TransactionManager, jobs: &Jobs) -> Result<(), DbErr> {
    let wrong = transactions.wrong_folders().await?;
    if wrong > 0 {
        tracing::warn!(wrong, "which folder is in which was not as it should be: it is made anew");
        let mut job = jobs.begin(About::all(JobKind::Closure));
        job.is_at(0, Some(wrong));
        transactions.rebuild_folders().await?;
        job.finish();
    }
    transactions.forget_old_outcomes().await?;
    let gone = transactions.prune().await?;
    if gone > 0 {
        let mut job = jobs.begin(About::all(JobKind::Compact));
        job.is_at(gone, Some(gone));
        job.finish();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, IntoActiveModel};

    use super::*;
    use crate::config::LogLimits;
    use crate::database::Database;
    use crate::database::entity::{sync_ack, sync_change, sync_seen, tag};
    use crate::log::Feed;
    use crate::sync::Replica;
    use crate::transaction::Write;

    async fn database() -> (Database, TransactionManager) {
        let db = Database::in_memory().await.unwrap();
        let device = Uuid::from_u128(1);
        crate::database::meta::identity(&db.writer, device).await.unwrap();
        let limits = LogLimits::default();
        let feed = Arc::new(Feed::new(0, &limits));
        let replica = Replica::new(device).unwrap();
        (db.clone(), TransactionManager::new(db, "library".to_owned(), limits, feed, replica))
    }

    fn told(jobs: &Jobs) -> Vec<(JobKind, i64)> {
        let row = |write| match write {
            Write::Job { row, .. } => (row.kind, row.done),
            other => panic!("{other:?} is no job"),
        };
        jobs.take_changed().into_iter().map(row).collect()
    }

    #[tokio::test]
    async fn a_table_of_folders_that_is_wrong_is_made_anew() {
        let (db, transactions) = database().await;
        let wrong = "INSERT INTO folder_closure (descendant, ancestor, depth) VALUES (x'01', x'02', 3)";
        let jobs = Jobs::default();
        once(&transactions, &jobs).await.unwrap();
        assert_eq!(told(&jobs), [], "there is nothing to do");
        db.writer.execute_unprepared(wrong).await.unwrap();
        assert_eq!(transactions.wrong_folders().await.unwrap(), 1);
        once(&transactions, &jobs).await.unwrap();
        assert_eq!(transactions.wrong_folders().await.unwrap(), 0);
        assert_eq!(told(&jobs), [(JobKind::Closure, 1)]);
    }

    #[tokio::test]
    async fn changes_for_a_device_that_is_long_gone_are_thrown_away_though_nobody_calls() {
        let (db, transactions) = database().await;
        let (own, peer) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let ack = sync_ack::Model { peer, stream: "shared:tag".to_owned(), device: own, position: 0 };
        sync_ack::Entity::insert(ack.into_active_model()).exec_without_returning(&db.writer).await.unwrap();
        let seen = sync_seen::Model { peer, seen_ms: 1 };
        sync_seen::Entity::insert(seen.into_active_model()).exec_without_returning(&db.writer).await.unwrap();
        for number in 0..3 {
            let id = number.to_string();
            let (name, color) = (id.clone(), "#ffffff".to_owned());
            transactions
                .commit(vec![Write::Tag(tag::Model { id, name, color, version: 1 })], None)
                .await
                .unwrap();
        }
        assert_eq!(sync_change::Entity::find().count(&db.reader).await.unwrap(), 3);
        let jobs = Jobs::default();
        once(&transactions, &jobs).await.unwrap();
        assert_eq!(sync_change::Entity::find().count(&db.reader).await.unwrap(), 0);
        assert_eq!(told(&jobs), [(JobKind::Compact, 3)]);
    }
}
