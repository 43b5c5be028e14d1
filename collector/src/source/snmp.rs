//! The counters of a device, by SNMP.

mod agent;

pub(crate) use agent::{Agent, Community, CommunityError, Patience};

use crate::selection::Selection;
use crate::source::{ReadError, Snapshot, Source};

/// The interfaces of an SNMP agent.
pub(crate) struct Snmp {
    agent: Agent,
    _selection: Selection,
}

impl Snmp {
    fn new(agent: Agent, selection: Selection) -> Self {
        Self { agent, _selection: selection }
    }
}

impl Source for Snmp {
    fn read(&mut self) -> Result<Snapshot, ReadError> {
        Err(ReadError::NoAnswer { address: self.agent.to_string(), waited: self.agent.patience.total() })
    }
}
