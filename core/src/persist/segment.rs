//! A segment: rows with their ids as one value, and which rows of older segments are out of date.

use super::places::Place;
use crate::bytes::{Reader, Short, Writer};

/// A segment that is full is closed and the next one begun.
pub(crate) const SEGMENT_BYTES: usize = 1 << 20;

/// One row as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StoredRow<'a> {
    /// The index of its type among the segment's types.
    pub kind: u32,
    pub version: u64,
    pub id: &'a [u8],
    pub bytes: &'a [u8],
    /// Where `bytes` begins in the segment.
    pub at: usize,
}

/// Puts a segment together.
#[derive(Default)]
pub(crate) struct SegmentWriter {
    types: Vec<(String, u64)>,
    rows: Writer,
    pub count: u32,
}

impl SegmentWriter {
    pub(crate) fn len(&self) -> usize {
        self.rows.bytes.len()
    }

    /// Adds a row of a type, which comes with what it says of how rows are stored; returns the row's index.
    pub(crate) fn push<'i>(
        &mut self,
        resource_type: (&str, u64),
        version: u64,
        id: &[u8],
        aliases: impl ExactSizeIterator<Item = &'i Vec<u8>>,
        bytes: &[u8],
    ) -> u32 {
        let (name, shape) = resource_type;
        let kind = self.types.iter().position(|known| known.0 == name).unwrap_or_else(|| {
            self.types.push((name.to_owned(), shape));
            self.types.len() - 1
        });
        self.rows.u32(kind as u32);
        self.rows.u64(version);
        self.rows.slice(id);
        self.rows.u32(aliases.len() as u32);
        aliases.for_each(|alias| self.rows.slice(alias));
        self.rows.slice(bytes);
        self.count += 1;
        self.count - 1
    }

    /// The segment's payload.
    pub(crate) fn finish(self, marks: &[Place]) -> Vec<u8> {
        let mut out = Writer { bytes: Vec::with_capacity(self.rows.bytes.len() + marks.len() * 8 + 64) };
        out.u32(self.types.len() as u32);
        for (name, shape) in &self.types {
            out.slice(name.as_bytes());
            out.u64(*shape);
        }
        out.u32(marks.len() as u32);
        for mark in marks {
            out.u32(mark.segment);
            out.u32(mark.index);
        }
        out.u32(self.count);
        out.bytes.extend_from_slice(&self.rows.bytes);
        out.bytes
    }
}

/// A segment to read.
pub(crate) struct SegmentReader<'a> {
    pub types: Vec<(&'a str, u64)>,
    pub marks: Vec<Place>,
    pub rows: u32,
    reader: Reader<'a>,
}

impl<'a> SegmentReader<'a> {
    pub(crate) fn new(payload: &'a [u8]) -> Result<Self, Short> {
        let mut reader = Reader::new(payload);
        let mut types = Vec::new();
        for _ in 0..reader.u32()? {
            let name = str::from_utf8(reader.slice()?).map_err(|_| Short)?;
            types.push((name, reader.u64()?));
        }
        let mut marks = Vec::new();
        for _ in 0..reader.u32()? {
            marks.push(Place { segment: reader.u32()?, index: reader.u32()? });
        }
        let rows = reader.u32()?;
        Ok(Self { types, marks, rows, reader })
    }

    /// The next row and its other ids.
    pub(crate) fn next(&mut self, aliases: &mut Vec<&'a [u8]>) -> Result<StoredRow<'a>, Short> {
        let reader = &mut self.reader;
        let (kind, version, id) = (reader.u32()?, reader.u64()?, reader.slice()?);
        aliases.clear();
        for _ in 0..reader.u32()? {
            aliases.push(reader.slice()?);
        }
        let bytes = reader.slice()?;
        Ok(StoredRow { kind, version, id, bytes, at: reader.at() - bytes.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_read_as_it_was_written_and_a_part_of_it_is_refused() {
        let mut segment = SegmentWriter::default();
        let none: [Vec<u8>; 0] = [];
        assert_eq!(segment.push(("file", 5), 3, b"f1", [b"old".to_vec()].iter(), br#"{"id":"f1"}"#), 0);
        assert_eq!(segment.push(("tag", 6), 0, b"t1", none.iter(), br#"{"id":"t1"}"#), 1);
        let marks = [Place { segment: 1, index: 2 }];
        let payload = segment.finish(&marks);
        let mut read = SegmentReader::new(&payload).unwrap();
        assert_eq!(
            (read.types.as_slice(), read.marks.as_slice(), read.rows),
            (&[("file", 5), ("tag", 6)][..], &marks[..], 2)
        );
        let mut aliases = Vec::new();
        let row = read.next(&mut aliases).unwrap();
        assert_eq!((row.kind, row.version, row.id, row.bytes), (0, 3, &b"f1"[..], &br#"{"id":"f1"}"#[..]));
        assert_eq!(&payload[row.at..row.at + row.bytes.len()], row.bytes);
        assert_eq!(aliases, [b"old"]);
        assert_eq!(read.next(&mut aliases).unwrap().id, b"t1");
        assert!(aliases.is_empty());
        for length in 0..payload.len() {
            let read = SegmentReader::new(&payload[..length]);
            let whole = read
                .and_then(|mut read| (0..read.rows).try_for_each(|_| read.next(&mut Vec::new()).map(drop)));
            assert_eq!(whole, Err(Short), "{length}");
        }
    }
}
