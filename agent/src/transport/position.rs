//! What both sides believe to be delivered, compared at each connection.
//!
//! In: the collector's Welcome. Out: deletions in the spool, or a new identity of it. Called by the transport.

use beffroi_proto::v1::Welcome;
use sha2::{Digest, Sha256};

use super::{Transport, TransportError};
use crate::spool::Entry;

impl Transport {
    /// Compares what both sides believe to be delivered. False: the spool has taken a new identity, and the stream
    /// must be opened again.
    pub(super) fn agree_on_position(&self, welcome: &Welcome) -> Result<bool, TransportError> {
        let acknowledged = self.spool.last_acknowledged();
        if welcome.last_sequence > self.spool.last_appended() {
            tracing::warn!(
                "l'état de cet agent a été restauré d'une copie ancienne : il renvoie tout"
            );
            self.spool.renew_id()?;
            self.rescan(String::new());
            return Ok(false);
        }
        if welcome.last_sequence < acknowledged {
            tracing::warn!(
                "le collecteur a été restauré d'une copie ancienne : l'agent refait une analyse complète"
            );
            self.rescan(String::new());
        }
        if self.is_shared(welcome)? {
            tracing::warn!(
                "une copie de cet agent a déjà envoyé autre chose sous les mêmes numéros : il renvoie tout"
            );
            self.spool.renew_id()?;
            self.rescan(String::new());
            return Ok(false);
        }
        self.spool.acknowledge(welcome.last_sequence)?;
        Ok(true)
    }

    /// Whether the last batch that the collector has of this spool is another one than ours: it was another machine's, and
    /// ours must not be deleted for it. One that was thinned meanwhile (`revise`) differs too, and is sent once more.
    fn is_shared(&self, welcome: &Welcome) -> Result<bool, TransportError> {
        let last = welcome.last_sequence;
        if welcome.last_digest.is_empty() || last <= self.spool.last_acknowledged() {
            return Ok(false);
        }
        Ok(match self.spool.next_after(last - 1)? {
            Some(Entry::Batch { sequence, bytes }) if sequence == last => {
                Sha256::digest(&bytes)[..] != welcome.last_digest[..]
            }
            Some(Entry::Damaged { sequence }) => {
                self.report_loss(&[sequence])?;
                false
            }
            _ => false,
        })
    }
}
