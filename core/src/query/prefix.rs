//! The first bytes of a value's place in an order, as one number.
//!
//! All prefixes keep one promise: if the prefix of `a` is below that of `b`, then `a` goes before `b`. Equal prefixes decide
//! nothing.

use super::collate::digit_run;

/// The prefix of a text by its UTF-8 bytes.
#[inline]
pub fn byte_prefix(text: &str) -> u64 {
    let bytes = text.as_bytes();
    if let Some(first) = bytes.first_chunk::<8>() {
        return u64::from_be_bytes(*first);
    }
    let mut padded = [0; 8];
    for (to, from) in padded.iter_mut().zip(bytes) {
        *to = *from;
    }
    u64::from_be_bytes(padded)
}

/// The prefix of a text in natural order.
///
/// A char is its lowercase in UTF-8, whose bytes sort as the chars do. A number is a byte among those of the ASCII digits that
/// tells how many digits count, then these digits, two to a byte: numbers of more digits sort after those of fewer, numbers of
/// as many by their digits, and all numbers sort among other chars as a digit does.
pub fn natural_prefix(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut prefix = Bytes::default();
    let mut at = 0;
    while prefix.len < 8 {
        let Some(&byte) = bytes.get(at) else { break };
        if byte.is_ascii_digit() {
            let run = digit_run(bytes, at);
            push_number(&mut prefix, run.number(bytes).digits);
            at = run.end;
        } else if byte.is_ascii() {
            prefix.push(byte.to_ascii_lowercase());
            at += 1;
        } else {
            let Some(char) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
            for lower in char.to_lowercase() {
                lower.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| prefix.push(byte));
            }
            at += char.len_utf8();
        }
    }
    prefix.packed
}

fn push_number(prefix: &mut Bytes, digits: &[u8]) {
    // Up to 8 digits the first byte tells the count; then a second one does, up to what it can tell.
    const SHORT: usize = 8;
    let count = digits.len();
    if count <= SHORT {
        prefix.push(b'0' + count as u8);
    } else {
        prefix.push(b'9');
        let more = (count - SHORT).min(0xff) as u8;
        prefix.push(more);
        if more == 0xff {
            // Numbers of so many digits look all the same from here on.
            prefix.fill();
        }
    }
    for pair in digits.chunks(2) {
        let nibble = |at: usize| pair.get(at).map_or(0, |digit| digit - b'0');
        prefix.push(nibble(0) << 4 | nibble(1));
    }
}

/// Eight bytes, filled from the front; what comes after them is dropped.
#[derive(Default)]
struct Bytes {
    packed: u64,
    len: u32,
}

impl Bytes {
    fn push(&mut self, byte: u8) {
        if self.len < 8 {
            self.packed |= u64::from(byte) << (56 - 8 * self.len);
            self.len += 1;
        }
    }

    /// Nothing more goes in.
    fn fill(&mut self) {
        self.len = 8;
    }
}
