//! Into the spool, and what happens when it is full.
//!
//! In: a batch. Out: the batch in the spool, once there is room. Called by the jobs.

use std::{
    sync::{MutexGuard, PoisonError},
    time::Duration,
};

use super::Jobs;
use crate::{report::Thinning, spool::SpoolError};

/// A full spool is looked through for what newer reports replace when this part of it came since the last time.
const THINNING_PART: u64 = 16;
/// How often room is looked for in a full spool.
const FULL_SPOOL_PAUSE: Duration = Duration::from_millis(500);

/// How much came into the spool, and how much of it had come when it was last looked through.
#[derive(Debug, Default)]
pub struct Thinned {
    appended: u64,
    at: Option<u64>,
}

impl Jobs {
    /// When the spool is full, what newer reports replace gives way, then inventories; then the scan waits for room: no
    /// finding is lost.
    pub(super) fn append(&self, batch: &[u8]) -> anyhow::Result<()> {
        loop {
            match self.spool.append(batch) {
                Ok(_) => {
                    self.thinned().appended += batch.len() as u64;
                    return Ok(());
                }
                Err(SpoolError::Full) if self.make_room(batch)? => {}
                Err(SpoolError::Full) if !self.must_not_wait() => {
                    std::thread::sleep(FULL_SPOOL_PAUSE);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether there is room now. Costs a walk over the whole spool, so that it waits until there is something to find.
    fn make_room(&self, batch: &[u8]) -> anyhow::Result<bool> {
        let waiting = self.spool.waiting().1;
        {
            let mut thinned = self.thinned();
            let since = thinned.at.map(|at| thinned.appended - at);
            if since.is_some_and(|since| since < waiting / THINNING_PART) {
                return Ok(false);
            }
            thinned.at = Some(thinned.appended);
        }
        for gives_up_telemetry in [false, true] {
            self.thin(gives_up_telemetry)?;
            if self.spool.has_room(batch) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn thin(&self, gives_up_telemetry: bool) -> anyhow::Result<()> {
        let mut look = Thinning::new(gives_up_telemetry);
        self.spool.revise(&mut |batch| {
            look.thin(batch);
            None
        })?;
        let Some(notice) = look.notice() else {
            return Ok(());
        };
        let loss = look.loss();
        // Told before it is done: killed in between, the collector hears of a loss that was none.
        self.spool.append_notice(&notice)?;
        let mut walk = look.again();
        self.spool.revise(&mut |batch| walk.thin(batch))?;
        tracing::warn!(
            "la file d'attente était pleine : {} rapport(s) remplacé(s) par de plus récents et {} inventaire(s) en ont été \
             retirés",
            loss.replaced,
            loss.telemetry
        );
        if loss.telemetry > 0 {
            self.note(|completed| completed.inventory = None)?;
        }
        Ok(())
    }

    fn thinned(&self) -> MutexGuard<'_, Thinned> {
        self.thinning.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
