//! What a graph is of: which quantities, and in which unit.

use stats::{Quantity, Sample};

use crate::units::{BitsPerSecond, PacketsPerSecond};

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

    /// A rate as a figure: `612.4 Mbit/s`.
    #[must_use]
    pub fn figure(self, rate: f64) -> String {
        match self {
            Self::Octets => BitsPerSecond(rate).to_string(),
            Self::Packets => PacketsPerSecond(rate).to_string(),
        }
    }

    /// A rate as the label of a tick: `500 Mbit/s`.
    #[must_use]
    pub fn tick(self, rate: f64) -> String {
        match self {
            Self::Octets => BitsPerSecond(rate).tick(),
            Self::Packets => PacketsPerSecond(rate).tick(),
        }
    }
}
