//! What a layer shows: where the curves go, and where nothing is known.

use std::ops::Range;

use super::layer::Layer;
use super::series::{Series, Span};
use super::strip::Strip;
use super::thin::{Point, thin};
use super::traffic::Direction;
use crate::within::within;

/// What a layer shows. All times are milliseconds after the layer's left edge, within the layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// What came in.
    pub inbound: Curve,
    /// What went out.
    pub outbound: Curve,
}

/// What a layer shows of one direction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// Lines of points in order of time: times and rates. Between two lines nothing is known.
    pub runs: Vec<Vec<(f64, f64)>>,
    /// The times of which nothing is known although there are samples.
    pub gaps: Vec<Range<f64>>,
}

impl Frame {
    /// What `layer` shows of `series`; of more than two samples in `grain` CSS pixels only the lowest and the highest.
    #[must_use]
    pub fn new(series: &Series, layer: &Layer, grain: f64) -> Self {
        Self::of_spans(series.around(layer.left_ms, layer.left_ms + layer.covers_ms()), layer, grain)
    }

    /// The same of what is needed to paint a strip of it; what is left of the strip is not as it should be.
    #[must_use]
    pub fn of_strip(series: &Series, layer: &Layer, grain: f64, strip: Strip) -> Self {
        Self::of_spans(series.spans().get(strip.first..).unwrap_or_default(), layer, grain)
    }

    fn of_spans(spans: &[Span], layer: &Layer, grain: f64) -> Self {
        let curve = |direction| Curve::new(spans, direction, layer, grain);
        Self { inbound: curve(Direction::In), outbound: curve(Direction::Out) }
    }

    /// Whether something of it is not known.
    #[must_use]
    pub fn has_gaps(&self) -> bool {
        !(self.inbound.gaps.is_empty() && self.outbound.gaps.is_empty())
    }

    /// What is shown of that direction.
    #[must_use]
    pub const fn curve(&self, direction: Direction) -> &Curve {
        match direction {
            Direction::In => &self.inbound,
            Direction::Out => &self.outbound,
        }
    }
}

impl Curve {
    fn new(spans: &[Span], direction: Direction, layer: &Layer, grain: f64) -> Self {
        let known = |span: &Span| span.rates.get(direction).is_some();
        let grain_ms = grain * layer.viewport().pixel_ms();
        let mut curve = Self::default();
        let mut rest = spans.len();
        for spans in spans.chunk_by(|one, other| known(one) == known(other)) {
            rest -= spans.len();
            let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
                continue;
            };
            if known(first) {
                let end = if rest == 0 { End::Open } else { End::Closed };
                let points = clip(run(spans, direction, grain_ms, end), layer);
                if points.len() > 1 {
                    curve.runs.push(points);
                }
            } else {
                let gap = in_layer(first.start_ms, layer)..in_layer(last.end_ms, layer);
                if !gap.is_empty() {
                    curve.gaps.push(gap);
                }
            }
        }
        curve
    }
}

/// What comes after a run.
#[derive(Clone, Copy, PartialEq)]
enum End {
    /// Nothing yet: the line will go on from its last point to that of the next sample.
    Open,
    /// A gap.
    Closed,
}

/// The points of spans whose rates are known. A sample is an average, and has its point in the middle of its time; towards
/// a gap the line goes on level to where the sample ended, so that curve and gap leave no hole, and a sample between two
/// gaps is seen at all.
fn run(spans: &[Span], direction: Direction, grain_ms: f64, end: End) -> Vec<Point> {
    let mut points = Vec::with_capacity(spans.len() + 2);
    let level = |span: &Span, ms| Some((ms, span.rates.get(direction)?));
    points.extend(spans.first().and_then(|first| level(first, first.start_ms)));
    thin(spans.iter().filter_map(|span| level(span, span.middle_ms())), grain_ms, &mut points);
    if end == End::Closed || spans.len() == 1 {
        points.extend(spans.last().and_then(|last| level(last, last.end_ms)));
    }
    points
}

/// The part of a line that lies in the layer, its ends cut where the edges are; in milliseconds after the left edge.
fn clip(mut points: Vec<Point>, layer: &Layer) -> Vec<Point> {
    let covers_ms = layer.covers_ms();
    for point in &mut points {
        point.0 -= layer.left_ms;
    }
    if let Some(inside) = points.iter().position(|point| point.0 >= 0.0)
        && let Some(outside) = inside.checked_sub(1)
    {
        points[outside] = between(points[outside], points[inside], 0.0);
        points.drain(..outside);
    }
    if let Some(outside) = points.iter().position(|point| point.0 > covers_ms) {
        if let Some(inside) = outside.checked_sub(1) {
            points[outside] = between(points[inside], points[outside], covers_ms);
        }
        points.truncate(outside + 1);
    }
    // What is left outside had no neighbour inside.
    points.retain(|point| (0.0..=covers_ms).contains(&point.0));
    points
}

