//! What a graph is of: which quantities, and in which unit.

use stats::{Quantity, Sample};

use crate::units::{BitsPerSecond, PacketsPerSecond, Units};

/// What a graph is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Traffic {
    /// Octets, drawn as bits a second.
    Octets,
    /// Packets a second.
    Packets,
}

/// A rate each way, in the graph's unit; `None` where it is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rates {
    /// What came in.
    pub inbound: Option<f64>,
    /// What went out.
    pub outbound: Option<f64>,
}

/// Which way traffic goes, as the interface sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Received; drawn above the line.
    In,
    /// Sent; drawn below the line.
    Out,
}

impl Direction {
    /// Both of them.
    pub const BOTH: [Self; 2] = [Self::In, Self::Out];

    /// On which side of the line it is drawn: 1 above, -1 below.
    #[must_use]
    pub const fn sign(self) -> f64 {
        match self {
            Self::In => 1.0,
            Self::Out => -1.0,
        }
    }
}

impl Rates {
    /// The rate that way.
    #[must_use]
    pub const fn get(self, direction: Direction) -> Option<f64> {
        match direction {
            Direction::In => self.inbound,
            Direction::Out => self.outbound,
        }
    }
}

impl Traffic {
    /// The sample's rates.
    #[must_use]
    pub fn rates(self, sample: &Sample) -> Rates {
        let rate = |quantity| sample.per_second(quantity);
        let bits = |quantity| rate(quantity).map(|octets| BitsPerSecond::from_octets(octets).0);
        match self {
            Self::Octets => Rates { inbound: bits(Quantity::InOctets), outbound: bits(Quantity::OutOctets) },
            Self::Packets => Rates { inbound: rate(Quantity::InPackets), outbound: rate(Quantity::OutPackets) },
        }
    }

    /// The lowest top that a graph of it has: less than this is noise, and is to look like it.
    #[must_use]
    pub const fn least_top(self) -> f64 {
        match self {
            Self::Octets => 10_000.0,
            Self::Packets => 10.0,
        }
    }

    /// A rate as a figure: `612.4 Mbit/s`.
    #[must_use]
    pub fn figure(self, rate: f64, units: Units) -> String {
        match self {
            Self::Octets => units.figure(BitsPerSecond(rate)),
            Self::Packets => PacketsPerSecond(rate).to_string(),
        }
    }

    /// A rate as the label of a tick: `500 Mbit/s`.
    #[must_use]
    pub fn tick(self, rate: f64, units: Units) -> String {
        match self {
            Self::Octets => units.tick(BitsPerSecond(rate)),
            Self::Packets => PacketsPerSecond(rate).tick(),
        }
    }
}
