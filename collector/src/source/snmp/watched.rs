//! An interface whose counters are read, and where each of them is to be found. Asks nobody.

use stats::{Counter, KeptInterface, Reading, Uptime, Width};

use super::columns::{IF_IN_N_UCAST_PKTS, IF_OUT_N_UCAST_PKTS, places};
use super::describe::{Described, NamedBy};
use super::object::Object;

/// An interface whose counters are read.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    pub(super) index: u32,
    pub(super) interface: KeptInterface,
    /// The column that its name is from; `None` where that is not worth asking for.
    pub(super) named_by: Option<NamedBy>,
    /// Whether it was asked for its name and had another one.
    was_other: bool,
    chosen: Chosen,
    /// Those of `Counter::ALL`, a bit each, that were there and are not any more.
    gone: u16,
    /// How many values are read: it is asked for at each read, and changes seldom.
    width: u8,
    wide: bool,
    progress: Progress,
    state: State,
    discontinuity: Told,
}

/// For each of `Counter::ALL`, which of its places it is read from; beyond them where it has none. Two bits each, since a
/// device may have thousands of interfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Chosen(u32);

impl Chosen {
    const NONE: u8 = 3;

    fn first(wide: bool) -> Self {
        let mut chosen = Self(0);
        for counter in Counter::ALL {
            chosen.set(counter, first_place(counter, wide));
        }
        chosen
    }

    const fn get(self, counter: Counter) -> u8 {
        (self.0 >> (2 * counter as u32)).to_le_bytes()[0] & Self::NONE
    }

    const fn set(&mut self, counter: Counter, place: u8) {
        let at = 2 * counter as u32;
        self.0 = self.0 & !((Self::NONE as u32) << at) | (place as u32) << at;
    }

    /// The counter is not there.
    fn next(&mut self, counter: Counter) {
        self.set(counter, Self::NONE.min(self.get(counter) + 1));
    }
}

/// Whether it is known where the counters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// They are being looked for.
    Searching,
    /// All of them were where they are read from.
    Settled,
    /// One of them was there and is not any more.
    Lost,
    /// The agent can't answer for this interface.
    Refused,
}

/// Whether counters of 64 bits that were at 0 when they were found were looked at more closely, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Unexamined,
    Examined,
    /// `ifHCInOctets` stands still.
    None,
}

/// What the agent says of the last discontinuity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// This, and so many times since the last description something else.
    Says(Option<Uptime>, u8),
    /// Nothing.
    Nothing,
    /// Something else again and again, which nobody can believe.
    Nonsense,
}

impl Watched {
    /// Continues `before`, where that is the same interface, nothing was lost, and it had counters.
    pub(super) fn new(described: Described, before: Option<&Self>) -> Self {
        let Described { index, interface, wide, moves, named_by, .. } = described;
        let is_known = |before: &&Self| {
            before.wide == wide
                && !(before.progress == Progress::None && moves)
                && before.state == State::Settled
                && before.columns().next().is_some()
        };
        let known = before.filter(is_known);
        let (chosen, state) = match known {
            Some(known) => (known.chosen, known.state),
            None => (Chosen::first(wide), State::Searching),
        };
        let discontinuity = match known.map(|known| known.discontinuity) {
            None => Told::Says(None, 0),
            Some(Told::Says(last, _)) => Told::Says(last, 0),
            Some(told) => told,
        };
        // The same description stays the same allocation, by which others see that nothing has changed.
        let interface = KeptInterface::from(interface);
        let same = before.filter(|before| before.interface == interface);
        let interface = same.map_or(interface, |before| before.interface.clone());
        // It was found under the same name again, so that its agent says two things of it: that is no sign of anything.
        let was_other = before.is_some_and(|before| before.was_other);
        let named_by = if was_other { None } else { named_by };
        let mut watched = Self {
            index,
            interface,
            named_by,
            was_other,
            chosen,
            gone: 0,
            width: 0,
            wide,
            progress: known.map_or(Progress::Unexamined, |known| known.progress),
            state,
            discontinuity,
        };
        watched.measure();
        watched
    }

    /// The counters that are read, and the columns that they are in.
    pub(super) fn columns(&self) -> impl Iterator<Item = (Counter, Object)> {
        let there = Counter::ALL.into_iter().filter(|counter| self.gone & bit(*counter) == 0);
        there.filter_map(|counter| Some((counter, *places_of(counter, self.chosen.get(counter))?)))
    }

    /// How many values are read.
    pub(super) const fn width(&self) -> usize {
        self.width as usize
    }

    fn measure(&mut self) {
        let width = self.columns().count() + usize::from(self.tells_of_discontinuities());
        self.width = u8::try_from(width).unwrap_or(u8::MAX);
    }

    /// Whether the time of the last discontinuity is read.
    pub(super) const fn tells_of_discontinuities(&self) -> bool {
        matches!(self.discontinuity, Told::Says(..))
    }

