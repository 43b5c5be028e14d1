//! BER as far as SNMP has it: elements of a tag, a length and a content, within their bounds.
//!
//! The reader of the crate `snmp` is asked only for what it gets right once the bounds are known. By itself it panics on
//! a length of more octets than are left (`30 84`) or than a `usize` has, and on an integer without octets.

use snmp::AsnReader;

use super::Malformed;

/// Elements that follow each other.
#[derive(Clone, Debug)]
pub(super) struct Elements<'a>(&'a [u8]);

/// An element: what it is, and what is in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    whole: &'a [u8],
}

impl<'a> Elements<'a> {
    pub(super) const fn of(octets: &'a [u8]) -> Self {
        Self(octets)
    }

    /// The next element; `None` at the end.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<Element<'a>>, Malformed> {
        let (tag, first) = match *self.0 {
            [] => return Ok(None),
            [_] => return Err(Malformed::Truncated),
            [tag, first, ..] => (tag, first),
        };
        let (header, length) = if first < 0x80 { (2, usize::from(first)) } else { self.long_length(first)? };
        // No overflow: a length has at most four octets, and what is left of a datagram has fewer than 2^16.
        let size = header + length;
        let (Some(whole), Some(rest)) = (self.0.get(..size), self.0.get(size..)) else {
            return Err(Malformed::Truncated);
        };
        self.0 = rest;
        Ok(Some(Element { tag, content: &whole[header..], whole }))
    }

    /// The next element, which must be there and have this tag.
    #[inline]
    pub(super) fn expect(&mut self, tag: u8) -> Result<Element<'a>, Malformed> {
        let element = self.next()?.ok_or(Malformed::Truncated)?;
        if element.tag == tag { Ok(element) } else { Err(Malformed::Type) }
    }

    /// Nothing more may follow.
    pub(super) const fn end(&self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed::Trailing) }
    }

    /// The size of the header and the length of the content, where the length itself has several octets.
    fn long_length(&self, first: u8) -> Result<(usize, usize), Malformed> {
        /// Agents pad lengths (`82 00 05`), but never to more than this.
        const MOST: usize = 4;

        let octets = usize::from(first & 0x7f);
        // None at all would be the indefinite form, which SNMP forbids (RFC 3417, section 8).
        if !(1..=MOST).contains(&octets) {
            return Err(Malformed::Length);
        }
        let length = self.0.get(2..2 + octets).ok_or(Malformed::Truncated)?;
        let length = length.iter().fold(0_u64, |length, octet| length << 8 | u64::from(*octet));
        // A target of 32 bits could not add the header to a length near 2^32.
        let length = usize::try_from(length).ok().filter(|length| *length <= 0xffff_ff00).ok_or(Malformed::Length)?;
        Ok((2 + octets, length))
    }
}

impl<'a> Element<'a> {
    /// What is in it, as elements.
    pub(super) const fn elements(self) -> Elements<'a> {
        Elements::of(self.content)
    }

    /// The number, where it is an INTEGER.
    pub(super) fn integer(self) -> Result<i64, Malformed> {
        if !(1..=8).contains(&self.content.len()) {
            return Err(Malformed::Number);
        }
        AsnReader::from_bytes(self.whole).read_asn_integer().map_err(|_| Malformed::Number)
    }

    /// The number, where it is one that is never negative and has at most 64 bits.
    ///
    /// The crate's own refuses a `Counter64` of 2^63 and more. Agents that forget the leading zero of a number with its
    /// highest bit set mean what they write.
    #[inline]
    pub(super) fn unsigned(self) -> Result<u64, Malformed> {
        match self.content {
            [0, content @ ..] | content @ [_, ..] if content.len() <= 8 => Ok(unsigned(content)),
            _ => Err(Malformed::Number),
        }
    }
}

#[inline]
fn unsigned(content: &[u8]) -> u64 {
    content.iter().fold(0, |number, octet| number << 8 | u64::from(*octet))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_content(octets: &[u8], expected: Result<&[u8], Malformed>) {
        let element = Elements::of(octets).next();
        assert_eq!(element.map(|element| element.unwrap().content), expected);
    }

    #[test]
    fn lengths_are_short_or_long() {
        check_content(&[4, 2, 1, 2], Ok(&[1, 2]));
        check_content(&[4, 0x81, 2, 1, 2], Ok(&[1, 2]));
        check_content(&[4, 0x82, 0, 2, 1, 2, 9], Ok(&[1, 2]));
        check_content(&[4, 0], Ok(&[]));
    }

    #[test]
    fn lengths_that_lie_are_found_out() {
        check_content(&[4], Err(Malformed::Truncated));
        check_content(&[4, 2, 1], Err(Malformed::Truncated));
        check_content(&[0x30, 0x84], Err(Malformed::Truncated));
        check_content(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0], Err(Malformed::Length));
        check_content(&[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0], Err(Malformed::Truncated));
        check_content(&[0x30, 0x80, 0, 0], Err(Malformed::Length));
        check_content(&[0x30, 0xff, 0, 0], Err(Malformed::Length));
        check_content(&[0x30, 0x89, 0, 0, 0, 0, 0, 0, 0, 0, 0], Err(Malformed::Length));
    }

    #[track_caller]
    fn check_unsigned(content: &[u8], expected: Result<u64, Malformed>) {
        let element = Element { tag: 0x46, content, whole: content };
        assert_eq!(element.unsigned(), expected);
    }

    #[test]
    fn numbers_of_64_bits_are_read_whole() {
        check_unsigned(&[0], Ok(0));
        check_unsigned(&[0, 0x80, 0, 0, 0, 0, 0, 0, 0], Ok(1 << 63));
        check_unsigned(&[0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Ok(u64::MAX));
        check_unsigned(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Ok(u64::MAX));
    }

    #[test]
    fn numbers_without_octets_or_with_too_many_are_refused() {
        check_unsigned(&[], Err(Malformed::Number));
        check_unsigned(&[1, 0, 0, 0, 0, 0, 0, 0, 0], Err(Malformed::Number));
        check_unsigned(&[0; 10], Err(Malformed::Number));
    }

    #[test]
    fn integers_have_a_sign_and_at_most_64_bits() {
        let integer = |octets: &[u8]| Elements::of(octets).next().unwrap().unwrap().integer();
        assert_eq!(integer(&[2, 1, 0xff]), Ok(-1));
        assert_eq!(integer(&[2, 2, 0, 0x80]), Ok(128));
        assert_eq!(integer(&[2, 0]), Err(Malformed::Number));
        assert_eq!(integer(&[2, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1]), Err(Malformed::Number));
    }
}
