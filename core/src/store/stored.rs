//! What is to be stored of a row.

/// A row with all that is to be stored of it.
pub(crate) struct StoredView<'a> {
    /// Its type, with what that says of how rows are stored.
    pub resource_type: (&'a str, u64),
    pub version: u64,
    pub id: Vec<u8>,
    pub aliases: Vec<Vec<u8>>,
    pub bytes: &'a [u8],
}
