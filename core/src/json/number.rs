//! Numbers: the grammar, and what a double can hold.

use super::decimal;
use super::scan::Fault;

/// The largest integer that a double counts to without skipping one.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Without an exponent, no number of so many characters is too large for a double.
const FINITE_LENGTH: usize = 300;

/// Checks the number at `start`; returns where it ends.
#[inline]
pub(crate) fn check(bytes: &[u8], start: usize) -> Result<usize, Fault> {
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    let mut i = start;
    if at(i) == b'-' {
        i += 1;
    }
    let first_digit = i;
    while at(i).is_ascii_digit() {
        i += 1;
    }
    let digits = i - first_digit;
    if digits == 0 || (digits > 1 && at(first_digit) == b'0') {
        return Err(Fault::Malformed("expected a number without leading zeros"));
    }
    let mut is_integer = true;
    if at(i) == b'.' {
        is_integer = false;
        i += 1;
        let first = i;
        while at(i).is_ascii_digit() {
            i += 1;
        }
        if i == first {
            return Err(Fault::Malformed("expected a digit after the decimal point"));
        }
    }
    let has_exponent = at(i) | 0x20 == b'e';
    if has_exponent {
        is_integer = false;
        i += 1;
        if matches!(at(i), b'+' | b'-') {
            i += 1;
        }
        let first = i;
        while at(i).is_ascii_digit() {
            i += 1;
        }
        if i == first {
            return Err(Fault::Malformed("expected a digit in the exponent"));
        }
    }
    let is_plain = i - first_digit <= 15 && !has_exponent;
    if !is_plain && !is_safe(bytes.get(start..i).unwrap_or_default(), first_digit - start, is_integer) {
        return Err(Fault::UnsafeNumber);
    }
    Ok(i)
}

#[cold]
fn is_safe(number: &[u8], sign: usize, is_integer: bool) -> bool {
    if !is_integer {
        let is_long = number.len() > FINITE_LENGTH || number.iter().any(|byte| byte | 0x20 == b'e');
        return !is_long || parse(number).is_finite();
    }
    let digits = number.get(sign..).and_then(|digits| std::str::from_utf8(digits).ok());
    digits.and_then(|digits| digits.parse::<u64>().ok()).is_some_and(|value| value <= MAX_SAFE_INTEGER)
}

/// The value of a checked number.
#[inline]
pub(crate) fn parse(number: &[u8]) -> f64 {
    // Short integers, by far the most, need no general parser.
    if number.len() <= 15 && number.iter().all(u8::is_ascii_digit) {
        return number.iter().fold(0_u64, |value, digit| value * 10 + u64::from(digit - b'0')) as f64;
    }
    decimal::parse(number)
}
