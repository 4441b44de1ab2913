//! Decimal numbers as doubles, each the nearest there is.
//!
//! The standard library does it with a table of ten kilobytes, which no browser can load compressed. Numbers that people write
//! need none; the rest is worked out digit by digit, after "Simple Decimal Conversion" by Nigel Tao.

/// Digits that can make a difference, one for rounding included: no two neighbouring doubles need more to be told apart.
const MOST_DIGITS: usize = 800;
/// How far a number with one digit before the point is shifted at a time, so that the sum of a digit fits into 64 bits.
const STEP: u32 = 59;
/// Bits of a double's fraction, the hidden one included.
const PRECISION: i32 = 53;
/// The exponent of the smallest normal double, as a fraction from a half to one.
const LEAST_EXPONENT: i32 = -1021;
/// Doubles count in integers and powers of ten up to these without rounding.
const EXACT_INTEGER: u64 = 1 << PRECISION;
const EXACT_POWER: i32 = 22;

/// The value of a number in the grammar of JSON; infinite if it is too large.
pub(crate) fn parse(number: &[u8]) -> f64 {
    let (is_negative, number) = match number.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, number),
    };
    let value = short(number).unwrap_or_else(|| Decimal::read(number).nearest_double());
    if is_negative { -value } else { value }
}

/// The parts of a number: its digits without the point, and the power of ten of the last of them.
fn parts(number: &[u8]) -> (impl Iterator<Item = u8>, i32) {
    let end = number.iter().position(|byte| byte | 0x20 == b'e').unwrap_or(number.len());
    let (written, exponent) = number.split_at(end);
    let point = written.iter().position(|&byte| byte == b'.');
    let decimals = point.map_or(0, |point| written.len() - point - 1);
    let is_small = exponent.get(1) == Some(&b'-');
    // An exponent beyond all bounds is as good as any that is.
    let size = exponent.iter().filter(|byte| byte.is_ascii_digit()).fold(0_i32, |size, digit| {
        size.saturating_mul(10).saturating_add(i32::from(digit - b'0')).min(i32::MAX / 2)
    });
    let power = if is_small { -size } else { size };
    let digits = written.iter().filter(|&&byte| byte != b'.').map(|digit| digit - b'0');
    (digits, power.saturating_sub(i32::try_from(decimals).unwrap_or(i32::MAX / 2)))
}

/// The value, when one multiplication or division of exact numbers makes it.
fn short(number: &[u8]) -> Option<f64> {
    let (mut digits, power) = parts(number);
    let integer = digits.try_fold(0_u64, |value, digit| {
        Some(value * 10 + u64::from(digit)).filter(|&value| value <= EXACT_INTEGER)
    })?;
    if power.abs() > EXACT_POWER {
        return None;
    }
    let scale = (0..power.abs()).fold(1.0, |scale, _| scale * 10.0);
    Some(if power < 0 { integer as f64 / scale } else { integer as f64 * scale })
}

/// A number `0.digits × 10^point`, which can be halved and doubled.
struct Decimal {
    /// Without zeros on either end.
    digits: Vec<u8>,
    point: i32,
}

impl Decimal {
    fn read(number: &[u8]) -> Self {
        let (digits, power) = parts(number);
        let digits: Vec<u8> = digits.skip_while(|&digit| digit == 0).collect();
        let point = power.saturating_add(i32::try_from(digits.len()).unwrap_or(i32::MAX));
        Self { digits, point }.shortened()
    }

    /// Without zeros at the end. Of digits that are too many only matters whether they are more than nothing.
    fn shortened(mut self) -> Self {
        if self.digits.len() > MOST_DIGITS {
            let has_more = self.digits.drain(MOST_DIGITS..).any(|digit| digit != 0);
            self.digits.extend(has_more.then_some(1));
        }
        let used = self.digits.iter().rposition(|&digit| digit != 0).map_or(0, |last| last + 1);
        self.digits.truncate(used);
        self
    }

    /// Divides by 2^`bits`.
    fn halved(mut self, bits: u32) -> Self {
        let mut digits = Vec::with_capacity(self.digits.len() + bits as usize);
        let mut rest = 0_u64;
        let mut given = self.digits.iter();
        loop {
            let digit = given.next();
            if digit.is_none() && rest == 0 {
                break;
            }
            let sum = rest * 10 + u64::from(digit.copied().unwrap_or(0));
            rest = sum & ((1 << bits) - 1);
            let quotient = (sum >> bits) as u8;
            if digits.is_empty() && quotient == 0 {
                self.point -= 1;
            } else {
                digits.push(quotient);
            }
        }
        self.digits = digits;
        self.shortened()
    }

