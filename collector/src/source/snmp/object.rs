//! What an agent is asked for: objects of SNMPv2-MIB (RFC 3418) and IF-MIB (RFC 2863), and their instances. Knows nothing
//! of messages.

use std::fmt;

/// An object of `mib-2` whose instances have one number: an `ifIndex`, or 0 where there is but one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Object {
    name: &'static str,
    /// Below `mib-2`. Each number is below 128, so that it is its own encoding. Of one size for all, so that names can be put
    /// together without a loop.
    path: [u8; 5],
    /// How many of them count.
    length: u8,
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

    /// Of `numbers`, which are below 128 and at most five.
    pub(super) const fn new(name: &'static str, numbers: &[u8]) -> Self {
        let (mut path, mut length) = ([0; 5], 0);
        assert!(numbers.len() <= path.len(), "names have room for five");
        while (length as usize) < numbers.len() {
            path[length as usize] = numbers[length as usize];
            length += 1;
        }
        Self { name, path, length }
    }

    fn path(&self) -> &[u8] {
        &self.path[..usize::from(self.length)]
    }

    /// As RFCs call it.
    pub(super) const fn name(self) -> &'static str {
        self.name
    }

    /// Where a name that came from an agent is, seen from this object. `encoded` is in BER, without its tag and length.
    pub(super) fn locate(self, encoded: &[u8]) -> Place {
        let below = encoded.strip_prefix(&MIB_2_ENCODED).and_then(|rest| rest.strip_prefix(self.path()));
        match below {
            None => Place::Elsewhere,
            Some(rest) => match number(rest) {
                Some((number, [])) => Place::Instance(number),
                first => Place::Odd(first.map(|(number, _)| number)),
            },
        }
    }
}

/// Where a name is, seen from an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is the instance with this number.
    Instance(u32),
    /// It is below the object, and is no instance with one number. This is the first of its numbers, where that can be read.
    Odd(Option<u32>),
    /// It is not below the object.
    Elsewhere,
}

/// What a varbind of a request is about: an object, or one of its instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) object: Object,
    pub(super) instance: Option<u32>,
    /// Whether it is the last name below the instance rather than the instance: what follows is behind all that is there.
    is_last_below: bool,
}

impl Name {
    pub(super) const fn of(object: Object, instance: Option<u32>) -> Self {
        Self { object, instance, is_last_below: false }
    }

    /// The one instance of an object outside of tables.
    pub(super) const fn scalar(object: Object) -> Self {
        Self::of(object, Some(0))
    }

    /// The last name that can be below an instance, where nothing should be.
    pub(super) const fn last_below(object: Object, instance: u32) -> Self {
        Self { object, instance: Some(instance), is_last_below: true }
    }

    /// Whether it comes before another one in the order of names.
    pub(super) fn precedes(self, other: Self) -> bool {
        let after_paths = |name: Self| (name.instance, name.is_last_below);
        (self.object.path(), after_paths(self)) < (other.object.path(), after_paths(other))
    }

    /// In BER, without its tag and length, and how many of these octets count.
    pub(super) fn encoded(self) -> ([u8; 20], usize) {
        let mut octets = [0; 20];
        octets[..5].copy_from_slice(&MIB_2_ENCODED);
        octets[5..10].copy_from_slice(&self.object.path);
        let mut length = 5 + usize::from(self.object.length);
        for number in self.numbers_below() {
            octets[length..length + 5].copy_from_slice(&encoded(number));
            length += encoded_length(number);
        }
        (octets, length)
    }

    /// How many octets that are.
    pub(super) fn encoded_length(self) -> usize {
        5 + usize::from(self.object.length) + self.numbers_below().map(encoded_length).sum::<usize>()
    }

    /// Those below the object.
    fn numbers_below(self) -> impl Iterator<Item = u32> {
        self.instance.into_iter().chain(self.is_last_below.then_some(u32::MAX))
    }

