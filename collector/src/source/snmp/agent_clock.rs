//! The agent's own clock, by which a restart is known. Asks nobody.

use std::time::Duration;

use stats::{Monotonic, Uptime};

/// Follows the agent's uptime.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AgentClock {
    last: Option<(Monotonic, Uptime)>,
    is_missing: bool,
}

impl AgentClock {
    /// The agent was asked for its uptime by itself, and has it or not.
    pub(super) const fn looked_up(&mut self, uptime: Option<Uptime>) {
        self.is_missing = uptime.is_none();
    }

    /// Whether the agent does not tell its uptime.
    pub(super) const fn is_missing(self) -> bool {
        self.is_missing
    }

    /// Takes note of an uptime, and tells whether the agent was started since the one before.
    ///
    /// That is so where the uptime fell, and where it is shorter than the time since, unless it stands still, as that of
    /// some devices does. (It also falls each 497 days, which costs no more than that the interfaces are looked for again.)
    pub(super) fn restarted(&mut self, at: Monotonic, uptime: Option<Uptime>) -> bool {
        /// Where several requests are on their way, their answers overtake each other.
        const SLACK: Duration = Duration::from_secs(5);

        let Some(uptime) = uptime else { return false };
        let Some((then, before)) = self.last.filter(|(then, _)| *then < at) else { return self.begin_at(at, uptime) };
        self.last = Some((at, uptime));
        uptime.duration() + SLACK < before.duration() || (uptime != before && uptime.duration() < at.since(then))
    }
    /// Earlier ones than the last are of no interest.
    fn begin_at(&mut self, at: Monotonic, uptime: Uptime) -> bool {
        self.last.get_or_insert((at, uptime));
        false
    }
}
