//! Draws a frame with plotters, onto whatever plotters draws on. Knows nothing of canvases.
//!
//! Plotters counts in whole pixels, which is too coarse for a line that scrolls by fractions of one: the backend must
//! report [`FINE`] times its size in CSS pixels, and divide by as much when it draws.
//!
//! Three parts, since a canvas fades the areas before the rest goes on top of them.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{PathElement, Polygon, Rectangle};
use plotters::prelude::DrawingBackend;
use plotters::style::{Color, ShapeStyle};

use crate::list::List;
use crate::options::Arrangement;

use super::axis::{Axis, Side};
use super::colour::Palette;
use super::frame::Frame;
use super::hatch::hatch;
use super::layer::Layer;
use super::traffic::{Direction, Traffic};
use crate::within::within;

/// The parts that a CSS pixel is divided into.
pub const FINE: u32 = 16;

/// How wide a curve's line is, in CSS pixels where letters are of the usual size.
const LINE_WIDTH: f64 = 1.5;
const HATCH_WIDTH: f64 = 1.0;
/// How dense what covers a gap is: enough to be seen, not enough to be looked at.
const GAP_DENSITY: f64 = 0.10;
const HATCH_DENSITY: f64 = 0.30;

/// Whether gaps are hatched or only shaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gaps {
    /// Shaded: enough for a graph the size of a card, and cheap.
    Shaded,
    /// Shaded and hatched.
    Hatched,
}

/// A frame, and what it takes to draw it.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// What is drawn.
    pub frame: &'a Frame,
    /// Where it lies.
    pub layer: &'a Layer,
    /// Where rates are.
    pub axis: Axis,
    /// What it is of.
    pub traffic: Traffic,
    /// How gaps are drawn.
    pub gaps: Gaps,
    /// Its colours.
    pub palette: &'a Palette,
    /// How much larger letters are than usual: lines that are to be seen from as far are as much wider.
    pub letters: f64,
}

type Result<B> = std::result::Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;

impl Picture<'_> {
    /// Draws the areas between the curves and the line.
    ///
    /// # Errors
    ///
    /// Those of the backend; the same for the other parts.
    pub fn draw_areas<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>) -> Result<B> {
        let base = self.y(self.axis.base());
        for direction in Direction::BOTH {
            // Where both are on one side, one is an area and the other a line: they are told apart without colours too.
            if self.axis.arrangement == Arrangement::BothAbove && direction == Direction::Out {
                continue;
            }
            let style = self.palette.curve(self.traffic, direction).filled();
            for run in &self.frame.curve(direction).runs {
                let (Some(first), Some(last)) = (run.first(), run.last()) else {
                    continue;
                };
                let mut outline = self.places(run, direction);
                outline.extend([(self.x(last.0), base), (self.x(first.0), base)]);
                area.draw(&Polygon::new(outline, style))?;
            }
        }
        Ok(())
    }

    /// Draws what covers the times of which nothing is known.
    ///
    /// # Errors
    ///
    /// See [`Self::draw_areas`].
    pub fn draw_gaps<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>) -> Result<B> {
        let shade = self.palette.gap.mix(GAP_DENSITY).filled();
        let whole = self.frame.inbound.gaps == self.frame.outbound.gaps;
        let (height, base) = (self.layer.height(), self.axis.base() * self.layer.height());
        for direction in Direction::BOTH {
            // What is unknown both ways is covered as one, since a seam would look like a line.
            let heights = match self.axis.side(direction) {
                _ if whole || self.axis.arrangement == Arrangement::BothAbove => 0.0..height,
                Side::Above => 0.0..base,
                Side::Below => base..height,
            };
            for gap in &self.frame.curve(direction).gaps {
                let corners = [(self.x(gap.start), fine(heights.start)), (self.x(gap.end), fine(heights.end))];
                area.draw(&Rectangle::new(corners, shade))?;
                if self.gaps == Gaps::Hatched {
                    self.draw_hatch(area, gap, &heights)?;
                }
            }
            if whole {
                break;
            }
        }
        Ok(())
    }

    /// Draws the curves' lines.
    ///
    /// # Errors
    ///
    /// See [`Self::draw_areas`].
    pub fn draw_lines<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>) -> Result<B> {
        for direction in Direction::BOTH {
            let style = stroke(self.palette.curve(self.traffic, direction), LINE_WIDTH * self.letters);
            for run in &self.frame.curve(direction).runs {
                area.draw(&PathElement::new(self.places(run, direction), style))?;
            }
        }
        Ok(())
    }

    fn draw_hatch<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        times: &Range<f64>,
        heights: &Range<f64>,
    ) -> Result<B> {
        let style = stroke(self.palette.gap.mix(HATCH_DENSITY), HATCH_WIDTH * self.letters);
        for ends in hatch(times, heights, self.layer) {
            area.draw(&PathElement::new(ends.map(|(x, y)| (fine(x), fine(y))), style))?;
        }
        Ok(())
    }

    /// Where the points of a curve are.
    fn places(&self, run: &[(f64, f64)], direction: Direction) -> Vec<(i32, i32)> {
        run.iter().map(|(ms, rate)| (self.x(*ms), self.y(self.axis.place(*rate, direction)))).list()
    }

    /// Where a time is, in milliseconds after the layer's left edge.
    fn x(&self, ms: f64) -> i32 {
        fine(ms / self.layer.viewport().pixel_ms())
    }

    /// Where a share of the height is. What lies far outside is cut off where its line is steep enough to look the same.
    fn y(&self, share: f64) -> i32 {
        fine(within(share, -FAR, FAR) * self.layer.height())
    }
}

