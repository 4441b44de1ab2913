//! The exchange that shows to two devices whether they were told the same code, and to nobody else what it is.

use ring::hmac;
use spake2::{Ed25519Group, Identity, Password, Spake2};

use super::code::Code;
use super::error::PairError;
use crate::net::PublicKey;

const CONTEXT: &[u8] = b"larder pairing 1";

/// The two devices and the channel between them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Between {
    pub(super) joins: PublicKey,
    pub(super) invites: PublicKey,
    /// See [`Channel::binding`](crate::net::Channel::binding).
    pub(super) binding: [u8; 32],
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Joins,
    Invites,
}

/// An exchange that waits for the other's message.
pub(super) struct Exchange {
    state: Spake2<Ed25519Group>,
    between: Between,
}

/// Both messages are here. The two sides hold the same secret if they were told the same code.
pub(super) struct Agreed {
    key: hmac::Key,
}

impl Exchange {
    /// Begins, and says what to send.
    pub(super) fn begin(side: Side, code: &Code, between: Between) -> (Self, Vec<u8>) {
        let password = Password::new(code.password());
        let (joins, invites) =
            (Identity::new(between.joins.as_bytes()), Identity::new(between.invites.as_bytes()));
        let (state, message) = match side {
            Side::Joins => Spake2::start_a(&password, &joins, &invites),
            Side::Invites => Spake2::start_b(&password, &joins, &invites),
        };
        (Self { state, between }, message)
    }

    /// Takes in the other's message.
    pub(super) fn finish(self, message: &[u8]) -> Result<Agreed, PairError> {
        let secret = self.state.finish(message).map_err(|error| PairError::Nonsense(format!("{error:?}")))?;
        let Between { joins, invites, binding } = self.between;
        let transcript = [CONTEXT, joins.as_bytes(), invites.as_bytes(), &binding].concat();
        let key = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), &transcript);
        Ok(Agreed { key: hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()) })
    }
}

impl Agreed {
    /// What only this side can say, and only if it was told the code.
    pub(super) fn proof(&self, side: Side) -> Vec<u8> {
        hmac::sign(&self.key, label(side)).as_ref().to_vec()
    }

    /// Whether `proof` is that of the side.
    pub(super) fn is_proof(&self, side: Side, proof: &[u8]) -> bool {
        hmac::verify(&self.key, label(side), proof).is_ok()
    }
}

fn label(side: Side) -> &'static [u8] {
    match side {
        Side::Joins => b"joins",
        Side::Invites => b"invites",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::DeviceKey;

    fn between() -> Between {
        let key = || DeviceKey::read(&DeviceKey::generate().unwrap()).unwrap().public();
        Between { joins: key(), invites: key(), binding: [7; 32] }
    }

    fn agree(codes: [&str; 2], between: [Between; 2]) -> [Agreed; 2] {
        let [joins, invites] = codes.map(|code| Code::read(code).unwrap());
        let (joining, ask) = Exchange::begin(Side::Joins, &joins, between[0]);
        let (inviting, answer) = Exchange::begin(Side::Invites, &invites, between[1]);
        [joining.finish(&answer).unwrap(), inviting.finish(&ask).unwrap()]
    }

    fn is_agreed([joins, invites]: &[Agreed; 2]) -> bool {
        let one = invites.is_proof(Side::Joins, &joins.proof(Side::Joins));
        let other = joins.is_proof(Side::Invites, &invites.proof(Side::Invites));
        assert_eq!(one, other);
        one
    }

    #[test]
    fn two_who_were_told_the_same_code_agree() {
        let between = between();
        let agreed = agree(["123-456", "123456"], [between; 2]);
        assert!(is_agreed(&agreed));
        let [joins, invites] = &agreed;
        assert!(!joins.is_proof(Side::Invites, &joins.proof(Side::Joins)), "a proof cannot be sent back");
        assert!(!invites.is_proof(Side::Joins, &[]));
    }

    #[test]
    fn another_code_key_or_channel_is_noticed() {
        let same = between();
        assert!(!is_agreed(&agree(["123-456", "123-457"], [same; 2])));
        for other in [
            Between { joins: between().joins, ..same },
            Between { invites: between().invites, ..same },
            Between { binding: [8; 32], ..same },
        ] {
            assert!(!is_agreed(&agree(["123-456", "123-456"], [same, other])));
        }
    }
}
