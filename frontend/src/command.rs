//! What the viewer tells the page to do with buttons and keys, and which keys those are. Knows nothing of browsers.
//!
//! A [`Command`] is a change of [`Options`]; the help of the page is [`KEYS`], from which keys are read too, so that neither
//! can say what the other does not do.

use crate::options::{Arrangement, Clock, Kiosk, Options, Reach, Spread, Thresholds, Window};
use crate::units::{Prefixes, Unit, Units};

/// A change of the options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Show that much time.
    Window(Window),
    /// Show less time, or more.
    Zoom(Zoom),
    /// Stand still at what is shown now; or, where it stands still, run again.
    Pause,
    /// Write rates so.
    Units(Units),
    /// Tell moments by that clock.
    Time(Clock),
    /// Let graphs reach so high.
    Reach(Reach),
    /// Spread rates so.
    Spread(Spread),
    /// Draw each way there.
    Arrange(Arrangement),
    /// Colour what is much, or nothing.
    Thresholds(Option<Thresholds>),
    /// Show the samples as a table, or not.
    Table(bool),
    /// Be a display on a wall, or a page.
    Kiosk(Kiosk),
    /// Change nothing: what was said has been read.
    Dismiss,
}

/// Which way the window is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    /// To less time, seen larger.
    In,
    /// To more time.
    Out,
}

/// What a key does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// That.
    Command(Command),
    /// Shows which keys there are, or hides that.
    Help,
    /// Gives the viewer a file of what is shown.
    Save(Format),
    /// Goes back from a file to what is live.
    Live,
}

/// What a file of what is shown is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A picture of it.
    Picture,
    /// The samples of the window, as a table for other programs.
    Csv,
    /// All samples that there are, as a stats file.
    Stats,
}

/// Buttons that no key does the same as, and what is on them: what they stand for among the names of keys.
pub const SAVES: [(&str, &str); 3] =
    [("save picture", "Picture (PNG)"), ("save samples", "Samples (CSV)"), ("save file", "Stats file (JSON)")];
/// The same of the one that leads back from a file.
pub const LIVE: (&str, &str) = ("live", "Back to live");
/// The same of the one that takes away what the page has said.
pub const DISMISS: (&str, &str) = ("dismiss", "Close");

/// A key and what it does, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// As it is written on keyboards.
    pub name: &'static str,
    /// What it does.
    pub does: &'static str,
}

const fn key(name: &'static str, does: &'static str) -> Key {
    Key { name, does }
}

/// The keys of the page, in the order of the help. Those of a graph are taken by the graph that has the focus.
pub const KEYS: [Key; 16] = [
    key("1 2 5 0", "show the last 1, 2, 5 or 10 minutes"),
    key("+ −", "show less time, or more; so does the wheel over a graph"),
    key("Space", "stop at what is shown, and run again"),
    key("B", "bits or octets"),
    key("I", "decimal or binary prefixes"),
    key("U", "local or universal time"),
    key("S", "scale: automatic, link speed, maximum"),
    key("L", "linear or logarithmic"),
    key("A", "in above, out above, or both"),
    key("H", "colour what is high for the link"),
    key("D", "the samples as a table"),
    key("K", "wall display, and back"),
    key("← →", "in a graph: step from sample to sample; with Shift ten at a time"),
    key("Home End", "in a graph: the oldest and the newest sample"),
    key("Esc", "in a graph: take the cursor away; in a wall display: back to the page"),
    key("?", "this help"),
];

/// What a key means while the page is so, by the name that browsers have for it; `None` where it means nothing.
#[must_use]
pub fn wish(key: &str, options: &Options) -> Option<Wish> {
    let Units { unit, prefixes } = options.units;
    Some(Wish::Command(match key {
        "?" => return Some(Wish::Help),
        "save picture" => return Some(Wish::Save(Format::Picture)),
        "save samples" => return Some(Wish::Save(Format::Csv)),
        "save file" => return Some(Wish::Save(Format::Stats)),
        "live" => return Some(Wish::Live),
        "dismiss" => Command::Dismiss,
        "1" => Command::Window(Window::One),
        "2" => Command::Window(Window::Two),
        "5" => Command::Window(Window::Five),
        "0" => Command::Window(Window::Ten),
        "+" | "=" => Command::Zoom(Zoom::In),
        "-" | "−" => Command::Zoom(Zoom::Out),
        " " | "p" | "P" => Command::Pause,
        "b" | "B" => Command::Units(Units { unit: other(unit, Unit::Bits, Unit::Octets), prefixes }),
        "i" | "I" => Command::Units(Units { unit, prefixes: other(prefixes, Prefixes::Si, Prefixes::Binary) }),
        "u" | "U" => Command::Time(other(options.time, Clock::Local, Clock::Utc)),
        "s" | "S" => Command::Reach(match options.reach {
            Reach::Auto => Reach::Link,
            Reach::Link => Reach::Max,
            Reach::Max | Reach::Pinned(_) => Reach::Auto,
        }),
        "l" | "L" => Command::Spread(other(options.spread, Spread::Linear, Spread::Logarithmic)),
        "a" | "A" => Command::Arrange(match options.arrangement {
            Arrangement::InAbove => Arrangement::OutAbove,
            Arrangement::OutAbove => Arrangement::BothAbove,
            Arrangement::BothAbove => Arrangement::InAbove,
        }),
        "h" | "H" => Command::Thresholds(options.thresholds.is_none().then_some(Thresholds::USUAL)),
        "d" | "D" => Command::Table(!options.table),
        "k" | "K" => Command::Kiosk(other(options.kiosk, Kiosk::Off, Kiosk::Still)),
        "Escape" if options.kiosk != Kiosk::Off => Command::Kiosk(Kiosk::Off),
        _ => return None,
    }))
}

