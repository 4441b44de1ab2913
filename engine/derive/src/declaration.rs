//! What the model declares, checked.

use proc_macro2::Span;
use syn::{
    Data, DeriveInput, Error, Fields, GenericArgument, Ident, LitInt, LitStr, Path, PathArguments, Result,
    Type,
};

use crate::attributes::{FieldAttributes, StructAttributes};

/// A model that syncs.
pub struct Declaration {
    pub model: Ident,
    pub name: LitStr,
    pub strategy: Strategy,
    /// How two versions of a row become one.
    pub merge_with: Option<Path>,
    /// Which rows go.
    pub should_sync: Option<Path>,
    pub domain: Domain,
    pub priority: u32,
    pub shows: Option<(LitStr, Ident)>,
    pub fields: Vec<Field>,
}

/// How rows go to other devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    DeviceOwned,
    LastWriteWins,
    Fields,
    Custom,
    Union,
}

/// The priority of models that do not say one.
const USUAL_PRIORITY: u32 = 50;

/// What rows tell about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Domain {
    Index,
    UserMetadata,
}

/// One field of the model.
pub struct Field {
    pub ident: Ident,
    pub ty: Type,
    pub is_key: bool,
    pub role: Role,
}

/// What a field is between devices.
pub enum Role {
    Value,
    DependsOn(LitStr),
    RefersTo(LitStr),
    Excluded,
    Version,
    Added,
}

impl Declaration {
    pub fn read(input: &DeriveInput) -> Result<Self> {
        let said = StructAttributes::read(&input.attrs)?;
        let missing =
            |what: &str| Error::new(Span::call_site(), format!("write `#[sync({what})]` on the struct"));
        let name = said.name.ok_or_else(|| missing("name = \"…\""))?;
        let strategy = said.strategy.ok_or_else(|| missing("strategy = \"…\""))?;
        let strategy = strategy_of(strategy, said.merge, said.merge_with.as_ref())?;
        if let Some(path) = said.should_sync.as_ref().filter(|_| strategy != Strategy::DeviceOwned) {
            return Err(Error::new_spanned(
                path,
                "only the owner of a row can keep it: shared rows all sync",
            ));
        }
        let domain = domain(said.domain.ok_or_else(|| missing("domain = \"…\""))?)?;
        let priority = said.priority.as_ref().map_or(Ok(USUAL_PRIORITY), LitInt::base10_parse)?;
        let fields = fields(input)?;
        let shows = match (said.shows, said.by) {
            (None, None) => None,
            (Some(resource), Some(by)) => match fields.iter().find(|field| field.ident == by) {
                Some(field) if field.goes() => Some((resource, by)),
                _ => return Err(Error::new(by.span(), "`by` names a field that goes to other devices")),
            },
            (Some(resource), None) => {
                return Err(Error::new(resource.span(), "say with `by` which field has the resource's id"));
            }
            (None, Some(by)) => return Err(Error::new(by.span(), "say with `shows` which resource")),
        };
        if let Some(field) = fields.iter().find(|field| matches!(field.role, Role::Added))
            && strategy != Strategy::Union
        {
            return Err(Error::new(field.ident.span(), "only links, with `merge = \"union\"`, are added"));
        }
        if !fields.iter().any(|field| field.is_key) {
            return Err(Error::new(Span::call_site(), "the model has no primary key"));
        }
        if strategy == Strategy::DeviceOwned {
            check_owned(&fields)?;
        }
        let (model, merge_with, should_sync) = (input.ident.clone(), said.merge_with, said.should_sync);
        Ok(Self { model, name, strategy, merge_with, should_sync, domain, priority, shows, fields })
    }
}

impl Field {
    /// Whether other devices get it.
    pub fn goes(&self) -> bool {
        !matches!(self.role, Role::Excluded | Role::Version | Role::Added)
    }
}

fn strategy_of(strategy: LitStr, merge: Option<LitStr>, merge_with: Option<&Path>) -> Result<Strategy> {
    match (strategy.value().as_str(), merge, merge_with) {
        ("device_owned", None, None) => Ok(Strategy::DeviceOwned),
        ("device_owned", Some(merge), _) => {
            Err(Error::new(merge.span(), "rows that one device owns are never merged"))
        }
        ("device_owned", None, Some(path)) => {
            Err(Error::new_spanned(path, "rows that one device owns are never merged"))
        }
        ("shared", Some(merge), Some(_)) => {
            Err(Error::new(merge.span(), "say `merge` or `merge_with`, not both"))
        }
        ("shared", None, Some(_)) => Ok(Strategy::Custom),
        ("shared", None, None) => Ok(Strategy::LastWriteWins),
        ("shared", Some(merge), None) => match merge.value().as_str() {
            "union" => Ok(Strategy::Union),
            "fields" => Ok(Strategy::Fields),
            _ => Err(Error::new(
                merge.span(),
                "`merge` is `\"fields\"`, `\"union\"`, or left out: then the last write wins",
            )),
        },
        _ => Err(Error::new(strategy.span(), "`strategy` is `\"device_owned\"` or `\"shared\"`")),
    }
}

