//! Reads packed rows as PROTOCOL.md says, into plain JSON.

use larder::registry::{FieldType, LayoutField};
use serde_json::{Map, Value};

/// One row of a patch with packed rows.
#[derive(Debug, Clone, PartialEq)]
pub enum PackedRow {
    /// What its fields say: UUIDs as text in small letters, moments as microseconds.
    Packed(Value),
    Json(Value),
    Misfit(String),
}

/// The rows of a patch, in order; the layouts are those of the types by number.
pub fn read_rows(patch: &[u8], layouts: &[Option<Vec<LayoutField>>]) -> Vec<PackedRow> {
    let word = |index: usize| u32::from_le_bytes(patch[index * 4..][..4].try_into().unwrap());
    assert_eq!((word(0), word(2)), (0x3150_444C, 1), "a patch with packed rows");
    let (payload_at, payload_len) = (word(6) as usize, word(7) as usize);
    let mut bytes = Bytes(&patch[payload_at..payload_at + payload_len]);
    let mut rows = Vec::new();
    for index in 0..word(3) as usize {
        let length = bytes.count();
        let kind = bytes.count();
        let mut row = Bytes(bytes.take(length));
        let layout = layouts.get(word(12 + index * 2) as usize).and_then(Option::as_ref);
        rows.push(match kind {
            0 => PackedRow::Packed(row.fields(layout.unwrap())),
            1 => PackedRow::Json(serde_json::from_slice(row.take(length)).unwrap()),
            2 => PackedRow::Misfit(String::from_utf8(row.take(length).to_vec()).unwrap()),
            _ => panic!("a row of kind {kind}"),
        });
        assert!(row.0.is_empty(), "a row is read to its end");
    }
    assert!(bytes.0.is_empty(), "the rows are the whole payload");
    rows
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        self.take(N).try_into().unwrap()
    }

    fn count(&mut self) -> usize {
        u32::from_le_bytes(self.array()) as usize
    }

    fn text(&mut self) -> String {
        let length = self.count();
        String::from_utf8(self.take(length).to_vec()).unwrap()
    }

    fn fields(&mut self, fields: &[LayoutField]) -> Value {
        fields
            .iter()
            .map(|field| (field.name.clone(), self.value(&field.field_type)))
            .collect::<Map<_, _>>()
            .into()
    }

    fn value(&mut self, field_type: &FieldType) -> Value {
        match field_type {
            FieldType::Text => self.text().into(),
            FieldType::Bool => match self.array() {
                [0] => false.into(),
                [1] => true.into(),
                [other] => panic!("a boolean of {other}"),
            },
            FieldType::Int | FieldType::Timestamp => i64::from_le_bytes(self.array()).into(),
            FieldType::Float => f64::from_le_bytes(self.array()).into(),
            FieldType::Uuid => {
                let digits = format!("{:032x}", u128::from_be_bytes(self.array()));
                let (a, b, c, d, e) =
                    (&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]);
                format!("{a}-{b}-{c}-{d}-{e}").into()
            }
            FieldType::Json => serde_json::from_str(&self.text()).unwrap(),
            FieldType::Optional(inner) => match self.array() {
                [0] => Value::Null,
                [1] => self.value(inner),
                [other] => panic!("an optional of {other}"),
            },
            FieldType::List(inner) => {
                let count = self.count();
                (0..count).map(|_| self.value(inner)).collect()
            }
            FieldType::Map(inner) => {
                let count = self.count();
                (0..count).map(|_| (self.text(), self.value(inner))).collect::<Map<_, _>>().into()
            }
            FieldType::Struct(fields) => self.fields(fields),
            _ => panic!("a type that the tests do not know"),
        }
    }
}
