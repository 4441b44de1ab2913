//! `after`, `offset` and `limit` of a query's JSON, alone or among its other keys.

use super::error::QueryError;
use super::parse_operand::{count, entries, list, text, wrong};
use super::place::Place;
use super::tree::{MAX_SAFE_INTEGER, Tree};
use super::value::Value;
use super::window::{Cursor, Window};
use std::borrow::Cow;

/// A window while its keys are read.
#[derive(Default)]
pub(crate) struct WindowKeys {
    window: Window,
}

impl WindowKeys {
    /// Takes one key; `known` names all keys of this object.
    pub(crate) fn read(
        &mut self,
        key: &str,
        value: Tree,
        place: &Place<'_>,
        known: &'static str,
    ) -> Result<(), QueryError> {
        match key {
            "limit" => self.window.limit = Some(count(value, place)?),
            "offset" => self.window.offset = count(value, place)?,
            "after" => self.window.after = Some(cursor(value, place)?),
            _ => return Err(QueryError::UnknownKey { path: place.to_string(), known }),
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Window {
        self.window
    }
}

pub(crate) fn window(tree: Tree) -> Result<Window, QueryError> {
    let root = Place::ROOT;
    let mut keys = WindowKeys::default();
    for (key, value) in entries(tree, &root, "an object such as {\"limit\":100}")? {
        keys.read(&key, value, &root.key(&key), "limit, offset, after")?;
    }
    Ok(keys.finish())
}

fn cursor(tree: Tree, place: &Place<'_>) -> Result<Cursor, QueryError> {
    let (mut values, mut id) = (None, None);
    for (key, value) in entries(
        tree,
        place,
        "an object such as {\"values\":[…],\"id\":\"…\"} (leave the key out if there is none)",
    )? {
        let place = place.key(&key);
        match key.as_str() {
            "values" => {
                let list = list(value, &place, "an array with one value for each key of `orderBy`")?;
                values = Some(list.into_iter().map(order_value).collect());
            }
            "id" => id = Some(id_text(value, &place)?),
            _ => return Err(QueryError::UnknownKey { path: place.to_string(), known: "values, id" }),
        }
    }
    let missing = |key, remedy| QueryError::Missing { path: place.key(key).to_string(), remedy };
    Ok(Cursor {
        values: values
            .ok_or_else(|| missing("values", "give one value for each key of `orderBy`, [] without keys"))?,
        id: id.ok_or_else(|| missing("id", "give the id of the row to start after"))?,
    })
}

/// Any value may be at the place of an order key; arrays and objects are all one to the order.
fn order_value(tree: Tree) -> Value<'static> {
    match tree {
        Tree::Null => Value::Null,
        Tree::Bool(value) => Value::Bool(value),
        Tree::Number(value) => Value::Number(value),
        Tree::Text(text) => Value::Text(Cow::Owned(text)),
        Tree::List(_) | Tree::Object(_) => Value::Composite,
    }
}

/// An id is text; an integer is the same as its decimal text.
fn id_text(tree: Tree, place: &Place<'_>) -> Result<String, QueryError> {
    match tree {
        Tree::Number(value) => integer_text(value)
            .ok_or_else(|| wrong(place, "a string or an integer up to 2^53", "another number")),
        Tree::Text(_) => text(tree, place),
        other => Err(wrong(place, "a string or an integer", other.describe())),
    }
}

/// The decimal text of an integer that a double holds exactly.
pub(crate) fn integer_text(value: f64) -> Option<String> {
    (value.fract() == 0.0 && value.abs() <= MAX_SAFE_INTEGER).then(|| (value as i64).to_string())
}
