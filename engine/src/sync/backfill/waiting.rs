//! Changes that wait here and are in no row yet: they go with the rows, each where its own row goes. So nothing is passed over when it begins to
//! wait, or ceases to, between two pages.

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::super::change::{SharedChange, What};
use super::super::message::Links;
use super::super::replica::Replica;
use crate::database::entity::sync_waiting;

/// Changes that wait, by the row that they are about.
pub(super) type Waiting = BTreeMap<String, Vec<SharedChange>>;

/// What waits to change rows of a model after this one: all that is about the first of them, as many rows as are in a page at least.
pub(super) async fn waiting(
    tx: &DatabaseTransaction,
    replica: &Replica,
    model: &str,
    after: &str,
) -> Result<Waiting, DbErr> {
    use sync_waiting::Column as C;
    let of_model = || sync_waiting::Entity::find().filter(C::Model.eq(model));
    let later = of_model().filter(C::RecordId.gt(after)).order_by_asc(C::RecordId).limit(replica.batch);
    let mut rows = later.all(tx).await?;
    if let Some(last) = rows.last().filter(|_| rows.len() as u64 >= replica.batch) {
        // The limit may have come between two changes of one row.
        let last = last.record_id.clone();
        rows.retain(|row| row.record_id != last);
        rows.extend(of_model().filter(C::RecordId.eq(last)).all(tx).await?);
    }
    let mut waiting = Waiting::new();
    for row in rows {
        let change = replica.vault.read_change(&row.change)?;
        waiting.entry(row.record_id).or_default().push(change);
    }
    Ok(waiting)
}

/// How many rows there are that something waits to change.
pub(super) async fn count(tx: &DatabaseTransaction) -> Result<u64, DbErr> {
    use sync_waiting::Column as C;
    let rows = sync_waiting::Entity::find().select_only().column(C::Model).column(C::RecordId).distinct();
    rows.into_tuple::<(String, String)>().count(tx).await
}

/// What is said of a link for which these wait: their makings are not undone. Others that had come here were, also if nothing else is known of it.
pub(super) fn links(link: Option<Links>, waiting: &[SharedChange]) -> Option<Links> {
    let makings = waiting.iter().filter(|change| matches!(change.what, What::Link(_)));
    let mut link = match (link, makings.clone().next()) {
        (Some(link), _) => link,
        (None, Some(first)) => Links { model: first.model.clone(), id: first.id.clone(), live: Vec::new() },
        (None, None) => return None,
    };
    link.live.extend(makings.map(|change| change.dot));
    Some(link)
}
