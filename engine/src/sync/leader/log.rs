//! The log of the leader: in which order the streams came further on its device. It says nothing about what the changes are, which
//! stand where they always do, so a place in it is a short name for the positions of all streams.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, TransactionTrait,
};
use uuid::Uuid;

use super::state::State;
use crate::database::entity::sync_led;
use crate::sync::kept::Kept;
use crate::sync::marks::{self, Marks, Positions, is_about_pruning};

/// How many entries are kept. Who is further back tells the positions of all streams instead.
const KEPT: i64 = 10_000;
/// How many entries are looked at in one step.
const STEP: u64 = 500;

/// Whether this device leads, and so keeps the log. It is known before the first write, whoever asks first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Leads(Arc<AtomicU8>);

const NO: u8 = 1;
const YES: u8 = 2;

impl Leads {
    /// Must be called by who alone can write at that moment.
    pub(super) fn set(&self, leads: bool) {
        self.0.store(if leads { YES } else { NO }, Ordering::SeqCst);
    }

    async fn get(&self, device: Uuid, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
        if self.0.load(Ordering::SeqCst) == 0 {
            self.set(State::load(db).await?.term.leader() == Some(device));
        }
        Ok(self.0.load(Ordering::SeqCst) == YES)
    }
}

/// Notes which streams came further, in the transaction in which they do, if this device leads.
pub(crate) async fn append(
    db: &impl ConnectionTrait,
    leads: &Leads,
    kept: &mut Kept,
    device: Uuid,
    marks: &Marks,
) -> Result<(), DbErr> {
    if !leads.get(device, db).await? {
        return Ok(());
    }
    let (first, last) = kept.led.unwrap_or((1, 0));
    let entries: Vec<sync_led::ActiveModel> = (last + 1..)
        .zip(marks.advanced())
        .map(|(sequence, ((stream, device), after, up_to))| sync_led::ActiveModel {
            sequence: Set(sequence),
            stream: Set(stream.clone()),
            device: Set(*device),
            after: Set(after),
            up_to: Set(up_to),
        })
        .collect();
    if entries.is_empty() {
        return Ok(());
    }
    let last = last + i64::try_from(entries.len()).unwrap_or(0);
    sync_led::Entity::insert_many(entries).exec_without_returning(db).await?;
    if first <= last - KEPT {
        sync_led::Entity::delete_many().filter(sync_led::Column::Sequence.lte(last - KEPT)).exec(db).await?;
    }
    kept.led = Some((first.max(last - KEPT + 1), last));
    Ok(())
}

/// Begins the log of a new term.
pub(super) async fn restart(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    sync_led::Entity::delete_many().exec(db).await?;
    Ok(())
}

/// What a device has that is at this sequence, at least. `None`: the log does not say.
pub(super) async fn positions_at(
    db: &impl ConnectionTrait,
    kept: &Kept,
    sequence: i64,
) -> Result<Option<Positions>, DbErr> {
    use sync_led::Column as C;
    let (first, last) = kept.led.unwrap_or((1, 0));
    if !(first - 1..=last).contains(&sequence) {
        return Ok(None);
    }
    let streams = kept.positions.iter().filter(|((stream, _), _)| !is_about_pruning(stream));
    let mut positions: Positions = streams.map(|(stream, at)| (stream.clone(), *at)).collect();
    if sequence == last {
        return Ok(Some(positions));
    }
    // What is written meanwhile makes no difference: it tells where streams are that came further.
    let later: Vec<(String, Uuid, i64, i64)> = sync_led::Entity::find()
        .select_only()
        .column(C::Stream)
        .column(C::Device)
        .column_as(C::After.min(), "after")
        .column_as(C::Sequence.min(), "sequence")
        .filter(C::Sequence.gt(sequence))
        .group_by(C::Stream)
        .group_by(C::Device)
        .into_tuple()
        .all(db)
        .await?;
    // Unless the log was cut meanwhile.
    if later.iter().map(|(.., sequence)| *sequence).min() != Some(sequence + 1) {
        return Ok(None);
    }
    positions.extend(later.into_iter().map(|(stream, device, after, _)| ((stream, device), after)));
    Ok(Some(positions))
}

/// The sequence up to which a device has everything that has these positions, and whether that is the last one. It was at `from`, if
/// that is known. `None`: it lacks some of what was here when the log began.
pub(super) async fn covered(
    db: &DatabaseConnection,
    kept: &Kept,
    from: Option<i64>,
    has: &Positions,
) -> Result<(Option<i64>, bool), DbErr> {
    if from.is_some() && from == kept.led.map(|(_, last)| last) {
        return Ok((from, true));
    }
    let tx = db.begin().await?;
    let mut sequence = match from {
        Some(from) => from,
        None => {
            let first = kept.led.map_or(0, |(first, _)| first - 1);
            let Some(at) = positions_at(&tx, kept, first).await? else { return Ok((None, false)) };
            if at.iter().any(|(stream, position)| marks::at(has, stream) < *position) {
                return Ok((None, false));
            }
            first
        }
    };
    loop {
        let entries = sync_led::Entity::find()
            .filter(sync_led::Column::Sequence.gt(sequence))
            .order_by_asc(sync_led::Column::Sequence)
            .limit(STEP)
            .all(&tx)
            .await?;
        let count = entries.len() as u64;
        for entry in entries {
            if marks::at(has, &(entry.stream, entry.device)) < entry.up_to {
                return Ok((Some(sequence), false));
            }
            sequence = entry.sequence;
        }
        if count < STEP {
            tx.commit().await?;
            return Ok((Some(sequence), true));
        }
    }
}

/// The first sequence and the last, if there are any.
pub(crate) async fn ends(db: &impl ConnectionTrait) -> Result<Option<(i64, i64)>, DbErr> {
    Ok(end(db, false).await?.zip(end(db, true).await?))
}

/// The first sequence or the last.
async fn end(db: &impl ConnectionTrait, last: bool) -> Result<Option<i64>, DbErr> {
    let column = sync_led::Column::Sequence;
    let entries = sync_led::Entity::find().select_only().column(column);
    let entries = if last { entries.order_by_desc(column) } else { entries.order_by_asc(column) };
    entries.into_tuple().one(db).await
}