    /// The agent said this of the last discontinuity.
    pub(super) fn told(&mut self, discontinuity: Option<Uptime>) {
        /// Some agents say "now", or almost, whenever they are asked.
        const MOST_CHANGES: u8 = 5;

        let Told::Says(last, changes) = self.discontinuity else { return };
        self.discontinuity = match discontinuity {
            None => Told::Nothing,
            Some(_) if last.is_none() || last == discontinuity => Told::Says(discontinuity, changes),
            Some(_) if changes < MOST_CHANGES => Told::Says(discontinuity, changes + 1),
            Some(_) => Told::Nonsense,
        };
        if !self.tells_of_discontinuities() {
            self.measure();
        }
    }

    /// Whether anything is read at present.
    pub(super) fn is_read(&self) -> bool {
        self.state != State::Refused && self.columns().next().is_some()
    }

    pub(super) const fn is_searching(&self) -> bool {
        matches!(self.state, State::Searching)
    }

    /// Whether something was lost, so that the interface should be looked for again.
    pub(super) const fn is_lost(&self) -> bool {
        matches!(self.state, State::Lost)
    }

    /// What is known of the columns may not be so any more.
    pub(super) const fn doubt(&mut self) {
        self.state = State::Lost;
    }

    /// All of the columns answered.
    pub(super) fn found_all(&mut self) {
        if self.state != State::Searching {
            return;
        }
        self.state = State::Settled;
        // Packets that are not unicast contain the broadcast ones, which must not be counted twice.
        for (column, broadcast) in
            [(IF_IN_N_UCAST_PKTS, Counter::InBroadcast), (IF_OUT_N_UCAST_PKTS, Counter::OutBroadcast)]
        {
            if self.columns().any(|(_, object)| object == column) {
                self.chosen.set(broadcast, Chosen::NONE);
            }
        }
        self.measure();
    }

    /// This counter was not in its column.
    pub(super) fn missed(&mut self, counter: Counter) {
        match self.state {
            State::Searching => self.chosen.next(counter),
            // Until the interface is described anew, so that it costs no request, and in v1 no answer, until then.
            State::Settled | State::Lost => {
                self.state = State::Lost;
                self.gone |= bit(counter);
            }
            State::Refused => {}
        }
        self.measure();
    }

    /// The counters of 64 bits that are at 0 in this reading, with the columns of 64 and of 32 bits that they have: all of
    /// them at first, and then the octets alone.
    pub(super) fn doubtful<'a>(&'a self, reading: &'a Reading) -> impl Iterator<Item = (Counter, Object, Object)> + 'a {
        let is_octets = |counter| matches!(counter, Counter::InOctets | Counter::OutOctets);
        self.columns().filter_map(move |(counter, object)| {
            let [wide, narrow, ..] = places(counter) else { return None };
            let is_doubtful = object == *wide
                && (self.progress == Progress::Unexamined || is_octets(counter))
                && reading.get(counter) == Some((0, Width::Bits64));
            is_doubtful.then_some((counter, *wide, *narrow))
        })
    }

    /// What was doubtful has been asked for.
    pub(super) fn examined(&mut self) {
        if self.progress == Progress::Unexamined {
            self.progress = Progress::Examined;
        }
    }

    /// This counter of 64 bits is at 0 where that of 32 bits is not. Where it is one of octets, the others of its direction
    /// are worth no more, whatever they are at.
    pub(super) fn stands_still(&mut self, counter: Counter) {
        let (first, last) = match counter {
            Counter::InOctets => (Counter::InOctets, Counter::InDiscards),
            Counter::OutOctets => (Counter::OutOctets, Counter::OutDiscards),
            other => (other, other),
        };
        if counter == Counter::InOctets {
            self.progress = Progress::None;
        }
        for other in Counter::ALL.into_iter().filter(|other| (first as u8..=last as u8).contains(&(*other as u8))) {
            if self.chosen.get(other) == 0 && places(other).len() > 1 {
                self.chosen.set(other, 1);
                self.state = State::Searching;
            }
        }
        self.measure();
    }

    /// What the column that its name is from said.
    pub(super) fn text(&self) -> &str {
        let interface = &self.interface;
        let own = if self.named_by == Some(NamedBy::Name) { interface.if_name() } else { interface.if_descr() };
        own.unwrap_or(interface.name())
    }

    /// It is not the interface that it was taken for: nothing of it is read until it is described anew.
    pub(super) fn lose(&mut self) {
        self.state = State::Lost;
        self.gone = u16::MAX;
        self.was_other = true;
        self.measure();
    }

    /// The agent can't answer for this interface: it is left alone until it is described anew.
    pub(super) const fn refuse(&mut self) {
        self.state = State::Refused;
    }
}

const fn bit(counter: Counter) -> u16 {
    1 << counter as u16
}

fn places_of(counter: Counter, chosen: u8) -> Option<&'static Object> {
    places(counter).get(usize::from(chosen))
}

/// Where to look first. What has no `ifHCInOctets` has no other counter of 64 bits either; should that be wrong, the
/// counter of 32 bits is there all the same.
const fn first_place(counter: Counter, wide: bool) -> u8 {
    if !wide && places(counter).len() > 1 { 1 } else { 0 }
}

#[cfg(test)]
mod tests;
