//! Where on a graph traffic is high for the link: stretches of its height in which curves have another colour.

use std::ops::Range;

use super::axis::{Axis, Side};
use super::setting::Setting;
use super::traffic::{Direction, Traffic};
use crate::list::List;
use crate::units::BitsPerSecond;

/// How much of a link is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Load {
    /// Much.
    High,
    /// Too much.
    Full,
}

/// A stretch of a graph's height.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// From the upper edge on, as shares of the height.
    pub heights: Range<f64>,
    /// What traffic that reaches into it is.
    pub load: Load,
}

/// Where on a graph a load begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// What traffic is from there on.
    pub load: Load,
    /// On which side of the line.
    pub side: Side,
    /// How far below the upper edge, as a share of the height.
    pub place: f64,
}

impl Setting {
    /// The rates in bits a second from which on traffic is high and full; `None` where nobody asked, or the link's speed is
    /// not known.
    #[must_use]
    pub fn limits(&self) -> Option<[(Load, f64); 2]> {
        let (thresholds, speed) = self.thresholds.zip(self.speed)?;
        let share = |per_cent: u8| BitsPerSecond::from(speed).0 * f64::from(per_cent) / 100.0;
        Some([(Load::High, share(thresholds.high)), (Load::Full, share(thresholds.full))])
    }

    /// What that rate is for the link.
    #[must_use]
    pub fn load(&self, bits_per_second: f64) -> Option<Load> {
        let reached = |(load, limit)| (bits_per_second >= limit).then_some(load);
        self.limits()?.into_iter().rev().find_map(reached)
    }
}

/// The zones of a graph; none of what is not counted in bits.
#[must_use]
pub fn zones(axis: Axis, traffic: Traffic, setting: &Setting) -> Vec<Zone> {
    let limits = limits(axis, traffic, setting);
    let next = limits.iter().skip(1).map(Some).chain([None]);
    let zone = |(limit, next): (&Limit, Option<&Limit>)| {
        // Up to the next limit on the same side, else to the edge.
        let far = next.filter(|next| next.side == limit.side).map(|next| next.place);
        let heights = match limit.side {
            Side::Above => far.unwrap_or(0.0)..limit.place,
            Side::Below => limit.place..far.unwrap_or(1.0),
        };
        Zone { heights, load: limit.load }
    };
    limits.iter().zip(next).map(zone).list()
}

/// The limits that a graph reaches to; on each side the lower one first.
#[must_use]
pub fn limits(axis: Axis, traffic: Traffic, setting: &Setting) -> Vec<Limit> {
    let rates = setting.limits().filter(|_| traffic == Traffic::Octets);
    let mut limits = Vec::new();
    for (at, direction) in Direction::BOTH.into_iter().enumerate() {
        let side = axis.side(direction);
        // Where both are on one side, so are their limits.
        if at == 0 || axis.side(Direction::BOTH[0]) != side {
            for (load, rate) in rates.into_iter().flatten() {
                let place = axis.place(rate, direction);
                if (0.0..=1.0).contains(&place) {
                    limits.push(Limit { load, side, place });
                }
            }
        }
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::super::scale::Scale;
    use super::super::scale::tests::BITS;
    use super::*;
    use crate::options::{Arrangement, Options, Thresholds};

    fn axis(peak: f64, arrangement: Arrangement) -> Axis {
        Axis { scale: Scale::fitting(peak, BITS), arrangement }
    }

    fn setting(speed: Option<u64>, thresholds: Option<Thresholds>) -> Setting {
        let about =
            stats::Interface { speed: speed.map(stats::Speed::from_bits_per_second), ..stats::Interface::default() };
        Setting::of(&Options { thresholds, ..Options::default() }, &about)
    }

    /// The zones in thousandths of the height of a graph that reaches as high as its peak.
    #[track_caller]
    fn check(peak: f64, speed: Option<u64>, thresholds: Option<Thresholds>, expected: &[(Load, i32, i32)]) {
        #[expect(clippy::cast_possible_truncation, reason = "thousandths of one")]
        let thousandths = |share: f64| (share * 1_000.0).round() as i32;
        let zones = zones(axis(peak, Arrangement::InAbove), Traffic::Octets, &setting(speed, thresholds));
        let found =
            zones.iter().map(|zone| (zone.load, thousandths(zone.heights.start), thousandths(zone.heights.end)));
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_high_for_the_link_is_high_both_ways() {
        check(
            100e6,
            Some(100_000_000),
            Some(Thresholds::USUAL),
            // The edge is a hundredth above the top.
            &[(Load::High, 54, 153), (Load::Full, 0, 54), (Load::High, 847, 946), (Load::Full, 946, 1_000)],
        );
    }

    #[test]
    fn a_graph_that_does_not_reach_so_high_has_none() {
        check(60e6, Some(100_000_000), Some(Thresholds::USUAL), &[]);
        check(
            80e6,
            Some(100_000_000),
            Some(Thresholds { high: 50, full: 95 }),
            &[(Load::High, 0, 191), (Load::High, 809, 1_000)],
        );
    }

    #[test]
    fn there_are_none_unless_asked_for_and_of_a_known_link() {
        check(1e9, Some(1_000), None, &[]);
        check(1e9, None, Some(Thresholds::USUAL), &[]);
        check(1e9, Some(0), Some(Thresholds::USUAL), &[]);
        let setting = setting(Some(1_000), Some(Thresholds::USUAL));
        assert_eq!(zones(axis(1e9, Arrangement::InAbove), Traffic::Packets, &setting), []);
    }

    #[test]
    fn they_are_where_the_curves_are() {
        let setting = setting(Some(100_000_000), Some(Thresholds::USUAL));
        let loads = |arrangement| zones(axis(100e6, arrangement), Traffic::Octets, &setting);
        assert_eq!(loads(Arrangement::OutAbove).len(), 4);
        let both = loads(Arrangement::BothAbove);
        assert_eq!(both.iter().map(|zone| zone.load).collect::<Vec<_>>(), [Load::High, Load::Full]);
        assert!(both.iter().all(|zone| zone.heights.end < 0.4), "{both:?}");
    }

    #[test]
    fn a_rate_is_what_it_has_reached() {
        let setting = setting(Some(1_000), Some(Thresholds::USUAL));
        let loads = [699.0, 700.0, 900.0, 2_000.0].map(|rate| setting.load(rate));
        assert_eq!(loads, [None, Some(Load::High), Some(Load::Full), Some(Load::Full)]);
    }
}
