//! Follows the instants of refreshes that come at even distances. Reads no clock.
//!
//! Each is known to lie within a span. The span of the next one follows from it and from the bounds of the period; a change
//! that is seen between two looks cuts it, and so does that of any later one, since they are a whole number of periods
//! apart.

use std::time::Duration;

use stats::Monotonic;

use super::probation::{Probation, Verdict};
use super::span::{Span, seconds_since};
use super::{AsOf, Look};

/// Refreshes at even distances.
#[derive(Clone, Debug)]
pub(crate) struct Lattice {
    /// All times are in seconds since this.
    origin: Monotonic,
    /// Where about the first refresh was that was seen.
    first: f64,
    /// The time from one reading to the next.
    interval: f64,
    /// Bounds of the period.
    period: Span,
    /// The newest refresh that is known to be over.
    newest: Mark,
    /// A refresh of a while ago, which the period is measured from.
    anchor: Mark,
    /// The refresh that will be the next anchor.
    later_anchor: Mark,
    /// The instant that the newest refresh is said to be at. It moves so evenly that a constant load is a flat line.
    shown: f64,
    /// The same of the refresh before.
    shown_before: f64,
    /// Rises with each change that came somewhat too early or too late, and falls with each that didn't.
    strain: u32,
    /// Whether counters that were read at the last look may be those of one more refresh than the newest.
    is_unclear: bool,
    /// How many refreshes in a row changed nothing.
    idle: u64,
    activity: Activity,
    /// Whether the agent was silent since the last change: it may have stood still with all its timers.
    was_silent: bool,
    probation: Probation,
}

/// How much passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Activity {
    /// So little that a refresh may well change nothing.
    Quiet,
    /// So much that each refresh should change something.
    Busy,
    /// So much, and yet the refresh after the newest did not change anything when it should have.
    Overdue,
}

/// A refresh: its number, and where it lies.
#[derive(Clone, Copy, Debug)]
struct Mark {
    number: u64,
    span: Span,
}

/// What a look said of the lattice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It may well be so.
    Consistent,
    /// A change came when none should, or once too often not quite when it should.
    Surprise,
    /// Nothing is known any more of when they are, though how often they are.
    Lost,
    /// The refreshes are the answers to our own questions.
    OnDemand,
}

impl Lattice {
    /// A refresh can be so much later or earlier than the period has it, as a part of the period, where the agent is busy.
    const GRACE: f64 = 0.2;
    /// By how much of a period the instants that are shown may move, each time, towards where they should be.
    const SLEW: f64 = 0.02;
    /// Readings at longer intervals than this part of a period don't tell by themselves which refreshes they show.
    const TELLING: f64 = 0.45;
    /// How many refreshes the period is measured over.
    const BASELINE: u64 = 64;
    /// What a change weighs that came not quite when it should, and how much is borne.
    const STRAIN: u32 = 4;
    const MOST_STRAIN: u32 = 8;
    /// A span that is wider than this part of a period would not be cut by the next change.
    const VAGUE: f64 = 0.25;
    /// After so many refreshes that changed nothing there is nothing to go by.
    const MOST_IDLE: u64 = 3;

    /// A lattice of that period. The first change that was seen when it was looked at closely came after `origin` and by
    /// `first`, and the newest refresh was in `newest`, all in seconds since `origin`.
    pub(super) fn new(origin: Monotonic, interval: Duration, period: Span, first: f64, newest: Span) -> Self {
        let newest = Mark { number: 0, span: newest };
        let interval = interval.as_secs_f64();
        Self {
            origin,
            first: first / 2.0,
            interval,
            period,
            newest,
            anchor: newest,
            later_anchor: newest,
            shown: newest.span.middle(),
            shown_before: newest.span.middle() - period.middle(),
            strain: 0,
            is_unclear: false,
            idle: 0,
            activity: Activity::Quiet,
            was_silent: false,
            probation: Probation::new(interval, period.middle()),
        }
    }

    /// The same, and that it is by a timer is known for sure.
    pub(super) fn of_timer(mut self) -> Self {
        self.probation = Probation::Passed;
        self
    }

