//! Reads events of either dialect in one pass over their bytes, without building a tree of them.

use super::embedded::{Part, take_apart};
use super::error::EventError;
use super::{Envelope, Limits, Metadata};
use crate::json::beside::{Beside, Members};
use crate::json::scan::{ScanError, Scanner};
use crate::json::{Kind, Span, locate, text};
use crate::registry::Registry;
use crate::store::{Cell, FoundRow, NoTable, RowRef, Store};

/// An event that has been checked whole; nothing has been applied.
pub(crate) struct Decoded {
    pub envelope: Option<Envelope>,
    pub body: Body,
    /// The row that the only one of the event takes the place of.
    pub replaced: Option<Replaced>,
}

/// A visible row, and what the one that comes in its place has otherwise.
pub(crate) struct Replaced {
    pub slot: u32,
    pub row: RowRef,
    /// The members of the new row that are others; `None` if it is another altogether.
    pub others: Option<Members>,
}

/// What an event says.
pub(crate) enum Body {
    /// Resources with others in them, taken apart: first what was inside.
    Parts { parts: Vec<Part>, metadata: Metadata },
    /// Resources of one type. The cells are those of all rows, one after the other.
    Rows { table: u32, rows: Vec<FoundRow>, cells: Vec<Cell>, metadata: Metadata },
    /// A resource is gone.
    Deleted { table: Option<u32>, id: String },
    /// To be handed to the app's listeners as it is.
    HandedOn,
}

/// An event that was refused, with as much of its envelope as could be read.
pub(crate) struct Refused {
    pub envelope: Option<Envelope>,
    pub error: EventError,
}

/// The kinds of events that are read; any other is handed on or refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EventName {
    One,
    Many,
    Deleted,
    Notice,
}

impl EventName {
    fn known(name: &[u8]) -> Option<Self> {
        match name {
            b"ResourceChanged" => Some(Self::One),
            b"ResourceBatchChanged" | b"ResourceChangedBatch" => Some(Self::Many),
            b"ResourceDeleted" => Some(Self::Deleted),
            b"BulkOperationCompleted" | b"Refresh" => Some(Self::Notice),
            _ => None,
        }
    }
}

/// Checks an event whole and finds its rows.
pub(crate) fn decode(
    bytes: &[u8],
    store: &mut Store,
    registry: &Registry,
    limits: &Limits,
) -> Result<Decoded, Box<Refused>> {
    let mut decoder = Decoder { bytes, store, registry, limits, envelope: None, replaced: None };
    match decoder.message().and_then(|body| decoder.taken_apart(body)) {
        Ok(body) => Ok(Decoded { envelope: decoder.envelope, body, replaced: decoder.replaced }),
        Err(halt) => {
            let error = match halt {
                Halt::Scan(error) => EventError::from_scan(error, bytes, limits),
                Halt::Event(error) => *error,
            };
            Err(Box::new(Refused { envelope: decoder.envelope, error }))
        }
    }
}

/// Checks that a message is text of an allowed size.
pub(crate) fn check_text<'a>(bytes: &'a [u8], limits: &Limits) -> Result<&'a str, EventError> {
    if bytes.len() > limits.max_event_bytes as usize {
        return Err(EventError::TooLarge { bytes: bytes.len(), limit: limits.max_event_bytes as usize });
    }
    text::check(bytes).map_err(|offset| EventError::NotUtf8 { offset })
}

struct Decoder<'a> {
    bytes: &'a [u8],
    store: &'a mut Store,
    registry: &'a Registry,
    limits: &'a Limits,
    envelope: Option<Envelope>,
    replaced: Option<Replaced>,
}

/// From so many rows on, the rest of a text can be guessed.
const ROWS_THAT_TELL: usize = 64;

pub(crate) const AN_ID: &str = "a string that is not empty, or an integer";

/// Why decoding stopped.
enum Halt {
    /// The scanner refused the text; the path to the place is found at the end, once.
    Scan(ScanError),
    /// Boxed because it is large and rare: moved by value through every `?` it would double the code.
    Event(Box<EventError>),
}

impl From<ScanError> for Halt {
    fn from(error: ScanError) -> Self {
        Self::Scan(error)
    }
}

impl From<EventError> for Halt {
    fn from(error: EventError) -> Self {
        Self::Event(Box::new(error))
    }
}

type Result<T, E = Halt> = std::result::Result<T, E>;

