//! One interface, followed by its name: its readings become samples and gaps.

mod passing;

use std::sync::Arc;
use std::time::Duration;

use stats::{Amounts, GapReason, History, Interface, Monotonic, Reading, Refusal, Sample, Timestamp, was_restarted};

use self::passing::{Dated, Waiting, doubt};
use super::KEEP;
use crate::calibration::Calibration;
use crate::refresh::AsOf;
use crate::timeline::Timeline;

/// One interface, followed by its name.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(super) interface: Arc<Interface>,
    /// The last reading that samples tell of; `None` while there is nothing to subtract from.
    pub(super) last: Option<Reading>,
    /// As of when its counters are, and how much older they may be.
    as_of: Monotonic,
    doubt: Duration,
    is_guess: bool,
    /// When it was first read that they are as they are, and when last that they are not, where they were ever otherwise.
    appeared: Monotonic,
    differed: Option<Monotonic>,
    /// The newest of the readings after that one that wait to be told of, where counters wrap.
    waiting: Option<Box<Waiting>>,
    /// A reading after that one that says more passed than the link carries, or less than nothing.
    suspect: Option<Box<(Dated, Refusal)>>,
    /// Up to when samples and gaps tell what happened.
    pub(super) reached: Timestamp,
    /// Since when it is not among the interfaces that are read.
    pub(super) absent_since: Option<Timestamp>,
    pub(super) history: History,
    newest: Newest,
    pub(super) group: u16,
    /// Why nothing is known before the last reading, while it is still to be learned as of when that was.
    unsettled: Option<GapReason>,
    /// Whether more passes than the link's speed allows, time and again: then it is not the link's speed.
    is_speed_wrong: bool,
    /// Whether it is read too seldom: one of its counters may have wrapped more than once since the reading before.
    pub(super) is_ambiguous: bool,
}

/// The newest sample, which itself may be in files alone.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Newest {
    /// There was none yet.
    None,
    Known,
    Gap(GapReason),
}

impl Followed {
    /// One that an earlier process followed, or one that was not seen before, whose history is empty.
    pub(super) fn continuing(
        interface: Arc<Interface>,
        last: Option<Reading>,
        reached: Timestamp,
        history: History,
        group: u16,
    ) -> Self {
        let as_of = last.map(|last| last.at).unwrap_or_default();
        Self {
            interface,
            as_of,
            doubt: Duration::ZERO,
            is_guess: false,
            appeared: as_of,
            differed: None,
            last,
            waiting: None,
            suspect: None,
            reached,
            absent_since: None,
            newest: history.newest().map_or(Newest::None, |newest| Newest::of(newest.gap)),
            history,
            group,
            unsettled: None,
            is_speed_wrong: false,
            is_ambiguous: false,
        }
    }

    /// What it is called and what it is.
    pub(crate) fn interface(&self) -> &Interface {
        &self.interface
    }

    /// The same, as it came from the source.
    #[cfg(test)]
    pub(crate) fn shared(&self) -> Arc<Interface> {
        Arc::clone(&self.interface)
    }

    /// The last of its samples.
    pub(crate) const fn history(&self) -> &History {
        &self.history
    }

    /// The newest reading that was not wrong for sure.
    pub(super) fn newest(&self) -> Option<Reading> {
        // Who takes one reading and ends has no next one that decides.
        self.suspect.as_ref().map_or(self.last, |suspect| Some(suspect.0.reading))
    }

    /// Up to when samples and gaps tell what happened.
    pub(crate) const fn reached(&self) -> Timestamp {
        self.reached
    }

    /// Which of the target's groups it is in.
    pub(crate) const fn group(&self) -> u16 {
        self.group
    }

