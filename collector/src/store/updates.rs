//! Newer programs for agents: the operator's packages, what each town is offered, what became of it.

use jiff::Timestamp;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder,
};

use super::{
    OrganisationStore, Store, StoreError,
    columns::{
        from_count, from_text, from_time, from_value, from_word, to_count, to_time, to_value,
        to_word,
    },
    rows::{offer, package, upgrade},
};
use crate::model::{
    Actor, JournalEntry, MachineId, OfferId, Package, Ring, UpdateOffer, Upgrade, UpgradeState,
};

impl Store {
    /// Conflict when that version is there for that platform: what was signed once is not changed.
    pub async fn add_package(&self, package: &Package) -> Result<(), StoreError> {
        let row = package::Model {
            version: package.version.clone(),
            platform: package.platform.clone(),
            size_bytes: from_count(package.size_bytes),
            signature: package.signature.clone(),
            added_at: from_time(package.added_at),
        };
        let taken = || {
            format!(
                "version {} is there for {}",
                package.version, package.platform
            )
        };
        row.into_active_model()
            .insert(self.connection.write())
            .await
            .map_err(|error| StoreError::or_taken(error, taken))?;
        Ok(())
    }

    /// The latest first.
    pub async fn packages(&self) -> Result<Vec<Package>, StoreError> {
        package::Entity::find()
            .order_by_desc(package::Column::AddedAt)
            .order_by_asc(package::Column::Platform)
            .all(self.connection.read())
            .await?
            .into_iter()
            .map(package_from_row)
            .collect()
    }

    pub async fn package(&self, version: &str, platform: &str) -> Result<Package, StoreError> {
        let key = (from_text(version), from_text(platform));
        let row = package::Entity::find_by_id(key)
            .one(self.connection.read())
            .await?
            .ok_or(StoreError::NotFound)?;
        package_from_row(row)
    }
}