    /// The numbers of it, and how many of them count.
    #[cfg_attr(not(any(test, feature = "v3")), expect(dead_code, reason = "v3 comes by it"))]
    pub(super) fn numbers(self) -> ([u32; 13], usize) {
        let mut numbers = [0; 13];
        let path = self.object.path().iter().map(|number| u32::from(*number));
        let all = MIB_2.into_iter().chain(path).chain(self.numbers_below());
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

/// A number in base 128, and what may be behind it. All octets of it but the last have the highest bit set.
fn encoded(number: u32) -> [u8; 5] {
    let part = |at: u32| (number >> (7 * at)).to_le_bytes()[0] & 0x7f;
    let octets = [part(4) | 0x80, part(3) | 0x80, part(2) | 0x80, part(1) | 0x80, part(0), 0, 0, 0];
    let octets = (u64::from_be_bytes(octets) << (8 * (5 - encoded_length(number)))).to_be_bytes();
    std::array::from_fn(|at| octets[at])
}

/// How many octets that are.
const fn encoded_length(number: u32) -> usize {
    let bits = u32::BITS - (number | 1).leading_zeros();
    bits.div_ceil(7) as usize
}

/// The first number of an encoding in base 128, and what comes after it; `None` where it is no number of 32 bits.
fn number(encoded: &[u8]) -> Option<(u32, &[u8])> {
    /// Five of 7 bits hold 32.
    const MOST: usize = 5;

    let length = encoded.iter().position(|octet| *octet < 0x80)? + 1;
    let (number, rest) = encoded.split_at(length);
    if length > MOST || number[0] == 0x80 {
        return None;
    }
    let number = number.iter().fold(0_u64, |number, octet| number << 7 | u64::from(octet & 0x7f));
    Some((u32::try_from(number).ok()?, rest))
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
        check_place(&[0x2b, 6, 1, 2, 1, 2, 2, 1, 2], Place::Odd(None));
        check_place(&[0x2b, 6, 1, 2, 1, 2, 2, 1, 2, 1, 1], Place::Odd(Some(1)));
        check_place(&[0x2b, 6, 1, 2, 1, 2, 2, 1, 2, 0x81], Place::Odd(None));
        check_place(&[0x2b, 6, 1, 2, 1, 2, 2, 1, 2, 0x80, 1], Place::Odd(None));
        check_place(&[0x2b, 6, 1, 2, 1, 2, 2, 1, 2, 0x9f, 0xff, 0xff, 0xff, 0x7f], Place::Odd(None));
    }

    #[test]
    fn other_columns_and_other_mibs_are_elsewhere() {
        check_place(&[0x2b, 6, 1, 2, 1, 2, 2, 1, 3, 1], Place::Elsewhere);
        check_place(&[0x2b, 6, 1, 4, 1], Place::Elsewhere);
        check_place(&[], Place::Elsewhere);
    }

    #[test]
    fn a_name_is_the_numbers_of_its_object_and_its_instance() {
        let (numbers, length) = Name::of(IF_DESCR, Some(10_101)).numbers();
        assert_eq!(numbers[..length], [1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 10_101]);
        let (numbers, length) = Name::of(IF_DESCR, None).numbers();
        assert_eq!(numbers[..length], [1, 3, 6, 1, 2, 1, 2, 2, 1, 2]);
    }

    #[test]
    fn a_name_is_encoded_with_seven_bits_an_octet() {
        for (instance, expected) in [
            (0, [0].as_slice()),
            (127, &[127]),
            (128, &[0x81, 0]),
            (10_101, &[0xce, 0x75]),
            (1 << 14, &[0x81, 0x80, 0]),
            (u32::MAX, &[0x8f, 0xff, 0xff, 0xff, 0x7f]),
        ] {
            let name = Name::of(IF_DESCR, Some(instance));
            let (octets, length) = name.encoded();
            assert_eq!(octets[..length], [&[0x2b, 6, 1, 2, 1, 2, 2, 1, 2], expected].concat());
            assert_eq!(name.encoded_length(), length);
            assert_eq!(IF_DESCR.locate(&octets[..length]), Place::Instance(instance));
        }
        let last = Name::last_below(Object::new("long", &[31, 1, 1, 1, 6]), u32::MAX);
        assert_eq!((last.encoded().1, last.encoded_length()), (20, 20));
    }

    #[test]
    fn the_last_name_below_an_instance_is_behind_all_that_can_be_there() {
        let last = Name::last_below(IF_DESCR, 7);
        let (numbers, length) = last.numbers();
        assert_eq!(numbers[..length], [1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 7, u32::MAX]);
        assert!(Name::of(IF_DESCR, Some(7)).precedes(last) && last.precedes(Name::of(IF_DESCR, Some(8))));
    }

    #[test]
    fn a_name_reads_as_in_the_rfcs() {
        assert_eq!(Name::scalar(Object::SYS_UP_TIME).to_string(), "sysUpTime.0");
        assert_eq!(Name::of(IF_DESCR, None).to_string(), "ifDescr");
    }
}
