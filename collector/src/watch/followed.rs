//! One interface, followed by its name: its readings become samples and gaps.

mod passing;

use std::time::Duration;

use stats::{
    Amounts, GapReason, History, KeptInterface, KeptReading, Moment, Monotonic, Reading, Refusal, Sample, Timestamp,
    micros, was_restarted,
};

use self::passing::{Dated, Suspect, Waiting, doubt};
use super::KEEP;
use crate::calibration::Calibration;
use crate::refresh::AsOf;
use crate::timeline::Timeline;

/// One interface, followed by its name. There may be very many: what few have at a time is elsewhere.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(super) interface: KeptInterface,
    /// The last reading that samples tell of; `None` while there is nothing to subtract from.
    last: Option<KeptReading>,
    /// As of when its counters are, and how much older they may be, in microseconds: an hour at the most.
    as_of: Moment,
    doubt: u32,
    is_guess: bool,
    /// When it was first read that they are as they are, and when last that they are not, where they were ever otherwise.
    appeared: Moment,
    differed: Option<Moment>,
    /// What few have at a time; `None` where that is nothing.
    rest: Option<Box<Rest>>,
    /// Its end is up to when samples and gaps tell what happened.
    pub(super) history: History,
    pub(super) group: u16,
    /// Whether more passes than the link's speed allows, time and again: then it is not the link's speed.
    is_speed_wrong: bool,
}

/// What is known of an interface where all is not well, or not yet.
#[derive(Debug, Default, PartialEq, Eq)]
struct Rest {
    /// The newest of the readings after the last one that wait to be told of, where counters wrap.
    waiting: Option<Box<Waiting>>,
    /// A reading after the last one that says more passed than the link carries, or less than nothing.
    suspect: Option<Box<Suspect>>,
    /// Since when it is not among the interfaces that are read.
    absent_since: Option<Timestamp>,
    /// Why nothing is known before the last reading, while it is still to be learned as of when that was.
    unsettled: Option<GapReason>,
    /// Whether it is read too seldom: one of its counters may have wrapped more than once since the reading before.
    is_ambiguous: bool,
    /// Why the newest sample is a gap. The sample itself may be in files alone.
    gap: Option<GapReason>,
}

impl Followed {
    /// One that an earlier process followed, or one that was not seen before, whose history is empty. The history's end is
    /// up to when it is known what happened.
    pub(super) fn continuing(interface: KeptInterface, last: Option<Reading>, history: History, group: u16) -> Self {
        let as_of = last.map(|last| last.at).unwrap_or_default().into();
        let mut followed = Self {
            interface,
            last: last.as_ref().map(KeptReading::of),
            as_of,
            doubt: 0,
            is_guess: false,
            appeared: as_of,
            differed: None,
            rest: None,
            history,
            group,
            is_speed_wrong: false,
        };
        if let Some(gap) = followed.history.newest().and_then(|newest| newest.gap) {
            followed.rest().gap = Some(gap);
        }
        followed
    }

    /// What it is called and what it is.
    pub(crate) const fn interface(&self) -> &KeptInterface {
        &self.interface
    }

    /// The last of its samples.
    pub(crate) const fn history(&self) -> &History {
        &self.history
    }

    /// The last reading that samples tell of.
    pub(super) fn last(&self) -> Option<Reading> {
        self.last.as_ref().map(KeptReading::reading)
    }

    /// The newest reading that was not wrong for sure.
    pub(super) fn newest(&self) -> Option<Reading> {
        // Who takes one reading and ends has no next one that decides.
        let suspect = self.rest.as_ref().and_then(|rest| rest.suspect.as_ref());
        suspect.map_or_else(|| self.last(), |suspect| Some(suspect.dated.reading))
    }

    /// Whether it is read too seldom: one of its counters may have wrapped more than once since the reading before.
    pub(super) fn is_ambiguous(&self) -> bool {
        self.rest.as_ref().is_some_and(|rest| rest.is_ambiguous)
    }

    /// Up to when samples and gaps tell what happened.
    pub(crate) const fn reached(&self) -> Timestamp {
        self.history.end()
    }

    /// Since when it is not among the interfaces that are read, where it is not.
    pub(super) fn absent_since(&self) -> Option<Timestamp> {
        self.rest.as_ref()?.absent_since
    }

    /// Which of the target's groups it is in.
    pub(crate) const fn group(&self) -> u16 {
        self.group
    }

