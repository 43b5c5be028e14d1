//! Which agent is asked, and how patiently. Opens no socket.

use std::fmt;
use std::time::Duration;

use crate::selection::Selection;
use crate::source::snmp::Snmp;
#[cfg(feature = "v3")]
use crate::source::snmp::user::User;
use crate::target::AgentAddress;

/// An SNMP agent.
#[derive(Clone, Debug)]
pub(crate) struct Agent {
    /// Where it listens.
    pub(crate) address: AgentAddress,
    /// How it is spoken to.
    pub(crate) access: Access,
    /// How long an answer may take.
    pub(crate) patience: Patience,
}

impl Agent {
    /// An agent with the default [`Patience`].
    pub(crate) fn new(address: AgentAddress, access: Access) -> Self {
        Self { address, access, patience: Patience::default() }
    }

    /// The source that reads these of the agent's interfaces. Nothing is sent before the first read.
    pub(crate) fn source(self, selection: Selection) -> Snmp {
        Snmp::new(self, selection)
    }
}

/// The version of the protocol that an agent is spoken to in, with what that version lets readers in by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// RFC 1157: one row at a time, and no counters of 64 bits.
    V1(Community),
    /// RFC 3416.
    V2c(Community),
    /// RFC 3414.
    #[cfg(feature = "v3")]
    V3(User),
}

impl Access {
    /// The version, in words.
    pub(crate) const fn words(&self) -> &'static str {
        match self {
            Self::V1(_) => "SNMP v1",
            Self::V2c(_) => "SNMP v2c",
            #[cfg(feature = "v3")]
            Self::V3(_) => "SNMP v3",
        }
    }
}

/// By v2c, as agents are delivered.
impl Default for Access {
    fn default() -> Self {
        Self::V2c(Community::public())
    }
}

/// How long an answer is waited for, and how often it is asked for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Patience {
    /// After how long without an answer to ask again. The answer to an earlier try is still taken then.
    pub(crate) timeout: Duration,
    /// How often to ask again.
    pub(crate) retries: u32,
}

impl Patience {
    /// As long as fits into a poll interval, within reason: a lost packet should not cost a sample, and a dead device not
    /// more than one.
    pub(crate) fn within(interval: Duration) -> Self {
        Self::chosen(None, None, interval)
    }

    /// The same where something of it was chosen.
    pub(crate) fn chosen(timeout: Option<Duration>, retries: Option<u32>, interval: Duration) -> Self {
        let retries = retries.unwrap_or(1);
        let fitting = || (interval * 9 / 10) / retries.saturating_add(1);
        let timeout = timeout.unwrap_or_else(|| fitting().clamp(Duration::from_millis(200), Duration::from_secs(2)));
        Self { timeout, retries }
    }

    /// All tries together.
    pub(crate) fn total(self) -> Duration {
        self.timeout.saturating_mul(self.retries.saturating_add(1))
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self::within(Duration::from_secs(1))
    }
}

/// The word that an agent lets its readers in by. It is a secret, and is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Community(Box<[u8]>);

impl Community {
    /// What agents are delivered with, and what is tried where nobody said otherwise.
    pub(crate) fn public() -> Self {
        Self(b"public".as_slice().into())
    }

    /// As it goes over the wire.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A community that can't be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a community has 1 to 255 octets, and this one has {0}")]
pub(crate) struct CommunityError(usize);

impl TryFrom<&str> for Community {
    type Error = CommunityError;

    fn try_from(word: &str) -> Result<Self, CommunityError> {
        if (1..=255).contains(&word.len()) { Ok(Self(word.as_bytes().into())) } else { Err(CommunityError(word.len())) }
    }
}

impl fmt::Debug for Community {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Community(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_community_is_not_shown() {
        let community = Community::try_from("hidden").unwrap();
        let address = AgentAddress { host: "host".to_owned(), port: 161 };
        assert!(!format!("{:?}", Agent::new(address, Access::V2c(community))).contains("hidden"));
    }

    #[test]
    fn a_version_is_said_in_words() {
        assert_eq!(Access::V1(Community::public()).words(), "SNMP v1");
        assert_eq!(Access::V2c(Community::public()).words(), "SNMP v2c");
    }

    #[test]
    fn a_community_that_cannot_be_one_is_refused() {
        assert_eq!(Community::try_from(""), Err(CommunityError(0)));
        assert_eq!(Community::try_from("x".repeat(256).as_str()), Err(CommunityError(256)));
    }

    #[test]
    fn all_tries_together_fit_into_the_interval() {
        for millis in [500, 1_000, 2_000, 10_000] {
            let interval = Duration::from_millis(millis);
            assert!(Patience::within(interval).total() <= interval * 9 / 10);
        }
    }
}
