//! The log of events: the newest in memory, more in the database, older ones gone.

mod compact;
mod feed;
mod read;

pub(crate) use compact::Retained;
pub(crate) use feed::{Entry, Feed};
pub(crate) use read::Log;
