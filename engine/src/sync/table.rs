//! The rows of a model that syncs, whatever model it is.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;
use std::str::FromStr;

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityName,
    EntityTrait, FromQueryResult, IdenStatic, Iterable, QueryFilter, Statement, Value,
};

use uuid::Uuid;

use super::model::{ModelInfo, Payload, Syncable};
use super::rows::{self, Lines, OwnedRow};

/// How many ids one statement names.
const CHUNK: usize = 500;
/// How many rows one statement writes.
const WRITTEN: usize = 250;

/// The table of a model.
#[async_trait]
pub(crate) trait Table: fmt::Debug + Send + Sync {
    fn info(&self) -> &'static ModelInfo;

    /// Whether a payload from another device can be a row here. The error says why not.
    fn check(&self, payload: &Payload) -> Result<(), String>;

    /// The same, and the row as the values of its columns, for [`Table::write_values`].
    fn values(&self, payload: &Payload) -> Result<Vec<Value>, String>;

    /// The rows with these ids that are there, each with its id.
    async fn read(&self, tx: &DatabaseTransaction, ids: &[String]) -> Result<Vec<(String, Payload)>, DbErr>;

    /// The rows that have one of these ids in `field`, which depends on or refers to another model.
    async fn leading_to(
        &self,
        tx: &DatabaseTransaction,
        field: &str,
        ids: &[String],
    ) -> Result<Vec<(String, Payload)>, DbErr>;

    /// The ids of rows whose `parent` is a row of this model that is not here.
    async fn loose(&self, tx: &DatabaseTransaction, parent: &str) -> Result<Vec<String>, DbErr>;

    /// Those of these rows that stay on this device.
    async fn kept_here(&self, tx: &DatabaseTransaction, ids: &[String]) -> Result<Vec<String>, DbErr>;

    /// The newest states of a device's rows after the start of `between` up to its end, at most so many, in the order of their versions.
    async fn lines(
        &self,
        tx: &DatabaseTransaction,
        owner: Uuid,
        between: Range<i64>,
        limit: u64,
    ) -> Result<Lines, DbErr>;

    /// Reads one of these lines. The error says why it can be no row here.
    fn read_line(&self, line: &str) -> Result<OwnedRow, String>;

    /// The place of a field among the values of a row.
    fn place(&self, field: &str) -> Option<usize>;

    /// Adds rows, or brings what goes between devices up to date in them.
    async fn write(&self, tx: &DatabaseTransaction, rows: &[Payload]) -> Result<(), DbErr> {
        let rows: Result<Vec<_>, _> = rows.iter().map(|row| self.values(row)).collect();
        self.write_values(tx, rows.map_err(DbErr::Json)?).await
    }

    /// The same, of rows that are read already.
    async fn write_values(&self, tx: &DatabaseTransaction, rows: Vec<Vec<Value>>) -> Result<(), DbErr>;

    /// Removes the rows with these ids.
    async fn delete(&self, tx: &DatabaseTransaction, ids: &[String]) -> Result<(), DbErr>;
}

/// The table of `M`.
pub(crate) struct Rows<M>(PhantomData<fn() -> M>);

impl<M> Default for Rows<M> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<M: Syncable> fmt::Debug for Rows<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rows").field(&M::INFO.name).finish()
    }
}

