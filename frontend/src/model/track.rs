//! The samples of one interface as the page has them: put together from files that overlap. Knows nothing of how the files
//! came.

use std::ops::RangeInclusive;
use std::time::Duration;

use stats::{Amounts, GapReason, Sample, Samples, Timestamp};

use crate::list::List;

/// The samples of one interface, put together from overlapping files. Merging a file twice changes nothing.
#[derive(Clone, Debug, Default)]
pub struct Track {
    numbering: Numbering,
    samples: Vec<Numbered>,
    /// Holes before this number are known not to be filled by any file.
    given_up: u64,
    /// When the newest sample ended that is no gap.
    answered: Option<Timestamp>,
    /// What is seen where the view stands still at this moment is not forgotten.
    held: Option<Timestamp>,
    /// What is seen there of a run that is over, of which nothing fits what comes now.
    frozen: Vec<Sample>,
}

/// What tells one sample from another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Numbering {
    /// The file's sequence numbers.
    #[default]
    Sequence,
    /// The moments at which they ended, where a file has no numbers.
    Time,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Numbered {
    number: u64,
    sample: Sample,
}

/// Whether a track was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Merge {
    /// There was nothing new for it.
    Nothing,
    /// It has newer samples than it had.
    Newer,
    /// It has other samples than it had of a time of which it had some.
    Other,
}

impl Track {
    /// However short the interval, no more samples are kept.
    const AT_MOST: usize = 6_000;
    /// However long the interval, so many are kept: enough to draw a graph of.
    const AT_LEAST: usize = 120;
    /// Ten minutes are shown at most, and a line enters from beyond the left edge.
    const KEEP: Duration = Duration::from_mins(11);
    /// A graph runs on for a third of its window where nothing more is known.
    const RUNS_ON: Duration = Duration::from_secs(200);
    /// A line goes on to the first sample beyond the right edge.
    const BEYOND: Duration = Duration::from_mins(1);
    /// Why there is a gap where the files had samples once.
    const MISSED: &str = "missed by this page";

    /// Puts a file's samples where they belong.
    pub fn merge(&mut self, file: &Samples) -> Merge {
        let first = file.first();
        let numbering = if first.is_some() { Numbering::Sequence } else { Numbering::Time };
        let mut merge = Merge::Nothing;
        if numbering != self.numbering && !file.is_empty() {
            // The file is of another kind than those before it: nothing tells how they fit together.
            *self = Self { numbering, ..Self::default() };
            merge = Merge::Other;
        }
        let samples = file.newest(Self::AT_MOST);
        let older = (file.len() - samples.len()) as u64;
        for (offset, sample) in (older..).zip(samples) {
            let number = match first {
                Some(first) => first.saturating_add(offset),
                None => sample.end.as_micros(),
            };
            merge = merge.max(self.insert(number, sample));
        }
        self.forget();
        merge
    }

    fn insert(&mut self, number: u64, sample: Sample) -> Merge {
        // New samples mostly are the newest.
        let at = match self.samples.last() {
            Some(last) if last.number < number => self.samples.len(),
            _ => self.samples.partition_point(|known| known.number < number),
        };
        if self.samples.get(at).is_some_and(|known| known.number == number) {
            return Merge::Nothing;
        }
        if sample.gap.is_none() {
            self.answered = self.answered.max(Some(sample.end));
        }
        let merge = if at == self.samples.len() { Merge::Newer } else { Merge::Other };
        self.samples.insert(at, Numbered { number, sample });
        merge
    }

    fn forget(&mut self) {
        let Some(newest) = self.newest() else { return };
        let oldest = newest.end.before(Self::KEEP);
        // Where a device does not answer, the last that is known of it is what is seen.
        let last_known = self.answered.map(|answered| answered.after(Self::RUNS_ON));
        if let Some(held) = self.held.or(last_known).filter(|held| *held < newest.end) {
            self.forget_between(held, oldest);
            return;
        }
        let count = self.samples.len();
        let too_old = self.samples.iter().position(|known| known.sample.end >= oldest).unwrap_or(count);
        let [may_go, must_go] = [Self::AT_LEAST, Self::AT_MOST].map(|kept| count.saturating_sub(kept));
        self.samples.drain(..too_old.min(may_go).max(must_go));
    }

    /// Forgets what is newer than what is held, and too old besides: however long the view stands still, no more is kept
    /// than is seen now and what would be seen if it ran.
    fn forget_between(&mut self, held: Timestamp, oldest: Timestamp) {
        let seen = held.before(Self::KEEP)..=held.after(Self::BEYOND);
        let is_kept = |known: &Numbered| known.sample.end >= oldest || seen.contains(&known.sample.end);
        self.samples.retain(is_kept);
        self.samples.drain(..self.samples.len().saturating_sub(2 * Self::AT_MOST));
        let newer = self.samples.partition_point(|known| known.sample.end < oldest);
        if let Some(first) = self.samples.get(newer) {
            // What lies between was there once: it is not fetched again.
            self.given_up = self.given_up.max(first.number);
        }
    }

