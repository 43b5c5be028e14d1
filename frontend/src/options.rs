//! All that a viewer can choose about what is shown and how, and its place in the URL. Knows nothing of browsers, nor of what
//! is shown.
//!
//! [`Options`] is one plain value: what reads it are `view` and `plot`, what changes it are the shell's buttons and keys,
//! through `Event::Chose`. The URL says all that differs from the defaults, and the unit in any case, so that a link shows a
//! colleague the same thing.
//! What a URL says that is none of the choices is as if it said nothing.

mod listing;

pub mod rate;
mod words;

use std::time::Duration;

use stats::Timestamp;

use crate::command::Zoom;
use crate::units::Units;

pub use listing::{Condition, Grouping, Listing, Sort};
use words::Word;

/// All that a viewer can choose about what is shown and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `window`: how much time graphs show.
    pub window: Window,
    /// `unit` and `prefix`: how rates and amounts are written, and which steps of an axis are round.
    ///
    /// The only ones that a browser remembers. A URL that says nothing of them means those that the viewer is used to; those
    /// that the page makes say them.
    pub units: Units,
    /// `time`: the clock that moments are told by.
    pub time: Clock,
    /// `scale`: how high graphs reach. Read by `plot`.
    pub reach: Reach,
    /// `axis`: how rates are spread over the height. Read by `plot`.
    pub spread: Spread,
    /// `layout`: which way is drawn on which side of the line. Read by `plot`.
    pub arrangement: Arrangement,
    /// `thresholds`: the shares of a link's speed from which on traffic changes its colour; none where nobody asks for it.
    pub thresholds: Option<Thresholds>,
    /// `at`: the moment at which the graphs stand still, by the file's time; none while they run.
    pub paused: Option<Timestamp>,
    /// `kiosk`: for a display on the wall, which nobody operates.
    pub kiosk: Kiosk,
    /// `table`: the samples of the window as a table too.
    pub table: bool,
    /// What the overview shows, and in which order. Read by `view::overview`.
    pub listing: Listing,
}

/// How much time a graph shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Window {
    /// The last minute.
    One,
    /// The last two.
    Two,
    /// The last five.
    #[default]
    Five,
    /// The last ten: as much as is kept.
    Ten,
}

/// The clock that moments are told by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The viewer's, on their wall.
    #[default]
    Local,
    /// Universal time.
    Utc,
}

/// How high a graph reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// A little higher than the highest that is seen.
    #[default]
    Auto,
    /// The link's speed.
    Link,
    /// What counts as full by the collector's config, or higher where more is seen.
    Max,
    /// A rate in bits a second, of graphs of octets; others are as by themselves. Never 0.
    Pinned(u64),
}

/// How rates are spread over a graph's height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spread {
    /// Twice as much is twice as high.
    #[default]
    Linear,
    /// Ten times as much is a step higher.
    Logarithmic,
}

/// Which way is drawn on which side of the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrangement {
    /// In above, out below.
    #[default]
    InAbove,
    /// Out above, in below.
    OutAbove,
    /// Both above.
    BothAbove,
}

/// Shares of a link's speed in per cent, the first below the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// From here on it is much.
    pub high: u8,
    /// From here on it is too much.
    pub full: u8,
}

/// Whether the page is a display on a wall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kiosk {
    /// It is a page with controls.
    #[default]
    Off,
    /// It has no controls and shows the same all the time.
    Still,
    /// It has no controls and shows one interface after another, each for so many seconds.
    Cycling(u16),
}

impl Options {
    /// Takes over what a pair of the URL's query says, where it is one of these.
    pub(crate) fn read(&mut self, key: &str, value: &str) {
        match key {
            "window" => words::read(value, &mut self.window),
            "unit" => words::read(value, &mut self.units.unit),
            "prefix" => words::read(value, &mut self.units.prefixes),
            "time" => words::read(value, &mut self.time),
            "scale" => self.reach = Reach::read(value),
            "axis" => words::read(value, &mut self.spread),
            "layout" => words::read(value, &mut self.arrangement),
            "thresholds" => self.thresholds = Thresholds::read(value),
            "at" => self.paused = paused(value),
            "kiosk" => self.kiosk = Kiosk::read(value),
            "table" => words::read(value, &mut self.table),
            key => self.listing.read(key, value),
        }
    }

