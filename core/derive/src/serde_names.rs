//! What serde's attributes make of the names of fields.

use crate::letter_case::RenameRule;
use proc_macro2::TokenTree;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, LitStr, Result, Token};

/// What serde is told about a struct or a field, as far as it decides under which name a field is written.
#[derive(Default)]
pub struct SerdeAttributes {
    pub rename: Option<String>,
    pub rename_all: Option<RenameRule>,
    /// Why the field is not in the JSON under a name of its own.
    pub hidden_by: Option<&'static str>,
}

impl SerdeAttributes {
    pub fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut said = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    said.rename = written_name(&meta)?.or(said.rename.take());
                } else if meta.path.is_ident("rename_all") {
                    let rule = written_name(&meta)?.and_then(|rule| RenameRule::from_serde(&rule));
                    said.rename_all = rule.or(said.rename_all);
                } else {
                    for hides in ["skip", "skip_serializing", "flatten"] {
                        if meta.path.is_ident(hides) {
                            said.hidden_by = Some(hides);
                        }
                    }
                    pass_over(&meta)?;
                }
                Ok(())
            })?;
        }
        Ok(said)
    }
}

/// The value of `key = "value"`, or of `key(serialize = "value", …)`.
fn written_name(meta: &ParseNestedMeta<'_>) -> Result<Option<String>> {
    if meta.input.peek(Token![=]) {
        return Ok(Some(meta.value()?.parse::<LitStr>()?.value()));
    }
    let mut written = None;
    meta.parse_nested_meta(|side| {
        let name = side.value()?.parse::<LitStr>()?.value();
        if side.path.is_ident("serialize") {
            written = Some(name);
        }
        Ok(())
    })?;
    Ok(written)
}

/// Passes over the value of a key that is serde's business only.
fn pass_over(meta: &ParseNestedMeta<'_>) -> Result<()> {
    while !meta.input.is_empty() && !meta.input.peek(Token![,]) {
        meta.input.parse::<TokenTree>()?;
    }
    Ok(())
}
