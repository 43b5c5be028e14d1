//! What becomes of what the viewer chooses.

use super::*;
use crate::command::Command;
use crate::options::{Options, Window};
use crate::plot::DisplayClock;
use crate::units::Unit;

/// What there is to do but fetching after that choice.
#[track_caller]
fn check(query: &str, choose: impl FnOnce(&mut Options), told: &[Effect], written: &str) {
    let mut page = opened(query);
    let mut options = page.model.address.options.clone();
    choose(&mut options);
    let now = page.now();
    let mut effects = page.model.update(Event::Chose(options), now);
    effects.retain(|effect| matches!(effect, Effect::Tell | Effect::Remember));
    assert_eq!(effects, told);
    assert_eq!(page.model.address.to_query(), written);
}

#[test]
fn what_is_chosen_is_said_in_the_url() {
    check("", |options| options.window = Window::One, &[Effect::Tell], "?window=1m");
    check(
        "?interface=r/a&window=1m",
        |options| options.table = true,
        &[Effect::Tell],
        "?interface=r/a&window=1m&table=on",
    );
}

#[test]
fn what_was_chosen_before_changes_nothing() {
    check("?window=1m", |options| options.window = Window::One, &[], "?window=1m");
}

#[test]
fn units_that_the_viewer_chose_are_remembered_and_those_of_a_link_are_not() {
    let octets = |options: &mut Options| options.units.unit = Unit::Octets;
    check("", octets, &[Effect::Tell, Effect::Remember], "?unit=octets&prefix=si");
    check("?unit=octets", |options| options.window = Window::One, &[Effect::Tell], "?window=1m&unit=octets&prefix=si");
}

#[track_caller]
fn check_clock(page: &Page, expected: Option<f64>) {
    let standing = match page.model.clock(&page.model.targets[0]) {
        Some(DisplayClock::Standing { shown_ms }) => Some(shown_ms),
        _ => None,
    };
    assert_eq!(standing, expected);
}

#[test]
fn a_pause_is_at_what_is_shown_and_data_go_on_arriving() {
    let mut page = opened("?interface=r/a");
    page.tell(Event::Commanded(Command::Pause));
    // Files are a second apart and may be a quarter late; a line ends in the middle of the newest sample; and a fetch takes
    // its time.
    let shown_ms = 1_700_000_003_100_u64;
    assert_eq!(page.model.address.to_query(), format!("?interface=r/a&at={shown_ms}"));
    for last in 6..20 {
        page.wait(1_000);
        page.get(Ok(file(7, last - 4..=last)));
    }
    page.shows("r/a", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19");
    #[expect(clippy::cast_precision_loss, reason = "a moment of this century")]
    check_clock(&page, Some(shown_ms as f64));
    page.tell(Event::Commanded(Command::Pause));
    assert_eq!(page.model.address.to_query(), "?interface=r/a");
    check_clock(&page, None);
}

#[test]
fn a_link_shows_the_same_moment_and_one_beyond_all_data_shows_the_newest() {
    let page = opened("?interface=r/a&at=1700000003350");
    check_clock(&page, Some(1_700_000_003_350.0));
    assert!(!page.model.has_forgotten(Timestamp::from_micros(1_700_000_003_350_000)));
    // A third of the window more, as where no data come.
    let page = opened("?interface=r/a&at=253402300799999");
    check_clock(&page, Some(1_700_000_105_000.0));
    let page = opened("?interface=r/a&at=1");
    assert!(page.model.has_forgotten(Timestamp::from_micros(1_000)));
}
