//! Leaves out what cannot be seen: of many points in one pixel's column, only the lowest and the highest count.

/// A point of a curve: the file's time in milliseconds, and a rate.
pub(super) type Point = (f64, f64);

/// Adds `points`, in order of time, to `kept`, without those that lie between the lowest and the highest of their column.
///
/// Columns are `column_ms` wide and counted from the epoch, not from some edge that moves, so that a point that is left out
/// once is left out always: else the curve would shimmer while it scrolls.
pub(super) fn thin(points: impl Iterator<Item = Point>, column_ms: f64, kept: &mut Vec<Point>) {
    let mut column = Column { number: f64::NAN, lowest: (0.0, 0.0), highest: (0.0, 0.0) };
    for point in points {
        let number = (point.0 / column_ms).floor();
        #[expect(clippy::float_cmp, reason = "whole numbers")]
        if number == column.number {
            column.add(point);
        } else {
            column.finish(kept);
            column = Column { number, lowest: point, highest: point };
        }
    }
    column.finish(kept);
}

/// What is to be kept of one column.
struct Column {
    /// Not a number before the first one.
    number: f64,
    lowest: Point,
    highest: Point,
}

impl Column {
    fn add(&mut self, point: Point) {
        if point.1 < self.lowest.1 {
            self.lowest = point;
        }
        // Of equal ones the last, so that two that are alike are both kept.
        if point.1 >= self.highest.1 {
            self.highest = point;
        }
    }

    fn finish(&self, kept: &mut Vec<Point>) {
        if self.number.is_nan() {
            return;
        }
        let (earlier, later) =
            if self.lowest.0 <= self.highest.0 { (self.lowest, self.highest) } else { (self.highest, self.lowest) };
        kept.push(earlier);
        if later.0 > earlier.0 {
            kept.push(later);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thinned(points: &[Point]) -> Vec<Point> {
        let mut kept = Vec::new();
        thin(points.iter().copied(), 10.0, &mut kept);
        kept
    }

    #[track_caller]
    fn check(points: &[Point], expected: &[Point]) {
        assert_eq!(thinned(points), expected);
    }

    #[test]
    fn few_points_are_left_as_they_are() {
        check(&[(1.0, 5.0), (9.0, 7.0), (10.0, 6.0)], &[(1.0, 5.0), (9.0, 7.0), (10.0, 6.0)]);
        check(&[(1.0, 5.0), (9.0, 5.0), (10.0, 5.0)], &[(1.0, 5.0), (9.0, 5.0), (10.0, 5.0)]);
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
            assert!(thinned(&points[first..]).contains(&(503.0, 1.0)));
        }
    }

    #[test]
    fn what_is_left_out_does_not_depend_on_the_edge() {
        let points: Vec<Point> = (0..100).map(|number| (f64::from(number), f64::from(number * 37 % 11))).collect();
        let all = thinned(&points);
        let later = thinned(&points[20..]);
        assert!(all.ends_with(&later));
    }
}
