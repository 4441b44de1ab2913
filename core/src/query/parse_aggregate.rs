//! `aggregate` and `groupBy` of a query's JSON.

use super::aggregate::{Aggregate, Aggregates};
use super::error::QueryError;
use super::field_path::FieldPath;
use super::parse_operand::{entries, list, text, wrong};
use super::place::Place;
use super::tree::Tree;

const FUNCTIONS: &str = "sum, avg, min, max, distinct (and the word \"count\" alone)";

pub(crate) fn aggregates(tree: Tree, place: &Place<'_>) -> Result<Aggregates, QueryError> {
    let mut all = Aggregates::new();
    for (name, tree) in entries(tree, place, "an object such as {\"n\":\"count\"}")? {
        let aggregate = aggregate(tree, &place.key(&name))?;
        all.insert(name, aggregate);
    }
    Ok(all)
}

fn aggregate(tree: Tree, place: &Place<'_>) -> Result<Aggregate, QueryError> {
    let expected = "\"count\", or an object with one function such as {\"sum\":\"size\"}";
    if matches!(&tree, Tree::Text(word) if word == "count") {
        return Ok(Aggregate::Count);
    }
    let found = tree.describe();
    let mut functions = entries(tree, place, expected)?.into_iter();
    let (Some((function, path)), None) = (functions.next(), functions.next()) else {
        return Err(wrong(place, expected, found));
    };
    let place = place.key(&function);
    let make = match function.as_str() {
        "sum" => Aggregate::Sum,
        "avg" => Aggregate::Average,
        "min" => Aggregate::Min,
        "max" => Aggregate::Max,
        "distinct" => Aggregate::Distinct,
        _ => return Err(QueryError::UnknownOperator { path: place.to_string(), known: FUNCTIONS }),
    };
    Ok(make(FieldPath::split(&text(path, &place)?)))
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
