//! UUIDs as their sixteen bytes.

/// Reads the form with hyphens, in small or capital letters.
pub(super) fn parse(text: &[u8]) -> Option<[u8; 16]> {
    const HYPHENS: [usize; 4] = [8, 13, 18, 23];
    let text: &[u8; 36] = text.try_into().ok()?;
    if HYPHENS.iter().any(|&at| text.get(at) != Some(&b'-')) {
        return None;
    }
    let mut digits = text.iter().enumerate().filter(|(at, _)| !HYPHENS.contains(at)).map(|(_, &byte)| byte);
    let mut out = [0; 16];
    for byte in &mut out {
        *byte = digit(digits.next()?)? << 4 | digit(digits.next()?)?;
    }
    Some(out)
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
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
