//! Samples in as few octets as may be: what is kept of thousands of interfaces is nearly all that a collector keeps.
//!
//! A sample is its duration, less the one that all durations are near to; the mask of the quantities that are known; the
//! gap's reason, where it is one; and the amounts; all as numbers of seven bits an octet. The length comes last, so that
//! the newest samples are found from the end. When samples ended is not in it: each began where the one before it ended.

use std::time::Duration;

use crate::counter::{Amounts, Quantity};
use crate::sample::{GapReason, Sample};
use crate::time::{Timestamp, micros};

// The most that a sample can take must fit into the octet that says how much it takes.
const _: () = assert!(10 + 1 + 2 + Packed::MOST_WORDS + 10 * Quantity::ALL.len() < 256);

/// Samples one after the other, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Packed {
    octets: Vec<u8>,
    /// How many of the octets are of samples that were dropped.
    dropped: u32,
    count: u32,
    /// What durations are told from, in microseconds.
    usual: u64,
}

impl Packed {
    /// Reasons in other words than the known ones are cut so that a length always fits into its octet.
    const MOST_WORDS: usize = 100;
    /// No sample takes longer, in microseconds: so much leaves a bit for its sign and one for whether it is a gap.
    const LONGEST: u64 = 1 << 60;

    pub(crate) const fn len(&self) -> usize {
        self.count as usize
    }

    /// Adds the newest sample, but for when it ended.
    pub(crate) fn push(&mut self, sample: &Sample) {
        let duration = micros(sample.duration).min(Self::LONGEST);
        if self.count == 0 {
            self.usual = duration;
        }
        self.make_room();
        let begin = self.octets.len();
        let off = duration.wrapping_sub(self.usual).cast_signed();
        // Small numbers of either sign are small ones without a sign, and below them is whether this is a gap.
        let off = ((off << 1) ^ (off >> 63)).cast_unsigned();
        put(&mut self.octets, off << 1 | u64::from(sample.gap.is_some()));
        self.octets.push(sample.passed.mask());
        if let Some(reason) = &sample.gap {
            self.octets.push(reason.code());
            if let GapReason::Other(words) = reason {
                let words = &words[..words.floor_char_boundary(Self::MOST_WORDS)];
                put(&mut self.octets, words.len() as u64);
                self.octets.extend(words.bytes());
            }
        }
        for amount in Quantity::ALL.into_iter().filter_map(|quantity| sample.passed.get(quantity)) {
            put(&mut self.octets, amount);
        }
        let length = u8::try_from(self.octets.len() - begin).unwrap_or(u8::MAX);
        self.octets.push(length);
        self.count += 1;
    }

    /// Drops the oldest sample and tells its duration, in microseconds.
    pub(crate) fn drop_oldest(&mut self) -> u64 {
        let mut rest = &self.octets[self.dropped as usize..];
        let before = rest.len();
        let Sample { duration, .. } = self.take(&mut rest, Timestamp::default());
        self.dropped += u32::try_from(before - rest.len()).unwrap_or_default();
        self.count = self.count.saturating_sub(1);
        micros(duration)
    }

    /// The duration of the oldest sample.
    pub(crate) fn oldest_duration(&self) -> Duration {
        self.take(&mut &self.octets[self.dropped as usize..], Timestamp::default()).duration
    }

    /// Puts the last `count` samples into `samples`, in place of what is there, the newest of which ended then.
    pub(crate) fn unpack(&self, count: usize, end: Timestamp, samples: &mut Vec<Sample>) {
        samples.clear();
        let mut begin = self.octets.len();
        for _ in 0..count.min(self.len()) {
            begin -= usize::from(self.octets[begin - 1]) + 1;
        }
        let mut rest = &self.octets[begin..];
        while !rest.is_empty() {
            samples.push(self.take(&mut rest, end));
        }
        let mut end = end;
        for sample in samples.iter_mut().rev() {
            sample.end = end;
            end = sample.start();
        }
    }

    /// The sample that `rest` begins with.
    fn take(&self, rest: &mut &[u8], end: Timestamp) -> Sample {
        let head = take(rest);
        let off = head >> 1;
        let off = (off >> 1).cast_signed() ^ -(off & 1).cast_signed();
        let duration = Duration::from_micros(self.usual.wrapping_add(off.cast_unsigned()));
        let mask = take_octet(rest);
        let gap = (head & 1 == 1).then(|| take_reason(rest));
        let mut passed = Amounts::UNKNOWN;
        for quantity in Quantity::ALL.into_iter().filter(|quantity| mask & (1 << *quantity as u8) != 0) {
            passed.set(quantity, Some(take(rest)));
        }
        take_octet(rest);
        Sample { end, duration, gap, passed }
    }