/// How many times the height a point may lie outside.
const FAR: f64 = 50.0;

fn stroke(colour: impl Color, width: f64) -> ShapeStyle {
    #[expect(clippy::cast_sign_loss, reason = "no line is thinner than nothing")]
    ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: fine(width) as u32 }
}

/// CSS pixels as plotters is to count them.
#[must_use]
pub fn fine(pixels: f64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "no screen is that large")]
    let parts = (pixels * f64::from(FINE)).round() as i32;
    parts
}

#[cfg(test)]
mod tests {
    use expect_test::{ExpectFile, expect_file};
    use plotters::prelude::{IntoDrawingArea, SVGBackend};

    use super::super::colour::{Pair, parse_colour};
    use super::super::layer::Viewport;
    use super::super::scale::tests::BITS;
    use super::super::scale::{Gauge, Scale};
    use super::super::series::Series;
    use super::super::series::tests::seconds;
    use super::*;
    use crate::options::Spread;

    fn palette() -> Palette {
        let colour = |css| parse_colour(css).unwrap();
        let pair = |inbound, outbound| Pair { inbound: colour(inbound), outbound: colour(outbound) };
        let (packets, troubles) = (pair("#e5a93c", "#d668a5"), pair("#e5484d", "#c026d3"));
        Palette {
            octets: pair("#3fb68b", "#5b8def"),
            packets,
            troubles,
            gap: colour("#888888"),
            high: colour("#f0b445"),
            full: colour("#ff8577"),
        }
    }

    /// Draws a picture of 12 s on 192 × 80 pixels, as SVG that counts in the fine parts.
    #[track_caller]
    fn check(amounts: &[Option<(u64, u64)>], gaps: Gaps, expected: &ExpectFile) {
        check_by(amounts, gaps, Arrangement::InAbove, BITS, expected);
    }

    /// The same by another axis.
    #[track_caller]
    fn check_by(
        amounts: &[Option<(u64, u64)>],
        gaps: Gaps,
        arrangement: Arrangement,
        gauge: Gauge,
        expected: &ExpectFile,
    ) {
        let series = Series::of(Traffic::Octets, &seconds(amounts));
        let viewport = Viewport { width: 192.0, height: 80.0, pixel_ratio: 1.0, window_ms: 12_000.0 };
        let layer = Layer::new(viewport, 1_012_000.0, None);
        let picture = Picture {
            frame: &Frame::new(&series, &layer, 1.0),
            layer: &layer,
            axis: Axis { scale: Scale::fitting(series.peak(0.0, f64::INFINITY), gauge), arrangement },
            traffic: Traffic::Octets,
            gaps,
            palette: &palette(),
            letters: 1.0,
        };
        let mut svg = String::new();
        let area = SVGBackend::with_string(&mut svg, (layer.columns * FINE, layer.rows * FINE)).into_drawing_area();
        picture.draw_areas(&area).unwrap();
        picture.draw_gaps(&area).unwrap();
        picture.draw_lines(&area).unwrap();
        drop(area);
        expected.assert_eq(&svg);
    }

    const BUSY: [Option<(u64, u64)>; 9] = [
        Some((40, 10)),
        Some((70, 20)),
        Some((30, 20)),
        None,
        None,
        Some((90, 50)),
        None,
        Some((20, 5)),
        Some((60, 60)),
    ];

    #[test]
    fn a_busy_graph_with_gaps() {
        check(&BUSY, Gaps::Hatched, &expect_file!["snapshots/busy.svg"]);
    }

    #[test]
    fn out_above_and_in_below() {
        check_by(&BUSY, Gaps::Shaded, Arrangement::OutAbove, BITS, &expect_file!["snapshots/swapped.svg"]);
    }

    #[test]
    fn both_above_as_an_area_and_a_line() {
        check_by(&BUSY, Gaps::Hatched, Arrangement::BothAbove, BITS, &expect_file!["snapshots/both.svg"]);
    }

    #[test]
    fn what_is_higher_than_a_pinned_graph_leaves_it_as_steeply_as_it_would() {
        let pinned = Gauge { fixed: Some(400.0), ..BITS };
        check_by(&BUSY, Gaps::Shaded, Arrangement::InAbove, pinned, &expect_file!["snapshots/pinned.svg"]);
    }

    #[test]
    fn ten_times_as_much_is_a_step_higher() {
        let amounts: Vec<Option<(u64, u64)>> = (0..9).map(|power| Some((10_u64.pow(power), 0))).collect();
        let log = Gauge { spread: Spread::Logarithmic, ..BITS };
        check_by(&amounts, Gaps::Shaded, Arrangement::InAbove, log, &expect_file!["snapshots/logarithmic.svg"]);
    }

    #[test]
    fn on_a_card_gaps_are_only_shaded() {
        check(&BUSY, Gaps::Shaded, &expect_file!["snapshots/card.svg"]);
    }

    #[test]
    fn no_samples_are_no_marks() {
        check(&[], Gaps::Hatched, &expect_file!["snapshots/empty.svg"]);
    }
}
