//! Reads the layout of PROTOCOL.md, section 3. A patch is read whole before any of it is applied.

use std::collections::HashMap;

use serde_json::value::RawValue;

use crate::error::Error;

const MAGIC: u32 = 0x3150_444C; // "LDP1"
const HEADER_WORDS: usize = 12;
const ROWS_AS_JSON: u32 = 0;
const FLAG_RESET: u32 = 1;
const FLAG_PARTIAL: u32 = 2;
const FLAG_AGGREGATES: u32 = 4;

/// Where a row lives: its type and its slot.
pub(crate) type Place = (u32, u32);

/// What changed in one step.
#[derive(Debug)]
pub(crate) struct Patch<'a> {
    pub rows: Vec<(Place, &'a RawValue)>,
    pub shapes: Vec<(u32, Shape)>,
    /// Each with the slots that its shape's relations lead to.
    pub nodes: Vec<(Place, Vec<Vec<u32>>)>,
    pub released: Vec<Place>,
    pub queries: Vec<QueryChange>,
}

/// Rows of a type with relations put in.
#[derive(Debug)]
pub(crate) struct Shape {
    pub base: u32,
    pub edges: Vec<Edge>,
}

/// A relation that is put in.
#[derive(Debug)]
pub(crate) struct Edge {
    pub name: String,
    /// An array, and not one object or null.
    pub many: bool,
    /// The type of what it leads to.
    pub child: u32,
}

/// What changed in the list of one query.
#[derive(Debug)]
pub(crate) struct QueryChange {
    pub query: u32,
    pub table: u32,
    pub reset: bool,
    /// The set behind the query is not wholly present.
    pub partial: bool,
    pub total: u32,
    /// The length of the list afterwards.
    pub length: u32,
    /// The row with the aggregates beside it.
    pub aggregates: Option<Place>,
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
    /// Reads it by what it defines itself and by the shapes that were `known` before.
    pub(crate) fn read(bytes: &'a [u8], known: &HashMap<u32, Shape>) -> Result<Self, Error> {
        let mut words = Words { bytes, at: 0 };
        let mut header = [0; HEADER_WORDS];
        for word in &mut header {
            *word = words.next()?;
        }
        let [magic, length, encoding, row_count, released_count, query_count, at, len, ..] = header;
        let [.., shape_count, node_count, names_at, names_len] = header;
        if magic != MAGIC {
            return Err(corrupt("it does not begin with the magic word"));
        }
        if length as usize != bytes.len() {
            return Err(corrupt("its length is not the one that it announces"));
        }
        if encoding != ROWS_AS_JSON {
            return Err(corrupt("its rows are not JSON text"));
        }
        let part = |at: u32, len: u32| {
            let part = bytes.get(at as usize..).and_then(|rest| rest.get(..len as usize));
            part.ok_or_else(|| corrupt("a part of it is outside of it"))
        };
        let (payload, names) = (part(at, len)?, part(names_at, names_len)?);
        let places = words.places(row_count)?;
        let shapes: Vec<(u32, Shape)> =
            (0..shape_count).map(|_| words.shape(names)).collect::<Result<_, _>>()?;
        let shape_of = |kind: u32| {
            let own = shapes.iter().rev().find(|(defined, _)| *defined == kind).map(|(_, shape)| shape);
            own.or_else(|| known.get(&kind)).ok_or_else(|| corrupt("an object's shape was never defined"))
        };
        let node = |_| {
            let (kind, slot) = (words.next()?, words.next()?);
            let edges = shape_of(kind)?.edges.iter().map(|_| words.slots());
            Ok(((kind, slot), edges.collect::<Result<_, Error>>()?))
        };
        let nodes = (0..node_count).map(node).collect::<Result<_, Error>>()?;
        let released = words.places(released_count)?;
        let queries = (0..query_count).map(|_| words.query()).collect::<Result<_, _>>()?;
        let texts: Vec<&RawValue> = serde_json::from_slice(payload)
            .map_err(|error| corrupt(&format!("its rows are not JSON: {error}")))?;
        if texts.len() != places.len() {
            return Err(corrupt(&format!("it announces {} rows and has {}", places.len(), texts.len())));
        }
        Ok(Self { rows: places.into_iter().zip(texts).collect(), shapes, nodes, released, queries })
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

    /// A count, and that many slots.
    fn slots(&mut self) -> Result<Vec<u32>, Error> {
        let count = self.next()?;
        (0..count).map(|_| self.next()).collect()
    }

    fn shape(&mut self, names: &[u8]) -> Result<(u32, Shape), Error> {
        let (kind, base, count) = (self.next()?, self.next()?, self.next()?);
        let edges = (0..count).map(|_| self.edge(names)).collect::<Result<_, _>>()?;
        Ok((kind, Shape { base, edges }))
    }

    fn edge(&mut self, names: &[u8]) -> Result<Edge, Error> {
        let (at, len) = (self.next()? as usize, self.next()? as usize);
        let name = names.get(at..).and_then(|rest| rest.get(..len));
        let name = name.and_then(|name| std::str::from_utf8(name).ok());
        let name = name.ok_or_else(|| corrupt("the name of a relation is not in it"))?.to_owned();
        Ok(Edge { name, many: self.next()? == 1, child: self.next()? })
    }

    fn query(&mut self) -> Result<QueryChange, Error> {
        let (query, table, flags) = (self.next()?, self.next()?, self.next()?);
        let (total, length, count) = (self.next()?, self.next()?, self.next()?);
        let aggregates = if flags & FLAG_AGGREGATES != 0 { Some((self.next()?, self.next()?)) } else { None };
        let splices = (0..count).map(|_| self.splice()).collect::<Result<_, _>>()?;
        let (reset, partial) = (flags & FLAG_RESET != 0, flags & FLAG_PARTIAL != 0);
        Ok(QueryChange { query, table, reset, partial, total, length, aggregates, splices })
    }

    fn splice(&mut self) -> Result<Splice, Error> {
        let (position, remove) = (self.next()? as usize, self.next()? as usize);
        Ok(Splice { position, remove, insert: self.slots()? })
    }
}

pub(crate) fn corrupt(what: &str) -> Error {
    Error::CorruptPatch { what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn golden(name: &str) -> Vec<u8> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/patch");
        std::fs::read(folder.join(name)).unwrap()
    }

    fn refusal(bytes: &[u8]) -> Error {
        Patch::read(bytes, &HashMap::new()).unwrap_err()
    }

    #[test]
    fn a_patch_that_is_cut_off_anywhere_is_refused() {
        for name in ["many_splices_forward.2.bin", "shape_nested.1.bin"] {
            let bytes = golden(name);
            Patch::read(&bytes, &HashMap::new()).unwrap();
            for end in 0..bytes.len() {
                assert_eq!(refusal(&bytes[..end]).kind(), "patch.corrupt", "{name} cut at {end}");
            }
        }
    }

    #[test]
    fn an_object_of_a_shape_that_was_never_defined_is_refused() {
        assert!(refusal(&golden("shape_nested.2.bin")).to_string().contains("never defined"));
    }

    #[test]
    fn a_patch_of_another_kind_is_refused() {
        for word in [0, 2] {
            let mut bytes = golden("many_splices_forward.2.bin");
            bytes[word * 4] ^= 0xFF;
            assert_eq!(refusal(&bytes).kind(), "patch.corrupt");
        }
    }
}
