//! Writes that neither other devices nor clients are told of.

use sea_orm::DatabaseConnection;
use tokio::sync::MutexGuard;

use super::TransactionManager;
use crate::log::Retained;

/// The one connection that writes, for as long as this lives.
pub(crate) struct Private<'a> {
    pub(crate) db: &'a DatabaseConnection,
    _writing: MutexGuard<'a, Option<Retained>>,
}

impl TransactionManager {
    /// Waits for its turn to write to tables that are nobody else's business.
    pub(crate) async fn privately(&self) -> Private<'_> {
        let writing = self.retained.lock().await;
        Private { db: &self.db.writer, _writing: writing }
    }
}
