//! A resource type as a struct declares it: what the attributes say, checked, under the names that the JSON has.

use crate::attributes::{Merge, StructAttributes};
use crate::column::Column;
use crate::letter_case::{RenameRule, snake};
use crate::relation::{Holds, Relation};
use crate::serde_names::SerdeAttributes;
use crate::shape::Shape;
use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Error, Fields, FieldsNamed, Ident, Result};

/// A resource type, checked.
pub struct Declaration {
    pub ident: Ident,
    pub name: String,
    pub id: String,
    pub version: Option<String>,
    pub merge: Option<Merge>,
    pub ttl_ms: Option<u64>,
    /// Fields with a policy of their own.
    pub fields: Vec<(String, Merge)>,
    pub relations: Vec<Relation>,
    /// Paths to index.
    pub index: Vec<String>,
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
        let merging = all(columns.iter().map(|column| Ok((column, column.merge(id)?))))?;
        let related = all(columns.iter().map(|column| Ok((column.ident.span(), column.relation(id)?))))?;
        let related = related.into_iter().filter_map(|(span, relation)| Some((span, relation?)));
        let reverse = said.reverse.into_iter();
        let reverse = reverse.map(|reverse| (reverse.ident.span(), reverse.relation(rename_all)));
        let index = all(columns.iter().map(Column::index))?;
        Ok(Self {
            ident: input.ident.clone(),
            name: said.name.map_or_else(|| snake(&input.ident.unraw().to_string()), |name| name.value()),
            id: id.key.clone(),
            version: version.map(|version| version.key.clone()),
            merge: said.merge,
            ttl_ms: said.ttl_ms,
            fields: merging
                .into_iter()
                .filter_map(|(column, merge)| Some((column.key.clone(), merge?)))
                .collect(),
            relations: with_names_of_their_own(related.chain(reverse))?,
            index: index.concat(),
        })
    }
}

/// The relations, each under a name that no other has.
fn with_names_of_their_own(relations: impl Iterator<Item = (Span, Relation)>) -> Result<Vec<Relation>> {
    let mut kept: Vec<Relation> = Vec::new();
    for (span, relation) in relations {
        if kept.iter().any(|other| other.name == relation.name) {
            let remedy = match relation.holds {
                Holds::Reverse => "name this one otherwise",
                Holds::Ids | Holds::Resources => "name one of them otherwise by `as`",
            };
            let message = format!("there are two relations `{}`; {remedy}", relation.name);
            return Err(Error::new(span, message));
        }
        kept.push(relation);
    }
    Ok(kept)
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
