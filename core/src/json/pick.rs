//! Picking fields out of checked rows, one row after the other: the keys of a row predict those of the next, and nothing is read of
//! a row after the last field that is wanted.

use super::{Span, read, text};

/// The wanted fields, and where they were in the row that was looked at in full last.
pub(crate) struct Picker<'p> {
    wanted: Vec<&'p [String]>,
    steps: Vec<Step>,
}

/// One member of the expected row.
struct Step {
    /// All bytes between the value before, or the beginning of the row, and this value.
    lead: Vec<u8>,
    /// Which wanted fields are in this member.
    fields: Vec<usize>,
}

impl<'p> Picker<'p> {
    pub(crate) fn new(wanted: Vec<&'p [String]>) -> Self {
        Self { wanted, steps: Vec::new() }
    }

    /// Finds the wanted fields of a row; one that it does not have is missing.
    // A function of its own, which engines of browsers can replace by a faster one while many rows are being read.
    #[inline(never)]
    pub(crate) fn pick(&mut self, row: &[u8], found: &mut Vec<Span>) {
        found.clear();
        found.resize(self.wanted.len(), Span::default());
        if !self.expected(row, found) {
            found.fill(Span::default());
            self.look(row, found);
        }
    }

    fn expected(&self, row: &[u8], found: &mut [Span]) -> bool {
        let mut at = 1;
        for step in &self.steps {
            if row.get(at..at + step.lead.len()) != Some(step.lead.as_slice()) {
                return false;
            }
            let Some((value, end)) = read::value_at(row, at + step.lead.len()) else { return false };
            for &field in &step.fields {
                self.put(row, field, value, found);
            }
            at = end;
        }
        !self.steps.is_empty()
    }

    fn put(&self, row: &[u8], field: usize, value: Span, found: &mut [Span]) {
        let rest = self.wanted.get(field).and_then(|path| path.get(1..)).unwrap_or_default();
        if let Some(place) = found.get_mut(field) {
            *place = read::at_path(row, value, rest);
        }
    }

    /// Looks at the members one by one, and remembers them as what to expect if all that is wanted is there.
    #[cold]
    fn look(&mut self, row: &[u8], found: &mut [Span]) {
        self.steps.clear();
        let mut left = self.wanted.len();
        let mut at = 1;
        for (key, value) in read::members(row, 0) {
            let name = text::key_text(row, key);
            let is_in = |path: &&[String]| path.first().is_some_and(|key| *key.as_bytes() == *name);
            let fields: Vec<usize> =
                (0..self.wanted.len()).filter(|&field| self.wanted.get(field).is_some_and(is_in)).collect();
            left -= fields.len();
            fields.iter().for_each(|&field| self.put(row, field, value, found));
            let quote = usize::from(value.is_text());
            let lead = row.get(at..value.start as usize - quote).unwrap_or_default().to_vec();
            self.steps.push(Step { lead, fields });
            at = value.end as usize + quote;
            if left == 0 {
                return;
            }
        }
        // A row without a wanted field predicts nothing: it would have to be walked to its end to know.
        self.steps.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn a_key_inside_of_a_text_or_of_another_object_is_not_taken_for_the_field() {
        let wanted = [path("b")];
        let mut picker = Picker::new(wanted.iter().map(Vec::as_slice).collect());
        let mut found = Vec::new();
        for (row, value) in [
            (r#"{"a":"x","b":1}"#, Some("1")),
            (r#"{"a":"y","b":2}"#, Some("2")),
            (r#"{"a":"\",\"b\":3","b":4}"#, Some("4")),
            (r#"{"a":{"b":5},"b":[6]}"#, Some("[6]")),
            (r#"{"a":{"b":5}}"#, None),
            (r#"{ "a" : "x", "b" : "7" }"#, Some("7")),
            (r#"{ "a" : "", "b" : "8" }"#, Some("8")),
            (r#"{"\u0062":9}"#, Some("9")),
            ("{}", None),
        ] {
            picker.pick(row.as_bytes(), &mut found);
            let text = value.map(str::as_bytes).unwrap_or_default();
            assert_eq!(found[0].of(row.as_bytes()), text, "{row}");
        }
    }

    proptest! {
        #[test]
        fn rows_of_any_keys_give_what_looking_at_each_key_gives(
            rows in prop::collection::vec(prop::collection::vec((0_usize..6, "[ab\"\\\\{},:0]{0,12}", any::<bool>()), 0..6), 1..12)
        ) {
            let keys = ["a", "b", "c", "a\"b", "dd", "e"];
            let wanted = [path("b"), path("dd.a"), path("dd")];
            let mut picker = Picker::new(wanted.iter().map(Vec::as_slice).collect());
            let mut found = Vec::new();
            for row in rows {
                let mut object = serde_json::Map::new();
                for (key, text, nested) in row {
                    let text = serde_json::Value::String(text);
                    let value = if nested { serde_json::json!({"a": text, "b": 1}) } else { text };
                    object.insert(keys[key].to_owned(), value);
                }
                let row = serde_json::Value::Object(object).to_string();
                let row = row.as_bytes();
                picker.pick(row, &mut found);
                for (path, found) in wanted.iter().zip(&found) {
                    prop_assert_eq!(*found, read::at_path(row, read::value(row), path));
                }
            }
        }
    }
}
