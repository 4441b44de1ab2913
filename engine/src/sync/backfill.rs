//! Rows out of their turn: single ones that another device misses, and all shared ones for a device that the log has left behind.

mod waiting;

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, TransactionTrait,
};

use super::change::{Bases, OwnedChange, SharedChange, What, is_shared, model_of};
use super::hlc::{Dot, Hlc};
use super::marks::Positions;
use super::message::{Found, Links, MAX_CHANGES, Message};
use super::model::{Merge, Strategy};
use super::records::{Dots, Fields, Written, placed_after};
use super::registry::Registry;
use super::replica::Replica;
use super::table::Table;
use crate::database::entity::sync_owned::State;
use crate::database::entity::{sync_owned, sync_shared};
use crate::transaction::TransactionManager;

/// How much a page of shared rows says, in bytes before they are escaped, which may make six of one.
const BYTES: usize = 2 << 20;

/// Rows that another device misses, and before them what they depend on.
pub(crate) async fn find(
    db: &DatabaseConnection,
    replica: &Replica,
    wanted: &[(String, String)],
) -> Result<Message, DbErr> {
    let tx = db.begin().await?;
    let registry = &replica.registry;
    let mut ids: BTreeSet<(String, String)> = wanted.iter().take(MAX_CHANGES / 2).cloned().collect();
    // The last model first, so that what it needs is looked for after it.
    let tables: Vec<&dyn Table> = registry.tables().collect();
    let (mut owned, mut shared) = (Vec::new(), Vec::new());
    for table in tables.into_iter().rev() {
        let info = table.info();
        let these: Vec<String> =
            ids.iter().filter(|(model, _)| model == info.name).map(|(_, id)| id.clone()).collect();
        let rows = table.read(&tx, &these).await?;
        for (_, row) in &rows {
            ids.extend(Registry::needs(info, row).into_iter().map(|(model, id)| (model.to_owned(), id)));
        }
        for (id, row) in rows {
            match info.strategy {
                Strategy::DeviceOwned => {
                    let entry = sync_owned::Entity::find_by_id((info.name.to_owned(), id.clone()));
                    let Some(entry) = entry.one(&tx).await? else { continue };
                    if entry.state == State::Live {
                        let row = OwnedChange { id, version: entry.version, row: Some(row) };
                        owned.push(Found { model: info.name.to_owned(), owner: entry.owner, row });
                    }
                }
                Strategy::Shared(_) => {
                    let entry = sync_shared::Entity::find_by_id((info.name.to_owned(), id));
                    if let Some(entry) = entry.one(&tx).await? {
                        let (changes, _) = state(&tx, replica, table, entry).await?;
                        shared.splice(0..0, changes);
                    }
                }
            }
        }
    }
    owned.reverse();
    tx.commit().await?;
    Ok(Message::Found { owned, shared })
}

/// Shared rows after one of them, or from the beginning, as changes that make them what they are here; none of the models `without`.
pub(crate) async fn page(
    transactions: &TransactionManager,
    replica: &Replica,
    after: Option<(String, String)>,
    without: &BTreeSet<String>,
) -> Result<Message, DbErr> {
    let (tx, kept) = transactions.reading().await?;
    let mut positions = Positions::clone(&kept.positions);
    positions.retain(|(stream, _), _| !is_shared(stream) || !without.contains(model_of(stream)));
    let (mut changes, mut links, mut next) = (Vec::new(), Vec::new(), None);
    let (mut from, mut bytes) = (after.clone(), 0);
    let shared =
        replica.registry.tables().filter(|table| matches!(table.info().strategy, Strategy::Shared(_)));
    for table in shared {
        let model = table.info().name;
        let id = match &from {
            None => String::new(),
            Some((at, id)) if at == model => id.clone(),
            Some(_) => continue,
        };
        from = None;
        if without.contains(model) {
            continue;
        }
        let entries = sync_shared::Entity::find()
            .filter(sync_shared::Column::Model.eq(model))
            .filter(sync_shared::Column::RecordId.gt(id.as_str()))
            .order_by_asc(sync_shared::Column::RecordId)
            .limit(replica.batch)
            .all(&tx)
            .await?;
        let mut waiting = match kept.waits {
            true => waiting::waiting(&tx, replica, model, &id).await?,
            false => Default::default(),
        };
        let mut known: BTreeMap<String, Option<sync_shared::Model>> =
            waiting.keys().map(|id| (id.clone(), None)).collect();
        known.extend(entries.into_iter().map(|entry| (entry.record_id.clone(), Some(entry))));
        let most = usize::try_from(replica.batch).unwrap_or(usize::MAX);
        let is_cut = known.len() >= most;
        let mut last = None;
        for (id, entry) in known.into_iter().take(most) {
            let (made, link) = match entry {
                Some(entry) => state(&tx, replica, table, entry).await?,
                None => Default::default(),
            };
            let wait = waiting.remove(&id).unwrap_or_default();
            links.extend(waiting::links(link, &wait));
            bytes += made.iter().chain(&wait).map(size).sum::<usize>();
            changes.extend(made);
            changes.extend(wait);
            last = Some(id);
            if changes.len().max(links.len()) >= most || bytes >= BYTES {
                break;
            }
        }
        if is_cut || changes.len().max(links.len()) >= most || bytes >= BYTES {
            next = last.map(|id| (model.to_owned(), id));
        }
        if next.is_some() {
            break;
        }
    }
    let mut total = None;
    if after.is_none() {
        total = Some(sync_shared::Entity::find().count(&tx).await? + waiting::count(&tx).await?);
    }
    tx.commit().await?;
    Ok(Message::Rows { after, changes, links, positions, next, total })
}