    /// Takes in a reading; `calibration` tells as of when it is, where that may be another time than that of the reading.
    pub(super) fn take(
        &mut self,
        interface: &KeptInterface,
        reading: Reading,
        timeline: &Timeline,
        calibration: Option<&Calibration>,
    ) {
        if !interface.is_same(&self.interface) {
            self.is_speed_wrong &= interface.speed() == self.interface.speed();
            self.interface = interface.clone();
        }
        if let Some(rest) = &mut self.rest {
            rest.absent_since = None;
        }
        let last = self.last();
        let has_changed = last.is_none_or(|last| !reading.counts_as(&last));
        let as_of = calibration.map_or(AsOf::At(reading.at), |calibration| calibration.as_of(reading.at, has_changed));
        let Some(last) = last else {
            // Nothing to subtract from: it has only just been seen, or it is back.
            let gap = self.gap().unwrap_or(GapReason::CollectorStopped);
            self.begin(reading, gap);
            if let AsOf::At(as_of) = as_of {
                self.settle(as_of, timeline, calibration);
            }
            return;
        };
        let AsOf::At(as_of) = as_of else {
            self.wait(&last, reading, calibration);
            return;
        };
        self.settle(calibration.map_or(last.at, |calibration| calibration.was_as_of(last.at)), timeline, calibration);
        let end = timeline.label(as_of);
        // What was not refreshed is not told of twice. Nothing is lost: the next reading is subtracted from the same one.
        if end > self.reached() && !self.is_too_soon(&last, as_of, calibration) {
            let stood = reading.at.since(if has_changed { reading.at } else { self.appeared.into() });
            let doubt = doubt(calibration, stood);
            let is_guess = calibration.is_some_and(|calibration| calibration.earliest(reading.at).is_none());
            self.tell(&last, Dated { reading, as_of, doubt, is_guess }, end, timeline);
        } else {
            self.wait(&last, reading, calibration);
        }
    }

    /// Begins with a reading that there is nothing to subtract from.
    fn begin(&mut self, reading: Reading, gap: GapReason) {
        self.keep(&reading);
        self.appeared = reading.at.into();
        let rest = self.rest();
        (rest.waiting, rest.suspect, rest.unsettled) = (None, None, Some(gap));
    }

    /// It has been learned as of when the counters are that it began with: before that nothing is known.
    fn settle(&mut self, since: Monotonic, timeline: &Timeline, calibration: Option<&Calibration>) {
        let Some(gap) = self.rest.as_mut().and_then(|rest| rest.unsettled.take()) else { return };
        // No counter is older than the agent that counts.
        let started = self.last().filter(|_| gap == GapReason::Restarted).and_then(|last| {
            let uptime = last.uptime?.duration();
            Some(Monotonic::new(last.at.since_zero().saturating_sub(uptime)))
        });
        let since = started.map_or(since, |started| since.max(started));
        self.as_of = since.into();
        self.doubt = in_few_octets(doubt(calibration, Duration::ZERO));
        self.is_guess = false;
        if self.history.next_sequence() > 0 {
            self.push(timeline.label(since), Some(gap), Amounts::UNKNOWN);
        } else {
            self.history.reach(timeline.label(since));
        }
        self.tidy();
    }

    /// Leaves a reading aside that samples can't tell of yet.
    fn wait(&mut self, last: &Reading, reading: Reading, calibration: Option<&Calibration>) {
        if reading.counts_as(last) && !reading.wraps() && !was_restarted(last, &reading) {
            return;
        }
        let (earlier, differed) = match self.waiting() {
            Some(waiting) => (waiting.reading, waiting.differed),
            None => (*last, self.differed.map_or(last.at, Monotonic::from)),
        };
        let passage = self.step(&earlier, &reading, differed);
        match self.passed(&earlier, &reading, passage) {
            // The sooner there is something to subtract from again, the less is lost.
            Err(refusal) if refusal.is_certain() => self.begin(reading, refusal.into()),
            // What wraps is followed from reading to reading, lest it wrap unseen.
            Ok(passed) if reading.wraps() => {
                let passed = self.waiting().map_or(passed, |waiting| waiting.passed.and(&passed));
                let differed = if reading.counts_as(&earlier) { differed } else { earlier.at };
                // Others have been seen to be refreshed since.
                let refreshed = calibration.and_then(Calibration::refreshed).unwrap_or_default();
                let differed = differed.max(refreshed);
                self.rest().waiting = Some(Box::new(Waiting { reading, differed, passed }));
            }
            _ => {}
        }
    }

