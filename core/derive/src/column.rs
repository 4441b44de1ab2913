//! A field of a row, and what is declared of it alone.

use crate::attributes::{FieldAttributes, Merge};
use crate::embedded::Embedded;
use crate::letter_case::RenameRule;
use crate::relation::{Holds, Relation, RelationKind, Target};
use crate::serde_names::SerdeAttributes;
use crate::shape::Shape;
use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Error, Field, Ident, Result, Type};

/// A field that something is said about, or that is named `id`.
pub struct Column<'a> {
    pub ident: &'a Ident,
    /// Its name without `r#`.
    pub word: String,
    /// Its name in JSON.
    pub key: String,
    pub shape: Shape,
    pub said: FieldAttributes,
    kind: &'a Type,
    rename_all: RenameRule,
}

impl<'a> Column<'a> {
    /// Reads a field; one that is only data is `None`.
    pub fn read(field: &'a Field, rename_all: RenameRule) -> Result<Option<Self>> {
        let Some(ident) = &field.ident else { return Ok(None) };
        let said = FieldAttributes::read(&field.attrs)?;
        let serde = SerdeAttributes::read(&field.attrs)?;
        let word = ident.unraw().to_string();
        if said.is_empty() && (word != "id" || serde.hidden_by.is_some()) {
            return Ok(None);
        }
        if let Some(hides) = serde.hidden_by {
            let message = format!(
                "`{word}` has no name of its own in the JSON of a row; remove `#[serde({hides})]` or `#[resource(…)]`"
            );
            return Err(Error::new(ident.span(), message));
        }
        let key = serde.rename.unwrap_or_else(|| rename_all.apply(&word));
        Ok(Some(Self { ident, word, key, shape: Shape::of(&field.ty), said, kind: &field.ty, rename_all }))
    }

    /// The policy that is said of this field.
    pub fn merge(&self, id: &Column<'_>) -> Result<Option<Merge>> {
        let Some((merge, span)) = self.said.merge else { return Ok(None) };
        let word = &self.word;
        if id.ident == self.ident {
            return Err(Error::new(span, format!("`{word}` is the id and never merges; remove `merge`")));
        }
        if merge == Merge::Deep && self.said.embedded.is_some() {
            let message = format!(
                "what `{word}` embeds are rows of their own, which merge as their own struct says; remove `merge`"
            );
            return Err(Error::new(span, message));
        }
        if merge == Merge::Union && !matches!(self.shape_present(), Shape::List | Shape::Unknown) {
            let message = format!(
                "`{word}` is no list, and only lists have a union; make it a `Vec`, or use \"replace\" or \"deep\""
            );
            return Err(Error::new(span, message));
        }
        Ok(Some(merge))
    }

    /// The relation that this field is.
    pub fn relation(&self, id: &Column<'_>) -> Result<Option<Relation>> {
        if let Some(span) = self.said.embedded {
            return self.embeds(span, id).map(Some);
        }
        let word = &self.word;
        let Some((kind, to)) = &self.said.relation else {
            return match &self.said.relation_name {
                None => Ok(None),
                Some(name) => {
                    let message = format!(
                        "`as` names a relation, and `{word}` is none; add `one = \"…\"` or `many = \"…\"`"
                    );
                    Err(Error::new(name.span(), message))
                }
            };
        };
        match (kind, self.shape_present()) {
            (RelationKind::One, Shape::List) => {
                let message = format!("`{word}` is a list, and `one` is of one id; use `many`");
                return Err(Error::new(span(to), message));
            }
            (RelationKind::Many, Shape::Text | Shape::Integer | Shape::Other) => {
                let message = format!(
                    "`{word}` is no list, and `many` is of a list of ids; make it a `Vec`, or use `one`"
                );
                return Err(Error::new(span(to), message));
            }
            _ => {}
        }
        let name = match (&self.said.relation_name, word.strip_suffix("_id")) {
            (Some(name), _) => name.value(),
            (None, Some(stem)) if !stem.is_empty() => self.rename_all.apply(stem),
            (None, _) => {
                let message =
                    format!("`{word}` does not end in `_id`, so the relation has no name; add `as = \"…\"`");
                return Err(Error::new(span(to), message));
            }
        };
        Ok(Some(Relation { name, kind: *kind, to: to.clone(), field: self.key.clone(), holds: Holds::Ids }))
    }

    /// The relation to the resources that this field holds whole.
    fn embeds(&self, embedded: Span, id: &Column<'_>) -> Result<Relation> {
        let word = &self.word;
        if let Some((_, to)) = &self.said.relation {
            let message = format!(
                "`{word}` embeds what its type says; remove `one` or `many`, or remove `embedded` if it holds ids"
            );
            return Err(Error::new(span(to), message));
        }
        if let Some(name) = &self.said.relation_name {
            let message = format!("what `{word}` embeds is included under the field's own name; remove `as`");
            return Err(Error::new(name.span(), message));
        }
        if id.ident == self.ident {
            let message = format!("`{word}` is the id and embeds nothing; remove `embedded`");
            return Err(Error::new(embedded, message));
        }
        let Some(Embedded { kind, resource }) = Embedded::of(self.kind) else {
            let message = format!(
                "`{word}` holds no resource; make it a struct that is one, or an `Option` or a `Vec` of it, or use `one` or `many` if it holds ids"
            );
            return Err(Error::new(self.kind.span(), message));
        };
        let (name, field) = (self.key.clone(), self.key.clone());
        Ok(Relation {
            name,
            kind,
            to: Target::Struct(Box::new(resource.clone())),
            field,
            holds: Holds::Resources,
        })
    }

    /// The paths to index that begin with this field.
    pub fn index(&self) -> Result<Vec<String>> {
        let mut paths: Vec<String> = Vec::new();
        for index in &self.said.index {
            let path = index.path.as_ref().map_or_else(|| self.key.clone(), |path| path.value());
            let mut parts = path.split('.');
            if parts.next() != Some(&self.key) || parts.any(str::is_empty) {
                let message = format!(
                    "`{path}` is no path within `{word}`; write \"{key}.\" and the names of fields in it with dots between, or only `index` for the whole field",
                    word = self.word,
                    key = self.key,
                );
                return Err(Error::new(index.span, message));
            }
            if paths.contains(&path) {
                return Err(Error::new(index.span, format!("`{path}` is indexed twice; keep one `index`")));
            }
            paths.push(path);
        }
        Ok(paths)
    }

    /// What the field holds where it is not null.
    fn shape_present(&self) -> Shape {
        Shape::of_present(self.kind)
    }
}

fn span(target: &Target) -> Span {
    match target {
        Target::Name(name) => name.span(),
        Target::Struct(resource) => resource.span(),
    }
}
