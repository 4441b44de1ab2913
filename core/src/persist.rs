//! What is kept on disk: batches that go out, and values that come back in.
//!
//! The core names keys and makes values; a backend only stores them ([`Batch`] says how). Keys are `meta` (the cursor),
//! `rows/…` (segments of rows), `out/…` (one pending mutation each) and `hot` (the rows that were on the screen).

mod batch;
mod bytes;
mod error;

pub use batch::{Batch, Op};
pub use error::{StorageError, StorageErrorKind};
