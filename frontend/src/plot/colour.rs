//! Colours, from the words of CSS to those of plotters.

use plotters::style::RGBAColor;

use super::traffic::{Direction, Traffic};

/// A colour each way.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// For what comes in.
    pub inbound: RGBAColor,
    /// For what goes out.
    pub outbound: RGBAColor,
}

/// The colours of what is painted.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// The curves of octets.
    pub octets: Pair,
    /// The curves of packets.
    pub packets: Pair,
    /// What covers a time of which nothing is known.
    pub gap: RGBAColor,
}

impl Palette {
    /// The colour of that curve.
    #[must_use]
    pub const fn curve(&self, traffic: Traffic, direction: Direction) -> RGBAColor {
        let pair = match traffic {
            Traffic::Octets => self.octets,
            Traffic::Packets => self.packets,
        };
        match direction {
            Direction::In => pair.inbound,
            Direction::Out => pair.outbound,
        }
    }
}

/// A colour as browsers write it: `rgb(63, 182, 139)`, `rgba(63, 182, 139, 0.5)`, `rgb(63 182 139 / 50%)`, and as people
/// do: `#3fb68b`. Other ways of CSS are `None`.
#[must_use]
pub fn parse_colour(css: &str) -> Option<RGBAColor> {
    let css = css.trim();
    if let Some(digits) = css.strip_prefix('#') {
        return parse_hex(digits);
    }
    let numbers = css.strip_prefix("rgba(").or_else(|| css.strip_prefix("rgb("))?.strip_suffix(')')?;
    let mut parts = numbers.split([',', ' ', '/']).filter(|part| !part.is_empty());
    let mut channel = || parts.next()?.parse::<f64>().ok();
    let (red, green, blue) = (byte(channel()?), byte(channel()?), byte(channel()?));
    let alpha = match parts.next() {
        None => 1.0,
        Some(alpha) => match alpha.strip_suffix('%') {
            Some(percent) => percent.parse::<f64>().ok()? / 100.0,
            None => alpha.parse().ok()?,
        },
    };
    Some(RGBAColor(red, green, blue, alpha))
}

fn parse_hex(digits: &str) -> Option<RGBAColor> {
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = match digits.len() {
        6 => number.to_be_bytes(),
        // Each digit stands for two of itself.
        3 => ((number & 0xf00) << 8 | (number & 0x0f0) << 4 | number & 0x00f).wrapping_mul(0x11).to_be_bytes(),
        _ => return None,
    };
    Some(RGBAColor(red, green, blue, 1.0))
}

fn byte(channel: f64) -> u8 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
    let byte = channel.round().clamp(0.0, 255.0) as u8;
    byte
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(css: &str, expected: Option<(u8, u8, u8, f64)>) {
        let colour = parse_colour(css).map(|RGBAColor(red, green, blue, alpha)| (red, green, blue, alpha));
        assert_eq!(colour, expected);
    }

    #[test]
    fn colours_as_browsers_write_them() {
        check("rgb(63, 182, 139)", Some((63, 182, 139, 1.0)));
        check(" rgba(63, 182, 139, 0.5) ", Some((63, 182, 139, 0.5)));
        check("rgb(63 182 139 / 50%)", Some((63, 182, 139, 0.5)));
        check("rgb(300.2, 181.6, 0)", Some((255, 182, 0, 1.0)));
    }

    #[test]
    fn colours_as_people_write_them() {
        check("#3fb68b", Some((0x3f, 0xb6, 0x8b, 1.0)));
        check("#fa0", Some((0xff, 0xaa, 0x00, 1.0)));
    }

    #[test]
    fn what_is_no_such_colour_is_none() {
        for css in ["", "green", "#12345", "#ééé", "rgb(1, 2)", "rgb(1, 2, 3", "oklch(0.7 0.1 160)"] {
            check(css, None);
        }
    }
}
