//! Table `machines`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "machines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub host_name: String,
    pub tag: Option<String>,
    pub enrolled_at: i64,
    pub last_seen_at: Option<i64>,
    pub agent_version: String,
    pub rules_version: String,
    pub clock_offset_seconds: Option<i64>,
    pub revoked_at: Option<i64>,
    pub state: Option<String>,
    pub state_received_at: Option<i64>,
    pub unread_sources: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
