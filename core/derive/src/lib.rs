//! `#[derive(Resource)]`: one struct declares a resource type.
//!
//! Apps use it as `larder::Resource`, with the feature `derive` of `larder`.
//!
//! ```text
//! struct ──▶ attributes ──▶ column, relation ──▶ declaration ──▶ expand
//!            what is said    checked, with        all of it       the impl
//!                            JSON names
//! ```

mod attributes;
mod serde_names;

mod embedded;
mod letter_case;
mod shape;

mod column;
mod relation;

mod declaration;

mod expand;

use declaration::Declaration;
use proc_macro::TokenStream;

/// Declares the resource type whose rows this struct is: implements `larder::Resource`.
///
/// ```
/// use larder::Resource;
/// use larder::registry::{FieldMerge, Holds};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, Resource)]
/// #[serde(rename_all = "camelCase")]
/// #[resource(reverse(children, many = File, field = "parentId"))]
/// struct File {
///     id: String,
///     #[resource(version)]
///     revision: u64,
///     #[resource(index)]
///     name: String,
///     #[resource(one = File, index)]
///     parent_id: Option<String>,
///     #[resource(many = "tag", as = "tags", merge = "union")]
///     tag_ids: Vec<String>,
///     #[resource(embedded)]
///     owner: Option<User>,
/// }
///
/// #[derive(Serialize, Deserialize, Resource)]
/// #[resource(merge = "deep", ttl_ms = 60_000)]
/// struct Tag {
///     id: String,
///     name: String,
/// }
///
/// #[derive(Serialize, Deserialize, Resource)]
/// struct User {
///     id: String,
///     name: String,
/// }
///
/// let registry = larder::registry![File, Tag, User]?;
/// let file = &registry.types()[0];
/// assert_eq!(file.name, "file");
/// assert_eq!(file.version.as_deref(), Some("revision"));
/// assert_eq!(file.fields["tagIds"], FieldMerge::Union);
/// assert_eq!(file.relations["parent"].field, "parentId");
/// assert_eq!(file.relations["children"].holds, Holds::Reverse);
/// assert_eq!(file.relations["owner"].to, "user");
/// assert_eq!(file.index, ["name", "parentId"]);
/// assert_eq!(registry.types()[1].ttl_ms, Some(60_000));
/// # Ok::<(), larder::registry::RegistryError>(())
/// ```
///
/// # On the struct
///
/// - `#[resource(name = "file")]`: the name in events and queries. Default: the struct's in snake case, so that `HTTPRoute` is
///   `http_route`.
/// - `#[resource(merge = "replace")]` or `"deep"`: what an event does to a row. Default: `replace`.
/// - `#[resource(ttl_ms = 60_000)]`: for so many milliseconds a row is good after the backend sent it. Default: for ever.
/// - `#[resource(reverse(children, many = File, field = "parent_id"))]`: a relation the other way round, as often as needed. It
///   leads to the files whose `parent_id`, under its name in JSON, holds the id of this row, or an array with it in. The row
///   itself holds nothing for it; `include` puts `children` in.
///
/// # On a field
///
/// - `#[resource(id)]`: it holds the id. Default: the field `id`.
/// - `#[resource(version)]`: an integer that grows with each change. Default: none.
/// - `#[resource(merge = "replace")]`, `"deep"` or `"union"`: a policy of its own; see `FieldMerge`.
/// - `#[resource(one = Tag)]` or `#[resource(many = Tag)]`: it holds the id, or the list of ids, of resources of the type that
///   the struct `Tag` declares. `as = "…"` names the relation; without it a field `parent_id` is the relation `parent`.
/// - `#[resource(embedded)]`: events carry whole resources here. The type of the field says which, and whether one or many:
///   `Tag`, `Option<Tag>` or `Vec<Tag>`, boxed or not. Each becomes a row of its own, and this row keeps its id: a query shows
///   the id, and with `include` of the field's name the resource. So this struct is what backends send, and what queries that
///   include the field show; queries that do not are read into a struct with ids there.
/// - `#[resource(index)]`: it is indexed as rows come in, instead of when the first query asks for it. Say it of fields that
///   queries sort or filter by from the start. `index = "meta.width"` does so for a field within this one, here `meta`, and may be
///   said several times.
///
/// # Types and names
///
/// Where a struct is named, `"tag"` in quotes names a resource type that is declared elsewhere. Fields have the names that serde
/// writes: `#[serde(rename)]` and `#[serde(rename_all)]` count, and where they tell serialization from deserialization, the
/// former. Names of relations that are taken from the code follow `rename_all` too; what is in quotes is taken as it is.
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

/// What is embedded must be a resource.
///
/// ```compile_fail,E0277
/// use larder::Resource;
///
/// struct User {
///     id: String,
/// }
///
/// #[derive(Resource)]
/// struct File {
///     id: String,
///     #[resource(embedded)]
///     owner: Option<User>,
/// }
/// ```
#[cfg(doctest)]
struct Embedding;
