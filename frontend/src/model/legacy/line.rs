//! The predecessor's line of nine numbers, and what it says. Knows neither when it was written nor which reading it is of.

use std::time::Duration;

use stats::{
    Amounts, Entry, GapReason, InterfaceStats, Maxima, Quantity, Sample, Samples, StatsFile, TargetStats, Timestamp,
    VERSION,
};

/// What a line says, in its order.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) seconds: Duration,
    /// What counts as full, and what passed; a number below 0 is none, nor is one of more than 64 bits.
    pairs: [[Option<u64>; 2]; 4],
}

pub(super) const QUANTITIES: [Quantity; 4] =
    [Quantity::InOctets, Quantity::OutOctets, Quantity::InPackets, Quantity::OutPackets];

impl Line {
    const NUMBERS: usize = 9;
    /// The octets of nine numbers of 20 digits, and of what is between them.
    const MOST: usize = 512;

    /// Whether more of it could make a line of this.
    pub(super) fn is_begun(text: &[u8]) -> bool {
        text.len() < Self::MOST && written(text).and_then(Self::numbers).is_some()
    }

    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        /// Nobody looks at what is written less often.
        const LONGEST: Duration = Duration::from_hours(24);

        if text.len() > Self::MOST {
            return None;
        }
        let numbers = Self::numbers(written(text)?)?;
        if numbers.len() != Self::NUMBERS {
            return None;
        }
        let pair = |at: usize| [numbers[at].whole(), numbers[at + 1].whole()];
        let seconds = Duration::from_micros(numbers[0].micros()?);
        (!seconds.is_zero() && seconds <= LONGEST)
            .then_some(Self { seconds, pairs: [pair(1), pair(3), pair(5), pair(7)] })
    }

    /// Nine at most; `None` where there is anything else.
    fn numbers(text: &str) -> Option<Vec<Number<'_>>> {
        let mut numbers = Vec::new();
        for word in text.split_ascii_whitespace() {
            numbers.push(Number::parse(word)?);
        }
        Some(numbers).filter(|numbers| numbers.len() <= Self::NUMBERS)
    }

    pub(super) fn file(&self, url: &str, sequence: u64, end: Timestamp) -> StatsFile {
        let mut passed = Amounts::UNKNOWN;
        for (quantity, [_, amount]) in QUANTITIES.into_iter().zip(self.pairs) {
            passed.set(quantity, amount);
        }
        // The predecessor subtracts whatever the counter did: below 0 it was restarted, or wrapped.
        let gap = self.pairs.iter().any(|[_, amount]| amount.is_none()).then_some(GapReason::Discontinuity);
        let passed = if gap.is_some() { Amounts::UNKNOWN } else { passed };
        let [in_octets, out_octets, in_packets, out_packets] =
            self.pairs.map(|[full, _]| full.filter(|full| *full > 0));
        let sample = Sample { end, duration: self.seconds, gap, passed };
        let interface = InterfaceStats {
            name: name(url).to_owned(),
            max: Some(Box::new(Maxima { in_octets, out_octets, in_packets, out_packets })),
            samples: Samples::of([Entry { sequence, sample }]),
            ..InterfaceStats::default()
        };
        let target = TargetStats {
            name: "live_interface_stats".to_owned(),
            interval: Some(self.seconds),
            interfaces: vec![interface],
            ..TargetStats::default()
        };
        StatsFile { version: VERSION, written: Some(end), due: Some(end.after(self.seconds)), targets: vec![target] }
    }
}

/// The octets as text, where they are UTF-8.
fn written(octets: &[u8]) -> Option<&str> {
    let text = octets.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    (text.len() == octets.len()).then_some(text)
}

/// The interface that a file is of, by the file's name.
fn name(url: &str) -> &str {
    let end = url.bytes().position(|octet| matches!(octet, b'?' | b'#')).unwrap_or(url.len());
    let begin = url.bytes().take(end).rposition(|octet| octet == b'/').map_or(0, |slash| slash + 1);
    let file = url.get(begin..end).unwrap_or_default();
    let name = file.strip_prefix("live_interface_stats_").unwrap_or(file);
    let name = name.strip_suffix(".txt").unwrap_or(name);
    if name.is_empty() { "interface" } else { name }
}

/// A decimal number. The standard library's way of reading those is exact to the last of 300 digits, and large.
struct Number<'a> {
    is_negative: bool,
    whole: &'a str,
    fraction: &'a str,
}

impl<'a> Number<'a> {
    fn parse(word: &'a str) -> Option<Self> {
        let digits = word.strip_prefix('-');
        let (whole, fraction) = digits.unwrap_or(word).split_once('.').unwrap_or((digits.unwrap_or(word), ""));
        let is_number = !whole.is_empty() && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
        is_number.then_some(Self { is_negative: digits.is_some(), whole, fraction })
    }

    fn whole(&self) -> Option<u64> {
        if self.is_negative { None } else { self.whole.parse().ok() }
    }

    /// In millionths.
    fn micros(&self) -> Option<u64> {
        let millionths = self.fraction.bytes().chain(std::iter::repeat(b'0')).take(6);
        let fraction = millionths.fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        self.whole()?.checked_mul(1_000_000)?.checked_add(fraction)
    }
}
