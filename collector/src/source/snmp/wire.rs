//! Questions and answers of v1 and v2c: a datagram each, with a community, and known by a request-id.
//!
//! This is where a request gets its request-id and its time. It knows neither which objects there are nor what they are
//! good for.

use std::hash::{BuildHasher, RandomState};

use stats::Monotonic;

use super::agent::{Community, Patience};
use super::channel::{Reply, Unanswered};
use super::codec::{Answer, Encoder, Envelope, Malformed, Question, Version};
use super::object::Name;
use super::peer::Peer;
use crate::clock;
use crate::source::ReadError;
use crate::target::AgentAddress;

/// A conversation with one agent in v1 or v2c.
#[derive(Debug)]
pub(super) struct Wire {
    address: String,
    version: Version,
    community: Community,
    patience: Patience,
    peer: Peer,
    encoder: Encoder,
    ids: RequestIds,
}

impl Wire {
    pub(super) fn new(address: AgentAddress, version: Version, community: Community, patience: Patience) -> Self {
        Self {
            address: address.to_string(),
            version,
            community,
            patience,
            peer: Peer::new(address),
            encoder: Encoder::default(),
            ids: RequestIds::default(),
        }
    }

    pub(super) const fn has_bulk(&self) -> bool {
        matches!(self.version, Version::V2c)
    }

    /// Asks one after the other of the host's addresses, until one has answered. `hear` may be called again if what it was
    /// given was no answer.
    pub(super) fn ask<T>(
        &mut self,
        question: Question,
        names: &[Name],
        mut hear: impl FnMut(&mut Reply<'_>) -> Result<T, Malformed>,
    ) -> Result<T, Unanswered> {
        loop {
            match self.ask_patiently(question, names, &mut hear) {
                Err(Unanswered::Failed(_)) if self.peer.has_another() => {}
                outcome => return outcome,
            }
        }
    }

    /// Asks, and asks again as often as patience allows.
    fn ask_patiently<T>(
        &mut self,
        question: Question,
        names: &[Name],
        hear: &mut impl FnMut(&mut Reply<'_>) -> Result<T, Malformed>,
    ) -> Result<T, Unanswered> {
        // Each try has its own request-id, so that a late answer is known for the one of an earlier try: that is as good,
        // and was true earlier. An answer to anything else that was ever asked fits none of them.
        let mut tries: Vec<(i32, Monotonic)> = Vec::with_capacity(1);
        let mut odd = None;
        let of = Envelope { version: self.version, community: self.community.as_bytes() };
        for _ in 0..=self.patience.retries {
            let id = self.ids.next();
            let message = self.encoder.encode(question, of, id, names).ok_or(Unanswered::TooLong)?;
            let sent = clock::monotonic();
            self.peer.send(message).map_err(Unanswered::Failed)?;
            tries.push((id, sent));
            let deadline = sent.after(self.patience.timeout);
            while let Some(datagram) = self.peer.receive(deadline).map_err(Unanswered::Failed)? {
                let Answer { id, status, index, varbinds } = match Answer::decode(datagram, of) {
                    Ok(answer) => answer,
                    Err(malformed) => {
                        odd = Some(malformed);
                        continue;
                    }
                };
                // Late, a duplicate, or forged.
                let Some((_, sent)) = tries.iter().find(|(tried, _)| *tried == id) else { continue };
                let at = sent.after(clock::monotonic().since(*sent) / 2);
                match hear(&mut Reply { status, index, varbinds, at }) {
                    Ok(value) => return Ok(value),
                    Err(malformed) => odd = Some(malformed),
                }
            }
        }
        self.peer.forsake();
        let address = self.address.clone();
        Err(Unanswered::Failed(match odd {
            Some(malformed) => {
                ReadError::BadAnswer { address, what: format!("sends something that is not the answer: {malformed}") }
            }
            None => ReadError::NoAnswer { address, waited: self.patience.total() },
        }))
    }
}

/// Request-ids that nobody can guess who did not see them.
#[derive(Debug, Default)]
struct RequestIds {
    /// `SipHash` with the system's randomness for a key: a generator without a state that leaks.
    random: RandomState,
    count: u64,
}

impl RequestIds {
    /// The next one: positive, since some agents trip over others.
    fn next(&mut self) -> i32 {
        self.count += 1;
        let [a, b, c, d, ..] = self.random.hash_one(self.count).to_be_bytes();
        i32::from_be_bytes([a & 0x7f, b, c, d])
    }
}
