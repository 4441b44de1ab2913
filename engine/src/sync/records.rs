//! Carrying out changes to rows that sync, this device's own and those of others alike, within one database transaction.

mod conflict;
mod fill;
mod merge;
mod need;
mod own;
mod receive;
mod remove;
mod select;
mod waiting;
mod without;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sea_orm::{DatabaseTransaction, DbErr};

use super::change::{Changes, SharedChange, StreamId, is_shared};
use super::fetch::{self, Making, Page};
use super::kept::{self, Kept};
use super::leader::{Place, append, give_up, reach};
use super::marks::{Marks, Positions, about_pruning};
use super::message::{Found, Links};
use super::model::ModelInfo;
use super::replica::Replica;
use super::table::Table;
use crate::database::Vault;
use crate::resource::DEVICE;
use crate::transaction::Range;

pub(crate) use merge::{Dots, Fields, Written};
pub(crate) use need::placed_after;
pub(crate) use own::Doing;
pub(crate) use receive::{Receipt, Refused};

/// The changes of one transaction.
pub(crate) struct Records<'a> {
    tx: &'a DatabaseTransaction,
    replica: &'a Replica,
    now_ms: u64,
    /// Read when first needed.
    marks: Option<Marks>,
    /// Small tables as they are in this transaction.
    pub(crate) kept: Kept,
    /// Rows of this device's own that were written, by model, with what each is below. They get their versions at the end.
    written: BTreeMap<&'static str, BTreeMap<String, Option<String>>>,
    /// Those that were removed.
    gone: BTreeMap<&'static str, BTreeMap<String, Option<String>>>,
    /// Rows that came to be here, for changes that wait for them.
    arrived: BTreeSet<(&'static str, String)>,
    /// Makings of links that came, whether they are in their rows or wait.
    made: BTreeSet<Making>,
    /// The first and the last version that rows of each model got.
    numbered: BTreeMap<&'static str, (i64, i64)>,
    /// Whether some stream went back to its beginning.
    begun_anew: bool,
    /// What clients are to be shown.
    pub(crate) shown: Shown,
}

/// What another device sent.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// Parts of streams.
    Changes(Changes),
    /// Parts of streams that a leader sends, and the place in its log that they lead to.
    Led { changes: Changes, place: Option<Place> },
    /// Rows that changes wait for.
    Found(Vec<Found>, Vec<SharedChange>),
    /// Shared rows as they are there, at these positions; with the last of them, this device may adopt those of the first.
    Rows {
        page: Page,
        changes: Vec<SharedChange>,
        links: Vec<Links>,
        positions: Positions,
        /// What the device had at the first page.
        first: Positions,
        adopt: bool,
    },
}

/// Which resources look different now.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    /// The row of the resource itself was written.
    pub(crate) written: BTreeMap<&'static str, BTreeSet<String>>,
    /// A row was written that the resource shows, but not its own.
    pub(crate) touched: BTreeMap<&'static str, BTreeSet<String>>,
    /// It is gone.
    pub(crate) removed: BTreeMap<&'static str, BTreeSet<String>>,
    /// So many rows came at once that one event stands for them.
    pub(crate) in_bulk: InBulk,
}

/// Rows of resources that are written but not shown one by one.
#[derive(Debug, Default)]
pub(crate) struct InBulk {
    /// Of which resource, the versions of their owner's that they got, and how many they are.
    pub(crate) ranges: Vec<(&'static str, Range, u64)>,
    /// Those that others may be below.
    pub(crate) above: Vec<String>,
}

impl InBulk {
    fn stands_for(&mut self, resource: &'static str, range: Range, count: u64) {
        if count > 0 {
            self.ranges.push((resource, range, count));
        }
    }
}

impl<'a> Records<'a> {
    /// Reads what the tables keep encrypted.
    pub(crate) fn vault(&self) -> &'a Vault {
        &self.replica.vault
    }

    pub(crate) fn new(tx: &'a DatabaseTransaction, replica: &'a Replica, kept: Kept) -> Self {
        Self {
            tx,
            replica,
            now_ms: replica.clock.now_ms(),
            marks: None,
            kept,
            written: BTreeMap::new(),
            gone: BTreeMap::new(),
            arrived: BTreeSet::new(),
            made: BTreeSet::new(),
            numbered: BTreeMap::new(),
            begun_anew: false,
            shown: Shown::default(),
        }
    }

