//! The lane under a graph: how much is known of what is above it. Draws with plotters, onto whatever plotters draws on.

use std::ops::Range;
use std::time::Duration;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::Rectangle;
use plotters::prelude::DrawingBackend;
use plotters::style::{Color, RGBAColor};

use super::layer::Layer;
use super::paint::fine;
use super::series::{Quality, Series, Span};
use crate::within::within;

/// How high a lane is, in CSS pixels where letters are of the usual size.
pub const LANE_HEIGHT: f64 = 6.0;

/// The colours of a lane.
#[derive(Clone, Copy, Debug)]
pub struct LanePalette {
    /// What was measured.
    pub fine: RGBAColor,
    /// What an agent had in its cache.
    pub cached: RGBAColor,
    /// What is not known.
    pub gap: RGBAColor,
}

/// What a lane shows: stretches of time, in milliseconds after the layer's left edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    stretches: Vec<(Range<f64>, Quality)>,
}

impl Lane {
    /// What is narrower, in CSS pixels, is not drawn sample by sample.
    const NARROW: f64 = 3.0;

    /// What is known of what `layer` shows, where counters are refreshed that often.
    #[must_use]
    pub fn new(series: &Series, layer: &Layer, refresh: Option<Duration>) -> Self {
        let narrow_ms = Self::NARROW * layer.viewport().pixel_ms();
        let clip = |ms: f64| within(ms - layer.left_ms, 0.0, layer.covers_ms());
        let mut stretches: Vec<(Range<f64>, Quality)> = Vec::new();
        for span in series.around(layer.left_ms, layer.left_ms + layer.covers_ms()) {
            let (quality, times) = (span.quality(refresh), clip(span.start_ms)..clip(span.end_ms));
            match stretches.last_mut() {
                // A refresh is seen as such; all else as one for as long as it lasts.
                Some((last, before)) if *before == quality && !Self::is_apart(quality, span, narrow_ms) => {
                    last.end = times.end;
                }
                _ => stretches.push((times, quality)),
            }
        }
        stretches.retain(|(times, _)| !times.is_empty());
        Self { stretches }
    }

    fn is_apart(quality: Quality, span: &Span, narrow_ms: f64) -> bool {
        quality == Quality::Cached && span.end_ms - span.start_ms >= narrow_ms
    }

    /// Draws it, as high as `layer` is. What is known is told apart by its shape as well as by its colour: a line, blocks, a bar;
    /// a thicker line where a sum is of a part.
    ///
    /// # Errors
    ///
    /// Those of the backend.
    pub fn draw<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        layer: &Layer,
        palette: &LanePalette,
    ) -> Result<(), DrawingAreaErrorKind<B::ErrorType>> {
        let pixel_ms = layer.viewport().pixel_ms();
        let (height, scale) = (layer.height(), layer.height() / LANE_HEIGHT);
        for (times, quality) in &self.stretches {
            let (colour, inset, apart) = match quality {
                Quality::Fine => (palette.fine, 2.0, 0.0),
                Quality::Cached => (palette.cached, 1.0, 1.5),
                // In between, as it is known in part.
                Quality::Part => (palette.gap, 1.5, 0.0),
                Quality::Gap => (palette.gap, 0.0, 0.0),
            };
            let left = times.start / pixel_ms;
            // A gap is seen however short it is.
            let right = (times.end / pixel_ms - apart * scale).max(left + scale);
            let inset = inset * scale;
            let corners = [(fine(left), fine(inset)), (fine(right), fine(height - inset))];
            area.draw(&Rectangle::new(corners, colour.filled()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;
    use plotters::prelude::{IntoDrawingArea, SVGBackend};

    use super::super::layer::Viewport;
    use super::super::paint::FINE;
    use super::super::parse_colour;
    use super::super::series::tests::seconds;
    use super::super::traffic::Traffic;
    use super::*;

    const KNOWN: Option<(u64, u64)> = Some((1, 1));

    fn layer() -> Layer {
        let viewport = Viewport { width: 192.0, height: 80.0, pixel_ratio: 1.0, window_ms: 12_000.0 };
        Layer::new(viewport, 1_012_000.0, None).of_height(LANE_HEIGHT)
    }

    #[track_caller]
    fn check(amounts: &[Option<(u64, u64)>], refresh_s: Option<u64>, expected: &[(Range<f64>, Quality)]) {
        let series = Series::of(Traffic::Octets, &seconds(amounts));
        let lane = Lane::new(&series, &layer(), refresh_s.map(Duration::from_secs));
        assert_eq!(lane.stretches, expected);
    }

    #[test]
    fn what_lasts_is_one_stretch() {
        check(
            &[KNOWN, KNOWN, None, None, KNOWN],
            None,
            &[(0.0..2_000.0, Quality::Fine), (2_000.0..4_000.0, Quality::Gap), (4_000.0..5_000.0, Quality::Fine)],
        );
    }

    #[test]
    fn each_refresh_is_seen() {
        let [one, two] = [(0.0..1_000.0, Quality::Cached), (1_000.0..2_000.0, Quality::Cached)];
        check(&[KNOWN, KNOWN], Some(1), &[one, two]);
    }

    #[test]
    fn what_is_shorter_than_a_refresh_was_no_refresh() {
        check(&[KNOWN, KNOWN], Some(3), &[(0.0..2_000.0, Quality::Fine)]);
    }

    #[test]
    fn nothing_known_is_nothing_drawn() {
        check(&[], None, &[]);
    }

    #[test]
    fn a_lane_of_everything() {
        let mut samples = seconds(&[KNOWN, KNOWN, KNOWN, None, KNOWN, KNOWN]);
        for sample in &mut samples[4..] {
            sample.duration = Duration::from_secs(3);
            sample.end = sample.end.after(Duration::from_secs(2));
        }
        samples[5].end = samples[4].end.after(Duration::from_secs(3));
        let layer = layer();
        let colour = |css| parse_colour(css).unwrap();
        let palette = LanePalette { fine: colour("#3fb68b"), cached: colour("#f0b445"), gap: colour("#ff8577") };
        let lane = Lane::new(&Series::of(Traffic::Octets, &samples), &layer, Some(Duration::from_secs(3)));
        let mut svg = String::new();
        let area = SVGBackend::with_string(&mut svg, (layer.columns * FINE, layer.rows * FINE)).into_drawing_area();
        lane.draw(&area, &layer, &palette).unwrap();
        drop(area);
        expect_file!["snapshots/lane.svg"].assert_eq(&svg);
    }
}
