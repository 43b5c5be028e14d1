//! What is counted, and the columns that it is in.

use crate::mib::Column;

/// What is counted of an interface. The names are those of RFC 2863, packets being unicast ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they say it themselves")]
pub enum Count {
    InOctets,
    InPackets,
    InMulticast,
    InBroadcast,
    InDiscards,
    InErrors,
    OutOctets,
    OutPackets,
    OutMulticast,
    OutBroadcast,
    OutDiscards,
    OutErrors,
}

/// Of which interfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// All of them.
    All,
    /// That of this `ifIndex`.
    Interface(u32),
}

impl Of {
    pub(crate) fn contains(self, index: u32) -> bool {
        matches!(self, Self::All) || self == Self::Interface(index)
    }
}

impl Count {
    /// Everything that is counted.
    pub const ALL: [Self; 12] = [
        Self::InOctets,
        Self::InPackets,
        Self::InMulticast,
        Self::InBroadcast,
        Self::InDiscards,
        Self::InErrors,
        Self::OutOctets,
        Self::OutPackets,
        Self::OutMulticast,
        Self::OutBroadcast,
        Self::OutDiscards,
        Self::OutErrors,
    ];

    /// The columns that count this, that of 32 bits first.
    pub(crate) const fn columns(self) -> &'static [Column] {
        const fn narrow(column: u8) -> Column {
            Column::new(0, column)
        }
        const fn extended(column: u8) -> Column {
            Column::new(1, column)
        }
        match self {
            Self::InOctets => const { &[narrow(10), extended(6)] },
            Self::InPackets => const { &[narrow(11), extended(7)] },
            Self::InMulticast => const { &[extended(2), extended(8)] },
            Self::InBroadcast => const { &[extended(3), extended(9)] },
            Self::InDiscards => const { &[narrow(13)] },
            Self::InErrors => const { &[narrow(14)] },
            Self::OutOctets => const { &[narrow(16), extended(10)] },
            Self::OutPackets => const { &[narrow(17), extended(11)] },
            Self::OutMulticast => const { &[extended(4), extended(12)] },
            Self::OutBroadcast => const { &[extended(5), extended(13)] },
            Self::OutDiscards => const { &[narrow(19)] },
            Self::OutErrors => const { &[narrow(20)] },
        }
    }
}
