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
    /// Packets a second that were damaged, or not sent because of errors.
    Errors,
    /// Packets a second that were thrown away.
    Discards,
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
    /// Received.
    In,
    /// Sent.
    Out,
}

impl Direction {
    /// Both of them.
    pub const BOTH: [Self; 2] = [Self::In, Self::Out];

    /// What there is of each of them.
    pub fn both<T>(of: impl Fn(Self) -> T) -> [T; 2] {
        [of(Self::In), of(Self::Out)]
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
    /// Everything that there can be a graph of.
    pub const ALL: [Self; 4] = [Self::Octets, Self::Packets, Self::Errors, Self::Discards];

    /// What is counted that way.
    #[must_use]
    pub const fn quantity(self, direction: Direction) -> Quantity {
        match (self, direction) {
            (Self::Octets, Direction::In) => Quantity::InOctets,
            (Self::Octets, Direction::Out) => Quantity::OutOctets,
            (Self::Packets, Direction::In) => Quantity::InPackets,
            (Self::Packets, Direction::Out) => Quantity::OutPackets,
            (Self::Errors, Direction::In) => Quantity::InErrors,
            (Self::Errors, Direction::Out) => Quantity::OutErrors,
            (Self::Discards, Direction::In) => Quantity::InDiscards,
            (Self::Discards, Direction::Out) => Quantity::OutDiscards,
        }
    }

    /// What is drawn of an amount a second.
    #[must_use]
    pub fn rate(self, a_second: f64) -> f64 {
        match self {
            Self::Octets => BitsPerSecond::from_octets(a_second).0,
            Self::Packets | Self::Errors | Self::Discards => a_second,
        }
    }

    /// The sample's rates.
    #[must_use]
    pub fn rates(self, sample: &Sample) -> Rates {
        let rate = |direction| sample.per_second(self.quantity(direction)).map(|a_second| self.rate(a_second));
        Rates { inbound: rate(Direction::In), outbound: rate(Direction::Out) }
    }

    /// The lowest top that a graph of it has: less than this is noise, and is to look like it.
    #[must_use]
    pub const fn least_top(self) -> f64 {
        match self {
            Self::Octets => 10_000.0,
            Self::Packets => 10.0,
            Self::Errors | Self::Discards => 1.0,
        }
    }

    /// A rate as a figure: `612.4 Mbit/s`.
    #[must_use]
    pub fn figure(self, rate: f64, units: Units) -> String {
        match self {
            Self::Octets => units.figure(BitsPerSecond(rate)),
            Self::Packets | Self::Errors | Self::Discards => PacketsPerSecond(rate).to_string(),
        }
    }

    /// A rate as the label of a tick, with the prefix that `top` has: `0.5 Gbit/s`.
    #[must_use]
    pub fn tick(self, rate: f64, top: f64, units: Units) -> String {
        match self {
            Self::Octets => units.tick(BitsPerSecond(rate), BitsPerSecond(top)),
            Self::Packets | Self::Errors | Self::Discards => PacketsPerSecond(rate).tick(PacketsPerSecond(top)),
        }
    }
}
