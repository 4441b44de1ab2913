//! Changes to the same shared row, or the same field of it, by devices that did not know of each other's. One of them counts; both
//! are kept here until somebody looks at them.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_conflicts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub model: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: String,
    /// Empty, if it is about the row as a whole.
    #[sea_orm(primary_key, auto_increment = false)]
    pub field: String,
    /// The change that does not count.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lost_device: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub lost_hlc: i64,
    /// Its value, as JSON.
    pub lost: String,
    /// The change that counts.
    pub won_device: Uuid,
    pub won_hlc: i64,
    pub won: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What clients know it by.
    pub(crate) fn resource_id(&self) -> String {
        let Self { model, record_id, field, lost_device, lost_hlc, .. } = self;
        format!("{model}|{field}|{lost_device}|{lost_hlc}|{record_id}")
    }

    /// The conflict that clients know by this id.
    pub(crate) async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<Self>, DbErr> {
        let mut parts = id.splitn(5, '|');
        let mut part = || parts.next().unwrap_or_default().to_owned();
        let (model, field, device, hlc, record_id) = (part(), part(), part(), part(), part());
        let (Ok(device), Ok(hlc)) = (device.parse::<Uuid>(), hlc.parse::<i64>()) else { return Ok(None) };
        Entity::find_by_id((model, record_id, field, device, hlc)).one(db).await
    }
}
