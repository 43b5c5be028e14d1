//! What differs between graphs of different size, and what they are called in the style sheet.

use super::Size;
use super::surface::Fade;
use crate::options::Arrangement;
use crate::plot::Traffic;
use crate::plot::paint::Gaps;

/// What differs between graphs of different size.
#[derive(Clone, Copy)]
pub(super) struct Look {
    class: &'static str,
    pub(super) fade: Fade,
    pub(super) gaps: Gaps,
    /// See [`Frame::new`](crate::plot::Frame::new).
    pub(super) grain: f64,
}

impl Look {
    /// The classes of a graph's element.
    pub(super) fn class_of(&self, traffic: Traffic, arrangement: Arrangement) -> String {
        let traffic = match traffic {
            Traffic::Octets => "chart-octets",
            Traffic::Packets => "chart-packets",
            Traffic::Errors | Traffic::Discards => "chart-troubles",
        };
        let arrangement = match arrangement {
            Arrangement::InAbove | Arrangement::OutAbove => "",
            Arrangement::BothAbove => " chart-both",
        };
        format!("chart {} {traffic}{arrangement}", self.class)
    }

    pub(super) const fn of(size: Size) -> Self {
        match size {
            Size::Card => Self {
                class: "chart-card",
                fade: Fade { base: 0.30, edge: 0.60 },
                gaps: Gaps::Shaded,
                // The lowest and the highest of three pixels are all that can be told apart, and there may be hundreds of cards.
                grain: 3.0,
            },
            Size::Labelled | Size::Large => {
                Self { class: "chart-large", fade: Fade { base: 0.14, edge: 0.50 }, gaps: Gaps::Hatched, grain: 1.0 }
            }
        }
    }
}
