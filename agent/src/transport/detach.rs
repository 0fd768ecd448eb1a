//! A machine that was started from a copy of another's disk becomes an agent of its own.
//!
//! In: the identity that the copy brought. Out: another one for the same organisation, saved; what the other agent had left is
//! set aside, for that one still has it. The key is written before the first call, so that it may be repeated after any
//! failure. Called by the `run` verb.

use beffroi_proto::v1::{DetachRequest, identity_client::IdentityClient};
use zeroize::Zeroizing;

use super::{Proxy, TransportError, Trust, connect, refusal};
use crate::{
    enrol::{PENDING_KEY, certificate_request, pending_key},
    identity::{Identity, IdentityError},
    platform,
    state::StateFolder,
};

/// Asks the collector at `collector` (`host:port`).
pub async fn detach(
    state: &StateFolder,
    original: &Identity,
    collector: &str,
    proxy: &Proxy,
) -> Result<Identity, TransportError> {
    let key = pending_key(state)?;
    let trust = Trust::Certificate(original.ca_certificate.clone());
    let channel = connect(collector, proxy, trust, Some(original)).await?;
    let response = IdentityClient::new(channel)
        .detach(DetachRequest {
            certificate_request: certificate_request(&key)?,
            host_name: platform::host_name(),
            agent_version: env!("CARGO_PKG_VERSION").to_owned(),
        })
        .await
        .map_err(|status| refusal(&status, collector))?
        .into_inner();
    let identity = original.detached(response.certificate, Zeroizing::new(key.serialize_der()))?;
    identity.settle(state)?;
    state.remove(PENDING_KEY).map_err(IdentityError::from)?;
    Ok(identity)
}
