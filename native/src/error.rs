//! Everything that can go wrong, with a kind that never changes.

/// Why something was not done.
///
/// [`Error::kind`] is stable and meant for programs; the message is meant for people and says what to do.
///
/// ```
/// # fn show(_: &str) {}
/// fn report(error: &larder_native::Error) {
///     match error.kind() {
///         "target_exists" => show("There is a file of that name."),
///         _ => show(&error.to_string()),
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The cache refused it: a query, a mutation, or an event.
    #[error(transparent)]
    Cache(#[from] larder::Error),
    /// The backend refused a mutation or a question, or sent something that was refused; with the kind that it gave.
    #[error("{message}")]
    Backend {
        /// A stable name of the reason.
        kind: String,
        /// The reason, for people.
        message: String,
    },
    /// The storage could not be read or written. The client goes on in memory.
    #[error("{}", .0.message)]
    Storage(larder::persist::StorageError),
    /// The client was closed.
    #[error("the client was closed before this was done; open another one")]
    Closed,
    /// The host keeps the objects, so there are none here to be read.
    #[error("this client hands its patches to a sink; use `mount`, and read the objects that the sink keeps")]
    HasSink,
    /// There is no sink that what is asked for could be handed to.
    #[error("this client has no sink to tell the outcome to; open it with `open_with_sink`")]
    NoSink,
    /// A call from the client waited for a call to the client, which is done only after it.
    #[error(
        "`wait` was called inside a delivery, where it would never end; await the reply, or wait for it later"
    )]
    WaitInDelivery,
    /// The client's thread could not be started.
    #[error("the client's thread could not be started: {reason}")]
    NoThread {
        /// What the operating system said.
        reason: String,
    },
    /// There is a connection already.
    #[error("this client has a connection already; call `disconnect` first")]
    AlreadyConnected,
    /// The address cannot be connected to. The address itself is not named: it may hold a secret.
    #[error(
        "the address is not one of a WebSocket: {reason}; write it as `ws://host:port/path` or `wss://host/path`"
    )]
    InvalidUrl {
        /// What is wrong with it.
        reason: String,
    },
    /// An attempt to connect failed; another one is made later.
    #[error("no connection to {host}: {reason}; it is tried again")]
    ConnectFailed {
        /// The host and port.
        host: String,
        /// What was wrong.
        reason: String,
    },
    /// A row is not what the live query decodes; it is left out of the result.
    #[error("a row is not a `{rust_type}`: {reason}; it is left out: {row}")]
    RowMismatch {
        /// The type that it should have been.
        rust_type: &'static str,
        /// The beginning of the row.
        row: String,
        /// What the decoder said.
        reason: String,
    },
    /// The backend's answer is not what was asked for.
    #[error("the answer to `{method}` is not a `{rust_type}`: {reason}")]
    AnswerMismatch {
        /// The question's method.
        method: String,
        /// The type that it should have been.
        rust_type: &'static str,
        /// What the decoder said.
        reason: String,
    },
    /// A value cannot be written as JSON.
    #[error("{what} cannot be written as JSON: {reason}")]
    NotJson {
        /// Which value.
        what: &'static str,
        /// What the encoder said.
        reason: String,
    },
    /// A patch of the core cannot be applied, which is a defect of Larder.
    #[error("a patch from the core cannot be applied: {what}")]
    CorruptPatch {
        /// What is wrong with it.
        what: String,
    },
}

impl Error {
    /// A stable name of the error, the same in every language.
    ///
    /// ```
    /// assert_eq!(larder_native::Error::Closed.kind(), "client.closed");
    /// ```
    pub fn kind(&self) -> &str {
        match self {
            Self::Cache(error) => error.kind(),
            Self::Backend { kind, .. } => kind,
            Self::Storage(error) => error.kind(),
            Self::Closed => "client.closed",
            Self::HasSink => "client.has_sink",
            Self::NoSink => "client.no_sink",
            Self::WaitInDelivery => "client.wait_in_delivery",
            Self::NoThread { .. } => "client.no_thread",
            Self::AlreadyConnected => "connect.already_connected",
            Self::InvalidUrl { .. } => "connect.invalid_url",
            Self::ConnectFailed { .. } => "connect.failed",
            Self::RowMismatch { .. } => "row.mismatch",
            Self::AnswerMismatch { .. } => "answer.mismatch",
            Self::NotJson { .. } => "value.not_json",
            Self::CorruptPatch { .. } => "patch.corrupt",
        }
    }
}

impl From<larder::outbox::Rejection> for Error {
    fn from(rejection: larder::outbox::Rejection) -> Self {
        Self::Backend { kind: rejection.kind, message: rejection.message }
    }
}

impl From<larder::ErrorInfo> for Error {
    fn from(info: larder::ErrorInfo) -> Self {
        Self::Backend { kind: info.kind, message: info.message }
    }
}
