//! How a row refers to others.

use crate::attributes::{key, set, text};
use crate::letter_case::RenameRule;
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::token::Paren;
use syn::{Error, Ident, LitStr, Result, Type, TypePath};

/// A relation, under the names that the JSON has.
pub struct Relation {
    pub name: String,
    pub kind: RelationKind,
    pub to: Target,
    pub field: String,
    pub holds: Holds,
}

/// How many resources a relation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelationKind {
    One,
    Many,
}

/// What is in the field of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Ids,
    Resources,
    Reverse,
}

/// Where a relation leads.
#[derive(Clone)]
pub enum Target {
    /// To a type by its name.
    Name(LitStr),
    /// To the type that a struct declares.
    Struct(Box<Type>),
}

impl Target {
    /// Reads `= "tag"` or `= Tag`.
    pub fn read(meta: &ParseNestedMeta<'_>) -> Result<Self> {
        let value = meta.value()?;
        if value.peek(LitStr) {
            let name: LitStr = value.parse()?;
            if name.value().is_empty() {
                return Err(Error::new(name.span(), format!("`{}` is empty; give it a name", key(meta))));
            }
            return Ok(Self::Name(name));
        }
        match value.parse::<TypePath>() {
            Ok(path) => Ok(Self::Struct(Box::new(Type::Path(path)))),
            Err(error) => {
                let message = format!(
                    "`{}` is followed by a struct that is a resource, or by the name of a resource type in quotes",
                    key(meta)
                );
                Err(Error::new(error.span(), message))
            }
        }
    }
}

/// A relation the other way round, as the struct says it: `reverse(children, many = File, field = "parent_id")`.
pub struct Reverse {
    pub ident: Ident,
    kind: RelationKind,
    to: Target,
    field: LitStr,
}

impl Reverse {
    pub fn read(meta: &ParseNestedMeta<'_>) -> Result<Self> {
        const SHAPE: &str = "`reverse(children, many = File, field = \"parent_id\")`";
        let (mut ident, mut to, mut field) = (None, None, None);
        if !meta.input.peek(Paren) {
            return Err(meta.error(format!("`reverse` says nothing of the relation; write it as in {SHAPE}")));
        }
        meta.parse_nested_meta(|meta| match key(&meta).as_str() {
            "one" => set(&mut to, (RelationKind::One, Target::read(&meta)?), &meta),
            "many" => set(&mut to, (RelationKind::Many, Target::read(&meta)?), &meta),
            "field" => set(&mut field, text(&meta)?, &meta),
            _ if ident.is_none() && meta.path.get_ident().is_some() => {
                ident = meta.path.get_ident().cloned();
                Ok(())
            }
            unknown => Err(meta.error(format!("`{unknown}` is no key of `reverse`; write it as in {SHAPE}"))),
        })?;
        let Some(ident) = ident else {
            return Err(meta.error(format!("the relation has no name; begin with one, as in {SHAPE}")));
        };
        let lacks = |what: &str| Error::new(ident.span(), format!("`{ident}` lacks {what}, as in {SHAPE}"));
        let (kind, to) = to.ok_or_else(|| lacks("the type it leads to, after `one` or `many`"))?;
        let field = field.ok_or_else(|| lacks("the `field` of the other type that holds our id"))?;
        Ok(Self { ident, kind, to, field })
    }

    /// The relation; its name follows the rule for all names of the struct.
    pub fn relation(self, rename_all: RenameRule) -> Relation {
        Relation {
            name: rename_all.apply(&self.ident.unraw().to_string()),
            kind: self.kind,
            to: self.to,
            field: self.field.value(),
            holds: Holds::Reverse,
        }
    }
}
