//! A resource type as a struct declares it: what the attributes say, checked, under the names that the JSON has.

use crate::attributes::{FieldAttributes, Merge, RelationKind, StructAttributes};
use crate::letter_case::{RenameRule, snake};
use crate::serde_names::SerdeAttributes;
use crate::shape::Shape;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Error, Field, Fields, FieldsNamed, Ident, Result};

/// A resource type, checked.
pub struct Declaration {
    pub ident: Ident,
    pub name: String,
    pub id: String,
    pub version: Option<String>,
    pub merge: Option<Merge>,
    /// Fields with a policy of their own.
    pub fields: Vec<(String, Merge)>,
    pub relations: Vec<Relation>,
}

/// How a row refers to others.
pub struct Relation {
    pub name: String,
    pub kind: RelationKind,
    pub to: String,
    pub field: String,
}

/// A field that something is said about, or that is named `id`.
struct Column<'a> {
    ident: &'a Ident,
    /// Its name without `r#`.
    word: String,
    /// Its name in JSON.
    key: String,
    shape: Shape,
    shape_present: Shape,
    rename_all: RenameRule,
    said: FieldAttributes,
}

impl Declaration {
    /// Reads a struct and what its attributes say.
    pub fn read(input: &DeriveInput) -> Result<Self> {
        let fields = named_fields(input)?;
        let said = StructAttributes::read(&input.attrs)?;
        let rename_all = SerdeAttributes::read(&input.attrs)?.rename_all.unwrap_or(RenameRule::AsIs);
        let columns = fields.named.iter().filter_map(|field| Column::read(field, rename_all).transpose());
        let columns = all(columns)?;

        let id = id_of(input, &columns)?;
        let version = version_of(&columns, id)?;
        let merging =
            columns.iter().filter_map(|column| Some(column.merge(id)?.map(|merge| (column, merge))));
        let merging = all(merging)?;
        let related = all(columns.iter().filter_map(|column| column.relation().transpose()))?;
        for (at, (column, relation)) in related.iter().enumerate() {
            if related.iter().take(at).any(|(_, other)| other.name == relation.name) {
                let message = format!(
                    "there are two relations `{}`; name one of them otherwise by `as`",
                    relation.name
                );
                return Err(Error::new(column.ident.span(), message));
            }
        }
        Ok(Self {
            ident: input.ident.clone(),
            name: said.name.map_or_else(|| snake(&input.ident.unraw().to_string()), |name| name.value()),
            id: id.key.clone(),
            version: version.map(|version| version.key.clone()),
            merge: said.merge,
            fields: merging.into_iter().map(|(column, merge)| (column.key.clone(), merge)).collect(),
            relations: related.into_iter().map(|(_, relation)| relation).collect(),
        })
    }
}

impl<'a> Column<'a> {
    /// Reads a field; one that is only data is `None`.
    fn read(field: &'a Field, rename_all: RenameRule) -> Result<Option<Self>> {
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
        let (shape, shape_present) = (Shape::of(&field.ty), Shape::of_present(&field.ty));
        Ok(Some(Self { ident, word, key, shape, shape_present, rename_all, said }))
    }

    /// The policy that is said of this field.
    fn merge(&self, id: &Column<'_>) -> Option<Result<Merge>> {
        let (merge, span) = self.said.merge?;
        let word = &self.word;
        if id.ident == self.ident {
            return Some(Err(Error::new(
                span,
                format!("`{word}` is the id and never merges; remove `merge`"),
            )));
        }
        if merge == Merge::Union && !matches!(self.shape_present, Shape::List | Shape::Unknown) {
            let message = format!(
                "`{word}` is no list, and only lists have a union; make it a `Vec`, or use \"replace\" or \"deep\""
            );
            return Some(Err(Error::new(span, message)));
        }
        Some(Ok(merge))
    }

