//! What `#[sync(…)]` says, word for word, and which fields `#[sea_orm(…)]` makes the key.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, Error, Ident, LitInt, LitStr, Path, Result, Token};

/// What is said about the struct.
#[derive(Default)]
pub struct StructAttributes {
    pub name: Option<LitStr>,
    pub strategy: Option<LitStr>,
    pub merge: Option<LitStr>,
    pub merge_with: Option<Path>,
    pub should_sync: Option<Path>,
    pub priority: Option<LitInt>,
    pub domain: Option<LitStr>,
    pub shows: Option<LitStr>,
    pub by: Option<Ident>,
}

/// What is said about a field.
#[derive(Default)]
pub struct FieldAttributes {
    pub key: bool,
    pub depends_on: Option<LitStr>,
    pub refers_to: Option<LitStr>,
    pub exclude: bool,
    pub include: bool,
    pub version: bool,
    pub added: bool,
}

impl StructAttributes {
    pub fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut said = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("sync")) {
            attribute.parse_nested_meta(|meta| match key(&meta).as_str() {
                "name" => set(&mut said.name, meta.value()?.parse()?, &meta),
                "strategy" => set(&mut said.strategy, meta.value()?.parse()?, &meta),
                "merge" => set(&mut said.merge, meta.value()?.parse()?, &meta),
                "merge_with" => set(&mut said.merge_with, meta.value()?.parse()?, &meta),
                "should_sync" => set(&mut said.should_sync, meta.value()?.parse()?, &meta),
                "priority" => set(&mut said.priority, meta.value()?.parse()?, &meta),
                "domain" => set(&mut said.domain, meta.value()?.parse()?, &meta),
                "shows" => set(&mut said.shows, meta.value()?.parse()?, &meta),
                "by" => set(&mut said.by, meta.value()?.parse()?, &meta),
                unknown => Err(meta.error(format!(
                    "`{unknown}` is no key of a struct; use `name`, `strategy`, `merge`, `merge_with`, `should_sync`, `domain`, `priority`, `shows` or `by`"
                ))),
            })?;
        }
        Ok(said)
    }
}

impl FieldAttributes {
    pub fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut said = Self { key: is_key(attributes)?, ..Self::default() };
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("sync")) {
            attribute.parse_nested_meta(|meta| match key(&meta).as_str() {
                "depends_on" => set(&mut said.depends_on, meta.value()?.parse()?, &meta),
                "refers_to" => set(&mut said.refers_to, meta.value()?.parse()?, &meta),
                "exclude" => {
                    said.exclude = true;
                    Ok(())
                }
                "include" => {
                    said.include = true;
                    Ok(())
                }
                "version" => {
                    said.version = true;
                    Ok(())
                }
                "added" => {
                    said.added = true;
                    Ok(())
                }
                unknown => Err(meta.error(format!(
                    "`{unknown}` is no key of a field; use `depends_on`, `refers_to`, `include`, `exclude`, `version` or `added`"
                ))),
            })?;
        }
        Ok(said)
    }
}

/// Whether SeaORM makes the field part of the primary key.
fn is_key(attributes: &[Attribute]) -> Result<bool> {
    let mut is_key = false;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("sea_orm")) {
        attribute.parse_nested_meta(|meta| {
            is_key |= meta.path.is_ident("primary_key");
            if meta.input.peek(Token![=]) {
                meta.value()?.parse::<syn::Expr>()?;
            }
            Ok(())
        })?;
    }
    Ok(is_key)
}

fn key(meta: &ParseNestedMeta<'_>) -> String {
    meta.path.get_ident().map_or_else(String::new, Ident::to_string)
}

fn set<T>(slot: &mut Option<T>, value: T, meta: &ParseNestedMeta<'_>) -> Result<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(Error::new_spanned(&meta.path, "it is said twice")),
    }
}
