//! How much of a layer is to be painted again when samples came. The rest of it stays as it is: of a window of minutes, a
//! second changes some pixels at its end.

use super::layer::Layer;
use super::series::{Series, Span};

/// The end of a layer that is to be painted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strip {
    /// Where it begins, in the screen's pixels from the layer's left edge.
    pub column: u32,
    /// The first span that has to be drawn for the strip to be as it would be in a whole picture.
    pub(super) first: usize,
}

impl Strip {
    /// Half the width of the widest line and what is smoothed at its edge, in CSS pixels.
    const BLUR: f64 = 3.0;

    /// What is to be painted of `layer` where `series` is another one from `changed_ms` on; nothing where that is all of it.
    /// `grain` is that of the [`Frame`](super::Frame).
    #[must_use]
    pub fn new(series: &Series, changed_ms: f64, layer: &Layer, grain: f64) -> Option<Self> {
        let spans = series.spans();
        let pixel_ms = layer.viewport().pixel_ms();
        let column_of = |ms: f64| (ms / (grain * pixel_ms)).floor() * grain * pixel_ms;
        let last_before = |ms: f64| spans.partition_point(|span| span.middle_ms() < ms).checked_sub(1);
        let column_before =
            |ms: f64| last_before(ms).and_then(|at| spans.get(at)).map(|span| column_of(span.middle_ms()));
        // The line went up to the span before the change. Which of the points in one column are drawn may be others now, and
        // so the line that leads there from the column before.
        let unchanged = spans.partition_point(|span| span.start_ms < changed_ms).checked_sub(1)?;
        let touched_ms = column_before(column_of(spans.get(unchanged)?.middle_ms()))?;
        let cut_ms = touched_ms - Self::BLUR * pixel_ms;
        // A line that ends a little left of the strip is wide enough to be seen in it.
        let context_ms = column_before(column_of(cut_ms - Self::BLUR * pixel_ms))?;
        let first = spans.partition_point(|span: &Span| span.middle_ms() < context_ms);
        let columns = ((cut_ms - layer.left_ms) / layer.viewport().column_ms()).floor();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is compared with the width")]
        let column = Some(columns).filter(|columns| (1.0..f64::from(layer.columns)).contains(columns))? as u32;
        Some(Self { column, first })
    }
}

#[cfg(test)]
mod tests {
    use super::super::frame::{Curve, Frame};
    use super::super::layer::Viewport;
    use super::super::series::tests::seconds;
    use super::super::thin::Point;
    use super::super::traffic::Traffic;
    use super::*;

    type Amounts = Vec<Option<(u64, u64)>>;
    type Drawn = (Vec<Vec<Point>>, Vec<Point>);

    /// Samples that jump, with a gap now and then.
    fn amounts(count: u64) -> Amounts {
        let rough = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        (0..count).map(|number| (rough(number) % 11 != 0).then(|| (rough(number), rough(number + 7)))).collect()
    }

    /// The ends of what is drawn right of `ms`: each line with the point before, and each gap.
    fn right_of(curve: &Curve, ms: f64) -> Drawn {
        let runs = curve.runs.iter().filter_map(|run| {
            let beyond = run.iter().position(|point| point.0 > ms)?;
            Some(run[beyond.saturating_sub(1)..].to_vec())
        });
        let gaps = curve.gaps.iter().filter(|gap| gap.end > ms).map(|gap| (gap.start.max(ms), gap.end));
        (runs.collect(), gaps.collect())
    }

    /// The same of what is left of it, up to where lines have left it.
    fn left_of(curve: &Curve, ms: f64) -> Drawn {
        let runs = curve.runs.iter().filter(|run| run.first().is_some_and(|point| point.0 < ms)).map(|run| {
            let beyond = run.iter().position(|point| point.0 >= ms).unwrap_or(run.len() - 1);
            run[..=beyond].to_vec()
        });
        let gaps = curve.gaps.iter().filter(|gap| gap.start < ms).map(|gap| (gap.start, gap.end.min(ms)));
        (runs.collect(), gaps.collect())
    }

    /// Paints `earlier`, then of `later` no more than the strip; it must be what painting all of `later` comes to.
    #[track_caller]
    fn check(earlier: &Amounts, later: &Amounts, window_ms: f64, grain: f64) -> Option<Strip> {
        let viewport = Viewport { width: 100.0, height: 20.0, pixel_ratio: 1.0, window_ms };
        let series = |amounts: &Amounts| Series::of(Traffic::Octets, &seconds(amounts));
        let (before, after) = (series(earlier), series(later));
        let shown = Layer::new(viewport, after.newest_ms()?, None);
        let changed_ms = after.changed_since(&before);
        let strip = Strip::new(&after, changed_ms, &shown, grain)?;
        let cut_ms = f64::from(strip.column) * viewport.column_ms();
        let seen_ms = cut_ms - Strip::BLUR * viewport.pixel_ms();
        let [old, new] = [&before, &after].map(|series| Frame::new(series, &shown, grain));
        let part = Frame::of_strip(&after, &shown, grain, strip);
        for (old, new, part) in
            [(&old.inbound, &new.inbound, &part.inbound), (&old.outbound, &new.outbound, &part.outbound)]
        {
            assert_eq!(left_of(old, cut_ms), left_of(new, cut_ms), "{strip:?}");
            assert_eq!(right_of(part, seen_ms), right_of(new, seen_ms), "{strip:?}");
        }
        Some(strip)
    }

    #[test]
    fn what_a_new_sample_changes_is_painted_and_nothing_else_has_changed() {
        for window_ms in [30_000.0, 100_000.0, 400_000.0] {
            for grain in [1.0, 3.0] {
                for known in 150..400 {
                    let strip = check(&amounts(known), &amounts(known + 1), window_ms, grain);
                    assert!(strip.is_some_and(|strip| strip.column > 60), "{strip:?} of {known}");
                }
            }
        }
    }

    #[test]
    fn a_gap_that_is_filled_is_painted_from_there_on() {
        for gap in 120..290 {
            let whole = amounts(300);
            let mut holed = whole.clone();
            holed[gap..gap + 5].fill(None);
            check(&holed, &whole, 300_000.0, 3.0);
            check(&whole, &holed, 300_000.0, 3.0);
        }
    }

    #[test]
    fn what_is_forgotten_beyond_the_left_edge_changes_nothing() {
        let series = Series::of(Traffic::Octets, &seconds(&amounts(300)));
        let later = Series::of(Traffic::Octets, &seconds(&amounts(300))[20..]);
        assert!(later.changed_since(&series) > 1e300);
    }

    #[test]
    fn where_all_is_new_there_is_no_strip() {
        let viewport = Viewport { width: 100.0, height: 20.0, pixel_ratio: 1.0, window_ms: 100_000.0 };
        let series = Series::of(Traffic::Octets, &seconds(&amounts(150)));
        let layer = Layer::new(viewport, 1_150_000.0, None);
        assert_eq!(Strip::new(&series, series.changed_since(&Series::default()), &layer, 1.0), None);
    }
}
