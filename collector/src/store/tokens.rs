//! Enrolment tokens: made by the operator, used once by a machine.

use std::fmt;

use jiff::Timestamp;

use super::{OrganisationStore, RedeemError, Store, StoreError};
use crate::model::{EnrolmentToken, MachineId, Organisation};

/// What a machine obtains with its token.
#[derive(Clone)]
pub struct Redeemed {
    pub organisation: Organisation,
    pub machine: MachineId,
    /// The town's secret for fingerprints of whole contents.
    pub content_key: [u8; 32],
}

impl Store {
    /// Makes the machine. The same token with the same key gives the same machine again, so that an agent whose
    /// first answer was lost can ask once more.
    pub async fn redeem_token(
        &self,
        secret_hash: [u8; 32],
        public_key_hash: [u8; 32],
        host_name: &str,
        agent_version: &str,
        now: Timestamp,
    ) -> Result<Redeemed, RedeemError> {
        todo!()
    }
}

impl OrganisationStore<'_> {
    pub async fn create_token(
        &self,
        secret_hash: [u8; 32],
        tag: Option<&str>,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<EnrolmentToken, StoreError> {
        todo!()
    }

    /// The latest first.
    pub async fn tokens(&self) -> Result<Vec<EnrolmentToken>, StoreError> {
        todo!()
    }
}