impl<'a> Decoder<'a> {
    fn message(&mut self) -> Result<Body> {
        check_text(self.bytes, self.limits)?;
        let mut s = Scanner::new(self.bytes, self.limits.scan());
        let body = self.event(&mut s, 0)?;
        s.finish()?;
        Ok(body)
    }

    fn taken_apart(&mut self, body: Body) -> Result<Body> {
        let Body::Rows { table, rows, cells, metadata } = body else { return Ok(body) };
        let objects = rows.iter().map(|row| row.start..row.end);
        let most = (self.limits.max_entities as usize).saturating_sub(rows.len());
        match take_apart(self.bytes, table, objects, self.store, most)? {
            Some(parts) => Ok(Body::Parts { parts, metadata }),
            None => Ok(Body::Rows { table, rows, cells, metadata }),
        }
    }

    #[cold]
    #[inline(never)]
    fn missing<T>(&self, offset: usize, field: &str) -> Result<T> {
        Err(EventError::MissingField { field: self.named_field(offset, field) }.into())
    }

    #[cold]
    #[inline(never)]
    fn wrong<T>(&self, offset: usize, field: &str, expected: &'static str) -> Result<T> {
        Err(EventError::WrongType { field: self.named_field(offset, field), expected }.into())
    }

    fn field(&self, offset: usize) -> String {
        locate::path_at(self.bytes, offset)
    }

    /// An event in either dialect, or one wrapped as `{"Event": …}`.
    fn event(&mut self, s: &mut Scanner<'a>, depth: u32) -> Result<Body> {
        let start = s.pos;
        match s.next_token() {
            b'"' => {
                let name = s.string()?;
                self.named(text::decode(self.bytes, name).as_ref())
            }
            b'{' => self.event_object(s, depth),
            // Garbage is reported as garbage, not as a wrong type.
            _ => {
                s.value(depth)?;
                self.wrong(start, "event", "an object or a name")
            }
        }
    }

    fn event_object(&mut self, s: &mut Scanner<'a>, depth: u32) -> Result<Body> {
        let mut body = None;
        let mut other: Option<Span> = None;
        let mark = s.keys_mark();
        let mut more = s.open_object()?;
        while more {
            let key = s.key()?;
            s.refuse_duplicate(mark, key)?;
            let name = text::key_text(self.bytes, key);
            match name.as_ref() {
                b"envelope" => self.read_envelope(s, depth + 1)?,
                b"kind" => body = Some(self.kind(s, depth + 1)?),
                b"Event" if depth == 0 && body.is_none() => body = Some(self.event(s, depth + 1)?),
                name => match EventName::known(name) {
                    Some(known) if body.is_none() => body = Some(self.data(s, known, depth + 1)?),
                    _ => {
                        s.value(depth + 1)?;
                        other = other.or(Some(key));
                    }
                },
            }
            more = s.more_members()?;
        }
        s.end_keys(mark)?;
        match (body, other) {
            (Some(body), _) => Ok(body),
            (None, Some(name)) if self.envelope.is_none() => self.named(&text::decode(self.bytes, name)),
            (None, _) => self.missing(0, "kind"),
        }
    }

    /// An event of which only the name is read.
    fn named(&self, name: &str) -> Result<Body> {
        let known = EventName::known(name.as_bytes());
        if known == Some(EventName::Notice) || self.registry.hands_on(name) {
            return Ok(Body::HandedOn);
        }
        match known {
            Some(_) => self.missing(0, &format!("{name}.resource_type")),
            None => Err(EventError::UnknownKind { name: name.chars().take(128).collect() }.into()),
        }
    }

    fn read_envelope(&mut self, s: &mut Scanner<'a>, depth: u32) -> Result<()> {
        let span = s.value(depth)?;
        if span.kind != Kind::Object {
            return self.wrong(0, "envelope", "an object");
        }
        let envelope = super::envelope::read(self.bytes, span)?;
        self.envelope = Some(envelope);
        Ok(())
    }

