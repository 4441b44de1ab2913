//! Reads mutations from JSON.

use super::{Mutation, MutationError, Operation};
use crate::json::Kind;
use crate::wire::fields::Fields;

/// Keys that a mutation may have.
const KEYS: &str = "id, name, args, coalesce, optimistic";

impl Mutation {
    /// Reads a mutation from its JSON.
    ///
    /// ```
    /// use larder::outbox::Mutation;
    /// let error = Mutation::parse(r#"{"id": "m1"}"#).unwrap_err();
    /// assert_eq!(error.kind(), "mutation.malformed");
    /// ```
    ///
    /// # Errors
    /// [`MutationError::Malformed`] that names the key.
    pub fn parse(json: &str) -> Result<Self, MutationError> {
        read(json).map_err(|message| MutationError::Malformed { message })
    }
}

fn read(json: &str) -> Result<Mutation, String> {
    let mutation = Fields::parse_object(json)?;
    let ([id, name, args, coalesce, optimistic], has_others) =
        mutation.each(["id", "name", "args", "coalesce", "optimistic"]);
    if has_others {
        mutation.only(KEYS)?;
    }
    let coalesce = match coalesce.kind {
        Kind::Missing | Kind::Null => None,
        _ => Some(mutation.text_at("coalesce", coalesce)?),
    };
    let optimistic = mutation.list_at("optimistic", optimistic)?;
    let optimistic = optimistic.into_iter().map(operation).collect::<Result<_, _>>()?;
    let (id, name) = (mutation.text_at("id", id)?, mutation.text_at("name", name)?);
    Ok(Mutation { id, name, args: mutation.raw_at(args), coalesce, optimistic })
}

fn operation(operation: Fields<'_>) -> Result<Operation, String> {
    let ([kind, data], _) = operation.each(["type", "data"]);
    let data = operation.at("data", data);
    let ([resource_type, id, resource, fields], _) = data.each(["resource_type", "id", "resource", "fields"]);
    let resource_type = data.text_at("resource_type", resource_type)?;
    match operation.text_at("type", kind)?.as_str() {
        "upsert" => Ok(Operation::Upsert { resource_type, resource: data.raw_at(resource) }),
        "merge" => {
            let id = data.text_at("id", id)?;
            Ok(Operation::Merge { resource_type, id, fields: data.raw_at(fields) })
        }
        "delete" => Ok(Operation::Delete { resource_type, id: data.text_at("id", id)? }),
        other => Err(format!("there is no operation `{other}`; there are upsert, merge, delete")),
    }
}
