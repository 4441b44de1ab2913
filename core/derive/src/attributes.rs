//! What `#[resource(…)]` says, word for word.

use crate::relation::{RelationKind, Reverse, Target};
use proc_macro2::Span;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Attribute, Error, LitInt, LitStr, Result, Token};

/// A merge policy; a struct takes all but `Union`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    Replace,
    Deep,
    Union,
}

/// What is said about the struct.
#[derive(Default)]
pub struct StructAttributes {
    pub name: Option<LitStr>,
    pub merge: Option<Merge>,
    /// Milliseconds.
    pub ttl_ms: Option<u64>,
    pub reverse: Vec<Reverse>,
}

/// What is said about a field.
#[derive(Default)]
pub struct FieldAttributes {
    pub id: Option<Span>,
    pub version: Option<Span>,
    pub merge: Option<(Merge, Span)>,
    pub relation: Option<(RelationKind, Target)>,
    pub relation_name: Option<LitStr>,
    pub embedded: Option<Span>,
    pub index: Vec<Index>,
}

/// What to index: the field, or what a path leads to that begins with it.
pub struct Index {
    pub path: Option<LitStr>,
    pub span: Span,
}

impl StructAttributes {
    pub fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut said = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("resource")) {
            attribute.parse_nested_meta(|meta| match key(&meta).as_str() {
                "name" => set(&mut said.name, text(&meta)?, &meta),
                "merge" => {
                    let (merge, span) = merge(&meta)?;
                    if merge == Merge::Union {
                        let message =
                            "a row is no array; write `merge = \"union\"` on the fields that are, not on the struct";
                        return Err(Error::new(span, message));
                    }
                    set(&mut said.merge, merge, &meta)
                }
                "ttl_ms" => {
                    let ttl: LitInt = meta.value()?.parse()?;
                    set(&mut said.ttl_ms, ttl.base10_parse()?, &meta)
                }
                "reverse" => {
                    said.reverse.push(Reverse::read(&meta)?);
                    Ok(())
                }
                unknown => Err(meta
                    .error(format!("`{unknown}` is no key of a struct; use `name`, `merge`, `ttl_ms` or `reverse`"))),
            })?;
        }
        Ok(said)
    }
}

impl FieldAttributes {
    pub fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut said = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("resource")) {
            attribute.parse_nested_meta(|meta| match key(&meta).as_str() {
                "id" => set(&mut said.id, meta.path.span(), &meta),
                "version" => set(&mut said.version, meta.path.span(), &meta),
                "merge" => set(&mut said.merge, merge(&meta)?, &meta),
                "one" => set(&mut said.relation, (RelationKind::One, Target::read(&meta)?), &meta),
                "many" => set(&mut said.relation, (RelationKind::Many, Target::read(&meta)?), &meta),
                "as" => set(&mut said.relation_name, text(&meta)?, &meta),
                "embedded" => set(&mut said.embedded, meta.path.span(), &meta),
                "index" => {
                    let path = meta.input.peek(Token![=]).then(|| text(&meta)).transpose()?;
                    let span = path.as_ref().map_or_else(|| meta.path.span(), LitStr::span);
                    said.index.push(Index { path, span });
                    Ok(())
                }
                unknown => Err(meta.error(format!(
                    "`{unknown}` is no key of a field; use `id`, `version`, `merge`, `one`, `many`, `as`, `embedded` or `index`"
                ))),
            })?;
        }
        Ok(said)
    }

    /// Is nothing said?
    pub fn is_empty(&self) -> bool {
        self.id.is_none()
            && self.version.is_none()
            && self.merge.is_none()
            && self.relation.is_none()
            && self.relation_name.is_none()
            && self.embedded.is_none()
            && self.index.is_empty()
    }
}

/// The key that is being read.
pub fn key(meta: &ParseNestedMeta<'_>) -> String {
    meta.path.get_ident().map_or_else(|| "a path".to_owned(), ToString::to_string)
}

/// Keeps what is said, once.
pub fn set<T>(slot: &mut Option<T>, value: T, meta: &ParseNestedMeta<'_>) -> Result<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) if matches!(key(meta).as_str(), "one" | "many") => {
            Err(meta.error("a relation is to one or to many; keep one of `one` and `many`"))
        }
        Some(_) => Err(meta.error(format!("`{}` is said twice; keep one", key(meta)))),
    }
}

/// A string that is not empty.
pub fn text(meta: &ParseNestedMeta<'_>) -> Result<LitStr> {
    let text: LitStr = meta.value()?.parse()?;
    if text.value().is_empty() {
        return Err(Error::new(text.span(), format!("`{}` is empty; give it a name", key(meta))));
    }
    Ok(text)
}

fn merge(meta: &ParseNestedMeta<'_>) -> Result<(Merge, Span)> {
    let text: LitStr = meta.value()?.parse()?;
    let merge = match text.value().as_str() {
        "replace" => Merge::Replace,
        "deep" => Merge::Deep,
        "union" => Merge::Union,
        unknown => {
            let message = format!(
                "`{unknown}` is no merge policy; use \"replace\", \"deep\" or, on a field, \"union\""
            );
            return Err(Error::new(text.span(), message));
        }
    };
    Ok((merge, text.span()))
}
