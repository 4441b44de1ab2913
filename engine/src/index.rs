//! From the disk to the tables: look, compare with the rows, write what differs.

mod kind;
mod look;
mod name;
mod problem;
mod rules;

mod glance;
mod volume;
mod walk;

mod diff;
mod known;

mod apply;
mod content;
mod full;
mod partial;

use std::sync::Arc;

use tokio::sync::Mutex;
use uuid::Uuid;

use crate::jobs::Jobs;
use crate::transaction::TransactionManager;
use crate::watch::{Dirty, Watches};

pub(crate) use content::{identify, identify_file};
pub(crate) use full::{Scanned, full_scan, is_present};
pub(crate) use kind::{extension, kind};
pub(crate) use known::Known;
pub(crate) use look::{stat, update};
pub(crate) use name::{ESCAPE, child, decode, disk_path, is_within, parent, segments};
pub(crate) use partial::partial_scan;
pub(crate) use problem::Reported;
pub(crate) use rules::{GIT, PART, Rules};
pub(crate) use volume::volume;

/// What both kinds of scan work with.
#[derive(Debug)]
pub(crate) struct Indexer {
    pub(crate) location: Uuid,
    pub(crate) rules: Arc<Rules>,
    pub(crate) known: Known,
    pub(crate) transactions: Arc<TransactionManager>,
    pub(crate) watches: Arc<Watches>,
    pub(crate) dirty: Arc<Dirty>,
    /// Held by whoever looks at the disk and writes what it saw, or changes the disk and writes that: the two must not mix.
    pub(crate) disk: Arc<Mutex<()>>,
    pub(crate) reported: Reported,
    pub(crate) jobs: Jobs,
}