impl OrganisationStore<'_> {
    /// Instead of what was offered before. Packages of that version must be there.
    pub async fn offer_update(
        &self,
        version: &str,
        rings: Vec<Ring>,
        actor: Actor,
        now: Timestamp,
    ) -> Result<UpdateOffer, StoreError> {
        let transaction = self.begin().await?;
        self.lock_organisation(&transaction).await?;
        self.end_offers(&transaction, now).await?;
        let row = offer::Model {
            organisation: self.town(),
            id: OfferId::generate().0,
            version: from_text(version),
            rings: from_value(&rings)?,
            offered_at: from_time(now),
            stopped_at: None,
        };
        row.clone().into_active_model().insert(&transaction).await?;
        let rings: Vec<String> = rings.iter().map(ToString::to_string).collect();
        let detail = format!(
            "Version {version} de l’agent proposée : {}.",
            rings.join(", puis ")
        );
        self.note_update(
            &transaction,
            actor,
            "update.offered",
            row.id.to_string(),
            detail,
            now,
        )
        .await?;
        transaction.commit().await?;
        offer_from_row(row)
    }

    /// Nothing more is offered; what runs goes on. NotFound when nothing was.
    pub async fn stop_update(
        &self,
        actor: Actor,
        now: Timestamp,
    ) -> Result<UpdateOffer, StoreError> {
        let transaction = self.begin().await?;
        self.lock_organisation(&transaction).await?;
        let offer = self
            .offer_in(&transaction)
            .await?
            .ok_or(StoreError::NotFound)?;
        self.end_offers(&transaction, now).await?;
        let detail = format!(
            "La version {} de l’agent n’est plus proposée.",
            offer.version
        );
        self.note_update(
            &transaction,
            actor,
            "update.stopped",
            offer.id.to_string(),
            detail,
            now,
        )
        .await?;
        transaction.commit().await?;
        Ok(offer)
    }

    /// What is offered now.
    pub async fn update_offer(&self) -> Result<Option<UpdateOffer>, StoreError> {
        self.offer_in(self.read()).await
    }

    /// What became of a version, machine by machine.
    pub async fn upgrades(&self, version: &str) -> Result<Vec<Upgrade>, StoreError> {
        self.select::<upgrade::Entity>()
            .filter(upgrade::Column::Version.eq(from_text(version)))
            .order_by_asc(upgrade::Column::Machine)
            .all(self.read())
            .await?
            .into_iter()
            .map(upgrade_from_row)
            .collect()
    }

    /// An agent's word; the same said again changes nothing.
    pub async fn note_upgrade(&self, said: &Upgrade) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        self.lock_machine(&transaction, said.machine).await?;
        let held = self
            .select::<upgrade::Entity>()
            .filter(upgrade::Column::Machine.eq(said.machine.0))
            .filter(upgrade::Column::Version.eq(from_text(&said.version)))
            .one(&transaction)
            .await?;
        let row = upgrade::Model {
            organisation: self.town(),
            machine: said.machine.0,
            version: from_text(&said.version),
            state: from_word(said.state)?,
            reason: from_text(&said.reason),
            at: from_time(said.at),
        };
        match held {
            Some(held) if held.state == row.state && held.reason == row.reason => return Ok(()),
            Some(_) => {
                let active = upgrade::ActiveModel {
                    state: Set(row.state.clone()),
                    reason: Set(row.reason.clone()),
                    at: Set(row.at),
                    ..Default::default()
                };
                self.update::<upgrade::Entity>()
                    .set(active)
                    .filter(upgrade::Column::Machine.eq(row.machine))
                    .filter(upgrade::Column::Version.eq(row.version.clone()))
                    .exec(&transaction)
                    .await?;
            }
            None => {
                row.into_active_model().insert(&transaction).await?;
            }
        }
        let actor = Actor::Agent {
            machine: said.machine,
        };
        let object = said.machine.to_string();
        self.note_update(
            &transaction,
            actor,
            action(said.state),
            object,
            sentence(said),
            said.at,
        )
        .await?;
        Ok(transaction.commit().await?)
    }

    async fn offer_in(
        &self,
        connection: &impl sea_orm::ConnectionTrait,
    ) -> Result<Option<UpdateOffer>, StoreError> {
        let row = self
            .select::<offer::Entity>()
            .filter(offer::Column::StoppedAt.is_null())
            .order_by_desc(offer::Column::Id)
            .one(connection)
            .await?;
        row.map(offer_from_row).transpose()
    }

    async fn end_offers(
        &self,
        transaction: &DatabaseTransaction,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let ended = offer::ActiveModel {
            stopped_at: Set(Some(from_time(now))),
            ..Default::default()
        };
        self.update::<offer::Entity>()
            .set(ended)
            .filter(offer::Column::StoppedAt.is_null())
            .exec(transaction)
            .await?;
        Ok(())
    }

    async fn note_update(
        &self,
        transaction: &DatabaseTransaction,
        actor: Actor,
        action: &str,
        object: String,
        detail: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let entry = JournalEntry {
            at: now,
            actor,
            action: action.to_owned(),
            object,
            detail,
        };
        self.write_journal(transaction, entry).await
    }
}

fn action(state: UpgradeState) -> &'static str {
    match state {
        UpgradeState::Refused => "update.refused",
        UpgradeState::OnTrial => "update.on_trial",
        UpgradeState::Runs => "update.runs",
        UpgradeState::RolledBack => "update.rolled_back",
    }
}

fn sentence(said: &Upgrade) -> String {
    let Upgrade {
        version, reason, ..
    } = said;
    match said.state {
        UpgradeState::Refused => format!("Version {version} refusée par ce poste : {reason}."),
        UpgradeState::OnTrial => format!("Version {version} à l’essai."),
        UpgradeState::Runs => format!("Version {version} en service."),
        UpgradeState::RolledBack => {
            format!("Retour à la version précédente : la version {version} {reason}.")
        }
    }
}

fn package_from_row(row: package::Model) -> Result<Package, StoreError> {
    Ok(Package {
        version: row.version,
        platform: row.platform,
        size_bytes: to_count(row.size_bytes)?,
        signature: row.signature,
        added_at: to_time(row.added_at)?,
    })
}

fn offer_from_row(row: offer::Model) -> Result<UpdateOffer, StoreError> {
    Ok(UpdateOffer {
        id: OfferId(row.id),
        version: row.version,
        rings: to_value(&row.rings)?,
        offered_at: to_time(row.offered_at)?,
    })
}

fn upgrade_from_row(row: upgrade::Model) -> Result<Upgrade, StoreError> {
    Ok(Upgrade {
        machine: MachineId(row.machine),
        version: row.version,
        state: to_word::<UpgradeState>(&row.state)?,
        reason: row.reason,
        at: to_time(row.at)?,
    })
}
