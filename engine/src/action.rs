//! What users can do: the mutations by name.

mod album;
mod choose;
mod content;
mod copy;
mod device;
mod disk;
mod elsewhere;
mod favorite;
mod name;
mod place;
mod refuse;
mod rename;
mod run;
mod tag;

#[cfg(unix)]
pub(crate) use disk::open_folder;
pub(crate) use disk::{Failure, relocate};
pub(crate) use refuse::Refusal;
pub(crate) use run::{Actions, Mutation};