    /// Takes in a reading; `calibration` tells as of when it is, where that may be another time than that of the reading.
    pub(super) fn take(
        &mut self,
        interface: &Arc<Interface>,
        reading: Reading,
        timeline: &Timeline,
        calibration: Option<&Calibration>,
    ) {
        if !Arc::ptr_eq(interface, &self.interface) {
            self.is_speed_wrong &= interface.speed == self.interface.speed;
            self.interface = Arc::clone(interface);
        }
        self.absent_since = None;
        let has_changed = self.last.is_none_or(|last| !reading.counts_as(&last));
        let as_of = calibration.map_or(AsOf::At(reading.at), |calibration| calibration.as_of(reading.at, has_changed));
        let Some(last) = self.last else {
            // Nothing to subtract from: it has only just been seen, or it is back.
            let gap = self.newest.gap().unwrap_or(GapReason::CollectorStopped);
            self.begin(reading, gap);
            if let AsOf::At(as_of) = as_of {
                self.settle(as_of, timeline, calibration);
            }
            return;
        };
        let AsOf::At(as_of) = as_of else {
            self.wait(&last, reading);
            return;
        };
        self.settle(calibration.map_or(last.at, |calibration| calibration.was_as_of(last.at)), timeline, calibration);
        let end = timeline.label(as_of);
        // What was not refreshed is not told of twice. Nothing is lost: the next reading is subtracted from the same one.
        if end > self.reached && !self.is_too_soon(&last, as_of, calibration) {
            let stood = reading.at.since(if has_changed { reading.at } else { self.appeared });
            let doubt = doubt(calibration, stood);
            let is_guess = calibration.is_some_and(|calibration| calibration.earliest(reading.at).is_none());
            self.tell(&last, Dated { reading, as_of, doubt, is_guess }, end, timeline);
        } else {
            self.wait(&last, reading);
        }
    }

    /// Begins with a reading that there is nothing to subtract from.
    fn begin(&mut self, reading: Reading, gap: GapReason) {
        self.waiting = None;
        self.suspect = None;
        self.last = Some(reading);
        self.appeared = reading.at;
        self.unsettled = Some(gap);
    }

    /// It has been learned as of when the counters are that it began with: before that nothing is known.
    fn settle(&mut self, since: Monotonic, timeline: &Timeline, calibration: Option<&Calibration>) {
        let Some(gap) = self.unsettled.take() else { return };
        // No counter is older than the agent that counts.
        let started = self.last.filter(|_| gap == GapReason::Restarted).and_then(|last| {
            let uptime = last.uptime?.duration();
            Some(Monotonic::new(last.at.since_zero().saturating_sub(uptime)))
        });
        let since = started.map_or(since, |started| since.max(started));
        self.as_of = since;
        self.doubt = doubt(calibration, Duration::ZERO);
        self.is_guess = false;
        if self.newest == Newest::None {
            self.reached = timeline.label(since);
        } else {
            self.push(timeline.label(since), Some(gap), Amounts::UNKNOWN);
        }
    }

    /// Leaves a reading aside that samples can't tell of yet.
    fn wait(&mut self, last: &Reading, reading: Reading) {
        if reading.counts_as(last) && !was_restarted(last, &reading) {
            return;
        }
        let (earlier, differed) = match &self.waiting {
            Some(waiting) => (waiting.reading, waiting.differed),
            None => (*last, self.differed.unwrap_or(last.at)),
        };
        let passage = self.step(&earlier, &reading, differed);
        match self.passed(&earlier, &reading, passage) {
            // The sooner there is something to subtract from again, the less is lost.
            Err(refusal) if refusal.is_certain() => self.begin(reading, refusal.into()),
            // What wraps is followed from reading to reading, lest it wrap unseen.
            Ok(passed) if reading.wraps() => {
                let before = self.waiting.take().map(|waiting| waiting.passed);
                let passed = before.map_or(passed, |before| before.and(&passed));
                let differed = if reading.counts_as(&earlier) { differed } else { earlier.at };
                self.waiting = Some(Box::new(Waiting { reading, differed, passed }));
            }
            _ => {}
        }
    }

