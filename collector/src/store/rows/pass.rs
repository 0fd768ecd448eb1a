//! Table `passes`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub machine: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub pass_id: Vec<u8>,
    pub root: String,
    pub started_at: i64,
    pub finished_at: Option<i64>,
    pub complete: bool,
    pub stop_reason: String,
    pub totals: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