    /// Moves what is left to the front before there would have to be more memory, of which there is never much to spare.
    fn make_room(&mut self) {
        const SPARE: usize = 32;

        let spare = self.octets.capacity() - self.octets.len();
        if spare < SPARE && self.dropped as usize > self.octets.len() / 16 {
            self.octets.drain(..self.dropped as usize);
            self.dropped = 0;
        }
        let spare = self.octets.capacity() - self.octets.len();
        if spare < SPARE {
            self.octets.reserve_exact(SPARE + self.octets.len() / 16);
        }
    }
}

fn take_reason(rest: &mut &[u8]) -> GapReason {
    let code = take_octet(rest);
    GapReason::of_code(code).unwrap_or_else(|| {
        let length = usize::try_from(take(rest)).unwrap_or_default().min(rest.len());
        let (words, after) = rest.split_at(length);
        *rest = after;
        GapReason::Other(String::from_utf8_lossy(words).into_owned())
    })
}

pub(crate) fn put(octets: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        octets.push(low_bits(number) | 0x80);
        number >>= 7;
    }
    octets.push(low_bits(number));
}

const fn low_bits(number: u64) -> u8 {
    number.to_le_bytes()[0] & 0x7f
}

pub(crate) fn take(rest: &mut &[u8]) -> u64 {
    let (mut number, mut shift) = (0, 0);
    loop {
        let octet = take_octet(rest);
        number |= u64::from(octet & 0x7f) << shift;
        shift += 7;
        if octet < 0x80 || shift > 63 {
            return number;
        }
    }
}

pub(crate) fn take_octet(rest: &mut &[u8]) -> u8 {
    let Some((first, after)) = rest.split_first() else { return 0 };
    *rest = after;
    *first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(second: u64, micros: u64, gap: Option<GapReason>, amounts: &[u64]) -> Sample {
        let amounts = Quantity::ALL.into_iter().zip(amounts);
        let passed = amounts.fold(Amounts::UNKNOWN, |all, (quantity, amount)| all.with(quantity, *amount));
        let end = Timestamp::from_micros(second * 1_000_000);
        Sample { end, duration: Duration::from_micros(micros), gap, passed }
    }

    #[track_caller]
    fn check(samples: &[Sample]) {
        let mut packed = Packed::default();
        for sample in samples {
            packed.push(sample);
        }
        let mut unpacked = Vec::new();
        for count in 0..=samples.len() {
            packed.unpack(count, samples.last().unwrap().end, &mut unpacked);
            assert_eq!(unpacked, samples[samples.len() - count..]);
        }
        for sample in samples {
            assert_eq!(packed.oldest_duration(), sample.duration);
            assert_eq!(packed.drop_oldest(), micros(sample.duration));
        }
        assert_eq!(packed.len(), 0);
    }

    #[test]
    fn what_was_packed_is_unpacked() {
        check(&[
            sample(10, 1_000_000, None, &[1, 2, 3, 4, 5, 6, 7, 8]),
            sample(11, 1_000_000, None, &[0, u64::MAX, 127, 128, 1 << 63]),
            sample(14, 3_000_000, Some(GapReason::NoAnswer), &[]),
            sample(15, 1_000_000, Some(GapReason::CollectorStopped), &[9]),
            sample(16, 1_000_000, Some(GapReason::Other("eaten by the dog".to_owned())), &[]),
        ]);
        check(
            &[
                sample(u64::MAX / 2_000_000, Packed::LONGEST / 1_000_000, None, &[]),
                sample(u64::MAX / 1_000_000, Packed::LONGEST, None, &[u64::MAX; 8]),
            ][1..],
        );
    }

    #[test]
    fn a_reason_in_many_words_is_cut_at_a_character() {
        let mut packed = Packed::default();
        packed.push(&sample(1, 1, Some(GapReason::Other("核".repeat(1_000))), &[u64::MAX; 8]));
        let mut unpacked = Vec::new();
        packed.unpack(1, Timestamp::from_micros(1_000_000), &mut unpacked);
        assert_eq!(unpacked[0].gap, Some(GapReason::Other("核".repeat(33))));
        assert_eq!(unpacked[0].passed.get(Quantity::OutDiscards), Some(u64::MAX));
    }

    #[test]
    fn a_window_of_a_busy_interface_takes_little_memory() {
        let mut packed = Packed::default();
        for second in 0..10_000 {
            packed.push(&sample(second, 999_900 + second % 200, None, &[12_345_678, 7_654_321, 12_345, 9_876]));
            if packed.len() > 16 {
                packed.drop_oldest();
            }
        }
        assert!(packed.octets.capacity() < 400, "{} octets", packed.octets.capacity());
    }
}
