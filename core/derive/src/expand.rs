//! The implementation of the trait.

use crate::attributes::Merge;
use crate::declaration::Declaration;
use crate::relation::{Holds, Relation, RelationKind, Target};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

/// Writes `impl Resource` for a declared type.
pub fn expand(declared: &Declaration) -> TokenStream {
    let Declaration { ident, name, id, .. } = declared;
    let version = declared.version.iter().map(|field| quote!(.version(#field)));
    let ttl = declared.ttl_ms.iter().map(|ttl_ms| quote!(.ttl_ms(#ttl_ms)));
    let merge = declared.merge.iter().map(|merge| {
        let policy = variant(*merge);
        quote!(.merge(::larder::registry::MergePolicy::#policy))
    });
    let fields = declared.fields.iter().map(|(field, merge)| {
        let policy = variant(*merge);
        quote!(.merge_field(#field, ::larder::registry::FieldMerge::#policy))
    });
    let relations = declared.relations.iter().map(relation);
    let index = declared.index.iter().map(|path| quote!(.index(#path)));
    quote! {
        #[automatically_derived]
        impl ::larder::registry::Resource for #ident {
            const NAME: &'static str = #name;

            fn resource_type() -> ::larder::registry::ResourceType {
                ::larder::registry::ResourceType::new(#name).id(#id) #(#version)* #(#ttl)* #(#merge)* #(#fields)* #(#relations)* #(#index)*
            }
        }
    }
}

fn relation(relation: &Relation) -> TokenStream {
    let Relation { name, field, .. } = relation;
    let kind = match relation.kind {
        RelationKind::One => quote!(::larder::registry::RelationKind::One),
        RelationKind::Many => quote!(::larder::registry::RelationKind::Many),
    };
    let to = match &relation.to {
        Target::Name(name) => quote!(#name),
        // The place of the type, so that the compiler points at it when it is no resource.
        Target::Struct(resource) => {
            quote_spanned!(resource.span()=> <#resource as ::larder::registry::Resource>::NAME)
        }
    };
    match relation.holds {
        Holds::Ids => quote!(.relation(#name, #kind, #to, #field)),
        Holds::Resources => quote!(.embedded(#field, #kind, #to)),
        Holds::Reverse => quote!(.reverse(#name, #kind, #to, #field)),
    }
}

fn variant(merge: Merge) -> TokenStream {
    match merge {
        Merge::Replace => quote!(Replace),
        Merge::Deep => quote!(Deep),
        Merge::Union => quote!(Union),
    }
}
