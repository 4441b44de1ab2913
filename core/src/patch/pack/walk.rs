//! Walking over checked objects whose keys are mostly known beforehand.
//!
//! It does what [`crate::json::read`] does, but nothing of it goes through memory on the way: everything is inlined, once, which
//! saves a third of the time of packing.

use crate::json::{Kind, Span, text};

/// A position between the members of an object or the elements of an array.
pub(super) struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    /// In front of the first member or element of what begins at `start`.
    pub(super) fn into(bytes: &'a [u8], start: usize) -> Self {
        Self { bytes, at: start + 1 }
    }

    /// Goes to the next token, and says what it is; 0 at the end of the text.
    #[inline(always)]
    fn token(&mut self) -> u8 {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t' | b',' | b':') => self.at += 1,
                Some(&byte) => return byte,
                None => return 0,
            }
        }
    }

    /// Goes to the next key; `false` when there is none.
    #[inline(always)]
    pub(super) fn seek_key(&mut self) -> bool {
        self.token() == b'"'
    }

    /// Goes over the key, if it is this one, which must be written without escapes.
    #[inline(always)]
    pub(super) fn takes(&mut self, key: &[u8]) -> bool {
        let start = self.at + 1;
        let end = start + key.len();
        let is_this = self.bytes.get(end) == Some(&b'"') && self.bytes.get(start..end) == Some(key);
        if is_this {
            self.at = end + 1;
        }
        is_this
    }

    /// Goes over a key, or a text.
    #[inline(always)]
    pub(super) fn text(&mut self) -> Span {
        let start = self.at + 1;
        let mut kind = Kind::Text;
        let mut end = text::find_special(self.bytes, start);
        while self.bytes.get(end) == Some(&b'\\') {
            kind = Kind::EscapedText;
            end = text::find_special(self.bytes, end + 2);
        }
        self.at = end + 1;
        Span { kind, start: start as u32, end: end as u32 }
    }

    /// Goes over the value; one that is missing at the end of an array.
    #[inline(always)]
    pub(super) fn value(&mut self) -> Span {
        let first = self.token();
        let start = self.at;
        let kind = match first {
            b'"' => return self.text(),
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b't' => Kind::True,
            b'f' => Kind::False,
            b'n' => Kind::Null,
            b'-' | b'0'..=b'9' => Kind::Number,
            _ => return Span::default(),
        };
        match kind {
            Kind::Object | Kind::Array => self.skip_nested(),
            Kind::True | Kind::Null => self.at += 4,
            Kind::False => self.at += 5,
            _ => {
                let is_of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
                while self.bytes.get(self.at).is_some_and(is_of_number) {
                    self.at += 1;
                }
            }
        }
        Span { kind, start: start as u32, end: self.at as u32 }
    }

    fn skip_nested(&mut self) {
        let mut depth = 0_u32;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.text();
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::read;

    #[test]
    fn it_finds_what_the_reader_of_checked_bytes_finds() {
        let json = br#" { "a" : -1.5e+3 , "b\"":"x\\", "c":[1,{"d":"]"},[]],"e":true,"f":false ,"g":null,"h":{ } ,"i":0} "#;
        let start = 1;
        let mut walk = Walk::into(json, start);
        let mut count = 0;
        for (key, value) in read::members(json, start) {
            assert!(walk.seek_key());
            assert!(!walk.takes(b"another"));
            assert!(key.kind != Kind::Text || Walk { bytes: json, at: walk.at }.takes(key.of(json)));
            assert_eq!((walk.text(), walk.value()), (key, value));
            count += 1;
        }
        assert!(!walk.seek_key() && count == 8);
        let array = br#"[1, "a" ,[2],{"b":[]}]"#;
        let mut walk = Walk::into(array, 0);
        for element in read::elements(array, 0) {
            assert_eq!(walk.value(), element);
        }
        assert_eq!(walk.value(), Span::default());
    }
}
