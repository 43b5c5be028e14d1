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
    check("", |options| options.window = Window::One, &[Effect::Tell], "?window=1m&unit=bits");
    check(
        "?interface=r/a&window=1m",
        |options| options.table = true,
        &[Effect::Tell],
        "?interface=r/a&window=1m&unit=bits&table=on",
    );
}

#[test]
fn what_was_chosen_before_changes_nothing() {
    check("?window=1m", |options| options.window = Window::One, &[], "?window=1m&unit=bits");
}

#[test]
fn units_that_the_viewer_chose_are_remembered_and_those_of_a_link_are_not() {
    let octets = |options: &mut Options| options.units.unit = Unit::Octets;
    check("", octets, &[Effect::Tell, Effect::Remember], "?unit=octets");
    check("?unit=octets", |options| options.window = Window::One, &[Effect::Tell], "?window=1m&unit=octets");
}

#[test]
fn whoever_goes_back_sees_another_thing_and_not_otherwise() {
    let mut page = opened("?interface=r/a");
    page.tell(Event::Commanded(Command::Window(Window::One)));
    // As the browser has kept it from before the window was chosen.
    let now = page.now();
    let effects = page.model.update(Event::Navigated(Address::parse("?unit=bits")), now);
    assert_eq!(page.model.address.to_query(), "?window=1m&unit=bits");
    assert!(effects.contains(&Effect::Tell));
    let effects = page.model.update(Event::Navigated(Address::parse("?interface=r/a&window=1m")), now);
    assert!(!effects.contains(&Effect::Tell));
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
    assert_eq!(page.model.address.to_query(), format!("?interface=r/a&unit=bits&at={shown_ms}"));
    for last in 6..20 {
        page.wait(1_000);
        page.get(Ok(file(7, last - 4..=last)));
    }
    page.shows("r/a", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19");
    #[expect(clippy::cast_precision_loss, reason = "a moment of this century")]
    check_clock(&page, Some(shown_ms as f64));
    page.tell(Event::Commanded(Command::Pause));
    assert_eq!(page.model.address.to_query(), "?interface=r/a&unit=bits");
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

/// What is said of the file, and how many files are asked for then.
#[track_caller]
fn check_opened(page: &mut Page, text: &str, refused: Option<&str>) {
    page.asked.clear();
    page.tell(Event::Opened("saved.json".to_owned(), Ok(text.as_bytes().to_vec())));
    let sentence = page.model.refused.as_ref().map(|(name, why)| why.sentence(name));
    assert_eq!(sentence.as_deref(), refused);
    assert_eq!(page.model.is_replay(), refused.is_none());
}

#[test]
fn a_saved_file_is_shown_standing_still_and_nothing_is_fetched() {
    let mut page = opened("?interface=r/a");
    check_opened(&mut page, &file(3, 40..=49), None);
    page.shows("r/a", "40 41 42 43 44 45 46 47 48 49");
    check_clock(&page, Some(1_700_000_049_000.0));
    for _ in 0..3 {
        page.wait(60_000);
    }
    page.asks(&[]);
    check_clock(&page, Some(1_700_000_049_000.0));
}

#[test]
fn what_was_under_way_when_a_file_was_opened_is_left_aside() {
    let mut page = opened("");
    page.wait(1_500);
    let fetch = page.asked[0].clone();
    check_opened(&mut page, &file(3, 40..=41), None);
    let arrival = Arrival { text: file(7, 4..=6).into_bytes(), testimony: Testimony::default() };
    page.tell(Event::Fetched(fetch, Ok(arrival)));
    page.shows("r/a", "40 41");
}

#[test]
fn the_only_interface_of_a_file_is_opened() {
    let mut page = Page::open("?interface=elsewhere/x&at=1700000003350");
    let one = r#"{"version":1,"targets":[{"name":"t","interfaces":[
        {"name":"if","live":"https://elsewhere.example/","samples":{"end":1700000000000000,"duration":1000000,"inOctets":1}}]}]}"#;
    check_opened(&mut page, one, None);
    assert_eq!(page.model.address.to_query(), "?interface=t/if&unit=bits");
    page.asks(&[]);
}

#[test]
fn what_is_no_stats_file_is_refused_in_a_sentence_and_all_stays_live() {
    for (text, sentence) in [
        ("<html>", "saved.json: not a stats file: no JSON in line 1, column 1"),
        (
            r#"{"version":9}"#,
            "saved.json: stats file version 9 is newer than this page understands (1): reload the page, or update it",
        ),
        (r#"{"version":1,"targets":[]}"#, "saved.json: there are no samples in it"),
    ] {
        let mut page = opened("?interface=r/a");
        check_opened(&mut page, text, Some(sentence));
        page.shows("r/a", "1 2 3 4 5");
        page.wait(1_500);
        page.asks(&["live.json"]);
        let address = page.model.address.clone();
        let options = Options::default();
        for event in [Event::Commanded(Command::Dismiss), Event::Navigated(address), Event::Chose(options)] {
            check_opened(&mut page, text, Some(sentence));
            page.tell(event);
            assert_eq!(page.model.refused, None);
        }
    }
}

#[test]
fn a_wall_display_goes_from_interface_to_interface() {
    let mut page = opened("?kiosk=20");
    let mut shown = Vec::new();
    for _ in 0..50 {
        let name = page.model.address.interface.clone().unwrap_or_default();
        if shown.last() != Some(&name) {
            shown.push(name);
        }
        page.wait(1_000);
    }
    assert_eq!(shown, ["r/a", "r/b/c", "r/a"]);
    page.tell(Event::Commanded(Command::Kiosk(crate::options::Kiosk::Off)));
    page.wait(60_000);
    assert_eq!(page.model.address.interface.as_deref(), Some("r/a"));
}

#[test]
fn a_wall_display_begins_where_it_was_opened_and_keeps_to_what_is_searched_for() {
    let mut page = opened("?kiosk=3&interface=r/b/c&q=b");
    for _ in 0..9 {
        page.wait(1_000);
        assert_eq!(page.model.address.interface.as_deref(), Some("r/b/c"));
    }
}

#[test]
fn what_is_looked_at_stays_when_the_collector_is_restarted() {
    let mut page = opened("?interface=r/a&at=1700000004000");
    page.wait(1_500);
    page.get(Ok(file(8, 30..=31)));
    page.shows("r/a", "1 2 3 4 5 30 31");
    check_clock(&page, Some(1_700_000_004_000.0));
    page.tell(Event::Commanded(Command::Pause));
    page.shows("r/a", "30 31");
}
