//! What can be wrong with an agent, and when it is.

use std::time::Duration;

use crate::random::Random;
use crate::spoil::Spoil;
use crate::value::Name;

/// What can be wrong with an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Takes a request and does not answer it.
    Drop,
    /// Answers so much later. Other requests are answered meanwhile.
    Delay(Duration),
    /// Keeps answers until there are so many, and then sends them last one first; or after so long, all the same.
    Reorder(usize, Duration),
    /// Sends something else before the answer.
    Before(Spoil),
    /// Sends something else in place of the answer.
    Instead(Spoil),

    /// Answers `tooBig` where more values than this are asked for; a GETBULK is cut short instead.
    TooBigAbove(usize),
    /// Does not answer where more values than this would be sent, as on a way that loses fragments.
    LostAbove(usize),
    /// Answers `genErr` where what is below this name is asked for.
    GenErr(Name),
    /// Answers `noSuchName` for what it does not have in v2c too.
    NoSuchName,
    /// Does not answer GETBULK.
    NoBulk,
    /// Answers GETNEXT and GETBULK with what was asked for, not with what follows.
    Repeats,
    /// Goes back to the first row of a column where the third is due.
    Backwards,
    /// Has always another row.
    Endless,
    /// Leaves out so many of an answer's last values.
    Short(usize),
    /// Exchanges the last two values of an answer.
    Swapped,
}

/// When something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Each time.
    Always,
    /// The next so many times.
    Times(u32),
    /// So often in a hundred times, by a generator that always gives the same.
    Percent(u8),
    /// Each so manyth time.
    Every(u32),
    /// Between these times of the device.
    Between(Duration, Duration),
}

#[derive(Debug)]
pub(crate) struct Faults {
    switches: Vec<Switch>,
    shown: u64,
    random: Random,
}

#[derive(Debug)]
struct Switch {
    fault: Fault,
    when: When,
    /// How often it could have shown.
    occasions: u32,
}

impl Default for Faults {
    fn default() -> Self {
        Self { switches: Vec::new(), shown: 0, random: Random::new(1) }
    }
}

impl Faults {
    pub(crate) fn add(&mut self, when: When, fault: Fault) {
        self.switches.push(Switch { fault, when, occasions: 0 });
    }

    pub(crate) fn clear(&mut self) {
        self.switches.clear();
        self.shown = 0;
    }

    pub(crate) const fn shown(&self) -> u64 {
        self.shown
    }

    /// What `select` makes of the first fault that it knows and that shows now.
    pub(crate) fn show<T>(&mut self, now: Duration, select: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        for switch in &mut self.switches {
            let Some(selected) = select(&switch.fault) else { continue };
            switch.occasions += 1;
            let shows = match switch.when {
                When::Always => true,
                When::Times(times) => switch.occasions <= times,
                When::Percent(percent) => self.random.below(100) < u64::from(percent),
                When::Every(number) => switch.occasions.is_multiple_of(number),
                When::Between(from, to) => (from..to).contains(&now),
            };
            if shows {
                self.shown += 1;
                return Some(selected);
            }
        }
        None
    }

    /// Whether this fault shows now.
    pub(crate) fn shows(&mut self, now: Duration, fault: &Fault) -> bool {
        self.show(now, |other| (other == fault).then_some(())).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(when: When, expected: &str) {
        let mut faults = Faults::default();
        faults.add(when, Fault::Drop);
        let mut shows = |second| if faults.shows(Duration::from_secs(second), &Fault::Drop) { 'x' } else { '.' };
        assert_eq!((0..8).map(&mut shows).collect::<String>(), expected);
    }

    #[test]
    fn faults_show_when_they_are_to() {
        check(When::Always, "xxxxxxxx");
        check(When::Times(2), "xx......");
        check(When::Every(3), "..x..x..");
        check(When::Between(Duration::from_secs(2), Duration::from_secs(5)), "..xxx...");
        check(When::Percent(0), "........");
        check(When::Percent(100), "xxxxxxxx");
    }

    #[test]
    fn a_fault_of_ten_percent_shows_about_as_often() {
        let mut faults = Faults::default();
        faults.add(When::Percent(10), Fault::Drop);
        for _ in 0..1_000 {
            faults.shows(Duration::ZERO, &Fault::Drop);
        }
        assert!((70..130).contains(&faults.shown()), "{}", faults.shown());
    }
}
