//! Why two devices were not paired.

use std::time::Duration;

use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

use crate::net::NetError;

/// Why a device was not paired.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PairError {
    /// The code is not six digits.
    #[error("a code has six digits, as in 123-456")]
    InvalidCode,
    /// The address is not one.
    #[error("“{0}” is no address of a device: it has the form 192.168.1.5:41000")]
    InvalidAddress(String),
    /// The other device said no.
    #[error("{0}")]
    Refused(Refused),
    /// The other device does not know the code either: somebody is between the two.
    #[error("the other device does not know the code: try again with a new one, in a network that you trust")]
    NotTheInviter,
    /// Both hold different things.
    #[error(
        "this device has tags, favorites or albums of its own: merge the libraries on purpose, or start it with a new database"
    )]
    NeedsMerge,
    /// Merging was asked for, but the two are called differently.
    #[error(
        "this library is called “{own}” and the other “{other}”: libraries are merged only if they have the same name"
    )]
    OtherName {
        /// What this one is called.
        own: String,
        /// What the other is called.
        other: String,
    },
    /// This device is in a library with others.
    #[error(
        "this device holds a library together with others already: start it with a new database to join another one"
    )]
    HasPeers,
    /// Too many wrong codes came lately.
    #[error("too many wrong codes came: wait {0:?}")]
    TooManyWrongCodes(Duration),
    /// The operating system gives no random numbers.
    #[error("the operating system gives no random numbers")]
    NoRandomness,
    /// The other device said something else than it should.
    #[error("the other device said what makes no sense: {0}")]
    Nonsense(String),
    /// There is no way to the other device.
    #[error("the other device was not reached: {0}")]
    Unreached(String),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
}

impl PairError {
    /// The stable name of the reason.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::InvalidCode => "pair.invalid_code",
            Self::InvalidAddress(_) => "pair.invalid_address",
            Self::Refused(refused) => refused.kind(),
            Self::NotTheInviter => "pair.not_the_inviter",
            Self::NeedsMerge => "pair.needs_merge",
            Self::OtherName { .. } => "pair.other_name",
            Self::HasPeers => "pair.has_peers",
            Self::TooManyWrongCodes(_) => "pair.too_many_wrong_codes",
            Self::NoRandomness => "pair.no_randomness",
            Self::Nonsense(_) => "pair.nonsense",
            Self::Unreached(_) => "pair.unreached",
            Self::Database(_) => "pair.database",
        }
    }
}

impl From<NetError> for PairError {
    fn from(error: NetError) -> Self {
        match error {
            NetError::Stranger => Self::Refused(Refused::NotInviting),
            NetError::NoRandomness => Self::NoRandomness,
            NetError::Database(error) => Self::Database(error),
            other => Self::Unreached(other.to_string()),
        }
    }
}

/// What the inviting device says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refused {
    /// It shows no code, or its time is over.
    #[error("the other device shows no code: let it show one first")]
    NotInviting,
    /// Another device is being paired.
    #[error("the other device is busy with another one: try again in a moment")]
    Busy,
    /// The code is wrong.
    #[error("the code is wrong")]
    WrongCode,
    /// The code was wrong too often, and is not valid any more.
    #[error("the code was wrong too often and is not valid any more: let the other device show a new one")]
    CodeIsDead,
    /// Nobody agreed in time, or somebody disagreed.
    #[error("nobody agreed on the other device")]
    Declined,
    /// The library has as many devices as it may.
    #[error("the library has as many devices as it may have: remove one first")]
    DeviceLimit,
    /// This device was removed.
    #[error("this device was removed from the library: start it with a new database to come back")]
    Removed,
    /// They do not speak the same.
    #[error("the other device speaks another version: update the older of the two")]
    Version,
}

impl Refused {
    fn kind(self) -> &'static str {
        match self {
            Self::NotInviting => "pair.not_inviting",
            Self::Busy => "pair.busy",
            Self::WrongCode => "pair.wrong_code",
            Self::CodeIsDead => "pair.code_is_dead",
            Self::Declined => "pair.declined",
            Self::DeviceLimit => "pair.device_limit",
            Self::Removed => "pair.removed",
            Self::Version => "pair.version",
        }
    }
}
