//! What another device does not have. It is read from the tables: there is no queue that could be lost or fall behind.

use std::collections::BTreeSet;
use std::ops::Range;

use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::change::{Changes, OwnedPart, SharedChange, SharedPart, StreamId, shared as stream_of};
use super::coalesce::coalesce;
use super::marks::{Marks, Positions, about_pruning};
use super::model::Strategy;
use super::replica::Replica;
use super::rows::{Lines, named};
use super::table::Table;
use crate::database::entity::sync_change;
use crate::transaction::TransactionManager;

/// How much a message says of owned rows, and of one stream of changes, in bytes.
const BYTES: usize = 2 << 20;

/// How many changes are copied for another device that lacks the same.
const SMALL: usize = 100;

/// What to send next to a device.
#[derive(Debug, Clone)]
pub(crate) enum Outgoing {
    /// It has everything.
    Nothing,
    /// Some of what it does not have, and whether there is more.
    Changes { changes: Changes, is_more: bool },
    /// The log no longer holds what it needs.
    Behind,
}

impl Outgoing {
    /// Whether it costs less to copy than to read again.
    pub(super) fn is_small(&self) -> bool {
        !matches!(self, Self::Changes { changes, .. } if changes.count() > SMALL)
    }
}

/// What a device that is at these positions and lacks something of these streams is to be sent next, of one state of the database: rows
/// before what depends on them.
pub(crate) async fn next(
    transactions: &TransactionManager,
    replica: &Replica,
    theirs: &Positions,
    lacks: &[(StreamId, i64, i64)],
) -> Result<Outgoing, DbErr> {
    let registry = &replica.registry;
    let (tx, kept) = transactions.reading().await?;
    let marks = kept.marks;
    let their = |stream: &str, device: Uuid| theirs.get(&(stream.to_owned(), device)).copied().unwrap_or(0);
    let mut changes = Changes::default();
    let lacks: BTreeSet<&StreamId> = lacks.iter().map(|(stream, ..)| stream).collect();
    let mut room = replica.batch;
    let mut bytes = BYTES;
    let mut is_more = false;
    let shared = shared(&tx, replica, &marks, theirs, &lacks, room.div_ceil(4)).await?;
    room -= (shared.parts.iter().map(|part| part.changes.len() as u64).sum::<u64>()).min(room);
    for table in registry.tables().filter(|table| table.info().strategy == Strategy::DeviceOwned) {
        let model = table.info().name;
        for (owner, mark) in marks.streams(model) {
            if !lacks.contains(&(model.to_owned(), owner)) {
                continue;
            }
            let from = their(model, owner);
            let is_far_back = from < mark.pruned && their(&about_pruning(model), owner) < mark.pruned;
            let from = if is_far_back { 0 } else { from };
            if from >= mark.position || room == 0 || bytes == 0 {
                is_more |= from < mark.position;
                continue;
            }
            let (rows, is_all) = owned(&tx, table, owner, from..mark.position, room, &mut bytes).await?;
            room -= (rows.count as u64).min(room);
            is_more |= !is_all;
            let to = if is_all { mark.position } else { rows.last.unwrap_or(from) };
            let head = mark.head.max(mark.position);
            let (model, pruned) = (model.to_owned(), mark.pruned);
            let fields = named(table.info());
            changes.owned.push(OwnedPart { model, owner, from, to, head, pruned, fields, rows, read: None });
        }
    }
    changes.shared = shared.parts;
    tx.commit().await?;
    Ok(match (changes.is_empty(), shared.is_behind) {
        (false, _) => Outgoing::Changes { changes, is_more: is_more || shared.is_more },
        (true, true) => Outgoing::Behind,
        (true, false) => Outgoing::Nothing,
    })
}

/// What to send of the log.
struct Shared {
    parts: Vec<SharedPart>,
    /// Whether the log does not reach back far enough for some stream.
    is_behind: bool,
    /// Whether there is more.
    is_more: bool,
}