    /// `{"type": …, "data": …}` in either order.
    fn kind(&mut self, s: &mut Scanner<'a>, depth: u32) -> Result<Body> {
        if s.next_token() == b'"' {
            let name = s.string()?;
            return self.named(&text::decode(self.bytes, name));
        }
        let start = s.pos;
        let mut name: Option<Span> = None;
        let mut body = None;
        let mut late = None;
        let mark = s.keys_mark();
        let mut more = s.open_object()?;
        while more {
            let key = s.key()?;
            s.refuse_duplicate(mark, key)?;
            let at = s.pos;
            match (text::key_text(self.bytes, key).as_ref(), name) {
                (b"type", _) => {
                    let value = s.value(depth + 1)?;
                    if !value.is_text() {
                        return self.wrong(start, "type", "a string");
                    }
                    name = Some(value);
                }
                (b"data", Some(known)) => match EventName::known(&text::key_text(self.bytes, known)) {
                    Some(known) => body = Some(self.data(s, known, depth + 1)?),
                    None => _ = s.value(depth + 1)?,
                },
                (b"data", None) => {
                    s.value(depth + 1)?;
                    late = Some(at);
                }
                _ => _ = s.value(depth + 1)?,
            }
            more = s.more_members()?;
        }
        s.end_keys(mark)?;
        let Some(name) = name else {
            return self.missing(start, "type");
        };
        if let Some(body) = body {
            return Ok(body);
        }
        match (late, EventName::known(&text::key_text(self.bytes, name))) {
            (Some(at), Some(known)) => {
                let mut again = Scanner::at(self.bytes, at, self.limits.scan());
                self.data(&mut again, known, depth + 1)
            }
            _ => self.named(&text::decode(self.bytes, name)),
        }
    }

    /// What a known kind of event carries.
    fn data(&mut self, s: &mut Scanner<'a>, name: EventName, depth: u32) -> Result<Body> {
        if name == EventName::Notice {
            s.value(depth)?;
            return Ok(Body::HandedOn);
        }
        s.next_token();
        let start = s.pos;
        let rows_key = if name == EventName::One { "resource" } else { "resources" };
        let mut has_type = false;
        let mut table = None;
        let mut late_rows = None;
        let mut rows = None;
        let mut id = None;
        let mut metadata = Metadata::default();
        let mark = s.keys_mark();
        let mut more = s.open_object()?;
        while more {
            let key = s.key()?;
            s.refuse_duplicate(mark, key)?;
            let at = s.pos;
            match text::key_text(self.bytes, key).as_ref() {
                b"resource_type" => {
                    let value = s.value(depth + 1)?;
                    if !value.is_text() || value.start == value.end {
                        return self.wrong(start, "resource_type", "a string that is not empty");
                    }
                    table = self.table(&text::decode(self.bytes, value), name)?;
                    has_type = true;
                }
                key if key == rows_key.as_bytes() && name != EventName::Deleted => match table {
                    Some(table) => rows = Some(self.rows(s, name, table, depth + 1)?),
                    None => {
                        s.value(depth + 1)?;
                        late_rows = Some(at);
                    }
                },
                b"resource_id" if name == EventName::Deleted => {
                    let value = s.value(depth + 1)?;
                    id = id_text(self.bytes, value);
                    if id.is_none() {
                        return self.wrong(start, "resource_id", AN_ID);
                    }
                }
                b"metadata" => {
                    let value = s.value(depth + 1)?;
                    if value.kind != Kind::Null {
                        metadata =
                            super::envelope::metadata(self.bytes, value, &self.field(value.start as usize))?;
                    }
                }
                _ => _ = s.value(depth + 1)?,
            }
            more = s.more_members()?;
        }
        s.end_keys(mark)?;
        if !has_type {
            return self.missing(start, "resource_type");
        }
        if name == EventName::Deleted {
            return match id {
                Some(id) => Ok(Body::Deleted { table, id }),
                None => self.missing(start, "resource_id"),
            };
        }
        if let (Some(at), Some(table)) = (late_rows, table) {
            let mut again = Scanner::at(self.bytes, at, self.limits.scan());
            rows = Some(self.rows(&mut again, name, table, depth + 1)?);
        }
        match (rows, table) {
            (Some((rows, cells)), Some(table)) => Ok(Body::Rows { table, rows, cells, metadata }),
            _ => self.missing(start, rows_key),
        }
    }

    fn table(&mut self, resource_type: &str, name: EventName) -> Result<Option<u32>> {
        if name == EventName::Deleted
            && self.store.find_table(resource_type).is_none()
            && self.registry.unknown_types() == crate::registry::UnknownTypes::Store
        {
            // Nothing of such a type is there to delete, so it needs no table.
            return Ok(None);
        }
        match self.store.table_or_insert(resource_type, self.limits.max_unknown_types) {
            Ok(table) => Ok(Some(table)),
            Err(NoTable::Refused) => {
                Err(EventError::UnknownType { resource_type: resource_type.to_owned() }.into())
            }
            Err(NoTable::TooMany) => {
                let limit = self.limits.max_unknown_types;
                Err(EventError::TooManyTypes { resource_type: resource_type.to_owned(), limit }.into())
            }
        }
    }

