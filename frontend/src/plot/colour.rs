//! Colours, from the words of CSS to those of plotters.

use plotters::style::RGBAColor;

use crate::list::List;

use super::traffic::{Direction, Traffic};
use super::zones::Load;

/// A colour each way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// For what comes in.
    pub inbound: RGBAColor,
    /// For what goes out.
    pub outbound: RGBAColor,
}

/// The colours of what is painted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// The curves of octets.
    pub octets: Pair,
    /// The curves of packets.
    pub packets: Pair,
    /// The curves of errors and of discards.
    pub troubles: Pair,
    /// What covers a time of which nothing is known.
    pub gap: RGBAColor,
    /// The curves where traffic is high for the link.
    pub high: RGBAColor,
    /// The curves where it is more than that.
    pub full: RGBAColor,
}

impl Palette {
    /// The colour of curves that reach into a zone of that load.
    #[must_use]
    pub const fn zone(&self, load: Load) -> RGBAColor {
        match load {
            Load::High => self.high,
            Load::Full => self.full,
        }
    }

    /// The colour of that curve.
    #[must_use]
    pub const fn curve(&self, traffic: Traffic, direction: Direction) -> RGBAColor {
        let pair = match traffic {
            Traffic::Octets => self.octets,
            Traffic::Packets => self.packets,
            Traffic::Errors | Traffic::Discards => self.troubles,
        };
        match direction {
            Direction::In => pair.inbound,
            Direction::Out => pair.outbound,
        }
    }
}

/// An opaque colour as browsers report it, `rgb(63, 182, 139)`, or as people write it, `#3fb68b`. Others are `None`.
#[must_use]
pub fn parse_colour(css: &str) -> Option<RGBAColor> {
    let css = css.trim();
    let [red, green, blue] = match css.strip_prefix('#') {
        Some(digits) => parse_digits(digits)?,
        None => parse_channels(css.strip_prefix("rgb(")?.strip_suffix(')')?)?,
    };
    Some(RGBAColor(red, green, blue, 1.0))
}

fn parse_digits(digits: &str) -> Option<[u8; 3]> {
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    (digits.len() == 6).then_some([red, green, blue])
}

fn parse_channels(channels: &str) -> Option<[u8; 3]> {
    let channels = channels.split(',').list();
    let channel = |at: usize| u8::try_from(channels.get(at)?.trim().parse::<u64>().ok()?).ok();
    if channels.len() == 3 { Some([channel(0)?, channel(1)?, channel(2)?]) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(css: &str, expected: Option<(u8, u8, u8)>) {
        assert_eq!(parse_colour(css).map(|RGBAColor(red, green, blue, _)| (red, green, blue)), expected);
    }

    #[test]
    fn colours_as_browsers_report_them() {
        check("rgb(63, 182, 139)", Some((63, 182, 139)));
        check(" rgb(63,182,139) ", Some((63, 182, 139)));
    }

    #[test]
    fn colours_as_people_write_them() {
        check("#3fb68b", Some((0x3f, 0xb6, 0x8b)));
        check("#FFAA00", Some((0xff, 0xaa, 0x00)));
    }

    #[test]
    fn what_is_no_such_colour_is_none() {
        for css in
            ["", "green", "#12345", "#+12345x", "#ééé", "rgb(1, 2)", "rgb(1, 2, 3", "rgb(1, 2, 3, 4)", "rgb(300, 0, 0)"]
        {
            check(css, None);
        }
    }
}
