//! One interface, followed by its name: its readings become samples and gaps.

use std::sync::Arc;
use std::time::Duration;

use stats::{Amounts, GapReason, History, Interface, Reading, Sample, Timestamp, difference};

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
    /// A reading after that one that says more passed than the link carries.
    suspect: Option<Box<Reading>>,
    /// Up to when samples and gaps tell what happened.
    pub(super) reached: Timestamp,
    /// Since when it is not among the interfaces that are read.
    pub(super) absent_since: Option<Timestamp>,
    pub(super) history: History,
    pub(super) group: u16,
    /// Whether it is still to be learned as of when the counters were that were read last.
    is_unsettled: bool,
    /// Whether more passes than the link's speed allows, time and again: then it is not the link's speed.
    is_speed_wrong: bool,
    /// Whether it is read too seldom: one of its counters may have wrapped more than once since the reading before.
    pub(super) is_ambiguous: bool,
}

impl Followed {
    /// One that an earlier process followed, or one that was not seen before, whose history is empty.
    pub(super) const fn continuing(
        interface: Arc<Interface>,
        last: Option<Reading>,
        reached: Timestamp,
        history: History,
        group: u16,
    ) -> Self {
        Self {
            interface,
            last,
            suspect: None,
            reached,
            absent_since: None,
            history,
            group,
            is_unsettled: false,
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
        let Some(last) = self.last else {
            // Nothing to subtract from: it has only just been seen, or it is back.
            let gap = self.newest_gap().unwrap_or(GapReason::CollectorStopped);
            self.push(timeline.label(reading.at), Some(gap), Amounts::UNKNOWN);
            self.last = Some(reading);
            self.is_unsettled = calibration.is_some();
            return;
        };
        let as_of = calibration
            .map_or(AsOf::At(reading.at), |calibration| calibration.as_of(reading.at, !reading.counts_as(&last)));
        let AsOf::At(as_of) = as_of else { return };
        if std::mem::take(&mut self.is_unsettled)
            && self.history.is_empty()
            && let Some(calibration) = calibration
        {
            self.reached = timeline.label(calibration.was_as_of(last.at));
        }
        let end = timeline.label(as_of);
        // What was not refreshed is not told of twice. Nothing is lost: the next reading is subtracted from the same one.
        if end > self.reached {
            self.tell(&last, reading, end, timeline);
        }
    }

    /// Tells what passed between two readings.
    fn tell(&mut self, last: &Reading, reading: Reading, end: Timestamp, timeline: &Timeline) {
        // While a gap is open, more is known than when it began, but not how that was spread over its time.
        let (newest, reached) = (self.newest_gap(), self.reached);
        let gap_since = |earlier: &Reading| newest.filter(|_| timeline.label(earlier.at) < reached);
        let suspect = self.suspect.take();
        let outcome = self.difference(last, &reading);
        self.is_ambiguous = outcome == Err(GapReason::Ambiguous);
        match (outcome, suspect) {
            // The last one is as good as the suspect: the next reading decides.
            (Err(GapReason::Implausible), None) => {
                self.push(end, Some(GapReason::Implausible), Amounts::UNKNOWN);
                self.suspect = Some(Box::new(reading));
                return;
            }
            (Err(GapReason::Implausible), Some(suspect)) => match self.difference(&suspect, &reading) {
                // The suspect was right, and what it told of was no traffic.
                Ok(passed) => self.push(end, gap_since(&suspect), passed),
                Err(GapReason::Implausible) => {
                    self.is_speed_wrong = true;
                    let passed = difference(last, &reading, None).unwrap_or(Amounts::UNKNOWN);
                    self.push(end, Some(GapReason::Implausible), passed);
                }
                Err(reason) => self.push(end, Some(reason), Amounts::UNKNOWN),
            },
            (Ok(passed), _) => self.push(end, gap_since(last), passed),
            (Err(reason), _) => self.push(end, Some(reason), Amounts::UNKNOWN),
        }
        self.last = Some(reading);
    }

    fn difference(&self, earlier: &Reading, later: &Reading) -> Result<Amounts, GapReason> {
        difference(earlier, later, self.interface.speed.filter(|_| !self.is_speed_wrong))
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
        self.suspect = None;
        self.absent_since.get_or_insert(self.reached);
        self.push(end, Some(GapReason::Absent), Amounts::UNKNOWN);
    }

    /// Tells what happened from where samples and gaps had reached to `end`.
    pub(super) fn push(&mut self, end: Timestamp, gap: Option<GapReason>, passed: Amounts) {
        let duration = end.since(self.reached);
        if !duration.is_zero() {
            self.history.push(Sample { end, duration, gap, passed });
            self.reached = end;
        }
    }

    fn newest_gap(&self) -> Option<GapReason> {
        self.history.newest().and_then(|newest| newest.gap)
    }

    /// Whether it has not been there for as long as samples are kept.
    pub(super) fn is_forgotten(&self) -> bool {
        self.absent_since.is_some_and(|since| self.reached.since(since) >= KEEP)
    }
}
