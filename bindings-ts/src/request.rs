//! The small requests that come in as JSON.

use larder::outbox::{Mutation, MutationError, Request};
use larder::persist::{StorageError, StorageErrorKind};
use larder::registry::RegistrySpec;
use larder::remote::Invalidation;
use larder::{Config, Error, Input, QueryId, Registry};

/// Reads what a cache is set up with: the registry and, on the line after it, the configuration.
pub fn setup(text: &Input<'_>) -> Result<(Registry, Config), Error> {
    let (registry, config) = as_text(text)?.split_once('\n').unwrap_or_default();
    Ok((Registry::from_spec(RegistrySpec::parse(registry)?)?, Config::parse(config)?))
}

/// Reads what settles a mutation or asks a question.
pub fn read(text: &Input<'_>) -> Result<Request, Error> {
    Ok(Request::parse(as_text(text)?)?)
}

/// Reads a mutation.
pub fn read_mutation(text: &Input<'_>) -> Result<Mutation, Error> {
    Ok(Mutation::parse(as_text(text)?)?)
}

/// Reads the type and the id of an entity, one a line.
pub fn entity<'i>(text: &'i Input<'_>) -> Result<(&'i str, &'i str), Error> {
    let text = as_text(text)?;
    Ok(text.split_once('\n').unwrap_or((text, "")))
}

/// Reads the number of a query; what is none is the number of no query.
pub fn read_number(text: &Input<'_>) -> QueryId {
    let number = as_text(text).ok().and_then(|text| text.parse().ok());
    QueryId::from(number.unwrap_or(u32::MAX))
}

/// Reads what is stale.
pub fn read_invalidation(text: &Input<'_>) -> Result<Invalidation, Error> {
    Invalidation::parse(as_text(text)?)
}

/// What was written, as text.
pub fn as_text<'t>(text: &'t Input<'_>) -> Result<&'t str, Error> {
    str::from_utf8(text.as_bytes()).map_err(malformed)
}

/// Reads an error of the storage: its kind, and its message on the lines after it.
pub fn storage_error(text: &Input<'_>) -> Result<StorageError, Error> {
    let (kind, message) = as_text(text)?.split_once('\n').unwrap_or_default();
    Ok(StorageError::new(StorageErrorKind::from_name(kind), message))
}

fn malformed(error: impl ToString) -> Error {
    MutationError::Malformed { message: error.to_string() }.into()
}
