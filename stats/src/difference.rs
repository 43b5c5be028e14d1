//! Subtracts an earlier reading from a later one: the arithmetic that everything else is believed for.

use std::time::Duration;

use crate::counter::{Amounts, Counter, Quantity, Width};
use crate::discontinuity;
use crate::identity::Speed;
use crate::plausible;
use crate::reading::{Reading, Uptime, add_up};
use crate::sample::GapReason;

/// In what time something can have passed between two readings, and how fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    /// How long it took, as well as that is known: not always the time between the two readings, since what they show may
    /// be older than they are.
    pub took: Duration,
    /// How long it can have taken at most.
    pub at_most: Duration,
    /// The link's speed, where it is known.
    pub speed: Option<Speed>,
    /// The most octets a second that were seen to pass, where anything was.
    pub busiest: Option<u64>,
}

impl Passage {
    /// Of readings that show what was counted when they were taken.
    #[must_use]
    pub fn between(earlier: &Reading, later: &Reading, speed: Option<Speed>) -> Self {
        let took = later.at.since(earlier.at);
        Self { took, at_most: Self::at_most(took), speed, busiest: None }
    }

    /// What took as long as that may have taken so much longer as an answer can be early or late.
    #[must_use]
    pub fn at_most(took: Duration) -> Duration {
        /// It is somewhere between question and answer that an agent takes its counters.
        const ROUND_TRIP: Duration = Duration::from_millis(100);

        took + took / 8 + ROUND_TRIP
    }

    /// The speed, where it is one.
    fn believed(&self) -> Option<Speed> {
        self.speed.filter(|speed| plausible::is_believed(*speed))
    }
}

/// Why it can't be told what passed between two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The agent's uptime fell behind the time that passed.
    Restarted,
    /// The agent says that the counters lost their continuity, or they have another index.
    Discontinued,
    /// An octet counter fell, and that was no wrap: it was cleared, or one of the two readings is wrong.
    Fell,
    /// A 32-bit octet counter may have wrapped more than once.
    Ambiguous,
    /// An octet counter rose by more than the link can carry: one of the two readings is wrong.
    Implausible,
}

impl Refusal {
    /// Whether it may be that only one of the readings is wrong, so that the next one tells which.
    #[must_use]
    pub const fn is_doubt(self) -> bool {
        matches!(self, Self::Fell | Self::Implausible)
    }

    /// Whether the later reading has nothing to do with the earlier one.
    #[must_use]
    pub const fn is_certain(self) -> bool {
        matches!(self, Self::Restarted | Self::Discontinued)
    }
}

impl From<Refusal> for GapReason {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Restarted => Self::Restarted,
            Refusal::Discontinued | Refusal::Fell => Self::Discontinuity,
            Refusal::Ambiguous => Self::Ambiguous,
            Refusal::Implausible => Self::Implausible,
        }
    }
}

/// What passed between two readings of one interface that show what was counted when they were taken; see [`passed`].
///
/// # Errors
///
/// See [`Refusal`].
pub fn difference(earlier: &Reading, later: &Reading, speed: Option<Speed>) -> Result<Amounts, GapReason> {
    passed(earlier, later, Passage::between(earlier, later, speed)).map_err(GapReason::from)
}

/// What passed between two readings of one interface, or why that cannot be told.
///
/// A 32-bit counter that fell is taken to have wrapped only where the link could have carried what that means, and no
/// counter has advanced by more than the link carries.
///
/// # Errors
///
/// Where nothing can be told of the octets. Any other counter that fell, or rose by more than can be, is only unknown itself.
pub fn passed(earlier: &Reading, later: &Reading, passage: Passage) -> Result<Amounts, Refusal> {
    if was_restarted(earlier, later) {
        return Err(Refusal::Restarted);
    }
    // Interfaces are followed by their names. Under another number there may be another one's counters, or new ones.
    let is_elsewhere = earlier.index.is_some() && later.index.is_some() && earlier.index != later.index;
    if is_elsewhere || discontinuity::is_told(earlier, later) {
        return Err(Refusal::Discontinued);
    }
    let mut amounts = Amounts::UNKNOWN;
    for quantity in Quantity::ALL {
        let (mut fell, mut is_ambiguous) = (false, false);
        let amount = add_up(quantity, |counter| {
            let advance = Advance::of(counter, earlier, later, passage);
            fell |= advance == Advance::Fell;
            is_ambiguous |= matches!(advance, Advance::By(_)) && may_wrap_twice(counter, later, passage);
            advance.amount()
        });
        if matches!(quantity, Quantity::InOctets | Quantity::OutOctets) {
            if fell {
                return Err(Refusal::Fell);
            }
            if is_ambiguous {
                return Err(Refusal::Ambiguous);
            }
        }
        let is_counted = !plausible::is_yet_to_begin(earlier, quantity);
        amounts.set(quantity, if fell || !is_counted { None } else { amount });
    }
    plausible::check(amounts, passage.believed().and_then(|speed| speed.octets_in(passage.at_most)))
}

