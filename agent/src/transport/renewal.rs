//! A certificate is renewed long before its end, and after it when the collector lets it.
//!
//! In: the certificate in force, the collector's word that it has ended. Out: another key and certificate for the same agent, saved.
//! Called by the transport.

use std::{
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use beffroi_proto::v1::{RenewRequest, identity_client::IdentityClient};
use jiff::Timestamp;
use rcgen::KeyPair;
use tonic::transport::Channel;
use zeroize::Zeroizing;

use super::{Transport, TransportError, refusal};
use crate::{enrol::certificate_request, identity::Identity};

const RENEWAL_PAUSE: Duration = Duration::from_secs(24 * 3600);

/// When the certificate was last renewed: by a clock that is far ahead it always seems due.
#[derive(Debug, Default)]
pub struct Renewal {
    last: Option<Instant>,
    /// The collector says that the certificate has ended, whatever our clock says.
    is_asked: bool,
}

impl Renewal {
    fn may_begin(&self) -> bool {
        self.last.is_none_or(|last| last.elapsed() > RENEWAL_PAUSE)
    }
}

impl Transport {
    /// A new key and certificate for the same agent, over the still valid ones.
    pub(super) async fn renew(
        &self,
        collector: &str,
        identity: &Identity,
        channel: Channel,
    ) -> Result<(), TransportError> {
        let key = KeyPair::generate()?;
        let request = RenewRequest {
            certificate_request: certificate_request(&key)?,
        };
        let response = IdentityClient::new(channel)
            .renew(request)
            .await
            .map_err(|status| refusal(&status, collector))?
            .into_inner();
        let private_key = Zeroizing::new(key.serialize_der());
        let renewed = identity.renewed(response.certificate, private_key)?;
        renewed.save(&self.state)?;
        *self.identity.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(renewed);
        tracing::info!("certificat renouvelé");
        Ok(())
    }

    /// Whether to renew now; if so, not again for a day.
    pub(super) fn renewal_begins(&self, identity: &Identity) -> bool {
        let mut renewal = self.renewal.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = renewal.is_asked || identity.renewal_is_due(Timestamp::now());
        let begins = is_due && renewal.may_begin();
        if begins {
            renewal.last = Some(Instant::now());
            renewal.is_asked = false;
        }
        begins
    }

    /// False: it was tried, and is no help.
    pub(super) fn ask_for_renewal(&self) -> bool {
        let mut renewal = self.renewal.lock().unwrap_or_else(PoisonError::into_inner);
        renewal.is_asked = renewal.may_begin();
        renewal.is_asked
    }
}
