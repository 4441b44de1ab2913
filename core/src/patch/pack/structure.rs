//! Objects with known fields: the row, and what is laid out in it.

use super::misfit::Misfit;
use super::value::Shape;
use super::walk::Walk;
use crate::json::{Kind, Span, read, text};
use crate::registry::LayoutField;

const NONE: u32 = u32::MAX;

/// More keys than this are not remembered: the keys are data there.
const MAX_KEYS: usize = 256;

/// The fields of an object in the order of the layout.
pub(super) struct Structure {
    fields: Vec<(String, Shape)>,
    /// The keys of the rows so far, in the order of the last: those of the next are most likely the same.
    known: Vec<Known>,
    /// Where the fields of the object at hand are.
    found: Vec<Span>,
}

struct Known {
    key: Box<[u8]>,
    /// Index of the field, or `NONE`.
    field: u32,
}

impl Structure {
    pub(super) fn new(fields: &[LayoutField]) -> Self {
        let fields: Vec<_> =
            fields.iter().map(|field| (field.name.clone(), Shape::new(&field.field_type))).collect();
        Self { found: vec![Span::default(); fields.len()], fields, known: Vec::new() }
    }

    /// Appends the fields of a row.
    pub(super) fn write_row(&mut self, out: &mut Vec<u8>, row: &[u8]) -> Result<(), Misfit> {
        let start = row.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or_default();
        if row.get(start) != Some(&b'{') {
            return Err(Misfit::new("an object", row, read::value(row)));
        }
        self.fields(out, row, start)
    }

    /// Appends the fields of an object.
    pub(super) fn write(&mut self, out: &mut Vec<u8>, bytes: &[u8], object: Span) -> Result<(), Misfit> {
        if object.kind != Kind::Object {
            return Err(Misfit::new("an object", bytes, object));
        }
        self.fields(out, bytes, object.start as usize)
    }

    fn fields(&mut self, out: &mut Vec<u8>, bytes: &[u8], start: usize) -> Result<(), Misfit> {
        self.find(bytes, start);
        for ((name, shape), &value) in self.fields.iter_mut().zip(&self.found) {
            shape.write(out, bytes, value).map_err(|misfit| misfit.under(name))?;
        }
        Ok(())
    }

    /// Looks up where each field is.
    fn find(&mut self, bytes: &[u8], start: usize) {
        self.found.fill(Span::default());
        let mut walk = Walk::into(bytes, start);
        let mut next = 0;
        while walk.seek_key() {
            let field = match self.known.get(next) {
                Some(known) if walk.takes(&known.key) => {
                    next += 1;
                    known.field
                }
                _ => self.surprise(&mut next, bytes, walk.text()),
            };
            let value = walk.value();
            if let Some(found) = self.found.get_mut(field as usize) {
                *found = value;
            }
        }
    }

    /// The field of a key that is not the expected one. The ones behind it are expected next, as in the row that had it.
    #[cold]
    #[inline(never)]
    fn surprise(&mut self, next: &mut usize, bytes: &[u8], key: Span) -> u32 {
        let name = &*text::key_text(bytes, key);
        if let Some(at) = self.known.iter().position(|known| *known.key == *name) {
            *next = at + 1;
            return self.known.get(at).map_or(NONE, |known| known.field);
        }
        let field = self.fields.iter().position(|(field, _)| field.as_bytes() == name);
        let field = field.map_or(NONE, |field| field as u32);
        // A key that is written with an escape is not what it says, byte for byte.
        if key.kind == Kind::Text && self.known.len() < MAX_KEYS {
            let at = (*next).min(self.known.len());
            self.known.insert(at, Known { key: name.into(), field });
            *next = at + 1;
        }
        field
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::FieldType;

    fn int(name: &str) -> LayoutField {
        LayoutField { name: name.to_owned(), field_type: FieldType::Optional(Box::new(FieldType::Int)) }
    }

    /// The fields of an object; 0 for those that are not there.
    fn packed(structure: &mut Structure, json: &str) -> Vec<u8> {
        let mut out = Vec::new();
        structure.write_row(&mut out, json.as_bytes()).unwrap();
        let mut values = Vec::new();
        let mut rest = &out[..];
        while let Some((&is_there, tail)) = rest.split_first() {
            let (value, tail) = tail.split_at(if is_there == 1 { 8 } else { 0 });
            values.push(value.first().copied().unwrap_or(0));
            rest = tail;
        }
        values
    }

    #[test]
    fn keys_are_found_in_any_order_with_others_between_them_and_escaped() {
        let mut structure = Structure::new(&[int("a"), int("b"), int("c")]);
        for (json, expected) in [
            (r#"{"a":1,"b":2,"c":3}"#, [1, 2, 3]),
            (r#"{"a":1,"b":2,"c":3}"#, [1, 2, 3]),
            (r#"{"c":3,"b":2,"a":1}"#, [1, 2, 3]),
            (r#"{"x":9,"a":1,"y":[{"b":7}],"c":3}"#, [1, 0, 3]),
            (r#"{"x":9,"a":4,"y":[{"b":7}],"c":5}"#, [4, 0, 5]),
            (r#"{"b":2}"#, [0, 2, 0]),
            (r#"{"\u0061":1,"c":3}"#, [1, 0, 3]),
            (r#"{"\\u0061":9,"a":1}"#, [1, 0, 0]),
            (r#"{"\u0061":1}"#, [1, 0, 0]),
            (r#" { "c" : 3 , "a" : 1 } "#, [1, 0, 3]),
            ("{}", [0, 0, 0]),
        ] {
            assert_eq!(packed(&mut structure, json), expected, "{json}");
        }
    }

    #[test]
    fn a_row_like_the_one_before_it_is_no_surprise_and_hostile_keys_are_not_all_remembered() {
        let mut structure = Structure::new(&[int("a"), int("b")]);
        packed(&mut structure, r#"{"b":2,"x":0,"a":1}"#);
        let keys: Vec<&[u8]> = structure.known.iter().map(|known| &*known.key).collect();
        assert_eq!(keys, [&b"b"[..], b"x", b"a"]);
        let many: Vec<String> = (0..1_000).map(|n| format!(r#""k{n}":0"#)).collect();
        let json = format!(r#"{{{},"a":1,"b":2}}"#, many.join(","));
        assert_eq!(packed(&mut structure, &json), [1, 2]);
        assert_eq!(structure.known.len(), MAX_KEYS);
        assert_eq!(packed(&mut structure, &json), [1, 2]);
    }
}