    /// Whether that is known for sure.
    pub(super) const fn is_of_timer(&self) -> bool {
        self.probation.is_passed()
    }

    /// The time from one refresh to the next.
    pub(super) fn period(&self) -> Duration {
        Duration::from_secs_f64(self.period.middle())
    }

    /// Before this there is no refresh after the newest one that is known.
    pub(super) fn next(&self) -> Monotonic {
        self.time(self.ahead(1).low)
    }

    /// Whether the period is known as exactly as it takes to follow it.
    pub(super) fn is_exact(&self) -> bool {
        let period = self.period.middle();
        self.period.width() < (0.06 * period).min(0.25 * period * period / self.interval)
    }

    /// Whether the next change is that of the refresh after the newest, as far as is known.
    pub(super) const fn follows(&self) -> bool {
        self.idle == 0
    }

    /// Takes note of a look, and of the one before, at `before`.
    pub(super) fn look(&mut self, before: Monotonic, look: Look) -> Outcome {
        let between = Span { low: self.seconds(before), high: self.seconds(look.at) };
        self.is_unclear = false;
        if look.changed() {
            let last = self.ahead(whole((between.high - self.newest.span.middle()) / self.period.middle()));
            if self.probation.judge(between, look.kind, last, self.period) == Verdict::OnDemand {
                return Outcome::OnDemand;
            }
        }
        if self.newest.span.width() > self.period.middle() {
            return Outcome::Lost;
        }
        if look.changed() {
            self.activity = if look.octets >= Look::MANY { Activity::Busy } else { Activity::Quiet };
            self.see_change(between)
        } else {
            self.see_nothing(between.high)
        }
    }

    fn see_change(&mut self, between: Span) -> Outcome {
        self.was_silent = false;
        let grace = self.grace();
        let possible = |ahead: &u64| self.ahead(*ahead).wider(grace).and(between).is_some();
        let first = self.first_ending_after(between.low);
        let Some(first) = (first..=first + 1).find(possible) else { return Outcome::Surprise };
        let last = self.last_beginning_before(between.high).max(first);
        self.idle = 0;
        if first == last {
            let expected = self.ahead(first);
            let is_tight = expected.and(between).is_some();
            let span = expected.and(between).or_else(|| expected.wider(grace).and(between)).unwrap_or(expected);
            self.advance(first, span, between.high);
            self.measure();
            if !is_tight {
                return self.strained();
            }
            self.strain = self.strain.saturating_sub(1);
            return Outcome::Consistent;
        }
        // Several fit into the time between the looks. All but the last of them are over for sure.
        let over = if self.ahead(last).high <= between.high { last } else { last - 1 };
        self.is_unclear = self.ahead(over + 1).low - grace <= between.high;
        self.advance(over, self.ahead(over), between.high);
        Outcome::Consistent
    }

    /// Refreshes that can't be outstanding any more were there, and changed nothing.
    fn see_nothing(&mut self, now: f64) -> Outcome {
        let over = self.first_ending_after(now) - 1;
        if over == 0 {
            return Outcome::Consistent;
        }
        let was_busy = self.activity != Activity::Quiet && self.idle == 0;
        if was_busy && self.was_silent {
            return Outcome::Lost;
        }
        if was_busy && over == 1 {
            // Where so much passed before, it is odd that nothing did now. A zero could not be taken back.
            let before = std::mem::replace(&mut self.activity, Activity::Overdue);
            return if before == Activity::Busy { self.strained() } else { Outcome::Consistent };
        }
        self.idle = self.idle.saturating_add(over);
        self.advance(over, self.ahead(over), now);
        if self.newest.span.width() > Self::VAGUE * self.period.middle() { Outcome::Lost } else { Outcome::Consistent }
    }

    fn strained(&mut self) -> Outcome {
        self.strain += Self::STRAIN;
        if self.strain > Self::MOST_STRAIN { Outcome::Surprise } else { Outcome::Consistent }
    }

