//! Storages that were damaged: the cache starts on them with an error or as if nothing were, keeps the edits that can be
//! read, and afterwards stores what it has, so that the next start finds no fault.

use std::collections::BTreeSet;

use serde_json::json;
use xxhash_rust::xxh64::xxh64;

use crate::agreed::registry;
use crate::chunks::chunks;
use crate::disk::{App, Disk};

mod forged;

thread_local! {
    static DISKS: Vec<Disk> = vec![Disk::default(), worn(), of_an_offline_day(), of_a_screen()];
}

/// Each chunk damages the storage that the first byte names: a key, what is done to its value, where, and with what. The second byte
/// says when the app is used while it starts, and whether checksums are made to fit what was damaged.
pub fn run(data: &[u8]) {
    let [which, how, rest @ ..] = data else { return };
    let sound = DISKS.with(|disks| disks[*which as usize % disks.len()].clone());
    let is_sealed = how & 0x80 != 0;
    let mut disk = sound.clone();
    for chunk in chunks(rest).take(16) {
        damage(&mut disk, chunk, is_sealed);
    }
    if is_sealed { forged::start(disk) } else { start(&sound, disk, u32::from(how % 8)) }
}

/// What checksums do not let through costs at most what it was about.
fn start(sound: &Disk, disk: Disk, early: u32) {
    let edits: BTreeSet<String> = disk
        .values
        .iter()
        .filter(|(key, value)| key.starts_with("out/") && sound.values.get(*key) == Some(value))
        .map(|(key, _)| key.clone())
        .collect();
    let is_damaged = disk.values != sound.values;
    let expected = edit_ids(sound, &edits);

    let mut app = App::begin(registry(), disk);
    let mut reads = 0_u32;
    while app.load() {
        reads += 1;
        if reads == early {
            app.apply(r#"{"ResourceChanged":{"resource_type":"file","resource":{"id":"f1","v":90,"name":"early"}}}"#);
        }
        assert!(reads < 1_000, "reading back ends");
    }
    assert!(pending(&app).is_superset(&expected), "{:?} lack some of {expected:?}", pending(&app));
    assert!(is_damaged || app.storage_errors.is_empty(), "{:?}", app.storage_errors);
    for kind in &app.storage_errors {
        assert!(kind.starts_with("storage."), "{kind}");
    }
    // What could not be read is told once, and by now the storage is written again.
    app.apply(r#"{"ResourceChanged":{"resource_type":"file","resource":{"id":"new","name":"n","v":1}}}"#);
    app.wait(10_000);
    app.flush();
    assert!(app.is_ready());
    let (files, tags) = (app.rows("file"), app.rows("tag"));
    assert!(files.iter().any(|row| row.contains(r#""new""#)));
    let edits = pending(&app);

    let mut again = App::start(registry(), app.disk);
    assert_eq!(again.storage_errors, [""; 0], "what was damaged is stored anew");
    assert_eq!((again.rows("file"), again.rows("tag")), (files, tags));
    assert_eq!(pending(&again), edits);
}

fn pending(app: &App) -> BTreeSet<String> {
    app.cache.pending().into_iter().map(|pending| pending.id).collect()
}

/// The ids of the edits that are stored under these keys.
fn edit_ids(sound: &Disk, keys: &BTreeSet<String>) -> BTreeSet<String> {
    let mut only = Disk::default();
    for key in keys {
        only.values.insert(key.clone(), sound.values[key].clone());
    }
    pending(&App::start(registry(), only))
}

fn damage(disk: &mut Disk, chunk: &[u8], is_sealed: bool) {
    let [which, what, at, high, bytes @ ..] = chunk else { return };
    let Some(key) = disk.values.keys().nth(*which as usize % disk.values.len().max(1)).cloned() else {
        return;
    };
    let mut value = disk.values.remove(&key).unwrap();
    // Behind the checksum, if that is made to fit. The JSON of rows is believed: it was checked when it came.
    let is_sealed = is_sealed && !key.starts_with("rows/") && key != "hot";
    let start = if is_sealed { 16 } else { 0 };
    let at = (start + usize::from(*at) + usize::from(*high) * 256).min(value.len());
    match what & 7 {
        0 | 1 => value.iter_mut().skip(at).zip(bytes).for_each(|(place, byte)| *place = *byte),
        2 => value.iter_mut().skip(at).zip(bytes).for_each(|(place, byte)| *place ^= *byte),
        3 => _ = value.splice(at..at, bytes.iter().copied()),
        4 => _ = value.drain(at..(at + bytes.len()).min(value.len())),
        5 => value.truncate(at),
        6 => return,
        _ => {
            let other = bytes.first().map_or(0, |byte| usize::from(*byte)) % disk.values.len().max(1);
            let Some(other) = disk.values.keys().nth(other).cloned() else { return };
            disk.values.insert(other, value.clone());
        }
    }
    if is_sealed && value.len() >= 16 {
        let sum = xxh64(&value[16..], u64::from(value[4]));
        value[8..16].copy_from_slice(&sum.to_le_bytes());
    }
    disk.values.insert(key, value);
}

fn kept(work: impl FnOnce(&mut App)) -> Disk {
    let mut app = App::start(registry(), Disk::default());
    work(&mut app);
    app.flush();
    app.disk
}

fn batch(app: &mut App, sequence: u32, first: u32, count: u32) {
    let rows: Vec<_> = (first..first + count)
        .map(|n| json!({"id": format!("f{n}"), "name": format!("a {n}"), "v": sequence, "meta": {"a": n}}))
        .collect();
    let event = json!({
        "envelope": {"id": format!("e{sequence}"), "library_id": "l", "sequence": sequence},
        "kind": {"type": "ResourceBatchChanged", "data": {"resource_type": "file", "resources": rows}},
    });
    app.apply(&event.to_string());
}

fn edit(app: &mut App, id: &str, row: &str) {
    let mutation = json!({"id": id, "name": "files.rename", "args": {"id": row}, "optimistic": [
        {"type": "merge", "data": {"resource_type": "file", "id": row, "fields": {"name": id}}},
    ]});
    app.mutate(&mutation.to_string());
}

/// Several segments with rows that later ones replace, and rows of a type that was not declared.
fn worn() -> Disk {
    kept(|app| {
        for sequence in 1..6 {
            batch(app, sequence, sequence * 2, 6);
            app.flush();
        }
        app.apply(r#"{"ResourceDeleted":{"resource_type":"file","resource_id":"f3"}}"#);
        app.apply(r#"{"ResourceChanged":{"resource_type":"place","resource":{"id":"p","at":[1,2]}}}"#);
        app.apply(r#"{"ResourceChanged":{"resource_type":"tag","resource":{"id":"t","name":"b"}}}"#);
    })
}

/// Edits upon edits.
fn of_an_offline_day() -> Disk {
    kept(|app| {
        batch(app, 1, 0, 4);
        for n in 0..6 {
            edit(app, &format!("m{n}"), &format!("f{}", n % 3));
            app.flush();
        }
    })
}

/// Rows on a screen, the answer of a remote query, and an edit.
fn of_a_screen() -> Disk {
    kept(|app| {
        batch(app, 1, 0, 8);
        let query =
            larder::query::Query::parse(r#"{"from":"file","orderBy":[{"name":"asc"}],"limit":3}"#).unwrap();
        let step = app.cache.mount(&query);
        app.take(step).unwrap();
        let remote = r#"{"method":"files.search","input":{"text":"a"},"from":"file"}"#;
        let step = app.cache.mount_json(remote.as_bytes(), app.now_ms);
        app.take(step).unwrap();
        for message in [
            r#"{"type":"welcome","data":{"protocol":1,"scope":"l","epoch":"e","sequence":1}}"#,
            r#"{"type":"synced","data":{"sequence":1}}"#,
        ] {
            app.receive(message);
        }
        edit(app, "m", "f1");
    })
}
