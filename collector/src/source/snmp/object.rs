//! What an agent is asked for: objects of SNMPv2-MIB (RFC 3418) and IF-MIB (RFC 2863), and their instances. Knows nothing
//! of messages.

use std::fmt;

/// An object of `mib-2` whose instances have one number: an `ifIndex`, or 0 where there is but one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Object {
    name: &'static str,
    /// Below `mib-2`. Each number is below 128, so that it is its own encoding.
    path: &'static [u8],
}

/// `mib-2`, 1.3.6.1.2.1.
const MIB_2: [u32; 6] = [1, 3, 6, 1, 2, 1];
/// The same in BER, which puts the first two numbers into one octet.
const MIB_2_ENCODED: [u8; 5] = [0x2b, 6, 1, 2, 1];

impl Object {
    pub(super) const SYS_UP_TIME: Self = Self::new("sysUpTime", &[1, 3]);
    pub(super) const SYS_NAME: Self = Self::new("sysName", &[1, 5]);
    pub(super) const IF_NUMBER: Self = Self::new("ifNumber", &[2, 1]);
    pub(super) const IF_TABLE_LAST_CHANGE: Self = Self::new("ifTableLastChange", &[31, 1, 5]);

    /// Of `path`, whose numbers are below 128 and at most five.
    pub(super) const fn new(name: &'static str, path: &'static [u8]) -> Self {
        assert!(path.len() <= 5, "Name::numbers has room for five");
        Self { name, path }
    }

    /// As RFCs call it.
    pub(super) const fn name(self) -> &'static str {
        self.name
    }

    /// Where a name that came from an agent is, seen from this object. `encoded` is in BER, without its tag and length.
    pub(super) fn locate(self, encoded: &[u8]) -> Place {
        let below = encoded.strip_prefix(&MIB_2_ENCODED).and_then(|rest| rest.strip_prefix(self.path));
        match below {
            None => Place::Elsewhere,
            Some(rest) => only_number(rest).map_or(Place::Odd, Place::Instance),
        }
    }
}

/// Where a name is, seen from an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is the instance with this number.
    Instance(u32),
    /// It is below the object, and is no instance with one number.
    Odd,
    /// It is not below the object.
    Elsewhere,
}

/// What a varbind of a request is about: an object, or one of its instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) object: Object,
    pub(super) instance: Option<u32>,
}

impl Name {
    /// The one instance of an object outside of tables.
    pub(super) const fn scalar(object: Object) -> Self {
        Self { object, instance: Some(0) }
    }

    /// Whether it comes before another one in the order of names.
    pub(super) fn precedes(self, other: Self) -> bool {
        (self.object.path, self.instance) < (other.object.path, other.instance)
    }

    /// The numbers of it, and how many of them count.
    pub(super) fn numbers(self) -> ([u32; 12], usize) {
        let mut numbers = [0; 12];
        let path = self.object.path.iter().map(|number| u32::from(*number));
        let all = MIB_2.into_iter().chain(path).chain(self.instance);
        let length = numbers.iter_mut().zip(all).map(|(slot, number)| *slot = number).count();
        (numbers, length)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.object.name)?;
        self.instance.map_or(Ok(()), |instance| write!(formatter, ".{instance}"))
    }
}

/// The number that this is the encoding of, in base 128; `None` where it is something else than one number of 32 bits.
fn only_number(encoded: &[u8]) -> Option<u32> {
    /// Five of 7 bits hold 32.
    const MOST: usize = 5;

    let (last, front) = encoded.split_last()?;
    if encoded.len() > MOST || *last >= 0x80 || front.iter().any(|octet| *octet < 0x80) || front.first() == Some(&0x80)
    {
        return None;
    }
    let number = encoded.iter().fold(0_u64, |number, octet| number << 7 | u64::from(octet & 0x7f));
    u32::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const IF_DESCR: Object = Object::new("ifDescr", &[2, 2, 1, 2]);

    #[track_caller]
    fn check_place(encoded: &[u8], expected: Place) {
        assert_eq!(IF_DESCR.locate(encoded), expected);
    }

    #[test]
    fn an_instance_is_known_by_its_number() {
        check_place(&[0x2b, 6, 1, 2, 1, 2, 2, 1, 2, 1], Place::Instance(1));
        check_place(&[0x2b, 6, 1, 2, 1, 2, 2, 1, 2, 0xce, 0x75], Place::Instance(10_101));
        check_place(&[0x2b, 6, 1, 2, 1, 2, 2, 1, 2, 0x8f, 0xff, 0xff, 0xff, 0x7f], Place::Instance(u32::MAX));
    }

    #[test]
    fn what_is_below_and_no_single_number_is_odd() {
        check_place(&[0x2b, 6, 1, 2, 1, 2, 2, 1, 2], Place::Odd);
        check_place(&[0x2b, 6, 1, 2, 1, 2, 2, 1, 2, 1, 1], Place::Odd);
        check_place(&[0x2b, 6, 1, 2, 1, 2, 2, 1, 2, 0x81], Place::Odd);
        check_place(&[0x2b, 6, 1, 2, 1, 2, 2, 1, 2, 0x80, 1], Place::Odd);
        check_place(&[0x2b, 6, 1, 2, 1, 2, 2, 1, 2, 0x9f, 0xff, 0xff, 0xff, 0x7f], Place::Odd);
    }

    #[test]
    fn other_columns_and_other_mibs_are_elsewhere() {
        check_place(&[0x2b, 6, 1, 2, 1, 2, 2, 1, 3, 1], Place::Elsewhere);
        check_place(&[0x2b, 6, 1, 4, 1], Place::Elsewhere);
        check_place(&[], Place::Elsewhere);
    }

    #[test]
    fn a_name_is_the_numbers_of_its_object_and_its_instance() {
        let (numbers, length) = Name { object: IF_DESCR, instance: Some(10_101) }.numbers();
        assert_eq!(numbers[..length], [1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 10_101]);
        let (numbers, length) = Name { object: IF_DESCR, instance: None }.numbers();
        assert_eq!(numbers[..length], [1, 3, 6, 1, 2, 1, 2, 2, 1, 2]);
    }

    #[test]
    fn a_name_reads_as_in_the_rfcs() {
        assert_eq!(Name::scalar(Object::SYS_UP_TIME).to_string(), "sysUpTime.0");
        assert_eq!(Name { object: IF_DESCR, instance: None }.to_string(), "ifDescr");
    }
}
