//! Tells whether an agent refreshes by a timer of its own, or when it is asked and what it has is too old.
//!
//! Looked at closely, that is the same. It differs where nobody asks for a while: then the next period begins with the next
//! question. So nobody looks closely until a reading has come well after a refresh; from then on somebody does.

use super::Kind;
use super::span::Span;

/// How far that is known.
#[derive(Clone, Copy, Debug)]
pub(super) enum Probation {
    /// A reading that comes so much later than a refresh that it makes a difference is waited for. Some have come that
    /// didn't.
    Waiting { vain: u32 },
    /// What comes first: the end of the period that the timer began, in this span, or that of the period which the reading
    /// began?
    Watching { timer: Span, demand: f64, vain: u32 },
    /// It is a timer, or readings come so often that it makes no difference.
    Passed,
}

/// What a change says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// That it may be a timer.
    Open,
    /// That it was the question which made the agent refresh.
    OnDemand,
}

impl Probation {
    /// What makes a difference, and what is none, as parts of the period.
    const DIFFERENCE: f64 = 0.06;
    const NO_DIFFERENCE: f64 = Self::DIFFERENCE / 3.0;
    /// So many readings may come that make none.
    const MOST_VAIN: u32 = 4;

    /// Of an agent that is read once in that interval; both in seconds.
    pub(super) fn new(interval: f64, period: f64) -> Self {
        if interval > Self::DIFFERENCE * period { Self::Waiting { vain: 0 } } else { Self::Passed }
    }

    /// Whether it is known.
    pub(super) const fn is_passed(self) -> bool {
        matches!(self, Self::Passed)
    }

    /// Whether refreshes may be looked for where a timer would have them, by which those on demand come at other times.
    pub(super) const fn is_over(self) -> bool {
        matches!(self, Self::Passed | Self::Waiting { vain: Self::MOST_VAIN.. })
    }

    /// Takes note of a change between two looks, the last refresh before it being in `last` if it is a timer.
    pub(super) fn judge(&mut self, between: Span, kind: Kind, last: Span, period: Span) -> Verdict {
        match *self {
            Self::Waiting { vain } if kind == Kind::Reading => {
                let later = (between.high - last.high) / period.middle();
                let earlier = (last.low - between.high) / period.middle() + 1.0;
                *self = if later > Self::DIFFERENCE && earlier > Self::DIFFERENCE {
                    let timer = Span { low: last.low + period.low, high: last.high + period.high };
                    let timer = timer.wider(Self::NO_DIFFERENCE * period.middle());
                    Self::Watching { timer, demand: between.high + period.low, vain }
                } else {
                    Self::Waiting { vain: vain.saturating_add(1) }
                };
            }
            Self::Passed | Self::Waiting { .. } => {}
            Self::Watching { timer, demand, vain } => {
                let is_due = between.high >= demand - Self::NO_DIFFERENCE * period.middle();
                if between.high <= timer.high && !is_due {
                    *self = Self::Passed;
                } else if between.low > timer.high && is_due {
                    return Verdict::OnDemand;
                } else {
                    // As where nobody looked in between.
                    *self = Self::Waiting { vain: vain.saturating_add(1) };
                }
            }
        }
        Verdict::Open
    }

    /// When to look next, after a look at `last`; all in seconds.
    pub(super) fn next_glance(self, last: f64, period: f64) -> Option<f64> {
        /// How closely, as a part of the period.
        const CLOSE: f64 = 0.02;

        let Self::Watching { timer, .. } = self else { return None };
        let next = (last + period * CLOSE).max(timer.low);
        self.is_undecided(next, period).then_some(next)
    }

    /// Whether the readings of that time are dated otherwise if it is the one than if it is the other.
    pub(super) fn is_undecided(self, at: f64, period: f64) -> bool {
        // Where nothing passes any more, there is nothing to decide it by.
        matches!(self, Self::Watching { demand, .. } if at < demand + period / 2.0)
    }
}
