//! Walking over bytes that have passed the scanner; wrong bytes end the walk and never panic.

use super::{Kind, Span, text};

/// The members of the object that starts at `start`.
pub(crate) fn members(bytes: &[u8], start: usize) -> Walk<'_> {
    Walk { bytes, at: start + 1 }
}

/// The elements of the array that starts at `start`.
pub(crate) fn elements(bytes: &[u8], start: usize) -> impl Iterator<Item = Span> + '_ {
    let mut walk = Walk { bytes, at: start + 1 };
    std::iter::from_fn(move || walk.value())
}

/// The value that starts at `start`, and where it ends; a string ends after its quote.
#[inline]
pub(crate) fn value_at(bytes: &[u8], start: usize) -> Option<(Span, usize)> {
    let mut walk = Walk { bytes, at: start };
    Some((walk.value()?, walk.at))
}

/// The whole value in `bytes`.
pub(crate) fn value(bytes: &[u8]) -> Span {
    Walk { bytes, at: 0 }.value().unwrap_or_default()
}

/// Where the value in `bytes` starts.
pub(crate) fn start(bytes: &[u8]) -> usize {
    let mut walk = Walk { bytes, at: 0 };
    walk.token();
    walk.at
}

/// The member of this object with this key.
pub(crate) fn member(bytes: &[u8], object: Span, key: &str) -> Span {
    if object.kind != Kind::Object {
        return Span::default();
    }
    members(bytes, object.start as usize)
        .find(|(name, _)| *text::key_text(bytes, *name) == *key.as_bytes())
        .map_or(Span::default(), |(_, value)| value)
}

/// The value at a path of keys below this value.
pub(crate) fn at_path<S: AsRef<str>>(bytes: &[u8], root: Span, path: &[S]) -> Span {
    path.iter().fold(root, |value, key| member(bytes, value, key.as_ref()))
}

/// A position between the members of an object or the elements of an array.
pub(crate) struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Walk<'_> {
    /// Goes past a member or element that is written exactly so, if it is the next.
    pub(crate) fn pass(&mut self, written: &[u8]) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let is_next =
            rest.starts_with(written) && matches!(rest.get(written.len()), Some(b',' | b'}' | b']'));
        if is_next {
            self.at += written.len() + usize::from(rest.get(written.len()) == Some(&b','));
        }
        is_next
    }

    #[inline(always)]
    fn token(&mut self) -> Option<u8> {
        loop {
            match *self.bytes.get(self.at)? {
                b' ' | b'\n' | b'\r' | b'\t' | b',' | b':' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    #[inline(always)]
    fn string(&mut self) -> Option<Span> {
        let start = self.at + 1;
        let mut kind = Kind::Text;
        let mut at = text::find_special(self.bytes, start);
        while *self.bytes.get(at)? == b'\\' {
            kind = Kind::EscapedText;
            at = text::find_special(self.bytes, at + 2);
        }
        self.at = at + 1;
        Some(Span { kind, start: start as u32, end: at as u32 })
    }

    /// The next value, or `None` at the end of the object or array.
    fn value(&mut self) -> Option<Span> {
        let first = self.token()?;
        let start = self.at;
        let kind = match first {
            b'"' => return self.string(),
            b'{' | b'[' => {
                self.skip_nested()?;
                if first == b'{' { Kind::Object } else { Kind::Array }
            }
            b'}' | b']' => return None,
            _ => {
                while !matches!(
                    self.bytes.get(self.at),
                    None | Some(b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t')
                ) {
                    self.at += 1;
                }
                match first {
                    b't' => Kind::True,
                    b'f' => Kind::False,
                    b'n' => Kind::Null,
                    _ => Kind::Number,
                }
            }
        };
        Some(Span { kind, start: start as u32, end: self.at as u32 })
    }

    #[inline(always)]
    fn skip_nested(&mut self) -> Option<()> {
        let mut depth = 0_u32;
        loop {
            match *self.bytes.get(self.at)? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }
}

impl Iterator for Walk<'_> {
    type Item = (Span, Span);

    fn next(&mut self) -> Option<Self::Item> {
        if self.token()? != b'"' {
            return None;
        }
        let key = self.string()?;
        Some((key, self.value()?))
    }
}
