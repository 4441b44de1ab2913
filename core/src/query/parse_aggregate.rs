//! `aggregate` and `groupBy` of a query's JSON.

use super::aggregate::{Aggregate, Aggregation, Function};
use super::error::QueryError;
use super::field_path::FieldPath;
use super::parse_operand::{entries, list, text, wrong};
use super::place::Place;
use super::tree::Tree;

const FUNCTIONS: &str = "sum, avg, min, max, distinct (and the word \"count\" alone)";

pub(crate) fn aggregates(tree: Tree, place: &Place<'_>, all: &mut Aggregation) -> Result<(), QueryError> {
    for (name, tree) in entries(tree, place, "an object such as {\"n\":\"count\"}")? {
        let aggregate = aggregate(tree, &place.key(&name))?;
        all.insert(name, aggregate);
    }
    Ok(())
}

fn aggregate(tree: Tree, place: &Place<'_>) -> Result<Aggregate, QueryError> {
    let expected = "\"count\", or an object with one function such as {\"sum\":\"size\"}";
    if matches!(&tree, Tree::Text(word) if word == "count") {
        return Ok(Aggregate::count());
    }
    let found = tree.describe();
    let mut functions = entries(tree, place, expected)?.into_iter();
    let (Some((function, path)), None) = (functions.next(), functions.next()) else {
        return Err(wrong(place, expected, found));
    };
    let place = place.key(&function);
    match Function::OF_FIELDS.iter().find(|(name, _)| *name == function) {
        Some(&(_, function)) => Ok(Aggregate::of(function, &text(path, &place)?)),
        None => Err(QueryError::UnknownOperator { path: place.to_string(), known: FUNCTIONS }),
    }
}

pub(crate) fn group_by(tree: Tree, place: &Place<'_>) -> Result<Vec<FieldPath>, QueryError> {
    let fields = list(tree, place, "an array of fields")?;
    if fields.is_empty() {
        return Err(wrong(
            place,
            "an array of at least one field (leave the key out if there is none)",
            "an empty one",
        ));
    }
    let fields = fields.into_iter().enumerate();
    fields.map(|(index, tree)| Ok(FieldPath::split(&text(tree, &place.index(index))?))).collect()
}
