//! A transaction of somebody's own: statements in SQL, and saying which rows they wrote.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, ExecResult, Statement, Value};

use super::apply::Apply;

/// What [`TransactionManager::with_tx`](super::TransactionManager::with_tx) hands out.
pub(crate) struct Recorder<'a, 't> {
    pub(super) apply: &'a mut Apply<'t>,
    pub(super) tx: &'t DatabaseTransaction,
}

impl Recorder<'_, '_> {
    /// Carries out a statement. What it writes to rows that sync is to be told with [`Recorder::record`].
    pub(crate) async fn execute(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<ExecResult, DbErr> {
        self.tx.execute_raw(Statement::from_sql_and_values(self.tx.get_database_backend(), sql, values)).await
    }

    /// Does what [`TransactionManager::commit`](super::TransactionManager::commit) does, in this transaction.
    pub(crate) async fn write(&mut self, write: super::Write) -> Result<(), DbErr> {
        self.apply.write(write).await
    }

    /// Says that these rows of a model were written: they get their versions, and clients are told.
    pub(crate) async fn record(&mut self, model: &str, ids: Vec<String>) -> Result<(), DbErr> {
        self.apply.record(model, ids).await
    }
}
