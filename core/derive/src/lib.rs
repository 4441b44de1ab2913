//! `#[derive(Resource)]`: one struct declares a resource type.
//!
//! Apps use it as `larder::Resource`, with the feature `derive` of `larder`.
//!
//! ```text
//! struct ──▶ attributes ──▶ declaration ──▶ expand
//!            what is said    checked, with   the impl
//!                            JSON names
//! ```

mod attributes;
mod serde_names;

mod letter_case;
mod shape;

mod declaration;

mod expand;

use declaration::Declaration;
use proc_macro::TokenStream;

/// Declares the resource type whose rows this struct is: implements `larder::Resource`.
///
/// ```
/// use larder::Resource;
/// use larder::registry::{FieldMerge, ResourceType};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, Resource)]
/// #[serde(rename_all = "camelCase")]
/// struct File {
///     id: String,
///     #[resource(version)]
///     revision: u64,
///     name: String,
///     #[resource(one = "file")]
///     parent_id: Option<String>,
///     #[resource(many = "tag", as = "tags", merge = "union")]
///     tag_ids: Vec<String>,
/// }
///
/// #[derive(Serialize, Deserialize, Resource)]
/// #[resource(merge = "deep")]
/// struct Tag {
///     id: String,
///     name: String,
/// }
///
/// let registry = larder::registry![File, Tag]?;
/// let file = &registry.types()[0];
/// assert_eq!(file.name, "file");
/// assert_eq!(file.version.as_deref(), Some("revision"));
/// assert_eq!(file.fields["tagIds"], FieldMerge::Union);
/// assert_eq!(file.relations["parent"].field, "parentId");
/// # Ok::<(), larder::registry::RegistryError>(())
/// ```
///
/// On the struct:
///
/// - `#[resource(name = "file")]`: the name in events and queries. Default: the struct's in snake case, so that `HTTPRoute` is
///   `http_route`.
/// - `#[resource(merge = "replace")]` or `"deep"`: what an event does to a row. Default: `replace`.
///
/// On a field:
///
/// - `#[resource(id)]`: it holds the id. Default: the field `id`.
/// - `#[resource(version)]`: an integer that grows with each change. Default: none.
/// - `#[resource(merge = "replace")]`, `"deep"` or `"union"`: a policy of its own; see `FieldMerge`.
/// - `#[resource(one = "tag")]` or `#[resource(many = "tag")]`: it holds the id, or the list of ids, of resources of the type
///   `tag`. `as = "…"` names the relation; without it a field `parent_id` is the relation `parent`.
///
/// Fields have the names that serde writes: `#[serde(rename)]` and `#[serde(rename_all)]` count, and where they tell
/// serialization from deserialization, the former.
///
/// Only structs with named fields and without parameters are rows; anything else is an error at compile time that names the
/// field and what to do.
#[proc_macro_derive(Resource, attributes(resource))]
pub fn derive_resource(input: TokenStream) -> TokenStream {
    let declaration = syn::parse(input).and_then(|input| Declaration::read(&input));
    declaration
        .map_or_else(|error| error.into_compile_error(), |declaration| expand::expand(&declaration))
        .into()
}
