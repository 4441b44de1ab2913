//! What the Swift package `Larder` calls: `larder-native` in the words of uniffi. It converts, and decides nothing.
//!
//! ```text
//! Swift ──▶ SwiftClient ──▶ larder_native::Client ──▶ SwiftSink ──▶ bytes of a patch, by address ──▶ the mirror in Swift
//! ```

mod client;
mod failure;
mod sink;
#[cfg(feature = "testing")]
mod steps;
mod storage;

pub use client::SwiftClient;
pub use failure::Failure;
pub use sink::{ClientStatus, RemoteStanding, SwiftSink};
#[cfg(feature = "testing")]
pub use steps::{StepOutcome, Steps};
pub use storage::StorageFile;

uniffi::setup_scaffolding!("larder_swift");
