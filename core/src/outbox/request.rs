//! The small requests of hosts that speak JSON.

use serde_json::value::RawValue;

use super::{MutationError, Rejection};
use crate::json::{Kind, Span};
use crate::wire::fields::Fields;

/// What settles a mutation, or asks the backend a question: one type for all, for the glue to host languages.
#[doc(hidden)]
#[derive(Debug)]
pub struct Request {
    pub id: String,
    /// Where the stream confirms the mutation.
    pub sequence: Option<u64>,
    pub method: String,
    pub input: Box<RawValue>,
    reason: Option<Rejection>,
}

impl Request {
    /// Reads a request. By hand, as all that the browser module reads: a derived reader would be the only one in it, and bring
    /// the whole of serde's along.
    pub fn parse(json: &str) -> Result<Self, MutationError> {
        read(json).map_err(|message| MutationError::Malformed { message })
    }

    /// Why a mutation was refused; must be there.
    pub fn into_rejection(self) -> Result<(String, Rejection), MutationError> {
        let missing = || MutationError::Malformed { message: "`reason` is missing".to_owned() };
        Ok((self.id, self.reason.ok_or_else(missing)?))
    }
}

fn read(json: &str) -> Result<Request, String> {
    let request = Fields::parse_object(json)?;
    let ([id, sequence, reason, method, input], _) =
        request.each(["id", "sequence", "reason", "method", "input"]);
    let given = |value: Span| value.kind != Kind::Missing;
    let why = request.at("reason", reason);
    let ([kind, message], _) = why.each(["kind", "message"]);
    Ok(Request {
        id: request.text_at("id", id)?,
        sequence: if given(sequence) { Some(request.count("sequence")?) } else { None },
        method: if given(method) { request.text_at("method", method)? } else { String::new() },
        input: request.raw_at(input),
        reason: match given(reason) {
            true => Some(Rejection {
                kind: why.text_at("kind", kind)?,
                message: why.text_at("message", message)?,
            }),
            false => None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_settles_and_what_asks_is_read() {
        let asked = Request::parse(r#"{"id":"q1","method":"files.list","input":{"a":[1]}}"#).unwrap();
        assert_eq!((&*asked.id, &*asked.method, asked.input.get()), ("q1", "files.list", r#"{"a":[1]}"#));
        assert_eq!(asked.into_rejection().unwrap_err().kind(), "mutation.malformed");
        assert_eq!(Request::parse(r#"{"id":"m\"1","sequence":7}"#).unwrap().sequence, Some(7));
        let refused = r#"{"id":"m1","reason":{"kind":"refused","message":"no \"way\""}}"#;
        let (id, reason) = Request::parse(refused).unwrap().into_rejection().unwrap();
        assert_eq!((&*id, &*reason.kind, &*reason.message), ("m1", "refused", "no \"way\""));
    }

    #[test]
    fn a_wrong_request_says_what_is_wrong() {
        for (json, wrong) in [
            ("[]", "expected an object"),
            (r#"{"id":1}"#, "`id` should be a string"),
            (r#"{"id":"m1","sequence":-1}"#, "`sequence` should be an integer from 0"),
            (r#"{"id":"m1","reason":{"kind":"a"}}"#, "`reason.message` should be a string"),
        ] {
            let message = Request::parse(json).unwrap_err().to_string();
            assert!(message.contains(wrong), "{message}");
        }
    }
}