    /// The relation that this field is.
    fn relation(&self) -> Result<Option<(&Self, Relation)>> {
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
        match (kind, self.shape_present) {
            (RelationKind::One, Shape::List) => {
                let message = format!("`{word}` is a list, and `one` is of one id; use `many`");
                return Err(Error::new(to.span(), message));
            }
            (RelationKind::Many, Shape::Text | Shape::Integer | Shape::Other) => {
                let message = format!(
                    "`{word}` is no list, and `many` is of a list of ids; make it a `Vec`, or use `one`"
                );
                return Err(Error::new(to.span(), message));
            }
            _ => {}
        }
        let name = match (&self.said.relation_name, word.strip_suffix("_id")) {
            (Some(name), _) => name.value(),
            (None, Some(stem)) if !stem.is_empty() => self.rename_all.apply(stem),
            (None, _) => {
                let message =
                    format!("`{word}` does not end in `_id`, so the relation has no name; add `as = \"…\"`");
                return Err(Error::new(to.span(), message));
            }
        };
        Ok(Some((self, Relation { name, kind: *kind, to: to.value(), field: self.key.clone() })))
    }
}

/// The fields of a struct that can be a row.
fn named_fields(input: &DeriveInput) -> Result<&FieldsNamed> {
    let ident = &input.ident;
    let fields = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => fields,
            _ => {
                let message =
                    format!("the fields of `{ident}` have no names, and a row is an object; name them");
                return Err(Error::new(ident.span(), message));
            }
        },
        _ => {
            let message = format!(
                "`{ident}` is no struct, and a row is an object; make it a struct, or a field of one"
            );
            return Err(Error::new(ident.span(), message));
        }
    };
    if !input.generics.params.is_empty() {
        let message = format!(
            "`{ident}` has parameters, and a resource type is one kind of row; remove them, or write a struct for each kind"
        );
        return Err(Error::new_spanned(&input.generics, message));
    }
    Ok(fields)
}

fn id_of<'a, 'b>(input: &DeriveInput, columns: &'a [Column<'b>]) -> Result<&'a Column<'b>> {
    let marked = only_one(columns, "id", |column| column.said.id.is_some())?;
    let Some(id) = marked.or_else(|| columns.iter().find(|column| column.word == "id")) else {
        let message = format!(
            "`{}` has no id; name a field `id`, or mark the one that identifies a row with `#[resource(id)]`",
            input.ident
        );
        return Err(Error::new(input.ident.span(), message));
    };
    if matches!(id.shape, Shape::List | Shape::Other) {
        let message = format!(
            "`{}` is the id, which is a string or an integer and never null; change its type",
            id.word
        );
        return Err(Error::new(id.ident.span(), message));
    }
    Ok(id)
}

fn version_of<'a, 'b>(columns: &'a [Column<'b>], id: &Column<'_>) -> Result<Option<&'a Column<'b>>> {
    let Some(version) = only_one(columns, "version", |column| column.said.version.is_some())? else {
        return Ok(None);
    };
    let word = &version.word;
    let message = if version.ident == id.ident {
        format!("`{word}` is the id and cannot be the version too; remove `version` or mark another field")
    } else if !matches!(version.shape, Shape::Integer | Shape::Unknown) {
        format!(
            "`{word}` is the version, which is an integer that grows; change its type, or mark another field"
        )
    } else {
        return Ok(Some(version));
    };
    Err(Error::new(version.ident.span(), message))
}

/// The column that is marked, if any; two are an error that names both.
fn only_one<'a, 'b>(
    columns: &'a [Column<'b>],
    key: &str,
    is_marked: impl Fn(&Column<'_>) -> bool,
) -> Result<Option<&'a Column<'b>>> {
    let mut marked = columns.iter().filter(|column| is_marked(column));
    let first = marked.next();
    if let (Some(first), Some(second)) = (first, marked.next()) {
        let message =
            format!("`{}` and `{}` are both marked `#[resource({key})]`; keep one", first.word, second.word);
        return Err(Error::new(second.ident.span(), message));
    }
    Ok(first)
}

/// All results, or all errors in one.
fn all<T>(results: impl Iterator<Item = Result<T>>) -> Result<Vec<T>> {
    let mut values = Vec::new();
    let mut errors: Option<Error> = None;
    for result in results {
        match result {
            Ok(value) => values.push(value),
            Err(error) => match &mut errors {
                Some(errors) => errors.combine(error),
                None => errors = Some(error),
            },
        }
    }
    errors.map_or(Ok(values), Err)
}
