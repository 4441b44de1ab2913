//! What stays in memory, and what goes: rows over the budget, and rows that expired.

use super::Cache;
use super::storage::Disk;
use crate::error::Error;
use crate::evict::{LOOKS_A_STEP, LOOKS_A_TICK, Memory};
use crate::query::QueryError;
use crate::step::Step;
use crate::store::{Address, RowRef};

/// Rows that expire are looked for so often at most.
const LEAST_SWEEP_MS: u64 = 1000;

impl Cache {
    /// Keeps an entity in memory whatever the budget says, until [`Self::unpin`]. It need not be here yet; one that is on disk only is
    /// read back. Pins end with the cache: they are not stored.
    ///
    /// ```
    /// # use larder::{Cache, Config, Registry};
    /// let config = Config::parse(r#"{"memory": {"entities": 0}}"#)?;
    /// let mut cache = Cache::new(Registry::default(), config);
    /// cache.pin("tag", "t1").result?;
    /// cache.apply(r#"{"ResourceChanged": {"resource_type": "tag", "resource": {"id": "t1"}}}"#).result?;
    /// assert_eq!(cache.stats().entities, 1);
    /// cache.unpin("tag", "t1").result?;
    /// assert_eq!(cache.stats().entities, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`QueryError::UnknownType`] if the registry refuses the type.
    pub fn pin(&mut self, resource_type: &str, id: &str) -> Step<()> {
        let most = self.config.limits.max_unknown_types;
        let table = self.store.table_or_insert(resource_type, most);
        if let Ok(table) = table {
            self.memory.is_on = true;
            self.memory.pins.insert((table, self.live.hash_of(&self.store, table, id)));
            if let Some(slot) = self.store.table(table).and_then(|rows| rows.find(id.as_bytes())) {
                self.want(Address { table, slot });
            }
        }
        let unknown = || QueryError::UnknownType { resource_type: resource_type.to_owned() };
        self.finish(table.map(|_| ()).map_err(|_| Error::Query(unknown())))
    }

    /// The budget concerns an entity again. Nothing happens if it was not pinned.
    pub fn unpin(&mut self, resource_type: &str, id: &str) -> Step<()> {
        if let Some(table) = self.store.find_table(resource_type) {
            self.memory.pins.remove(&(table, self.live.hash_of(&self.store, table, id)));
            if let Some(slot) = self.store.table(table).and_then(|rows| rows.find(id.as_bytes())) {
                self.memory.candidates.push(Address { table, slot });
            }
        }
        self.finish(Ok(()))
    }

    pub(super) fn is_bounded(config: &crate::Config, registry: &crate::Registry) -> bool {
        let memory = &config.memory;
        let expires = registry.types().iter().any(|resource| resource.ttl_ms.is_some());
        memory.is_bounded() || memory.disk_bytes.is_some() || expires
    }

    /// The row was confirmed.
    pub(super) fn used(&mut self, at: Address) {
        let Memory { candidates, changed, .. } = &mut self.memory;
        *changed += 1;
        if matches!(self.disk, Disk::None) && self.config.memory.is_bounded() {
            candidates.push(at);
        }
        let Some(table) = self.store.tables.get_mut(at.table as usize) else { return };
        table.away.set_used(at.slot);
        if let Some(ttl_ms) = table.resource.ttl_ms {
            // Before any time was passed in, it is not known when that is.
            let now_s = if self.now_ms == 0 { u32::MAX } else { (self.now_ms / 1000) as u32 };
            table.away.set_seen_s(at.slot, now_s);
            let sweep_at_ms = self.now_ms + (ttl_ms / 4).max(LEAST_SWEEP_MS);
            self.memory.sweep_at_ms =
                Some(self.memory.sweep_at_ms.map_or(sweep_at_ms, |at| at.min(sweep_at_ms)));
        }
    }

    /// A row is in memory again, or is no more.
    pub(super) fn take_back(&mut self, at: Address) {
        let place = self.saver.places.get(at);
        let Some(table) = self.store.tables.get_mut(at.table as usize) else { return };
        let was_lost = table.away.is_lost(at.slot);
        if table.away.take_back(at.slot) && !was_lost {
            self.saver.places.count_away(at.table, place, false);
        }
        self.memory.wanted.remove(&at);
    }