/// About how many bytes a change is in a message, if it has no characters that must be escaped.
fn size(change: &SharedChange) -> usize {
    let row = match &change.what {
        What::Put(row) | What::Set { row, .. } | What::Link(row) => row,
        What::Delete | What::Redacted | What::Unlink(_) => return 100,
    };
    100 + row.iter().map(|(name, value)| name.len() + value.as_str().map_or(20, str::len)).sum::<usize>()
}

/// The changes that make a shared row what it is here.
pub(super) async fn state(
    tx: &DatabaseTransaction,
    replica: &Replica,
    table: &dyn Table,
    entry: sync_shared::Model,
) -> Result<(Vec<SharedChange>, Option<Links>), DbErr> {
    let sync_shared::Model { model, record_id: id, device, hlc, deleted, dots, fields } = entry;
    let last = Dot(Hlc::from_number(hlc), device);
    let fields: Fields =
        fields.as_deref().map_or(Ok(Fields::default()), serde_json::from_str).map_err(json)?;
    let change = |dot, after, what| SharedChange {
        model: model.clone(),
        id: id.clone(),
        dot,
        after,
        base: None,
        what,
    };
    if deleted {
        return Ok((vec![change(last, Vec::new(), What::Delete)], None));
    }
    let row = table.read(tx, std::slice::from_ref(&id)).await?.pop();
    let after = match &row {
        Some((_, row)) => placed_after(tx, replica, table.info(), row).await?,
        None => Vec::new(),
    };
    match table.info().strategy {
        Strategy::Shared(Merge::Fields) => {
            // As many changes as there are writes that still count in some field.
            let Some((_, row)) = row else { return Ok((Vec::new(), None)) };
            let mut writes: BTreeMap<Dot, Bases> = BTreeMap::from([(last, Bases::new())]);
            for (field, Written(dot, base)) in fields {
                writes.entry(dot).or_default().insert(field, base);
            }
            let set = |(dot, fields)| change(dot, after.clone(), What::Set { row: row.clone(), fields });
            return Ok((writes.into_iter().map(set).collect(), None));
        }
        Strategy::Shared(Merge::LastWriteWins | Merge::Custom) => {
            let base = fields.into_values().next().and_then(|written| written.1);
            let put = row.map(|(_, row)| SharedChange { base, ..change(last, after, What::Put(row)) });
            return Ok((put.into_iter().collect(), None));
        }
        _ => {}
    }
    let dots: Dots = dots.as_deref().map_or(Ok(Dots::default()), serde_json::from_str).map_err(json)?;
    let mut changes = Vec::new();
    if let Some((_, row)) = row {
        let made = dots.live.iter().map(|dot| change(*dot, after.clone(), What::Link(row.clone())));
        changes.extend(made);
    }
    if let Some(dot) = dots.dead.last() {
        changes.push(change(*dot, Vec::new(), What::Unlink(dots.dead.iter().copied().collect())));
    }
    let live = dots.live.into_iter().collect();
    Ok((changes, Some(Links { model, id, live })))
}

fn json(error: serde_json::Error) -> DbErr {
    DbErr::Json(error.to_string())
}
