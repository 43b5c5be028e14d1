//! What a layer shows: where the curves go, and where nothing is known.

use std::ops::Range;

use super::layer::Layer;
use super::series::{Series, Span};
use super::thin::{Point, thin};
use super::traffic::Direction;

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
    /// What `layer` shows of `series`.
    #[must_use]
    pub fn new(series: &Series, layer: &Layer) -> Self {
        let spans = series.around(layer.left_ms, layer.left_ms + layer.covers_ms());
        Self { inbound: Curve::new(spans, Direction::In, layer), outbound: Curve::new(spans, Direction::Out, layer) }
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
    fn new(spans: &[Span], direction: Direction, layer: &Layer) -> Self {
        let known = |span: &Span| span.rates.get(direction).is_some();
        let mut curve = Self::default();
        let mut rest = spans.len();
        for spans in spans.chunk_by(|one, other| known(one) == known(other)) {
            rest -= spans.len();
            let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
                continue;
            };
            if known(first) {
                let points = run(spans, direction, layer, if rest == 0 { End::Open } else { End::Closed });
                curve.runs.extend(Some(clip(&points, layer)).filter(|points| points.len() > 1));
            } else {
                let gap = within(first.start_ms, layer)..within(last.end_ms, layer);
                curve.gaps.extend(Some(gap).filter(|gap| !gap.is_empty()));
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
fn run(spans: &[Span], direction: Direction, layer: &Layer, end: End) -> Vec<Point> {
    let middles = spans.iter().filter_map(|span| Some((span.middle_ms(), span.rates.get(direction)?)));
    let mut points = thin(&middles.collect::<Vec<Point>>(), layer.viewport().column_ms());
    if let (Some(first), Some(point)) = (spans.first(), points.first()) {
        points.insert(0, (first.start_ms, point.1));
    }
    if let (Some(last), Some(point)) = (spans.last(), points.last())
        && (end == End::Closed || spans.len() == 1)
    {
        points.push((last.end_ms, point.1));
    }
    points
}

/// The part of a line that lies in the layer, its ends cut where the edges are.
fn clip(points: &[Point], layer: &Layer) -> Vec<Point> {
    let covers_ms = layer.covers_ms();
    let points: Vec<Point> = points.iter().map(|(ms, rate)| (ms - layer.left_ms, *rate)).collect();
    let at = |edge: f64, (one, other): (Point, Point)| {
        let share = (edge - one.0) / (other.0 - one.0);
        (edge, one.1 + (other.1 - one.1) * share)
    };
    let mut kept = Vec::with_capacity(points.len());
    for (index, point) in points.iter().enumerate() {
        let previous = index.checked_sub(1).and_then(|index| points.get(index));
        for edge in [0.0, covers_ms] {
            if let Some(previous) = previous.filter(|previous| previous.0 < edge && edge < point.0) {
                kept.push(at(edge, (*previous, *point)));
            }
        }
        if (0.0..=covers_ms).contains(&point.0) {
            kept.push(*point);
        }
    }
    kept
}

fn within(ms: f64, layer: &Layer) -> f64 {
    (ms - layer.left_ms).clamp(0.0, layer.covers_ms())
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
        Frame::new(&Series::of(Traffic::Octets, &seconds(amounts)), &layer)
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
        let frame = Frame::new(&Series::of(Traffic::Octets, &samples), &layer);
        assert_eq!((frame.inbound.runs.len(), frame.inbound.gaps.len()), (1, 0));
        assert_eq!((frame.outbound.runs.len(), frame.outbound.gaps.len()), (2, 1));
    }

    #[test]
    fn nothing_known_yet_is_nothing_drawn() {
        check(&[], &[], &[]);
    }
}