    /// Takes in what another device sent.
    pub(crate) async fn take_in(&mut self, incoming: Incoming) -> Result<Receipt, DbErr> {
        let mut page_of = None;
        let mut receipt = match incoming {
            Incoming::Changes(changes) => self.receive(changes).await?,
            Incoming::Led { changes, place } => self.led(changes, place).await?,
            Incoming::Found(owned, shared) => self.found(owned, shared).await?,
            Incoming::Rows { page, changes, links, positions, first, adopt } => {
                page_of = Some(page.peer);
                let rows = fetch::rows(&changes, &links);
                let first = self.covered(&page, first, &positions).await?;
                let mut receipt = self.fill(changes, links, &positions).await?;
                if receipt.refused.is_empty() {
                    fetch::note(self.tx, &mut self.kept, page, &first, rows).await?;
                } else {
                    fetch::forget(self.tx, &mut self.kept, page.peer).await?;
                }
                if adopt && receipt.refused.is_empty() {
                    self.adopt(&first).await?;
                    receipt.is_news = true;
                }
                receipt
            }
        };
        receipt.made = std::mem::take(&mut self.made);
        if !self.kept.fetches.is_empty() {
            fetch::overtake(self.tx, page_of, &receipt.made).await?;
        }
        receipt.begun_anew = self.begun_anew;
        Ok(receipt)
    }

    /// Takes in what a leader sent. If all of it is here then, so is its log up to that place.
    async fn led(&mut self, changes: Changes, place: Option<Place>) -> Result<Receipt, DbErr> {
        let ends: Vec<(StreamId, i64)> = changes.ends().collect();
        let mut receipt = self.receive(changes).await?;
        let marks = self.marks();
        let mut is_whole = receipt.refused.is_empty();
        for ((stream, device), to) in ends {
            let mark = marks.get(&stream, device);
            is_whole &= mark.position >= to;
            if !is_shared(&stream) {
                receipt.reached.insert((about_pruning(&stream), device), mark.pruned);
            }
            receipt.reached.insert((stream, device), mark.position);
        }
        if let Some(place) = place.filter(|_| is_whole && !self.begun_anew) {
            reach(self.tx, &mut self.kept.state, place).await?;
        }
        Ok(receipt)
    }

    /// Numbers what this device did, lets go on what waited for what has come, and writes the marks. Comes last.
    pub(crate) async fn finish(&mut self) -> Result<(), DbErr> {
        self.number_own().await?;
        self.release().await?;
        if self.begun_anew {
            self.kept.state = give_up(self.tx).await?;
        }
        if let Some(marks) = &mut self.marks {
            append(self.tx, &self.replica.leads, &mut self.kept, self.replica.device, marks).await?;
            if !marks.moved().is_empty() {
                marks.save(self.tx).await?;
                self.kept.keep_marks(marks);
            }
        }
        if self.shown.touched.contains_key(DEVICE) {
            self.kept.removed = Arc::new(kept::removed(self.tx).await?);
        }
        Ok(())
    }

    /// Who this device is.
    pub(crate) fn device(&self) -> uuid::Uuid {
        self.replica.device
    }

    /// The versions that rows of this device's own got.
    pub(crate) fn numbered(&self) -> Vec<Range> {
        let range = |(model, (first, last)): (&&'static str, &(i64, i64))| Range {
            model: (*model).to_owned(),
            owner: self.replica.device,
            first: *first,
            last: *last,
        };
        self.numbered.iter().map(range).collect()
    }

    fn marks(&mut self) -> &mut Marks {
        self.marks.get_or_insert_with(|| self.kept.marks.clone())
    }

    fn table(&self, model: &str) -> Result<&'a dyn Table, DbErr> {
        table(self.replica, model)
    }
}

fn table<'a>(replica: &'a Replica, model: &str) -> Result<&'a dyn Table, DbErr> {
    let table = replica.registry.table(model);
    table.ok_or_else(|| DbErr::Custom(format!("the model `{model}` does not sync on this device")))
}

impl Shown {
    /// A row was written that the resource of this id shows.
    fn writes(&mut self, info: &ModelInfo, id: String) {
        if let Some(shows) = info.shows {
            let set = if info.is_resource() { &mut self.written } else { &mut self.touched };
            set.entry(shows.resource).or_default().insert(id);
        }
    }

    fn write(&mut self, table: &dyn Table, payload: &super::Payload) {
        if let Some((_, id)) = table.info().shown_by(payload) {
            self.writes(table.info(), id.to_owned());
        }
    }

    fn remove(&mut self, table: &dyn Table, payload: &super::Payload) {
        if let Some((resource, id)) = table.info().shown_by(payload) {
            let set = if table.info().is_resource() { &mut self.removed } else { &mut self.touched };
            set.entry(resource).or_default().insert(id.to_owned());
        }
    }
}
