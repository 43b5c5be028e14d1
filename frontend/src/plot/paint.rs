//! Draws a frame with plotters, onto whatever plotters draws on. Knows nothing of canvases.
//!
//! Plotters counts in whole pixels, which is too coarse for a line that scrolls by fractions of one: the backend must
//! report [`FINE`] times its size in CSS pixels, and divide by as much when it draws.
//!
//! Three parts, since a canvas fades the areas before the rest goes on top of them.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{PathElement, Polygon, Rectangle};
use plotters::prelude::DrawingBackend;
use plotters::style::{Color, ShapeStyle};

use super::colour::Palette;
use super::frame::Frame;
use super::hatch::hatch;
use super::layer::Layer;
use super::scale::Scale;
use super::traffic::{Direction, Traffic};

/// The parts that a CSS pixel is divided into.
pub const FINE: u32 = 16;

/// How wide a curve's line is, in CSS pixels.
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
    /// How high it reaches.
    pub scale: Scale,
    /// What it is of.
    pub traffic: Traffic,
    /// How gaps are drawn.
    pub gaps: Gaps,
    /// Its colours.
    pub palette: &'a Palette,
}

type Plane<B> = DrawingArea<B, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Result<B> = std::result::Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;

impl Picture<'_> {
    /// Draws the areas between the curves and the line in the middle.
    ///
    /// # Errors
    ///
    /// Those of the backend; the same for the other parts.
    pub fn draw_areas<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>) -> Result<B> {
        let plane = self.plane(area);
        for direction in Direction::BOTH {
            let style = self.palette.curve(self.traffic, direction).filled();
            for run in &self.frame.curve(direction).runs {
                let (Some(first), Some(last)) = (run.first(), run.last()) else {
                    continue;
                };
                let mut outline = signed(run, direction);
                outline.extend([(last.0, 0.0), (first.0, 0.0)]);
                plane.draw(&Polygon::new(outline, style))?;
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
        let plane = self.plane(area);
        let shade = self.palette.gap.mix(GAP_DENSITY).filled();
        let whole = self.frame.inbound.gaps == self.frame.outbound.gaps;
        for direction in Direction::BOTH {
            // What is unknown both ways is covered as one, since a seam would look like a line.
            let far = self.scale.edge() * direction.sign();
            let near = if whole { -far } else { 0.0 };
            for gap in &self.frame.curve(direction).gaps {
                plane.draw(&Rectangle::new([(gap.start, far), (gap.end, near)], shade))?;
                if self.gaps == Gaps::Hatched {
                    let heights = [far, near].map(|rate| self.scale.share_of_height(rate) * self.layer.height());
                    let heights = heights[0].min(heights[1])..heights[0].max(heights[1]);
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
        let plane = self.plane(area);
        for direction in Direction::BOTH {
            let style = stroke(self.palette.curve(self.traffic, direction), LINE_WIDTH);
            for run in &self.frame.curve(direction).runs {
                plane.draw(&PathElement::new(signed(run, direction), style))?;
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
        let style = stroke(self.palette.gap.mix(HATCH_DENSITY), HATCH_WIDTH);
        for ends in hatch(times, heights, self.layer) {
            area.draw(&PathElement::new(ends.map(|(x, y)| (fine(x), fine(y))), style))?;
        }
        Ok(())
    }

    /// Milliseconds after the layer's left edge to the right, rates upwards, what goes out as negative ones.
    fn plane<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>) -> Plane<B> {
        let edge = self.scale.edge();
        let (across, down) = area.get_pixel_range();
        area.apply_coord_spec(Cartesian2d::new(0.0..self.layer.covers_ms(), edge..-edge, (across, down)))
    }
}

fn signed(run: &[(f64, f64)], direction: Direction) -> Vec<(f64, f64)> {
    run.iter().map(|(ms, rate)| (*ms, rate * direction.sign())).collect()
}

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
    use super::super::series::Series;
    use super::super::series::tests::seconds;
    use super::*;

    fn palette() -> Palette {
        let colour = |css| parse_colour(css).unwrap();
        let pair = |inbound, outbound| Pair { inbound: colour(inbound), outbound: colour(outbound) };
        Palette { octets: pair("#3fb68b", "#5b8def"), packets: pair("#e5a93c", "#d668a5"), gap: colour("#888888") }
    }

    /// Draws a picture of 12 s on 192 × 80 pixels, as SVG that counts in the fine parts.
    #[track_caller]
    fn check(amounts: &[Option<(u64, u64)>], gaps: Gaps, expected: &ExpectFile) {
        let series = Series::of(Traffic::Octets, &seconds(amounts));
        let viewport = Viewport { width: 192.0, height: 80.0, pixel_ratio: 1.0, window_ms: 12_000.0 };
        let layer = Layer::new(viewport, 1_012_000.0, None);
        let picture = Picture {
            frame: &Frame::new(&series, &layer, 1.0),
            layer: &layer,
            scale: Scale::fitting(series.peak(0.0, f64::INFINITY), 10.0),
            traffic: Traffic::Octets,
            gaps,
            palette: &palette(),
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
    fn on_a_card_gaps_are_only_shaded() {
        check(&BUSY, Gaps::Shaded, &expect_file!["snapshots/card.svg"]);
    }

    #[test]
    fn no_samples_are_no_marks() {
        check(&[], Gaps::Hatched, &expect_file!["snapshots/empty.svg"]);
    }
}
