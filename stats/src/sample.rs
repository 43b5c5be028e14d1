//! What passed between two readings, and how long it took.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::counter::{Amounts, Quantity};
use crate::time::Timestamp;

/// What passed in a stretch of time, or that this is not known, and why.
///
/// The samples of an interface follow each other without a break: where one ends, the next begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When it ended.
    pub end: Timestamp,
    /// How long it took, by a clock that does not step.
    pub duration: Duration,
    /// Why there is no rate, where this is a gap.
    pub gap: Option<GapReason>,
    /// What passed. In a gap it is usually unknown; the last sample of a gap over which the counters went on holds what
    /// passed in the whole of it, so that sums stay right.
    pub passed: Amounts,
}

impl Sample {
    /// When it began.
    #[must_use]
    pub fn start(&self) -> Timestamp {
        self.end.before(self.duration)
    }

    /// The amount a second; `None` in a gap, where the amount is unknown, and where no time passed.
    #[must_use]
    pub fn per_second(&self, quantity: Quantity) -> Option<f64> {
        if self.gap.is_some() || self.duration.is_zero() {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "a rate that is shown needs no more than 53 bits")]
        let amount = self.passed.get(quantity)? as f64;
        Some(amount / self.duration.as_secs_f64())
    }
}

/// Why nothing is known of a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum GapReason {
    /// The target did not answer.
    NoAnswer,
    /// The target answered, but not with what was asked for.
    BadAnswer,
    /// The target, or its agent, was restarted, and its counters with it.
    Restarted,
    /// The counters do not continue the earlier ones although nothing was restarted: they were cleared, or are another
    /// interface's now.
    Discontinuity,
    /// A 32-bit counter may have wrapped more than once: it is read too seldom for the link's speed.
    Ambiguous,
    /// A counter advanced by more than the link can carry: one of two readings was wrong, and it can't be told which.
    Implausible,
    /// The interface was not there.
    Absent,
    /// The collector was not running.
    CollectorStopped,
    /// A reason that this version does not know, in the words of the file.
    Other(String),
}

impl GapReason {
    const KNOWN: [(&str, Self); 8] = [
        ("noAnswer", Self::NoAnswer),
        ("badAnswer", Self::BadAnswer),
        ("restarted", Self::Restarted),
        ("discontinuity", Self::Discontinuity),
        ("ambiguous", Self::Ambiguous),
        ("absent", Self::Absent),
        ("collectorStopped", Self::CollectorStopped),
        ("implausible", Self::Implausible),
    ];

    /// A number for it; all that are not known have the same.
    pub(crate) fn code(&self) -> u8 {
        let known = Self::KNOWN.iter().zip(0..).find(|((_, reason), _)| reason == self);
        known.map_or(u8::MAX, |(_, code)| code)
    }

    /// The reason with that number, if it is a known one's.
    pub(crate) fn of_code(code: u8) -> Option<Self> {
        Self::KNOWN.get(usize::from(code)).map(|(_, reason)| reason.clone())
    }

    /// The word in the stats file.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Other(words) => words,
            known => Self::KNOWN.iter().find(|(_, reason)| reason == known).map_or("", |(word, _)| word),
        }
    }
}

impl From<String> for GapReason {
    fn from(word: String) -> Self {
        match Self::KNOWN.into_iter().find(|(known, _)| *known == word) {
            Some((_, reason)) => reason,
            None => Self::Other(word),
        }
    }
}

impl From<GapReason> for String {
    fn from(reason: GapReason) -> Self {
        reason.as_str().to_owned()
    }
}
