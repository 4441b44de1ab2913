//! Reads mutations from JSON.

use super::{Mutation, MutationError, Operation};
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
    let mutation = Fields::parse(json)?;
    mutation.only(KEYS)?;
    let optimistic = mutation.list("optimistic")?.into_iter().map(operation).collect::<Result<_, _>>()?;
    Ok(Mutation {
        id: mutation.text("id")?,
        name: mutation.text("name")?,
        args: mutation.raw("args"),
        coalesce: if mutation.is_null("coalesce") { None } else { mutation.text_if_given("coalesce")? },
        optimistic,
    })
}

fn operation(operation: Fields<'_>) -> Result<Operation, String> {
    let data = operation.inner("data");
    let resource_type = data.text("resource_type")?;
    match operation.text("type")?.as_str() {
        "upsert" => Ok(Operation::Upsert { resource_type, resource: data.raw("resource") }),
        "merge" => Ok(Operation::Merge { resource_type, id: data.text("id")?, fields: data.raw("fields") }),
        "delete" => Ok(Operation::Delete { resource_type, id: data.text("id")? }),
        other => Err(format!("there is no operation `{other}`; there are upsert, merge, delete")),
    }
}
