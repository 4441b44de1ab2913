//! `#[derive(Syncable)]`: a SeaORM model declares how its rows go to the other devices of a library.
//!
//! For the models of `larder-engine`, whose module `crate::sync` the code it makes refers to.
//!
//! ```text
//! model ──▶ attributes ──▶ declaration ──▶ expand
//!           what is said   checked         the impl
//! ```

mod attributes;
mod declaration;
mod expand;

use declaration::Declaration;
use proc_macro::TokenStream;

/// Makes the rows of a SeaORM model sync: implements `crate::sync::Syncable`.
///
/// ```ignore
/// #[derive(Clone, Debug, DeriveEntityModel, Syncable)]
/// #[sea_orm(table_name = "notes")]
/// #[sync(name = "note", strategy = "shared", domain = "user_metadata", shows = "file", by = file_id)]
/// pub struct Model {
///     #[sea_orm(primary_key, auto_increment = false)]
///     pub id: Uuid,
///     #[sync(depends_on = "file")]
///     pub file_id: Uuid,
///     pub text: String,
///     #[sync(exclude)]
///     pub height_on_screen: Option<i64>,
///     #[sync(version)]
///     pub version: i64,
/// }
/// ```
///
/// # On the struct
///
/// - `name = "note"`: what the model is called between devices. Never changes.
/// - `strategy = "device_owned"`: only one device ever writes a row, and its newest state goes to the others; or `"shared"`: all
///   devices write, and every change goes to the others.
/// - `merge = "fields"`, for shared models: the last write of each field counts, so that two people can change different fields.
/// - `merge_with = path`, for shared models: `fn(older: &Payload, newer: &Payload) -> Payload` makes one row of two. It must not matter in
///   which order rows are merged, and how often: otherwise devices end up with different rows.
/// - `merge = "union"`, for shared models whose rows are links that are there or not: a removal takes away what it saw and
///   nothing else. Default: the last write wins.
/// - `should_sync = path`, for rows that a device owns: `fn(&Model) -> bool` says which of them go. One that does not any more is gone on
///   the others.
/// - `priority = 10`: among models of the same domain that do not depend on each other, smaller numbers are sent first. Default: 50.
/// - `domain = "index"` or `"user_metadata"`: what the rows tell about. Of models that do not depend on each other, those of the index
///   are sent first.
/// - `shows = "file", by = file_id`: when a row changes, clients are sent the resource `file` whose id is in `file_id`.
///
/// # On a field
///
/// - `depends_on = "file"`: it holds the id of a row of that model, and a row cannot be without it: it comes after it, and goes
///   with it.
/// - `refers_to = "file"`: it holds such an id or nothing, and the row may come before what it refers to. So it may close a cycle. It must
///   be an `Option`, and the table must have no foreign key for it.
/// - `include`: it goes, and of those fields that say nothing here, only such. Without any, all go.
/// - `exclude`: it stays on its device. In rows from other devices it has its default.
/// - `version`: stays on its device too, where it is 1 in a new row and grows by one with each change from another device.
/// - `added`, for links: holds when the link was made, as a number that is the same on all devices and grows with time.
///
/// The fields of the primary key are the id of a row between devices; parts of a key are joined by `/`. A row that a device owns has a key of
/// one field, and no field that is an `Option<bool>`: it goes as the values that SQLite has, where a `bool` is a number.
#[proc_macro_derive(Syncable, attributes(sync))]
pub fn derive_syncable(input: TokenStream) -> TokenStream {
    let declaration = syn::parse(input).and_then(|input| Declaration::read(&input));
    declaration
        .map_or_else(|error| error.into_compile_error(), |declaration| expand::expand(&declaration))
        .into()
}