    /// Puts a row away that nothing refers to.
    fn evict(&mut self, at: Address) {
        let Some(table) = self.store.tables.get_mut(at.table as usize) else { return };
        if !table.away.put_away(at.slot) {
            return;
        }
        let place = self.saver.places.get(at);
        self.saver.places.count_away(at.table, place, true);
        self.show(at, RowRef::NONE, &[], None);
        self.memory.evicted += 1;
        if matches!(self.disk, Disk::None) {
            self.lose(at);
        }
    }

    /// A row that is not in memory is not on disk either from now on; that there is one is kept.
    pub(super) fn lose(&mut self, at: Address) {
        let Some(table) = self.store.tables.get_mut(at.table as usize) else { return };
        if !table.away.lose(at.slot) {
            return;
        }
        let place = self.saver.places.get(at);
        self.saver.places.count_away(at.table, place, false);
        self.note_unsaved(at, false);
        self.memory.wanted.remove(&at);
        if !matches!(self.disk, Disk::None) {
            self.live.lost_row(at.table);
        }
        if self.live.is_listed(&self.store, at) {
            self.drop_results_with(at);
        }
    }

    /// Results that nobody shows are worth nothing without their rows.
    #[inline(never)]
    fn drop_results_with(&mut self, at: Address) {
        let Some(table) = self.store.table(at.table) else { return };
        let id = table.ids.with_text(at.slot, |id| String::from_utf8_lossy(id).into_owned());
        let live = &self.live;
        let is_idle = |entry: &crate::remote::Entry| {
            entry.mounts.is_empty() && entry.table == at.table && live.lists(entry.view, &id)
        };
        for index in self.remote.which(is_idle) {
            self.drop_result(index);
        }
    }

    /// May this row, which is in memory, go from there?
    fn may_evict(&mut self, at: Address, needs_place: bool) -> bool {
        let Some(table) = self.store.table(at.table) else { return false };
        let is_here = !table.row_ref(at.slot).is_none();
        if !is_here || table.is_split(at.slot) || self.outbox.covers(at) || self.memory.needed.contains(&at) {
            return false;
        }
        if needs_place && !matches!(self.disk, Disk::None) && !self.saver.is_saved(at) {
            return false;
        }
        let pins = &self.memory.pins;
        if !pins.is_empty() && pins.contains(&(at.table, self.live.hash_at(&self.store, at))) {
            return false;
        }
        !self.live.is_referenced(&self.store, at)
    }

    /// Puts rows away while there are more than the budget allows; so many are looked at, and more in the next step.
    #[inline(never)]
    pub(super) fn evict_some(&mut self) {
        let budget = self.config.memory;
        let mut looks = LOOKS_A_STEP + 4 * std::mem::take(&mut self.memory.changed);
        self.memory.is_behind = false;
        let mut entities = self.store.entities();
        let slots = self.store.tables.iter().filter(|table| !table.is_derived);
        let slots: u64 = slots.map(|table| u64::from(table.slots())).sum();
        if !budget.is_less_than(self.store.slab.live_bytes(), entities) {
            self.memory.hand.begin_anew();
            self.memory.candidates.clear();
            return;
        }
        if self.memory.candidates.len() as u64 > slots + LOOKS_A_TICK {
            // Looking at all of them is no more work.
            self.memory.candidates.clear();
            self.memory.hand.begin_anew();
        }
        while looks > 0 && budget.is_less_than(self.store.slab.live_bytes(), entities) {
            let pointed_at = self.memory.hand.next(&self.store.tables, slots);
            let Some(at) = pointed_at.or_else(|| self.memory.candidates.pop()) else { return };
            looks -= 1;
            self.memory.looked_at += 1;
            let Some(table) = self.store.tables.get_mut(at.table as usize) else { continue };
            if pointed_at.is_some() && table.away.take_used(at.slot) {
                continue;
            }
            if self.may_evict(at, true) {
                self.evict(at);
                entities -= 1;
                if pointed_at.is_some() {
                    self.memory.hand.begin_anew();
                }
            }
        }
        self.memory.is_behind = budget.is_less_than(self.store.slab.live_bytes(), entities);
    }

