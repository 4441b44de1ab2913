//! The strict scanner: walks over any value once, and refuses what could not be read back the same in JavaScript.

use super::{Kind, Span, number, text};
use crate::order_of::order_of;

/// Up to so many keys are compared with each other as they come; more are sorted once at the end.
const FEW_KEYS: usize = 32;

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not JSON; the words say what was expected.
    Malformed(&'static str),
    /// Nested deeper than the limit.
    TooDeep,
    /// A string longer than the limit.
    StringTooLong,
    /// The same key twice in one object.
    DuplicateKey,
    /// A number that JavaScript would change.
    UnsafeNumber,
}

/// A fault and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ScanError {
    pub offset: usize,
    pub fault: Fault,
}

/// How deep and how long values may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ScanLimits {
    pub max_depth: u32,
    pub max_string_bytes: usize,
}

/// A position in a text that is being checked. The text must be valid UTF-8.
pub(crate) struct Scanner<'a> {
    pub bytes: &'a [u8],
    pub pos: usize,
    limits: ScanLimits,
    /// Keys of the objects being walked, innermost last; kept to avoid an allocation per object.
    keys: Vec<Span>,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(bytes: &'a [u8], limits: ScanLimits) -> Self {
        Self { bytes, pos: 0, limits, keys: Vec::new() }
    }

    pub(crate) fn at(bytes: &'a [u8], pos: usize, limits: ScanLimits) -> Self {
        Self { bytes, pos, limits, keys: Vec::new() }
    }

    #[cold]
    pub(crate) fn fault<T>(&self, offset: usize, fault: Fault) -> Result<T, ScanError> {
        Err(ScanError { offset, fault })
    }

    #[cold]
    fn expected<T>(&self, what: &'static str) -> Result<T, ScanError> {
        self.fault(self.pos, Fault::Malformed(what))
    }

    #[inline(always)]
    pub(crate) fn peek(&self) -> u8 {
        self.bytes.get(self.pos).copied().unwrap_or(0)
    }

    /// The next byte that is not white space.
    #[inline(always)]
    pub(crate) fn next_token(&mut self) -> u8 {
        let byte = self.peek();
        if byte > b' ' { byte } else { self.skip_white_space() }
    }

    #[cold]
    #[inline(always)]
    fn skip_white_space(&mut self) -> u8 {
        while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') && self.pos < self.bytes.len() {
            self.pos += 1;
        }
        self.peek()
    }

    /// Nothing but white space may follow.
    pub(crate) fn finish(&mut self) -> Result<(), ScanError> {
        self.next_token();
        if self.pos == self.bytes.len() { Ok(()) } else { self.expected("expected the end of the text") }
    }

    /// Enters an object; `false` when it is empty and done.
    #[inline(always)]
    pub(crate) fn open_object(&mut self) -> Result<bool, ScanError> {
        if self.next_token() != b'{' {
            return self.expected("expected an object");
        }
        self.pos += 1;
        if self.next_token() == b'}' {
            self.pos += 1;
            return Ok(false);
        }
        Ok(true)
    }

    /// Reads a key and its colon.
    #[inline(always)]
    pub(crate) fn key(&mut self) -> Result<Span, ScanError> {
        if self.next_token() != b'"' {
            return self.expected("expected a key in double quotes");
        }
        let key = self.string()?;
        self.colon()?;
        Ok(key)
    }

    #[inline(always)]
    pub(crate) fn colon(&mut self) -> Result<(), ScanError> {
        if self.next_token() != b':' {
            return self.expected("expected a colon after the key");
        }
        self.pos += 1;
        Ok(())
    }

    /// After a member: `true` when another follows.
    #[inline(always)]
    pub(crate) fn more_members(&mut self) -> Result<bool, ScanError> {
        match self.next_token() {
            b',' => {
                self.pos += 1;
                Ok(true)
            }
            b'}' => {
                self.pos += 1;
                Ok(false)
            }
            _ => self.expected("expected a comma or the end of the object"),
        }
    }

    /// Enters an array; `false` when it is empty and done.
    #[inline(always)]
    pub(crate) fn open_array(&mut self) -> Result<bool, ScanError> {
        if self.next_token() != b'[' {
            return self.expected("expected an array");
        }
        self.pos += 1;
        if self.next_token() == b']' {
            self.pos += 1;
            return Ok(false);
        }
        Ok(true)
    }

    /// After an element: `true` when another follows.
    #[inline(always)]
    pub(crate) fn more_elements(&mut self) -> Result<bool, ScanError> {
        match self.next_token() {
            b',' => {
                self.pos += 1;
                Ok(true)
            }
            b']' => {
                self.pos += 1;
                Ok(false)
            }
            _ => self.expected("expected a comma or the end of the array"),
        }
    }

    /// Walks over one value at this depth.
    pub(crate) fn value(&mut self, depth: u32) -> Result<Span, ScanError> {
        match self.next_token() {
            b'{' => {
                let start = self.enter(depth)?;
                self.object_body(depth)?;
                Ok(self.span(Kind::Object, start))
            }
            b'[' => {
                let start = self.enter(depth)?;
                let mut more = self.open_array()?;
                while more {
                    self.value(depth + 1)?;
                    more = self.more_elements()?;
                }
                Ok(self.span(Kind::Array, start))
            }
            _ => self.leaf(),
        }
    }

    /// Walks over a value that is neither an object nor an array.
    #[inline]
    pub(crate) fn leaf(&mut self) -> Result<Span, ScanError> {
        match self.next_token() {
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.literal(b"true", Kind::True),
            b'f' => self.literal(b"false", Kind::False),
            b'n' => self.literal(b"null", Kind::Null),
            _ => self.expected("expected a value"),
        }
    }

    /// Checks the depth; returns where the value starts.
    #[inline]
    pub(crate) fn enter(&self, depth: u32) -> Result<usize, ScanError> {
        if depth >= self.limits.max_depth { self.fault(self.pos, Fault::TooDeep) } else { Ok(self.pos) }
    }

    #[inline(always)]
    pub(crate) fn span(&self, kind: Kind, start: usize) -> Span {
        Span { kind, start: start as u32, end: self.pos as u32 }
    }

    fn object_body(&mut self, depth: u32) -> Result<(), ScanError> {
        let first_key = self.keys.len();
        let mut more = self.open_object()?;
        while more {
            let key = self.key()?;
            self.refuse_duplicate(first_key, key)?;
            self.value(depth + 1)?;
            more = self.more_members()?;
        }
        self.end_keys(first_key)
    }

    /// How many keys are being remembered; pass it to [`Self::refuse_duplicate`] for a new object.
    pub(crate) fn keys_mark(&self) -> usize {
        self.keys.len()
    }

    /// The keys remembered since `mark`.
    pub(crate) fn keys_since(&self, mark: usize) -> &[Span] {
        self.keys.get(mark..).unwrap_or_default()
    }

    /// Ends an object: the check for duplicates that many keys were spared, and the keys are forgotten.
    pub(crate) fn end_keys(&mut self, mark: usize) -> Result<(), ScanError> {
        if self.keys.len() > mark + FEW_KEYS {
            let keys = self.keys_since(mark);
            let key_at = |index: usize| keys.get(index).map(|&key| text::key_text(self.bytes, key));
            let order = order_of(keys.len(), &mut |a, b| key_at(a).cmp(&key_at(b)));
            let duplicate = order.windows(2).find_map(|pair| match *pair {
                [a, b] if key_at(a) == key_at(b) => keys.get(b),
                _ => None,
            });
            if let Some(key) = duplicate {
                return self.fault((key.start as usize).saturating_sub(1), Fault::DuplicateKey);
            }
        }
        self.keys.truncate(mark);
        Ok(())
    }

    /// Remembers a key of the object whose keys start at `first_key`; the same key twice is a fault, found here
    /// while there are few keys and by [`Self::end_keys`] otherwise.
    pub(crate) fn refuse_duplicate(&mut self, first_key: usize, key: Span) -> Result<(), ScanError> {
        let new = text::key_text(self.bytes, key);
        let seen = self.keys.get(first_key..).unwrap_or_default();
        if seen.len() <= FEW_KEYS && seen.iter().any(|&old| same_key(self.bytes, old, key, &new)) {
            return self.fault((key.start as usize).saturating_sub(1), Fault::DuplicateKey);
        }
        self.keys.push(key);
        Ok(())
    }

    /// Walks over a string; the span is what is between the quotes.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Span, ScanError> {
        let start = self.pos + 1;
        let mut at = text::find_special(self.bytes, start);
        let mut kind = Kind::Text;
        while self.bytes.get(at) == Some(&b'\\') {
            kind = Kind::EscapedText;
            let Some(next) = text::check_escape(self.bytes, at) else {
                return self
                    .fault(at, Fault::Malformed("expected a valid escape (lone surrogates are refused)"));
            };
            at = text::find_special(self.bytes, next);
        }
        if self.bytes.get(at) != Some(&b'"') {
            return self
                .fault(at, Fault::Malformed("expected the end of a string, without control characters"));
        }
        if at - start > self.limits.max_string_bytes {
            return self.fault(start - 1, Fault::StringTooLong);
        }
        self.pos = at + 1;
        Ok(Span { kind, start: start as u32, end: at as u32 })
    }

    #[inline]
    fn number(&mut self) -> Result<Span, ScanError> {
        let start = self.pos;
        match number::check(self.bytes, start) {
            Ok(end) => {
                self.pos = end;
                Ok(self.span(Kind::Number, start))
            }
            Err(fault) => self.fault(start, fault),
        }
    }

    #[inline]
    fn literal(&mut self, word: &[u8], kind: Kind) -> Result<Span, ScanError> {
        let start = self.pos;
        if self.bytes.get(start..start + word.len()) != Some(word) {
            return self.expected("expected true, false or null");
        }
        self.pos += word.len();
        Ok(self.span(kind, start))
    }
}

