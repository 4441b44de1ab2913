//! What was stored comes back: first what the last screen showed, then the rest, slice by slice.

use super::Cache;
use super::storage::Disk;
use crate::bytes::Reader;
use crate::outbox::{LayerOp, Record};
use crate::persist::{
    HOT, META, Meta, OUT, Op, Phase, Place, ROWS, Restoring, Segment, SegmentReader, StorageError, What, ops,
    segment_key, unseal,
};
use crate::registry::registry_kept_as;
use crate::remote::REMOTE;
use crate::step::{Effect, Input, Step, StorageState};
use crate::store::{Address, RowRef};

impl Cache {
    /// Begins to read back what a storage holds, whose keys these are, and writes to it from then on. Before anything else; not
    /// calling it leaves the cache in memory only.
    ///
    /// The driver reads the values that [`Effect::Load`] asks for and passes them to [`Self::loaded`], until the status says that the
    /// storage is ready. Queries may be mounted meanwhile and fill up; events that come in are held back.
    ///
    /// ```
    /// # use larder::{Cache, Config, Registry, StorageState};
    /// let mut cache = Cache::new(Registry::default(), Config::default());
    /// cache.restore(&[], 0).result?;
    /// assert_eq!(cache.status().storage, StorageState::Ready, "there was nothing to read");
    /// # Ok::<(), larder::Error>(())
    /// ```
    pub fn restore(&mut self, keys: &[String], now_ms: u64) -> Step<()> {
        self.now_ms = self.now_ms.max(now_ms);
        self.kept_as = registry_kept_as(&self.registry, self.config.subscribe_to.as_deref());
        (self.outbox.is_durable, self.outbox.must_wait) = (true, true);
        let numbers = |prefix: &'static str| {
            let number = move |key: &String| u64::from_str_radix(key.strip_prefix(prefix)?, 16).ok();
            keys.iter().filter_map(number)
        };
        let mut segments: Vec<u32> = numbers(ROWS).filter_map(|number| u32::try_from(number).ok()).collect();
        crate::order_of::sort_and_dedup(&mut segments);
        self.saver.next_segment = segments.last().map_or(0, |last| last.saturating_add(1));
        self.outbox.count_from(numbers(OUT).max().map_or(0, |last| last.saturating_add(1)));
        if keys.is_empty() {
            self.disk = Disk::Ready;
            self.storage_state = StorageState::Ready;
            return self.finish(Ok(()));
        }
        self.disk = Disk::Restoring(Box::new(Restoring::new(segments)));
        self.storage_state = StorageState::Restoring;
        // Rows that come back are no news.
        self.live.are_lists_closed = true;
        let mut head: Vec<String> = keys.iter().filter(|key| !key.starts_with(ROWS)).cloned().collect();
        crate::order_of::sort_and_dedup(&mut head);
        self.effects.push(Effect::Load { keys: head });
        self.finish(Ok(()))
    }

    /// Takes the values that [`Effect::Load`] asked for, as a [`Batch`](crate::persist::Batch): a put for each that there is.
    ///
    /// What cannot be read is left out and told with [`Effect::Storage`]; the backend is then asked for everything anew, while
    /// pending mutations stay.
    pub fn loaded<'a>(&mut self, values: impl Into<Input<'a>>, now_ms: u64) -> Step<()> {
        self.now_ms = self.now_ms.max(now_ms);
        let values = values.into();
        if !self.is_restoring() {
            self.take_loaded(values.as_bytes());
            return self.finish(Ok(()));
        }
        let Disk::Restoring(mut restoring) = std::mem::take(&mut self.disk) else {
            return self.finish(Ok(()));
        };
        let first_of_tail = match restoring.phase {
            Phase::Head => self.restore_head(&mut restoring, values.as_bytes()),
            Phase::Tail | Phase::Rest => {
                self.restore_segments(&mut restoring, values);
                self.saver.first_unknown_to_hot()
            }
        };
        if restoring.phase == Phase::Head {
            restoring.phase = Phase::Tail;
        }
        let mut next = Vec::new();
        if restoring.phase == Phase::Tail {
            next = restoring.next_segments(first_of_tail);
            if next.is_empty() {
                self.restore_hot(&mut restoring);
                restoring.phase = Phase::Rest;
            }
        }
        if next.is_empty() {
            next = restoring.next_segments(0);
        }
        if next.is_empty() {
            self.restored(&restoring);
        } else {
            self.effects.push(Effect::Load { keys: next.into_iter().map(segment_key).collect() });
            self.disk = Disk::Restoring(restoring);
        }
        self.finish(Ok(()))
    }

    /// The storage could not be read. What has come back stays, the rest comes from the backend, and nothing is written any more.
    pub fn load_failed(&mut self, error: &StorageError, now_ms: u64) -> Step<()> {
        self.now_ms = self.now_ms.max(now_ms);
        if matches!(self.disk, Disk::Ready) {
            self.loading_failed(error);
            return self.finish(Ok(()));
        }
        if let Disk::Restoring(mut restoring) = std::mem::take(&mut self.disk) {
            restoring.is_incomplete = true;
            self.restored(&restoring);
        }
        self.disk = Disk::None;
        self.outbox.give_up_durability();
        self.storage_failed(error);
        self.send_if_open();
        self.finish(Ok(()))
    }

    /// Everything is back that could be read.
    fn restored(&mut self, restoring: &Restoring) {
        self.disk = Disk::Ready;
        self.live.are_lists_closed = false;
        self.live.recount_lists(&self.store);
        if self.storage_state == StorageState::Restoring {
            self.storage_state = StorageState::Ready;
        }
        if restoring.is_incomplete {
            self.stream.forget_cursor();
            self.saver.save_what_was_lost();
            let nowhere: Vec<Address> = self.saver.places.rows_in_none().collect();
            // Of those that are in memory no longer, nothing is left.
            nowhere.into_iter().for_each(|at| self.lose(at));
        }
        self.replay_early();
        if std::mem::take(&mut self.subscribes_late) && self.session.is_open() {
            self.subscribe();
        }
    }

    /// The cursor, pending mutations, the screen. Returns the first segment that the screen does not know.
    fn restore_head(&mut self, restoring: &mut Restoring, values: &[u8]) -> u32 {
        let mut meta = None;
        let mut records = Vec::new();
        for (op, _) in ops(values) {
            let Op::Put { key, value } = op else { continue };
            if key == META {
                let read = unseal(What::Meta, key, value).and_then(|payload| Ok(Meta::read(payload)?));
                meta = self.well(read, key);
            } else if let Some(order) = key.strip_prefix(OUT) {
                let record =
                    unseal(What::Mutation, key, value).and_then(|payload| Ok(Record::read(payload)?));
                if let (Some(record), Ok(order)) = (self.well(record, key), u64::from_str_radix(order, 16)) {
                    records.push((order, record));
                }
            } else if key.starts_with(REMOTE) {
                let restored = unseal(What::Record, key, value);
                let restored = restored.and_then(|payload| Ok(self.restore_result(payload)?));
                self.well(restored, key);
            } else if key == HOT {
                let hot = unseal(What::Hot, key, value).map(<[u8]>::to_vec);
                restoring.hot = self.well(hot, key).unwrap_or_default();
            }
        }
        match meta {
            Some(meta) => {
                if meta.registry != self.kept_as {
                    restoring.is_incomplete = true;
                }
                self.saver.next_segment = self.saver.next_segment.max(meta.next_segment);
                self.stream.restore(meta.cursor, meta.library.clone());
                self.epoch.clone_from(&meta.epoch);
                self.saver.meta = meta;
            }
            // Rows that nothing says the position of are worth nothing.
            None => {
                restoring.is_incomplete = true;
                let segments = std::mem::take(&mut restoring.segments);
                self.saver.stale_keys.extend(segments.into_iter().map(segment_key));
                restoring.hot.clear();
            }
        }
        for (order, record) in records {
            self.restore_mutation(order, record);
        }
        for at in self.outbox.covered() {
            self.overlay(at);
        }
        self.saver.set_first_unknown_to_hot(Reader::new(&restoring.hot).u32().ok())
    }

    /// A mutation whose operations make no sense any more is kept for its own sake: it is the user's edit.
    fn restore_mutation(&mut self, order: u64, record: Record) {
        let mut checked = Vec::new();
        for operation in &record.mutation.optimistic {
            // What is wrong with it concerns the screen only.
            let _ = self.check(operation, &mut checked);
        }
        let layer: Vec<LayerOp> = checked.into_iter().filter_map(|op| self.place(op)).collect();
        self.outbox.restore(order, record, layer);
    }

    /// A value that can be read; one that cannot is told of, and removed with the next rows.
    fn well<T>(&mut self, read: Result<T, StorageError>, key: &str) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(error) => {
                self.storage_failed(&error);
                self.saver.stale_keys.push(key.to_owned());
                None
            }
        }
    }

    fn restore_segments(&mut self, restoring: &mut Restoring, values: Input<'_>) {
        // The rows stay where they were read to.
        let chunk = self.store.slab.adopt(match values {
            Input::Owned(bytes) => bytes,
            Input::Borrowed(bytes) => bytes.to_vec(),
        });
        let mut at = Vec::new();
        for (op, end) in ops(self.store.slab.chunk(chunk)) {
            let Op::Put { key, value } = op else { continue };
            let number = key.strip_prefix(ROWS).and_then(|number| u32::from_str_radix(number, 16).ok());
            at.push((number, key.to_owned(), end - value.len()..end));
        }
        if at.is_empty() {
            restoring.is_incomplete = true;
        }
        for (number, key, range) in at {
            let Some(number) = number else { continue };
            let value = self.store.slab.chunk(chunk).get(range.clone()).unwrap_or_default();
            let payload = unseal(What::Rows, &key, value).map(|payload| range.end - payload.len()..range.end);
            let done = payload.and_then(|payload| self.restore_segment(restoring, number, chunk, payload));
            if self.well(done, &key).is_none() {
                restoring.is_incomplete = true;
            }
        }
        self.store.slab.settle(chunk);
    }

    fn restore_segment(
        &mut self,
        restoring: &mut Restoring,
        number: u32,
        chunk: u32,
        payload: std::ops::Range<usize>,
    ) -> Result<(), StorageError> {
        let mut rows = Vec::new();
        let bytes = self.store.slab.chunk(chunk).get(payload.clone()).unwrap_or_default();
        let mut segment = SegmentReader::new(bytes)?;
        let most = self.config.limits.max_unknown_types;
        let mut tables = Vec::new();
        for &(name, shape) in &segment.types {
            tables.push((name.to_owned(), shape));
        }
        let mut names = Vec::new();
        for _ in 0..segment.rows {
            let row = segment.next(&mut names)?;
            let aliases: Vec<Vec<u8>> = names.iter().map(|alias| alias.to_vec()).collect();
            let start = (payload.start + row.at) as u32;
            rows.push((row.kind, row.version, row.id.to_vec(), aliases, start, row.bytes.len() as u32));
        }
        restoring.mark(&segment.marks);
        self.saver.places.add(Segment {
            number,
            rows: segment.rows,
            live: 0,
            bytes: bytes.len() as u32,
            marks: segment.marks,
        });
        let tables: Vec<Option<u32>> = tables
            .into_iter()
            .map(|(name, shape)| {
                let table = self.store.table_or_insert(&name, most).ok()?;
                (self.store.table(table)?.kept_as == shape).then_some(table)
            })
            .collect();
        let mut dead = restoring.dead_in(number).into_iter().peekable();
        for (index, (kind, version, id, aliases, start, length)) in rows.into_iter().enumerate() {
            let index = index as u32;
            if dead.next_if(|&dead| dead == index).is_some() {
                continue;
            }
            let Some(table) = tables.get(kind as usize).copied().flatten() else { continue };
            let place = Place { segment: number, index };
            // Of some rows nothing is stored but that they are.
            let row = if length == 0 { RowRef::NONE } else { self.store.slab.claim(chunk, start, length) };
            self.restore_row(table, place, version, &id, &aliases, row);
        }
        Ok(())
    }

    /// A row that was stored is there, unless a newer one is.
    fn restore_row(
        &mut self,
        table: u32,
        place: Place,
        version: u64,
        id: &[u8],
        aliases: &[Vec<u8>],
        row: RowRef,
    ) {
        let Some(owner) = self.store.tables.get_mut(table as usize) else { return self.store.slab.free(row) };
        let is_stub = row.is_none();
        let slot = owner.find_or_insert(id);
        let at = Address { table, slot };
        for alias in aliases {
            owner.add_alias(alias, slot);
        }
        if !owner.confirmed_ref(slot).is_none() || owner.away.has(slot) {
            self.store.slab.free(row);
            let known = self.saver.places.get(at);
            if known.is_none() {
                self.saver.places.set(at, place);
            } else if known == place {
                // It came from the copy for the screen, before its segment was known.
                self.saver.places.count(place, 1);
            } else {
                self.saver.out_of_date(place);
            }
            return;
        }
        if owner.resource.version.is_some() {
            owner.set_version(slot, version);
        }
        if owner.resource.ttl_ms.is_some() {
            owner.away.set_seen_s(slot, (self.now_ms / 1000) as u32);
        }
        if is_stub {
            // There is such a row, but only the backend has it.
            owner.away.put_away(slot);
            owner.away.lose(slot);
            self.saver.places.set(at, place);
            self.memory.is_on = true;
            return;
        }
        let mut cells = Vec::new();
        if owner.columns() > 0 {
            owner.cells_of(self.store.slab.get(row), &mut cells);
        }
        self.saver.places.set(at, place);
        self.memory.changed += 1;
        self.lay(at, row, &cells, None);
    }

    /// The rows of the last screen, from the copy that was made of them.
    fn restore_hot(&mut self, restoring: &mut Restoring) {
        let hot = std::mem::take(&mut restoring.hot);
        let most = self.config.limits.max_unknown_types;
        let Some(Ok(mut segment)) = hot.get(4..).map(SegmentReader::new) else { return };
        let places = std::mem::take(&mut segment.marks);
        let mut aliases = Vec::new();
        for place in places {
            let Ok(row) = segment.next(&mut aliases) else { return };
            let Some(&(name, shape)) = segment.types.get(row.kind as usize) else { return };
            let Ok(table) = self.store.table_or_insert(name, most) else { continue };
            let is_usable = self.store.table(table).is_some_and(|table| table.kept_as == shape);
            // A place in a segment that is there no more says that the row is newer in another.
            if !is_usable || restoring.is_dead(place) || !restoring.is_there(place) {
                continue;
            }
            let held = self.store.slab.push(row.bytes);
            self.restore_row(table, place, row.version, row.id, &[], held);
        }
    }
}
