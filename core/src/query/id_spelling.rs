//! Conditions on ids: an id is its text, however it is spelled.

use super::ast::{Filter, Test};
use super::parse_window::integer_text;
use super::scalar::Scalar;
use crate::order_of::sort_and_dedup;

impl Filter {
    /// The same filter for rows whose ids may be integers or text: where `eq`, `ne` or `in` tests `id_field`, an integer and its
    /// decimal text both pass for one another.
    #[must_use]
    pub fn with_both_id_spellings(&self, id_field: &str) -> Filter {
        match self {
            Self::And(parts) => {
                Self::And(parts.iter().map(|part| part.with_both_id_spellings(id_field)).collect())
            }
            Self::Or(parts) => {
                Self::Or(parts.iter().map(|part| part.with_both_id_spellings(id_field)).collect())
            }
            Self::Not(part) => Self::Not(Box::new(part.with_both_id_spellings(id_field))),
            Self::Field { path, test } if path.single() == Some(id_field) => {
                let field = |test| Self::Field { path: path.clone(), test };
                match test {
                    Test::Eq(scalar) => field(one_of(std::slice::from_ref(scalar))),
                    Test::Ne(scalar) => match one_of(std::slice::from_ref(scalar)) {
                        Test::Eq(scalar) => field(Test::Ne(scalar)),
                        either => Self::Not(Box::new(field(either))),
                    },
                    Test::In(scalars) => field(one_of(scalars)),
                    other => field(other.clone()),
                }
            }
            Self::Field { .. } | Self::Match(_) => self.clone(),
        }
    }
}

/// The ways in which a field may spell an id.
pub(crate) fn id_scalars(id: &str) -> Vec<Scalar> {
    let text = Scalar::Text(id.to_owned());
    let number = other_spelling(&text);
    std::iter::once(text).chain(number).collect()
}

/// Equal to one of these, in either spelling.
fn one_of(scalars: &[Scalar]) -> Test {
    let mut all: Vec<Scalar> =
        scalars.iter().cloned().chain(scalars.iter().filter_map(other_spelling)).collect();
    sort_and_dedup(&mut all);
    match <[Scalar; 1]>::try_from(all) {
        Ok([only]) => Test::Eq(only),
        Err(all) => Test::In(all),
    }
}

fn other_spelling(scalar: &Scalar) -> Option<Scalar> {
    match scalar {
        Scalar::Number(number) => integer_text(*number).map(Scalar::Text),
        Scalar::Text(text) => {
            let number = text.parse::<i64>().ok()? as f64;
            (integer_text(number).as_ref() == Some(text)).then_some(Scalar::Number(number))
        }
        Scalar::Null | Scalar::Bool(_) => None,
    }
}
