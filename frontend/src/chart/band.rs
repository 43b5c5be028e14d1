//! The band that marks what counts as full: what sticks out of it is a high load.

use web_sys::HtmlElement;

use super::dom;
use crate::plot::{Axis, Direction, Setting, Traffic};
use crate::sure::sure;

/// A band each way, behind the curves. It stands still, and grows and shrinks with them. Most graphs have none.
pub(super) struct Band {
    parent: HtmlElement,
    bands: Vec<HtmlElement>,
    drawn: Option<(Axis, [Option<f64>; 2])>,
}

impl Band {
    /// No bands yet; they will be in `parent`, before all else.
    pub(super) const fn new(parent: HtmlElement) -> Self {
        Self { parent, bands: Vec::new(), drawn: None }
    }

    /// Shows what counts as full, where that is known.
    pub(super) fn draw(&mut self, axis: Axis, traffic: Traffic, setting: &Setting) {
        let maxima = Direction::both(|direction| setting.max(traffic, direction));
        let now = Some((axis, maxima));
        if self.drawn == now || self.bands.is_empty() && maxima == [None; 2] {
            return;
        }
        while self.bands.len() < maxima.len() {
            let band = self.make();
            self.bands.push(band);
        }
        self.drawn = now;
        for ((band, direction), max) in self.bands.iter().zip(Direction::BOTH).zip(maxima) {
            band.set_hidden(max.is_none());
            let Some(max) = max else { continue };
            let (place, base) = (axis.place(max, direction), axis.base());
            // What lies outside is as good as at the edge, and no line is to be seen there.
            let (upper, lower) = (place.min(base).max(-1.0), place.max(base).min(2.0));
            dom::share(band, "top", upper);
            dom::share(band, "height", lower - upper);
            let side = match place {
                _ if !(0.0..=1.0).contains(&place) => "",
                _ if place < base => "chart-band-above",
                _ => "chart-band-below",
            };
            let way = match direction {
                Direction::In => "chart-in",
                Direction::Out => "chart-out",
            };
            band.set_class_name(&format!("chart-band {side} {way}"));
        }
    }

    fn make(&self) -> HtmlElement {
        let band: HtmlElement = dom::append(&self.parent, "div", "chart-band");
        sure(self.parent.prepend_with_node_1(&band));
        let name: HtmlElement = dom::append(&band, "span", "chart-name");
        name.set_text_content(Some("max"));
        band
    }
}
