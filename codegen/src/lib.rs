//! Resource types that are declared in Rust, written in TypeScript and Swift.
//!
//! ```text
//! structs ──▶ specta ──▶ read ──▶ relate ──▶ typescript
//!   #[derive(Resource)]   the       ids and   swift
//!   #[derive(Type)]       graph     layouts
//! ```
//!
//! An app declares each of its resource types as one struct, and calls this crate from a build script, a small program or a
//! test:
//!
//! ```
//! use larder_codegen::{SwiftOptions, larder, schema, specta};
//! use serde::{Deserialize, Serialize};
//!
//! /// An entry of a folder.
//! #[derive(Serialize, Deserialize, specta::Type, larder::Resource)]
//! struct File {
//!     id: uuid::Uuid,
//!     name: String,
//!     /// In bytes.
//!     size: u64,
//!     #[resource(embedded)]
//!     tags: Vec<Tag>,
//! }
//!
//! /// A label.
//! #[derive(Serialize, Deserialize, specta::Type, larder::Resource)]
//! struct Tag {
//!     id: String,
//!     color: Option<String>,
//! }
//!
//! let folder = tempfile::tempdir()?;
//! let schema = schema![File, Tag]?;
//! schema.write_typescript(folder.path().join("library.ts"))?;
//! schema.write_swift(folder.path().join("Library.swift"), &SwiftOptions::new())?;
//! // In a test or on CI: are the files what the structs say?
//! schema.check_typescript(folder.path().join("library.ts"))?;
//!
//! assert!(schema.typescript()?.contains("readonly tags: readonly string[];"));
//! assert!(schema.swift(&SwiftOptions::new())?.contains("public var tagsIDs: [Tag.ID]"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A build script does so too, if the structs are in a crate of their own: a file that is right already is not touched.
//!
//! The app depends on `larder` (feature `derive`), `serde`, and `specta` with the features of the crates whose types it uses
//! (`uuid`, `chrono`, `serde_json`). This crate exports `larder` and `specta`, so that versions agree; specta is pinned to one
//! release candidate.
//!
//! # What is written
//!
//! **TypeScript**: an interface or a type for each struct and enum, all `readonly`; `Resources`, which says of each resource type
//! what a row is, what its id is and where its relations lead; `registry`, the argument of `createCache`; and the registration
//! with `@larder/client` that types queries, edits and hooks. There is one registration in a program: an app with two schemas
//! generates them for two programs, or removes one registration.
//!
//! **Swift**: a struct for each row, which conforms to `Resource`, reads packed rows and is `Codable` as the backend has it; a
//! struct or an enum for each other type; `Fields`, the names that queries speak of; and `LarderRegistry`.
//!
//! | Rust | JSON | TypeScript | Swift | packed |
//! |---|---|---|---|---|
//! | `bool` | | `boolean` | `Bool` | `bool` |
//! | `i8` `i16` `i32` `u8` `u16` | number | `number` | `Int` | `int` |
//! | `u32` | number | `number` | `Int64` | `int` |
//! | `i64` `u64` `isize` `usize` `i128` `u128` | number | `number` | `Int64` | `int` |
//! | `f32` `f64` | number | `number` | `Double` | `float` |
//! | `String` `char` paths, addresses | text | `string` | `String` | `text` |
//! | `uuid::Uuid` | text, lower case | `string` | `UUID` | `uuid` |
//! | `chrono::DateTime` `jiff::Timestamp` | RFC 3339 | `string` | `Date`, to the microsecond | `timestamp` |
//! | other dates and times | text | `string` | `String` | `text` |
//! | `serde_json::Value` | any | `unknown` | `JSONValue` | `json` |
//! | `Option<T>` | or `null` | `T \| null` | `T?` | `optional` |
//! | `serde(default)`, `skip_serializing_if` | or missing | `name?: T` | `T?` | `optional` |
//! | `Vec<T>`, sets | array | `readonly T[]` | `[T]` | `list` |
//! | `[T; 3]` | array | `readonly [T, T, T]` | `[T]` | `list` |
//! | `(A, B)`, `struct S(A, B)` | array | `readonly [A, B]` | a struct with `_0`, `_1` | `json` |
//! | maps | object | `{ readonly [key in K]: V }` | `[String: V]` | `map` |
//! | struct | object | `interface` | `struct` | `struct` |
//! | `serde(flatten)` of a struct | its fields | its fields | its fields | its fields |
//! | `struct S(T)`, `serde(transparent)` | as `T` | `type S = T` | `struct S`, `rawValue` | as `T` |
//! | enum without data | text | `"a" \| "b"` | `enum: String` | `text` |
//! | enum with data, all taggings of serde | | union | `enum` | `json` |
//! | `struct S<T>` | object | `interface S<T>` | `struct S<T>` | `json` |
//! | a struct within itself | object | `interface` | `@Indirect` | `json` |
//! | `#[resource(embedded)]` `Vec<Tag>` | ids in rows | `tags: readonly string[]` | `tagsIDs: [Tag.ID]`, `tags: [Tag]?` | `list` of ids |
//! | `#[resource(embedded)]` `Option<Tag>` | id in rows | `cover: string \| null` | `coverID: Tag.ID?`, `cover: Tag?` | `optional` id |
//! | other relations | | through `include` | `parent: File?`, `children: [File]?` | |
//!
//! - **Integers.** The cache refuses integers beyond 2^53, because the web would read another number. So 64-bit integers are
//!   numbers everywhere, without loss and without `bigint`; comments say so. An app that needs more uses text.
//! - **Numbers.** Serde writes NaN and infinities as `null`, which fits no number: a row with one is refused when it is packed.
//! - **Ids are plain.** There are no branded types in TypeScript; a newtype in Rust is an alias there and a struct in Swift.
//! - **Packed as `json`** is a value that Swift reads with a `JSONDecoder`: right, and slower. It concerns that field alone.
//! - **Missing and null** are told apart in JSON that Swift writes, and are both `nil` in Swift.
//! - **Names.** TypeScript has those of the JSON. Swift has them in camel case; enum cases are named as in Rust.
//!   `#[serde(rename = "…")]` renames a type in all languages, [`SwiftOptions::rename`] in Swift.
//! - **Enums of words** that a backend adds to later: an app that does not know a word cannot read the row. Generate first.
//! - `#[specta(type = …)]` on a field holds for TypeScript and, if it is a Rust type, a number or `unknown`, for Swift; with
//!   other TypeScript in it, Swift has `JSONValue`. Brands are left out.
//!
//! What has no counterpart is a [`CodegenError`] that names the type and field: flattened maps and enums, a single untagged
//! variant, `serde(tag)` on a struct, types without a name.

mod error;
mod schema;

mod read;
mod relate;

mod layout;
mod model;

mod swift;
mod typescript;

mod json_text;
mod letter_case;
mod output;

pub use error::CodegenError;
pub use larder;
pub use schema::{Schema, SchemaBuilder};
pub use specta;
pub use swift::SwiftOptions;
