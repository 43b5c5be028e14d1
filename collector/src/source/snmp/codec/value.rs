//! What an agent says that something is.

use snmp::asn1::{TYPE_INTEGER, TYPE_NULL, TYPE_OCTETSTRING};
use snmp::snmp::{TYPE_COUNTER32, TYPE_COUNTER64, TYPE_GAUGE32, TYPE_TIMETICKS};
use stats::Width;

use super::Malformed;
use super::elements::Element;

/// The exceptions of RFC 3416, in place of a value.
const NO_SUCH_OBJECT: u8 = 0x80;
const NO_SUCH_INSTANCE: u8 = 0x81;
const END_OF_MIB_VIEW: u8 = 0x82;

/// What an agent says that something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::snmp) enum Value<'a> {
    Integer(i64),
    Octets(&'a [u8]),
    Counter32(u32),
    Counter64(u64),
    Gauge32(u32),
    /// Hundredths of a second.
    TimeTicks(u32),
    /// There is no such object, or no such instance of it.
    Missing,
    /// There is nothing after the name that was asked for.
    EndOfMibView,
    /// Of a type that nothing here asks for.
    Other,
}

impl<'a> Value<'a> {
    #[inline]
    pub(super) fn decode(element: Element<'a>) -> Result<Self, Malformed> {
        let short = || u32::try_from(element.unsigned()?).map_err(|_| Malformed::Number);
        Ok(match element.tag {
            TYPE_COUNTER64 => Self::Counter64(element.unsigned()?),
            TYPE_COUNTER32 => Self::Counter32(short()?),
            TYPE_GAUGE32 => Self::Gauge32(short()?),
            TYPE_TIMETICKS => Self::TimeTicks(short()?),
            TYPE_INTEGER => Self::Integer(element.integer()?),
            TYPE_OCTETSTRING => Self::Octets(element.content),
            // Some agents of old answer NULL for what they don't have.
            NO_SUCH_OBJECT | NO_SUCH_INSTANCE | TYPE_NULL => Self::Missing,
            END_OF_MIB_VIEW => Self::EndOfMibView,
            _ => Self::Other,
        })
    }

    /// The same in v1, which has no numbers of 64 bits (RFC 1155): what an agent may mean by one is not for us to guess.
    pub(super) const fn in_v1(self) -> Self {
        if let Self::Counter64(_) = self { Self::Other } else { self }
    }

    /// A counter and its width, which is the wire's and not the MIB's: there are devices with a `Counter64` in `ifTable`,
    /// and some that take a counter for a gauge.
    pub(in crate::source::snmp) fn counter(self) -> Option<(u64, Width)> {
        match self {
            Self::Counter64(value) => Some((value, Width::Bits64)),
            Self::Counter32(value) | Self::Gauge32(value) => Some((u64::from(value), Width::Bits32)),
            Self::Integer(value) => u32::try_from(value).ok().map(|value| (u64::from(value), Width::Bits32)),
            _ => None,
        }
    }

    /// A number that is not negative.
    pub(in crate::source::snmp) fn number(self) -> Option<u64> {
        match self {
            Self::Counter64(value) => Some(value),
            Self::Counter32(value) | Self::Gauge32(value) | Self::TimeTicks(value) => Some(u64::from(value)),
            Self::Integer(value) => u64::try_from(value).ok(),
            _ => None,
        }
    }

    /// A text, in whatever encoding.
    pub(in crate::source::snmp) const fn octets(self) -> Option<&'a [u8]> {
        if let Self::Octets(octets) = self { Some(octets) } else { None }
    }
}
