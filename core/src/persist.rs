//! What is kept on disk: batches that go out, and values that come back in.
//!
//! The core names keys and makes values; a backend only stores them ([`Batch`] says how). Keys are `meta` (the cursor),
//! `rows/…` (segments of rows), `out/…` (one pending mutation each) and `hot` (the rows that were on the screen).

mod batch;
mod error;

mod sealed;

mod meta;
mod places;
mod segment;
mod unsaved;

mod restoring;
mod saver;

pub(crate) use batch::ops;
pub use batch::{Batch, Op};
pub use error::{StorageError, StorageErrorKind};
pub(crate) use meta::Meta;
pub(crate) use places::{Place, Segment};
pub(crate) use restoring::{Phase, Restoring};
pub(crate) use saver::{Context, HOT, META, OUT, ROWS, Saver, segment_key};
pub(crate) use sealed::{What, unseal};
pub(crate) use segment::SegmentReader;
