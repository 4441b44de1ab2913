//! Questions about files: what is in a folder, what has a text in its name.

use std::hash::{DefaultHasher, Hash, Hasher};

use larder::wire::{CacheMetadata, InvalidationRules, PathScope, QueryMeta, QueryResponse};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::Unanswered;
use crate::database::entity::file;
use crate::resource::FILE;
use crate::serve::Server;
use crate::transaction::with_tags;

/// Which files have a text in their names, whatever the case of its ASCII letters; shortest path first.
pub(super) const SEARCH: &str = "files.search";
/// The entries of a folder, or all below it, by path.
pub(super) const LIST: &str = "files.list";

const MOST: u64 = 1_000;
const SEARCH_SECONDS: u32 = 60;
const LIST_SECONDS: u32 = 300;
/// Answers with more files are not watched.
const MOST_WATCHED: u64 = 10_000;

#[derive(Serialize)]
struct Found {
    ids: Vec<uuid::Uuid>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    text: String,
    limit: Option<u64>,
    /// The last path of the page before.
    cursor: Option<String>,
}

fn length() -> SimpleExpr {
    Expr::expr(Func::char_length(Expr::col(file::Column::Path)))
}

fn having(text: &str) -> Select<file::Entity> {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let has_text = Expr::col(file::Column::Name).like(LikeExpr::new(format!("%{escaped}%")).escape('\\'));
    file::Entity::find().filter(has_text)
}

pub(super) async fn search_state(server: &Server, input: &RawValue) -> Result<Option<String>, Unanswered> {
    let Search { text, .. } = read(SEARCH, input)?;
    state(server, having(&text).order_by_asc(length())).await
}

pub(super) async fn search(server: &Server, input: &RawValue) -> Result<Box<RawValue>, Unanswered> {
    let Search { text, limit, cursor } = read(SEARCH, input)?;
    let matching = having(&text);
    let rest = cursor.map(|path| {
        let its_length = i64::try_from(path.chars().count()).unwrap_or(i64::MAX);
        Condition::any()
            .add(length().gt(its_length))
            .add(Condition::all().add(length().eq(its_length)).add(file::Column::Path.gt(path)))
    });
    let cache = CacheMetadata { cache_duration: Some(SEARCH_SECONDS), ..CacheMetadata::default() };
    page(server, matching.order_by_asc(length()), rest, limit, cache).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    /// From the root of the location; empty for the root.
    path: String,
    #[serde(default)]
    recursive: bool,
    limit: Option<u64>,
    cursor: Option<String>,
}

async fn inside(server: &Server, path: &str, recursive: bool) -> Result<Select<file::Entity>, Unanswered> {
    let is_folder = file::Column::Path.eq(path).and(file::Column::IsDir.eq(true));
    let folder = file::Entity::find().filter(is_folder).one(&server.db.reader).await?;
    let folder = folder.ok_or_else(|| Unanswered::NotFound { path: path.chars().take(200).collect() })?;
    let inside = match (recursive, path.is_empty()) {
        (false, _) => Condition::all().add(file::Column::ParentId.eq(folder.id)),
        (true, true) => Condition::all().add(file::Column::Path.gt("")),
        // What begins with the path and a `/`, which `0` comes after.
        (true, false) => Condition::all()
            .add(file::Column::Path.gt(format!("{path}/")))
            .add(file::Column::Path.lt(format!("{path}0"))),
    };
    Ok(file::Entity::find().filter(inside))
}

pub(super) async fn list_state(server: &Server, input: &RawValue) -> Result<Option<String>, Unanswered> {
    let List { path, recursive, .. } = read(LIST, input)?;
    state(server, inside(server, &path, recursive).await?).await
}

pub(super) async fn list(server: &Server, input: &RawValue) -> Result<Box<RawValue>, Unanswered> {
    let List { path, recursive, limit, cursor } = read(LIST, input)?;
    let inside = inside(server, &path, recursive).await?;
    let rest = cursor.map(|path| Condition::all().add(file::Column::Path.gt(path)));
    let cache = CacheMetadata {
        cache_duration: Some(LIST_SECONDS),
        invalidation: Some(InvalidationRules {
            scopes: vec![PathScope { path, recursive }],
            ..InvalidationRules::default()
        }),
        ..CacheMetadata::default()
    };
    page(server, inside, rest, limit, cache).await
}

/// The state of an answer of which this is the whole, of all pages. Where that is too much to be looked at after each change, none.
async fn state(server: &Server, matching: Select<file::Entity>) -> Result<Option<String>, Unanswered> {
    let ids = matching.select_only().column(file::Column::Id).order_by_asc(file::Column::Path);
    let ids: Vec<uuid::Uuid> = ids.limit(MOST_WATCHED + 1).into_tuple().all(&server.db.reader).await?;
    if ids.len() as u64 > MOST_WATCHED {
        return Ok(None);
    }
    let mut state = DefaultHasher::new();
    ids.hash(&mut state);
    Ok(Some(format!("{:016x}", state.finish())))
}

/// One page of the files that match, those with equal keys by path. `rest` is where it begins, the first page without it.
async fn page(
    server: &Server,
    matching: Select<file::Entity>,
    rest: Option<Condition>,
    limit: Option<u64>,
    cache: CacheMetadata,
) -> Result<Box<RawValue>, Unanswered> {
    let db = &server.db.reader;
    let limit = limit.unwrap_or(MOST).clamp(1, MOST);
    // Before the rows: what comes in between is told of, rather than missed.
    let watch = state(server, matching.clone()).await?;
    let total = matching.clone().count(db).await?;
    let rows = matching.filter(rest.unwrap_or_else(Condition::all)).order_by_asc(file::Column::Path);
    let mut rows = rows.limit(limit + 1).all(db).await?;
    let has_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = rows.last().filter(|_| has_more);
    let next = last.map(|row| to_raw_value(&row.path)).transpose()?;
    let data = Found { ids: rows.iter().map(|row| row.id).collect() };
    let resources = [(FILE.to_owned(), with_tags(db, rows).await?)].into();
    let meta = QueryMeta { next, total: Some(total) };
    Ok(to_raw_value(&QueryResponse { data, cache: CacheMetadata { resources, watch, ..cache }, meta })?)
}

fn read<'de, T: Deserialize<'de>>(method: &'static str, input: &'de RawValue) -> Result<T, Unanswered> {
    serde_json::from_str(input.get())
        .map_err(|error| Unanswered::InvalidInput { method, reason: error.to_string() })
}
