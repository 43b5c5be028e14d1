//! Carries the crate's messages: one out, and all that may be its answer in, until one of them is.
//!
//! It has the same socket as other versions, connected to the one address that is asked, and notes when an answer was true
//! and what else was said. It waits for the datagrams itself, in the thread of the target.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    answered_at: Monotonic,
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
            answered_at: Monotonic::default(),
            heard_engine: false,
            heard: Heard::default(),
        };
        Self { timeout, state: Mutex::new(state) }
    }

    /// After how long to ask again.
    pub(super) const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// A new question: forgets what was said about others.
    pub(super) fn begin(&self) {
        self.state().heard = Heard::default();
    }

    /// The middle between the last question and its answer.
    pub(super) fn answered_at(&self) -> Monotonic {
        self.state().answered_at
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

    fn exchange<T>(
        &self,
        data: &[u8],
        registration: &RequestRegistration,
        mut validate: impl FnMut(Bytes, SocketAddr) -> Result<Candidate<T>>,
    ) -> Result<T> {
        let state = &mut *self.state();
        let sent = clock::monotonic();
        state.sent.retain(|(id, _)| registration.aliases().contains(id));
        state.sent.push((registration.request_id(), sent));
        let State { peer, sent: tries, heard, .. } = state;
        let accepted = peer.send(data).and_then(|()| {
            while let Some(datagram) = peer.receive(sent.after(self.timeout))? {
                // Late, a duplicate, forged, or of another version.
                if registration.evaluate_response_identity(datagram, true) == ResponseIdentity::Reject {
                    continue;
                }
                let datagram = Bytes::copy_from_slice(datagram);
                match validate(datagram.clone(), NOWHERE) {
                    Ok(Candidate::Accept(value)) => return Ok(Some(Ok((value, datagram)))),
                    Ok(Candidate::Reject) => {
                        heard.is_odd = true;
                        heard.verdict = Verdict::read(datagram).or(heard.verdict);
                    }
                    Err(error) => return Ok(Some(Err(error))),
                }
            }
            Ok(None)
        });
        match accepted {
            Ok(Some(Ok((value, datagram)))) => {
                state.answered_at = middle(tries, registration, &datagram).unwrap_or(sent);
                state.heard_engine = true;
                Ok(value)
            }
            Ok(Some(Err(error))) => Err(error),
            // It was heard why: asking again changes nothing.
            Ok(None) if heard.verdict.is_some() => Err(Error::Auth { target: NOWHERE }.boxed()),
            Ok(None) => Err(Error::Timeout { target: NOWHERE, elapsed: self.timeout, retries: 0 }.boxed()),
            Err(error) => {
                heard.error = Some(error);
                Err(Error::Closed { target: NOWHERE }.boxed())
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The middle between the message that a datagram answers, and now.
fn middle(tries: &[(i32, Monotonic)], registration: &RequestRegistration, datagram: &[u8]) -> Option<Monotonic> {
    let answers = |id: i32| {
        let only =
            RequestRegistration::v3(id, registration.deadline()).with_decode_config(registration.decode_config());
        only.evaluate_response_identity(datagram, true) == ResponseIdentity::Match
    };
    let (_, sent) = tries.iter().find(|(id, _)| answers(*id))?;
    Some(sent.after(clock::monotonic().since(*sent) / 2))
}

/// The crate names addresses in its errors and keeps engines by them. Ours are in our own errors, and each agent has a
/// client of its own.
const NOWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

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

    async fn request_with<T, F>(&self, data: &[u8], registration: RequestRegistration, validate: F) -> Result<T>
    where
        T: Send,
        F: FnMut(Bytes, SocketAddr) -> Result<Candidate<T>> + Send,
    {
        self.0.exchange(data, &registration, validate)
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
