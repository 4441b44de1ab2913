//! Why a mutation is refused.

use sea_orm::DbErr;

/// A refusal; it has had no effect.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Refusal {
    #[error("there is no action called “{0}”")]
    UnknownAction(String),
    #[error("the arguments of “{action}” do not fit: {reason}")]
    InvalidArguments { action: &'static str, reason: String },
    #[error("there is no {what} “{id}”")]
    NotFound { what: &'static str, id: String },
    #[error("“{name}” cannot be the name of a file: {reason}")]
    InvalidName { name: String, reason: &'static str },
    #[error("“{0}” is there already: choose another name")]
    TargetExists(String),
    #[error("“{0}” is not reached by folders inside the root alone: a link may lead out of it")]
    OutsideRoot(String),
    #[error("“{0}” is on another device: do it there")]
    OtherDevice(String),
    #[error("the device of “{0}” is not there: try it again when it is")]
    NotReachable(String),
    #[error("the device of “{0}” did not answer in time: it may have been done")]
    NoAnswer(String),
    #[error("“{0}” is another file on the disk by now: look again")]
    Changed(String),
    #[error("“{0}” cannot be put into itself")]
    IntoItself(String),
    #[error(
        "“{0}” is not here, because it is not wanted on this device: want it again, or do it on another device"
    )]
    NotWanted(String),
    #[error("“{0}” is wanted again, and has not all come yet: try it again when it has")]
    StillComing(String),
    #[error("no device can do without “{model}”: {reason}")]
    Needed { model: String, reason: String },
    #[error("no other device that is here has all of “{0}” yet: bring one online, so that nothing is lost")]
    NotKept(String),
    #[error("the disk is full")]
    DiskFull,
    #[error("the disk takes no file as large as this")]
    TooLarge,
    #[error("{message}")]
    Passed { kind: String, message: String },
    #[error("the disk refused: {0}")]
    Io(std::io::Error),
    #[error("the database refused: {0}")]
    Database(#[from] DbErr),
}

impl Refusal {
    /// The stable name of the reason.
    pub(crate) fn kind(&self) -> &str {
        match self {
            Self::UnknownAction(_) => "unknown_action",
            Self::InvalidArguments { .. } => "invalid_arguments",
            Self::NotFound { .. } => "not_found",
            Self::InvalidName { .. } => "invalid_name",
            Self::TargetExists(_) => "target_exists",
            Self::OtherDevice(_) => "other_device",
            Self::OutsideRoot(_) => "outside_root",
            Self::NotReachable(_) => "not_reachable",
            Self::NoAnswer(_) => "no_answer",
            Self::Changed(_) => "changed",
            Self::IntoItself(_) => "into_itself",
            Self::NotWanted(_) => "not_wanted",
            Self::StillComing(_) => "still_coming",
            Self::Needed { .. } => "needed",
            Self::NotKept(_) => "not_kept",
            Self::DiskFull => "disk_full",
            Self::TooLarge => "too_large",
            // Another device said so, in its own words.
            Self::Passed { kind, .. } => kind,
            Self::Io(_) | Self::Database(_) => "io",
        }
    }

    /// Whether it may work the next time, with the same id; everything else stays refused.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(
            self.kind(),
            "io" | "not_reachable" | "no_answer" | "disk_full" | "still_coming" | "not_kept"
        )
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            std::io::ErrorKind::FileTooLarge => Self::TooLarge,
            _ => Self::Io(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_names_in_quotes() {
        let name = || "LICENSE".to_owned();
        let all = [
            Refusal::UnknownAction(name()),
            Refusal::InvalidArguments { action: "LICENSE", reason: "it is not".to_owned() },
            Refusal::NotFound { what: "file", id: name() },
            Refusal::InvalidName { name: name(), reason: "it is not" },
            Refusal::TargetExists(name()),
            Refusal::OutsideRoot(name()),
            Refusal::OtherDevice(name()),
            Refusal::NotReachable(name()),
            Refusal::NoAnswer(name()),
            Refusal::Changed(name()),
            Refusal::IntoItself(name()),
            Refusal::NotWanted(name()),
            Refusal::StillComing(name()),
            Refusal::Needed { model: name(), reason: "it is".to_owned() },
            Refusal::NotKept(name()),
        ];
        for refusal in all {
            assert!(refusal.to_string().contains("“LICENSE”"), "{refusal}");
        }
    }
}
