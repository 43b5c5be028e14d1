//! What the viewer can choose, and what is chosen: the buttons and menus of the page, in words. Those that are the same as a
//! key name the key; what that means is in `command`.

use crate::command::Command;
use crate::list::List;
use crate::model::Model;
use crate::options::{Arrangement, Clock, Kiosk, Options, Reach, Spread, Thresholds, Window, rate};
use crate::units::{Prefixes, Unit, Units};

use super::LocalTime;

/// What the viewer can choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Controls {
    /// How much time is shown.
    pub windows: [Button; 4],
    /// Stands still, or runs again.
    pub pause: Button,
    /// Where the view stands still: since when.
    pub paused: Option<String>,
    /// The rate that is pinned, as it is written into a field.
    pub pinned: String,
    /// Whether none of this is to be seen.
    pub is_kiosk: bool,
    /// Whether what is shown is a file of the viewer's.
    pub is_replay: bool,
}

/// A button that does what a key does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What is on it.
    pub label: &'static str,
    /// The key, by the name that browsers have for it.
    pub key: &'static str,
    /// Whether it is the one that is chosen.
    pub is_chosen: bool,
}

/// A choice among a few.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    /// What is chosen.
    pub label: &'static str,
    /// What it can be, and what chooses it.
    pub choices: Vec<(String, Command)>,
    /// The number of what it is.
    pub chosen: Option<usize>,
}

const WINDOWS: [(&str, &str, Window); 4] = [
    ("1 min", "1", Window::One),
    ("2 min", "2", Window::Two),
    ("5 min", "5", Window::Five),
    ("10 min", "0", Window::Ten),
];

/// The menu that a field for a rate belongs to.
pub const SCALE: &str = "Scale";

/// The controls at this moment.
#[must_use]
pub fn controls(model: &Model, local: LocalTime) -> Controls {
    let options = &model.address.options;
    let windows = WINDOWS.map(|(label, key, window)| Button { label, key, is_chosen: options.window == window });
    let is_paused = options.paused.is_some();
    let pause = Button { label: if is_paused { "Resume" } else { "Pause" }, key: " ", is_chosen: is_paused };
    let paused = options.paused.map(|at| {
        let gone = if model.has_forgotten(at) { "; the samples of that time are not kept any more" } else { "" };
        format!("paused at {}{gone}", local(at))
    });
    let pinned = match options.reach {
        Reach::Pinned(rate) => rate::written(rate),
        _ => String::new(),
    };
    Controls { windows, pause, paused, pinned, is_kiosk: options.kiosk != Kiosk::Off, is_replay: model.is_replay() }
}

/// Every menu, with what is chosen in it; they change with the options alone.
#[must_use]
pub fn menus(options: &Options) -> Vec<Menu> {
    let Units { unit, prefixes } = options.units;
    let menu = |label, choices: &[(&str, Command)], chosen: &Command| Menu {
        label,
        choices: choices.iter().map(|(label, command)| ((*label).to_owned(), command.clone())).list(),
        chosen: choices.iter().position(|(_, command)| command == chosen),
    };
    let units = |unit, prefixes| Command::Units(Units { unit, prefixes });
    let pinned = match options.reach {
        Reach::Pinned(rate) => rate,
        Reach::Auto | Reach::Link | Reach::Max => 1_000_000_000,
    };
    let mut thresholds = vec![("none", Command::Thresholds(None))];
    let usual = options.thresholds.unwrap_or(Thresholds::USUAL);
    let words = format!("at {} % and {} % of the link’s speed", usual.high, usual.full);
    thresholds.push((&words, Command::Thresholds(Some(usual))));
    let seconds = match options.kiosk {
        Kiosk::Cycling(seconds) => seconds,
        Kiosk::Off | Kiosk::Still => 15,
    };
    let cycling = format!("each interface for {seconds} s");
    vec![
        menu(
            "Rates",
            &[("bits a second", units(Unit::Bits, prefixes)), ("octets a second", units(Unit::Octets, prefixes))],
            &Command::Units(options.units),
        ),
        menu(
            "Prefixes",
            &[("decimal: k, M, G", units(unit, Prefixes::Si)), ("binary: Ki, Mi, Gi", units(unit, Prefixes::Binary))],
            &Command::Units(options.units),
        ),
        menu(
            "Time",
            &[("local", Command::Time(Clock::Local)), ("UTC", Command::Time(Clock::Utc))],
            &Command::Time(options.time),
        ),
        menu(
            SCALE,
            &[
                ("automatic", Command::Reach(Reach::Auto)),
                ("link speed", Command::Reach(Reach::Link)),
                ("maximum", Command::Reach(Reach::Max)),
                ("up to this rate:", Command::Reach(Reach::Pinned(pinned))),
            ],
            &Command::Reach(options.reach),
        ),
        menu(
            "Axis",
            &[("linear", Command::Spread(Spread::Linear)), ("logarithmic", Command::Spread(Spread::Logarithmic))],
            &Command::Spread(options.spread),
        ),
        menu(
            "Layout",
            &[
                ("in above, out below", Command::Arrange(Arrangement::InAbove)),
                ("out above, in below", Command::Arrange(Arrangement::OutAbove)),
                ("both above", Command::Arrange(Arrangement::BothAbove)),
            ],
            &Command::Arrange(options.arrangement),
        ),
        menu("Thresholds", &thresholds, &Command::Thresholds(options.thresholds)),
        menu(
            "Table",
            &[("hidden", Command::Table(false)), ("samples of the window", Command::Table(true))],
            &Command::Table(options.table),
        ),
        menu(
            "Wall display",
            &[
                ("off", Command::Kiosk(Kiosk::Off)),
                ("what is shown now", Command::Kiosk(Kiosk::Still)),
                (&cycling, Command::Kiosk(Kiosk::Cycling(seconds))),
            ],
            &Command::Kiosk(options.kiosk),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use crate::model::tests::page_of;

    #[test]
    fn what_is_chosen_in_a_menu_is_what_it_shows() {
        for query in ["", "?kiosk=40&thresholds=50,60&unit=octets&prefix=binary"] {
            let given = Address::parse(query).options;
            for (number, menu) in menus(&given).iter().enumerate() {
                for (at, (words, command)) in menu.choices.iter().enumerate() {
                    let mut options = given.clone();
                    command.clone().apply(&mut options);
                    assert_eq!(menus(&options)[number].chosen, Some(at), "{}: {words}", menu.label);
                }
            }
        }
    }

    #[test]
    fn a_rate_that_is_pinned_is_in_its_field() {
        assert_eq!(controls(&page_of("?scale=2500m", "{}"), &|_| String::new()).pinned, "2.5G");
        assert_eq!(controls(&page_of("", "{}"), &|_| String::new()).pinned, "");
    }

    #[test]
    fn a_moment_that_is_not_kept_any_more_is_said_to_be_gone() {
        let file = r#"{"version":1,"targets":[{"name":"t","interfaces":[
            {"name":"if","samples":{"end":1700000000000000,"duration":1000000,"inOctets":1}}]}]}"#;
        let paused = |query| controls(&page_of(query, file), &|at| at.as_micros().to_string()).paused;
        assert_eq!(paused(""), None);
        assert_eq!(paused("?at=1700000000000").as_deref(), Some("paused at 1700000000000000"));
        let gone = "paused at 1600000000000000; the samples of that time are not kept any more";
        assert_eq!(paused("?at=1600000000000").as_deref(), Some(gone));
    }
}
