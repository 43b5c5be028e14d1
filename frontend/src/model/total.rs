//! The sum of what passes through the interfaces that the overview shows, as samples of its own. Pure.
//!
//! Devices are read at times of their own, so that the sum is counted on a grid: what a sample holds is spread evenly over the
//! time that it took. Where one of the interfaces is unknown for a moment there is no sum. Those that are unknown for longer,
//! or of which nothing is known at all, are left out, and it is said where and how many.

use std::time::Duration;

use stats::{Amounts, GapReason, Quantity, Sample, Timestamp, micros};

use super::find::Place;
use super::{Model, Target};
use crate::list::List;
use crate::plot::DisplayClock;

/// The sum of some interfaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Its samples, oldest first.
    pub samples: Vec<Sample>,
    /// How many interfaces it is of.
    pub of: usize,
    /// How many others would belong to it, of which nothing is known.
    pub left_out: usize,
    /// How many interfaces each sample does without, since they are not known for longer than a moment.
    pub without: Vec<usize>,
}

const QUANTITIES: [Quantity; 2] = [Quantity::InOctets, Quantity::OutOctets];

/// What is known of a stretch of the grid.
#[derive(Clone, Copy, Default)]
struct Cell {
    octets: [f64; 2],
    /// How many interfaces are known all through it.
    known: [usize; 2],
    /// How many are not known, nor around it: for longer than a moment.
    away: [usize; 2],
}

impl Model {
    /// Whoever is unknown for more steps than these is left out of the sum.
    const A_MOMENT: usize = 3;
    /// Of more interfaces than that, nobody wants the files of all.
    pub const MOST_IN_TOTAL: usize = 512;

    /// The interfaces that there is a sum of, where the viewer asks for it and they are not too many.
    #[must_use]
    pub fn summed(&self) -> Option<Vec<Place>> {
        let listing = &self.address.options.listing;
        let is_wanted = listing.total && self.address.interface.is_none() && self.listed() <= Self::MOST_IN_TOTAL;
        // Requests and octets have no sum.
        let is_of_octets = |place: &Place| self.setting(*place).counted().is_none();
        is_wanted.then(|| self.in_order().filter(is_of_octets).list())
    }

    /// Changes with what [`Self::total`] says of these: with each new sample, and once files of earlier ones have come. Not with
    /// each of those files, since there may be dozens.
    #[must_use]
    pub fn total_revision(&self, places: &[Place]) -> u64 {
        let options = &self.address.options;
        let newest = places.iter().filter_map(|place| self.at(*place).1.track.newest());
        let seen = options.paused.or(newest.map(|newest| newest.end).max()).map_or(0, Timestamp::as_micros);
        let is_filling = self.in_flight.iter().any(|fetch| !fetch.kind.is_polled());
        let known = places.iter().filter(|_| !is_filling).map(|place| self.at(*place).1.revision);
        let mut revision = self.order.revision;
        for next in [seen, options.window.minutes(), known.fold(0, u64::wrapping_add)] {
            revision = revision.wrapping_mul(0x0100_0000_01b3).wrapping_add(next);
        }
        revision
    }

