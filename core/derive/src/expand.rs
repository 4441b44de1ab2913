//! The implementation of the trait.

use crate::attributes::{Merge, RelationKind};
use crate::declaration::Declaration;
use proc_macro2::TokenStream;
use quote::quote;

/// Writes `impl Resource` for a declared type.
pub fn expand(declared: &Declaration) -> TokenStream {
    let Declaration { ident, name, id, .. } = declared;
    let version = declared.version.iter().map(|field| quote!(.version(#field)));
    let merge = declared.merge.iter().map(|merge| {
        let policy = variant(*merge);
        quote!(.merge(::larder::registry::MergePolicy::#policy))
    });
    let fields = declared.fields.iter().map(|(field, merge)| {
        let policy = variant(*merge);
        quote!(.merge_field(#field, ::larder::registry::FieldMerge::#policy))
    });
    let relations = declared.relations.iter().map(|relation| {
        let (name, to, field) = (&relation.name, &relation.to, &relation.field);
        let kind = match relation.kind {
            RelationKind::One => quote!(One),
            RelationKind::Many => quote!(Many),
        };
        quote!(.relation(#name, ::larder::registry::RelationKind::#kind, #to, #field))
    });
    quote! {
        #[automatically_derived]
        impl ::larder::registry::Resource for #ident {
            const NAME: &'static str = #name;

            fn resource_type() -> ::larder::registry::ResourceType {
                ::larder::registry::ResourceType::new(#name).id(#id) #(#version)* #(#merge)* #(#fields)* #(#relations)*
            }
        }
    }
}

fn variant(merge: Merge) -> TokenStream {
    match merge {
        Merge::Replace => quote!(Replace),
        Merge::Deep => quote!(Deep),
        Merge::Union => quote!(Union),
    }
}
