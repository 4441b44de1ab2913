//! The resource types of a file library: the rows that `larder-engine` streams, for the engine and for its clients.
//!
//! ```text
//!        Volume            ┌─▶ ContentIdentity ─▶ Tag
//!       ╱   ▲              │                       ▲
//! Device ◀── Location ◀── File ───────────────────┘
//!                         │  ▲ ◀── Album
//!                         └──┘ parent                    Conflict, Job
//! ```
//!
//! Each struct is declared once, here. The engine serializes it, Rust clients read it, and the TypeScript and Swift of other
//! clients are generated from it.
//!
//! ```
//! use larder_library::Tag;
//!
//! let registry = larder_library::registry();
//! assert_eq!(registry.types().len(), 9);
//! let row = r##"{"id":"t1","name":"Holiday","color":"#f0a020","version":1}"##;
//! assert_eq!(serde_json::from_str::<Tag>(row)?.name, "Holiday");
//! # Ok::<(), serde_json::Error>(())
//! ```

pub mod timestamp;

mod album;
mod conflict;
mod content_identity;
mod device;
mod file;
mod job;
mod kind;
mod location;
mod tag;
mod volume;

pub use album::Album;
pub use conflict::Conflict;
pub use content_identity::ContentIdentity;
pub use device::{Device, DeviceRole, DeviceState};
pub use file::File;
pub use job::{Job, JobKind, JobState};
pub use kind::FileKind;
pub use location::{Location, ScanState};
pub use tag::Tag;
pub use volume::Volume;

use larder::Registry;

/// All resource types of a file library.
pub fn registry() -> Registry {
    #[expect(clippy::expect_used, reason = "the list is constant, and a test builds it")]
    larder::registry![File, Tag, Location, Device, Volume, ContentIdentity, Album, Conflict, Job]
        .expect("the types agree with each other")
}
