//! What the page shows, in words and figures: a picture of the model at one moment. Knows nothing of browsers.
//!
//! Begin with [`page`].

mod status;

mod controls;
mod detail;
mod overview;
mod summary;
mod total;

mod figures;
mod samples;
mod words;

use stats::{Monotonic, Timestamp};

use crate::model::Model;

pub use controls::{Button, Controls, Menu, SCALE, controls, menus};
pub use detail::{Detail, Fact, Panel};
pub use figures::Figures;
pub use overview::{Card, Group, Label, Overview, labels};
pub use samples::{COLUMNS as SAMPLE_COLUMNS, caption as sample_caption, columns as sample_columns, row};
pub use status::{State, Status};
pub use summary::summary;
pub use total::{Sum, too_many, total};

/// The whole page.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The document's title.
    pub title: String,
    /// Whether it is live, and what is the matter where it is not.
    pub status: Status,
    /// Changes when [`summary`] is to be told.
    pub turn: u64,
    /// What became of what the viewer asked for, where that is not seen.
    pub notice: Option<String>,
    /// What the viewer can choose.
    pub controls: Controls,
    /// What is shown.
    pub body: Body,
}

/// What the page is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// There is nothing to show, or not yet; the status says why.
    Nothing,
    /// All interfaces.
    Overview(Overview),
    /// One interface.
    Detail(Box<Detail>),
    /// The interface that the URL names is not there.
    Unknown(Unknown),
}

/// An interface that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Says so.
    pub sentence: String,
    /// The name that is most like it, and the query that opens it.
    pub nearest: Option<(String, String)>,
    /// The query that shows all.
    pub all: String,
}

/// Tells a moment as the clock that the viewer has chosen would have: `14:03:59`.
pub type LocalTime<'a> = &'a dyn Fn(Timestamp) -> String;

/// The page at this moment.
#[must_use]
pub fn page(model: &Model, now: Monotonic, local: LocalTime) -> Page {
    let status = status::status(model, now, local);
    let mut body = body(model, local);
    if status.state == State::Problem {
        body.leave_out_only_trouble();
    }
    let name = "Live interface stats";
    let title = match (&body, status.state) {
        (Body::Detail(detail), State::Live | State::Still | State::Replay) => detail.title(),
        (Body::Detail(detail), _) => format!("({}) {}", status.word, detail.name),
        (_, State::Live | State::Loading | State::Still | State::Replay) => name.to_owned(),
        _ => format!("({}) {name}", status.word),
    };
    let controls = controls(model, local);
    let notice = model.refused.as_ref().map(|(name, why)| why.sentence(&stats::clean(name)));
    let turn = summary::turn(model, status.state, now);
    Page { title, status, turn, notice, controls, body }
}

impl Body {
    /// What the status says already need not be said twice.
    fn leave_out_only_trouble(&mut self) {
        match self {
            Self::Detail(detail) => detail.trouble = None,
            Self::Overview(Overview { groups, .. }) => {
                if let [group] = groups.as_mut_slice() {
                    group.trouble = None;
                }
            }
            Self::Nothing | Self::Unknown(_) => {}
        }
    }
}

fn body(model: &Model, local: LocalTime) -> Body {
    if model.targets.is_empty() {
        return Body::Nothing;
    }
    let Some(wanted) = &model.address.interface else {
        return Body::Overview(overview::overview(model, local));
    };
    match model.opened() {
        Some(place) => Body::Detail(Box::new(detail::detail(model, place, local))),
        None => Body::Unknown(unknown(model, wanted)),
    }
}

fn unknown(model: &Model, wanted: &str) -> Unknown {
    let nearest = model.nearest(wanted);
    let query = |interface| model.address.with_interface(interface).to_query();
    let wanted = stats::clean(wanted);
    let sentence = match &nearest {
        Some(_) => format!("There is no interface {wanted}; the nearest name is"),
        None => format!("There is no interface {wanted}, nor any other"),
    };
    let nearest = nearest.map(|name| (stats::clean(&name), query(Some(name))));
    Unknown { sentence, nearest, all: query(None) }
}

#[cfg(test)]
mod tests;