    /// The sum of these, and of a time that is a little longer than the window.
    #[must_use]
    pub fn total(&self, places: &[Place]) -> Total {
        let step = self.step(places);
        let whole = |time: Timestamp| time.as_micros() / micros(step);
        let newest = places.iter().filter_map(|place| Some(self.at(*place).1.track.newest()?.end));
        let newest = newest.list();
        let stands = self.address.options.paused;
        let seen = |newest: Timestamp| stands.map_or(newest, |at| at.min(newest));
        let Some(last) = newest.iter().max().copied().map(seen) else {
            return Total { left_out: places.len(), ..Total::default() };
        };
        // Up to where all are known that have not fallen far behind.
        let end = newest.into_iter().map(seen).filter(|newest| last.since(*newest) <= step * 3).min().map_or(0, whole);
        let first = whole(last.before(self.address.options.window.duration() + Duration::from_secs(30) + step * 3));
        let mut cells = (first..end).map(|_| Cell::default()).list();
        let mut of = 0;
        for place in places {
            of += usize::from(self.add(*place, first, step, &mut cells));
        }
        // Where none is known yet, it begins later.
        let begun = (first + 1..).zip(cells).skip_while(|(_, cell)| cell.known == [0, 0]);
        let mut without = Vec::new();
        let samples = begun.map(|(number, cell)| {
            let mut passed = Amounts::UNKNOWN;
            for (at, quantity) in QUANTITIES.into_iter().enumerate() {
                if cell.known[at] > 0 && cell.known[at] + cell.away[at] == of {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "sums of what was counted"
                    )]
                    let octets = cell.octets[at].round() as u64;
                    passed = passed.with(quantity, octets);
                }
            }
            let unknown = of - cell.known.into_iter().max().unwrap_or_default();
            let is_known = QUANTITIES.iter().any(|quantity| passed.get(*quantity).is_some());
            let gap = (!is_known).then(|| GapReason::Other(format!("{unknown} of {of} interfaces are not known")));
            let summed = cell.known.into_iter().min().unwrap_or_default();
            without.push(if is_known { of - summed } else { 0 });
            Sample { end: Timestamp::from_micros(number * micros(step)), duration: step, gap, passed }
        });
        let samples = samples.list();
        Total { samples, of, left_out: places.len() - of, without }
    }

    /// How long a sample of the sum is: as the longest that is summed up.
    fn step(&self, places: &[Place]) -> Duration {
        let steps = places.iter().map(|place| self.at(*place).0.pace());
        steps.max().unwrap_or_default().max(Duration::from_millis(100))
    }

    /// Adds one interface; whether anything is known of it.
    fn add(&self, place: Place, first: u64, step: Duration, cells: &mut [Cell]) -> bool {
        let step = micros(step);
        let begin = Timestamp::from_micros(first * step);
        // How much of a cell is known, in the order of time: those before the first of these are done with.
        let mut covered = cells.iter().map(|_| [0_u64; 2]).list();
        for sample in self.at(place).1.track.since(begin) {
            let (from, to) = (sample.start().as_micros(), sample.end.as_micros());
            for (at, quantity) in QUANTITIES.into_iter().enumerate() {
                let Some(rate) = sample.per_second(quantity) else { continue };
                for number in from / step..=to.saturating_sub(1) / step {
                    let cell = number.checked_sub(first).and_then(|cell| usize::try_from(cell).ok());
                    let Some(cell) = cell.filter(|cell| *cell < cells.len()) else { continue };
                    let overlap = to.min((number + 1) * step).saturating_sub(from.max(number * step));
                    covered[cell][at] += overlap;
                    #[expect(clippy::cast_precision_loss, reason = "of a few seconds")]
                    let seconds = overlap as f64 / 1e6;
                    cells[cell].octets[at] += rate * seconds;
                }
            }
        }
        // Labels are rounded, and those of hand-written files need not meet to the microsecond.
        let enough = step - step / 50;
        let is_known = covered.iter().flatten().any(|covered| *covered >= enough);
        let interface = self.at(place).1;
        for at in (0..QUANTITIES.len()).filter(|_| is_known) {
            let mut rest = &mut cells[..];
            for stretch in covered.chunk_by(|one, other| (one[at] < enough) == (other[at] < enough)) {
                // What is yet to be fetched is not away.
                let is_awaited = rest.len() == covered.len() && !interface.is_opened && interface.recent.is_some();
                let is_long = stretch.len() > Self::A_MOMENT && !is_awaited;
                let (here, after) = rest.split_at_mut(stretch.len());
                for (cell, covered) in here.iter_mut().zip(stretch) {
                    cell.known[at] += usize::from(covered[at] >= enough);
                    // Where it comes or goes it is known in part, which is neither.
                    cell.away[at] += usize::from(is_long && covered[at] == 0);
                }
                rest = after;
            }
        }
        is_known
    }

    /// The clock to paint the sum by: that of the target that is furthest behind, and a sample more, which may yet be
    /// incomplete.
    #[must_use]
    pub fn total_clock(&self, places: &[Place]) -> Option<DisplayClock> {
        let step_ms = self.step(places).as_secs_f64() * 1_000.0;
        let mut targets: Vec<usize> = places.iter().map(|place| place.target).list();
        targets.dedup();
        let targets: Vec<&Target> = targets.into_iter().filter_map(|target| self.targets.get(target)).list();
        let clock =
            |target: &Target| self.clock(target).and_then(|clock| Some((clock, target.motion.shown_ms(clock)?)));
        let clocks: Vec<(DisplayClock, f64)> = targets.into_iter().filter_map(clock).list();
        let running = clocks.iter().filter(|(clock, _)| !clock.is_standing());
        let running = running.min_by(|one, other| one.1.total_cmp(&other.1)).map(|(clock, _)| clock.behind(step_ms));
        let clocks = clocks.iter().map(|(clock, _)| *clock);
        running.or_else(|| clocks.max_by(|one, other| one.shown_at(0.0).total_cmp(&other.shown_at(0.0))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use crate::model::{Arrival, Effect, Event, testimony::Testimony};

    /// Interfaces `a` and `b` with samples that end at these milliseconds, of so many octets each.
    fn file(interfaces: &[(&str, u64, &str)]) -> String {
        let interfaces = interfaces.iter().map(|(name, end, columns)| {
            format!(
                r#"{{"name":"{name}","samples":{{"first":1,"end":{},"duration":1000000,{columns}}}}}"#,
                1_700_000_000_000_000 + end * 1_000
            )
        });
        let interfaces: Vec<String> = interfaces.collect();
        format!(
            r#"{{"version":1,"written":1700000100000000,"due":1700000101000000,"targets":[
                {{"name":"r","interval":1000000,"interfaces":[{}]}}]}}"#,
            interfaces.join(",")
        )
    }

    /// The sum, as `end in/out`, gaps with their reasons.
    #[track_caller]
    fn check(query: &str, interfaces: &[(&str, u64, &str)], expected: &[&str]) -> Total {
        let mut model = Model::new(Address::parse(query), 1);
        let now = stats::Monotonic::default();
        let effects = model.update(Event::Woke, now);
        let Some(Effect::Fetch(fetch)) = effects.into_iter().next() else { panic!("it asks for nothing") };
        let arrival = Arrival { text: file(interfaces).into(), testimony: Testimony::default() };
        model.update(Event::Fetched(fetch, Ok(arrival)), now);
        let total = model.total(&model.summed().unwrap_or_default());
        let told = total.samples.iter().map(|sample| {
            let octets =
                QUANTITIES.map(|quantity| sample.passed.get(quantity).map_or("-".to_owned(), |of| of.to_string()));
            let end = sample.end.as_micros() / 1_000_000 - 1_700_000_000;
            sample.gap.as_ref().map_or(format!("{end} {}", octets.join("/")), |gap| format!("{end} {}", gap.as_str()))
        });
        assert_eq!(told.collect::<Vec<_>>(), expected);
        total
    }

    #[test]
    fn what_is_read_at_once_is_added_up() {
        let total = check(
            "?total",
            &[
                ("a", 100_000, r#""inOctets":[1,2,3],"outOctets":[10,20,30]"#),
                ("b", 100_000, r#""inOctets":[100,200,300],"outOctets":0"#),
            ],
            &["98 101/10", "99 202/20", "100 303/30"],
        );
        assert_eq!((total.of, total.left_out), (2, 0));
    }

    #[test]
    fn what_is_read_at_other_times_is_spread_over_them() {
        check(
            "?total",
            &[
                ("a", 100_000, r#""inOctets":[100,200,400],"outOctets":[0,0,0]"#),
                ("b", 100_250, r#""inOctets":[40,80,120],"outOctets":[0,0,0]"#),
            ],
            &["98 1 of 2 interfaces are not known", "99 270/0", "100 510/0"],
        );
    }

    #[test]
    fn where_one_is_unknown_there_is_no_sum() {
        check(
            "?total",
            &[
                ("a", 100_000, r#""inOctets":[1,2,3,4],"outOctets":[0,null,0,0]"#),
                (
                    "b",
                    100_000,
                    r#""gaps":[{"at":2,"reason":"noAnswer"}],"inOctets":[5,6,null,8],"outOctets":[0,0,null,0]"#,
                ),
            ],
            &["97 6/0", "98 8/-", "99 1 of 2 interfaces are not known", "100 12/0"],
        );
    }

    #[test]
    fn what_is_unknown_for_longer_is_left_out_of_the_sum() {
        let total = check(
            "?total",
            &[
                ("a", 100_000, r#""inOctets":[1,2,3,4,5,6,7],"outOctets":0"#),
                ("b", 95_000, r#""inOctets":[10,10],"outOctets":0"#),
            ],
            &["94 11/0", "95 12/0", "96 3/0", "97 4/0", "98 5/0", "99 6/0", "100 7/0"],
        );
        assert_eq!((total.of, total.left_out, total.without), (2, 0, vec![0, 0, 1, 1, 1, 1, 1]));
        check(
            "?total",
            &[
                ("a", 100_000, r#""inOctets":[1,2,3,4,5,6,7],"outOctets":0"#),
                ("b", 97_000, r#""inOctets":[10,10,10,10],"outOctets":0"#),
            ],
            &["94 11/0", "95 12/0", "96 13/0", "97 14/0"],
        );
    }

    #[test]
    fn what_is_yet_to_be_fetched_is_not_left_out() {
        let index = r#"{"version":1,"written":1700000100000000,"due":1700000101000000,"targets":[
            {"name":"r","interval":1000000,"interfaces":[
                {"name":"a","recent":"r","samples":{"first":1,"end":1700000100000000,"duration":1000000,
                    "inOctets":[1,2,3,4,5,6],"outOctets":0}},
                {"name":"b","recent":"r","samples":{"first":6,"end":1700000100000000,"duration":1000000,
                    "inOctets":[6],"outOctets":[0]}}]}]}"#;
        let model = crate::model::tests::page_of("?total", index);
        let total = model.total(&model.summed().unwrap_or_default());
        let gaps: Vec<bool> = total.samples.iter().map(|sample| sample.gap.is_some()).collect();
        assert_eq!(gaps, [true, true, true, true, true, false]);
    }

    #[test]
    fn of_what_nothing_is_known_that_is_said() {
        let total = check(
            "?total",
            &[("a", 100_000, r#""inOctets":[1,2],"outOctets":[3,4]"#), ("b", 100_000, r#""count":2"#)],
            &["99 1/3", "100 2/4"],
        );
        assert_eq!((total.of, total.left_out), (1, 1));
    }

    #[test]
    fn only_what_is_shown_is_added_up_and_only_if_asked_for() {
        let both =
            [("a", 100_000, r#""inOctets":[1],"outOctets":[2]"#), ("b", 100_000, r#""inOctets":[5],"outOctets":[6]"#)];
        check("?total&q=b", &both, &["100 5/6"]);
        check("", &both, &[]);
    }
}
