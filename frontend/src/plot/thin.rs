//! Leaves out what cannot be seen: of many points in one pixel's column, only the lowest and the highest count.

/// A point of a curve: the file's time in milliseconds, and a rate.
pub(super) type Point = (f64, f64);

/// The points without those that lie between the lowest and the highest of their column, in their order.
///
/// Columns are counted from the epoch and not from some edge that moves, so that a point that is left out once is left out
/// always: else the curve would shimmer while it scrolls.
pub(super) fn thin(points: &[Point], column_ms: f64) -> Vec<Point> {
    let column = |point: &Point| (point.0 / column_ms).floor();
    let mut kept = Vec::with_capacity(points.len());
    #[expect(clippy::float_cmp, reason = "whole numbers")]
    for points in points.chunk_by(|one, other| column(one) == column(other)) {
        if points.len() <= 2 {
            kept.extend_from_slice(points);
            continue;
        }
        let by_rate = |one: &&Point, other: &&Point| one.1.total_cmp(&other.1);
        let lowest = points.iter().min_by(by_rate);
        let highest = points.iter().max_by(by_rate);
        let mut both: Vec<Point> = lowest.into_iter().chain(highest).copied().collect();
        both.sort_by(|one, other| one.0.total_cmp(&other.0));
        kept.extend(both);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(points: &[Point], expected: &[Point]) {
        assert_eq!(thin(points, 10.0), expected);
    }

    #[test]
    fn few_points_are_left_as_they_are() {
        check(&[(1.0, 5.0), (9.0, 7.0), (10.0, 6.0)], &[(1.0, 5.0), (9.0, 7.0), (10.0, 6.0)]);
        check(&[], &[]);
    }

    #[test]
    fn of_many_the_lowest_and_the_highest_stay_in_their_order() {
        check(&[(0.0, 5.0), (3.0, 9.0), (6.0, 1.0), (9.0, 4.0)], &[(3.0, 9.0), (6.0, 1.0)]);
        check(&[(0.0, 5.0), (3.0, 1.0), (6.0, 9.0), (9.0, 4.0)], &[(3.0, 1.0), (6.0, 9.0)]);
    }

    #[test]
    fn a_spike_of_one_sample_survives_wherever_the_edge_is() {
        let points: Vec<Point> = (0..1_000).map(|number| (f64::from(number), f64::from(number == 503))).collect();
        for first in 0..40 {
            assert!(thin(&points[first..], 10.0).contains(&(503.0, 1.0)));
        }
    }

    #[test]
    fn what_is_left_out_does_not_depend_on_the_edge() {
        let points: Vec<Point> = (0..100).map(|number| (f64::from(number), f64::from(number * 37 % 11))).collect();
        let all = thin(&points, 10.0);
        let later = thin(&points[20..], 10.0);
        assert!(all.ends_with(&later));
    }
}