    /// Begins anew with another run of the writer; what is held is seen all the same.
    pub fn restart(&mut self) {
        let frozen = match self.held {
            Some(_) => self.samples_since(Timestamp::default()).list(),
            None => Vec::new(),
        };
        *self = Self { held: self.held, frozen, ..Self::default() };
    }

    /// Keeps what is seen where the view stands still at that moment, however old it becomes; nothing where it runs.
    pub fn hold(&mut self, held: Option<Timestamp>) {
        self.held = held;
        if held.is_none() {
            self.frozen = Vec::new();
        }
    }

    /// When the oldest sample began.
    #[must_use]
    pub fn oldest(&self) -> Option<Timestamp> {
        let first = self.frozen.first().or(self.samples.first().map(|first| &first.sample));
        first.map(Sample::start)
    }

    /// The newest sample.
    #[must_use]
    pub fn newest(&self) -> Option<&Sample> {
        self.samples.last().map(|last| &last.sample)
    }

    /// When the newest sample ended that is no gap.
    #[must_use]
    pub const fn answered(&self) -> Option<Timestamp> {
        self.answered
    }

    /// The oldest hole that may yet be filled: the numbers of the samples that are missing.
    #[must_use]
    pub fn hole(&self) -> Option<RangeInclusive<u64>> {
        if self.numbering == Numbering::Time {
            return None;
        }
        let pairs = self.samples.iter().zip(self.samples.iter().skip(1));
        let mut holes = pairs
            .filter(|(before, after)| after.number - before.number > 1)
            .map(|(before, after)| before.number + 1..=after.number - 1);
        holes.find(|hole| *hole.start() >= self.given_up)
    }

    /// No file will fill holes that end before the last sample of this one.
    pub fn give_up_before(&mut self, file: &Samples) {
        if let Some(first) = file.first() {
            self.given_up = self.given_up.max(first.saturating_add(file.len() as u64));
        }
    }

    /// The samples that ended after `begin`, oldest first, each beginning where the one before it ended: with a gap for what
    /// this page missed.
    pub fn samples_since(&self, begin: Timestamp) -> impl Iterator<Item = Sample> {
        // The clock of the next run may be another one.
        let thawed = self.frozen.last().map(|last| last.end).unwrap_or_default();
        let mut samples = self.frozen.iter().filter(|sample| sample.end > begin).cloned().list();
        let from = self.samples.partition_point(|known| known.sample.end <= begin);
        let mut before = None;
        for next in &self.samples[from..] {
            let gap = before.and_then(|before| self.missed(before, next));
            for sample in gap.into_iter().chain([next.sample.clone()]) {
                if sample.start() >= thawed {
                    samples.push(sample);
                }
            }
            before = Some(next);
        }
        samples.into_iter()
    }

    /// The samples that ended after `begin`, oldest first, without what this page missed.
    pub fn since(&self, begin: Timestamp) -> impl Iterator<Item = &Sample> {
        let from = self.samples.partition_point(|known| known.sample.end <= begin);
        self.samples[from..].iter().map(|known| &known.sample)
    }

    /// The gap between two samples, where there is one.
    fn missed(&self, before: &Numbered, next: &Numbered) -> Option<Sample> {
        let (start, end) = (before.sample.end, next.sample.start());
        let duration = end.since(start);
        let is_none = match self.numbering {
            Numbering::Sequence => next.number - before.number == 1,
            // Who writes files by hand or from cron does not make them meet to the microsecond.
            Numbering::Time => duration <= next.sample.duration / 2,
        };
        let gap = Some(GapReason::Other(Self::MISSED.to_owned()));
        (!is_none && !duration.is_zero()).then_some(Sample { end, duration, gap, passed: Amounts::UNKNOWN })
    }
}

#[cfg(test)]
mod tests {
    use stats::{Entry, Quantity};

    use super::*;

    fn sample(number: u64) -> Sample {
        let passed = Amounts::UNKNOWN.with(Quantity::InOctets, number);
        let end = Timestamp::from_micros(1_000_000_000).after(Duration::from_secs(number));
        Sample { end, duration: Duration::from_secs(1), gap: None, passed }
    }

    fn file(numbers: std::ops::Range<u64>) -> Samples {
        Samples::of(numbers.map(|number| Entry { sequence: number, sample: sample(number) }))
    }