    fn rows(
        &mut self,
        s: &mut Scanner<'a>,
        name: EventName,
        table: u32,
        depth: u32,
    ) -> Result<(Vec<FoundRow>, Vec<Cell>)> {
        let mut fields = Vec::new();
        if name == EventName::One {
            let mut found = (Vec::with_capacity(1), Vec::new());
            self.row(s, table, (depth, true), &mut fields, &mut found)?;
            return Ok(found);
        }
        let mut found = (Vec::new(), Vec::new());
        let mut more = s.open_array()?;
        let begin = s.pos;
        while more {
            make_room(&mut found, s.pos - begin, self.bytes.len() - s.pos);
            if found.0.len() >= self.limits.max_entities as usize {
                return Err(EventError::TooManyEntities { limit: self.limits.max_entities }.into());
            }
            self.row(s, table, (depth + 1, false), &mut fields, &mut found)?;
            more = s.more_elements()?;
        }
        Ok(found)
    }

    fn row(
        &mut self,
        s: &mut Scanner<'a>,
        table: u32,
        (depth, is_only): (u32, bool),
        fields: &mut Vec<Span>,
        (rows, cells): &mut (Vec<FoundRow>, Vec<Cell>),
    ) -> Result<()> {
        s.next_token();
        let start = s.pos;
        let Store { tables, slab, .. } = &mut *self.store;
        let Some(table) = tables.get_mut(table as usize) else { return Ok(()) };
        if s.peek() != b'{' {
            s.value(depth)?;
            return self.wrong(start, "", "an object");
        }
        let slot = if is_only { table.slot_ahead(s) } else { None };
        let known = slot.map(|slot| (slot, table.row_ref(slot))).filter(|(_, row)| !row.is_none());
        let mut beside = known.map(|(_, row)| Beside::new(slab.get(row), start));
        let row = table.scan(s, depth, fields, cells, beside.as_mut())?;
        self.replaced =
            known.zip(beside).map(|((slot, row), beside)| Replaced { slot, row, others: beside.others() });
        let [id, version] = table.id_and_version(fields);
        let is_id = matches!(id.kind, Kind::Text | Kind::EscapedText) || is_integer(id, self.bytes);
        if !is_id || id.start == id.end {
            let field = table.resource.id.clone();
            return match id.kind {
                Kind::Missing => self.missing(start + 1, &field),
                _ => self.wrong(start + 1, &field, AN_ID),
            };
        }
        if !matches!(version.kind, Kind::Missing | Kind::Null) && !is_count(version, self.bytes) {
            let field = table.resource.version.clone().unwrap_or_default();
            return self.wrong(start + 1, &field, "an integer from 0");
        }
        rows.push(row);
        Ok(())
    }

    /// The path of a field of the object at `offset`.
    fn named_field(&self, offset: usize, field: &str) -> String {
        locate::field_at(self.bytes, offset, field)
    }
}

/// Makes room for as many rows as the rest of the text seems to have, when there is none. Twice what there was, as lists grow by
/// themselves, would leave WebAssembly with memory that is never given back.
fn make_room((rows, cells): &mut (Vec<FoundRow>, Vec<Cell>), read: usize, rest: usize) {
    if rows.len() < rows.capacity() || rows.len() < ROWS_THAT_TELL {
        return;
    }
    let more = rest / (read / rows.len()).max(1);
    let more = more + more / 32 + ROWS_THAT_TELL;
    rows.reserve_exact(more);
    cells.reserve_exact(more * (cells.len() / rows.len()));
}

/// The text of an id: a string that is not empty, or an integer's digits.
pub(crate) fn id_text(bytes: &[u8], span: Span) -> Option<String> {
    match span.kind {
        Kind::Text | Kind::EscapedText if span.start < span.end => {
            Some(text::decode(bytes, span).into_owned())
        }
        Kind::Number if is_integer(span, bytes) => Some(String::from_utf8_lossy(span.of(bytes)).into_owned()),
        _ => None,
    }
}

fn is_integer(span: Span, bytes: &[u8]) -> bool {
    let digits = span.of(bytes);
    let digits = digits.strip_prefix(b"-").unwrap_or(digits);
    span.kind == Kind::Number && digits.iter().all(u8::is_ascii_digit) && digits != b"0"
        || span.of(bytes) == b"0"
}

#[inline(always)]
pub(crate) fn is_count(span: Span, bytes: &[u8]) -> bool {
    span.kind == Kind::Number && span.of(bytes).iter().all(u8::is_ascii_digit)
}
