//! Just enough BER (X.690) for an agent that is asked by well-behaved managers. What it does not understand is `None`.

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const NAME: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;

/// The content of the next element, which must have this tag.
pub(crate) fn take<'a>(rest: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    let (header, length) = match **rest {
        [found, ..] if found != tag => return None,
        [_, length, ..] if length < 0x80 => (2, usize::from(length)),
        [_, 0x81, length, ..] => (3, usize::from(length)),
        [_, 0x82, high, low, ..] => (4, usize::from(high) << 8 | usize::from(low)),
        _ => return None,
    };
    let content = rest.get(header..header + length)?;
    *rest = &rest[header + length..];
    Some(content)
}

/// The number that the content of an INTEGER is.
pub(crate) fn integer(content: &[u8]) -> i64 {
    let negative = content.first().is_some_and(|first| *first >= 0x80);
    content.iter().fold(if negative { -1 } else { 0 }, |number, octet| number << 8 | i64::from(*octet))
}

/// Reads the content of an OBJECT IDENTIFIER into `numbers`.
pub(crate) fn read_name(content: &[u8], numbers: &mut Vec<u32>) -> Option<()> {
    let (first, rest) = content.split_first()?;
    numbers.clear();
    numbers.extend([u32::from(first / 40), u32::from(first % 40)]);
    let mut number = 0_u32;
    for octet in rest {
        number = number << 7 | u32::from(octet & 0x7f);
        if *octet < 0x80 {
            numbers.push(number);
            number = 0;
        }
    }
    Some(())
}

/// Adds an element.
pub(crate) fn put(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    put_header(out, tag, content.len());
    out.extend_from_slice(content);
}

/// Adds what comes before the content of an element.
pub(crate) fn put_header(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag);
    put_length(out, length);
}

/// How long an element is with this much content.
pub(crate) const fn size(content: usize) -> usize {
    content
        + match content {
            0..0x80 => 2,
            0x80..0x100 => 3,
            _ => 4,
        }
}

/// Adds an element whose content is put by `fill`.
pub(crate) fn put_with(out: &mut Vec<u8>, tag: u8, fill: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(&[tag, 0]);
    let start = out.len();
    fill(out);
    let length = out.len() - start;
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out[start - 1] = short,
        _ => {
            // More than the one octet that was left for it.
            let mut octets = Vec::with_capacity(3);
            put_length(&mut octets, length);
            out.splice(start - 1..start, octets);
        }
    }
}

fn put_length(out: &mut Vec<u8>, length: usize) {
    let [.., high, low] = length.to_be_bytes();
    match length {
        0..0x80 => out.push(low),
        0x80..0x100 => out.extend_from_slice(&[0x81, low]),
        _ => out.extend_from_slice(&[0x82, high, low]),
    }
}

/// Adds an INTEGER.
pub(crate) fn put_signed(out: &mut Vec<u8>, number: i64) {
    let octets = number.to_be_bytes();
    let spare = |pair: &[u8]| (pair[0] == 0 && pair[1] < 0x80) || (pair[0] == 0xff && pair[1] >= 0x80);
    let leading = octets.windows(2).take_while(|pair| spare(pair)).count();
    put(out, INTEGER, &octets[leading..]);
}

/// Adds a number that is not negative.
pub(crate) fn put_unsigned(out: &mut Vec<u8>, tag: u8, number: u64) {
    // One more than the number has, so that the first is never taken for a sign.
    let mut octets = [0; 9];
    octets[1..].copy_from_slice(&number.to_be_bytes());
    let bits = 64 - number.leading_zeros() as usize;
    put(out, tag, &octets[8 - bits / 8..]);
}

/// Adds an OBJECT IDENTIFIER.
pub(crate) fn put_name(out: &mut Vec<u8>, name: &[u32]) {
    put_with(out, NAME, |out| {
        let [first, second, rest @ ..] = name else { return };
        out.push((first * 40 + second).to_be_bytes()[3]);
        for number in rest {
            let low_bits = |shift: u32| (number >> shift).to_be_bytes()[3] & 0x7f;
            for shift in [28, 21, 14, 7].into_iter().filter(|shift| number >> shift != 0) {
                out.push(low_bits(shift) | 0x80);
            }
            out.push(low_bits(0));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(put: impl FnOnce(&mut Vec<u8>), expected: &[u8]) {
        let mut out = Vec::new();
        put(&mut out);
        assert_eq!(out, expected);
    }

    #[test]
    fn numbers_have_as_few_octets_as_they_need_and_a_sign() {
        check(|out| put_unsigned(out, 0x46, 0), &[0x46, 1, 0]);
        check(|out| put_unsigned(out, 0x46, 127), &[0x46, 1, 127]);
        check(|out| put_unsigned(out, 0x46, 128), &[0x46, 2, 0, 128]);
        check(|out| put_unsigned(out, 0x46, 1 << 63), &[0x46, 9, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]);
        check(|out| put_signed(out, -1), &[2, 1, 0xff]);
        check(|out| put_signed(out, 128), &[2, 2, 0, 0x80]);
        check(|out| put_signed(out, -129), &[2, 2, 0xff, 0x7f]);
    }

    #[test]
    fn names_are_what_they_were() {
        let name = [1, 3, 6, 1, 2, 1, 2, 2, 1, 10, 10_101, u32::MAX];
        let mut out = Vec::new();
        put_name(&mut out, &name);
        let mut numbers = Vec::new();
        read_name(take(&mut out.as_slice(), NAME).unwrap(), &mut numbers).unwrap();
        assert_eq!(numbers, name);
    }

    #[test]
    fn lengths_have_as_few_octets_as_they_need() {
        for (length, header) in [(127, 2), (128, 3), (255, 3), (256, 4), (65_535, 4)] {
            let content = vec![7; length];
            let mut out = Vec::new();
            put_with(&mut out, OCTETS, |out| out.extend_from_slice(&content));
            assert_eq!(out.len(), header + length);
            assert_eq!(take(&mut out.as_slice(), OCTETS), Some(content.as_slice()));
        }
    }
}