fn domain(domain: LitStr) -> Result<Domain> {
    match domain.value().as_str() {
        "index" => Ok(Domain::Index),
        "user_metadata" => Ok(Domain::UserMetadata),
        _ => Err(Error::new(domain.span(), "`domain` is `\"index\"` or `\"user_metadata\"`")),
    }
}

fn fields(input: &DeriveInput) -> Result<Vec<Field>> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(input, "only a struct is a model"));
    };
    let Fields::Named(named) = &data.fields else {
        return Err(Error::new_spanned(input, "the fields of a model have names"));
    };
    let said =
        named.named.iter().map(|field| FieldAttributes::read(&field.attrs)).collect::<Result<Vec<_>>>()?;
    // Where any field says that it goes, those that say nothing stay.
    let is_chosen = said.iter().any(|said| said.include);
    named.named.iter().zip(said).map(|(named, said)| field(named, said, is_chosen)).collect()
}

fn field(field: &syn::Field, mut said: FieldAttributes, is_chosen: bool) -> Result<Field> {
    let Some(ident) = field.ident.clone() else {
        return Err(Error::new_spanned(field, "the fields of a model have names"));
    };
    let wrong = |message: &str| Err(Error::new(ident.span(), message));
    if said.include && said.exclude {
        return wrong("a field is included or excluded, not both");
    }
    let says_nothing = said.depends_on.is_none() && said.refers_to.is_none() && !said.version && !said.added;
    said.exclude |= is_chosen && !said.include && !said.key && says_nothing;
    let role = match (said.depends_on, said.refers_to, said.exclude, said.version, said.added) {
        (None, None, false, false, false) => Role::Value,
        (Some(_), None, false, false, false) if is_option(&field.ty) => {
            return wrong("a row cannot be without what it depends on: write `refers_to` for an `Option`");
        }
        (Some(model), None, false, false, false) => Role::DependsOn(model),
        (None, Some(_), false, false, false) if !is_option(&field.ty) => {
            return wrong("only an `Option` breaks a cycle: write `depends_on` for what is always there");
        }
        (None, Some(model), false, false, false) => Role::RefersTo(model),
        (None, None, true, false, false) => Role::Excluded,
        (None, None, false, true, false) => Role::Version,
        (None, None, false, false, true) => Role::Added,
        _ => return wrong("a field is one of `depends_on`, `refers_to`, `exclude`, `version` and `added`"),
    };
    let goes = !matches!(role, Role::Excluded | Role::Version | Role::Added);
    if said.key && !goes {
        return wrong("the key is what other devices know a row by: it cannot stay here");
    }
    Ok(Field { ident, ty: field.ty.clone(), is_key: said.key, role })
}

/// Rows that a device owns go as the values that SQLite has: its numbers 0 and 1 are read as `bool` where the type says so.
fn check_owned(fields: &[Field]) -> Result<()> {
    let mut keys = fields.iter().filter(|field| field.is_key);
    if let (_, Some(second)) = (keys.next(), keys.next()) {
        return Err(Error::new(second.ident.span(), "a row that a device owns has a key of one field"));
    }
    match fields.iter().find(|field| field.goes() && is_option(&field.ty) && is_bool(inner(&field.ty))) {
        Some(field) => Err(Error::new(
            field.ident.span(),
            "a row that a device owns has no `Option<bool>`: write a `bool`",
        )),
        None => Ok(()),
    }
}

fn is_option(ty: &Type) -> bool {
    is_named(ty, "Option")
}

pub fn is_bool(ty: &Type) -> bool {
    is_named(ty, "bool")
}

