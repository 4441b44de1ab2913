//! The user's own edits: visible at once, sent, and taken back if refused.

use super::Cache;
use crate::error::Error;
use crate::json::scan::Scanner;
use crate::json::{Kind, read};
use crate::order_of::sort_and_dedup;
use crate::outbox::{LayerChange, LayerOp, Mutation, MutationError, Operation, Rejection};
use crate::registry::MergePolicy;
use crate::step::Step;
use crate::store::Address;
use crate::wire::EventError;
use crate::wire::decode::id_text;
use crate::wire::embedded::take_apart;

impl Cache {
    /// Makes an edit: its operations are visible from now on, and it is sent as soon as there is a connection.
    ///
    /// ```
    /// # use larder::{Cache, Config, Registry, outbox::Mutation};
    /// let mut cache = Cache::new(Registry::default(), Config::default());
    /// let create: Mutation = serde_json::from_str(r##"{
    ///     "id": "m1", "name": "tags.create", "args": {"id": "t1", "name": "red"},
    ///     "optimistic": [{"type": "upsert", "data": {"resource_type": "tag", "resource": {"id": "t1", "name": "red"}}}]
    /// }"##)?;
    /// cache.mutate(create).result?;
    /// assert_eq!(cache.pending().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`MutationError`]; nothing has changed then.
    pub fn mutate(&mut self, mutation: Mutation) -> Step<()> {
        let result = self.take_mutation(mutation).map_err(Error::from);
        if result.is_ok() {
            self.send_if_open();
        }
        self.finish(result)
    }

    /// The backend took a mutation. With a sequence, its layer stays until the stream has reached it; without, it goes now.
    /// For apps that bring their own connection.
    ///
    /// # Errors
    /// [`MutationError::NotPending`].
    pub fn ack(&mut self, id: &str, sequence: Option<u64>) -> Step<()> {
        let found = self.accept(id, sequence);
        self.finish(pending(found, id))
    }

    /// The backend refused a mutation: its operations are taken back. For apps that bring their own connection.
    ///
    /// # Errors
    /// [`MutationError::NotPending`].
    pub fn reject(&mut self, id: &str, reason: Rejection) -> Step<()> {
        let found = self.settle(id, Some(reason));
        self.finish(pending(found, id))
    }

    /// Sends a held mutation all the same: one that was not sent because an earlier edit of the same entity was refused.
    ///
    /// # Errors
    /// [`MutationError::NotHeld`].
    pub fn retry(&mut self, id: &str) -> Step<()> {
        let was_held = self.outbox.release(id);
        if was_held {
            self.send_if_open();
        }
        let error = || Error::Mutation(MutationError::NotHeld { id: id.to_owned() });
        self.finish(if was_held { Ok(()) } else { Err(error()) })
    }

    /// Takes a mutation back that is queued or held: its operations go, and it is settled with a rejection of the kind `discarded`. One
    /// that was sent over a connection that broke, or before the app ended, may have been carried out all the same; its event says so.
    ///
    /// # Errors
    /// [`MutationError::NotPending`], or [`MutationError::Sent`] if the backend may have it already.
    pub fn discard(&mut self, id: &str) -> Step<()> {
        let result = match self.outbox.is_sent(id) {
            None => pending(false, id),
            Some(true) => Err(Error::Mutation(MutationError::Sent { id: id.to_owned() })),
            Some(false) => {
                let (kind, message) = ("discarded".to_owned(), "the app took it back".to_owned());
                self.settle(id, Some(Rejection { kind, message }));
                Ok(())
            }
        };
        self.finish(result)
    }

    pub(super) fn accept(&mut self, id: &str, sequence: Option<u64>) -> bool {
        match (sequence, self.stream.cursor()) {
            (Some(sequence), cursor) if cursor.is_none_or(|cursor| cursor < sequence) => {
                let found = self.outbox.contains(id);
                self.outbox.acked(id, sequence);
                self.send_if_open();
                found
            }
            _ => self.settle(id, None),
        }
    }

    fn take_mutation(&mut self, mutation: Mutation) -> Result<(), MutationError> {
        if mutation.id.is_empty() {
            return Err(MutationError::EmptyId { name: mutation.name });
        }
        if self.outbox.contains(&mutation.id) {
            return Err(MutationError::DuplicateId { id: mutation.id });
        }
        let mut checked = Vec::new();
        for (index, operation) in mutation.optimistic.iter().enumerate() {
            let found = self.check(operation, &mut checked);
            found.map_err(|reason| MutationError::BadOperation { index, reason })?;
        }
        let layer: Vec<LayerOp> = checked.into_iter().filter_map(|op| self.place(op)).collect();
        let mut rows: Vec<Address> = layer.iter().map(|op| op.at).collect();
        sort_and_dedup(&mut rows);
        self.outbox.push(mutation, layer);
        for at in rows {
            self.overlay(at);
            if self.store.is_away(at) {
                self.live.lost_track(at);
                self.want(at);
            }
        }
        Ok(())
    }

