//! Rows that a device owns, very many of them, as text: one line for each, with its values in the order of the model's fields.
//!
//! SQLite writes the lines itself, and they go as they are. So a row costs neither side an object, nor the names of its fields.
//!
//! ```text
//! [17,"0190…-…",1,"8F3A…","notes.txt",null,0]    version, id, whether it is there, and the fields without the key
//! [18,"0190…-…",0]                               it is gone
//! ```

use std::fmt::{self, Write as _};
use std::marker::PhantomData;
use std::ops::Range;

use sea_orm::{
    ColumnTrait, ColumnType, ConnectionTrait, DatabaseTransaction, DbErr, EntityName, EntityTrait,
    IdenStatic, Iterable, Statement, Value,
};
use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

use super::model::{ModelInfo, Syncable};
use super::table::Table;
use crate::database::entity::sync_owned::State;

/// Lines that are read, up to the first that is no row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Read {
    pub(crate) rows: Vec<OwnedRow>,
    /// What that one says is its id, and what is wrong with it.
    pub(crate) malformed: Option<(String, String)>,
}

impl Read {
    pub(super) fn new(table: &dyn Table, lines: &Lines) -> Self {
        let mut rows = Vec::with_capacity(lines.count);
        for line in lines.text.lines() {
            match table.read_line(line) {
                Ok(row) => rows.push(row),
                Err(reason) => return Self { rows, malformed: Some((id(line), reason)) },
            }
        }
        Self { rows, malformed: None }
    }
}

/// A row that a device owns, read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OwnedRow {
    pub(crate) id: String,
    pub(crate) version: i64,
    /// Its values, in the order of the table's columns; nothing, if it is gone.
    pub(crate) values: Option<Vec<Value>>,
}

/// Some lines, in the order of their versions.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Lines {
    pub(crate) count: usize,
    /// The version of the last, if they were read here.
    pub(crate) last: Option<i64>,
    /// Each ends with a line break.
    pub(crate) text: String,
}

impl Lines {
    /// Takes as many lines as there are to be off the beginning of `text`, and says what is left. Nothing, if there are fewer.
    pub(super) fn take<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let end = match self.count.checked_sub(1) {
            Some(before) => text.match_indices('\n').nth(before)?.0 + 1,
            None => 0,
        };
        let (lines, left) = text.split_at(end);
        lines.clone_into(&mut self.text);
        Some(left)
    }
}

/// Where lines stand elsewhere, only how many they are.
impl Serialize for Lines {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.count.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { count: usize::deserialize(deserializer)?, ..Self::default() })
    }
}

/// The fields that a line has, in its order.
fn fields(info: &ModelInfo) -> impl Iterator<Item = &'static str> {
    info.fields.iter().copied().filter(|field| !info.key.contains(field))
}

/// Lines for the newest states of a device's rows after the start of `between` up to its end, at most so many.
pub(super) async fn lines<M: Syncable>(
    tx: &DatabaseTransaction,
    owner: Uuid,
    between: Range<i64>,
    limit: u64,
) -> Result<Lines, DbErr> {
    let values: [Value; 5] = [
        owner.into(),
        M::INFO.name.into(),
        between.start.into(),
        between.end.into(),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    ];
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), query::<M>(), values);
    let Some(row) = tx.query_one_raw(statement).await? else { return Ok(Lines::default()) };
    let count: i64 = row.try_get_by_index(0)?;
    let text: Option<String> = row.try_get_by_index(2)?;
    Ok(Lines {
        count: usize::try_from(count).unwrap_or(0),
        last: row.try_get_by_index(1)?,
        text: text.unwrap_or_default(),
    })
}

fn query<M: Syncable>() -> String {
    let info = &M::INFO;
    let table = M::Table::default();
    let (mut values, mut id) = (String::new(), "owned.record_id".to_owned());
    for column in <M::Table as EntityTrait>::Column::iter() {
        let (name, is_id) = (column.as_str(), *column.def().get_column_type() == ColumnType::Uuid);
        if info.key.contains(&name) && is_id {
            id = "unhex(replace(owned.record_id,'-',''))".to_owned();
        } else if fields(info).any(|field| field == name) {
            // What is nothing stays nothing.
            let _ = match is_id {
                true => write!(values, ",nullif(hex(its.\"{name}\"),'')"),
                false => write!(values, ",its.\"{name}\""),
            };
        }
    }
    let key = info.key.first().copied().unwrap_or_default();
    let (live, doubted) = (State::Live as i32, State::Doubted as i32);
    format!(
        "SELECT count(*),max(version),group_concat(line,'') FROM (SELECT owned.version AS version,CASE WHEN its.\"{key}\" \
         IS NULL THEN json_array(owned.version,owned.record_id,0) \
         ELSE json_array(owned.version,owned.record_id,1{values}) END||char(10) AS line \
         FROM sync_owned AS owned LEFT JOIN \"{table}\" AS its ON owned.state={live} AND its.\"{key}\"={id} \
         WHERE owned.owner=? AND owned.model=? AND owned.version>? AND owned.version<=? \
         AND owned.state<>{doubted} ORDER BY owned.version LIMIT ?)",
        table = table.table_name()
    )
}

/// Reads a line. The error says what is wrong with it.
pub(super) fn read<M: Syncable>(line: &str) -> Result<OwnedRow, String> {
    let mut text = serde_json::Deserializer::from_str(line);
    let row = Line::<M>(PhantomData).deserialize(&mut text).and_then(|row| text.end().map(|()| row));
    row.map_err(|error| error.to_string())
}

