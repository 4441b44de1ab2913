//! Views whose members a list of ids names, in its order: what a backend answered, and what events made of it since.

use std::mem;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::graph::hash_id;
use super::lists::{enter, leave};
use super::related::Around;
use super::routes::Routes;
use super::shape;
use super::sorted::Sorted;
use super::view::View;
use super::{Live, Owner};
use crate::order_of::sort_and_dedup;
use crate::query::{Query, QueryError};
use crate::store::{Address, RowView, Store};

/// The ids that belong to a view, in order.
#[derive(Default)]
pub(crate) struct List {
    /// Empty where one was taken off the list.
    ids: Vec<String>,
    /// Places in `ids`, by the ids' hashes.
    places: HashMap<u64, u32, FixedState>,
    /// So many of them are the backend's; those behind came by events.
    answered: usize,
    /// Rows that come to match the view's filter are put on the list.
    pub follows: bool,
    /// The view has no other order than the list's.
    pub is_order: bool,
    /// Ids without a row, as counted last.
    missing: usize,
    /// There is an answer.
    is_known: bool,
}

impl List {
    /// Where an id is.
    pub(crate) fn place(&self, hash: u64) -> Option<u32> {
        self.places.get(&hash).copied()
    }

    fn push(&mut self, id: String, hash: u64) {
        let place = self.ids.len() as u32;
        if let hashbrown::hash_map::Entry::Vacant(entry) = self.places.entry(hash) {
            entry.insert(place);
            self.ids.push(id);
        }
    }

    fn take_off(&mut self, hash: u64) {
        let place = self.places.remove(&hash);
        if let Some(id) = place.and_then(|place| self.ids.get_mut(place as usize)) {
            id.clear();
        }
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(String::as_str).filter(|id| !id.is_empty())
    }

    /// Is there a list, and every entity on it held?
    pub(super) fn is_complete(&self) -> bool {
        self.is_known && self.missing == 0
    }

    fn count_missing(&mut self, store: &Store, table: u32) {
        let is_held = |id: &str| {
            store.table(table).is_some_and(|table| {
                let slot = table.find(id.as_bytes());
                slot.is_some_and(|slot| {
                    !table.row_ref(slot).is_none() || !table.confirmed_ref(slot).is_none()
                })
            })
        };
        let answered = self.ids.iter().take(self.answered);
        self.missing = answered.filter(|id| !id.is_empty() && !is_held(id)).count();
    }
}

/// Which views list an entity.
pub(crate) type Listings = HashMap<(u32, u64), Vec<u32>, FixedState>;

fn remove_listing(listings: &mut Listings, key: (u32, u64), view: u32) {
    if let Some(views) = listings.get_mut(&key) {
        views.retain(|&other| other != view);
        if views.is_empty() {
            listings.remove(&key);
        }
    }
}

/// The hash by which lists know the row at a slot.
pub(super) fn hash_of_row(store: &Store, at: Address) -> u64 {
    store.table(at.table).map_or(0, |table| table.ids.with_text(at.slot, hash_id))
}

impl Live {
    /// A view for a list, empty so far. It stays until [`Self::drop_list`], whoever shows it.
    pub(crate) fn add_list(&mut self, store: &mut Store, table: u32, query: &Query, key: String) -> u32 {
        let mut view = View::new(key, table, query, store);
        view.order.list = Some(Box::new(List {
            follows: !query.filter().is_everything(),
            is_order: query.order_by().is_empty(),
            ..List::default()
        }));
        self.add_view(view, query, store)
    }

    /// Gives up a list's view, which nobody may show any more.
    pub(crate) fn drop_list(&mut self, store: &Store, index: u32) {
        self.relist(store, index, None);
        self.drop_view(index as usize);
    }

    /// Shows a list to the host.
    pub(crate) fn mount_list(
        &mut self,
        store: &mut Store,
        index: u32,
        query: &Query,
    ) -> Result<u32, QueryError> {
        let Some(table) = self.view_at(index).map(|view| view.table) else { return Ok(u32::MAX) };
        shape::check(store, table, query.includes(), "include")?;
        let host_type = self.graph.host_type(store, table, query.includes());
        Ok(self.show_view(store, index, query, host_type, None::<Owner>))
    }

    fn view_at(&self, index: u32) -> Option<&View> {
        self.views.get(index as usize)?.as_ref()
    }

    fn list(&self, index: u32) -> Option<&List> {
        self.view_at(index)?.order.list.as_deref()
    }

    /// The ids on a list, in order: first the backend's, then those that came by events.
    pub(crate) fn listed_ids(&self, index: u32) -> (Vec<String>, usize) {
        let Some(list) = self.list(index) else { return (Vec::new(), 0) };
        let is_id = |id: &&String| !id.is_empty();
        let answered = list.ids.iter().take(list.answered).filter(is_id).count();
        (list.ids.iter().filter(is_id).cloned().collect(), answered)
    }

