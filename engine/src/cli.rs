//! What the program does besides serving.

mod ask;
pub mod pair;
