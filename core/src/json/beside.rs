//! A row that is scanned beside the one it takes the place of: which of its members are others.

use super::read;

/// Members of a row as they are written: where each begins and ends, counted from the start of the row.
pub(crate) type Members = Vec<(u32, u32)>;

/// A known row, and how far another has been found to be written as it is.
pub(crate) struct Beside<'k> {
    known: &'k [u8],
    /// Where the known row goes on.
    at: usize,
    /// Where the other row begins in its text.
    start: usize,
    others: Members,
    is_alike: bool,
}

impl<'k> Beside<'k> {
    /// To be compared with the row that begins at `start` of its text.
    pub(crate) fn new(known: &'k [u8], start: usize) -> Self {
        Self { known, at: 1, start, others: Vec::with_capacity(4), is_alike: true }
    }

    /// The next member is from `start` to `end`, its value from `value` on.
    #[inline]
    pub(crate) fn member(&mut self, text: &[u8], start: usize, value: usize, end: usize) {
        let (known, written) = (self.known.get(self.at..).unwrap_or_default(), text.get(start..end));
        if let Some(written) = written.filter(|written| known.starts_with(written))
            && matches!(known.get(written.len()), Some(b',' | b'}'))
        {
            self.at += written.len() + 1;
        } else {
            self.other_member(text, start, value, end);
        }
    }

    #[inline(never)]
    fn other_member(&mut self, text: &[u8], start: usize, value: usize, end: usize) {
        let has_key = text
            .get(start..value)
            .is_some_and(|key| self.known.get(self.at..).is_some_and(|known| known.starts_with(key)));
        let known = read::value_at(self.known, self.at + (value - start)).map(|(_, end)| end);
        match known.filter(|&end| has_key && matches!(self.known.get(end), Some(b',' | b'}'))) {
            Some(known) => {
                self.at = known + 1;
                self.others.push(((start - self.start) as u32, (end - self.start) as u32));
            }
            None => self.give_up(),
        }
    }

    /// It is written too differently for a comparison.
    pub(crate) fn give_up(&mut self) {
        self.is_alike = false;
        // Nothing can follow here.
        self.at = self.known.len();
    }

    /// The members with another value, if both have the same keys in the same order and no white space between them.
    pub(crate) fn others(self) -> Option<Members> {
        (self.is_alike && self.at == self.known.len()).then_some(self.others)
    }
}

/// Appends these members of a row as an object. Returns `false`, and appends nothing, when it would be more than half as long.
pub(crate) fn write_members(out: &mut Vec<u8>, row: &[u8], members: &Members) -> bool {
    let length: u32 = members.iter().map(|(start, end)| end - start + 1).sum();
    if members.is_empty() || length as usize >= row.len() / 2 {
        return false;
    }
    for (index, &(start, end)) in members.iter().enumerate() {
        out.push(if index == 0 { b'{' } else { b',' });
        out.extend_from_slice(row.get(start as usize..end as usize).unwrap_or_default());
    }
    out.push(b'}');
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Span;
    use crate::json::scan::{ScanLimits, Scanner};
    use crate::json::shape::Shapes;

    const LIMITS: ScanLimits = ScanLimits { max_depth: 8, max_string_bytes: 100 };

    /// The members in which `new` differs from `known`, after both were seen in an event once.
    fn others<'n>(known: &str, new: &'n str) -> Option<Vec<&'n str>> {
        let mut shapes = Shapes::new([["id".to_owned()].as_slice()].into_iter());
        let mut out = [Span::default()];
        let text = format!(" {new}");
        for text in [known, &text] {
            shapes.row(&mut Scanner::new(text.as_bytes(), LIMITS), 0, &mut out, None).unwrap();
        }
        let mut beside = Beside::new(known.as_bytes(), 1);
        shapes.row(&mut Scanner::at(text.as_bytes(), 1, LIMITS), 0, &mut out, Some(&mut beside)).unwrap();
        let members = beside.others()?;
        Some(members.iter().map(|&(start, end)| &new[start as usize..end as usize]).collect())
    }

    const KNOWN: &str =
        r#"{"id":"1","name":"a","size":10,"in":{"kind":"x","size":1},"tags":[1,2],"none":null}"#;

    #[test]
    fn members_with_another_value_are_named() {
        assert_eq!(others(KNOWN, KNOWN), Some(vec![]));
        let new = KNOWN.replace(r#""a""#, r#""a \" longer""#).replace("null", "false");
        assert_eq!(others(KNOWN, &new), Some(vec![r#""name":"a \" longer""#, r#""none":false"#]));
        assert_eq!(others(&new, KNOWN), Some(vec![r#""name":"a""#, r#""none":null"#]));
        let new = KNOWN.replace(r#""size":1}"#, r#""size":2}"#).replace("[1,2]", "[]").replace(":10", ":1");
        let expected = vec![r#""size":1"#, r#""in":{"kind":"x","size":2}"#, r#""tags":[]"#];
        assert_eq!(others(KNOWN, &new), Some(expected));
        // A value that goes on where the known one ends is another.
        assert_eq!(others(KNOWN, &KNOWN.replace(":10", ":100")), Some(vec![r#""size":100"#]));
    }

    #[test]
    fn rows_with_other_keys_are_not_compared() {
        for new in [
            KNOWN.replace("null", r#"null,"more":1"#),
            KNOWN.replace(r#","none":null"#, ""),
            KNOWN.replace(r#""size":10,"#, ""),
            KNOWN.replace("name", "nome"),
            KNOWN.replace(r#""id":"1","name":"a""#, r#""name":"a","id":"1""#),
            r#"{"id":"1"}"#.to_owned(),
        ] {
            assert_eq!(others(KNOWN, &new), None, "{new}");
            assert_eq!(others(&new, KNOWN), None, "{new}");
        }
    }

    #[test]
    fn white_space_between_members_is_no_reason_to_be_wrong() {
        let spaced = KNOWN.replace(",\"", " ,\n\"").replace("\":", "\" : ");
        assert_eq!(others(&spaced, KNOWN), None);
        assert!(others(KNOWN, &spaced).is_none_or(|members| members.len() > 4));
    }

    #[test]
    fn members_are_written_as_one_object_if_that_is_short() {
        let write = |members: &Members| {
            let mut out = b"before".to_vec();
            write_members(&mut out, KNOWN.as_bytes(), members).then(|| String::from_utf8(out).unwrap())
        };
        assert_eq!(write(&vec![(1, 9), (21, 30)]).as_deref(), Some(r#"before{"id":"1","size":10}"#));
        assert_eq!(write(&vec![]), None);
        assert_eq!(write(&vec![(1, 60)]), None);
    }
}
