//! A filter with its fields found: what a row must be to belong to a view.

use super::related::{Around, Names, Related, Way};
use super::words::Words;
use crate::json::{Kind, Span, read};
use crate::query::{
    Comparison, Filter, PathRelation, Quantifier, Scalar, Test, Value, is_child_of, is_under,
};
use crate::store::{Address, Cell, RowView};

/// A filter over the columns of one table.
pub(crate) enum Matcher {
    All(Vec<Matcher>),
    Any(Vec<Matcher>),
    Not(Box<Matcher>),
    Test { column: usize, test: Test },
    Related(Box<Related>),
    Words(Words),
}

impl Matcher {
    /// The fields by which it looks rows up.
    pub(crate) fn indexes(&self) -> Vec<&Names> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::indexes).collect(),
            Self::Not(part) => part.indexes(),
            Self::Test { .. } | Self::Words(_) => Vec::new(),
            Self::Related(related) => {
                let own = match &related.way {
                    Way::Naming(names) => Some(names),
                    Way::Named { .. } => None,
                };
                own.into_iter().chain(related.matcher.indexes()).collect()
            }
        }
    }

    /// Does the row belong?
    pub(crate) fn matches(&self, around: Around<'_>, at: Address, row: &RowView<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(around, at, row)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(around, at, row)),
            Self::Not(part) => !part.matches(around, at, row),
            Self::Test { column, test } => passes(row.cell(*column), row.bytes, test),
            Self::Related(related) => related.matches(around, at, row),
            Self::Words(words) => words.rank(row).is_some(),
        }
    }
}

/// The cell's value as orders and text tests see it.
#[inline(always)]
pub(crate) fn value_of(cell: Cell, row: &[u8]) -> Value<'_> {
    match cell.kind {
        Kind::Missing | Kind::Null => Value::Null,
        Kind::False => Value::Bool(false),
        Kind::True => Value::Bool(true),
        Kind::Number => Value::Number(cell.number()),
        Kind::Text | Kind::EscapedText => Value::Text(cell.text(row)),
        Kind::Array | Kind::Object => Value::Composite,
    }
}

fn equals(cell: Cell, row: &[u8], scalar: &Scalar) -> bool {
    match (cell.kind, scalar) {
        (Kind::Missing | Kind::Null, Scalar::Null)
        | (Kind::True, Scalar::Bool(true))
        | (Kind::False, Scalar::Bool(false)) => true,
        (Kind::Number, Scalar::Number(number)) => cell.number() == *number,
        (Kind::Text, Scalar::Text(text)) => cell.bytes(row) == text.as_bytes(),
        (Kind::EscapedText, Scalar::Text(text)) => cell.text(row) == *text,
        _ => false,
    }
}

fn passes(cell: Cell, row: &[u8], test: &Test) -> bool {
    match test {
        Test::Eq(scalar) => equals(cell, row, scalar),
        Test::Ne(scalar) => !equals(cell, row, scalar),
        Test::In(scalars) => scalars.iter().any(|scalar| equals(cell, row, scalar)),
        Test::Compare(comparison, bound) => {
            let value = value_of(cell, row);
            let order = match (&value, bound.scalar()) {
                (Value::Number(a), Scalar::Number(b)) => a.partial_cmp(b),
                (Value::Text(a), Scalar::Text(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
                _ => None,
            };
            order.is_some_and(|order| match comparison {
                Comparison::Less => order.is_lt(),
                Comparison::LessOrEqual => order.is_le(),
                Comparison::Greater => order.is_gt(),
                Comparison::GreaterOrEqual => order.is_ge(),
            })
        }
        Test::Text(text) => is_text(cell) && text.is_in(&cell.text(row)),
        Test::Path(PathRelation::Under, folder) => is_text(cell) && is_under(&cell.text(row), folder),
        Test::Path(PathRelation::ChildOf, folder) => is_text(cell) && is_child_of(&cell.text(row), folder),
        Test::Contains(scalar) => {
            elements(cell, row).any(|element| equals(Cell::new(row, element, 0), row, scalar))
        }
        Test::Elements(quantifier, filter) => {
            let mut elements = elements(cell, row);
            match quantifier {
                Quantifier::Some => elements.any(|element| element_matches(row, element, filter)),
                Quantifier::Every => elements.all(|element| element_matches(row, element, filter)),
                Quantifier::None => !elements.any(|element| element_matches(row, element, filter)),
            }
        }
    }
}

fn is_text(cell: Cell) -> bool {
    matches!(cell.kind, Kind::Text | Kind::EscapedText)
}

/// The elements of an array; none of anything else.
fn elements<'a>(cell: Cell, row: &'a [u8]) -> impl Iterator<Item = Span> + 'a {
    let array = (cell.kind == Kind::Array).then(|| read::elements(row, cell.span().start as usize));
    array.into_iter().flatten()
}

fn element_matches(row: &[u8], element: Span, filter: &Filter) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().all(|part| element_matches(row, element, part)),
        Filter::Or(parts) => parts.iter().any(|part| element_matches(row, element, part)),
        Filter::Not(part) => !element_matches(row, element, part),
        Filter::Field { path, test } => {
            passes(Cell::new(row, read::at_path(row, element, path.segments()), 0), row, test)
        }
        Filter::Match(wanted) => {
            let text = |field: usize| {
                let value = read::at_path(row, element, wanted.fields.get(field)?.segments());
                match value_of(Cell::new(row, value, 0), row) {
                    Value::Text(text) => Some(text),
                    _ => None,
                }
            };
            wanted.rank(&mut { text }).is_some()
        }
    }
}
