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
    Watching { timer: Span, demand: f64 },
    /// It is a timer, or makes no difference.
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
    const DIFFERENCE: f64 = 0.08;
    const NO_DIFFERENCE: f64 = Self::DIFFERENCE / 3.0;
    /// So many readings may come that make none.
    const MOST_VAIN: u32 = 4;

    /// Of an agent that is read once in that interval; both in seconds.
    pub(super) fn new(interval: f64, period: f64) -> Self {
        if interval > Self::DIFFERENCE * period { Self::Waiting { vain: 0 } } else { Self::Passed }
    }

    pub(super) const fn is_over(self) -> bool {
        matches!(self, Self::Passed)
    }

    /// Takes note of a change between two looks, the last refresh before it being in `last` if it is a timer.
    pub(super) fn judge(&mut self, between: Span, kind: Kind, last: Span, period: Span) -> Verdict {
        match *self {
            Self::Waiting { vain: Self::MOST_VAIN } => *self = Self::Passed,
            Self::Waiting { vain } if kind == Kind::Reading => {
                let later = (between.high - last.high) / period.middle();
                let earlier = (last.low - between.high) / period.middle() + 1.0;
                *self = if later > Self::DIFFERENCE && earlier > Self::DIFFERENCE {
                    let timer = Span { low: last.low + period.low, high: last.high + period.high };
                    let timer = timer.wider(Self::NO_DIFFERENCE * period.middle());
                    Self::Watching { timer, demand: between.high + period.low }
                } else {
                    Self::Waiting { vain: vain + 1 }
                };
            }
            Self::Passed | Self::Waiting { .. } => {}
            Self::Watching { timer, demand } => {
                *self = Self::Passed;
                // Where nobody looked in between, it can't be told.
                let was_due = between.high >= demand - Self::NO_DIFFERENCE * period.middle();
                if between.low > timer.high && was_due {
                    return Verdict::OnDemand;
                }
            }
        }
        Verdict::Open
    }

    /// When to look next, after a look at `last`; all in seconds.
    pub(super) fn next_glance(self, last: f64, period: f64) -> Option<f64> {
        /// How closely, as a part of the period.
        const CLOSE: f64 = 0.03;

        let Self::Watching { timer, demand } = self else { return None };
        let next = (last + period * CLOSE).max(timer.low);
        (next < demand + period / 2.0).then_some(next)
    }
}
