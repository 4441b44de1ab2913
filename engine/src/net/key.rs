//! Who a device is: a pair of Ed25519 keys, of which one never leaves it.

use std::fmt;

use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};

use super::error::NetError;

/// What comes before an Ed25519 key to make it a `SubjectPublicKeyInfo` (RFC 8410).
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The key by which others know a device.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PublicKey([u8; 32]);

impl PublicKey {
    /// Reads the form that TLS sends.
    pub(crate) fn from_spki(der: &[u8]) -> Option<Self> {
        Some(Self(der.strip_prefix(&SPKI)?.try_into().ok()?))
    }

    /// The form that TLS sends.
    pub(crate) fn spki(&self) -> Vec<u8> {
        [&SPKI[..], &self.0].concat()
    }

    /// Reads 64 hexadecimal digits.
    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        Some(Self(bytes(text)?.try_into().ok()?))
    }

    /// The 32 bytes.
    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The beginning, for people to compare: four groups of four digits.
    pub(crate) fn fingerprint(&self) -> String {
        let groups: Vec<String> = self.0[..8].chunks(2).map(hex).collect();
        groups.join("-")
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.fingerprint())
    }
}

/// Both keys of this device. It is not printed.
pub(crate) struct DeviceKey {
    /// PKCS #8.
    secret: Vec<u8>,
    public: PublicKey,
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceKey({})", self.public.fingerprint())
    }
}

impl DeviceKey {
    /// New keys, as the text that [`DeviceKey::read`] reads.
    pub(crate) fn generate() -> Result<String, NetError> {
        let secret =
            Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| NetError::NoRandomness)?;
        Ok(hex(secret.as_ref()))
    }

    /// The keys that the database remembers.
    pub(crate) fn read(text: &str) -> Result<Self, NetError> {
        let secret = bytes(text).ok_or(NetError::DamagedKey)?;
        let pair = Ed25519KeyPair::from_pkcs8(&secret).map_err(|_| NetError::DamagedKey)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| NetError::DamagedKey)?;
        Ok(Self { secret, public: PublicKey(public) })
    }

    /// The key by which others know this device.
    pub(crate) fn public(&self) -> PublicKey {
        self.public
    }

    /// PKCS #8, for TLS.
    pub(crate) fn pkcs8(&self) -> &[u8] {
        &self.secret
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_were_written_and_nothing_else_is() {
        let text = DeviceKey::generate().unwrap();
        let key = DeviceKey::read(&text).unwrap();
        assert_ne!(text, DeviceKey::generate().unwrap());
        let public = key.public();
        assert_eq!(PublicKey::from_spki(&public.spki()), Some(public));
        assert_eq!(PublicKey::from_hex(&public.to_string()), Some(public));
        for wrong in ["", "ä", "0", "00", &text[2..], &text[..text.len() - 2]] {
            assert!(DeviceKey::read(wrong).is_err(), "{wrong}");
            assert_eq!(PublicKey::from_hex(wrong), None, "{wrong}");
        }
        assert_eq!(PublicKey::from_spki(&public.spki()[1..]), None);
        assert_eq!(format!("{key:?}"), format!("DeviceKey({})", public.fingerprint()));
    }
}