    /// Tells what passed between two readings.
    fn tell(&mut self, last: &Reading, newest: Dated, end: Timestamp, timeline: &Timeline) {
        /// After so many readings that each say that too much passed it is not they that are wrong.
        const MANY: u8 = 2;

        // While a gap is open, more is known than when it began, but not how that was spread over its time.
        let (gap, reached, since) = (self.gap(), self.reached(), self.as_of());
        let gap_since = |as_of: Monotonic| gap.clone().filter(|_| timeline.label(as_of) < reached);
        let suspect = self.rest.as_mut().and_then(|rest| rest.suspect.take());
        let reading = &newest.reading;
        let outcome = self.passed_since(last, &newest);
        let is_ambiguous = outcome == Err(Refusal::Ambiguous);
        if is_ambiguous || self.rest.is_some() {
            self.rest().is_ambiguous = is_ambiguous;
        }
        match (outcome, suspect) {
            // The last one is as good as the suspect: the next reading decides.
            (Err(refusal), None) if refusal.is_doubt() => {
                self.push(end, Some(refusal.into()), Amounts::UNKNOWN);
                let too_fast = u8::from(refusal == Refusal::Implausible);
                self.rest().suspect = Some(Box::new(Suspect { dated: newest, too_fast }));
                return;
            }
            (Err(refusal), Some(suspect)) if refusal.is_doubt() => {
                let Suspect { dated: suspect, too_fast } = *suspect;
                let passage = self.passage(newest.as_of.since(suspect.as_of), suspect.doubt.max(newest.doubt));
                match self.passed(&suspect.reading, reading, passage) {
                    // The suspect was right, and what it told of was no traffic.
                    Ok(passed) => self.push(end, gap_since(suspect.as_of), passed),
                    Err(again) if too_fast >= MANY && [refusal, again] == [Refusal::Implausible; 2] => {
                        self.is_speed_wrong = true;
                        let passed = self.passed_since(last, &newest).unwrap_or(Amounts::UNKNOWN);
                        self.push(end, Some(GapReason::Implausible), passed);
                    }
                    // Of three that contradict each other the first one is the best known.
                    Err(again) if again.is_doubt() => {
                        self.push(end, Some(again.into()), Amounts::UNKNOWN);
                        let is_too_fast = [refusal, again] == [Refusal::Implausible; 2];
                        let too_fast = if is_too_fast { too_fast + 1 } else { 0 };
                        self.rest().suspect = Some(Box::new(Suspect { dated: newest, too_fast }));
                        return;
                    }
                    Err(again) => self.push(end, Some(again.into()), Amounts::UNKNOWN),
                }
            }
            (Ok(passed), _) => self.push(end, gap_since(since), passed),
            (Err(refusal), _) => self.push(end, Some(refusal.into()), Amounts::UNKNOWN),
        }
        if !reading.counts_as(last) {
            self.differed = Some(last.at.into());
            self.appeared = reading.at.into();
        }
        self.keep(reading);
        (self.as_of, self.doubt, self.is_guess) = (newest.as_of.into(), in_few_octets(newest.doubt), newest.is_guess);
        if let Some(rest) = &mut self.rest {
            rest.waiting = None;
            self.tidy();
        }
    }

    /// At how long an interval its counters of 32 bits would tell what passed.
    pub(super) fn longest_interval(&self) -> Option<Duration> {
        const COUNTED: u128 = 1 << 32;

        let speed = u128::from(self.interface.speed()?.bits_per_second());
        let micros = (COUNTED * 8 * 1_000_000).checked_div(speed)?;
        Some(Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX)))
    }

    /// It was not among the interfaces that were read.
    pub(super) fn miss(&mut self, end: Timestamp) {
        self.last = None;
        let since = self.absent_since().unwrap_or(self.reached());
        *self.rest() = Rest { absent_since: Some(since), gap: self.gap(), ..Rest::default() };
        self.push(end, Some(GapReason::Absent), Amounts::UNKNOWN);
    }

    /// Tells what happened from where samples and gaps had reached to `end`.
    pub(super) fn push(&mut self, end: Timestamp, gap: Option<GapReason>, passed: Amounts) {
        let duration = end.since(self.reached());
        if !duration.is_zero() {
            if gap.is_some() || self.rest.is_some() {
                self.rest().gap.clone_from(&gap);
            }
            self.history.push(Sample { end, duration, gap, passed });
        }
    }

    /// Why the newest sample is a gap, where it is one.
    fn gap(&self) -> Option<GapReason> {
        self.rest.as_ref()?.gap.clone()
    }

    /// The reading that waits to be told of.
    fn waiting(&self) -> Option<&Waiting> {
        self.rest.as_ref()?.waiting.as_deref()
    }

    fn rest(&mut self) -> &mut Rest {
        self.rest.get_or_insert_default()
    }

    /// Gives back the room for what it has no more.
    fn tidy(&mut self) {
        if self.rest.as_deref() == Some(&Rest::default()) {
            self.rest = None;
        }
    }

    /// Samples tell of this reading from now on.
    fn keep(&mut self, reading: &Reading) {
        match &mut self.last {
            Some(last) => last.keep(reading),
            None => self.last = Some(KeptReading::of(reading)),
        }
    }

    /// As of when its counters are.
    fn as_of(&self) -> Monotonic {
        self.as_of.into()
    }

    /// The wall clock that labels its samples was wrong.
    pub(super) fn relabel(&mut self, shift: impl Fn(Timestamp) -> Timestamp) {
        if let Some(rest) = &mut self.rest {
            rest.absent_since = rest.absent_since.map(&shift);
        }
        self.history.relabel(shift);
    }

    /// Lets go of samples but the last few: they are in files.
    pub(super) fn forget(&mut self, but: usize) {
        // What is there of a counter that wraps tells how much may pass.
        if self.last.as_ref().is_some_and(|last| !last.wraps()) {
            self.history.forget(but);
        }
    }

    /// Whether it has not been there for as long as samples are kept.
    pub(super) fn is_forgotten(&self) -> bool {
        self.absent_since().is_some_and(|since| self.reached().since(since) >= KEEP)
    }
}

fn in_few_octets(doubt: Duration) -> u32 {
    u32::try_from(micros(doubt)).unwrap_or(u32::MAX)
}
