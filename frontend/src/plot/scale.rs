//! How high a graph reaches: round numbers, up at once and down with reserve.

/// How high a graph reaches, the same above the line and below it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    step: f64,
    steps: u8,
}

impl Scale {
    /// Of ten times the power of ten: the step between two lines of the grid, and the number of them that make the top.
    /// Steps are 1, 2 or 5; the tops are close enough to each other for a graph to fill two thirds of its height at least.
    const LADDER: [(f64, u8); 8] = [(0.5, 2), (0.5, 3), (1.0, 2), (1.0, 3), (2.0, 2), (2.0, 3), (2.0, 4), (5.0, 2)];
    /// The edge of the graph is so many times as high as its top, and a peak may be: a link that is full, which is a round
    /// number but for what clocks differ by, is not to be drawn at two thirds of the height.
    const EDGE: f64 = 1.01;
    /// How much smaller than the next lower top the highest point must be for a graph to shrink to that. Without this, a
    /// peak that wavers about a top would make the graph jump up and down.
    const RESERVE: f64 = 1.25;

    /// The lowest scale that `peak` fits into, and no lower than `least`, which is 1 or more.
    #[must_use]
    pub fn fitting(peak: f64, least: f64) -> Self {
        let top = (peak / Self::EDGE).max(least);
        let mut ten = 1.0;
        while ten * 10.0 <= top {
            ten *= 10.0;
        }
        let fits = |(step, steps): &(f64, u8)| step * f64::from(*steps) * ten >= top;
        let (step, steps) = Self::LADDER.into_iter().find(fits).unwrap_or((5.0, 2));
        Self { step: step * ten, steps }
    }

    /// The scale for `peak` after this one.
    #[must_use]
    pub fn followed_by(self, peak: f64, least: f64) -> Self {
        let needed = Self::fitting(peak, least);
        if needed.top() > self.top() {
            return needed;
        }
        let lower = Self::fitting(peak * Self::RESERVE, least);
        if lower.top() < self.top() { lower } else { self }
    }

    /// How many times higher what is drawn at this scale was at the one before: where the two differ, and by so little
    /// that the eye could follow.
    #[must_use]
    pub fn settles_from(self, before: Self) -> Option<f64> {
        /// Times higher or lower.
        const FOLLOWED: f64 = 10.0;

        let ratio = self.top() / before.top();
        // A scale is followed by the very same one or by one that is a good deal higher or lower.
        let differ = (ratio - 1.0).abs() > 1e-3;
        (differ && (1.0 / FOLLOWED..=FOLLOWED).contains(&ratio)).then_some(ratio)
    }

    /// The rate at the top; as far below the line it is at the bottom.
    #[must_use]
    pub fn top(self) -> f64 {
        self.step * f64::from(self.steps)
    }

    /// The rate at the edge, a little above the top.
    #[must_use]
    pub fn edge(self) -> f64 {
        self.top() * Self::EDGE
    }

    /// The rates at which lines of the grid are, the line in the middle left out: above it positive, below it negative.
    pub fn lines(self) -> impl Iterator<Item = f64> {
        let steps = i16::from(self.steps);
        (-steps..=steps).rev().filter(|number| *number != 0).map(move |number| self.step * f64::from(number))
    }

    /// How far below the upper edge that rate is, as a share of the height.
    #[must_use]
    pub fn share_of_height(self, rate: f64) -> f64 {
        0.5 - 0.5 * rate / self.edge()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(peak: f64, expected_top: f64, expected_step: f64) {
        let scale = Scale::fitting(peak, 10.0);
        assert!((scale.top() / expected_top - 1.0).abs() < 1e-9, "{} is not {expected_top}", scale.top());
        assert!((scale.step / expected_step - 1.0).abs() < 1e-9, "{} is not {expected_step}", scale.step);
    }

    #[test]
    fn tops_and_steps_are_round() {
        check(941e6, 1e9, 5e8);
        check(1.1e6, 1.5e6, 5e5);
        check(190.0, 200.0, 100.0);
        check(2.5e6, 3e6, 1e6);
        check(3.3e6, 4e6, 2e6);
        check(5e6, 6e6, 2e6);
        check(998e6, 1e9, 5e8);
        check(7e3, 8e3, 2e3);
    }

    #[test]
    fn a_full_link_fills_the_graph() {
        check(1_000_500_000.0, 1e9, 5e8);
        check(1_020_000_000.0, 1.5e9, 5e8);
    }

    #[test]
    fn an_idle_interface_does_not_blow_up_its_noise() {
        check(0.0, 10.0, 5.0);
        check(3.0, 10.0, 5.0);
    }

    #[track_caller]
    fn check_followed(peaks: &[f64], expected_tops: &[f64]) {
        let mut scale = Scale::fitting(0.0, 10.0);
        let tops = peaks.iter().map(|peak| {
            scale = scale.followed_by(*peak, 10.0);
            scale.top().round()
        });
        assert_eq!(tops.collect::<Vec<f64>>(), expected_tops);
    }

    #[test]
    fn it_rises_at_once() {
        check_followed(&[50.0, 5_000.0], &[60.0, 6_000.0]);
    }

    #[test]
    fn it_falls_when_there_is_room_to_spare() {
        check_followed(&[180.0, 140.0, 110.0, 10.0], &[200.0, 200.0, 150.0, 15.0]);
    }

    #[test]
    fn a_peak_that_wavers_about_a_top_moves_it_once() {
        check_followed(&[199.0, 204.0, 199.0, 205.0, 190.0], &[200.0, 300.0, 300.0, 300.0, 300.0]);
    }

    #[test]
    fn only_small_changes_can_be_followed_by_the_eye() {
        let [one, two, far] = [90.0, 190.0, 90e6].map(|peak| Scale::fitting(peak, 10.0));
        assert_eq!(two.settles_from(one), Some(2.0));
        assert_eq!(one.settles_from(one), None);
        assert_eq!(far.settles_from(one), None);
    }

    #[test]
    fn lines_are_the_same_above_and_below() {
        let lines: Vec<f64> = Scale::fitting(90.0, 10.0).lines().collect();
        assert_eq!(lines, [100.0, 50.0, -50.0, -100.0]);
    }

    #[test]
    fn the_line_is_in_the_middle() {
        let scale = Scale::fitting(90.0, 10.0);
        let shares = [101.0, 0.0, -50.5].map(|rate| format!("{:.2}", scale.share_of_height(rate).abs()));
        assert_eq!(shares, ["0.00", "0.50", "0.75"]);
    }
}
