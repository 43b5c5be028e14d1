//! Where on a graph a rate is: which way is drawn on which side of the line, and how high.

use crate::list::List;
use crate::options::Arrangement;

use super::scale::Scale;
use super::traffic::Direction;

/// The vertical axis of a graph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// How high it reaches on either side.
    pub scale: Scale,
    /// Which way is drawn on which side.
    pub arrangement: Arrangement,
}

/// A side of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Upwards from it.
    Above,
    /// Downwards from it.
    Below,
}

/// A line of the grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// The rate that it marks.
    pub rate: f64,
    /// On which side.
    pub side: Side,
    /// How far below the upper edge, as a share of the height.
    pub place: f64,
}

impl Axis {
    /// Where the line is, where nothing is drawn below it: a line at the very edge would be cut in half.
    const LOW: f64 = 0.99;

    /// Where 0 is: how far below the upper edge, as a share of the height.
    #[must_use]
    pub const fn base(self) -> f64 {
        match self.arrangement {
            Arrangement::InAbove | Arrangement::OutAbove => 0.5,
            Arrangement::BothAbove => Self::LOW,
        }
    }

    /// The side on which that way is drawn.
    #[must_use]
    pub fn side(self, direction: Direction) -> Side {
        match (self.arrangement, direction) {
            (Arrangement::InAbove, Direction::Out) | (Arrangement::OutAbove, Direction::In) => Side::Below,
            _ => Side::Above,
        }
    }

    /// Where a rate that way is: how far below the upper edge, as a share of the height; outside of 0 to 1 where it is
    /// higher than the graph reaches.
    #[must_use]
    pub fn place(self, rate: f64, direction: Direction) -> f64 {
        self.place_on(rate, self.side(direction))
    }

    /// The same by the side.
    #[must_use]
    pub fn place_on(self, rate: f64, side: Side) -> f64 {
        let height = self.base() * self.scale.height(rate);
        match side {
            Side::Above => self.base() - height,
            Side::Below => self.base() + height,
        }
    }

    /// The lines of the grid but for the one at 0, the uppermost first; of those that would be too close to each other for
    /// their labels in a graph of that height, only some, or none. In CSS pixels where letters are of the usual size.
    #[must_use]
    pub fn lines(self, height: f64) -> Vec<Line> {
        /// CSS pixels from one label to the next.
        const APART: f64 = 15.0;

        let rates = self.scale.lines();
        // The one at 0 has a label too.
        let apart = |every: usize| {
            let kept = rates.iter().copied().step_by(every).chain([0.0]);
            let heights: Vec<f64> = kept.map(|rate| self.base() * self.scale.height(rate) * height).list();
            heights.windows(2).all(|pair| pair[0] - pair[1] >= APART)
        };
        let Some(every) = (1..=rates.len()).find(|every| apart(*every)) else { return Vec::new() };
        let kept: Vec<f64> = rates.into_iter().step_by(every).list();
        let line = |rate, side| Line { rate, side, place: self.place_on(rate, side) };
        let mut lines: Vec<Line> = kept.iter().map(|rate| line(*rate, Side::Above)).list();
        if self.arrangement != Arrangement::BothAbove {
            for rate in kept.into_iter().rev() {
                lines.push(line(rate, Side::Below));
            }
        }
        lines
    }

    /// How many times higher what is drawn by this axis was by the one before, from the line on, where the two differ: see
    /// [`Scale::settles_from`].
    #[must_use]
    pub fn settles_from(self, before: Self) -> Option<f64> {
        if self.arrangement == before.arrangement { self.scale.settles_from(before.scale) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::super::scale::tests::BITS;
    use super::*;

    fn axis(arrangement: Arrangement) -> Axis {
        Axis { scale: Scale::fitting(90.0, BITS), arrangement }
    }

    #[track_caller]
    fn check(arrangement: Arrangement, expected: [f64; 4]) {
        let axis = axis(arrangement);
        let places = [
            axis.place(101.0, Direction::In),
            axis.place(0.0, Direction::In),
            axis.place(101.0, Direction::Out),
            axis.place(50.5, Direction::Out),
        ];
        let close = places.iter().zip(expected).all(|(place, expected)| (place - expected).abs() < 1e-9);
        assert!(close, "{places:?}");
    }

    #[test]
    fn each_way_is_on_its_side() {
        check(Arrangement::InAbove, [0.0, 0.5, 1.0, 0.75]);
        check(Arrangement::OutAbove, [1.0, 0.5, 0.0, 0.25]);
        check(Arrangement::BothAbove, [0.0, 0.99, 0.0, 0.495]);
    }

    #[test]
    fn lines_are_the_same_above_and_below() {
        let rates = |arrangement| axis(arrangement).lines(300.0).iter().map(|line| line.rate).collect::<Vec<f64>>();
        assert_eq!(rates(Arrangement::InAbove), [100.0, 50.0, 50.0, 100.0]);
        assert_eq!(rates(Arrangement::BothAbove), [100.0, 50.0]);
        let places = axis(Arrangement::OutAbove).lines(300.0);
        assert!(places.windows(2).all(|pair| pair[0].place < pair[1].place));
    }

    #[test]
    fn in_a_low_graph_there_are_as_many_lines_as_there_is_room_for() {
        let axis = Axis { scale: Scale::fitting(8e3, BITS), arrangement: Arrangement::InAbove };
        let rates = |height| axis.lines(height).iter().map(|line| line.rate).collect::<Vec<f64>>();
        assert_eq!(rates(200.0), [8e3, 6e3, 4e3, 2e3, 2e3, 4e3, 6e3, 8e3]);
        assert_eq!(rates(100.0), [8e3, 4e3, 4e3, 8e3]);
        assert_eq!(rates(40.0), [8e3, 8e3]);
        assert!(rates(25.0).is_empty());
    }

    #[test]
    fn what_changes_sides_does_not_settle() {
        let low = axis(Arrangement::InAbove);
        let high = Axis { scale: Scale::fitting(190.0, BITS), ..low };
        assert_eq!(high.settles_from(low), Some(2.0));
        assert_eq!(Axis { arrangement: Arrangement::BothAbove, ..high }.settles_from(low), None);
    }
}