/// The point at that time on the line from one point to another.
fn between(one: Point, other: Point, ms: f64) -> Point {
    let share = (ms - one.0) / (other.0 - one.0);
    (ms, one.1 + (other.1 - one.1) * share)
}

fn in_layer(ms: f64, layer: &Layer) -> f64 {
    within(ms - layer.left_ms, 0.0, layer.covers_ms())
}

#[cfg(test)]
mod tests {
    use super::super::layer::Viewport;
    use super::super::series::tests::seconds;
    use super::super::traffic::Traffic;
    use super::*;

    /// Lays samples of octets in and out out in a layer that begins at 1,001 s and covers 6.4 s, a pixel in 100 ms. The
    /// first sample ends at 1,001 s, and is the one beyond the edge.
    fn frame(amounts: &[Option<(u64, u64)>]) -> Frame {
        let viewport = Viewport { width: 40.0, height: 20.0, pixel_ratio: 1.0, window_ms: 4_000.0 };
        let layer = Layer::new(viewport, 1_005_000.0, None);
        Frame::new(&Series::of(Traffic::Octets, &seconds(amounts)), &layer, 1.0)
    }

    /// Checks what came in, as octets a second rather than bits, and the gaps.
    #[track_caller]
    fn check(amounts: &[Option<u64>], expected_runs: &[&[Point]], expected_gaps: &[Range<f64>]) {
        let both: Vec<Option<(u64, u64)>> = amounts.iter().map(|amount| Some(((*amount)?, 0))).collect();
        let curve = frame(&both).inbound;
        let octets = |run: &Vec<Point>| run.iter().map(|(ms, bits)| (*ms, bits / 8.0)).collect();
        assert_eq!(curve.runs.iter().map(octets).collect::<Vec<Vec<Point>>>(), expected_runs);
        assert_eq!(curve.gaps, expected_gaps);
    }

    #[test]
    fn a_line_enters_from_the_left_edge_and_ends_at_the_newest_middle() {
        check(&[Some(2), Some(4), Some(8)], &[&[(0.0, 3.0), (500.0, 4.0), (1_500.0, 8.0)]], &[]);
    }

    #[test]
    fn a_gap_breaks_the_line_and_leaves_no_hole() {
        check(
            &[Some(2), Some(4), None, None, Some(6), Some(8)],
            &[&[(0.0, 3.0), (500.0, 4.0), (1_000.0, 4.0)], &[(3_000.0, 6.0), (3_500.0, 6.0), (4_500.0, 8.0)]],
            &[1_000.0..3_000.0],
        );
    }

    #[test]
    fn a_sample_between_two_gaps_is_a_level_line_as_long_as_it_took() {
        check(
            &[None, None, Some(7), None],
            &[&[(1_000.0, 7.0), (1_500.0, 7.0), (2_000.0, 7.0)]],
            &[0.0..1_000.0, 2_000.0..3_000.0],
        );
    }

    #[test]
    fn a_first_sample_after_a_gap_is_seen_at_once() {
        check(&[None, None, Some(7)], &[&[(1_000.0, 7.0), (1_500.0, 7.0), (2_000.0, 7.0)]], &[0.0..1_000.0]);
    }

    #[test]
    fn what_lies_beyond_the_right_edge_is_cut_off_there() {
        let amounts: Vec<Option<u64>> = (0..9).map(Some).collect();
        let both: Vec<Option<(u64, u64)>> = amounts.iter().map(|amount| Some(((*amount)?, 0))).collect();
        let last = frame(&both).inbound.runs.first().and_then(|run| run.last().copied());
        assert!(last.is_some_and(|(ms, bits)| (ms - 6_400.0).abs() < 1e-6 && (bits - 6.9 * 8.0).abs() < 1e-6));
    }

    #[test]
    fn a_direction_that_is_not_known_is_a_gap_of_its_own() {
        let mut samples = seconds(&[Some((1, 1)), Some((1, 1)), Some((1, 1))]);
        samples[1].passed.set(stats::Quantity::OutOctets, None);
        let viewport = Viewport { width: 40.0, height: 20.0, pixel_ratio: 1.0, window_ms: 4_000.0 };
        let layer = Layer::new(viewport, 1_004_000.0, None);
        let frame = Frame::new(&Series::of(Traffic::Octets, &samples), &layer, 1.0);
        assert_eq!((frame.inbound.runs.len(), frame.inbound.gaps.len()), (1, 0));
        assert_eq!((frame.outbound.runs.len(), frame.outbound.gaps.len()), (2, 1));
    }

    #[test]
    fn nothing_known_yet_is_nothing_drawn() {
        check(&[], &[], &[]);
    }
}