    /// Is more in memory than may be, because all of it is of use?
    pub(super) fn is_over_budget(&self) -> bool {
        self.config.memory.is_less_than(self.store.slab.live_bytes(), self.store.entities())
    }

    /// How many entities in memory have to stay there.
    pub(super) fn referenced(&self) -> usize {
        let mut rows = hashbrown::HashSet::with_hasher(foldhash::fast::FixedState::default());
        self.live.each_referenced(&self.store, &mut |at| _ = rows.insert(at));
        rows.extend(self.outbox.covered());
        let is_pinned =
            |at: Address| self.memory.pins.contains(&(at.table, self.live.hash_at(&self.store, at)));
        if !self.memory.pins.is_empty() {
            for (index, table) in self.store.tables.iter().enumerate() {
                let all = (0..table.slots()).map(|slot| Address { table: index as u32, slot });
                rows.extend(all.filter(|&at| is_pinned(at)));
            }
        }
        // An edit may be of an entity that is yet to come.
        let is_here = |at: &&Address| {
            let table = self.store.table(at.table).filter(|table| !table.is_derived);
            table.is_some_and(|table| !table.away.has(at.slot))
                && (self.store.view(**at).is_some() || self.outbox.covers(**at))
        };
        rows.iter().filter(is_here).count()
    }

    /// Lets go of rows that the backend has not confirmed for too long.
    #[inline(never)]
    pub(super) fn sweep(&mut self) {
        let now_ms = self.now_ms;
        if self.memory.sweep_at_ms.is_none_or(|at_ms| at_ms > now_ms) || self.is_restoring() {
            return;
        }
        let mut next_ms = None;
        let mut looks = LOOKS_A_TICK;
        let Address { table: mut index, mut slot } = std::mem::take(&mut self.memory.swept);
        while let Some(table) = self.store.table(index) {
            let Some(ttl_ms) = table.resource.ttl_ms.filter(|_| slot < table.slots()) else {
                (index, slot) = (index + 1, 0);
                continue;
            };
            if looks == 0 {
                // The rest comes with the next tick.
                self.memory.swept = Address { table: index, slot };
                self.memory.sweep_at_ms = Some(now_ms);
                return;
            }
            looks -= 1;
            let at = Address { table: index, slot };
            slot += 1;
            let seen_s = table.away.seen_s(at.slot);
            if seen_s == u32::MAX {
                if let Some(table) = self.store.table_mut(index) {
                    table.away.set_seen_s(at.slot, (now_ms / 1000) as u32);
                }
                continue;
            }
            let seen_ms = u64::from(seen_s) * 1000;
            if now_ms <= seen_ms.saturating_add(ttl_ms) {
                continue;
            }
            if table.away.has(at.slot) {
                self.lose(at);
            } else if self.may_evict(at, false) {
                self.evict(at);
                self.lose(at);
            }
        }
        for ttl_ms in self.store.tables.iter().filter_map(|table| table.resource.ttl_ms) {
            let at_ms = now_ms + (ttl_ms / 4).max(LEAST_SWEEP_MS);
            next_ms = Some(next_ms.map_or(at_ms, |next: u64| next.min(at_ms)));
        }
        self.memory.sweep_at_ms = next_ms;
    }

    /// Deletes from disk what there is too much of, the oldest first: of rows that are not in memory.
    pub(super) fn trim_disk(&mut self) {
        let Some(most) = self.config.memory.disk_bytes else { return };
        let mut bytes = self.saver.places.bytes();
        while bytes > most
            && let Some(segment) = self.saver.places.oldest_away()
        {
            let rows: Vec<Address> = self.saver.places.rows_in(&[segment]).collect();
            for at in rows {
                if self.store.is_away(at) {
                    self.lose(at);
                } else {
                    // It is written elsewhere first, and stays in memory until then.
                    self.saver.changed(at);
                }
            }
            bytes -= bytes.min(self.saver.places.doom(segment));
        }
    }
}
