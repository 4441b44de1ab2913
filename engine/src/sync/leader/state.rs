//! What this device has to remember about who leads, also after a crash.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};

use super::term::Term;
use crate::database::entity::{sync_led, sync_term};

/// The only row.
const ID: i32 = 1;

/// What is remembered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// The newest term that was heard of.
    pub(crate) term: Term,
    /// The newest term that this device voted for. It votes once in an epoch.
    pub(crate) promised: Term,
    /// How often the position was given up in this term: what the leader says of an older one does not count.
    pub(crate) generation: i64,
    /// Up to where the log of the leader of this term is here; nothing, if that is not known.
    pub(crate) position: Option<i64>,
}

impl State {
    pub(crate) async fn load(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let Some(row) = sync_term::Entity::find_by_id(ID).one(db).await? else { return Ok(Self::default()) };
        let read = |text: &str| serde_json::from_str(text).map_err(json);
        let (term, promised) = (read(&row.term)?, read(&row.promised)?);
        Ok(Self { term, promised, generation: row.generation, position: row.position })
    }

    pub(crate) async fn save(&self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        use sync_term::Column as C;
        let Self { generation, position, .. } = *self;
        let write = |term: &Term| serde_json::to_string(term).map_err(json);
        let (term, promised) = (write(&self.term)?, write(&self.promised)?);
        let row = sync_term::Model { id: ID, term, promised, generation, position };
        let known = OnConflict::column(C::Id)
            .update_columns([C::Term, C::Promised, C::Generation, C::Position])
            .to_owned();
        sync_term::Entity::insert(row.into_active_model())
            .on_conflict(known)
            .exec_without_returning(db)
            .await?;
        Ok(())
    }

    /// Forgets all of it: the library is another one.
    pub(crate) async fn forget(db: &impl ConnectionTrait) -> Result<(), DbErr> {
        sync_term::Entity::delete_many().exec(db).await?;
        sync_led::Entity::delete_many().exec(db).await?;
        Ok(())
    }
}

/// A place in the log of the leader, as it is said of one generation of positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) generation: i64,
    pub(crate) sequence: i64,
}

/// The log of the leader is here up to this place, in the transaction that writes what it says.
pub(crate) async fn reach(db: &impl ConnectionTrait, state: &mut State, place: Place) -> Result<(), DbErr> {
    use sync_term::Column as C;
    if state.generation != place.generation || state.position >= Some(place.sequence) {
        return Ok(());
    }
    let done = sync_term::Entity::update_many()
        .col_expr(C::Position, Expr::value(place.sequence))
        .filter(C::Generation.eq(place.generation))
        .filter(C::Position.is_null().or(C::Position.lt(place.sequence)))
        .exec(db)
        .await?;
    if done.rows_affected > 0 {
        state.position = Some(place.sequence);
    }
    Ok(())
}

/// The position is not true any more, in the transaction that makes it so. Returns what is remembered from now on.
pub(crate) async fn give_up(db: &impl ConnectionTrait) -> Result<State, DbErr> {
    use sync_term::Column as C;
    sync_term::Entity::update_many()
        .col_expr(C::Position, Expr::value(None::<i64>))
        .col_expr(C::Generation, Expr::col(C::Generation).add(1))
        .exec(db)
        .await?;
    State::load(db).await
}

fn json(error: serde_json::Error) -> DbErr {
    DbErr::Json(error.to_string())
}
