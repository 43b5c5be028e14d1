//! Rates and amounts as people read them: three or four digits, a width that does not jump about, in the units that the
//! viewer has chosen. Knows nothing of where they are shown.

mod word;

use std::fmt;

use stats::Speed;

pub use self::word::Word;

/// What octets are counted and written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// What a rate is counted in.
    pub unit: Unit,
    /// What thousands are.
    pub prefixes: Prefixes,
}

/// What a rate is counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Bits a second, `bit/s`.
    #[default]
    Bits,
    /// Octets a second, `B/s`.
    Octets,
    /// What is counted in place of octets, a second: `requests/s`. The config says so, not the viewer.
    Counted(Word),
}

/// What thousands are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prefixes {
    /// Powers of 1,000: `k`, `M`, `G`.
    #[default]
    Si,
    /// Powers of 1,024: `Ki`, `Mi`, `Gi`, as of IEC 80000-13.
    Binary,
}

/// Bits a second.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct BitsPerSecond(pub f64);

/// Packets a second, `pps`.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct PacketsPerSecond(pub f64);

impl Units {
    /// A rate as a figure: `612.4 Mbit/s`, `73.0 MiB/s`.
    #[must_use]
    pub fn figure(self, rate: BitsPerSecond) -> String {
        figure(rate.0 / self.bits(), self.prefixes, &self.unit.a_second())
    }

    /// A rate as the label of a tick on an axis, with no decimals but those that it needs, and with the prefix that `top`
    /// has: `0.5 Gbit/s` below `1 Gbit/s`.
    #[must_use]
    pub fn tick(self, rate: BitsPerSecond, top: BitsPerSecond) -> String {
        tick(rate.0 / self.bits(), top.0 / self.bits(), self.prefixes, &self.unit.a_second())
    }

    /// An amount of octets, which is in octets whatever rates are in: `4.21 GB`, `3.92 GiB`.
    #[must_use]
    pub fn amount(self, octets: f64) -> String {
        figure(octets, self.prefixes, &self.unit.amount())
    }

    /// How many packets: `9.00 M`. In tens, as rates of packets are.
    #[must_use]
    pub fn count(self, packets: f64) -> String {
        figure(packets, Prefixes::Si, "").trim_end().to_owned()
    }

    /// How many bits the unit is. Steps of an axis are round in the unit, not in bits.
    #[must_use]
    pub const fn bits(self) -> f64 {
        match self.unit {
            Unit::Bits => 1.0,
            // Rates of what is counted in place of octets are drawn as those of octets are.
            Unit::Octets | Unit::Counted(_) => 8.0,
        }
    }

    /// What the next prefix is times the one before. Steps of an axis are round numbers of a prefix.
    #[must_use]
    pub const fn thousand(self) -> f64 {
        self.prefixes.thousand()
    }
}

impl Unit {
    fn a_second(self) -> String {
        match self {
            Self::Bits => "bit/s".to_owned(),
            Self::Octets | Self::Counted(_) => self.amount() + "/s",
        }
    }

    /// A prefix is written together with a symbol, and before a word.
    fn amount(self) -> String {
        match self {
            Self::Bits | Self::Octets => "B".to_owned(),
            Self::Counted(word) if word.is_symbol() => word.as_str().to_owned(),
            Self::Counted(word) => format!(" {}", word.as_str()),
        }
    }
}

impl Prefixes {
    const COUNT: usize = 6;

    const fn thousand(self) -> f64 {
        match self {
            Self::Si => 1_000.0,
            Self::Binary => 1_024.0,
        }
    }

    const fn all(self) -> [&'static str; Self::COUNT] {
        match self {
            Self::Si => ["", "k", "M", "G", "T", "P"],
            Self::Binary => ["", "Ki", "Mi", "Gi", "Ti", "Pi"],
        }
    }
}

impl BitsPerSecond {
    /// From octets a second.
    #[must_use]
    pub fn from_octets(octets_per_second: f64) -> Self {
        Self(octets_per_second * 8.0)
    }
}

impl From<Speed> for BitsPerSecond {
    fn from(speed: Speed) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "no link needs 53 bits")]
        Self(speed.bits_per_second() as f64)
    }
}

impl PacketsPerSecond {
    /// As the label of a tick on an axis: no decimals but those that it needs, and the prefix that `top` has.
    #[must_use]
    pub fn tick(self, top: Self) -> String {
        tick(self.0, top.0, Prefixes::Si, "pps")
    }
}

impl fmt::Display for PacketsPerSecond {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&figure(self.0, Prefixes::Si, "pps"))
    }
}

/// `612.4 Mbit/s`, `81.2 kpps`, `4.06 kbit/s`, `17 pps`.
fn figure(value: f64, prefixes: Prefixes, unit: &str) -> String {
    let mut scaled = value;
    for (power, prefix) in prefixes.all().iter().enumerate() {
        let decimals = match (power, scaled) {
            (0, 10.0..) => 0,
            (0, 0.05..) => 1,
            (0, _) => 0,
            // Above this it would be rounded to two digits before the point.
            (_, ..9.995) => 2,
            _ => 1,
        };
        let decimal = Decimal::of(scaled, decimals);
        // After it was rounded: 999.96 k is 1.00 M, and 1023.96 Ki is 1.00 Mi.
        if decimal.is_below(prefixes) || power + 1 == Prefixes::COUNT {
            return with_unit(decimal, prefix, unit);
        }
        scaled /= prefixes.thousand();
    }
    String::new()
}

