//! Who hands out what is kept in memory of small tables, always as the last transaction left them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use sea_orm::{DatabaseTransaction, DbErr};

use crate::sync::Kept;

/// What is kept, unless it is to be read again: something was written without it, or nobody knows whether a transaction has ended.
#[derive(Debug, Default)]
pub(crate) struct Keeper {
    kept: RwLock<Option<Kept>>,
    /// Counts when somebody begins to change the tables for others to see, and when that is done: it is odd in between.
    turns: AtomicU64,
}

impl Keeper {
    /// What is kept. Who writes on it does so on a copy.
    pub(super) fn get(&self) -> Option<Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Must be called by who alone can write at that moment.
    pub(super) fn set(&self, kept: Option<Kept>) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = kept;
    }

    /// A number that is the same as long as nobody changes the tables. Nothing, while somebody does.
    pub(super) fn turn(&self) -> Option<u64> {
        Some(self.turns.load(Ordering::SeqCst)).filter(|turn| turn % 2 == 0)
    }

    /// From now on it is not known what is in the tables.
    pub(super) fn unsure(&self) -> Unsure<'_> {
        self.turns.fetch_add(1, Ordering::SeqCst);
        Unsure { keeper: self, kept: None }
    }

    /// Ends a transaction; from then on, this is kept.
    pub(super) async fn commit(&self, tx: DatabaseTransaction, kept: Kept) -> Result<(), DbErr> {
        let mut unsure = self.unsure();
        tx.commit().await?;
        unsure.kept = Some(kept);
        Ok(())
    }
}

/// While a transaction ends, and after that failed or was broken off, it is not known what is in the tables.
#[derive(Debug)]
pub(super) struct Unsure<'a> {
    keeper: &'a Keeper,
    /// What is kept in the end; nothing, if it is to be read again.
    pub(super) kept: Option<Kept>,
}

impl Drop for Unsure<'_> {
    fn drop(&mut self) {
        self.keeper.set(self.kept.take());
        self.keeper.turns.fetch_add(1, Ordering::SeqCst);
    }
}
