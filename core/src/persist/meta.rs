//! The one value that says how far the stored rows are.

use crate::bytes::{Reader, Short, Writer};

/// How far the stored rows are, and what they are rows of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Meta {
    /// What the registry says of how rows are stored.
    pub registry: u64,
    /// The number of the next segment.
    pub next_segment: u32,
    pub cursor: Option<u64>,
    pub library: Option<String>,
    pub epoch: Option<String>,
}

impl Meta {
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.u64(self.registry);
        out.u32(self.next_segment);
        out.u8(u8::from(self.cursor.is_some()));
        out.u64(self.cursor.unwrap_or_default());
        for text in [&self.library, &self.epoch] {
            out.u8(u8::from(text.is_some()));
            out.slice(text.as_deref().unwrap_or_default().as_bytes());
        }
        out.bytes
    }

    pub(crate) fn read(payload: &[u8]) -> Result<Self, Short> {
        let mut reader = Reader::new(payload);
        let registry = reader.u64()?;
        let next_segment = reader.u32()?;
        let has_cursor = reader.u8()? == 1;
        let cursor = reader.u64()?;
        let mut text = || {
            let is_there = reader.u8()? == 1;
            let text = str::from_utf8(reader.slice()?).map_err(|_| Short)?;
            Ok(is_there.then(|| text.to_owned()))
        };
        let (library, epoch) = (text()?, text()?);
        Ok(Self { registry, next_segment, cursor: has_cursor.then_some(cursor), library, epoch })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for meta in [
            Meta::default(),
            Meta {
                registry: 9,
                next_segment: 3,
                cursor: Some(0),
                library: Some(String::new()),
                epoch: Some("e".into()),
            },
        ] {
            let bytes = meta.write();
            assert_eq!(Meta::read(&bytes), Ok(meta));
            assert!((0..bytes.len()).all(|length| Meta::read(&bytes[..length]).is_err()));
        }
    }
}
