//! The tables as SeaORM entities, one file each.

pub(crate) mod applied_mutation;
pub(crate) mod device;
pub(crate) mod file;
pub(crate) mod file_tag;
pub(crate) mod location;
pub(crate) mod meta;
pub(crate) mod sync_log;
pub(crate) mod tag;
