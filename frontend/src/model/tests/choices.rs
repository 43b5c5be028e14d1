//! What becomes of what the viewer chooses.

use super::*;
use crate::options::{Options, Window};
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
