//! The code: six digits, as people read them out.

use std::fmt;

use ring::rand::{SecureRandom, SystemRandom};

use super::error::PairError;

const DIGITS: u32 = 1_000_000;

/// A code. Each may be guessed a few times only, so six digits are enough.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Code(u32);

impl Code {
    /// A new one.
    pub(crate) fn random() -> Result<Self, PairError> {
        let random = SystemRandom::new();
        loop {
            let mut bytes = [0; 4];
            random.fill(&mut bytes).map_err(|_| PairError::NoRandomness)?;
            let number = u32::from_be_bytes(bytes);
            // So that none is likelier than another.
            if number < u32::MAX - u32::MAX % DIGITS {
                return Ok(Self(number % DIGITS));
            }
        }
    }

    /// Reads what somebody typed, with whatever between the digits.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|letter| !matches!(letter, ' ' | '-' | '.')).collect();
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        digits.parse().ok().map(Self)
    }

    /// The password of the exchange.
    pub(super) fn password(&self) -> String {
        format!("{:06}", self.0)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}-{:03}", self.0 / 1_000, self.0 % 1_000)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        let code = Code::random().unwrap();
        let shown = code.to_string();
        assert_eq!(shown.len(), 7);
        for typed in [shown.clone(), shown.replace('-', ""), shown.replace('-', " ")] {
            assert_eq!(Code::read(&typed), Some(code.clone()), "{typed}");
        }
        assert_eq!(Code::read("000-001").unwrap().to_string(), "000-001");
        for wrong in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(Code::read(wrong), None, "{wrong}");
        }
    }
}