    /// The agent did not answer.
    pub(super) const fn fall_silent(&mut self) {
        self.was_silent = true;
    }

    /// As of when counters are that were read at `at`; see [`super::Refresh::as_of`].
    pub(super) fn as_of(&self, at: Monotonic, changed: bool) -> AsOf {
        let at = self.seconds(at);
        let Span { low, high } = self.newest.span;
        if changed && self.is_unclear || self.probation.is_undecided(at, self.period.middle()) {
            return AsOf::Unknown;
        }
        // Within the span, a change is what the refresh brought; what has not changed may be from before it.
        let is_newest = at >= high || (at >= low && changed);
        AsOf::At(self.time(if is_newest { self.shown } else { self.shown_before }))
    }

    /// When the refresh is, or was, that is the last before `at`, as far as can be told without having seen it.
    pub(super) fn was_as_of(&self, at: Monotonic) -> Monotonic {
        /// How exactly refreshes are known, as a part of the period, of which nothing was seen.
        const EXACT: f64 = 0.1;

        let (seconds, period) = (self.seconds(at), self.period.middle());
        let latest = if seconds > 0.0 {
            seconds
        } else {
            // No refresh was seen before the first one: what seems to have come just after the reading came just before it.
            (seconds + EXACT * period).min(self.first - period / 2.0)
        };
        let ago = ((self.shown - latest) / period).ceil();
        self.time((self.shown - ago * period).min(seconds))
    }

    /// Looks around the next refresh, where the readings alone would lose track of it.
    pub(super) fn next_glance(&self, last: Monotonic) -> Option<Monotonic> {
        /// The largest width of a span that leaves no doubt, as a part of the period.
        const CLEAR: f64 = 0.04;
        /// How many looks a span is cut by.
        const CUTS: u32 = 4;

        let (width, period) = (self.newest.span.width(), self.period.middle());
        if !self.probation.is_over() {
            return self.probation.next_glance(self.seconds(last), period).map(|glance| self.time(glance));
        }
        if let Some(glance) = self.next_check(self.seconds(last)) {
            return Some(self.time(glance));
        }
        // Readings that follow each other closely do as well.
        let is_clear = width < CLEAR * period || self.interval < CLEAR * period;
        if is_clear || self.idle > Self::MOST_IDLE {
            return None;
        }
        let last = self.seconds(last);
        let next = (1..=2).map(|ahead| self.ahead(ahead)).find(|next| next.high > last)?;
        let cuts = (0..=CUTS).map(|cut| next.low + next.width() * f64::from(cut) / f64::from(CUTS));
        cuts.into_iter().find(|cut| *cut > last + 0.001).map(|cut| self.time(cut))
    }

    /// Where readings tell nothing of the refreshes, it is checked now and then that there are none in between.
    fn next_check(&self, last: f64) -> Option<f64> {
        /// In how many looks, and each how many refreshes.
        const PARTS: u32 = 5;
        const EACH: u64 = 20;

        if self.is_telling() || self.idle > 0 || !self.newest.number.is_multiple_of(EACH) {
            return None;
        }
        let (begin, end) = (self.newest.span.high + self.grace(), self.ahead(1).low - self.grace());
        let parts = (0..=PARTS).map(|part| begin + (end - begin) * f64::from(part) / f64::from(PARTS));
        parts.into_iter().find(|part| *part > last + 0.001)
    }

    /// See [`super::Refresh::better_time`].
    pub(super) fn better_time(&self, point: Monotonic) -> Monotonic {
        if self.is_telling() {
            return point;
        }
        let seconds = self.seconds(point);
        let is_near = |ahead: &u64| self.ahead(*ahead).wider(self.grace()).and(Span { low: seconds, high: seconds });
        let near = self.first_ending_after(seconds);
        match (near..=near + 1).find_map(|ahead| is_near(&ahead).map(|_| self.ahead(ahead).high + self.grace())) {
            // A lattice of which nothing is known any more is of no use.
            Some(clear) if clear - seconds < self.period.middle() => self.time(clear),
            _ => point,
        }
    }

