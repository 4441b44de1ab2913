//! The only way to write: rows, log and sequence in one database transaction, the events after it.

mod apply;
mod bulk;
mod closure;
mod device;
mod job;
mod keeper;
mod kept;
mod manager;
mod outcome;
mod privately;
mod read;
mod rebuild;
mod recorder;
mod show;
mod write;

pub(crate) use bulk::{Bulk, Range};
pub(crate) use device::with_status;
pub(crate) use keeper::Keeper;
pub(crate) use manager::TransactionManager;
pub(crate) use outcome::Outcome;
pub(crate) use read::{albums, contents, read, with_tags};
pub(crate) use recorder::Recorder;
pub(crate) use write::Write;
