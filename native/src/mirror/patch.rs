//! Reads the layout of PROTOCOL.md, section 3. A patch is read whole before any of it is applied.

use serde_json::value::RawValue;

use crate::error::Error;

const MAGIC: u32 = 0x3150_444C; // "LDP1"
const HEADER_WORDS: usize = 8;
const ROWS_AS_JSON: u32 = 0;
const FLAG_RESET: u32 = 1;

/// Where a row lives: its type and its slot.
pub(crate) type Place = (u32, u32);

/// What changed in one step.
#[derive(Debug)]
pub(crate) struct Patch<'a> {
    pub rows: Vec<(Place, &'a RawValue)>,
    pub released: Vec<Place>,
    pub queries: Vec<QueryChange>,
}

/// What changed in the list of one query.
#[derive(Debug)]
pub(crate) struct QueryChange {
    pub query: u32,
    pub table: u32,
    pub reset: bool,
    pub total: u32,
    /// The length of the list afterwards.
    pub length: u32,
    pub splices: Vec<Splice>,
}

/// One change of a list of slots.
#[derive(Debug)]
pub(crate) struct Splice {
    pub position: usize,
    pub remove: usize,
    pub insert: Vec<u32>,
}

impl<'a> Patch<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut words = Words { bytes, at: 0 };
        let mut header = [0; HEADER_WORDS];
        for word in &mut header {
            *word = words.next()?;
        }
        let [magic, length, encoding, row_count, released_count, query_count, payload_at, payload_bytes] =
            header;
        if magic != MAGIC {
            return Err(corrupt("it does not begin with the magic word"));
        }
        if length as usize != bytes.len() {
            return Err(corrupt("its length is not the one that it announces"));
        }
        if encoding != ROWS_AS_JSON {
            return Err(corrupt("its rows are not JSON text"));
        }
        let places = words.places(row_count)?;
        let released = words.places(released_count)?;
        let queries = (0..query_count).map(|_| words.query()).collect::<Result<_, _>>()?;
        let payload = bytes.get(payload_at as usize..).and_then(|rest| rest.get(..payload_bytes as usize));
        let payload = payload.ok_or_else(|| corrupt("its rows are outside of it"))?;
        let texts: Vec<&RawValue> = serde_json::from_slice(payload)
            .map_err(|error| corrupt(&format!("its rows are not JSON: {error}")))?;
        if texts.len() != places.len() {
            return Err(corrupt(&format!("it announces {} rows and has {}", places.len(), texts.len())));
        }
        Ok(Self { rows: places.into_iter().zip(texts).collect(), released, queries })
    }
}

struct Words<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Words<'_> {
    fn next(&mut self) -> Result<u32, Error> {
        let word = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<4>());
        self.at += 4;
        word.map(|word| u32::from_le_bytes(*word)).ok_or_else(|| corrupt("it ends too early"))
    }

    fn places(&mut self, count: u32) -> Result<Vec<Place>, Error> {
        (0..count).map(|_| Ok((self.next()?, self.next()?))).collect()
    }

    fn query(&mut self) -> Result<QueryChange, Error> {
        let (query, table, flags) = (self.next()?, self.next()?, self.next()?);
        let (total, length, count) = (self.next()?, self.next()?, self.next()?);
        let splices = (0..count).map(|_| self.splice()).collect::<Result<_, _>>()?;
        Ok(QueryChange { query, table, reset: flags & FLAG_RESET != 0, total, length, splices })
    }

    fn splice(&mut self) -> Result<Splice, Error> {
        let (position, remove, count) = (self.next()? as usize, self.next()? as usize, self.next()?);
        let insert = (0..count).map(|_| self.next()).collect::<Result<_, _>>()?;
        Ok(Splice { position, remove, insert })
    }
}

pub(crate) fn corrupt(what: &str) -> Error {
    Error::CorruptPatch { what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn golden() -> Vec<u8> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/patch");
        std::fs::read(folder.join("many_splices_forward.2.bin")).unwrap()
    }

    #[test]
    fn a_patch_that_is_cut_off_anywhere_is_refused() {
        let bytes = golden();
        Patch::read(&bytes).unwrap();
        for end in 0..bytes.len() {
            assert_eq!(Patch::read(&bytes[..end]).unwrap_err().kind(), "patch.corrupt", "cut at {end}");
        }
    }

    #[test]
    fn a_patch_of_another_kind_is_refused() {
        for word in [0, 2] {
            let mut bytes = golden();
            bytes[word * 4] ^= 0xFF;
            assert_eq!(Patch::read(&bytes).unwrap_err().kind(), "patch.corrupt");
        }
    }
}
