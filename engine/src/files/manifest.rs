//! What a file should be: its size, the hashes of its chunks, and the hash of all of it.

use std::fs::File;
use std::io::{self, Read};

use super::message::Stamp;
use crate::time::to_ns;

/// Chunks of files up to 16 GiB: 256 KiB. Those of larger ones are larger, so that there are never more than 65,536.
const SMALLEST: u64 = 256 << 10;
/// The largest chunk: 16 MiB.
pub(super) const LARGEST: u64 = 16 << 20;
/// The largest file: 1 TiB.
pub(super) const MAX_SIZE: u64 = 1 << 40;
const CHUNKS: u64 = 65_536;
/// How many bytes a hash has.
pub(super) const HASH: usize = blake3::OUT_LEN;

/// What a file should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) stamp: Stamp,
    /// How many bytes each chunk has but the last.
    pub(super) chunk: u64,
    /// The hashes of the chunks, one behind the other.
    pub(super) hashes: Vec<u8>,
    /// The hash of all of it, in hexadecimal digits.
    pub(super) whole: String,
}

impl Manifest {
    /// How many chunks there are.
    pub(super) fn count(&self) -> u64 {
        self.stamp.size.div_ceil(self.chunk)
    }

    /// Where a chunk begins, and how many bytes it has.
    pub(super) fn place(&self, index: u64) -> (u64, u64) {
        place(self.stamp.size, self.chunk, index)
    }

    /// Whether these bytes are the chunk.
    pub(super) fn is_chunk(&self, index: u64, bytes: &[u8]) -> bool {
        let at = usize::try_from(index).unwrap_or(usize::MAX).saturating_mul(HASH);
        let hash = self.hashes.get(at..at.saturating_add(HASH));
        bytes.len() as u64 == self.place(index).1 && hash == Some(blake3::hash(bytes).as_bytes())
    }
}

/// How large the chunks of a file of this size are; none, if the file is too large.
pub(super) fn chunk_of(size: u64) -> Option<u64> {
    (size <= MAX_SIZE).then(|| size.div_ceil(CHUNKS).next_power_of_two().clamp(SMALLEST, LARGEST))
}

/// Where a chunk begins, and how many bytes it has.
pub(super) fn place(size: u64, chunk: u64, index: u64) -> (u64, u64) {
    let at = index.saturating_mul(chunk).min(size);
    (at, chunk.min(size - at))
}

/// How an open file is.
pub(super) fn stamp(file: &File) -> io::Result<Stamp> {
    let metadata = file.metadata()?;
    Ok(Stamp { size: metadata.len(), modified_ns: metadata.modified().map_or(0, to_ns) })
}

/// Reads so many bytes, a chunk at a time, and tells of each; returns the hash of all of them.
pub(super) fn read_chunks(
    file: &mut File,
    size: u64,
    chunk: u64,
    mut tell: impl FnMut(u64, &[u8]) -> io::Result<()>,
) -> io::Result<String> {
    let mut whole = blake3::Hasher::new();
    let mut bytes = Vec::new();
    for index in 0..size.div_ceil(chunk) {
        bytes.resize(usize::try_from(place(size, chunk, index).1).map_err(io::Error::other)?, 0);
        file.read_exact(&mut bytes)?;
        whole.update(&bytes);
        tell(index, &bytes)?;
    }
    Ok(whole.finalize().to_hex().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_cover_a_file_of_any_size_and_are_not_too_many() {
        for size in [0, 1, SMALLEST, SMALLEST + 1, 5 << 34, 3 << 38, MAX_SIZE] {
            let chunk = chunk_of(size).unwrap();
            let count = size.div_ceil(chunk);
            assert!(count <= CHUNKS, "{size}");
            let sum: u64 = (0..count).map(|index| place(size, chunk, index).1).sum();
            assert_eq!(sum, size);
            assert_eq!(place(size, chunk, count), (size, 0));
        }
        assert_eq!(chunk_of(MAX_SIZE + 1), None);
        assert_eq!(place(10, 4, u64::MAX), (10, 0));
    }
}