    /// How many ids have been put on a list so far, for [`Self::came_since`].
    pub(crate) fn list_mark(&self, index: u32) -> usize {
        self.list(index).map_or(0, |list| list.ids.len())
    }

    /// The ids that came by events: since `mark`, and those before that for which `keep` holds.
    pub(crate) fn came_since(
        &self,
        index: u32,
        mark: usize,
        mut keep: impl FnMut(&str) -> bool,
    ) -> Vec<String> {
        let Some(list) = self.list(index) else { return Vec::new() };
        let came = list.ids.iter().enumerate().skip(list.answered);
        let kept = came.filter(|(place, id)| !id.is_empty() && (*place >= mark || keep(id)));
        kept.map(|(_, id)| id.clone()).collect()
    }

    /// Is an entity on a list?
    pub(crate) fn lists(&self, index: u32, id: &str) -> bool {
        self.list(index).is_some_and(|list| list.place(hash_id(id.as_bytes())).is_some())
    }

    /// Sees whether what lists of changed queries miss has come.
    pub(super) fn count_lists(&mut self, store: &Store) {
        for &id in &self.dirty {
            let mounted = self.queries.get(id as usize).and_then(Option::as_ref);
            let index = mounted.map_or(usize::MAX, |mounted| mounted.view as usize);
            let Some(view) = self.views.get_mut(index).and_then(Option::as_mut) else { continue };
            let table = view.table;
            if let Some(list) = view.order.list.as_deref_mut().filter(|list| list.missing > 0) {
                list.count_missing(store, table);
            }
        }
    }

    /// Has its queries tell the host anew how complete they are.
    fn mark_list(&mut self, index: u32) {
        let view = self.views.get(index as usize).and_then(Option::as_ref);
        for &id in view.map_or(&[][..], |view| &view.queries) {
            let Some(mounted) = self.queries.get_mut(id as usize).and_then(Option::as_mut) else { continue };
            if !mounted.shown.dirty {
                mounted.shown.dirty = true;
                self.dirty.push(id);
            }
        }
    }

    /// Rows may have gone without being deleted: what lists miss is counted anew.
    pub(crate) fn recount_lists(&mut self, store: &Store) {
        for index in 0..self.views.len() {
            let Some(view) = self.views.get_mut(index).and_then(Option::as_mut) else { continue };
            let table = view.table;
            let Some(list) = view.order.list.as_deref_mut() else { continue };
            let before = list.missing;
            list.count_missing(store, table);
            if list.missing != before {
                self.mark_list(index as u32);
            }
        }
    }

    /// The list is this one from now on: of the ids, the first `answered` are the backend's. `None`: there is no answer.
    pub(crate) fn relist(&mut self, store: &Store, index: u32, ids: Option<(Vec<String>, usize)>) {
        let is_known = ids.is_some();
        let (ids, answered) = ids.unwrap_or_default();
        let Some(mut view) = self.views.get_mut(index as usize).and_then(Option::take) else { return };
        let table = view.table;
        if let Some(list) = view.order.list.as_deref_mut() {
            let old = mem::take(&mut list.places);
            for &hash in old.keys() {
                remove_listing(&mut self.listings, (table, hash), index);
            }
            list.ids.clear();
            for (at, id) in ids.into_iter().enumerate() {
                if at == answered {
                    list.answered = list.ids.len();
                }
                let hash = hash_id(id.as_bytes());
                list.push(id, hash);
            }
            if answered >= list.ids.len() {
                list.answered = list.ids.len();
            }
            for &hash in list.places.keys() {
                self.listings.entry((table, hash)).or_default().push(index);
            }
            list.is_known = is_known;
            list.count_missing(store, table);
        }
        // Always made anew, because the places on the list are.
        let entries = self.slots_of_list(store, &view);
        let sorted = Sorted::build(entries, |a, b| view.order.compare(store, a, b));
        let is_same = sorted.range(0, usize::MAX).eq(view.sorted.range(0, usize::MAX));
        let old = mem::replace(&mut view.sorted, sorted);
        if !is_same {
            self.show_anew(store, &view, &old);
        }
        if let Some(place) = self.views.get_mut(index as usize) {
            *place = Some(view);
        }
        self.mark_list(index);
    }

