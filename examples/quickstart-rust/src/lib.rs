//! The examples of docs/rust.md and docs/offline.md, which are compiled as the documentation of this crate.

#![cfg_attr(doctest, doc = include_str!("../../../docs/rust.md"))]
#![cfg_attr(doctest, doc = include_str!("../../../docs/offline.md"))]
