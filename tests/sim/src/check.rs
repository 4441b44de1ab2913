//! What must hold at any moment.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use larder::query::Query;
use larder::{QueryId, StorageState};
use serde_json::Value as Json;

use crate::client::App;
use crate::edit::Op;
use crate::made::Ledger;
use crate::queries::{as_doubles, evaluate};
use crate::rows::{Kind, Rows, key_of, merge};
use crate::world::World;

/// What an edit makes of a row.
fn over<'a>(row: Option<Cow<'a, Json>>, op: &Op) -> Option<Cow<'a, Json>> {
    match op {
        Op::Upsert(key, fields) => Some(Cow::Owned(Op::row(*key, fields))),
        Op::Merge(_, fields) => row.map(|row| {
            let mut row = row.into_owned();
            merge(&mut row, fields);
            Cow::Owned(row)
        }),
        Op::Delete(_) => None,
    }
}

/// Rows with pending edits over them.
fn with_edits(rows: &Rows, pending: &[String], made: &Ledger) -> Rows {
    let mut rows = rows.clone();
    for op in pending.iter().filter_map(|id| made.edits.get(id)).flat_map(|made| &made.shows) {
        let key = op.key();
        match over(rows.remove(&key).map(|row| Cow::Owned(Json::clone(&row))), op) {
            Some(row) => _ = rows.insert(key, Rc::new(row.into_owned())),
            None => _ = rows.remove(&key),
        }
    }
    rows
}

impl World {
    /// Looks at a client from outside: its pending edits, its rows, and, now and then, its queries.
    pub(crate) fn check(&mut self, number: usize, with_queries: bool) {
        let Some(mut app) = self.clients[number].app.take() else { return };
        let has_budget = self.clients[number].setting.budget.is_some();
        let mut found = self.check_edits(&app);
        if found.is_ok() && !has_budget {
            found = self.check_rows(number, &mut app);
        }
        if found.is_ok() && with_queries && app.checked != app.host.patches {
            app.checked = app.host.patches;
            found = if has_budget {
                self.check_part(number, &mut app)
            } else {
                app.queries.iter().try_for_each(|(id, query)| check_query(&app, *id, query, &app.rows()))
            };
        }
        self.clients[number].app = Some(app);
        if let Err(wrong) = found {
            self.object(number, || wrong);
        }
    }

    /// An edit is pending until the app was told what became of it.
    fn check_edits(&self, app: &App) -> Result<(), String> {
        if !app.stored.is_empty() {
            return Ok(());
        }
        let pending: BTreeSet<String> = app.pending().into_iter().collect();
        let open: BTreeSet<String> = app.open.iter().map(|id| self.made.stands_for(id).to_owned()).collect();
        if pending == open {
            return Ok(());
        }
        let lost: Vec<_> = open.difference(&pending).collect();
        let extra: Vec<_> = pending.difference(&open).collect();
        Err(format!("edits {lost:?} are not pending any more, and {extra:?} are, but nobody was told"))
    }