    /// The rows on the list, as far as they are held and match, with what they are ordered by first.
    fn slots_of_list(&mut self, store: &Store, view: &View) -> Vec<(u64, u32)> {
        let Some((list, table)) = view.order.list.as_deref().zip(store.table(view.table)) else {
            return Vec::new();
        };
        let around = Around { store, routes: &self.routes };
        let mut slots = Vec::new();
        for id in list.ids() {
            // An alias is another entity's name; the list shows an entity once.
            let Some(slot) = table.ids.find(id.as_bytes()) else { continue };
            let at = Address { table: view.table, slot };
            self.counts.views_evaluated += 1;
            if store.view(at).is_some_and(|row| view.matcher.matches(around, at, &row)) {
                slots.push((view.order.prefix(store, slot), slot));
            }
        }
        slots
    }

    /// A view has other rows than the `old` ones; whoever shows it shows them anew.
    fn show_anew(&mut self, store: &Store, view: &View, old: &Sorted) {
        for &id in &view.queries {
            let Some(mounted) = self.queries.get_mut(id as usize).and_then(Option::as_mut) else { continue };
            let left: Vec<u32> = mounted.shown.slots(old).collect();
            let before = view.order.rank_of_cursor(store, &view.sorted, mounted.cursor.as_ref());
            if !mounted.shown.dirty {
                self.dirty.push(id);
            }
            mounted.shown.start_anew(before);
            // Those that come enter first, so that none is let go of in between.
            for slot in mounted.shown.slots(&view.sorted) {
                enter(&mut self.host, &mut self.graph, mounted.host_type, slot);
            }
            for slot in left {
                leave(&mut self.host, &mut self.graph, mounted.host_type, slot);
            }
        }
    }

    /// An entity was deleted: it is on no list any more, unless a layer shows it still.
    pub(crate) fn take_off_lists(&mut self, store: &Store, table: u32, id: &str) {
        let rows = store.table(table);
        let slot = rows.and_then(|rows| rows.ids.find(id.as_bytes()));
        if slot.is_some_and(|slot| store.view(Address { table, slot }).is_some()) {
            return;
        }
        let key = (table, hash_id(id.as_bytes()));
        for index in self.listings.remove(&key).unwrap_or_default() {
            let view = self.views.get_mut(index as usize).and_then(Option::as_mut);
            let Some(list) = view.and_then(|view| view.order.list.as_deref_mut()) else { continue };
            list.take_off(key.1);
            if list.missing > 0 {
                self.mark_list(index);
            }
        }
    }

    /// The views that a changing row belonged to or may belong to from now on; each once.
    pub(super) fn find_candidates(
        &mut self,
        store: &Store,
        at: Address,
        old: Option<&RowView<'_>>,
        new: Option<&RowView<'_>>,
        out: &mut Vec<u32>,
    ) {
        match self.routes.get_mut(at.table as usize) {
            Some(routes) => routes.candidates(at.slot, old, new, out),
            None => out.clear(),
        }
        if !self.listings.is_empty() {
            self.find_listed(store, at, out);
        }
    }

    #[inline(never)]
    fn find_listed(&self, store: &Store, at: Address, out: &mut Vec<u32>) {
        if let Some(views) = self.listings.get(&(at.table, hash_of_row(store, at))) {
            out.extend_from_slice(views);
            sort_and_dedup(out);
        }
    }
}

/// Whether a row belonged to a listed view, and whether it does now, from whether it matched and matches. A row that comes to
/// match is put on a list that follows events, if the list `admits` any.
pub(super) fn on_list(
    view: &mut View,
    listings: &mut Listings,
    index: u32,
    store: &Store,
    at: Address,
    (was, is): (bool, bool),
    admits: bool,
) -> (bool, bool) {
    if view.order.list.is_none() {
        (was, is)
    } else {
        put_on_list(view, listings, index, store, at, (was, is), admits)
    }
}

#[inline(never)]
fn put_on_list(
    view: &mut View,
    listings: &mut Listings,
    index: u32,
    store: &Store,
    at: Address,
    (was, is): (bool, bool),
    admits: bool,
) -> (bool, bool) {
    let Some(list) = view.order.list.as_deref_mut() else { return (was, is) };
    let hash = hash_of_row(store, at);
    if list.place(hash).is_some() {
        return (was, is);
    }
    let comes = is && !was && list.follows && admits;
    if comes {
        let id = store
            .table(at.table)
            .map(|table| table.ids.with_text(at.slot, |id| String::from_utf8_lossy(id).into_owned()));
        list.push(id.unwrap_or_default(), hash);
        listings.entry((at.table, hash)).or_default().push(index);
    }
    (false, comes)
}

/// Routes of a view: one whose list does not follow events is found by its list alone.
pub(super) fn is_routed(view: &View) -> bool {
    view.order.list.as_deref().is_none_or(|list| list.follows)
}

/// Adds a view to the routes of its table, unless its list is enough to find it.
pub(super) fn add_route(routes: &mut Routes, index: u32, view: &View) {
    if is_routed(view) {
        routes.add(index, &view.route);
    }
}
