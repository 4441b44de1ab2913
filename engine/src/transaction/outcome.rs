//! What came of a mutation.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use crate::database::entity::applied_mutation;
use crate::time::now_ns;

/// How long answers are kept: 90 days.
const KEPT_NS: i64 = 90 * 86_400 * 1_000_000_000;

/// The answer to a mutation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It took effect with the event of this sequence.
    Applied { sequence: u64 },
    /// It was refused.
    Rejected { kind: String, message: String },
}

/// The answer that was given before, if any.
pub(crate) async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<Outcome>, DbErr> {
    let row = applied_mutation::Entity::find_by_id(id).one(db).await?;
    Ok(row.map(|row| match row.sequence {
        Some(sequence) => Outcome::Applied { sequence: sequence.unsigned_abs() },
        None => Outcome::Rejected {
            kind: row.reject_kind.unwrap_or_default(),
            message: row.reject_message.unwrap_or_default(),
        },
    }))
}

/// Notes the answer. The first one stays.
pub(crate) async fn record(db: &impl ConnectionTrait, id: &str, outcome: &Outcome) -> Result<(), DbErr> {
    let (sequence, kind, message) = match outcome {
        Outcome::Applied { sequence } => (Some(sequence.cast_signed()), None, None),
        Outcome::Rejected { kind, message } => (None, Some(kind.clone()), Some(message.clone())),
    };
    applied_mutation::Entity::insert(applied_mutation::ActiveModel {
        id: Set(id.to_owned()),
        applied_at_ns: Set(now_ns()),
        sequence: Set(sequence),
        reject_kind: Set(kind),
        reject_message: Set(message),
    })
    .on_conflict(OnConflict::column(applied_mutation::Column::Id).do_nothing().to_owned())
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Forgets answers that no client can still be waiting for.
pub(crate) async fn forget_old(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let oldest = now_ns() - KEPT_NS;
    applied_mutation::Entity::delete_many()
        .filter(applied_mutation::Column::AppliedAtNs.lt(oldest))
        .exec(db)
        .await?;
    Ok(())
}