    /// Tells what passed between two readings.
    fn tell(&mut self, last: &Reading, newest: Dated, end: Timestamp, timeline: &Timeline) {
        // While a gap is open, more is known than when it began, but not how that was spread over its time.
        let (gap, reached, since) = (self.newest.gap(), self.reached, self.as_of);
        let gap_since = |as_of: Monotonic| gap.clone().filter(|_| timeline.label(as_of) < reached);
        let suspect = self.suspect.take();
        let reading = &newest.reading;
        let outcome = self.passed_since(last, &newest);
        self.is_ambiguous = outcome == Err(Refusal::Ambiguous);
        match (outcome, suspect) {
            // The last one is as good as the suspect: the next reading decides.
            (Err(refusal), None) if refusal.is_doubt() => {
                self.push(end, Some(refusal.into()), Amounts::UNKNOWN);
                self.suspect = Some(Box::new((newest, refusal)));
                return;
            }
            (Err(refusal), Some(suspect)) if refusal.is_doubt() => {
                let (suspect, first) = *suspect;
                let passage = self.passage(newest.as_of.since(suspect.as_of), suspect.doubt.max(newest.doubt));
                match self.passed(&suspect.reading, reading, passage) {
                    // The suspect was right, and what it told of was no traffic.
                    Ok(passed) => self.push(end, gap_since(suspect.as_of), passed),
                    Err(again) if [first, refusal, again] == [Refusal::Implausible; 3] => {
                        self.is_speed_wrong = true;
                        let passed = self.passed_since(last, &newest).unwrap_or(Amounts::UNKNOWN);
                        self.push(end, Some(GapReason::Implausible), passed);
                    }
                    // Of three that contradict each other the first one is the best known.
                    Err(again) if again.is_doubt() => {
                        self.push(end, Some(again.into()), Amounts::UNKNOWN);
                        self.suspect = Some(Box::new((newest, refusal)));
                        return;
                    }
                    Err(again) => self.push(end, Some(again.into()), Amounts::UNKNOWN),
                }
            }
            (Ok(passed), _) => self.push(end, gap_since(since), passed),
            (Err(refusal), _) => self.push(end, Some(refusal.into()), Amounts::UNKNOWN),
        }
        if !reading.counts_as(last) {
            self.differed = Some(last.at);
            self.appeared = reading.at;
        }
        self.waiting = None;
        self.last = Some(*reading);
        (self.as_of, self.doubt, self.is_guess) = (newest.as_of, newest.doubt, newest.is_guess);
    }

    /// At how long an interval its counters of 32 bits would tell what passed.
    pub(super) fn longest_interval(&self) -> Option<Duration> {
        const COUNTED: u128 = 1 << 32;

        let speed = u128::from(self.interface.speed?.bits_per_second());
        let micros = (COUNTED * 8 * 1_000_000).checked_div(speed)?;
        Some(Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX)))
    }

    /// It was not among the interfaces that were read.
    pub(super) fn miss(&mut self, end: Timestamp) {
        self.last = None;
        self.waiting = None;
        self.suspect = None;
        self.unsettled = None;
        self.absent_since.get_or_insert(self.reached);
        self.push(end, Some(GapReason::Absent), Amounts::UNKNOWN);
    }

    /// Tells what happened from where samples and gaps had reached to `end`.
    pub(super) fn push(&mut self, end: Timestamp, gap: Option<GapReason>, passed: Amounts) {
        let duration = end.since(self.reached);
        if !duration.is_zero() {
            self.newest = Newest::of(gap.clone());
            self.history.push(Sample { end, duration, gap, passed });
            self.reached = end;
        }
    }

    /// Lets go of samples but the last few: they are in files.
    pub(super) fn forget(&mut self, but: usize) {
        // What is there of a counter that wraps tells how much may pass.
        if self.last.is_some_and(|last| !last.wraps()) {
            self.history.forget(but);
        }
    }

    /// Whether it has not been there for as long as samples are kept.
    pub(super) fn is_forgotten(&self) -> bool {
        self.absent_since.is_some_and(|since| self.reached.since(since) >= KEEP)
    }
}

impl Newest {
    fn of(gap: Option<GapReason>) -> Self {
        gap.map_or(Self::Known, Self::Gap)
    }

    fn gap(&self) -> Option<GapReason> {
        if let Self::Gap(reason) = self { Some(reason.clone()) } else { None }
    }
}