    fn unnumbered(end: u64) -> Samples {
        let text = format!(r#"{{"end":{end},"duration":60000000,"inOctets":1}}"#);
        let text =
            format!(r#"{{"version":1,"targets":[{{"name":"t","interfaces":[{{"name":"i","samples":{text}}}]}}]}}"#);
        stats::StatsFile::parse(text.as_bytes()).unwrap().targets[0].interfaces[0].samples.clone()
    }

    /// The second at which each sample ends, gaps in brackets.
    #[track_caller]
    fn check(files: &[Samples], expected: &str, hole: Option<&RangeInclusive<u64>>) {
        let mut track = Track::default();
        for file in files {
            track.merge(file);
        }
        for file in files {
            assert_eq!(track.merge(file), Merge::Nothing);
        }
        let shown = track.samples_since(Timestamp::default()).map(|sample| {
            let end = sample.end.as_micros() / 1_000_000 - 1_000;
            if sample.gap.is_some() { format!("[{end}]") } else { end.to_string() }
        });
        assert_eq!(shown.collect::<Vec<_>>().join(" "), expected);
        assert_eq!(track.hole().as_ref(), hole);
    }

    #[test]
    fn overlapping_files_make_one_row() {
        check(&[file(8..12), file(1..10), file(11..13)], "1 2 3 4 5 6 7 8 9 10 11 12", None);
    }

    #[test]
    fn what_no_file_brought_is_a_gap() {
        check(&[file(1..3), file(6..8)], "1 2 [5] 6 7", Some(&(3..=5)));
    }

    #[test]
    fn a_late_file_fills_the_hole() {
        check(&[file(1..3), file(6..8), file(2..7)], "1 2 3 4 5 6 7", None);
    }

    #[test]
    fn files_without_numbers_are_put_together_by_time() {
        check(
            &[unnumbered(1_060_000_000), unnumbered(1_121_000_000), unnumbered(1_301_000_000)],
            "60 121 [241] 301",
            None,
        );
    }

    #[test]
    fn a_hole_that_the_recent_file_did_not_fill_is_given_up() {
        let mut track = Track::default();
        track.merge(&file(1..3));
        track.merge(&file(6..8));
        track.give_up_before(&file(5..8));
        assert_eq!(track.hole(), None);
        track.merge(&file(20..22));
        assert_eq!(track.hole(), Some(8..=19));
    }

    #[test]
    fn the_last_that_is_known_stays_however_long_nothing_follows() {
        let mut track = Track::default();
        for number in 1..=20_000 {
            let gap = (number > 600).then_some(GapReason::NoAnswer);
            let sample = Sample { gap, ..sample(number) };
            track.merge(&Samples::of([Entry { sequence: number, sample }]));
        }
        // Of a window of ten minutes, two thirds.
        let known = track.samples_since(Timestamp::default()).filter(|sample| sample.gap.is_none()).count();
        assert!(known > 430, "{known}");
        assert_eq!(track.hole(), None);
        assert!(track.samples.len() < 2_000, "{}", track.samples.len());
        track.merge(&file(20_001..20_700));
        assert!(track.samples.len() < 700, "{}", track.samples.len());
    }

    #[test]
    fn a_million_samples_in_a_short_file_are_not_all_taken_in() {
        let text = r#"{"version":1,"targets":[{"name":"t","interfaces":[{"name":"i","samples":
            {"first":5,"count":1000000,"end":9000000000,"duration":1,"inOctets":1}}]}]}"#;
        let mut track = Track::default();
        track.merge(&stats::StatsFile::parse(text.as_bytes()).unwrap().targets[0].interfaces[0].samples);
        assert_eq!(track.samples.len(), Track::AT_MOST);
        assert_eq!(track.samples.last().map(|last| last.number), Some(1_000_004));
        assert_eq!(track.hole(), None);
    }

    #[test]
    fn what_is_looked_at_stays_however_long() {
        let mut track = Track::default();
        track.merge(&file(0..700));
        track.hold(Some(sample(650).end));
        for begin in 700..10_000 {
            track.merge(&file(begin..begin + 1));
        }
        let held: Vec<u64> = track.since(sample(349).end).map(|sample| sample.end.as_micros()).take(302).collect();
        assert_eq!(held.last(), Some(&sample(651).end.as_micros()));
        assert_eq!(track.samples_since(sample(9_300).end).count(), 661);
        assert_eq!(track.hole(), None, "what was let go of is asked for again");
        // Both what is seen and what would be seen if it ran, and no more.
        assert!(track.samples.len() < 1_450, "{} samples are kept", track.samples.len());
        track.hold(None);
        track.merge(&file(10_000..10_001));
        assert_eq!(track.samples.len(), 661);
    }

    #[test]
    fn what_is_looked_at_outlives_the_run_that_it_is_of() {
        let mut track = Track::default();
        track.merge(&file(1..4));
        track.hold(Some(sample(2).end));
        track.restart();
        track.merge(&file(3..7));
        let shown = |track: &Track| track.samples_since(Timestamp::default()).count();
        assert_eq!(shown(&track), 6);
        track.restart();
        assert_eq!(shown(&track), 6);
        track.hold(None);
        assert_eq!(shown(&track), 0);
    }

    #[test]
    fn no_more_is_kept_than_is_shown() {
        let mut track = Track::default();
        track.merge(&file(0..3_000));
        assert_eq!(track.samples_since(Timestamp::default()).count(), 661);
        assert_eq!(track.since(sample(2_990).end).count(), 9);
    }
}
