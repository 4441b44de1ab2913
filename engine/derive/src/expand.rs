//! The impl that a declaration becomes.

use proc_macro2::TokenStream;
use quote::quote;

use crate::declaration::{Declaration, Domain, Field, Role, Strategy, inner, is_bool};

pub fn expand(declaration: &Declaration) -> TokenStream {
    let Declaration { model, name, strategy, merge_with, should_sync, domain, priority, shows, fields } =
        declaration;
    let is_owned = *strategy == Strategy::DeviceOwned;
    let strategy = match strategy {
        Strategy::DeviceOwned => quote!(DeviceOwned),
        Strategy::LastWriteWins => quote!(Shared(crate::sync::Merge::LastWriteWins)),
        Strategy::Fields => quote!(Shared(crate::sync::Merge::Fields)),
        Strategy::Custom => quote!(Shared(crate::sync::Merge::Custom)),
        Strategy::Union => quote!(Shared(crate::sync::Merge::Union)),
    };
    let merge_with = match merge_with {
        Some(path) => quote!(::core::option::Option::Some(#path)),
        None => quote!(::core::option::Option::None),
    };
    let is_selective = should_sync.is_some();
    let should_sync = should_sync.as_ref().map(|path| {
        quote! {
            fn should_sync(&self) -> bool {
                #path(self)
            }
        }
    });
    let domain = match domain {
        Domain::Index => quote!(Index),
        Domain::UserMetadata => quote!(UserMetadata),
    };
    let shows = match shows {
        Some((resource, by)) => {
            let by = by.to_string();
            quote!(::core::option::Option::Some(crate::sync::Shows { resource: #resource, by: #by }))
        }
        None => quote!(::core::option::Option::None),
    };
    let going = || fields.iter().filter(|field| field.goes());
    let names = going().map(name_of);
    let key = fields.iter().filter(|field| field.is_key).map(name_of);
    let depends_on = fields.iter().filter_map(|field| match &field.role {
        Role::DependsOn(model) => Some(reference(field, model)),
        _ => None,
    });
    let refers_to = fields.iter().filter_map(|field| match &field.role {
        Role::RefersTo(model) => Some(reference(field, model)),
        _ => None,
    });
    let version = only(fields, |role| matches!(role, Role::Version));
    let added = only(fields, |role| matches!(role, Role::Added));
    let written = going().map(|field| {
        let (ident, name) = (&field.ident, name_of(field));
        quote!(payload.insert(#name.to_owned(), ::serde_json::to_value(&self.#ident)?);)
    });
    let read = fields.iter().map(|field| {
        let (ident, name) = (&field.ident, name_of(field));
        match &field.role {
            Role::Excluded => {
                quote!(#ident: ::sea_orm::ActiveValue::Set(::core::default::Default::default()))
            }
            Role::Version => quote!(#ident: ::sea_orm::ActiveValue::Set(1)),
            _ => quote!(#ident: ::sea_orm::ActiveValue::Set(crate::sync::field(payload, #name)?)),
        }
    });
    let ids = fields
        .iter()
        .filter(|field| field.is_key || matches!(field.role, Role::DependsOn(_) | Role::RefersTo(_)))
        .map(|field| {
            let (name, ty) = (name_of(field), inner(&field.ty));
            quote!(#name => text.parse::<#ty>().ok().map(::core::convert::Into::into),)
        });
    let values = is_owned.then(|| {
        let values = fields.iter().map(value_of);
        quote! {
            fn values<'de, A: ::serde::de::SeqAccess<'de>>(
                id: &str,
                fields: &mut A,
            ) -> ::core::result::Result<::std::vec::Vec<::sea_orm::Value>, A::Error> {
                ::core::result::Result::Ok(::std::vec![#(#values),*])
            }
        }
    });
    quote! {
        impl crate::sync::Syncable for #model {
            type Table = Entity;

            const INFO: crate::sync::ModelInfo = crate::sync::ModelInfo {
                name: #name,
                strategy: crate::sync::Strategy::#strategy,
                merge_with: #merge_with,
                is_selective: #is_selective,
                domain: crate::sync::Domain::#domain,
                priority: #priority,
                key: &[#(#key),*],
                fields: &[#(#names),*],
                depends_on: &[#(#depends_on),*],
                refers_to: &[#(#refers_to),*],
                version: #version,
                added: #added,
                shows: #shows,
            };

            #should_sync

            fn payload(&self) -> ::serde_json::Result<crate::sync::Payload> {
                let mut payload = crate::sync::Payload::new();
                #(#written)*
                ::core::result::Result::Ok(payload)
            }

            fn read(payload: &crate::sync::Payload) -> ::serde_json::Result<ActiveModel> {
                ::core::result::Result::Ok(ActiveModel { #(#read),* })
            }

            #values

            fn id_value(field: &str, text: &str) -> ::core::option::Option<::sea_orm::Value> {
                match field {
                    #(#ids)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    }
}

/// The value of a column in a row that came as a line.
fn value_of(field: &Field) -> TokenStream {
    let (name, ty) = (name_of(field), &field.ty);
    match &field.role {
        _ if field.is_key => quote!(crate::sync::key::<#ty, A::Error>(id)?.into()),
        Role::Excluded => quote!(<#ty as ::core::default::Default>::default().into()),
        Role::Version | Role::Added => quote!({
            let first: #ty = 1;
            first.into()
        }),
        _ if is_bool(ty) => quote!(crate::sync::next::<crate::sync::Flag, A>(fields, #name)?.into()),
        _ => quote!(crate::sync::next::<#ty, A>(fields, #name)?.into()),
    }
}

/// The name of the field in this role, as an option.
fn only(fields: &[Field], is_it: impl Fn(&Role) -> bool) -> TokenStream {
    match fields.iter().find(|field| is_it(&field.role)) {
        Some(field) => {
            let name = name_of(field);
            quote!(::core::option::Option::Some(#name))
        }
        None => quote!(::core::option::Option::None),
    }
}

fn name_of(field: &Field) -> String {
    field.ident.to_string()
}

fn reference(field: &Field, model: &syn::LitStr) -> TokenStream {
    let name = name_of(field);
    quote!(crate::sync::Reference { field: #name, model: #model })
}