/// `612.4 Mbit/s`, `17 requests/s`, `1.20 k requests/s`.
fn with_unit(decimal: Decimal, prefix: &str, unit: &str) -> String {
    let unit = if prefix.is_empty() { unit.trim_start() } else { unit };
    format!("{} {prefix}{unit}", decimal.fixed())
}

/// `1 Gbit/s`, `0.5 Gbit/s`, `2.5 kpps`, `0`.
fn tick(value: f64, top: f64, prefixes: Prefixes, unit: &str) -> String {
    let (mut scaled, mut top) = (value, top);
    for (power, prefix) in prefixes.all().iter().enumerate() {
        // Ticks are sums of steps, and may have missed a round number by a little.
        if Decimal::of(top, 2).is_below(prefixes) || power + 1 == Prefixes::COUNT {
            let decimal = Decimal::of(scaled, 2);
            return if decimal.digits == 0 { "0".to_owned() } else { with_unit(decimal.trimmed(), prefix, unit) };
        }
        scaled /= prefixes.thousand();
        top /= prefixes.thousand();
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

    /// Whether it needs no higher prefix.
    fn is_below(self, prefixes: Prefixes) -> bool {
        self.whole() < if prefixes == Prefixes::Si { 1_000 } else { 1_024 }
    }

    const fn whole(self) -> u64 {
        self.digits / 10_u64.pow(self.decimals)
    }

    fn fixed(self) -> String {
        let rest = self.digits % 10_u64.pow(self.decimals);
        match self.decimals {
            0 => format!("{}", self.digits),
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
        assert_eq!(Units::default().figure(BitsPerSecond(bits_per_second)), expected);
    }

    #[track_caller]
    fn check_tick(bits_per_second: f64, expected: &str) {
        check_tick_below(bits_per_second, bits_per_second, expected);
    }

    #[track_caller]
    fn check_tick_below(bits_per_second: f64, top: f64, expected: &str) {
        assert_eq!(Units::default().tick(BitsPerSecond(bits_per_second), BitsPerSecond(top)), expected);
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
        assert_eq!(PacketsPerSecond(250_000.0).tick(PacketsPerSecond(500_000.0)), "250 kpps");
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

    #[test]
    fn ticks_have_the_prefix_of_the_top() {
        check_tick_below(500e6, 1e9, "0.5 Gbit/s");
        check_tick_below(500e6, 999e6, "500 Mbit/s");
        check_tick_below(50.0, 1e3, "0.05 kbit/s");
        check_tick_below(0.0, 1e9, "0");
    }

    /// A rate in bits a second as a figure and as a tick.
    #[track_caller]
    fn check_units(unit: Unit, prefixes: Prefixes, bits_per_second: f64, expected: [&str; 2]) {
        let (units, rate) = (Units { unit, prefixes }, BitsPerSecond(bits_per_second));
        assert_eq!([units.figure(rate), units.tick(rate, rate)], expected);
    }

    #[test]
    fn octets_are_eight_bits() {
        check_units(Unit::Octets, Prefixes::Si, 8e9, ["1.00 GB/s", "1 GB/s"]);
        check_units(Unit::Octets, Prefixes::Si, 4.0, ["0.5 B/s", "0.5 B/s"]);
    }

    #[test]
    fn what_is_counted_has_its_own_word() {
        let counted = |word| Unit::Counted(Word::of(word).unwrap());
        check_units(counted("requests"), Prefixes::Si, 8.0 * 17.0, ["17 requests/s", "17 requests/s"]);
        check_units(counted("requests"), Prefixes::Si, 8.0 * 2_500.0, ["2.50 k requests/s", "2.5 k requests/s"]);
        check_units(counted("B"), Prefixes::Si, 8e6, ["1.00 MB/s", "1 MB/s"]);
        let units = Units { unit: counted("requests"), prefixes: Prefixes::Si };
        assert_eq!([units.amount(17.0), units.amount(2e6)], ["17 requests", "2.00 M requests"]);
    }

    #[test]
    fn binary_prefixes_count_1024() {
        check_units(Unit::Octets, Prefixes::Binary, 8.0 * 1_048_576.0, ["1.00 MiB/s", "1 MiB/s"]);
        check_units(Unit::Bits, Prefixes::Binary, 1_000_000.0, ["976.6 Kibit/s", "976.56 Kibit/s"]);
        check_units(Unit::Bits, Prefixes::Binary, 1_023.0, ["1023 bit/s", "1023 bit/s"]);
        check_units(Unit::Bits, Prefixes::Binary, 1_048_560.0, ["1.00 Mibit/s", "1023.98 Kibit/s"]);
    }

    #[test]
    fn amounts_are_octets_whatever_rates_are_in() {
        assert_eq!(Units::default().amount(4.21e9), "4.21 GB");
        let units = Units { unit: Unit::Octets, prefixes: Prefixes::Binary };
        assert_eq!(units.amount(4.21e9), "3.92 GiB");
        assert_eq!(units.amount(17.0), "17 B");
    }
}
