//! What users can do: the mutations by name.

mod album;
mod content;
mod device;
mod disk;
mod favorite;
mod name;
mod refuse;
mod rename;
mod run;
mod tag;

pub(crate) use run::{Actions, Mutation};
