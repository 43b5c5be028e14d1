//! What is counted: the counters as sources have them, and the quantities as they are published.

use serde::{Deserialize, Serialize};

/// A counter of an interface, as a source has it.
///
/// The names follow RFC 2863 (IF-MIB): `InOctets` is `ifHCInOctets` or `ifInOctets`, and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counter {
    /// Octets received, framing included.
    InOctets,
    /// Packets received: all of them, or the unicast ones where a source counts multicast and broadcast ones apart.
    InPackets,
    /// Multicast packets received (or all that are not unicast, `ifInNUcastPkts`), not contained in `InPackets`.
    InMulticast,
    /// Broadcast packets received, not contained in `InPackets`.
    InBroadcast,
    /// Packets that were received damaged.
    InErrors,
    /// Packets that were received whole and thrown away.
    InDiscards,
    /// Octets sent, framing included.
    OutOctets,
    /// Packets sent; see `InPackets`.
    OutPackets,
    /// Multicast packets sent; see `InMulticast`.
    OutMulticast,
    /// Broadcast packets sent; see `InBroadcast`.
    OutBroadcast,
    /// Packets that could not be sent because of errors.
    OutErrors,
    /// Packets that were thrown away instead of sent.
    OutDiscards,
}

impl Counter {
    /// Every counter.
    pub const ALL: [Self; 12] = [
        Self::InOctets,
        Self::InPackets,
        Self::InMulticast,
        Self::InBroadcast,
        Self::InErrors,
        Self::InDiscards,
        Self::OutOctets,
        Self::OutPackets,
        Self::OutMulticast,
        Self::OutBroadcast,
        Self::OutErrors,
        Self::OutDiscards,
    ];

    /// The quantity that this counter is a part of.
    #[must_use]
    pub const fn quantity(self) -> Quantity {
        match self {
            Self::InOctets => Quantity::InOctets,
            Self::InPackets | Self::InMulticast | Self::InBroadcast => Quantity::InPackets,
            Self::InErrors => Quantity::InErrors,
            Self::InDiscards => Quantity::InDiscards,
            Self::OutOctets => Quantity::OutOctets,
            Self::OutPackets | Self::OutMulticast | Self::OutBroadcast => Quantity::OutPackets,
            Self::OutErrors => Quantity::OutErrors,
            Self::OutDiscards => Quantity::OutDiscards,
        }
    }

    /// Whether the quantity is unknown without this counter. Multicast and broadcast packets are left out where a source
    /// does not count them.
    pub(crate) const fn is_essential(self) -> bool {
        !matches!(self, Self::InMulticast | Self::InBroadcast | Self::OutMulticast | Self::OutBroadcast)
    }
}

/// How many bits a counter has before it begins again at 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Width {
    /// `Counter32`: wraps every 34 s at 1 Gbit/s.
    #[serde(rename = "32")]
    Bits32,
    /// `Counter64`, and the kernel's own counters: does not wrap in a device's lifetime.
    #[default]
    #[serde(rename = "64")]
    Bits64,
}

/// What is published of an interface, each as the amount that passed in a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Octets received.
    InOctets,
    /// Octets sent.
    OutOctets,
    /// Packets of all kinds received.
    InPackets,
    /// Packets of all kinds sent.
    OutPackets,
    /// Packets received damaged.
    InErrors,
    /// Packets not sent because of errors.
    OutErrors,
    /// Packets received whole and thrown away.
    InDiscards,
    /// Packets thrown away instead of sent.
    OutDiscards,
}

impl Quantity {
    /// Every quantity, in the order of the stats file.
    pub const ALL: [Self; 8] = [
        Self::InOctets,
        Self::OutOctets,
        Self::InPackets,
        Self::OutPackets,
        Self::InErrors,
        Self::OutErrors,
        Self::InDiscards,
        Self::OutDiscards,
    ];

    /// The name in the stats file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InOctets => "inOctets",
            Self::OutOctets => "outOctets",
            Self::InPackets => "inPackets",
            Self::OutPackets => "outPackets",
            Self::InErrors => "inErrors",
            Self::OutErrors => "outErrors",
            Self::InDiscards => "inDiscards",
            Self::OutDiscards => "outDiscards",
        }
    }
}

/// An amount of each quantity, or that it is unknown.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    // A bit and a word a quantity, rather than eight `Option<u64>`: histories are made of these.
    known: u8,
    amounts: [u64; Quantity::ALL.len()],
}

impl Amounts {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { known: 0, amounts: [0; Quantity::ALL.len()] };

    /// The amount, where it is known.
    #[must_use]
    pub const fn get(&self, quantity: Quantity) -> Option<u64> {
        if self.known & (1 << quantity as u8) == 0 { None } else { Some(self.amounts[quantity as usize]) }
    }

    /// Sets the amount, or makes it unknown.
    pub const fn set(&mut self, quantity: Quantity, amount: Option<u64>) {
        if let Some(amount) = amount {
            self.known |= 1 << quantity as u8;
            self.amounts[quantity as usize] = amount;
        } else {
            self.known &= !(1 << quantity as u8);
            self.amounts[quantity as usize] = 0;
        }
    }

    /// What passed in both together; unknown where it is in one of them.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut both = Self::UNKNOWN;
        for quantity in Quantity::ALL {
            let amounts = self.get(quantity).zip(other.get(quantity));
            both.set(quantity, amounts.and_then(|(one, other)| one.checked_add(other)));
        }
        both
    }

    /// A bit for each quantity that is known, in the order of [`Quantity::ALL`].
    pub(crate) const fn mask(&self) -> u8 {
        self.known
    }

    /// The same with `quantity` set; for building one.
    #[must_use]
    pub const fn with(mut self, quantity: Quantity, amount: u64) -> Self {
        self.set(quantity, Some(amount));
        self
    }
}

impl std::fmt::Debug for Amounts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = Quantity::ALL.into_iter().filter_map(|quantity| Some((quantity.name(), self.get(quantity)?)));
        formatter.debug_map().entries(known).finish()
    }
}
