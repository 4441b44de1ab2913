//! How far all shared rows have been fetched from a device, kept with the rows: what breaks off goes on with the next page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::change::{SharedChange, is_shared, shared};
use super::hlc::Dot;
use super::kept::Kept;
use super::marks::Positions;
use super::message::Links;
use crate::database::entity::sync_fetch;

/// The making of a link, and the stream that it is in.
pub(crate) type Making = (String, Dot);

/// A page that came, for the record.
#[derive(Debug)]
pub(crate) struct Page {
    /// Whose page it is.
    pub(crate) peer: Uuid,
    /// Where the next one begins; nothing, if this was the last.
    pub(crate) next: Option<(String, String)>,
    /// How many rows there are, if this is the first.
    pub(crate) total: Option<u64>,
}

/// A fetch that was broken off.
#[derive(Debug)]
pub(super) struct Stored {
    /// What the peer had at the first page.
    pub(super) positions: Positions,
    pub(super) after: (String, String),
    pub(super) is_overtaken: bool,
}

/// What was broken off with a peer, and whether to go on with it.
#[derive(Debug)]
pub(super) enum Before {
    /// Nothing was.
    Nothing,
    /// There is nothing left to fetch, or the peer is not what it was.
    Over,
    GoesOn(Stored),
}

/// What was broken off with this peer, which has these positions by now.
pub(super) async fn before(
    db: &impl ConnectionTrait,
    kept: &Kept,
    peer: Uuid,
    theirs: &Positions,
) -> Result<Before, DbErr> {
    if !kept.fetches.contains(&peer) {
        return Ok(Before::Nothing);
    }
    let Some(row) = sync_fetch::Entity::find_by_id(peer).one(db).await? else { return Ok(Before::Nothing) };
    let positions = read(&row)?;
    let all = || positions.iter().filter(|((stream, _), _)| is_shared(stream));
    let reach =
        |who: &Positions| all().all(|(stream, at)| who.get(stream).is_some_and(|position| position >= at));
    if !reach(theirs) || reach(&kept.positions) {
        return Ok(Before::Over);
    }
    let after = (row.after_model, row.after_id);
    Ok(Before::GoesOn(Stored { positions, after, is_overtaken: row.overtaken }))
}

/// Notes a page with what it brought. `first` is what the peer had at the first page.
pub(super) async fn note(
    tx: &impl ConnectionTrait,
    kept: &mut Kept,
    page: Page,
    first: &Positions,
    rows: BTreeSet<(String, String)>,
) -> Result<(), DbErr> {
    let Page { peer, next, total } = page;
    let Some((after_model, after_id)) = next else { return forget(tx, kept, peer).await };
    // A first page has said how many there are, and begins anew whatever was broken off.
    let before = match total {
        Some(_) => None,
        None => sync_fetch::Entity::find_by_id(peer).one(tx).await?,
    };
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let done = before.as_ref().map_or(0, |row| row.done) + number(rows.len() as u64);
    let row = sync_fetch::Model {
        peer,
        after_model,
        after_id,
        positions: write(first)?,
        overtaken: before.as_ref().is_some_and(|row| row.overtaken),
        done,
        total: total.map_or(before.map_or(0, |row| row.total), number).max(done),
    };
    use sync_fetch::Column as C;
    sync_fetch::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(C::Peer)
                .update_columns([C::AfterModel, C::AfterId, C::Positions, C::Overtaken, C::Done, C::Total])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Arc::make_mut(&mut kept.fetches).insert(peer);
    Ok(())
}

/// What the peer of a page had at the first one, as far as all pages up to now have it.
pub(super) async fn first(tx: &impl ConnectionTrait, page: &Page) -> Result<Option<Positions>, DbErr> {
    if page.total.is_some() {
        return Ok(None);
    }
    let row = sync_fetch::Entity::find_by_id(page.peer).one(tx).await?;
    row.map_or(Ok(Some(Positions::new())), |row| read(&row).map(Some))
}

/// What was fetched of a model counts for nothing any more.
pub(super) async fn leave_out(tx: &impl ConnectionTrait, model: &str) -> Result<(), DbErr> {
    for row in sync_fetch::Entity::find().all(tx).await? {
        let mut positions = read(&row)?;
        positions.retain(|(stream, _), _| *stream != shared(model));
        let mut row = row.into_active_model();
        row.positions = Set(write(&positions)?);
        row.update(tx).await?;
    }
    Ok(())
}

/// It begins anew, or is done.
pub(crate) async fn forget(tx: &impl ConnectionTrait, kept: &mut Kept, peer: Uuid) -> Result<(), DbErr> {
    if kept.fetches.contains(&peer) {
        sync_fetch::Entity::delete_by_id(peer).exec(tx).await?;
        Arc::make_mut(&mut kept.fetches).remove(&peer);
    }
    Ok(())
}

/// Notes that makings of links came, but with the pages of `page_of`: whoever had them at the first page may have undone them there, and the
/// page that said so may have passed.
pub(super) async fn overtake(
    tx: &impl ConnectionTrait,
    page_of: Option<Uuid>,
    made: &BTreeSet<Making>,
) -> Result<(), DbErr> {
    if made.is_empty() {
        return Ok(());
    }
    for row in sync_fetch::Entity::find().all(tx).await? {
        if Some(row.peer) != page_of && !row.overtaken && is_overtaken(&read(&row)?, made) {
            let mut row = row.into_active_model();
            row.overtaken = Set(true);
            row.update(tx).await?;
        }
    }
    Ok(())
}

/// Whether a peer that had `first` had some of these makings.
pub(super) fn is_overtaken(first: &Positions, made: &BTreeSet<Making>) -> bool {
    let had = |stream: &str, device: Uuid| first.get(&(stream.to_owned(), device)).copied().unwrap_or(0);
    made.iter().any(|(stream, dot)| had(stream, dot.1) >= dot.0.number())
}

/// How many rows have come from each device that is not done yet, and how many there are.
pub(super) async fn progress(db: &impl ConnectionTrait) -> Result<BTreeMap<Uuid, (u64, u64)>, DbErr> {
    let rows = sync_fetch::Entity::find().all(db).await?;
    Ok(rows.into_iter().map(|row| (row.peer, (row.done.unsigned_abs(), row.total.unsigned_abs()))).collect())
}

/// The rows that a page is about.
pub(super) fn rows(changes: &[SharedChange], links: &[Links]) -> BTreeSet<(String, String)> {
    let changed = changes.iter().map(|change| (change.model.clone(), change.id.clone()));
    changed.chain(links.iter().map(|link| (link.model.clone(), link.id.clone()))).collect()
}

fn read(row: &sync_fetch::Model) -> Result<Positions, DbErr> {
    let list: Vec<(String, Uuid, i64)> =
        serde_json::from_str(&row.positions).map_err(|error| DbErr::Json(error.to_string()))?;
    Ok(list.into_iter().map(|(stream, device, at)| ((stream, device), at)).collect())
}

fn write(positions: &Positions) -> Result<String, DbErr> {
    let list: Vec<_> = positions.iter().map(|((stream, device), at)| (stream, device, at)).collect();
    serde_json::to_string(&list).map_err(|error| DbErr::Json(error.to_string()))
}
