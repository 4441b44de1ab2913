//! The cache's place in the stream, and the connection it comes over.

mod cursor;
mod session;
mod stream;

pub use cursor::Cursor;
pub use session::Phase;
pub(crate) use session::{Session, Wish};
pub(crate) use stream::{Place, Stream};
