//! Carries the crate's messages: out, and all that may be their answers in.
//!
//! It has the same socket as other versions, connected to the one address that is asked, and notes when an answer was true
//! and what else was said. Exchanges are only looked at when something came or a time is up: [`Link::wait`] waits for that,
//! in the thread of the target.

use std::future::poll_fn;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use async_snmp::{Candidate, Error, RequestRegistration, ResponseIdentity, Result, Transport};
use bytes::Bytes;
use stats::Monotonic;

use super::verdict::Verdict;
use crate::clock;
use crate::source::ReadError;
use crate::source::snmp::peer::Peer;
use crate::source::snmp::wire::RequestIds;
use crate::target::AgentAddress;

/// The way to one agent.
pub(super) struct Link {
    timeout: Duration,
    state: Mutex<State>,
}

struct State {
    peer: Peer,
    ids: RequestIds,
    /// When which message was sent that an answer may still come to.
    sent: Vec<(i32, Monotonic)>,
    /// The exchanges that wait for an answer, by their last message, and until when.
    waiting: Vec<(i32, Monotonic)>,
    /// What came last, until the exchange has it that it is for.
    arrived: Option<Bytes>,
    /// When the last answer was true, and after what time it came.
    answered: (Monotonic, Duration),
    /// Messages that had no answer in time.
    lost: usize,
    /// Whether anything was ever accepted: an engine was found, then.
    heard_engine: bool,
    /// What was heard since the question began.
    heard: Heard,
}

#[derive(Default)]
struct Heard {
    verdict: Option<Verdict>,
    /// Something with the right number that was not accepted.
    is_odd: bool,
    error: Option<ReadError>,
}

impl Link {
    pub(super) fn new(address: AgentAddress, timeout: Duration) -> Self {
        let state = State {
            peer: Peer::new(address),
            ids: RequestIds::default(),
            sent: Vec::new(),
            waiting: Vec::new(),
            arrived: None,
            answered: (Monotonic::default(), Duration::ZERO),
            lost: 0,
            heard_engine: false,
            heard: Heard::default(),
        };
        Self { timeout, state: Mutex::new(state) }
    }

    /// After how long to ask again.
    pub(super) const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// New questions: forgets the others, and what was said about them.
    pub(super) fn begin(&self) {
        let state = &mut *self.state();
        state.sent.clear();
        state.waiting.clear();
        state.arrived = None;
        state.heard = Heard::default();
    }

    /// Waits until something came, or the time of an exchange is up. `exchanges` is how many there are: some may have to go
    /// on by themselves first.
    pub(super) fn wait(&self, exchanges: usize) {
        let state = &mut *self.state();
        state.arrived = None;
        let Some(deadline) = state.waiting.iter().map(|(_, deadline)| *deadline).min() else { return };
        if state.waiting.len() < exchanges {
            return;
        }
        match state.peer.receive(deadline) {
            Ok(datagram) => state.arrived = datagram.map(Bytes::copy_from_slice),
            Err(error) => state.heard.error = Some(error),
        }
    }

    /// The middle between the last question and its answer, and the time between them.
    pub(super) fn answered(&self) -> (Monotonic, Duration) {
        self.state().answered
    }

    /// How many messages had no answer in time, since this was last asked.
    pub(super) fn take_lost(&self) -> usize {
        std::mem::take(&mut self.state().lost)
    }

    /// See [`Peer::is_proven`].
    pub(super) fn is_proven(&self) -> bool {
        self.state().peer.is_proven()
    }

    /// What the agent had to say of the question instead of an answer.
    pub(super) fn verdict(&self) -> Option<Verdict> {
        self.state().heard.verdict
    }

    /// Whether something came that was none.
    pub(super) fn heard_something_odd(&self) -> bool {
        self.state().heard.is_odd
    }

    /// Whether there ever was an engine.
    pub(super) fn heard_engine(&self) -> bool {
        self.state().heard_engine
    }

    /// Why nothing could be sent or received.
    pub(super) fn take_error(&self) -> Option<ReadError> {
        self.state().heard.error.take()
    }

    /// See [`Peer::forsake`].
    pub(super) fn forsake(&self) {
        self.state().peer.forsake();
    }

    /// See [`Peer::has_another`].
    pub(super) fn has_another(&self) -> bool {
        self.state().peer.has_another()
    }

