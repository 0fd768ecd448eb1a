//! Which agents are connected, and whether one that comes with the certificate of another is a second machine.
//!
//! In: a Hello. Out: a [`Place`], held as long as the stream is served, or word that the certificate is in use elsewhere: another
//! run of the program holds a place, was asked, and answered. One that does not answer is a stream whose cable was pulled; its
//! place is free. Copies of a disk on other hardware are told apart before that, by their marks. What is known here is known
//! to this process only.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::{mpsc, oneshot};

use super::Peer;

/// For an agent that is busy, behind a slow line.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Answered by whoever holds the place.
pub(super) type Question = oneshot::Sender<()>;

#[derive(Debug, Default)]
pub(super) struct Connected(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    places: HashMap<Peer, Holder>,
    next: u64,
}

#[derive(Debug, Clone)]
struct Holder {
    number: u64,
    run_id: Vec<u8>,
    questions: mpsc::Sender<Question>,
}

/// The place of one stream. When another stream of the same agent takes it, there will be no more questions.
#[derive(Debug)]
pub(super) struct Place {
    connected: Arc<Connected>,
    peer: Peer,
    number: u64,
    pub(super) questions: mpsc::Receiver<Question>,
}

/// The certificate is in use elsewhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Elsewhere;

impl Connected {
    /// Takes the place of this agent for the run `run_id` of its program, after `patience` at most.
    pub(super) async fn take(
        self: &Arc<Self>,
        peer: Peer,
        run_id: &[u8],
        patience: Duration,
    ) -> Result<Place, Elsewhere> {
        let before = self.state().places.get(&peer).cloned();
        if let Some(holder) = before
            && holder.run_id != run_id
            && answers(&holder, patience).await
        {
            return Err(Elsewhere);
        }
        let (questions, asked) = mpsc::channel(1);
        let mut state = self.state();
        state.next += 1;
        let number = state.next;
        let holder = Holder {
            number,
            run_id: run_id.to_vec(),
            questions,
        };
        state.places.insert(peer, holder);
        Ok(Place {
            connected: Arc::clone(self),
            peer,
            number,
            questions: asked,
        })
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // Every change of the state is complete before anything can panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answers(holder: &Holder, patience: Duration) -> bool {
    let (question, answer) = oneshot::channel();
    let asked = async { holder.questions.send(question).await.is_ok() && answer.await.is_ok() };
    tokio::time::timeout(patience, asked).await.unwrap_or(false)
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.connected.state();
        let is_ours = |holder: &Holder| holder.number == self.number;
        if state.places.get(&self.peer).is_some_and(is_ours) {
            state.places.remove(&self.peer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{MachineId, OrganisationId};

    fn peer() -> Peer {
        Peer {
            organisation: OrganisationId::generate(),
            machine: MachineId::generate(),
        }
    }

    /// A stream that is served: it answers every question.
    fn serve(mut place: Place) -> tokio::task::JoinHandle<()> {
        tokio::spawn(async move {
            while let Some(question) = place.questions.recv().await {
                question.send(()).ok();
            }
        })
    }

    #[tokio::test]
    async fn a_second_machine_is_told_while_the_first_answers() {
        let connected = Arc::new(Connected::default());
        let peer = peer();
        let first = serve(connected.take(peer, b"first", PATIENCE).await.unwrap());
        assert!(connected.take(peer, b"second", PATIENCE).await.is_err());
        // The same program whose connection was cut takes its place back at once.
        let again = connected.take(peer, b"first", PATIENCE).await.unwrap();
        first.await.unwrap();
        drop(again);
        assert!(connected.take(peer, b"second", PATIENCE).await.is_ok());
    }

    #[tokio::test]
    async fn a_stream_that_does_not_answer_gives_up_its_place() {
        let connected = Arc::new(Connected::default());
        let peer = peer();
        let mut silent = connected.take(peer, b"first", PATIENCE).await.unwrap();
        let second = connected
            .take(peer, b"second", Duration::ZERO)
            .await
            .unwrap();
        // The question that nobody took, then none any more.
        assert!(silent.questions.recv().await.is_some());
        assert!(silent.questions.recv().await.is_none());
        drop(silent);
        let _serving = serve(second);
        assert!(connected.take(peer, b"third", PATIENCE).await.is_err());
    }
}
