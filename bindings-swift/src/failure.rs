//! Why something was not done.

/// Why something was not done. The kind is stable and meant for programs, the message is meant for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum Failure {
    /// It was refused.
    #[error("{message}")]
    Refused {
        /// A stable name of the reason, the same in every language.
        kind: String,
        /// What was wrong, and what to do.
        message: String,
    },
}

impl Failure {
    pub(crate) fn new(kind: &str, message: String) -> Self {
        Self::Refused { kind: kind.to_owned(), message }
    }
}

impl From<&larder_native::Error> for Failure {
    fn from(error: &larder_native::Error) -> Self {
        Self::new(error.kind(), error.to_string())
    }
}

impl From<larder_native::Error> for Failure {
    fn from(error: larder_native::Error) -> Self {
        Self::from(&error)
    }
}

impl From<larder_native::query::QueryError> for Failure {
    fn from(error: larder_native::query::QueryError) -> Self {
        Self::new(error.kind(), error.to_string())
    }
}

impl From<larder_native::registry::RegistryError> for Failure {
    fn from(error: larder_native::registry::RegistryError) -> Self {
        Self::new(error.kind(), error.to_string())
    }
}
