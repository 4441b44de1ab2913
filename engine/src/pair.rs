//! How a device comes into a library: one shows a short code, the other is told it, and somebody agrees.
//!
//! ```text
//!  joins                                   invites
//!    │──── ask: who I am, PAKE message ───▶│   wrong codes are counted
//!    │◀─── answer: PAKE message ───────────│
//!    │──── proof that I know the code ────▶│   somebody is asked
//!    │◀─── welcome: proof, the library ────│
//! ```
//!
//! The code is the password of a SPAKE2 exchange, so who listens or sits between the two learns nothing that would help to guess
//! it: each guess takes an attempt of its own. Both proofs cover both devices' keys and the channel.

mod code;
mod error;
mod exchange;

mod desk;
mod join;
mod message;

pub(crate) use code::Code;
pub(crate) use desk::{Desk, Host};
pub use desk::{Invitation, Stage};
pub use error::{PairError, Refused};
pub use join::Joined;
pub(crate) use join::join;