    /// Whether readings alone tell when the refreshes are.
    fn is_telling(&self) -> bool {
        self.interval <= Self::TELLING * self.period.middle()
    }

    fn grace(&self) -> f64 {
        Self::GRACE * self.period.middle()
    }

    /// Where the refresh is that comes that many after the newest.
    fn ahead(&self, ahead: u64) -> Span {
        /// What a look and an agent's own timer may be late by, in seconds, and in parts of each period.
        const LATE: f64 = 0.002;
        const LATE_EACH: f64 = 0.001;

        let periods = count(ahead);
        let Span { low, high } = self.newest.span;
        let span = Span { low: low + periods * self.period.low, high: high + periods * self.period.high };
        if ahead == 0 { span } else { span.wider(LATE + LATE_EACH * periods * self.period.middle()) }
    }

    /// The first after the newest that may still be outstanding at `time`.
    fn first_ending_after(&self, time: f64) -> u64 {
        let over = (time - self.newest.span.high - self.grace()) / self.period.high;
        let mut ahead = whole(over).max(1);
        while ahead > 1 && self.ahead(ahead - 1).high + self.grace() > time {
            ahead -= 1;
        }
        while self.ahead(ahead).high + self.grace() <= time {
            ahead += 1;
        }
        ahead
    }

    /// The last after the newest that may be over at `time`.
    fn last_beginning_before(&self, time: f64) -> u64 {
        let mut ahead = whole((time - self.newest.span.low + self.grace()) / self.period.low) + 2;
        while ahead > 0 && self.ahead(ahead).low - self.grace() > time {
            ahead -= 1;
        }
        ahead
    }

    /// Goes on to the refresh that comes that many after the newest, and that was seen by `seen`.
    fn advance(&mut self, ahead: u64, span: Span, seen: f64) {
        if ahead == 0 {
            return;
        }
        let periods = count(ahead);
        let even = self.shown + periods * self.period.middle();
        let most = Self::SLEW * periods * self.period.middle();
        let shown = (even + (even.clamp(span.low, span.high) - even).clamp(-most, most)).min(seen);
        self.shown_before = if ahead == 1 { self.shown } else { shown - self.period.middle() };
        self.shown = shown;
        self.newest = Mark { number: self.newest.number + ahead, span };
    }

    /// Measures the period from the anchor to the newest refresh.
    fn measure(&mut self) {
        /// What the distance of two refreshes may be off by, as a part of the period.
        const JITTER: f64 = 0.01;

        let Mark { number, span } = self.newest;
        let periods = count(number - self.anchor.number);
        if periods > 0.0 {
            let measured = Span {
                low: (span.low - self.anchor.span.high) / periods,
                high: (span.high - self.anchor.span.low) / periods,
            };
            let measured = measured.wider(JITTER * self.period.middle() / periods);
            self.period = self.period.and(measured).unwrap_or_else(|| {
                // It drifts: the bounds are those that can be seen now, and not too narrow.
                let middle = measured.middle().clamp(self.period.low * 0.99, self.period.high * 1.01);
                self.anchor = self.newest;
                self.later_anchor = self.newest;
                Span { low: middle, high: middle }.wider(JITTER * middle / 2.0)
            });
        }
        if number - self.later_anchor.number >= Self::BASELINE {
            self.anchor = self.later_anchor;
            self.later_anchor = self.newest;
            // Timers drift with the temperature.
            self.period = self.period.wider(0.000_5 * self.period.middle());
        }
    }

    fn seconds(&self, at: Monotonic) -> f64 {
        seconds_since(self.origin, at)
    }

    fn time(&self, seconds: f64) -> Monotonic {
        if seconds >= 0.0 {
            self.origin.after(Duration::from_secs_f64(seconds))
        } else {
            Monotonic::new(self.origin.since_zero().saturating_sub(Duration::from_secs_f64(-seconds)))
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "refreshes are counted in thousands")]
fn count(number: u64) -> f64 {
    number as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is not negative, and bounded")]
fn whole(number: f64) -> u64 {
    number.clamp(0.0, 1e12) as u64
}
