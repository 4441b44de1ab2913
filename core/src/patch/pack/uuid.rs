//! UUIDs as their sixteen bytes.

/// The value of each digit; what is none has a high bit.
const DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        digits[b"0123456789abcdef"[value] as usize] = value as u8;
        digits[b"0123456789ABCDEF"[value] as usize] = value as u8;
        value += 1;
    }
    digits
};
const NO_DIGIT: u8 = 0x80;

/// Where the digits of each half's bytes are.
const PLACES: [[usize; 8]; 2] = [[0, 2, 4, 6, 9, 11, 14, 16], [19, 21, 24, 26, 28, 30, 32, 34]];

/// Reads the form with hyphens, in small or capital letters.
pub(super) fn parse(text: &[u8]) -> Option<[u8; 16]> {
    let text: &[u8; 36] = text.try_into().ok()?;
    let mut seen = 0;
    let halves = PLACES.map(|places| {
        places.iter().fold(0_u64, |half, &at| {
            let (high, low) = (DIGITS[text[at] as usize], DIGITS[text[at + 1] as usize]);
            seen |= high | low;
            half << 8 | u64::from(high << 4 | low)
        })
    });
    let hyphens = [text[8], text[13], text[18], text[23]];
    let uuid = u128::from(halves[0]) << 64 | u128::from(halves[1]);
    (seen & NO_DIGIT == 0 && hyphens == *b"----").then(|| uuid.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_form_with_hyphens_is_read_and_no_other() {
        let expected = Some(0x0190c0de_0000_7000_8000_0123456789ab_u128.to_be_bytes());
        assert_eq!(parse(b"0190c0de-0000-7000-8000-0123456789ab"), expected);
        assert_eq!(parse(b"0190C0DE-0000-7000-8000-0123456789AB"), expected);
        for other in [
            "0190c0de000070008000012345678 9ab",
            "0190c0de00007000800001234567890ab",
            "0190c0de-0000-7000-8000-0123456789a",
            "0190c0de-0000-7000-8000-0123456789ag",
            "0190c0de-00007-000-8000-0123456789ab",
            "{190c0de-0000-7000-8000-0123456789a}",
            "",
        ] {
            assert_eq!(parse(other.as_bytes()), None, "{other}");
        }
    }
}
