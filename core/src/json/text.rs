//! Strings: finding their end, checking escapes, and taking escapes out.

use std::borrow::Cow;

use super::{Kind, Span};

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Where the first quote, backslash or control character at or after `from` is, or the end of the text.
#[inline(always)]
pub(crate) fn find_special(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<16>()) {
        let flags = special_of_sixteen(chunk);
        if flags != 0 {
            return at + flags.trailing_zeros() as usize;
        }
        at += 16;
    }
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let quote = word ^ (ONES * b'"' as u64);
        let backslash = word ^ (ONES * b'\\' as u64);
        // The lowest flagged byte is exact; bytes above it may be flagged by a borrow.
        let flags = ((quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash)
            | (word.wrapping_sub(ONES * 0x20) & !word))
            & HIGH;
        if flags != 0 {
            return at + (flags.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(&byte) = bytes.get(at) {
        if byte == b'"' || byte == b'\\' || byte < 0x20 {
            break;
        }
        at += 1;
    }
    at
}

/// The bytes as text, or where they stop to be UTF-8.
pub(crate) fn check(bytes: &[u8]) -> Result<&str, usize> {
    if is_ascii(bytes) {
        // SAFETY: ASCII is UTF-8.
        return Ok(unsafe { std::str::from_utf8_unchecked(bytes) });
    }
    std::str::from_utf8(bytes).map_err(|error| error.valid_up_to())
}

/// Is there nothing but ASCII, which is UTF-8 as it is?
pub(crate) fn is_ascii(bytes: &[u8]) -> bool {
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    {
        use std::arch::wasm32::{i8x16_bitmask, u8x16_splat, v128_load, v128_or};
        let (chunks, rest) = bytes.as_chunks::<16>();
        // SAFETY: the array has the sixteen bytes that are loaded, and the load needs no alignment.
        let all = chunks
            .iter()
            .fold(u8x16_splat(0), |all, chunk| unsafe { v128_or(all, v128_load(chunk.as_ptr().cast())) });
        i8x16_bitmask(all) == 0 && rest.iter().fold(0, |all, byte| all | byte) < 0x80
    }
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    bytes.is_ascii()
}

/// A bit for each byte that is a quote, a backslash or a control character, the lowest for the first.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(always)]
fn special_of_sixteen(chunk: &[u8; 16]) -> u16 {
    use std::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, v128_load, v128_or};
    // SAFETY: the array has the sixteen bytes that are loaded, and the load needs no alignment.
    let chunk = unsafe { v128_load(chunk.as_ptr().cast()) };
    let quote = u8x16_eq(chunk, u8x16_splat(b'"'));
    let backslash = u8x16_eq(chunk, u8x16_splat(b'\\'));
    let control = u8x16_lt(chunk, u8x16_splat(0x20));
    u8x16_bitmask(v128_or(v128_or(quote, backslash), control))
}

/// Checks the escape at `at`; returns where the text goes on.
pub(crate) fn check_escape(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at + 1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(at + 2),
        b'u' => {
            let (_, next) = unicode_escape(bytes, at)?;
            Some(next)
        }
        _ => None,
    }
}

/// Reads `\uXXXX`, or a surrogate pair of two; a lone surrogate is `None`.
fn unicode_escape(bytes: &[u8], at: usize) -> Option<(char, usize)> {
    let first = hex4(bytes, at + 2)?;
    if (0xD800..0xDC00).contains(&first) {
        if bytes.get(at + 6..at + 8) != Some(b"\\u") {
            return None;
        }
        let second = hex4(bytes, at + 8)?;
        if !(0xDC00..0xE000).contains(&second) {
            return None;
        }
        let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return Some((char::from_u32(code)?, at + 12));
    }
    Some((char::from_u32(first)?, at + 6))
}

fn hex4(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.iter().try_fold(0, |code, &digit| Some(code * 16 + (digit as char).to_digit(16)?))
}

/// The text of a checked string with escapes.
pub(crate) fn unescape(escaped: &[u8]) -> String {
    let mut out = Vec::with_capacity(escaped.len());
    unescape_into(&mut out, escaped);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends the text of a checked string with escapes.
pub(crate) fn unescape_into(out: &mut Vec<u8>, escaped: &[u8]) {
    let mut at = 0;
    loop {
        let plain_to = find_special(escaped, at);
        out.extend_from_slice(escaped.get(at..plain_to).unwrap_or_default());
        at = plain_to;
        let plain = match escaped.get(at + 1) {
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let (code, next) = unicode_escape(escaped, at).unwrap_or(('\u{fffd}', at + 6));
                out.extend_from_slice(code.encode_utf8(&mut [0; 4]).as_bytes());
                at = next;
                continue;
            }
            Some(&other) => char::from(other),
            None => break,
        };
        out.extend_from_slice(plain.encode_utf8(&mut [0; 4]).as_bytes());
        at += 2;
    }
}

/// The text of a checked string.
#[inline]
pub(crate) fn decode(bytes: &[u8], span: Span) -> Cow<'_, str> {
    decode_slice(span.of(bytes), span.kind == Kind::EscapedText)
}

/// The text of what is between the quotes of a checked string.
#[inline]
pub(crate) fn decode_slice(inner: &[u8], escaped: bool) -> Cow<'_, str> {
    if escaped { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(check(inner).unwrap_or_default()) }
}

/// A key's text as bytes, for comparing.
#[inline(always)]
pub(crate) fn key_text(bytes: &[u8], key: Span) -> Cow<'_, [u8]> {
    if key.kind == Kind::EscapedText {
        Cow::Owned(unescape(key.of(bytes)).into_bytes())
    } else {
        Cow::Borrowed(key.of(bytes))
    }
}

/// Appends a text as a JSON string, as JavaScript writes it.
pub(crate) fn push_quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        let at = find_special(bytes, from);
        out.extend_from_slice(bytes.get(from..at).unwrap_or_default());
        let Some(&byte) = bytes.get(at) else { break };
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            // Below 0x20.
            _ => {
                let low = byte & 15;
                out.extend_from_slice(b"\\u00");
                out.extend_from_slice(&[
                    b'0' + (byte >> 4),
                    if low < 10 { b'0' + low } else { b'a' - 10 + low },
                ]);
            }
        }
        from = at + 1;
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn find_special_agrees_with_a_plain_loop_at_every_alignment() {
        for special in [b'"', b'\\', 0x00, 0x1f, b'\n'] {
            for length in 0..40 {
                let mut bytes = vec![0xc3; length];
                bytes.push(special);
                bytes.extend_from_slice(&[b'x'; 20]);
                assert_eq!(find_special(&bytes, 0), length, "{special} after {length}");
            }
        }
        assert_eq!(find_special(" !#[]~\u{80}é".as_bytes(), 0), 10);
    }

    #[test]
    fn escapes_come_out_as_json_means_them() {
        assert_eq!(unescape(br#"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00z"#), "a\"\\/\u{8}\u{c}\n\r\té😀z");
        let mut out = Vec::new();
        push_quoted(&mut out, "a\"b\\c\nd\u{1}é");
        assert_eq!(out, "\"a\\\"b\\\\c\\nd\\u0001é\"".as_bytes());
    }
}