    /// Multiplies by 2^`bits`.
    fn doubled(mut self, bits: u32) -> Self {
        let mut carry = 0_u64;
        for digit in self.digits.iter_mut().rev() {
            carry += u64::from(*digit) << bits;
            *digit = (carry % 10) as u8;
            carry /= 10;
        }
        let mut front = Vec::new();
        while carry > 0 {
            front.push((carry % 10) as u8);
            carry /= 10;
        }
        self.point += front.len() as i32;
        front.reverse();
        self.digits.splice(0..0, front);
        self.shortened()
    }

    /// Of two doubles as near, the even one.
    fn nearest_double(mut self) -> f64 {
        // The largest double has 309 digits before the point, the smallest 323 zeros after it.
        if self.digits.is_empty() || self.point < -330 {
            return 0.0;
        }
        if self.point > 310 {
            return f64::INFINITY;
        }
        // To a fraction from a half to one, and a power of two.
        let mut exponent = 0;
        while self.point > 0 {
            // Three bits are less than a digit, so that a number of one digit does not become too small.
            let bits = (self.point as u32 * 3).min(STEP);
            (self, exponent) = (self.halved(bits), exponent + bits as i32);
        }
        while self.point < 0 || self.digits.first().is_some_and(|&digit| digit < 5) {
            let bits = (self.point.unsigned_abs() * 3).clamp(1, STEP);
            (self, exponent) = (self.doubled(bits), exponent - bits as i32);
        }
        // Subnormal doubles have fewer bits.
        let precision = PRECISION - (LEAST_EXPONENT - exponent).clamp(0, PRECISION + 1);
        if precision < 0 {
            return 0.0;
        }
        let fraction = self.doubled(precision as u32).rounded();
        let mut bits = fraction;
        if exponent >= LEAST_EXPONENT {
            // The hidden bit adds one to the exponent field, and so does a fraction that was rounded up to the next power.
            bits += ((exponent - LEAST_EXPONENT) as u64) << (PRECISION - 1);
        }
        f64::from_bits(bits.min(f64::INFINITY.to_bits()))
    }

    /// The nearest integer; of two as near, the even one.
    fn rounded(&self) -> u64 {
        // A point further left makes it less than a tenth.
        let Ok(before) = usize::try_from(self.point) else { return 0 };
        let digit = |at: usize| u64::from(self.digits.get(at).copied().unwrap_or(0));
        let integer = (0..before).fold(0_u64, |integer, at| integer * 10 + digit(at));
        let is_half = digit(before) == 5 && self.digits.len() == before + 1;
        let is_up = if is_half { integer & 1 == 1 } else { digit(before) >= 5 };
        integer + u64::from(is_up)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str) -> Result<(), TestCaseError> {
        let expected: f64 = text.parse().unwrap();
        prop_assert_eq!(parse(text.as_bytes()).to_bits(), expected.to_bits(), "{}", text);
        Ok(())
    }

    #[test]
    fn numbers_on_the_edges_are_the_nearest_doubles() {
        let halfway_of_least = "2.4703282292062327208e-324";
        for text in [
            "0",
            "-0",
            "0.0",
            "0e999",
            "-0.0e-5",
            "1",
            "-1.5",
            "0.1",
            "123456789012345678",
            "9007199254740993",
            "9007199254740992",
            "9007199254740993.00000000000000000000000000000001",
            "1e22",
            "1e23",
            "8.5e22",
            "1e-22",
            "1e-23",
            "5e-324",
            "4e-324",
            "2e-324",
            "3e-324",
            halfway_of_least,
            "1e-400",
            "1e400",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "2.2250738585072014e-308",
            "2.2250738585072011e-308",
            "2.225073858507201e-308",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "0.000000000000000000000000000000000000001",
            "4.35",
            "7.2057594037927933e16",
        ] {
            check(text).unwrap();
        }
        check(&format!("{:.1080}", f64::from_bits(1))).unwrap();
        check(&format!("0.{}1", "0".repeat(2000))).unwrap();
        check(&format!("9007199254740993.{}1", "0".repeat(2000))).unwrap();
        check(&"9".repeat(400)).unwrap();
        check(&"123456789".repeat(34)).unwrap();
    }

    proptest! {
        #[test]
        fn every_double_is_read_as_it_was_printed(bits: u64) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            for text in [format!("{value}"), format!("{value:e}"), format!("{value:.20e}"), format!("{value:.3e}")] {
                check(&text)?;
            }
        }

        #[test]
        fn numbers_halfway_between_two_doubles_and_beside_are_the_nearest_doubles(
            below in EXACT_INTEGER / 2..EXACT_INTEGER, shift in 0_u32..70, decimals in 0_usize..300,
        ) {
            let halfway: u128 = (u128::from(below) * 2 + 1) << shift;
            for number in [halfway - 1, halfway, halfway + 1] {
                check(&number.to_string())?;
                check(&format!("{number}e-{decimals}"))?;
            }
            check(&format!("{halfway}.{:01$}1", 0, decimals))?;
        }

        #[test]
        fn any_written_number_is_the_nearest_double(text in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,60})?([eE][+-]?[0-9]{1,3})?") {
            check(&text)?;
        }
    }
}
