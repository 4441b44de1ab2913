//! What a mutation shows until the backend has answered.

use larder::outbox::Operation;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::error::Error;

/// A whole entity, created or replaced.
///
/// ```
/// use larder_native::upsert;
/// let create = upsert("tag", &serde_json::json!({"id": "t1", "name": "red"}))?;
/// # Ok::<(), larder_native::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotJson`].
pub fn upsert(resource_type: &str, resource: &impl Serialize) -> Result<Operation, Error> {
    let resource = json("the resource", resource)?;
    Ok(Operation::Upsert { resource_type: resource_type.to_owned(), resource })
}

/// Some fields of an entity; objects in them are merged, anything else is replaced.
///
/// ```
/// use larder_native::merge;
/// let rename = merge("file", "f1", &serde_json::json!({"name": "b.txt"}))?;
/// # Ok::<(), larder_native::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotJson`].
pub fn merge(resource_type: &str, id: &str, fields: &impl Serialize) -> Result<Operation, Error> {
    let fields = json("the fields", fields)?;
    Ok(Operation::Merge { resource_type: resource_type.to_owned(), id: id.to_owned(), fields })
}

/// An entity gone.
///
/// ```
/// let delete = larder_native::remove("tag", "t1");
/// ```
pub fn remove(resource_type: &str, id: &str) -> Operation {
    Operation::Delete { resource_type: resource_type.to_owned(), id: id.to_owned() }
}

pub(crate) fn json(what: &'static str, value: &impl Serialize) -> Result<Box<RawValue>, Error> {
    to_raw_value(value).map_err(|error| Error::NotJson { what, reason: error.to_string() })
}
