//! The lane under a large graph, which says how much is known of what is above it. It scrolls with the graph.

use web_sys::HtmlElement;

use super::belt::Belt;
use super::dom;
use super::moment::Moment;
use super::motion::catch_up;
use super::surface::{Fade, Surface};
use crate::plot::{LANE_HEIGHT, Lane, Layer, Series, Setting, quality_in_a_word};

/// The lane's elements.
pub(super) struct LaneBelt {
    word: HtmlElement,
    belt: Belt,
    surface: Surface,
    written: String,
}

impl LaneBelt {
    /// A lane at the end of `root`.
    pub(super) fn new(root: &HtmlElement) -> Self {
        /// Nothing of it fades.
        const NO_FADE: Fade = Fade { base: 1.0, edge: 1.0 };

        let word = dom::append(root, "span", "chart-quality");
        let clip: HtmlElement = dom::append(root, "div", "chart-lane");
        let belt = Belt::new(&clip);
        let surface = Surface::new(belt.element(), NO_FADE);
        Self { word, belt, surface, written: String::new() }
    }

    /// Paints what is known of what that layer of a graph shows.
    pub(super) fn paint(&mut self, series: &Series, layer: &Layer, setting: &Setting, moment: &Moment) {
        let layer = layer.of_height(LANE_HEIGHT * moment.letters);
        let lane = Lane::new(series, &layer, setting.refresh);
        self.surface.paint_lane(&lane, &layer, &moment.lane_palette);
        self.belt.carry(self.surface.element(), &layer, moment);
        let word = series.newest().map(|span| quality_in_a_word(span, setting.refresh)).unwrap_or_default();
        if word != self.written {
            self.word.set_text_content(Some(&word));
            self.written = word;
        }
    }

    /// Slides to where it is from that many CSS pixels further right.
    pub(super) fn catch_up(&self, pixels: f64, moment: &Moment) {
        catch_up(self.belt.element(), pixels, moment);
    }
}
