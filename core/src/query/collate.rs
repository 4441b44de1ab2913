//! Natural order: as people sort names. Without case, and numbers in the text by their value.

use std::cmp::Ordering;

/// Compares as people sort names: char by char in lowercase (`char::to_lowercase`), and runs of ASCII digits by their
/// value, however long they are and with however many leading zeros. A run of digits goes where its digits would go among
/// other chars. Texts that differ in nothing else, such as `a1` and `A01`, are equal.
pub fn natural_cmp(a: &str, b: &str) -> Ordering {
    let (left, right) = (a.as_bytes(), b.as_bytes());
    let (mut i, mut j) = (0, 0);
    loop {
        let (Some(&x), Some(&y)) = (left.get(i), right.get(j)) else {
            return (left.len() - i).cmp(&(right.len() - j));
        };
        if !x.is_ascii() || !y.is_ascii() {
            // Both places begin a char: all bytes before them are ASCII.
            return Tokens::new(a.get(i..).unwrap_or_default())
                .cmp(Tokens::new(b.get(j..).unwrap_or_default()));
        }
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let (run_a, run_b) = (digit_run(left, i), digit_run(right, j));
            match run_a.number(left).cmp(&run_b.number(right)) {
                Ordering::Equal => (i, j) = (run_a.end, run_b.end),
                unequal => return unequal,
            }
        } else {
            match x.to_ascii_lowercase().cmp(&y.to_ascii_lowercase()) {
                Ordering::Equal => (i, j) = (i + 1, j + 1),
                unequal => return unequal,
            }
        }
    }
}

/// A run of digits in a text.
pub(crate) struct DigitRun {
    /// Where the digits that count begin.
    significant: usize,
    pub(crate) end: usize,
}

impl DigitRun {
    pub(crate) fn number<'a>(&self, text: &'a [u8]) -> Number<'a> {
        let digits = text.get(self.significant..self.end).unwrap_or_default();
        Number { length: digits.len(), digits }
    }
}

pub(crate) fn digit_run(text: &[u8], start: usize) -> DigitRun {
    let rest = text.get(start..).unwrap_or_default();
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let zeros = rest.iter().take_while(|&&byte| byte == b'0').count();
    DigitRun { significant: start + zeros, end: start + length }
}

/// A number by its digits without leading zeros: the longer is the larger, and of the same length the order of digits decides.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Number<'a> {
    length: usize,
    pub(crate) digits: &'a [u8],
}

/// What natural order compares, one after the other.
#[derive(PartialEq, Eq)]
enum Token<'a> {
    Number(Number<'a>),
    /// A lowercased char, never an ASCII digit.
    Char(char),
}

impl Ord for Token<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::Char(a), Self::Char(b)) => a.cmp(b),
            (Self::Number(_), Self::Char(b)) => '0'.cmp(b),
            (Self::Char(a), Self::Number(_)) => a.cmp(&'0'),
        }
    }
}

impl PartialOrd for Token<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The tokens of a text.
struct Tokens<'a> {
    rest: &'a str,
    /// One char may be several in lowercase.
    lowercase: Option<std::char::ToLowercase>,
}

impl<'a> Tokens<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text, lowercase: None }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(char) = self.lowercase.as_mut().and_then(Iterator::next) {
            return Some(Token::Char(char));
        }
        let char = self.rest.chars().next()?;
        if char.is_ascii_digit() {
            let run = digit_run(self.rest.as_bytes(), 0);
            let number = run.number(self.rest.as_bytes());
            self.rest = self.rest.get(run.end..).unwrap_or_default();
            return Some(Token::Number(number));
        }
        self.rest = self.rest.get(char.len_utf8()..).unwrap_or_default();
        let mut lowercase = char.to_lowercase();
        let first = lowercase.next();
        self.lowercase = Some(lowercase);
        first.map(Token::Char)
    }
}
