//! Requests into what they ask, and answers into octets: just enough BER for an agent that is asked by well-behaved
//! managers. What it does not understand it does not answer.

/// What an agent says of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Integer(i64),
    Octets(Vec<u8>),
    Name(Vec<u32>),
    Counter32(u32),
    Gauge32(u32),
    TimeTicks(u32),
    Counter64(u64),
    NoSuchInstance,
    EndOfMibView,
}

/// A request, understood.
pub(crate) struct Request {
    pub(crate) version: u8,
    pub(crate) community: Vec<u8>,
    pub(crate) id: i64,
    pub(crate) asked: Asked,
    pub(crate) names: Vec<Vec<u32>>,
}

/// What is asked about the names.
pub(crate) enum Asked {
    Get,
    Next,
    Bulk { non_repeaters: usize, repetitions: usize },
}

/// An answer.
pub(crate) struct Response {
    pub(crate) version: u8,
    pub(crate) community: Vec<u8>,
    pub(crate) id: i64,
    pub(crate) status: u32,
    pub(crate) varbinds: Vec<(Vec<u32>, Value)>,
}

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const NULL: u8 = 0x05;
const NAME: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

impl Request {
    pub(crate) fn decode(datagram: &[u8]) -> Option<Self> {
        let mut rest = datagram;
        let mut message = take(&mut rest, SEQUENCE)?;
        let version = integer(take(&mut message, INTEGER)?);
        let community = take(&mut message, OCTETS)?.to_vec();
        let kind = *message.first()?;
        let mut pdu = take(&mut message, kind)?;
        let id = integer(take(&mut pdu, INTEGER)?);
        let first = usize::try_from(integer(take(&mut pdu, INTEGER)?)).ok()?;
        let second = usize::try_from(integer(take(&mut pdu, INTEGER)?)).ok()?;
        let asked = match kind {
            // A GET that came with an error would be none.
            0xa0 if first == 0 && second == 0 => Asked::Get,
            0xa1 if first == 0 && second == 0 => Asked::Next,
            0xa5 => Asked::Bulk { non_repeaters: first, repetitions: second },
            _ => return None,
        };
        let mut varbinds = take(&mut pdu, SEQUENCE)?;
        let mut names = Vec::new();
        while !varbinds.is_empty() {
            let mut varbind = take(&mut varbinds, SEQUENCE)?;
            names.push(name(take(&mut varbind, NAME)?));
            take(&mut varbind, NULL)?;
        }
        Some(Self { version: u8::try_from(version).ok()?, community, id, asked, names })
    }
}

/// The content of the next element, which must have this tag.
fn take<'a>(rest: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
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

fn integer(content: &[u8]) -> i64 {
    let negative = content.first().is_some_and(|first| *first >= 0x80);
    content.iter().fold(if negative { -1 } else { 0 }, |number, octet| number << 8 | i64::from(*octet))
}

fn name(content: &[u8]) -> Vec<u32> {
    let mut numbers = vec![u32::from(content[0] / 40), u32::from(content[0] % 40)];
    let mut number = 0;
    for octet in &content[1..] {
        number = number << 7 | u32::from(octet & 0x7f);
        if *octet < 0x80 {
            numbers.push(number);
            number = 0;
        }
    }
    numbers
}

impl Response {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut varbinds = Vec::new();
        for (name, value) in &self.varbinds {
            let varbind = [element(NAME, &name_octets(name)), value.encode()].concat();
            varbinds.extend(element(SEQUENCE, &varbind));
        }
        let pdu = [
            element(INTEGER, &signed_octets(self.id)),
            element(INTEGER, &signed_octets(i64::from(self.status))),
            element(INTEGER, &[0]),
            element(SEQUENCE, &varbinds),
        ];
        let message =
            [element(INTEGER, &[self.version]), element(OCTETS, &self.community), element(0xa2, &pdu.concat())];
        element(SEQUENCE, &message.concat())
    }
}

impl Value {
    fn encode(&self) -> Vec<u8> {
        let (tag, content) = match self {
            Self::Integer(number) => (INTEGER, signed_octets(*number)),
            Self::Octets(octets) => (OCTETS, octets.clone()),
            Self::Name(name) => (NAME, name_octets(name)),
            Self::Counter32(number) => (0x41, unsigned_octets(u64::from(*number))),
            Self::Gauge32(number) => (0x42, unsigned_octets(u64::from(*number))),
            Self::TimeTicks(number) => (0x43, unsigned_octets(u64::from(*number))),
            Self::Counter64(number) => (0x46, unsigned_octets(*number)),
            Self::NoSuchInstance => (0x81, Vec::new()),
            Self::EndOfMibView => (0x82, Vec::new()),
        };
        element(tag, &content)
    }
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let [.., high, low] = content.len().to_be_bytes();
    let header = match content.len() {
        0..0x80 => vec![tag, low],
        0x80..0x100 => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [header.as_slice(), content].concat()
}

fn signed_octets(number: i64) -> Vec<u8> {
    let octets = number.to_be_bytes();
    let spare = |pair: &[u8]| (pair[0] == 0 && pair[1] < 0x80) || (pair[0] == 0xff && pair[1] >= 0x80);
    let leading = octets.windows(2).take_while(|pair| spare(pair)).count();
    octets[leading..].to_vec()
}

fn unsigned_octets(number: u64) -> Vec<u8> {
    let octets = number.to_be_bytes();
    let leading = octets.iter().take(7).take_while(|octet| **octet == 0).count();
    let sign: &[u8] = if octets[leading] >= 0x80 { &[0] } else { &[] };
    [sign, &octets[leading..]].concat()
}

fn name_octets(name: &[u32]) -> Vec<u8> {
    let mut octets = vec![u8::try_from(name[0] * 40 + name[1]).expect("a name that begins as names do")];
    for number in &name[2..] {
        let groups = [28, 21, 14, 7].into_iter().filter(|shift| number >> shift != 0);
        let low_bits = |shift: u32| (number >> shift).to_be_bytes()[3] & 0x7f;
        octets.extend(groups.map(|shift| low_bits(shift) | 0x80));
        octets.push(low_bits(0));
    }
    octets
}
