//! Writing how jobs stand, and the events that tell of it.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};

use crate::database::entity::job;
use crate::event::Draft;
use crate::resource::{self, JOB};

/// Writes a job. Clients get its row, and with the same content the events of these names, which they hand to the app.
pub(super) async fn write(
    tx: &impl ConnectionTrait,
    row: job::Model,
    events: Vec<&'static str>,
) -> Result<Vec<Draft>, DbErr> {
    use job::Column as C;
    let json = |error: serde_json::Error| DbErr::Json(error.to_string());
    let resource = resource::job(&row).map_err(json)?;
    job::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(C::Id)
                .update_columns([
                    C::State,
                    C::Done,
                    C::Total,
                    C::StartedMs,
                    C::UpdatedMs,
                    C::FolderId,
                    C::Name,
                    C::ProblemKind,
                    C::Problem,
                    C::Version,
                ])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    let mut drafts: Vec<Draft> =
        events.into_iter().map(|name| Draft::notice(name, resource.clone())).collect();
    // Last, so that who has seen the row has seen all of it.
    drafts.push(Draft::changed(JOB, vec![resource], None));
    Ok(drafts)
}

/// Forgets jobs that ended.
pub(super) async fn forget(tx: &impl ConnectionTrait, ids: Vec<String>) -> Result<Vec<Draft>, DbErr> {
    job::Entity::delete_many().filter(job::Column::Id.is_in(&ids)).exec(tx).await?;
    Ok(ids.into_iter().map(|id| Draft::deleted(JOB, id)).collect())
}
