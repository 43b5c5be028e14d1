//! What an agent says of an instance, and what instances are called.

use crate::ber;

/// The name of an instance or of a part of the tree: the numbers of an OBJECT IDENTIFIER.
pub type Name = Vec<u32>;

/// The name that is written with dots.
///
/// # Panics
///
/// When it is not made of numbers.
#[must_use]
pub fn name(dotted: &str) -> Name {
    dotted.split('.').map(|number| number.parse().expect("numbers between dots")).collect()
}

/// What an agent says of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// INTEGER.
    Integer(i64),
    /// OCTET STRING.
    Octets(Vec<u8>),
    /// OBJECT IDENTIFIER.
    Name(Name),
    /// Counter32.
    Counter32(u32),
    /// Gauge32.
    Gauge32(u32),
    /// `TimeTicks`.
    TimeTicks(u32),
    /// Counter64.
    Counter64(u64),
    /// There is no such instance.
    NoSuchInstance,
    /// Nothing follows.
    EndOfMibView,
}

impl Value {
    /// The same, so much later, where it is of a kind that advances.
    pub(crate) fn advanced(&self, by: u64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "that is how a 32-bit counter wraps")]
        let wrapped = |value: u32| value.wrapping_add(by as u32);
        match self {
            Self::Counter32(value) => Self::Counter32(wrapped(*value)),
            Self::Counter64(value) => Self::Counter64(value.wrapping_add(by)),
            Self::TimeTicks(value) => Self::TimeTicks(wrapped(*value)),
            other => other.clone(),
        }
    }

    /// A counter of the same width that is at `value`; any other kind stays as it is.
    pub(crate) fn counter_at(&self, value: u64) -> Self {
        match self {
            Self::Counter32(_) => Self::Counter32(0).advanced(value),
            Self::Counter64(_) => Self::Counter64(value),
            other => other.clone(),
        }
    }

    /// The number that a counter is at.
    pub(crate) const fn counter(&self) -> Option<u64> {
        match self {
            Self::Counter32(value) => Some(*value as u64),
            Self::Counter64(value) => Some(*value),
            _ => None,
        }
    }

    /// Adds it to a message.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Integer(number) => ber::put_signed(out, *number),
            Self::Octets(octets) => ber::put(out, ber::OCTETS, octets),
            Self::Name(name) => ber::put_name(out, name),
            Self::Counter32(number) => ber::put_unsigned(out, 0x41, u64::from(*number)),
            Self::Gauge32(number) => ber::put_unsigned(out, 0x42, u64::from(*number)),
            Self::TimeTicks(number) => ber::put_unsigned(out, 0x43, u64::from(*number)),
            Self::Counter64(number) => ber::put_unsigned(out, 0x46, *number),
            Self::NoSuchInstance => ber::put(out, 0x81, &[]),
            Self::EndOfMibView => ber::put(out, 0x82, &[]),
        }
    }
}
