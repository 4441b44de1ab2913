//! Which folders an entry is in.

use larder::wire::{CacheMetadata, InvalidationRules, QueryMeta, QueryResponse};
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use super::Unanswered;
use crate::database::entity::file;
use crate::resource::FILE;
use crate::serve::Server;
use crate::transaction::with_tags;

/// The folders above an entry, the outermost first: what a path to it shows.
pub(super) const ANCESTORS: &str = "files.ancestors";

#[derive(Serialize)]
struct Found {
    ids: Vec<Uuid>,
}

pub(super) async fn ancestors(server: &Server, input: &RawValue) -> Result<Box<RawValue>, Unanswered> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Input {
        id: Uuid,
    }
    let Input { id } = serde_json::from_str(input.get())
        .map_err(|error| Unanswered::InvalidInput { method: ANCESTORS, reason: error.to_string() })?;
    let db = &server.db.reader;
    let above = "id IN (SELECT ancestor FROM folder_closure WHERE descendant = \
                 (SELECT parent_id FROM files WHERE id = ?))";
    let depth = "(SELECT depth FROM folder_closure WHERE ancestor = files.id AND descendant = \
                 (SELECT parent_id FROM files WHERE id = ?))";
    let rows = file::Entity::find()
        .filter(Expr::cust_with_values(above, [id]))
        .order_by_desc(Expr::cust_with_values(depth, [id]));
    let rows = rows.all(db).await?;
    let data = Found { ids: rows.iter().map(|row| row.id).collect() };
    let resources = [(FILE.to_owned(), with_tags(db, rows).await?)].into();
    let invalidation =
        Some(InvalidationRules { types: vec![FILE.to_owned()], ..InvalidationRules::default() });
    let cache = CacheMetadata { resources, invalidation, ..CacheMetadata::default() };
    let meta = QueryMeta { next: None, total: Some(data.ids.len() as u64) };
    Ok(to_raw_value(&QueryResponse { data, cache, meta })?)
}
