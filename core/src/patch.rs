//! What crosses to a host language after a step: splices over slots, and the rows that changed.

mod encode;
#[cfg(test)]
mod golden;
#[cfg_attr(not(feature = "packed"), path = "patch/unpacked.rs")]
mod pack;
mod rows;

pub use encode::{PATCH_VERSION, Patch};
pub(crate) use encode::{PatchWriter, QueryChange, SHAPE_BIT, ShapeEdge};
pub(crate) use rows::RowEncoder;
