//! What patches carry.

use larder::Patch;
use serde::de::DeserializeOwned;

/// The rows that a patch sets: its payload, which PROTOCOL.md says where to find.
pub fn rows<T: DeserializeOwned>(patch: Option<Patch>) -> Vec<T> {
    let Some(patch) = patch else { return Vec::new() };
    let bytes = patch.as_bytes();
    let word = |at: usize| u32::from_le_bytes(bytes[at * 4..at * 4 + 4].try_into().unwrap()) as usize;
    let (at, length) = (word(6), word(7));
    serde_json::from_slice(&bytes[at..at + length]).unwrap()
}
