//! What a disk holds, looked at from outside.

use std::collections::BTreeSet;

use larder::persist::{Batch, Op};

use crate::disk::Disk;

/// The id in the record of a mutation, wherever its JSON begins.
fn id_in(record: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(record);
    let (_, rest) = text.split_once(r#"{"id":""#)?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// The ids of the mutations that a disk holds.
pub(crate) fn stored_ids(disk: &Disk) -> BTreeSet<String> {
    let records = disk.values.iter().filter(|(key, _)| key.starts_with("out/"));
    records.filter_map(|(_, value)| id_in(value)).collect()
}

/// The ids of the mutations whose records are in a batch.
pub(crate) fn ids_in(batch: &Batch) -> impl Iterator<Item = String> {
    batch.ops().filter_map(|op| match op {
        Op::Put { key, value } if key.starts_with("out/") => id_in(value),
        _ => None,
    })
}

/// Of a batch, the cursor only.
pub(crate) fn commit_cursor(disk: &mut Disk, batch: &Batch) {
    let mut part = Batch::new(batch.number());
    for op in batch.ops() {
        if let Op::Put { key: "meta", value } = op {
            part.put("meta", value);
        }
    }
    disk.commit(&part);
}

/// Turns a bit of some value around.
pub(crate) fn damage(disk: &mut Disk, which: u64) {
    let keys = disk.keys("");
    let Some(key) = keys.get(which as usize % keys.len().max(1)) else { return };
    let Some(value) = disk.values.get_mut(key) else { return };
    let place = (which >> 16) as usize % value.len();
    value[place] ^= 1 << (which >> 56 & 7);
    if key.starts_with("out/") && id_in(value).is_some() {
        // Nobody can read it any more, also not from outside.
        value.truncate(3);
    }
}
