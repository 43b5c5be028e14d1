//! What is told to those who listen instead of looking: a change of the state at once, and what passes each minute.

use stats::Monotonic;

use crate::model::Model;
use crate::model::find::Place;
use crate::plot::{Direction, Traffic};

use super::{Body, Page, State, figures};

/// Changes when something is to be told: with the state, and where all is well with each minute.
#[must_use]
pub(super) fn turn(model: &Model, state: State, now: Monotonic) -> u64 {
    let is_running = state == State::Live && model.address.options.paused.is_none();
    if is_running { now.since_zero().as_secs() / 60 } else { 0 }
}

/// The page in a sentence.
#[must_use]
pub fn summary(model: &Model, page: &Page) -> String {
    let status = &page.status;
    if status.state != State::Live || status.sentence.is_some() {
        return status.sentence.clone().unwrap_or_else(|| status.word.clone());
    }
    let rates = |place: Place| {
        let interface = model.at(place).1;
        let setting = model.setting(place);
        let newest = |direction| {
            let figure = figures::newest(&interface.track, Traffic::Octets.quantity(direction), setting.units);
            format!("{} {figure}", setting.label(direction).to_ascii_lowercase())
        };
        let name = stats::clean(&interface.about.name);
        format!("{name}: {}", Direction::BOTH.map(newest).join(", "))
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
    if what.is_empty() { status.word.clone() } else { format!("{}: {what}", status.word) }
}