/// The next changes to shared rows. They do not stand in line behind the rows of devices, which may be very many: a tag shows up
/// at once, and one on a file that has not come yet fetches it.
async fn shared(
    tx: &DatabaseTransaction,
    replica: &Replica,
    marks: &Marks,
    theirs: &Positions,
    lacks: &BTreeSet<&StreamId>,
    mut room: u64,
) -> Result<Shared, DbErr> {
    let (mut parts, mut is_behind, mut is_more) = (Vec::new(), false, false);
    let tables =
        replica.registry.tables().filter(|table| matches!(table.info().strategy, Strategy::Shared(_)));
    let streams = tables.flat_map(|table| {
        let model = table.info().name;
        marks.streams(&stream_of(model)).map(move |(device, mark)| (model, device, mark)).collect::<Vec<_>>()
    });
    for (model, device, mark) in streams {
        let stream = (stream_of(model), device);
        if !lacks.contains(&stream) {
            continue;
        }
        let from = theirs.get(&stream).copied().unwrap_or(0);
        if from >= mark.position || room == 0 {
            is_more |= from < mark.position;
            continue;
        }
        if from < mark.pruned {
            is_behind = true;
            continue;
        }
        let (changes, is_all) = logged(tx, replica, (model, device), from, room).await?;
        room -= (changes.len() as u64).min(room);
        is_more |= !is_all;
        let to =
            if is_all { mark.position } else { changes.last().map_or(from, |change| change.hlc().number()) };
        let changes = coalesce(&replica.registry, changes);
        parts.push(SharedPart { model: model.to_owned(), device, from, to, changes });
    }
    Ok(Shared { parts, is_behind, is_more })
}

/// The newest states of a device's rows after the start of `between` up to its end, and whether that is all. A row that came here out of its turn
/// may be beyond: to send it now would skip what is in between.
async fn owned(
    tx: &DatabaseTransaction,
    table: &dyn Table,
    owner: Uuid,
    between: Range<i64>,
    limit: u64,
    bytes: &mut usize,
) -> Result<(Lines, bool), DbErr> {
    let mut most = limit;
    loop {
        let rows = table.lines(tx, owner, between.clone(), most).await?;
        let size = rows.text.len();
        if size > *bytes && rows.count > 1 {
            // Fewer then, by how long they are: one row goes, however long.
            let share = (*bytes as u64).saturating_mul(rows.count as u64) / size as u64;
            most = share.min(rows.count as u64 / 2).max(1);
            continue;
        }
        let is_all = (rows.count as u64) < limit.min(most);
        *bytes = bytes.saturating_sub(size);
        return Ok((rows, is_all));
    }
}

/// A device's changes to the shared rows of a model after `from`, and whether that is all.
async fn logged(
    tx: &DatabaseTransaction,
    replica: &Replica,
    (model, device): (&str, Uuid),
    from: i64,
    limit: u64,
) -> Result<(Vec<SharedChange>, bool), DbErr> {
    let rows = sync_change::Entity::find()
        .filter(sync_change::Column::Device.eq(device))
        .filter(sync_change::Column::Model.eq(model))
        .filter(sync_change::Column::Hlc.gt(from))
        .order_by_asc(sync_change::Column::Hlc)
        .limit(limit)
        .all(tx)
        .await?;
    let mut is_all = (rows.len() as u64) < limit;
    let mut bytes = 0;
    let mut fits = |row: &sync_change::Model| {
        bytes += row.change.len();
        bytes == row.change.len() || bytes <= BYTES
    };
    let count = rows.iter().map_while(|row| fits(row).then_some(())).count();
    is_all &= count == rows.len();
    let changes = rows
        .into_iter()
        .take(count)
        .map(|row| replica.vault.read_change(&row.change))
        .collect::<Result<_, _>>();
    Ok((changes?, is_all))
}