#[inline(always)]
fn same_key(bytes: &[u8], old: Span, key: Span, new: &[u8]) -> bool {
    if old.kind == Kind::Text && key.kind == Kind::Text {
        return old.end - old.start == key.end - key.start && old.of(bytes) == new;
    }
    *text::key_text(bytes, old) == *new
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: ScanLimits = ScanLimits { max_depth: 8, max_string_bytes: 64 };

    fn check(text: &str) -> Result<(), Fault> {
        let mut scanner = Scanner::new(text.as_bytes(), LIMITS);
        scanner.value(0).and_then(|_| scanner.finish()).map_err(|error| error.fault)
    }

    #[test]
    fn what_json_allows_is_accepted() {
        for text in
            ["{}", "[]", " [ 1 , -2.5e-3 , \"a\\u00e9\\n\" , null ] ", r#"{"a":{"b":[{"c":true}]}}"#, "0"]
        {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_json_forbids_is_refused() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\":}",
            "{\"a\" 1}",
            "{a:1}",
            "01",
            "1.",
            "+1",
            ".5",
            "1e",
            "tru",
            "\"\\x\"",
            "\"\n\"",
            "\"abc",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "{\"a\":1,}",
            "[1 2]",
            "1 2",
            "-",
            "nul",
            "\u{feff}1",
        ] {
            assert!(matches!(check(text), Err(Fault::Malformed(_))), "{text}: {:?}", check(text));
        }
    }

    #[test]
    fn what_javascript_would_change_is_refused() {
        assert_eq!(check(r#"{"a":1,"a":2}"#), Err(Fault::DuplicateKey));
        assert_eq!(check(r#"{"a":1,"\u0061":2}"#), Err(Fault::DuplicateKey));
        let many: String = (0..5000).map(|i| format!("\"k{i}\":1,")).collect();
        assert_eq!(check(&format!("{{{many}\"z\":1}}")), Ok(()));
        assert_eq!(check(&format!("{{{many}\"k77\":1}}")), Err(Fault::DuplicateKey));
        assert_eq!(check("9007199254740993"), Err(Fault::UnsafeNumber));
        assert_eq!(check("-9007199254740992"), Err(Fault::UnsafeNumber));
        assert_eq!(check("9007199254740991"), Ok(()));
        assert_eq!(check("1e400"), Err(Fault::UnsafeNumber));
        assert_eq!(check("0.1234567890123456789"), Ok(()));
    }

    #[test]
    fn limits_hold() {
        assert_eq!(check("[[[[[[[[1]]]]]]]]"), Ok(()));
        assert_eq!(check("[[[[[[[[[1]]]]]]]]]"), Err(Fault::TooDeep));
        assert_eq!(check(&format!("\"{}\"", "x".repeat(65))), Err(Fault::StringTooLong));
    }
}
