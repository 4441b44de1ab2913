//! Messages on a stream of bytes: four bytes with the length, most significant first, and as many bytes.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use super::error::NetError;

/// How long one message may wait for a peer that does not read.
pub(crate) const SEND_TIMEOUT: Duration = Duration::from_secs(30);

/// Writes one message.
pub(crate) async fn write(writer: &mut (impl AsyncWrite + Unpin), message: &[u8]) -> Result<(), NetError> {
    let length = u32::try_from(message.len()).map_err(|_| NetError::TooLarge(message.len()))?;
    let written = timeout(SEND_TIMEOUT, async {
        // In one piece, so that a small message is one packet.
        let mut framed = Vec::with_capacity(4 + message.len());
        framed.extend_from_slice(&length.to_be_bytes());
        framed.extend_from_slice(message);
        writer.write_all(&framed).await?;
        writer.flush().await
    });
    Ok(written.await.map_err(|_| NetError::Silent(SEND_TIMEOUT))??)
}

/// Reads one message of at most `most` bytes; nothing, if the stream ended before it.
pub(crate) async fn read(
    reader: &mut (impl AsyncRead + Unpin),
    most: usize,
) -> Result<Option<Vec<u8>>, NetError> {
    let mut length = [0; 4];
    let first = reader.read(&mut length).await?;
    if first == 0 {
        return Ok(None);
    }
    reader.read_exact(&mut length[first..]).await?;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > most {
        return Err(NetError::TooLarge(length));
    }
    // Not all of it at once: who announces much must also send it.
    let mut message = Vec::with_capacity(length.min(64 << 10));
    reader.take(length as u64).read_to_end(&mut message).await?;
    if message.len() < length {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    Ok(Some(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn messages_come_out_as_they_went_in() {
        let (mut here, mut there) = tokio::io::duplex(7);
        let messages = [Vec::new(), vec![1], vec![7; 100_000]];
        let sent = messages.clone();
        let sending = tokio::spawn(async move {
            for message in sent {
                write(&mut here, &message).await.unwrap();
            }
        });
        for message in messages {
            assert_eq!(read(&mut there, 100_000).await.unwrap(), Some(message));
        }
        sending.await.unwrap();
        assert_eq!(read(&mut there, 100_000).await.unwrap(), None);
    }

    #[tokio::test]
    async fn what_is_too_large_or_cut_off_is_an_error() {
        let mut large: &[u8] = &[0, 0, 0, 5, 1, 2, 3, 4, 5];
        assert!(matches!(read(&mut large, 4).await, Err(NetError::TooLarge(5))));
        for cut in [&[0, 0][..], &[0, 0, 0, 5, 1, 2]] {
            let mut cut = cut;
            assert!(matches!(read(&mut cut, 100).await, Err(NetError::Broken(_))));
        }
        let mut promised: &[u8] = &[0xff, 0xff, 0xff, 0xff];
        assert!(matches!(read(&mut promised, 1 << 20).await, Err(NetError::TooLarge(_))));
    }
}