    /// The rows are those of the moment that the cursor says, with the pending edits over them. While a copy comes in, each row is as
    /// it was or as it will be.
    fn check_rows(&self, number: usize, app: &mut App) -> Result<(), String> {
        let types = self.clients[number].setting.types.as_deref();
        let Some(&first) = app.everything.first() else { return Ok(()) };
        let reached = app.epoch.and_then(|epoch| {
            Some(self.engine.bases.get(epoch)? + app.cache.status().cursor?.as_number() as u64)
        });
        let pending = app.pending();
        let shown = app.rows();
        match reached {
            Some(commit) if !app.host.is_partial(first) => {
                app.mix = vec![commit];
                app.is_unsure = false;
                let rows = self.engine.history.get(commit as usize);
                if rows.is_none() {
                    return Err(format!("the cursor is at commit {commit}, which is not there yet"));
                }
                let expected = with_edits(&self.engine.rows_at(commit, types), &pending, &self.made);
                let keys: BTreeSet<_> = expected.keys().chain(shown.keys()).collect();
                match keys.into_iter().find(|key| expected.get(key) != shown.get(key)) {
                    None => Ok(()),
                    Some(key) => Err(format!(
                        "{key:?} is {:?}, but at commit {commit} with {pending:?} it is {:?}",
                        shown.get(key),
                        expected.get(key)
                    )),
                }
            }
            // While it is read back, what is there already is as it was stored.
            Some(commit) if app.is_unsure && !self.clients[number].is_damaged => {
                let expected = with_edits(&self.engine.rows_at(commit, types), &pending, &self.made);
                match shown.iter().find(|(key, row)| expected.get(key) != Some(row)) {
                    None => Ok(()),
                    Some((key, row)) => {
                        Err(format!("{key:?} comes back as {row:?}, not as {:?}", expected.get(key)))
                    }
                }
            }
            // What was on the disk is known again with the next copy.
            _ if app.is_unsure => Ok(()),
            _ => {
                let moments: Vec<Rows> = app
                    .mix
                    .iter()
                    .map(|commit| with_edits(&self.engine.rows_at(*commit, types), &pending, &self.made))
                    .collect();
                let keys: BTreeSet<_> = moments.iter().flat_map(Rows::keys).chain(shown.keys()).collect();
                let is_wrong = |key: &&_| moments.iter().all(|rows| rows.get(key) != shown.get(key));
                match keys.into_iter().find(is_wrong) {
                    None => Ok(()),
                    Some(key) => Err(format!(
                        "while a copy comes in, {key:?} is {:?}, as at none of the commits {:?}",
                        shown.get(key),
                        app.mix
                    )),
                }
            }
        }
    }
}

impl World {
    /// The rows that a client should show, if anybody knows: those of the moment that its cursor says, with its edits over them.
    pub(crate) fn should_show(&self, number: usize, app: &App) -> Option<Rows> {
        let types = self.clients[number].setting.types.as_deref();
        let reached = app.cache.status().cursor?.as_number() as u64;
        let commit = self.engine.bases.get(app.epoch?)? + reached;
        Some(with_edits(&self.engine.rows_at(commit, types), &app.pending(), &self.made))
    }

    /// Of a client that does not keep all rows: what says that it is complete is, and what does not shows nothing wrong.
    fn check_part(&self, number: usize, app: &mut App) -> Result<(), String> {
        let status = app.cache.status();
        app.is_unsure &= status.storage != StorageState::Ready || status.cursor.is_none();
        let Some(rows) = self.should_show(number, app).filter(|_| !app.is_unsure) else { return Ok(()) };
        for (id, query) in &app.queries {
            check_part_of(app, *id, query, &rows)?;
        }
        Ok(())
    }
}

/// A query of a client that does not keep all rows.
pub(crate) fn check_part_of(app: &App, id: QueryId, query: &Query, rows: &Rows) -> Result<(), String> {
    if !app.host.is_partial(id) {
        return check_query(app, id, query, rows);
    }
    if !query.group_by().is_empty() || !query.includes().is_empty() {
        return Ok(());
    }
    let kind = Kind::named(query.resource_type());
    let list = app.host.objects(id);
    match list.iter().find(|row| rows.get(&key_of(kind, &row["id"])) != Some(row)) {
        None => Ok(()),
        Some(row) => Err(format!("{} shows {row}, which is not so", query.canonical())),
    }
}

/// A query shows what it should over these rows.
pub(crate) fn check_query(app: &App, id: QueryId, query: &Query, rows: &Rows) -> Result<(), String> {
    let expected = evaluate(query, rows);
    let list: Vec<Json> = app.host.list(id).iter().map(as_doubles).collect();
    let total = app.host.total(id);
    let aggregates = app.host.aggregates(id).map(|figures| as_doubles(&figures));
    if (&list, total, &aggregates) != (&expected.rows, expected.total, &expected.aggregates) {
        let query = query.canonical();
        return Err(format!("{query} shows {list:?} of {total}, {aggregates:?}, not {expected:?}"));
    }
    if app.cache.rows(id).count() != list.len() {
        return Err(format!("the host of {} holds another number of rows than the cache", query.canonical()));
    }
    Ok(())
}
