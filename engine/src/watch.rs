//! Hints from the operating system about what changed on the disk. They only say where to look; what is there is found out
//! by looking, so a hint that is late, doubled or lost in an overflow cannot make the rows wrong.

mod dirty;
mod trail;
mod watches;

pub(crate) use dirty::{Batch, Dirty, Doubt};
#[cfg(test)]
pub(crate) use trail::Trail;
pub(crate) use watches::Watches;