/// The second where it is the first, else the first.
fn other<T: Copy + PartialEq>(chosen: T, first: T, second: T) -> T {
    if chosen == first { second } else { first }
}

impl Command {
    /// Changes the options. To [`Self::Pause`] belongs a moment, which the model knows.
    pub(crate) fn apply(self, options: &mut Options) {
        match self {
            Self::Window(window) => options.window = window,
            Self::Zoom(zoom) => options.window = options.window.zoomed(zoom),
            Self::Pause => options.paused = None,
            Self::Units(units) => options.units = units,
            Self::Time(time) => options.time = time,
            Self::Reach(reach) => options.reach = reach,
            Self::Spread(spread) => options.spread = spread,
            Self::Arrange(arrangement) => options.arrangement = arrangement,
            Self::Thresholds(thresholds) => options.thresholds = thresholds,
            Self::Table(table) => options.table = table,
            Self::Kiosk(kiosk) => options.kiosk = kiosk,
            Self::Dismiss => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;

    /// The URL's query after these keys.
    #[track_caller]
    fn check(query: &str, keys: &[&str], expected: &str) {
        let mut address = Address::parse(query);
        for key in keys {
            match wish(key, &address.options) {
                Some(Wish::Command(command)) => command.apply(&mut address.options),
                other => panic!("{key} means {other:?}"),
            }
        }
        assert_eq!(address, Address::parse(expected));
    }

    #[test]
    fn digits_are_minutes() {
        check("", &["1"], "?window=1m");
        check("?window=1m", &["0"], "?window=10m");
        check("?window=1m", &["5"], "?");
    }

    #[test]
    fn zooming_ends_at_the_shortest_and_the_longest() {
        check("", &["+"], "?window=2m");
        check("", &["=", "+", "+"], "?window=1m");
        check("", &["-", "-"], "?window=10m");
    }

    #[test]
    fn what_has_two_states_goes_to_and_fro() {
        for key in ["b", "i", "u", "l", "h", "d", "k"] {
            check("", &[key, &key.to_uppercase()], "?");
        }
        check("", &["b", "i", "u"], "?unit=octets&prefix=binary&time=utc");
        check("", &["h"], "?thresholds=70,90");
    }

    #[test]
    fn what_has_three_states_goes_round() {
        for key in ["s", "a"] {
            check("", &[key, key, key], "?");
        }
        check("?scale=100M", &["s"], "?");
        check("", &["s", "a", "a"], "?scale=link&layout=both-above");
    }

    #[test]
    fn escape_leaves_the_wall_display_and_is_nothing_else() {
        check("?kiosk=20", &["Escape"], "?");
        assert_eq!(wish("Escape", &Options::default()), None);
    }

    #[test]
    fn every_button_does_something() {
        check("?window=1m", &[DISMISS.0], "?window=1m");
        for (key, _) in SAVES.into_iter().chain([LIVE]) {
            assert!(matches!(wish(key, &Options::default()), Some(Wish::Save(_) | Wish::Live)), "{key}");
        }
    }

    #[test]
    fn the_help_names_every_key() {
        let named = |key: &str| KEYS.iter().any(|known| known.name.split(' ').any(|name| name == key));
        for key in ["1", "2", "5", "0", "+", "−", "B", "I", "U", "S", "L", "A", "H", "D", "K", "?"] {
            assert!(wish(key, &Options::default()).is_some() && named(key), "{key}");
        }
        let letters = ('a'..='z').filter(|letter| wish(&letter.to_string(), &Options::default()).is_some());
        assert!(letters.filter(|letter| *letter != 'p').all(|letter| named(&letter.to_uppercase().to_string())));
    }
}
