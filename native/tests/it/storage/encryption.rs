//! Encrypted storages: the suite, wrong keys, rotation, and what is on the disk.

use larder_native::storage::{
    Batch, EncryptedStorage, EncryptionKey, MemoryStorage, Op, Storage, StorageError, StorageErrorKind,
    encrypted,
};
use serde::Deserialize;

use super::backends::Folder;
use super::conformance::{Place, run_all};

struct Encrypted(Folder, EncryptionKey);

impl Place for Encrypted {
    fn has(&self, need: &str) -> bool {
        // What is on the disk is not the value that a case would look for.
        need != "flip" && self.0.has(need)
    }

    fn storage(&self, limit: Option<u64>) -> Box<dyn Storage> {
        Box::new(encrypted(self.0.storage(limit), &self.1))
    }

    fn kill(&mut self) {
        self.0.kill();
    }

    fn tear(&self, bytes: u64) {
        self.0.tear(bytes);
    }

    fn newer(&self) {
        self.0.newer();
    }

    fn bytes(&self) -> u64 {
        self.0.bytes()
    }
}

fn key(seed: u8) -> EncryptionKey {
    EncryptionKey::from_bytes([seed; 32])
}

fn put(key: &str, value: &[u8]) -> Batch {
    let mut batch = Batch::new(1);
    batch.put(key, value);
    batch
}

fn kind<T>(result: Result<T, StorageError>) -> Option<StorageErrorKind> {
    result.err().map(|error| error.kind)
}

#[test]
fn an_encrypted_sqlite_passes_the_suite() {
    assert_eq!(run_all(|| Encrypted(Folder::new(), key(1))), 18);
}

#[test]
fn a_wrong_key_opens_nothing_changes_nothing_and_may_wipe() {
    let disk = MemoryStorage::default();
    let mut right = encrypted(disk.clone(), &key(1));
    right.commit(&put("a", b"secret")).unwrap();
    right.close().unwrap();
    let mut wrong = encrypted(disk.clone(), &key(2));
    assert_eq!(kind(wrong.keys()), Some(StorageErrorKind::WrongKey));
    assert_eq!(kind(wrong.read(&["a"])), Some(StorageErrorKind::WrongKey));
    assert_eq!(kind(wrong.commit(&put("a", b"other"))), Some(StorageErrorKind::WrongKey));
    wrong.close().unwrap();
    assert_eq!(right.read(&["a"]).unwrap(), [Some(b"secret".to_vec())]);
    right.close().unwrap();
    wrong.wipe().unwrap();
    wrong.commit(&put("a", b"anew")).unwrap();
    assert_eq!(wrong.keys().unwrap(), [("a".to_owned(), 4)]);
}

#[test]
fn a_storage_that_is_not_encrypted_is_not_taken_for_one_that_is() {
    let mut plain = MemoryStorage::default();
    plain.commit(&put("a", b"plain")).unwrap();
    let mut sealed = encrypted(plain.clone(), &key(1));
    plain.close().unwrap();
    assert_eq!(kind(sealed.keys()), Some(StorageErrorKind::WrongKey));
}

#[test]
fn equal_values_look_different_and_none_can_take_the_place_of_another() {
    let mut disk = MemoryStorage::default();
    let mut storage = encrypted(disk.clone(), &key(1));
    let mut batch = put("a", b"the same text");
    batch.put("b", b"the same text");
    storage.commit(&batch).unwrap();
    storage.close().unwrap();
    let stored = disk.read(&["a", "b"]).unwrap();
    let (a, b) = (stored[0].clone().unwrap(), stored[1].clone().unwrap());
    assert!(a != b && !a.windows(4).any(|part| part == b"same"));
    disk.commit(&put("b", &a)).unwrap();
    disk.close().unwrap();
    assert_eq!(storage.read(&["a"]).unwrap(), [Some(b"the same text".to_vec())]);
    assert_eq!(kind(storage.read(&["b"])), Some(StorageErrorKind::Damaged));
    storage.close().unwrap();
    for at in 0..a.len() {
        let mut flipped = a.clone();
        flipped[at] ^= 1;
        disk.commit(&put("a", &flipped)).unwrap();
        disk.close().unwrap();
        let expected = if at == 0 { StorageErrorKind::NewerFormat } else { StorageErrorKind::Damaged };
        assert_eq!(kind(storage.read(&["a"])), Some(expected), "{at}");
        storage.close().unwrap();
    }
}

/// Dies before or after its next commit.
struct Dying {
    disk: MemoryStorage,
    stores: bool,
    is_dead: bool,
}

impl Storage for Dying {
    fn keys(&mut self) -> Result<Vec<(String, u64)>, StorageError> {
        self.disk.keys()
    }

    fn read(&mut self, keys: &[&str]) -> Result<Vec<Option<Vec<u8>>>, StorageError> {
        self.disk.read(keys)
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StorageError> {
        assert!(!self.is_dead, "a rotation is one batch");
        self.is_dead = true;
        if self.stores {
            self.disk.commit(batch)?;
        }
        Err(StorageError::new(StorageErrorKind::Io, "the process is gone"))
    }

    fn wipe(&mut self) -> Result<(), StorageError> {
        self.disk.wipe()
    }

    fn close(&mut self) -> Result<(), StorageError> {
        self.disk.close()
    }
}

#[test]
fn a_rotation_that_is_cut_short_leaves_all_values_under_one_of_the_keys() {
    for stores in [false, true] {
        let disk = MemoryStorage::default();
        let mut storage = encrypted(disk.clone(), &key(1));
        storage.commit(&put("a", b"1")).unwrap();
        storage.commit(&put("b", b"2")).unwrap();
        storage.close().unwrap();
        let mut dying = encrypted(Dying { disk: disk.clone(), stores, is_dead: false }, &key(1));
        assert_eq!(kind(dying.rotate(&key(2))), Some(StorageErrorKind::Io));
        drop(dying);
        let (right, wrong) = if stores { (2, 1) } else { (1, 2) };
        let mut after: EncryptedStorage<MemoryStorage> = encrypted(disk.clone(), &key(right));
        assert_eq!(after.read(&["a", "b"]).unwrap(), [Some(b"1".to_vec()), Some(b"2".to_vec())]);
        after.close().unwrap();
        assert_eq!(kind(encrypted(disk, &key(wrong)).keys()), Some(StorageErrorKind::WrongKey));
    }
}

#[derive(Deserialize)]
struct Sample {
    encryption_key: String,
    stored: Vec<(String, String)>,
    values: Vec<(String, String)>,
}

fn from_hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn what_another_language_has_encrypted_is_read() {
    let text = include_str!("../../../../tests/storage/encrypted.json");
    let sample: Sample = serde_json::from_str(text).unwrap();
    let mut disk = MemoryStorage::default();
    let mut batch = Batch::new(1);
    sample.stored.iter().for_each(|(key, value)| batch.put(key, &from_hex(value)));
    assert!(batch.ops().all(|op| matches!(op, Op::Put { .. })));
    disk.commit(&batch).unwrap();
    disk.close().unwrap();
    let key = EncryptionKey::from_bytes(from_hex(&sample.encryption_key).try_into().unwrap());
    let mut storage = encrypted(disk, &key);
    for (key, value) in &sample.values {
        assert_eq!(storage.read(&[key.as_str()]).unwrap(), [Some(value.clone().into_bytes())]);
    }
}
