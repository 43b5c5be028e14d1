//! Rates as people read them: SI prefixes, three or four digits, a width that does not jump about. Knows nothing of where
//! they are shown.

use std::fmt;

use stats::Speed;

/// Bits a second.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct BitsPerSecond(pub f64);

/// Packets a second, `pps`.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct PacketsPerSecond(pub f64);

impl BitsPerSecond {
    /// From octets a second.
    #[must_use]
    pub fn from_octets(octets_per_second: f64) -> Self {
        Self(octets_per_second * 8.0)
    }

    /// As the label of a tick on an axis: no decimals but those that it needs.
    #[must_use]
    pub fn tick(self) -> String {
        tick(self.0, "bit/s")
    }
}

impl From<Speed> for BitsPerSecond {
    fn from(speed: Speed) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "no link needs 53 bits")]
        Self(speed.bits_per_second() as f64)
    }
}

impl PacketsPerSecond {
    /// As the label of a tick on an axis: no decimals but those that it needs.
    #[must_use]
    pub fn tick(self) -> String {
        tick(self.0, "pps")
    }
}

impl fmt::Display for BitsPerSecond {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&figure(self.0, "bit/s"))
    }
}

impl fmt::Display for PacketsPerSecond {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&figure(self.0, "pps"))
    }
}

const PREFIXES: [&str; 6] = ["", "k", "M", "G", "T", "P"];

/// `612.4 Mbit/s`, `81.2 kpps`, `4.06 kbit/s`, `17 pps`.
fn figure(value: f64, unit: &str) -> String {
    let mut scaled = value;
    for (power, prefix) in PREFIXES.iter().enumerate() {
        let decimals = match (power, scaled) {
            (0, 10.0..) => 0,
            (0, 0.05..) => 1,
            (0, _) => 0,
            // Above this it would be rounded to two digits before the point.
            (_, ..9.995) => 2,
            _ => 1,
        };
        let decimal = Decimal::of(scaled, decimals);
        // After it was rounded: 999.96 k is 1.00 M.
        if decimal.whole() < 1_000 || power + 1 == PREFIXES.len() {
            return format!("{} {prefix}{unit}", decimal.fixed());
        }
        scaled /= 1_000.0;
    }
    String::new()
}

/// `1 Gbit/s`, `500 Mbit/s`, `2.5 kpps`, `0`.
fn tick(value: f64, unit: &str) -> String {
    let mut scaled = value.abs();
    for (power, prefix) in PREFIXES.iter().enumerate() {
        // Ticks are sums of steps, and may have missed a round number by a little.
        let decimal = Decimal::of(scaled, 2);
        if decimal.digits == 0 && power == 0 {
            return "0".to_owned();
        }
        if decimal.whole() < 1_000 || power + 1 == PREFIXES.len() {
            return format!("{} {prefix}{unit}", decimal.trimmed().fixed());
        }
        scaled /= 1_000.0;
    }
    String::new()
}

/// A number with so many decimals. The standard library's own way of writing floating-point numbers is exact to the last
/// of 300 digits, and larger than the rest of this crate's arithmetic.
#[derive(Clone, Copy)]
struct Decimal {
    digits: u64,
    decimals: u32,
}

impl Decimal {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "no rate is negative, and none so large"
    )]
    fn of(value: f64, decimals: u32) -> Self {
        Self { digits: (value * f64::from(10_u32.pow(decimals))).round() as u64, decimals }
    }

    const fn whole(self) -> u64 {
        self.digits / 10_u64.pow(self.decimals)
    }

    fn fixed(self) -> String {
        let rest = self.digits % 10_u64.pow(self.decimals);
        match self.decimals {
            0 => self.digits.to_string(),
            decimals => format!("{}.{rest:0>1$}", self.whole(), decimals as usize),
        }
    }

    /// Without zeros at its end.
    const fn trimmed(mut self) -> Self {
        while self.decimals > 0 && self.digits.is_multiple_of(10) {
            self.digits /= 10;
            self.decimals -= 1;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bits_per_second: f64, expected: &str) {
        assert_eq!(BitsPerSecond(bits_per_second).to_string(), expected);
    }

    #[track_caller]
    fn check_tick(bits_per_second: f64, expected: &str) {
        assert_eq!(BitsPerSecond(bits_per_second).tick(), expected);
    }

    #[test]
    fn figures_have_three_or_four_digits() {
        check(612_400_000.0, "612.4 Mbit/s");
        check(81_234.0, "81.2 kbit/s");
        check(4_060.0, "4.06 kbit/s");
        check(1_000_000_000.0, "1.00 Gbit/s");
        check(400e12, "400.0 Tbit/s");
    }

    #[test]
    fn small_figures_are_whole_and_tiny_ones_are_not_nothing() {
        check(0.0, "0 bit/s");
        check(17.4, "17 bit/s");
        check(0.4, "0.4 bit/s");
    }

    #[test]
    fn rounding_carries_into_the_next_unit() {
        check(999.6, "1.00 kbit/s");
        check(999_960.0, "1.00 Mbit/s");
        check(9_996.0, "10.0 kbit/s");
        check(99_960.0, "100.0 kbit/s");
    }

    #[test]
    fn beyond_the_last_prefix_digits_go_on() {
        check(2e19, "20000.0 Pbit/s");
    }

    #[test]
    fn packets_have_their_own_unit() {
        assert_eq!(PacketsPerSecond(81_234.0).to_string(), "81.2 kpps");
        assert_eq!(PacketsPerSecond(250_000.0).tick(), "250 kpps");
    }

    #[test]
    fn ticks_have_no_more_decimals_than_they_need() {
        check_tick(0.0, "0");
        check_tick(1e9, "1 Gbit/s");
        check_tick(500e6, "500 Mbit/s");
        check_tick(2_500.0, "2.5 kbit/s");
        check_tick(1_250.0, "1.25 kbit/s");
        check_tick(0.1 + 0.2, "0.3 bit/s");
        check_tick(999_999_999.999_9, "1 Gbit/s");
    }
}
