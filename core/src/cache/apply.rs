//! Events become rows.

use std::ops::Range;

use super::Cache;
use crate::error::Error;
use crate::json::{Kind, text};
use crate::outbox::{Rejection, Removed};
use crate::registry::merge;
use crate::step::{Applied, Effect, Input, Step};
use crate::store::{Address, Cell, FoundRow, RowRef};
use crate::sync::Place;
use crate::wire::decode::{Body, Decoded, Refused, Replaced, decode};
use crate::wire::embedded::Part;
use crate::wire::{Envelope, EventError, Metadata, raw};

/// A buffer is kept whole when its rows are at least so many bytes, and most of it.
const ADOPT_BYTES: usize = 64 << 10;

impl Cache {
    /// Applies one event of either dialect. For apps that bring their own connection.
    ///
    /// ```
    /// # use larder::{Cache, Config, Registry};
    /// let mut cache = Cache::new(Registry::default(), Config::default());
    /// let step = cache.apply(r#"{"ResourceDeleted": {"resource_type": "file", "resource_id": "1"}}"#);
    /// assert_eq!(step.result?.changed, 0);
    /// # Ok::<(), larder::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Event`]; the cache is as it was, and an event that came in its turn counts as dealt with.
    pub fn apply<'a>(&mut self, event: impl Into<Input<'a>>) -> Step<Applied> {
        let result = self.ingest(event.into());
        self.finish(result)
    }

    /// Applies an event, and those held back that are next after it.
    pub(super) fn ingest(&mut self, event: Input<'_>) -> Result<Applied, Error> {
        if self.is_restoring() || !self.early.is_empty() {
            return self.hold_early(event);
        }
        let mut applied = self.ingest_one(event)?;
        if !applied.held {
            self.drain_held(&mut applied);
        }
        self.settle_confirmed();
        Ok(applied)
    }

    /// Keeps an event for when everything is back that was stored: it may be about a row that is not.
    #[inline(never)]
    pub(super) fn hold_early(&mut self, event: Input<'_>) -> Result<Applied, Error> {
        let held = self.early.len();
        if held >= self.config.limits.max_held_events as usize {
            return Err(Error::Restoring { held });
        }
        self.early.push((event.as_bytes().to_vec(), self.remote.is_answering));
        Ok(Applied { held: true, ..Applied::default() })
    }

    /// Applies what was held back for rows that are here now.
    pub(super) fn replay_early(&mut self) {
        let mut early = std::mem::take(&mut self.early).into_iter();
        while let Some((message, is_answer)) = early.next() {
            let was_answering = std::mem::replace(&mut self.remote.is_answering, is_answer);
            let result = match self.frame(&message) {
                Ok(Some(frame)) => self.handle(frame, self.now_ms),
                _ => self.ingest(Input::Owned(message)),
            };
            self.remote.is_answering = was_answering;
            if let Err(error) = result {
                self.refuse(&error);
            }
            if !self.early.is_empty() {
                // It waits for others.
                self.early.extend(early);
                return;
            }
        }
    }

    /// Applies the events held back that are next now.
    pub(super) fn drain_held(&mut self, applied: &mut Applied) {
        while let Some(held) = self.stream.take_held() {
            match self.ingest_one(Input::Owned(held)) {
                Ok(more) if more.held => break,
                Ok(more) => {
                    applied.changed += more.changed;
                    applied.stale += more.stale;
                }
                Err(error) => self.refuse(&error),
            }
        }
    }

    fn ingest_one(&mut self, event: Input<'_>) -> Result<Applied, Error> {
        let decoded = match decode(event.as_bytes(), &mut self.store, &self.registry, &self.config.limits) {
            Ok(decoded) => decoded,
            Err(refused) => return Err(self.refused(*refused)),
        };
        let Decoded { envelope, body, replaced } = decoded;
        let envelope = envelope.unwrap_or_default();
        self.check_scope(&envelope)?;
        let place = self.stream.place(&envelope);
        if place != Place::Next {
            return Ok(self.out_of_turn(&event, &envelope, place));
        }
        if self.memory.is_on && self.must_load(event.as_bytes(), &body) {
            return self.hold_early(event);
        }
        let uncovered = self.uncover(envelope.mutation_id.as_deref());
        // What was visible may change with a layer.
        let replaced = replaced.filter(|_| uncovered.is_none());
        let mut applied = self.apply_body(event, body, replaced.as_ref());
        if let Some(uncovered) = uncovered {
            applied.changed += self.settle_uncovered(uncovered);
        }
        self.stream.advance(envelope.sequence);
        self.events_applied += 1;
        Ok(applied)
    }

    #[cold]
    #[inline(never)]
    fn refused(&mut self, refused: Refused) -> Error {
        self.events_refused += 1;
        // The stream must go on after it, or the same event would come again for ever.
        if let Some(envelope) = &refused.envelope
            && self.stream.is_of(&envelope.library_id)
            && self.stream.place(envelope) == Place::Next
        {
            self.stream.advance(envelope.sequence);
        }
        Error::Event { event: refused.envelope.map(|envelope| envelope.id), error: refused.error }
    }

    #[cold]
    #[inline(never)]
    fn out_of_turn(&mut self, event: &Input<'_>, envelope: &Envelope, place: Place) -> Applied {
        if place == Place::Ahead {
            self.stream.hold(envelope.sequence, event.as_bytes(), self.config.limits.max_held_events);
            self.ask_for_missing();
            return Applied { held: true, ..Applied::default() };
        }
        // After a reconnect this may be the first we hear of our own mutation.
        let uncovered = self.uncover(envelope.mutation_id.as_deref());
        let changed = uncovered.map_or(0, |uncovered| self.settle_uncovered(uncovered));
        Applied { duplicate: true, changed, ..Applied::default() }
    }

    fn check_scope(&mut self, envelope: &Envelope) -> Result<(), Error> {
        if self.stream.bind(&envelope.library_id) { Ok(()) } else { Err(self.wrong_scope(envelope)) }
    }

    #[cold]
    #[inline(never)]
    fn wrong_scope(&mut self, envelope: &Envelope) -> Error {
        self.events_refused += 1;
        let error = EventError::WrongScope {
            expected: self.stream.library().unwrap_or_default().to_owned(),
            found: envelope.library_id.clone(),
        };
        Error::Event { event: Some(envelope.id.clone()), error }
    }

    fn apply_body(&mut self, event: Input<'_>, body: Body, replaced: Option<&Replaced>) -> Applied {
        match body {
            Body::Rows { table, rows, cells, metadata } => {
                self.apply_rows(event, table, &rows, &cells, &metadata, replaced)
            }
            Body::Parts { parts, metadata } => self.apply_parts(parts, &metadata),
            Body::Deleted { table, id } => {
                let changed = self.apply_deletion(table, &id);
                Applied { changed: u32::from(changed), ..Applied::default() }
            }
            Body::HandedOn => {
                self.hand_on(event.as_bytes());
                Applied::default()
            }
        }
    }

    #[inline(never)]
    fn apply_parts(&mut self, mut parts: Vec<Part>, metadata: &Metadata) -> Applied {
        let mut applied = Applied::default();
        let outer = parts.pop();
        let none = Metadata::default();
        let parts = parts.into_iter().map(|part| (part, &none)).chain(outer.map(|part| (part, metadata)));
        for (part, metadata) in parts {
            let rows = self.apply_rows(
                Input::Owned(part.bytes),
                part.table,
                &part.rows,
                &part.cells,
                metadata,
                None,
            );
            applied.changed += rows.changed;
            applied.stale += rows.stale;
        }
        applied
    }

    #[inline(never)]
    fn apply_deletion(&mut self, table: Option<u32>, id: &str) -> bool {
        let Some(table) = table else { return false };
        let slot = self.store.table(table).and_then(|table| table.find(id.as_bytes()));
        let at = slot.map(|slot| Address { table, slot });
        let changed = at.is_some_and(|at| self.confirm_row(at, RowRef::NONE, &[], None));
        self.row_deleted(table, id);
        changed
    }

    #[inline(never)]
    fn hand_on(&mut self, event: &[u8]) {
        self.notice(event);
        self.effects.push(Effect::Event(raw(&String::from_utf8_lossy(event))));
    }

    fn apply_rows(
        &mut self,
        event: Input<'_>,
        table: u32,
        rows: &[FoundRow],
        cells: &[Cell],
        metadata: &Metadata,
        replaced: Option<&Replaced>,
    ) -> Applied {
        if let Some(table) = self.store.table_mut(table) {
            table.reserve(rows.len());
        }
        let row_bytes: usize = rows.iter().map(|row| (row.end - row.start) as usize).sum();
        // The buffer itself becomes the rows' place when it is worth keeping.
        let (source, chunk) = match event {
            Input::Owned(bytes) if row_bytes >= ADOPT_BYTES && row_bytes * 4 >= bytes.len() * 3 => {
                (Input::Borrowed(&[]), Some(self.store.slab.adopt(bytes)))
            }
            source => (source, None),
        };
        let columns = self.store.table(table).map_or(0, crate::store::Table::columns);
        let mut applied = Applied::default();
        for (index, found) in rows.iter().enumerate() {
            let row = match chunk {
                Some(chunk) => self.store.slab.claim(chunk, found.start, found.end - found.start),
                None => {
                    let bytes = source.as_bytes().get(found.start as usize..found.end as usize);
                    self.store.slab.push(bytes.unwrap_or_default())
                }
            };
            let row_cells = cells.get(index * columns..(index + 1) * columns).unwrap_or_default();
            let only = (rows.len() == 1).then_some(replaced);
            match self.apply_row(table, row, found, row_cells, metadata, only) {
                Outcome::Changed => applied.changed += 1,
                Outcome::Stale => applied.stale += 1,
                Outcome::Same => {}
            }
        }
        if let Some(chunk) = chunk {
            self.store.slab.settle(chunk);
        }
        if applied.changed > 0 {
            self.rows_changed(table, &metadata.affected_paths);
        }
        applied
    }

    /// Applies one row that is in the slab already. The `only` one of its event comes with what it takes the place of.
    fn apply_row(
        &mut self,
        table: u32,
        row: RowRef,
        found: &FoundRow,
        cells: &[Cell],
        metadata: &Metadata,
        only: Option<Option<&Replaced>>,
    ) -> Outcome {
        let Some(owner) = self.store.tables.get_mut(table as usize) else { return Outcome::Same };
        let bytes = self.store.slab.get(row);
        let id = found.id(bytes, &owner.resource);
        let id_at = id.start as usize..id.end as usize;
        let is_number = id.kind == Kind::Number;
        let id = text::decode(bytes, id);
        let replaced = only.flatten();
        let slot = replaced.map_or_else(|| owner.find_or_insert(id.as_bytes()), |replaced| replaced.slot);
        let is_alias = owner.has_aliases() && owner.ids.find(id.as_bytes()) != Some(slot);
        let at = Address { table, slot };
        let version = found.version(bytes, &owner.resource);
        let is_away = owner.away.has(slot);
        let is_known = is_away || !owner.confirmed_ref(slot).is_none();
        if is_known
            && !self.stream.is_copying()
            && let (Some(version), Some(known)) = (version, owner.version(slot))
            && version < known
        {
            self.store.slab.free(row);
            return Outcome::Stale;
        }
        // A copy says all there is of a row, so nothing of before may be left.
        let merges = is_known && !self.stream.is_new_in_copy(at) && owner.resource.is_merged();
        if merges && is_away {
            self.store.slab.free(row);
            self.live.lost_track(at);
            return Outcome::Same;
        }
        if let Some(version) = version {
            owner.set_version(slot, version);
        }
        let changed = if merges || is_alias {
            let quoted = if is_number { id_at } else { id_at.start - 1..id_at.end + 1 };
            self.confirm_rewritten(at, row, is_alias.then_some(quoted), merges.then_some(metadata))
        } else {
            self.confirm_row(at, row, cells, replaced)
        };
        self.stream.saw(at);
        if only.is_some() && !metadata.alternate_ids.is_empty() {
            self.add_aliases(at, &metadata.alternate_ids);
        }
        if changed { Outcome::Changed } else { Outcome::Same }
    }

    /// Makes a row the confirmed one that comes under another id than it has here, or that is merged into the one before.
    #[inline(never)]
    fn confirm_rewritten(
        &mut self,
        at: Address,
        row: RowRef,
        alias: Option<Range<usize>>,
        merged_as: Option<&Metadata>,
    ) -> bool {
        let mut bytes = self.store.slab.get(row).to_vec();
        self.store.slab.free(row);
        let Some(owner) = self.store.table(at.table) else { return false };
        if let Some(quoted) = alias {
            // The row answers to the id it is known by, whichever it came under.
            let mut canonical = Vec::new();
            owner
                .ids
                .with_text(at.slot, |id| text::push_quoted(&mut canonical, &String::from_utf8_lossy(id)));
            bytes.splice(quoted, canonical);
        }
        if let Some(metadata) = merged_as
            && let Some(base) = self.store.confirmed(at)
        {
            let mut merged = Vec::with_capacity(base.len() + bytes.len());
            let rules = merge::Rules {
                policy: owner.resource.merge,
                fields: &owner.resource.fields,
                whole: &metadata.no_merge_fields,
            };
            if !merge::merge(&mut merged, base, &bytes, rules) {
                return false;
            }
            bytes = merged;
        }
        let row = self.store.slab.push(&bytes);
        let (cells, replaced) = self.beside_visible(at, row);
        self.confirm_row(at, row, &cells, replaced.as_ref())
    }

    /// Lets other ids lead to a row; a row that one of them had of its own is gone.
    #[inline(never)]
    fn add_aliases(&mut self, at: Address, ids: &[String]) {
        for id in ids {
            let Some(table) = self.store.table(at.table) else { return };
            let own = table.ids.find(id.as_bytes());
            if own == Some(at.slot) {
                continue;
            }
            if let Some(slot) = own {
                self.confirm_row(Address { table: at.table, slot }, RowRef::NONE, &[], None);
            }
            if let Some(table) = self.store.table_mut(at.table) {
                table.add_alias(id.as_bytes(), at.slot);
            }
            self.note_unsaved(at, false);
            self.live.named_otherwise(&self.store, at);
        }
    }

    /// Takes the layer of a mutation away whose outcome is about to be applied; returns the rows it was over.
    fn uncover(&mut self, mutation: Option<&str>) -> Option<Removed> {
        self.outbox.remove(mutation?)
    }

    /// Shows the rows that a layer was over as they are without it, and reports the mutation as confirmed.
    #[inline(never)]
    fn settle_uncovered(&mut self, Removed { rows, ids }: Removed) -> u32 {
        self.tell_settled(ids, None);
        rows.into_iter().map(|at| u32::from(self.overlay(at))).sum()
    }

    /// Drops the layers of mutations whose events have been applied.
    pub(super) fn settle_confirmed(&mut self) {
        if let Some(cursor) = self.stream.cursor().filter(|_| self.outbox.len() > 0) {
            self.settle_up_to(cursor);
        }
    }

    #[inline(never)]
    fn settle_up_to(&mut self, cursor: u64) {
        for id in self.outbox.confirmed_by(cursor) {
            self.settle(&id, None);
        }
    }

    /// Ends a mutation; `false` if it is not pending.
    #[inline(never)]
    pub(super) fn settle(&mut self, id: &str, rejection: Option<Rejection>) -> bool {
        let Some(Removed { rows, ids }) = self.outbox.remove(id) else { return false };
        // An app that sends its mutations itself knows best what depends on what.
        if rejection.is_some() && self.expects_stream {
            self.outbox.hold_dependents(&rows);
        }
        for at in rows {
            self.overlay(at);
        }
        self.tell_settled(ids, rejection);
        // Later edits of the same entities may have waited for this one.
        self.send_if_open();
        true
    }

    fn tell_settled(&mut self, ids: Vec<String>, rejection: Option<Rejection>) {
        self.effects.extend(ids.into_iter().map(|id| Effect::Settled { id, rejection: rejection.clone() }));
    }
}

/// What one row of an event did.
enum Outcome {
    Changed,
    Same,
    Stale,
}