fn is_named(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// The type itself, or what is in it, if it is an option.
pub fn inner(ty: &Type) -> &Type {
    let Type::Path(path) = ty else { return ty };
    match path.path.segments.last().map(|last| &last.arguments) {
        Some(PathArguments::AngleBracketed(inside)) => match inside.args.first() {
            Some(GenericArgument::Type(inner)) => inner,
            _ => ty,
        },
        _ => ty,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> std::result::Result<Declaration, String> {
        let input = syn::parse_str(text).unwrap();
        Declaration::read(&input).map_err(|error| error.to_string())
    }

    fn model(attributes: &str, fields: &str) -> String {
        format!(
            "#[sync({attributes})] struct Model {{ #[sea_orm(primary_key, auto_increment = false)] id: Uuid, {fields} }}"
        )
    }

    #[test]
    fn what_a_model_says_is_what_it_declares() {
        let read = read(&model(
            r#"name = "note", strategy = "shared", merge = "union", domain = "index", shows = "file", by = of"#,
            r#"#[sync(depends_on = "file")] of: Uuid, #[sync(refers_to = "note")] before: Option<Uuid>,
               #[sync(exclude)] inode: i64, #[sync(version)] version: i64, #[sync(added)] place: i64, text: String"#,
        ))
        .unwrap();
        assert_eq!((read.strategy, read.domain), (Strategy::Union, Domain::Index));
        assert_eq!(read.shows.unwrap().0.value(), "file");
        let going: Vec<String> =
            read.fields.iter().filter(|field| field.goes()).map(|field| field.ident.to_string()).collect();
        assert_eq!(going, ["id", "of", "before", "text"]);
        assert_eq!(read.fields.iter().filter(|field| field.is_key).count(), 1);
    }

    #[test]
    fn where_a_field_says_that_it_goes_those_that_say_nothing_stay() {
        let shared =
            r#"name = "note", strategy = "shared", merge = "fields", domain = "index", priority = 3"#;
        let fields = r#"#[sync(include)] a: i64, b: i64, #[sync(depends_on = "file")] of: Uuid, #[sync(version)] v: i64"#;
        let read = read(&model(shared, fields)).unwrap();
        let going: Vec<String> =
            read.fields.iter().filter(|field| field.goes()).map(|field| field.ident.to_string()).collect();
        assert_eq!(
            (going, read.priority, read.strategy),
            (vec!["id".into(), "a".into(), "of".into()], 3, Strategy::Fields)
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_what_to_write() {
        let shared_without_domain = r#"name = "note", strategy = "shared""#;
        let shared = r#"name = "note", strategy = "shared", domain = "index""#;
        for (attributes, fields, message) in [
            (r#"name = "note""#, "", "strategy"),
            (r#"strategy = "shared""#, "", "name"),
            (r#"name = "note", strategy = "mine""#, "", "`\"device_owned\"` or `\"shared\"`"),
            (r#"name = "note", strategy = "device_owned", merge = "union""#, "", "never merged"),
            (r#"name = "note", strategy = "shared", merge = "mix""#, "", "the last write wins"),
            (shared_without_domain, "", "domain"),
            (r#"name = "note", strategy = "shared", domain = "all""#, "", "`\"user_metadata\"`"),
            (r#"name = "note", strategy = "shared", domain = "index", shows = "file""#, "", "`by`"),
            (
                r#"name = "note", strategy = "shared", domain = "index", shows = "file", by = nothing"#,
                "",
                "names a field",
            ),
            (
                r#"name = "note", strategy = "device_owned", domain = "index", merge_with = f"#,
                "",
                "never merged",
            ),
            (
                r#"name = "note", strategy = "shared", merge = "union", domain = "index", merge_with = f"#,
                "",
                "not both",
            ),
            (
                r#"name = "note", strategy = "shared", domain = "index", should_sync = f"#,
                "",
                "only the owner",
            ),
            (shared, r#"#[sync(include, exclude)] a: i64"#, "not both"),
            (r#"name = "note", name = "other""#, "", "twice"),
            (r#"nmae = "note""#, "", "`nmae` is no key of a struct"),
            (shared, r#"#[sync(depends_on = "file")] of: Option<Uuid>"#, "`refers_to`"),
            (shared, r#"#[sync(refers_to = "file")] of: Uuid"#, "`depends_on`"),
            (shared, r#"#[sync(exclude, version)] a: i64"#, "one of"),
            (shared, r#"#[sync(added)] a: i64"#, "`merge = \"union\"`"),
            (
                r#"name = "note", strategy = "device_owned", domain = "index""#,
                "a: Option<bool>",
                "write a `bool`",
            ),
            (
                r#"name = "note", strategy = "device_owned", domain = "index""#,
                "#[sea_orm(primary_key)] a: Uuid",
                "a key of one field",
            ),
            (shared, r#"#[sync(skip)] a: i64"#, "`skip` is no key of a field"),
            (shared, r#"#[sea_orm(primary_key)] #[sync(exclude)] a: i64"#, "cannot stay here"),
        ] {
            let error = read(&model(attributes, fields)).err().unwrap();
            assert!(error.contains(message), "{attributes} {fields}: {error}");
        }
        let keyless =
            r#"#[sync(name = "note", strategy = "shared", domain = "index")] struct Model { id: Uuid }"#;
        assert!(read(keyless).err().unwrap().contains("no primary key"));
    }
}
