//! Values as they are stored: what they are, in which format, and a checksum.

use xxhash_rust::xxh64::xxh64;

use super::error::{StorageError, StorageErrorKind};

/// The format of all values; a newer one is refused, an older one is read.
const FORMAT: u8 = 1;
/// "LDV".
const MAGIC: [u8; 3] = *b"LDV";
/// Magic, format, what it is, three bytes of nothing, checksum of the rest.
const HEAD_BYTES: usize = 16;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum What {
    Meta = 1,
    Rows = 2,
    Hot = 3,
    Mutation = 4,
    Record = 5,
}

/// Puts the head before a payload.
pub(crate) fn seal(what: What, payload: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(HEAD_BYTES + payload.len());
    value.extend_from_slice(&MAGIC);
    value.push(FORMAT);
    value.extend_from_slice(&[what as u8, 0, 0, 0]);
    value.extend_from_slice(&xxh64(payload, u64::from(what as u8)).to_le_bytes());
    value.extend_from_slice(payload);
    value
}

/// The payload of a value, which must be what it should be.
pub(crate) fn unseal<'v>(what: What, key: &str, value: &'v [u8]) -> Result<&'v [u8], StorageError> {
    let damaged = |message: &str| StorageError::new(StorageErrorKind::Damaged, format!("`{key}`: {message}"));
    let (head, payload) =
        value.split_at_checked(HEAD_BYTES).ok_or_else(|| damaged("the stored value is cut off"))?;
    let (Some(magic), Some(&format)) = (head.get(..3), head.get(3)) else {
        return Err(damaged("the stored value is cut off"));
    };
    if magic != MAGIC {
        return Err(damaged("this is not a value of this cache; is the storage used by something else?"));
    }
    if format > FORMAT {
        let message =
            format!("`{key}` has format {format}, and this version reads up to {FORMAT}; update the app");
        return Err(StorageError::new(StorageErrorKind::NewerFormat, message));
    }
    let sum = xxh64(payload, u64::from(what as u8)).to_le_bytes();
    let is_what = head.get(4..8) == Some(&[what as u8, 0, 0, 0]);
    if !is_what || head.get(8..) != Some(&sum) {
        return Err(damaged("the checksum does not fit the stored value"));
    }
    Ok(payload)
}
