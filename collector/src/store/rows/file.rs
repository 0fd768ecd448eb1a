//! Table `files`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub machine: Uuid,
    pub path: String,
    pub path_hash: Vec<u8>,
    pub path_folded: String,
    pub root: String,
    pub pass_id: Vec<u8>,
    pub size_bytes: i64,
    pub modified_at: Option<i64>,
    pub media_type: String,
    pub verdict: String,
    pub reason: String,
    pub detail: String,
    pub content_fingerprint: Vec<u8>,
    pub readable_by: Option<String>,
    pub writable_by: Option<String>,
    pub digest: i64,
    pub basis: Vec<u8>,
    pub first_seen_at: i64,
    pub last_seen_at: i64,
    pub gone_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl Related<super::decision::Entity> for Entity {
    fn to() -> RelationDef {
        super::decision::Relation::File.def().rev()
    }
}

impl ActiveModelBehavior for ActiveModel {}
