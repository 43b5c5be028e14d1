//! What an interface is called and what it is: the descriptive part, which seldom changes.

mod kept;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use self::kept::KeptInterface;
use crate::counter::Quantity;

/// What an interface is called and what it is. The fields are those of RFC 2863 (IF-MIB), each absent where the source
/// does not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Interface {
    /// What it is called here, and what tells it from the others of its target: `ifName`, else `ifDescr`, else the
    /// index; with something added where two would be equal.
    pub name: String,
    /// `ifName`, where that is not `name` already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_name: Option<String>,
    /// `ifAlias`: what the people who run the device call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_alias: Option<String>,
    /// `ifDescr`, where that is not `name` already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_descr: Option<String>,
    /// `ifIndex`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_index: Option<u32>,
    /// `ifHighSpeed` or `ifSpeed`. In files only where it is the link's.
    #[serde(default, skip_serializing_if = "is_not_told")]
    pub speed: Option<Speed>,
    /// `ifAdminStatus`: what it should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin_status: Option<AdminStatus>,
    /// `ifOperStatus`: what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oper_status: Option<OperStatus>,
    /// What counts as full, where somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Box<Maxima>>,
}

/// What counts as full, as amounts a second; each absent where nobody said.
///
/// Not what the link can carry, which is its [`Speed`], but what is meant to pass: what was bought, or what the next device
/// bears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Maxima {
    /// Octets a second received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_octets: Option<u64>,
    /// Octets a second sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_octets: Option<u64>,
    /// Packets a second received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_packets: Option<u64>,
    /// Packets a second sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_packets: Option<u64>,
}

impl Maxima {
    /// What counts as full of that quantity. Nothing does of errors and discards, and 0 says nothing.
    #[must_use]
    pub fn get(&self, quantity: Quantity) -> Option<u64> {
        let max = match quantity {
            Quantity::InOctets => self.in_octets,
            Quantity::OutOctets => self.out_octets,
            Quantity::InPackets => self.in_packets,
            Quantity::OutPackets => self.out_packets,
            Quantity::InErrors | Quantity::OutErrors | Quantity::InDiscards | Quantity::OutDiscards => None,
        };
        max.filter(|max| *max > 0)
    }
}

/// A link's speed: bits a second in each direction, never 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Speed(u64);

impl Speed {
    /// What `ifSpeed` is of all links that are at least as fast as it can tell (RFC 2863).
    pub const OR_HIGHER: Self = Self(u32::MAX as u64);

    /// The speed, unless it is at least this.
    #[must_use]
    pub fn exact(self) -> Option<Self> {
        Some(self).filter(|speed| *speed != Self::OR_HIGHER)
    }

    /// The speed, in bits a second.
    #[must_use]
    pub const fn from_bits_per_second(bits: u64) -> Self {
        Self(bits)
    }

    /// Bits a second.
    #[must_use]
    pub const fn bits_per_second(self) -> u64 {
        self.0
    }

    /// The octets that such a link carries in that time in one direction; `None` where the speed is 0, which is how
    /// devices say that they don't know it.
    #[must_use]
    pub fn octets_in(self, time: Duration) -> Option<u64> {
        let octets = u128::from(self.0) * time.as_micros() / 8_000_000;
        (self.0 > 0).then(|| u64::try_from(octets).unwrap_or(u64::MAX))
    }
}

#[expect(clippy::ref_option, reason = "serde asks for it so")]
fn is_not_told(speed: &Option<Speed>) -> bool {
    speed.and_then(Speed::exact).is_none()
}

/// `ifAdminStatus` of RFC 2863.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AdminStatus {
    /// Ready to pass packets.
    Up,
    /// Switched off.
    Down,
    /// In some test mode.
    Testing,
    /// Something that this version does not know.
    #[serde(other)]
    Unknown,
}

/// `ifOperStatus` of RFC 2863.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OperStatus {
    /// Passes packets.
    Up,
    /// Passes none.
    Down,
    /// In some test mode.
    Testing,
    /// Up, and waiting for something outside, as a serial line waits for a call.
    Dormant,
    /// Some component is missing, usually hardware.
    NotPresent,
    /// Down because of an interface below it.
    LowerLayerDown,
    /// Not known, or something that this version does not know.
    #[serde(other)]
    Unknown,
}

impl AdminStatus {
    /// What a word in the stats file says.
    pub(crate) fn from_word(word: &str) -> Self {
        let known = [Self::Up, Self::Down, Self::Testing];
        known.into_iter().find(|status| status.as_str() == word).unwrap_or(Self::Unknown)
    }

    /// The word in the stats file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Testing => "testing",
            Self::Unknown => "unknown",
        }
    }
}

impl OperStatus {
    /// What a word in the stats file says.
    pub(crate) fn from_word(word: &str) -> Self {
        let known = [Self::Up, Self::Down, Self::Testing, Self::Dormant, Self::NotPresent, Self::LowerLayerDown];
        known.into_iter().find(|status| status.as_str() == word).unwrap_or(Self::Unknown)
    }

    /// The word in the stats file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Testing => "testing",
            Self::Dormant => "dormant",
            Self::NotPresent => "notPresent",
            Self::LowerLayerDown => "lowerLayerDown",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_that_may_be_higher_is_in_no_file() {
        let interface = |bits| Interface { speed: Some(Speed::from_bits_per_second(bits)), ..Interface::default() };
        let text = |bits| serde_json::to_string(&interface(bits)).unwrap();
        assert!(text(4_294_967_294).contains("\"speed\":4294967294"));
        assert!(!text(4_294_967_295).contains("speed"));
    }
}
