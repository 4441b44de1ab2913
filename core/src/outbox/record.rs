//! A pending mutation as it is stored, so that it outlives the app.

use super::mutation::{Mutation, MutationState, Operation};
use crate::bytes::{Reader, Short, Writer};
use crate::json::text::push_quoted;

/// What is stored of a pending mutation.
#[derive(Debug)]
pub(crate) struct Record {
    pub state: MutationState,
    pub sequence: Option<u64>,
    pub also: Vec<String>,
    pub mutation: Mutation,
}

const QUEUED: u8 = 0;
const ACKED: u8 = 1;
const HELD: u8 = 2;

impl Record {
    pub(crate) fn read(payload: &[u8]) -> Result<Self, Short> {
        let mut reader = Reader::new(payload);
        // What was in flight when the app ended may have arrived or not; it is sent again, and the engine knows its id.
        let state = match reader.u8()? {
            ACKED => MutationState::Acked,
            HELD => MutationState::Held,
            _ => MutationState::Queued,
        };
        let has_sequence = reader.u8()? == 1;
        let sequence = reader.u64()?;
        let text = |bytes| str::from_utf8(bytes).map_err(|_| Short);
        let mut also = Vec::new();
        for _ in 0..reader.u32()? {
            also.push(text(reader.slice()?)?.to_owned());
        }
        let mutation = Mutation::parse(text(reader.slice()?)?).map_err(|_| Short)?;
        Ok(Self { state, sequence: has_sequence.then_some(sequence), also, mutation })
    }
}

/// The bytes that [`Record::read`] reads.
pub(crate) fn write(
    state: MutationState,
    sequence: Option<u64>,
    also: &[String],
    mutation: &Mutation,
) -> Vec<u8> {
    let mut out = Writer::default();
    out.u8(match state {
        MutationState::Acked => ACKED,
        MutationState::Held => HELD,
        MutationState::Queued | MutationState::InFlight => QUEUED,
    });
    out.u8(u8::from(sequence.is_some()));
    out.u64(sequence.unwrap_or_default());
    out.u32(also.len() as u32);
    also.iter().for_each(|id| out.slice(id.as_bytes()));
    out.slice(&json(mutation));
    out.bytes
}

/// The mutation as [`Mutation::parse`] reads it; by hand, as a derived writer would be larger.
fn json(mutation: &Mutation) -> Vec<u8> {
    let mut out = Vec::new();
    member(&mut out, "{\"id\":", &mutation.id);
    member(&mut out, ",\"name\":", &mutation.name);
    if let Some(key) = &mutation.coalesce {
        member(&mut out, ",\"coalesce\":", key);
    }
    raw(&mut out, ",\"args\":", mutation.args.get());
    out.extend_from_slice(b",\"optimistic\":[");
    for (index, operation) in mutation.optimistic.iter().enumerate() {
        out.extend_from_slice(if index > 0 { b"," } else { b"" });
        let (kind, resource_type) = match operation {
            Operation::Upsert { resource_type, .. } => ("upsert", resource_type),
            Operation::Merge { resource_type, .. } => ("merge", resource_type),
            Operation::Delete { resource_type, .. } => ("delete", resource_type),
        };
        member(&mut out, "{\"type\":", kind);
        member(&mut out, ",\"data\":{\"resource_type\":", resource_type);
        match operation {
            Operation::Upsert { resource, .. } => raw(&mut out, ",\"resource\":", resource.get()),
            Operation::Merge { id, fields, .. } => {
                member(&mut out, ",\"id\":", id);
                raw(&mut out, ",\"fields\":", fields.get());
            }
            Operation::Delete { id, .. } => member(&mut out, ",\"id\":", id),
        }
        out.extend_from_slice(b"}}");
    }
    out.extend_from_slice(b"]}");
    out
}

fn member(out: &mut Vec<u8>, before: &str, text: &str) {
    out.extend_from_slice(before.as_bytes());
    push_quoted(out, text);
}

fn raw(out: &mut Vec<u8>, before: &str, json: &str) {
    out.extend_from_slice(before.as_bytes());
    out.extend_from_slice(json.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutation_is_read_as_it_was_written() {
        let text = r#"{"id":"m\"1","name":"files.rename","coalesce":"k","args":{"a":[1,null]},"optimistic":[
            {"type":"upsert","data":{"resource_type":"tag","resource":{"id":"t1"}}},
            {"type":"merge","data":{"resource_type":"file","id":"f1","fields":{"name":"é"}}},
            {"type":"delete","data":{"resource_type":"file","id":"f2"}}]}"#;
        let mutation = Mutation::parse(text).unwrap();
        let also = ["m0".to_owned()];
        for state in [MutationState::Queued, MutationState::Acked, MutationState::Held] {
            let bytes = write(state, Some(7), &also, &mutation);
            let record = Record::read(&bytes).unwrap();
            assert_eq!((record.state, record.sequence), (state, Some(7)));
            assert_eq!(record.also, also);
            assert_eq!(
                serde_json::to_string(&record.mutation).unwrap(),
                serde_json::to_string(&mutation).unwrap()
            );
            assert!((0..bytes.len()).all(|length| Record::read(&bytes[..length]).is_err()));
        }
        let in_flight = write(MutationState::InFlight, None, &[], &mutation);
        assert_eq!(Record::read(&in_flight).unwrap().state, MutationState::Queued);
    }
}