    /// Says all that differs from the defaults, and the unit, as pairs for a URL's query.
    pub(crate) fn write(&self, push: &mut impl FnMut(&str, &str)) {
        let mut word = |key: &str, word: &str| {
            if !word.is_empty() {
                push(key, word);
            }
        };
        word("window", words::unless_default(self.window));
        word("unit", self.units.unit.word());
        word("prefix", words::unless_default(self.units.prefixes));
        word("time", words::unless_default(self.time));
        word("scale", &self.reach.written());
        word("axis", words::unless_default(self.spread));
        word("layout", words::unless_default(self.arrangement));
        word("thresholds", &self.thresholds.map(Thresholds::written).unwrap_or_default());
        word("at", &self.paused.map(|at| format!("{}", at.as_micros() / 1_000)).unwrap_or_default());
        word("kiosk", &self.kiosk.written());
        word("table", words::unless_default(self.table));
        self.listing.write(&mut word);
    }
}

impl Window {
    /// Every window, the shortest first.
    pub const ALL: [Self; 4] = [Self::One, Self::Two, Self::Five, Self::Ten];

    /// How long it is.
    #[must_use]
    pub const fn duration(self) -> Duration {
        Duration::from_secs(60 * self.minutes())
    }

    /// The next shorter or longer one; itself where there is none.
    #[must_use]
    pub fn zoomed(self, zoom: Zoom) -> Self {
        let mut windows = Self::ALL.into_iter();
        match zoom {
            Zoom::In => windows.rev().find(|window| *window < self),
            Zoom::Out => windows.find(|window| *window > self),
        }
        .unwrap_or(self)
    }

    /// How many minutes it is long.
    #[must_use]
    pub const fn minutes(self) -> u64 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Five => 5,
            Self::Ten => 10,
        }
    }
}

impl Reach {
    fn read(value: &str) -> Self {
        match value {
            "link" => Self::Link,
            "max" => Self::Max,
            rate => rate::pinned(rate).map_or(Self::Auto, Self::Pinned),
        }
    }

    fn written(self) -> String {
        match self {
            Self::Auto => String::new(),
            Self::Link => "link".to_owned(),
            Self::Max => "max".to_owned(),
            Self::Pinned(rate) => rate::written(rate),
        }
    }
}

impl Thresholds {
    /// What is usual.
    pub const USUAL: Self = Self { high: 70, full: 90 };

    fn read(value: &str) -> Option<Self> {
        let (high, full) = value.split_once(',')?;
        let share = |value: &str| u8::try_from(number(value)?).ok();
        let thresholds = Self { high: share(high)?, full: share(full)? };
        (1 <= thresholds.high && thresholds.high < thresholds.full && thresholds.full <= 100).then_some(thresholds)
    }

    fn written(self) -> String {
        format!("{},{}", self.high, self.full)
    }
}

impl Kiosk {
    /// Nobody can read anything faster.
    const FASTEST: u16 = 3;
    const SLOWEST: u16 = 3_600;

    fn read(value: &str) -> Self {
        match number(value).and_then(|seconds| u16::try_from(seconds).ok()) {
            Some(seconds) if (Self::FASTEST..=Self::SLOWEST).contains(&seconds) => Self::Cycling(seconds),
            _ if value == ON => Self::Still,
            // As `?kiosk` is.
            _ if value.is_empty() => Self::Still,
            _ => Self::Off,
        }
    }

    fn written(self) -> String {
        match self {
            Self::Off => String::new(),
            Self::Still => ON.to_owned(),
            Self::Cycling(seconds) => format!("{seconds}"),
        }
    }
}

/// A whole number. All are read as the largest are: each type has a way of its own otherwise.
fn number(value: &str) -> Option<u64> {
    value.parse().ok()
}

/// What a choice that is either made or not is written as.
const ON: &str = "on";

/// Milliseconds since the epoch, of a year that has four digits.
fn paused(value: &str) -> Option<Timestamp> {
    const LAST: u64 = 253_402_300_799_999;

    let millis = number(value).filter(|millis| (1..=LAST).contains(millis))?;
    Some(Timestamp::from_micros(millis * 1_000))
}

#[cfg(test)]
mod tests;
