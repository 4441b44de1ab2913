//! The only way to write: rows, log and sequence in one database transaction, the events after it.

mod apply;
mod manager;
mod outcome;
mod show;
mod write;

pub(crate) use apply::with_tags;
pub(crate) use manager::TransactionManager;
pub(crate) use outcome::Outcome;
pub(crate) use write::Write;
