//! Merge of one object's bytes into another's, field by field.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{FieldMerge, MergePolicy};
use crate::json::{Kind, Span, read, text};

static NO_FIELDS: BTreeMap<String, FieldMerge> = BTreeMap::new();

/// What a merge does to each top-level field.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    /// What holds for fields without a rule of their own.
    pub(crate) policy: MergePolicy,
    /// The fields with a rule of their own.
    pub(crate) fields: &'a BTreeMap<String, FieldMerge>,
    /// The fields to take whole, whatever else is said.
    pub(crate) whole: &'a [String],
}

impl Rules<'_> {
    /// Objects merge member by member, everything else (arrays too) is replaced.
    pub(crate) const DEEP: Rules<'static> =
        Rules { policy: MergePolicy::Deep, fields: &NO_FIELDS, whole: &[] };

    fn of(&self, name: &[u8]) -> FieldMerge {
        if self.whole.iter().any(|field| field.as_bytes() == name) {
            return FieldMerge::Replace;
        }
        let own = std::str::from_utf8(name).ok().and_then(|name| self.fields.get(name));
        own.copied().unwrap_or(match self.policy {
            MergePolicy::Replace => FieldMerge::Replace,
            MergePolicy::Deep => FieldMerge::Deep,
        })
    }

    /// Does a field stay that the change leaves out?
    fn keeps(&self, name: &[u8]) -> bool {
        self.policy == MergePolicy::Deep || self.of(name) != FieldMerge::Replace
    }
}

/// Appends `base` with `change` merged in. Both must be checked objects, the first without white space around it. Returns whether anything is another than before.
pub(crate) fn merge(out: &mut Vec<u8>, base: &[u8], change: &[u8], rules: Rules<'_>) -> bool {
    merge_objects(out, (base, 0..base.len()), (change, read::start(change)), rules)
}

/// Merges an object of one text and the one that starts at a place of another.
fn merge_objects(
    out: &mut Vec<u8>,
    base: (&[u8], Range<usize>),
    change: (&[u8], usize),
    rules: Rules<'_>,
) -> bool {
    let (base_bytes, base_range) = base;
    let (change_bytes, change_start) = change;
    let mut changes: Vec<(Span, Span)> = read::members(change_bytes, change_start).collect();
    out.push(b'{');
    let mut separator = false;
    let mut differs = false;
    // Members that stay as they are, one after the other, are copied together.
    let mut staying = 0..0;
    for (key, old) in read::members(base_bytes, base_range.start) {
        let name = text::key_text(base_bytes, key);
        let found = changes.iter().position(|&(key, _)| text::key_text(change_bytes, key) == name);
        if found.is_none() && rules.keeps(&name) {
            if staying == (0..0) {
                staying.start = key.start as usize - 1;
            }
            // All of the rest stays.
            if changes.is_empty() && rules.policy == MergePolicy::Deep {
                staying.end = base_range.end - 1;
                break;
            }
            staying.end = old.end as usize + usize::from(old.is_text());
            continue;
        }
        push_staying(out, &mut separator, base_bytes, &mut staying);
        let Some((_, new)) = found.map(|index| changes.remove(index)) else {
            differs = true;
            continue;
        };
        push_key(out, &mut separator, base_bytes, key);
        match (rules.of(&name), old.kind, new.kind) {
            (FieldMerge::Deep, Kind::Object, Kind::Object) => {
                let old = old.start as usize..old.end as usize;
                let new = (change_bytes, new.start as usize);
                differs |= merge_objects(out, (base_bytes, old), new, Rules::DEEP);
            }
            (FieldMerge::Union, Kind::Array, Kind::Array) => {
                differs |= unite(out, (base_bytes, old), (change_bytes, new));
            }
            _ => {
                differs |= old.kind != new.kind || old.of(base_bytes) != new.of(change_bytes);
                push_value(out, change_bytes, new);
            }
        }
    }
    push_staying(out, &mut separator, base_bytes, &mut staying);
    for (key, new) in changes {
        push_key(out, &mut separator, change_bytes, key);
        push_value(out, change_bytes, new);
        differs = true;
    }
    out.push(b'}');
    differs
}

/// Appends these members as they are written, if there are any.
fn push_staying(out: &mut Vec<u8>, separator: &mut bool, bytes: &[u8], members: &mut Range<usize>) {
    if *members != (0..0) {
        push_separator(out, separator);
        out.extend_from_slice(bytes.get(std::mem::take(members)).unwrap_or_default());
    }
}

/// Appends the elements of both arrays, each once, in the order in which they first come. Returns whether that is
/// another array than the base.
fn unite(out: &mut Vec<u8>, base: (&[u8], Span), change: (&[u8], Span)) -> bool {
    let mut seen = BTreeSet::new();
    let mut differs = false;
    out.push(b'[');
    for ((bytes, array), is_base) in [(base, true), (change, false)] {
        for element in read::elements(bytes, array.start as usize) {
            let is_new = seen.insert(identity(bytes, element));
            differs |= is_new != is_base;
            if is_new {
                if seen.len() > 1 {
                    out.push(b',');
                }
                push_value(out, bytes, element);
            }
        }
    }
    out.push(b']');
    differs
}

/// What makes two elements the same: strings by what they say, everything else as it is written.
fn identity(bytes: &[u8], element: Span) -> (bool, Cow<'_, [u8]>) {
    if element.is_text() {
        (true, text::key_text(bytes, element))
    } else {
        (false, Cow::Borrowed(element.of(bytes)))
    }
}

fn push_separator(out: &mut Vec<u8>, separator: &mut bool) {
    if std::mem::replace(separator, true) {
        out.push(b',');
    }
}

fn push_key(out: &mut Vec<u8>, separator: &mut bool, bytes: &[u8], key: Span) {
    push_separator(out, separator);
    push_value(out, bytes, key);
    out.push(b':');
}

/// Appends a value; a string's span leaves out its quotes.
fn push_value(out: &mut Vec<u8>, bytes: &[u8], value: Span) {
    if value.is_text() {
        out.push(b'"');
        out.extend_from_slice(value.of(bytes));
        out.push(b'"');
    } else {
        out.extend_from_slice(value.of(bytes));
    }
}

#[cfg(test)]
mod tests;
