//! What the program does besides serving.

mod ask;
pub mod pair;
pub mod passphrase;
