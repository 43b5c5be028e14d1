//! What a graph is set to: what the viewer has chosen, and what is known of the link. Both say how it is drawn, not what.

use std::time::Duration;

use stats::{Counts, Maxima, Speed};

use crate::options::{Arrangement, Clock, Options, Reach, Spread, Thresholds};
use crate::units::{Prefixes, Unit, Units, Word};

use super::traffic::{Direction, Traffic};

/// What a graph is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// How much time it shows.
    pub window: Duration,
    /// How rates are written, and which steps of its axis are round.
    pub units: Units,
    /// The clock that moments are told by.
    pub time: Clock,
    /// How high it reaches.
    pub reach: Reach,
    /// How rates are spread over its height.
    pub spread: Spread,
    /// Which way is drawn on which side of the line.
    pub arrangement: Arrangement,
    /// The shares of the link's speed from which on traffic changes its colour.
    pub thresholds: Option<Thresholds>,
    /// The link's speed.
    pub speed: Option<Speed>,
    /// What counts as full, by the collector's config.
    pub max: Maxima,
    /// How often the agent refreshes its counters, where it answers from a cache.
    pub refresh: Option<Duration>,
    /// What the two directions are called, where the config says so.
    pub labels: [Option<Word>; 2],
}

impl Setting {
    /// What the viewer has chosen, for the graph of that interface.
    #[must_use]
    pub fn of(options: &Options, about: &stats::Interface) -> Self {
        Self {
            window: options.window.duration(),
            units: options.units,
            time: options.time,
            reach: options.reach,
            spread: options.spread,
            arrangement: options.arrangement,
            thresholds: options.thresholds,
            speed: about.speed.filter(|speed| speed.bits_per_second() > 0),
            max: about.max.as_deref().copied().unwrap_or_default(),
            refresh: None,
            labels: [None; 2],
        }
    }

    /// The same of a device that refreshes its counters that often, and counts that.
    #[must_use]
    pub fn of_device(self, refresh: Option<Duration>, counts: Option<&Counts>) -> Self {
        let Some(counts) = counts else { return Self { refresh, ..self } };
        let word = |text: &Option<String>| text.as_deref().and_then(Word::of);
        let labels = [&counts.inbound, &counts.outbound].map(word);
        match word(&counts.unit).map(Unit::Counted) {
            // A link's speed is in bits.
            Some(unit) => Self { refresh, labels, units: Units { unit, prefixes: Prefixes::Si }, speed: None, ..self },
            None => Self { refresh, labels, ..self },
        }
    }

    /// What is counted in place of octets.
    #[must_use]
    pub const fn counted(&self) -> Option<Word> {
        match self.units.unit {
            Unit::Counted(word) => Some(word),
            Unit::Bits | Unit::Octets => None,
        }
    }

    /// What that direction is called.
    #[must_use]
    pub fn label(&self, direction: Direction) -> &str {
        match direction {
            Direction::In => self.labels[0].as_ref().map_or("In", Word::as_str),
            Direction::Out => self.labels[1].as_ref().map_or("Out", Word::as_str),
        }
    }

    /// What counts as full that way, in the graph's own unit.
    #[must_use]
    pub fn max(&self, traffic: Traffic, direction: Direction) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "no link needs 53 bits")]
        let max = self.max.get(traffic.quantity(direction))? as f64;
        Some(traffic.rate(max))
    }
}