/// What one counter did between two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Advance {
    By(u64),
    Fell,
    Unknown,
}

impl Advance {
    fn of(counter: Counter, earlier: &Reading, later: &Reading, passage: Passage) -> Self {
        match (earlier.get(counter), later.get(counter)) {
            // Only where both have it, and it is the same counter: a source may fall back from 64 bits to 32.
            (Some((before, width)), Some((now, width_now))) if width == width_now => {
                match now.checked_sub(before) {
                    Some(amount) => Self::By(amount),
                    None if width == Width::Bits32 => {
                        // Both are below 2^32, so this is what a counter that wrapped once has advanced by.
                        let amount = now + (1 << 32) - before;
                        if amount <= most(counter, passage) { Self::By(amount) } else { Self::Fell }
                    }
                    None => Self::Fell,
                }
            }
            (None, None) => Self::Unknown,
            // It came, went or changed its width: not known this once. Even for a part of a sum that could be done
            // without, or the sum would seem to have dropped.
            _ if counter.is_essential() => Self::Unknown,
            _ => Self::Fell,
        }
    }

    const fn amount(self) -> Option<u64> {
        match self {
            Self::By(amount) => Some(amount),
            Self::Fell | Self::Unknown => None,
        }
    }
}

/// Whether the link could have carried more in that time than a 32-bit counter tells apart.
fn may_wrap_twice(counter: Counter, reading: &Reading, passage: Passage) -> bool {
    let is_narrow = reading.get(counter).is_some_and(|(_, width)| width == Width::Bits32);
    let carried = passage.speed.and_then(|speed| speed.octets_in(passage.took));
    is_narrow && carried.is_some_and(|octets| octets > u64::from(u32::MAX))
}

/// The most that a 32-bit counter that fell may have advanced by to be taken for one that wrapped.
fn most(counter: Counter, passage: Passage) -> u64 {
    /// A counter that lost more than it had left was more likely cleared.
    const HALF: u64 = 1 << 31;
    /// One that had so little left was most likely about to wrap, where nothing is known of its link; and where it is
    /// known how much passed at most so far.
    const LITTLE: u64 = 1 << 29;
    const LEAST: u64 = 1 << 26;
    /// What passes may become so many times as much as was seen before.
    const TIMES: u64 = 4;
    /// No packet is shorter on the wire than an Ethernet frame with its preamble and gap.
    const OCTETS_A_PACKET: u64 = 84;

    let is_octets = matches!(counter.quantity(), Quantity::InOctets | Quantity::OutOctets);
    if let Some(octets) = passage.believed().and_then(|speed| speed.octets_in(passage.at_most)) {
        return if is_octets { octets } else { octets / OCTETS_A_PACKET };
    }
    match passage.busiest {
        Some(busiest) if is_octets => {
            let seen = u128::from(busiest.saturating_mul(TIMES)) * passage.at_most.as_micros() / 1_000_000;
            u64::try_from(seen).unwrap_or(HALF).clamp(LEAST, HALF)
        }
        _ => LITTLE,
    }
}

/// Whether the agent started again between two readings.
///
/// `sysUpTime` falls then, but for two cases: it also falls when it wraps after 497 days, and it does not fall where the
/// agent had only just been started before.
#[must_use]
pub fn was_restarted(earlier: &Reading, later: &Reading) -> bool {
    /// What an agent's clock may differ from ours by, and what a reply may be on its way.
    const SLACK: Duration = Duration::from_secs(5);

    let (Some(before), Some(now)) = (earlier.uptime, later.uptime) else { return false };
    let elapsed = later.at.since(earlier.at);
    let advanced = Uptime::from_ticks(now.ticks().wrapping_sub(before.ticks())).duration();
    let kept_pace = advanced + SLACK >= elapsed && advanced <= elapsed + elapsed / 8 + SLACK;
    if kept_pace {
        return false;
    }
    // Out of step. Agents' clocks are stepped, and devices sleep; but what has been up for longer than the time between
    // the readings, and went forwards, was not restarted between them.
    // And there are agents whose uptime stands still.
    now.ticks() < before.ticks() || (now != before && now.duration() <= elapsed)
}

#[cfg(test)]
mod tests;
