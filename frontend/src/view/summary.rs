//! What is told to those who listen instead of looking: a change of the state at once, and what passes each minute.

use stats::Monotonic;

use crate::model::Model;
use crate::model::find::Place;
use crate::plot::{Direction, Traffic};

use super::{Body, Page, State, figures};

/// Changes when something is to be told: with the state, where all is well with each minute, and where the view comes to
/// stand still.
#[must_use]
pub(super) fn turn(model: &Model, state: State, now: Monotonic) -> u64 {
    match model.address.options.paused {
        _ if state != State::Live => 0,
        Some(paused) => paused.as_micros(),
        None => now.since_zero().as_secs() / 60,
    }
}

/// The page in a sentence.
#[must_use]
pub fn summary(model: &Model, page: &Page) -> String {
    let status = &page.status;
    if status.state != State::Live || status.sentence.is_some() {
        return status.sentence.clone().unwrap_or_else(|| status.word.clone());
    }
    let rates = |place: Place| {
        let (setting, newest) = (model.setting(place), model.newest_seen(place));
        let now = |direction| {
            let figure = figures::now(newest.as_ref(), Traffic::Octets.quantity(direction), setting.units);
            format!("{} {figure}", setting.label(direction).to_ascii_lowercase())
        };
        let name = stats::clean(&model.at(place).1.about.name);
        format!("{name}: {}", Direction::both(now).join(", "))
    };
    let what = match &page.body {
        Body::Detail(detail) => rates(detail.place),
        Body::Overview(overview) => {
            let down = match model.down() {
                0 => String::new(),
                down => format!(", {down} of them down"),
            };
            let busiest = model.busiest().map(rates).map(|rates| format!("; most through {rates}"));
            format!("{}{down}{}", overview.found, busiest.unwrap_or_default())
        }
        Body::Nothing | Body::Unknown(_) => String::new(),
    };
    // What stands still is not what is now.
    let word = page.controls.paused.as_ref().unwrap_or(&status.word);
    if what.is_empty() { word.clone() } else { format!("{word}: {what}") }
}