#[async_trait]
impl<M> Table for Rows<M>
where
    M: Syncable + FromQueryResult + Send + Sync,
    <M::Table as EntityTrait>::ActiveModel: Send,
{
    fn info(&self) -> &'static ModelInfo {
        const { &M::INFO }
    }

    fn check(&self, payload: &Payload) -> Result<(), String> {
        let mut payload = payload.clone();
        if let Some(added) = M::INFO.added {
            payload.insert(added.to_owned(), 0.into());
        }
        M::read(&payload).map_err(|error| error.to_string())?;
        M::INFO.id(&payload).map(drop).ok_or_else(|| "its id is no text".to_owned())
    }

    fn values(&self, payload: &Payload) -> Result<Vec<Value>, String> {
        let mut row = M::read(payload).map_err(|error| error.to_string())?;
        let columns = <M::Table as EntityTrait>::Column::iter();
        let values = columns.map(|column| row.take(column).into_value().unwrap_or(Value::Bool(None)));
        Ok(values.collect())
    }

    async fn read(&self, tx: &DatabaseTransaction, ids: &[String]) -> Result<Vec<(String, Payload)>, DbErr> {
        let mut rows = Vec::with_capacity(ids.len());
        for ids in ids.chunks(CHUNK) {
            rows.extend(M::Table::find().filter(these::<M>(ids)).all(tx).await?);
        }
        payloads(rows)
    }

    async fn leading_to(
        &self,
        tx: &DatabaseTransaction,
        field: &str,
        ids: &[String],
    ) -> Result<Vec<(String, Payload)>, DbErr> {
        let mut rows = Vec::new();
        for ids in ids.chunks(CHUNK) {
            let values: Option<Vec<Value>> = ids.iter().map(|id| M::id_value(field, id)).collect();
            let values = values.ok_or_else(|| {
                DbErr::Custom(format!("the field `{field}` of `{}` holds no such ids", M::INFO.name))
            })?;
            rows.extend(M::Table::find().filter(column::<M>(field)?.is_in(values)).all(tx).await?);
        }
        payloads(rows)
    }

    async fn loose(&self, tx: &DatabaseTransaction, parent: &str) -> Result<Vec<String>, DbErr> {
        let [key] = M::INFO.key else { return Ok(Vec::new()) };
        let (all, parent) = (M::Table::default(), column::<M>(parent)?);
        let above = Alias::new("above");
        let mut is_there = Query::select();
        is_there
            .expr(Expr::value(1))
            .from_as(all.table_ref(), above.clone())
            .and_where(Expr::col((above, column::<M>(key)?)).equals((all, parent)));
        let rows = M::Table::find().filter(parent.is_not_null()).filter(Expr::exists(is_there).not());
        Ok(payloads(rows.all(tx).await?)?.into_iter().map(|(id, _)| id).collect())
    }

    async fn kept_here(&self, tx: &DatabaseTransaction, ids: &[String]) -> Result<Vec<String>, DbErr> {
        let mut kept = Vec::new();
        for ids in ids.chunks(CHUNK).filter(|_| M::INFO.is_selective) {
            let rows = M::Table::find().filter(these::<M>(ids)).all(tx).await?;
            let rows: Vec<M> = rows.into_iter().filter(|row| !row.should_sync()).collect();
            kept.extend(payloads(rows)?.into_iter().map(|(id, _)| id));
        }
        Ok(kept)
    }

    async fn lines(
        &self,
        tx: &DatabaseTransaction,
        owner: Uuid,
        between: Range<i64>,
        limit: u64,
    ) -> Result<Lines, DbErr> {
        rows::lines::<M>(tx, owner, between, limit).await
    }

    fn read_line(&self, line: &str) -> Result<OwnedRow, String> {
        rows::read::<M>(line)
    }

    fn place(&self, field: &str) -> Option<usize> {
        <M::Table as EntityTrait>::Column::iter().position(|column| column.as_str() == field)
    }

    async fn write_values(&self, tx: &DatabaseTransaction, rows: Vec<Vec<Value>>) -> Result<(), DbErr> {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let some: Vec<Vec<Value>> = rows.by_ref().take(WRITTEN).collect();
            // The text of a whole chunk is always the same, so that SQLite has read it already.
            let sql = insertion::<M>(some.len());
            let values = some.into_iter().flatten();
            tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
        }
        Ok(())
    }

    async fn delete(&self, tx: &DatabaseTransaction, ids: &[String]) -> Result<(), DbErr> {
        for ids in ids.chunks(CHUNK) {
            M::Table::delete_many().filter(these::<M>(ids)).exec(tx).await?;
        }
        Ok(())
    }
}

/// Adds this many rows, or brings what goes between devices up to date in them.
fn insertion<M: Syncable>(rows: usize) -> String {
    let info = &M::INFO;
    let table = M::Table::default();
    let table = table.table_name();
    let quoted = |name: &&str| format!("\"{name}\"");
    let columns: Vec<String> =
        <M::Table as EntityTrait>::Column::iter().map(|column| format!("\"{}\"", column.as_str())).collect();
    let places = format!("({})", vec!["?"; columns.len()].join(","));
    let key: Vec<String> = info.key.iter().map(quoted).collect();
    let updated = info.fields.iter().filter(|field| !info.key.contains(field)).chain(&info.added);
    let mut updated: Vec<String> = updated.map(|field| format!("\"{field}\"=excluded.\"{field}\"")).collect();
    if let Some(version) = info.version.filter(|_| !updated.is_empty()) {
        updated.push(format!("\"{version}\"=\"{table}\".\"{version}\"+1"));
    }
    let action = match updated.is_empty() {
        true => "NOTHING".to_owned(),
        false => format!("UPDATE SET {}", updated.join(",")),
    };
    format!(
        "INSERT INTO \"{table}\" ({}) VALUES {} ON CONFLICT ({}) DO {action}",
        columns.join(","),
        vec![places.as_str(); rows].join(","),
        key.join(",")
    )
}

fn column<M: Syncable>(field: &str) -> Result<<M::Table as EntityTrait>::Column, DbErr> {
    <M::Table as EntityTrait>::Column::from_str(field)
        .map_err(|_| DbErr::Custom(format!("the model `{}` has no column `{field}`", M::INFO.name)))
}

/// The rows with these ids. What is no id of this model has no row.
fn these<M: Syncable>(ids: &[String]) -> Condition {
    if let [field] = M::INFO.key {
        let values = ids.iter().filter_map(|id| M::id_value(field, id));
        return match column::<M>(field) {
            Ok(column) => Condition::all().add(column.is_in(values)),
            Err(_) => Condition::all().add(Expr::value(false)),
        };
    }
    let mut any = Condition::any().add(Expr::value(false));
    for id in ids {
        let mut parts = id.splitn(M::INFO.key.len(), '/');
        let mut all = Some(Condition::all());
        for field in M::INFO.key {
            let value = parts.next().and_then(|part| M::id_value(field, part));
            all = match (all, value, column::<M>(field)) {
                (Some(all), Some(value), Ok(column)) => Some(all.add(column.eq(value))),
                _ => None,
            };
        }
        if let Some(all) = all {
            any = any.add(all);
        }
    }
    any
}

fn payloads<M: Syncable>(rows: Vec<M>) -> Result<Vec<(String, Payload)>, DbErr> {
    rows.iter()
        .map(|row| {
            let payload = row.payload().map_err(json)?;
            let id = M::INFO.id(&payload);
            let id = id.ok_or_else(|| DbErr::Custom(format!("a key of `{}` is no text", M::INFO.name)))?;
            Ok((id, payload))
        })
        .collect()
}

fn json(error: serde_json::Error) -> DbErr {
    DbErr::Json(error.to_string())
}