/// What a line that cannot be read says about whose it is.
fn id(line: &str) -> String {
    let all: Vec<serde_json::Value> = serde_json::from_str(line).unwrap_or_default();
    all.get(1).and_then(serde_json::Value::as_str).unwrap_or_default().chars().take(100).collect()
}

struct Line<M>(PhantomData<fn() -> M>);

impl<'de, M: Syncable> DeserializeSeed<'de> for Line<M> {
    type Value = OwnedRow;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<OwnedRow, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, M: Syncable> Visitor<'de> for Line<M> {
    type Value = OwnedRow;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a row of `{}` as an array", M::INFO.name)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<OwnedRow, A::Error> {
        let version = next(&mut values, "version")?;
        let id: String = next(&mut values, "id")?;
        let Flag(is_there) = next(&mut values, "whether it is there")?;
        let values = is_there.then(|| M::values(&id, &mut values)).transpose()?;
        Ok(OwnedRow { id, version, values })
    }
}

/// The next value of a line, for the code that the derive makes.
pub(crate) fn next<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(
    values: &mut A,
    name: &'static str,
) -> Result<T, A::Error> {
    match values.next_element() {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(A::Error::missing_field(name)),
        Err(error) => Err(A::Error::custom(format_args!("`{name}`: {error}"))),
    }
}

/// The key that an id says, for the code that the derive makes. Two ids never say the same.
pub(crate) fn key<T: std::str::FromStr + fmt::Display, E: Error>(id: &str) -> Result<T, E> {
    let key = id.parse::<T>().ok().filter(|key| {
        let mut left = Left(id);
        write!(left, "{key}").is_ok() && left.0.is_empty()
    });
    key.ok_or_else(|| E::custom("its id is none"))
}

/// What is left of a text after what was written.
struct Left<'a>(&'a str);

impl fmt::Write for Left<'_> {
    fn write_str(&mut self, written: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(written).ok_or(fmt::Error)?;
        Ok(())
    }
}

/// A `bool` as SQLite has it.
pub(crate) struct Flag(pub(crate) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            0 => Ok(Self(false)),
            1 => Ok(Self(true)),
            other => Err(D::Error::custom(format_args!("{other} is neither 0 nor 1"))),
        }
    }
}

impl From<Flag> for Value {
    fn from(Flag(value): Flag) -> Self {
        value.into()
    }
}

/// The fields of the rows that a part of a stream has, as it says them.
pub(super) fn named(info: &ModelInfo) -> Vec<String> {
    fields(info).map(str::to_owned).collect()
}

/// The id in a value, as text. Nothing, if it holds none.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Uuid(Some(id)) => Some(id.to_string()),
        Value::String(Some(id)) => Some(id.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::entity::{file, location};

    const ID: &str = "01900000-0000-7000-8000-000000000001";
    const PLACE: &str = "01900000000070008000000000000002";

    fn file(id: &str, rest: &str) -> Result<OwnedRow, String> {
        read::<file::Model>(&format!(r#"[7,"{id}",1,"{PLACE}",{rest}]"#))
    }

    #[test]
    fn a_line_is_a_row_with_all_its_columns() {
        let row = file(ID, r#"null,"a\u0000\n",null,"text",0,9,"a",1,2,null,null"#).unwrap();
        assert_eq!((row.version, row.id.as_str()), (7, ID));
        let values = row.values.unwrap();
        let columns = <file::Entity as EntityTrait>::Column::iter().count();
        assert_eq!(values.len(), columns);
        assert_eq!(values[0], Uuid::parse_str(ID).unwrap().into());
        assert_eq!(values[2], None::<Uuid>.into());
        assert_eq!((&values[3], &values[6]), (&"a\u{0}\n".into(), &false.into()));
        let gone = read::<file::Model>(&format!(r#"[8,"{ID}",0]"#)).unwrap();
        assert!(gone.version == 8 && gone.values.is_none());
    }

    #[test]
    fn a_line_that_is_no_row_is_refused_with_the_reason() {
        let whole = r#"null,"a",null,"text",0,9,"a",1,2,null,null"#;
        assert!(file(ID, whole).is_ok());
        for (id, rest, reason) in [
            (ID, r#"null,"a",null,"text",2,9,"a",1,2,null,null"#, "`is_dir`: 2 is neither 0 nor 1"),
            (ID, r#"null,"a",null,"text",0,"9","a",1,2,null,null"#, "`size`: invalid type"),
            (ID, r#"7,"a",null,"text",0,9,"a",1,2,null,null"#, "`parent_id`: invalid type"),
            (ID, r#""x","a",null,"text",0,9,"a",1,2,null,null"#, "`parent_id`: UUID parsing failed"),
            (ID, r#"null,null,null,"text",0,9,"a",1,2,null,null"#, "`name`: invalid type: null"),
            (ID, r#"null,"a",null,"text",0,9,"a",1,2,null"#, "missing field `metadata_id`"),
            (ID, &format!("{whole},1"), "trailing characters"),
            (ID, "null", "missing field `name`"),
            ("none", whole, "its id is none"),
            // Another text for the same key would be another row in the tables of what is known.
            (&ID.replace('-', ""), whole, "its id is none"),
        ] {
            let error = file(id, rest).unwrap_err();
            assert!(error.contains(reason), "{error} does not say {reason}");
        }
        for line in ["", "7", "{}", "[]", r#"["7"]"#, r#"[7,"x"]"#, &format!(r#"[7,"{ID}",0,1]"#)] {
            assert!(read::<file::Model>(line).is_err(), "{line}");
        }
        let state = format!(r#"[7,"{ID}",1,"{PLACE}",null,"a","/a","asleep",0]"#);
        assert!(read::<location::Model>(&state).unwrap_err().contains("`scan_state`: unknown variant"));
        assert_eq!(id(&state), ID);
    }
}
