//! Integers as they are written in JSON.

/// The value of a checked number that is written as an integer, without a fraction or an exponent, and fits.
pub(super) fn integer(number: &[u8]) -> Option<i64> {
    let (negative, digits) = match number {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 19 {
        return None;
    }
    let mut value = 0_u64;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        // Nineteen digits fit.
        value = value * 10 + u64::from(digit);
    }
    if negative { 0_i64.checked_sub_unsigned(value) } else { i64::try_from(value).ok() }
}

#[cfg(test)]
mod tests {
    use super::integer;

    #[test]
    fn integers_are_read_up_to_64_bits_and_nothing_else_is() {
        for value in [0, -1, 7, 9_007_199_254_740_991, i64::MAX, i64::MIN] {
            assert_eq!(integer(value.to_string().as_bytes()), Some(value));
        }
        assert_eq!(integer(b"-0"), Some(0));
        for other in
            ["9223372036854775808", "-9223372036854775809", "1.0", "1e3", "", "-", "10000000000000000000"]
        {
            assert_eq!(integer(other.as_bytes()), None, "{other}");
        }
    }
}
