//! A sum of doubles without rounding: what is added and taken away again leaves no trace, and the order does not matter.

/// Bits of a digit.
const DIGIT: i32 = 32;
/// The exponent of the smallest double, which is that of the first digit there can be.
const LEAST: i32 = -1074;

/// A number in digits of 32 bits, each with its own sign and room to carry; the digits there are, from `first` on.
///
/// A digit is the plain sum of what each number has there, below 2^32 a number, so that it depends on the numbers alone and
/// two thousand million of them fit.
#[derive(Default)]
pub(crate) struct ExactSum {
    first: usize,
    digits: Vec<i64>,
}

impl ExactSum {
    /// Adds a finite number, or takes it away.
    pub(crate) fn add(&mut self, number: f64, is_added: bool) {
        let bits = number.to_bits();
        let exponent = (bits >> 52 & 0x7FF) as i32;
        let fraction = bits & ((1 << 52) - 1);
        // Subnormal numbers have the exponent of the smallest normal ones, and no leading bit.
        let (fraction, shift) =
            if exponent == 0 { (fraction, 0) } else { (fraction | 1 << 52, exponent - 1) };
        if fraction == 0 {
            return;
        }
        let is_negative = (bits >> 63 == 1) == is_added;
        let (index, offset) = ((shift / DIGIT) as usize, shift % DIGIT);
        let mut rest = u128::from(fraction) << offset;
        self.reach(index);
        for digit in self.digits.iter_mut().skip(index - self.first) {
            let part = rest as u32 as i64;
            *digit += if is_negative { -part } else { part };
            rest >>= DIGIT;
            if rest == 0 {
                break;
            }
        }
    }

    /// Makes room for a number that begins at this digit: it has three at most.
    fn reach(&mut self, index: usize) {
        if self.digits.is_empty() {
            self.first = index;
        }
        while index < self.first {
            self.digits.insert(0, 0);
            self.first -= 1;
        }
        let end = index + 3 - self.first;
        if self.digits.len() < end {
            self.digits.resize(end, 0);
        }
    }

    /// The double nearest to the sum; the even one of two.
    pub(crate) fn value(&self) -> f64 {
        // Carried from below, all digits but the carry at the end are without sign.
        let mut carry = 0_i64;
        let mut digits = Vec::with_capacity(self.digits.len() + 2);
        for digit in &self.digits {
            let sum = digit + carry;
            digits.push(sum as u32);
            carry = sum >> DIGIT;
        }
        digits.extend([carry as u32, (carry >> DIGIT) as u32]);
        let is_negative = carry < 0;
        if is_negative {
            let mut borrow = true;
            for digit in &mut digits {
                (*digit, borrow) = (!*digit).overflowing_add(u32::from(borrow));
            }
        }
        let Some(top) = digits.iter().rposition(|&digit| digit != 0) else { return 0.0 };
        // The three highest digits hold 65 bits at least; all below them only tell that there is more.
        let digit = |back: usize| {
            top.checked_sub(back).and_then(|at| digits.get(at)).map_or(0, |&digit| u128::from(digit))
        };
        let high = digit(0) << 64 | digit(1) << 32 | digit(2);
        let has_more = digits.iter().take(top.saturating_sub(2)).any(|&digit| digit != 0);
        let drop = 64 - high.leading_zeros();
        let is_inexact = has_more || high & ((1 << drop) - 1) != 0;
        let kept = (high >> drop) as u64 | u64::from(is_inexact);
        let exponent = (self.first + top) as i32 * DIGIT + LEAST - 64 + drop as i32;
        // In two steps, because the whole power may be out of range where the product is not.
        let value = kept as f64 * power_of_two(exponent / 2) * power_of_two(exponent - exponent / 2);
        if is_negative { -value } else { value }
    }
}

/// Within the range of normal doubles.
fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sum(numbers: &[f64]) -> f64 {
        let mut sum = ExactSum::default();
        numbers.iter().for_each(|&number| sum.add(number, true));
        sum.value()
    }

    #[test]
    fn it_is_the_nearest_double_where_plain_addition_is_not() {
        assert_eq!(sum(&[]), 0.0);
        assert_eq!(sum(&[0.1; 10]), 1.0);
        assert_eq!(sum(&[1e300, 1.0, -1e300]), 1.0);
        assert_eq!(sum(&[f64::MAX, f64::MAX, -f64::MAX]), f64::MAX);
        assert_eq!(sum(&[f64::MAX, f64::MAX]), f64::INFINITY);
        assert_eq!(sum(&[-f64::MAX, -f64::MAX]), f64::NEG_INFINITY);
        assert_eq!(sum(&[f64::from_bits(1), f64::from_bits(3)]), f64::from_bits(4));
        assert_eq!(sum(&[9_007_199_254_740_991.0; 3]), 27_021_597_764_222_973_f64);
        // Half way between two doubles the even one is nearest, and the least more tips it.
        let half = f64::EPSILON / 2.0;
        assert_eq!(sum(&[1.0, half]), 1.0);
        assert_eq!(sum(&[1.0, half, f64::from_bits(1)]), 1.0 + f64::EPSILON);
        assert_eq!(sum(&[1.0, -half, -f64::from_bits(1), half]).to_bits(), 1.0_f64.to_bits());
    }

    proptest! {
        #[test]
        fn what_is_taken_away_leaves_no_trace(
            kept in prop::collection::vec(any::<f64>().prop_filter("finite", |n| n.is_finite()), 0..12),
            gone in prop::collection::vec(any::<f64>().prop_filter("finite", |n| n.is_finite()), 0..12),
        ) {
            let mut mixed = ExactSum::default();
            gone.iter().for_each(|&number| mixed.add(number, true));
            kept.iter().rev().for_each(|&number| mixed.add(number, true));
            gone.iter().for_each(|&number| mixed.add(number, false));
            prop_assert_eq!(mixed.value().to_bits(), sum(&kept).to_bits());
        }

        #[test]
        fn a_sum_of_two_is_rounded_as_doubles_are(a in any::<f64>(), b in any::<f64>(), near in any::<bool>()) {
            let b = if near { f64::from_bits(a.to_bits() ^ (b.to_bits() >> 40)) } else { b };
            prop_assume!(a.is_finite() && b.is_finite());
            prop_assert_eq!(sum(&[a, b]), a + b);
        }

        #[test]
        fn integers_are_summed_exactly(numbers in prop::collection::vec(-(1_i64 << 53)..1 << 53, 0..200)) {
            let numbers: Vec<f64> = numbers.into_iter().map(|number| number as f64).collect();
            let exact: i128 = numbers.iter().map(|&number| number as i128).sum();
            prop_assert_eq!(sum(&numbers), exact as f64);
        }
    }
}
