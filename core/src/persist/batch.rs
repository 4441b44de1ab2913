//! One atomic write, as bytes that any backend can read.

use super::error::{StorageError, StorageErrorKind};
use crate::bytes::{Reader, Short, Writer};

/// "LDB1".
const MAGIC: u32 = 0x3142_444C;
const PUT: u8 = 1;
const DELETE: u8 = 2;
/// Where the count is, behind the magic and the number.
const COUNT_AT: usize = 12;

/// One atomic write: all of it is stored, or none.
///
/// Its bytes, little-endian: `u32` magic `LDB1`, `u64` number, `u32` how many operations; each of them `u8` kind (1 put, 2 delete),
/// the key and, for a put, the value, both with a `u32` length before them. Values that are read back come in the same form:
/// a put for each that was found, a delete for each that was not.
///
/// ```
/// use larder::persist::{Batch, Op};
/// let mut batch = Batch::new(7);
/// batch.put("meta", b"...");
/// batch.delete("rows/00000001");
/// let read = Batch::parse(batch.as_bytes())?;
/// assert_eq!(read.number(), 7);
/// assert_eq!(read.ops().next(), Some(Op::Put { key: "meta", value: b"..." }));
/// # Ok::<(), larder::persist::StorageError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    bytes: Vec<u8>,
}

/// One operation of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op<'a> {
    /// The key has this value from now on.
    Put {
        /// Short ASCII text.
        key: &'a str,
        /// Any bytes.
        value: &'a [u8],
    },
    /// The key is not there any more; it may not have been there before.
    Delete {
        /// Short ASCII text.
        key: &'a str,
    },
}

impl Batch {
    /// An empty batch. Numbers only tell batches apart.
    pub fn new(number: u64) -> Self {
        let mut writer = Writer::default();
        writer.u32(MAGIC);
        writer.u64(number);
        writer.u32(0);
        Self { bytes: writer.bytes }
    }

    /// Adds: the key has this value.
    pub fn put(&mut self, key: &str, value: &[u8]) {
        self.begin(PUT, key);
        let mut writer = Writer { bytes: std::mem::take(&mut self.bytes) };
        writer.slice(value);
        self.bytes = writer.bytes;
    }

    /// Adds: the key is not there any more.
    pub fn delete(&mut self, key: &str) {
        self.begin(DELETE, key);
    }

    fn begin(&mut self, kind: u8, key: &str) {
        let count = self.len() as u32 + 1;
        if let Some(place) = self.bytes.get_mut(COUNT_AT..COUNT_AT + 4) {
            place.copy_from_slice(&count.to_le_bytes());
        }
        let mut writer = Writer { bytes: std::mem::take(&mut self.bytes) };
        writer.u8(kind);
        writer.slice(key.as_bytes());
        self.bytes = writer.bytes;
    }

    /// Reads a batch back from its bytes and checks all of it.
    ///
    /// # Errors
    /// [`StorageErrorKind::Damaged`].
    pub fn parse(bytes: &[u8]) -> Result<Self, StorageError> {
        let mut reader = Reader::new(bytes);
        if reader.u32()? != MAGIC {
            return Err(StorageError::new(StorageErrorKind::Damaged, "this is not a batch"));
        }
        reader.u64()?;
        for _ in 0..reader.u32()? {
            op(&mut reader)?.ok_or(Short)?;
        }
        if reader.left() > 0 {
            return Err(StorageError::new(StorageErrorKind::Damaged, "a batch has bytes behind its end"));
        }
        Ok(Self { bytes: bytes.to_vec() })
    }

    /// The batch's number, to report it by.
    pub fn number(&self) -> u64 {
        let mut reader = Reader::new(&self.bytes);
        reader.u32().and_then(|_| reader.u64()).unwrap_or_default()
    }

    /// How many operations there are.
    pub fn len(&self) -> usize {
        let mut reader = Reader::new(self.bytes.get(COUNT_AT..).unwrap_or_default());
        reader.u32().unwrap_or_default() as usize
    }

    /// Is there nothing to do?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of it as bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// All of it as bytes, without a copy.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The operations, in order.
    pub fn ops(&self) -> impl Iterator<Item = Op<'_>> {
        ops(&self.bytes).map(|(op, _)| op)
    }
}

/// The operations in a batch's bytes, each with where it ends; stops where they cannot be read.
pub(crate) fn ops(bytes: &[u8]) -> impl Iterator<Item = (Op<'_>, usize)> {
    let mut reader = Reader::new(bytes);
    let is_batch = reader.u32() == Ok(MAGIC) && reader.u64().is_ok();
    let count = if is_batch { reader.u32().unwrap_or_default() } else { 0 };
    (0..count).map_while(move |_| Some((op(&mut reader).ok()??, reader.at())))
}

/// The next operation; `None` if its kind or key cannot be read.
fn op<'a>(reader: &mut Reader<'a>) -> Result<Option<Op<'a>>, Short> {
    let kind = reader.u8()?;
    let Ok(key) = str::from_utf8(reader.slice()?) else { return Ok(None) };
    Ok(match kind {
        PUT => Some(Op::Put { key, value: reader.slice()? }),
        DELETE => Some(Op::Delete { key }),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_read_as_it_was_written_and_a_part_of_it_is_refused() {
        let mut batch = Batch::new(u64::MAX);
        batch.put("meta", &[]);
        batch.delete("rows/0000000a");
        batch.put("rows/0000000b", &[7; 300]);
        let read = Batch::parse(batch.as_bytes()).unwrap();
        assert_eq!(read, batch);
        assert_eq!(read.number(), u64::MAX);
        let ops: Vec<Op<'_>> = read.ops().collect();
        assert_eq!(
            ops,
            [
                Op::Put { key: "meta", value: &[] },
                Op::Delete { key: "rows/0000000a" },
                Op::Put { key: "rows/0000000b", value: &[7; 300] },
            ]
        );
        for length in 0..batch.as_bytes().len() {
            assert!(Batch::parse(&batch.as_bytes()[..length]).is_err(), "{length}");
        }
        let longer = [batch.as_bytes(), &[0]].concat();
        assert_eq!(Batch::parse(&longer).unwrap_err().kind, StorageErrorKind::Damaged);
    }
}
