//! Writes that neither other devices nor clients are told of.

use sea_orm::DatabaseConnection;
use tokio::sync::MutexGuard;

use super::TransactionManager;
use super::keeper::Unsure;
use crate::log::Retained;
use crate::sync::Kept;

/// The one connection that writes, for as long as this lives. What is kept in memory is read again after that, unless it is said what of it
/// is different.
pub(crate) struct Private<'a> {
    pub(crate) db: &'a DatabaseConnection,
    before: Option<Kept>,
    // Before the next field, as they are dropped in this order: nobody else writes until it is known what is kept.
    unsure: Unsure<'a>,
    _writing: MutexGuard<'a, Option<Retained>>,
}

impl Private<'_> {
    /// Says that nothing is different of what is kept, but this. To be called when it has been written.
    pub(crate) fn only(&mut self, change: impl FnOnce(&mut Kept)) {
        self.unsure.kept = self.before.take();
        if let Some(kept) = &mut self.unsure.kept {
            change(kept);
        }
    }
}

impl TransactionManager {
    /// Waits for its turn to write to tables that are nobody else's business.
    pub(crate) async fn privately(&self) -> Private<'_> {
        let writing = self.retained.lock().await;
        let before = self.keeper.get();
        Private { db: &self.db.writer, before, unsure: self.keeper.unsure(), _writing: writing }
    }
}