    /// Checks an operation without changing anything. Whole resources inside of it make operations of their own.
    pub(super) fn check(
        &mut self,
        operation: &Operation,
        checked: &mut Vec<CheckedOp>,
    ) -> Result<(), String> {
        let (resource_type, id, change) = match operation {
            Operation::Upsert { resource_type, resource } => {
                let bytes = self.check_object(resource.get())?;
                let field = self.id_field(resource_type);
                let id = id_text(&bytes, read::member(&bytes, read::value(&bytes), &field));
                let id = id.ok_or_else(|| {
                    format!("the resource has no `{field}`; give it its id, a string or an integer")
                })?;
                (resource_type, id, LayerChange::Set(bytes))
            }
            Operation::Merge { resource_type, id, fields } => {
                let bytes = self.check_object(fields.get())?;
                let field = self.id_field(resource_type);
                if read::member(&bytes, read::value(&bytes), &field).kind != Kind::Missing {
                    return Err(format!("`{field}` cannot be merged; an entity keeps its id"));
                }
                (resource_type, id.clone(), LayerChange::Merge(bytes))
            }
            Operation::Delete { resource_type, id } => (resource_type, id.clone(), LayerChange::Delete),
        };
        if id.is_empty() {
            return Err("the id is empty; name an entity".to_owned());
        }
        let most = self.config.limits.max_unknown_types;
        let table = self.store.table_or_insert(resource_type, most);
        let table = table.map_err(|_| {
            format!("the resource type `{resource_type}` is not declared; add it to the registry")
        })?;
        let change = match change {
            LayerChange::Set(bytes) => LayerChange::Set(self.take_apart(table, bytes, checked)?),
            LayerChange::Merge(bytes) => LayerChange::Merge(self.take_apart(table, bytes, checked)?),
            LayerChange::Delete => LayerChange::Delete,
        };
        checked.push(CheckedOp { table, id, change });
        Ok(())
    }

    /// The object with ids in the place of whole resources, each of which is written as an event's would be.
    fn take_apart(
        &mut self,
        table: u32,
        bytes: Vec<u8>,
        checked: &mut Vec<CheckedOp>,
    ) -> Result<Vec<u8>, String> {
        let most = self.config.limits.max_entities as usize;
        let objects = std::iter::once(0..bytes.len() as u32);
        let parts = take_apart(&bytes, table, objects, &mut self.store, most);
        let Some(mut parts) = parts.map_err(|error| error.to_string())? else { return Ok(bytes) };
        let outer = parts.pop().map_or(bytes, |part| part.bytes);
        for part in parts {
            for row in part.rows {
                let bytes = part.bytes.get(row.start as usize..row.end as usize).unwrap_or_default().to_vec();
                let owner = self.store.table(part.table);
                let id = owner.and_then(|owner| id_text(&bytes, row.id(&bytes, &owner.resource)));
                let Some(id) = id else { continue };
                let merges = owner.is_some_and(|owner| {
                    owner.resource.merge == MergePolicy::Deep
                        && owner
                            .find(id.as_bytes())
                            .is_some_and(|slot| !owner.row_ref(slot).is_none() || owner.away.has(slot))
                });
                let change = if merges { LayerChange::Merge(bytes) } else { LayerChange::Set(bytes) };
                checked.push(CheckedOp { table: part.table, id, change });
            }
        }
        Ok(outer)
    }

    fn id_field(&self, resource_type: &str) -> String {
        let table = self.store.find_table(resource_type).and_then(|index| self.store.table(index));
        table.map_or_else(|| "id".to_owned(), |table| table.resource.id.clone())
    }

    fn check_object(&self, json: &str) -> Result<Vec<u8>, String> {
        let bytes = json.as_bytes();
        let limits = &self.config.limits;
        let mut scanner = Scanner::new(bytes, limits.scan());
        let value =
            scanner.value(0).map_err(|error| EventError::from_scan(error, bytes, limits).to_string())?;
        if value.kind != Kind::Object {
            return Err("an object was expected".to_owned());
        }
        Ok(value.of(bytes).to_vec())
    }

    /// Finds the row of an operation, or makes a place for it: it may be over a row that is yet to come.
    pub(super) fn place(&mut self, op: CheckedOp) -> Option<LayerOp> {
        let slot = self.store.table_mut(op.table)?.find_or_insert(op.id.as_bytes());
        Some(LayerOp { at: Address { table: op.table, slot }, change: op.change })
    }
}

pub(super) struct CheckedOp {
    table: u32,
    id: String,
    change: LayerChange,
}

fn pending(found: bool, id: &str) -> Result<(), Error> {
    if found { Ok(()) } else { Err(Error::Mutation(MutationError::NotPending { id: id.to_owned() })) }
}