    /// Sends a message, and tells until when an answer is waited for.
    fn send(&self, data: &[u8], id: i32) -> Result<Monotonic> {
        let state = &mut *self.state();
        let sent = clock::monotonic();
        if let Err(error) = state.peer.send(data) {
            state.heard.error = Some(error);
            return Err(Error::Closed { target: NOWHERE }.boxed());
        }
        let deadline = sent.after(self.timeout);
        state.sent.push((id, sent));
        state.waiting.push((id, deadline));
        Ok(deadline)
    }

    /// Looks whether what came is the answer, or the time is up.
    fn look<T>(
        &self,
        registration: &RequestRegistration,
        deadline: Monotonic,
        validate: &mut impl FnMut(Bytes, SocketAddr) -> Result<Candidate<T>>,
    ) -> Poll<Result<T>> {
        let state = &mut *self.state();
        // Late, a duplicate, forged, of another version, or for another exchange.
        let is_ours =
            |datagram: &mut Bytes| registration.evaluate_response_identity(datagram, true) != ResponseIdentity::Reject;
        if let Some(datagram) = state.arrived.take_if(is_ours) {
            match validate(datagram.clone(), NOWHERE) {
                Ok(Candidate::Accept(value)) => {
                    state.accept(registration, &datagram);
                    return Poll::Ready(Ok(value));
                }
                Ok(Candidate::Reject) => {
                    state.heard.is_odd = true;
                    state.heard.verdict = Verdict::read(datagram).or(state.heard.verdict);
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        if state.heard.error.is_some() {
            return Poll::Ready(Err(Error::Closed { target: NOWHERE }.boxed()));
        }
        if clock::monotonic() < deadline {
            return Poll::Pending;
        }
        state.waiting.retain(|(id, _)| *id != registration.request_id());
        state.lost += 1;
        Poll::Ready(Err(match state.heard.verdict {
            // It was heard why: asking again changes nothing.
            Some(_) => Error::Auth { target: NOWHERE }.boxed(),
            None => Error::Timeout { target: NOWHERE, elapsed: self.timeout, retries: 0 }.boxed(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// An exchange has its answer.
    fn accept(&mut self, registration: &RequestRegistration, datagram: &[u8]) {
        let now = clock::monotonic();
        let is_of_it = |id: i32| id == registration.request_id() || registration.aliases().contains(&id);
        let is_answered = |id: i32| {
            let only = RequestRegistration::v3(id, registration.deadline());
            let only = only.with_decode_config(registration.decode_config());
            only.evaluate_response_identity(datagram, true) == ResponseIdentity::Match
        };
        let answered = self.sent.iter().find(|(id, _)| is_of_it(*id) && is_answered(*id));
        let round_trip = answered.map_or(Duration::ZERO, |(_, sent)| now.since(*sent));
        let at = answered.map_or(now, |(_, sent)| sent.after(round_trip / 2));
        self.answered = (at, round_trip);
        self.sent.retain(|(id, _)| !is_of_it(*id));
        self.waiting.retain(|(id, _)| !is_of_it(*id));
        self.heard_engine = true;
    }
}

/// The crate names addresses in its errors and keeps engines by them. Ours are in our own errors, and each agent has a
/// client of its own.
const NOWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

/// A link as the crate holds it.
pub(super) struct LinkHandle(Arc<Link>);

impl LinkHandle {
    pub(super) fn to(link: &Arc<Link>) -> Self {
        Self(Arc::clone(link))
    }
}

impl Transport for LinkHandle {
    async fn send(&self, data: &[u8]) -> Result<()> {
        let sent = self.0.state().peer.send(data);
        sent.map_err(|_| Error::Closed { target: NOWHERE }.boxed())
    }

    async fn request_with<T, F>(&self, data: &[u8], registration: RequestRegistration, mut validate: F) -> Result<T>
    where
        T: Send,
        F: FnMut(Bytes, SocketAddr) -> Result<Candidate<T>> + Send,
    {
        let deadline = self.0.send(data, registration.request_id())?;
        poll_fn(|_| self.0.look(&registration, deadline, &mut validate)).await
    }

    fn peer_addr(&self) -> SocketAddr {
        NOWHERE
    }

    fn local_addr(&self) -> SocketAddr {
        NOWHERE
    }

    fn alloc_request_id(&self) -> i32 {
        self.0.state().ids.next()
    }

    fn is_reliable(&self) -> bool {
        false
    }
}
