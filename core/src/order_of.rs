//! Sorting for the parts that sort little: one copy of the sort in the browser module instead of one for each type.

use std::cmp::Ordering;

/// The indexes from 0 to `len` in the order that `compare` puts them in.
pub(crate) fn order_of(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|&a, &b| compare(a, b));
    order
}

/// Sorts a list and drops what is in it twice.
pub(crate) fn sort_and_dedup<T: Ord>(list: &mut Vec<T>) {
    if list.len() < 2 {
        return;
    }
    let order = order_of(list.len(), &mut |a, b| list.get(a).cmp(&list.get(b)));
    let mut items: Vec<Option<T>> = list.drain(..).map(Some).collect();
    list.extend(order.into_iter().filter_map(|index| items.get_mut(index)?.take()));
    list.dedup();
}

/// Sorts slots; equal ones stay in the order in which they are.
pub(crate) fn sort_slots(slots: &mut Vec<u32>, compare: &mut dyn FnMut(u32, u32) -> Ordering) {
    let slot = |index: usize| slots.get(index).copied().unwrap_or_default();
    let order = order_of(slots.len(), &mut |a, b| compare(slot(a), slot(b)));
    *slots = order.into_iter().map(slot).collect();
}
