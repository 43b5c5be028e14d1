//! The slanted lines over a gap, so that it is told from quiet traffic by more than its colour.

use std::ops::Range;

use crate::list::List;

use super::layer::Layer;

/// A straight line between two points in CSS pixels from the layer's upper left corner.
pub(super) type Stroke = [(f64, f64); 2];

/// CSS pixels between two strokes, measured along the time axis.
const SPACING: f64 = 9.0;

/// The strokes over a gap: `times` in milliseconds after the layer's left edge, `heights` in CSS pixels from its top.
///
/// They are counted from the epoch, so that they scroll with what they cover.
pub(super) fn hatch(times: &Range<f64>, heights: &Range<f64>, layer: &Layer) -> Vec<Stroke> {
    let pixel_ms = layer.viewport().pixel_ms();
    let (left, right) = (times.start / pixel_ms, times.end / pixel_ms);
    // Along a stroke, x + y is the same: those of a multiple of the spacing, from the epoch on.
    let pixels = layer.left_ms / pixel_ms;
    let phase = pixels - (pixels / SPACING).floor() * SPACING;
    let first = ((left + heights.start + phase) / SPACING).ceil() * SPACING - phase;
    let sums = std::iter::successors(Some(first), |sum| Some(sum + SPACING));
    let stroke = |sum: f64| {
        let lower_left = (left.max(sum - heights.end), heights.end.min(sum - left));
        let upper_right = (right.min(sum - heights.start), heights.start.max(sum - right));
        [lower_left, upper_right]
    };
    let strokes = sums.take_while(|sum| *sum < right + heights.end).map(stroke);
    strokes.filter(|[lower_left, upper_right]| lower_left.0 < upper_right.0).list()
}

#[cfg(test)]
mod tests {
    use super::super::layer::Viewport;
    use super::*;

    fn layer(shown_ms: f64) -> Layer {
        Layer::new(Viewport { width: 100.0, height: 40.0, pixel_ratio: 1.0, window_ms: 100_000.0 }, shown_ms, None)
    }

    #[track_caller]
    fn check(times: &Range<f64>, heights: &Range<f64>, expected: &[Stroke]) {
        assert_eq!(hatch(times, heights, &layer(109_000.0)), expected);
    }

    #[test]
    fn strokes_stay_inside_the_gap() {
        check(
            &(0.0..20_000.0),
            &(0.0..10.0),
            &[[(0.0, 9.0), (9.0, 0.0)], [(8.0, 10.0), (18.0, 0.0)], [(17.0, 10.0), (20.0, 7.0)]],
        );
    }

    #[test]
    fn strokes_scroll_with_the_gap() {
        let earlier = hatch(&(30_000.0..60_000.0), &(0.0..40.0), &layer(109_000.0));
        let later = hatch(&(25_000.0..55_000.0), &(0.0..40.0), &layer(114_000.0));
        let moved = later.iter().map(|stroke| stroke.map(|(x, y)| (x + 5.0, y)));
        assert_eq!(moved.collect::<Vec<Stroke>>(), earlier);
    }
}
