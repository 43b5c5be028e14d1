//! What counts as full of which interfaces, as a config says it: patterns of names, and rates. Knows nothing of files.

use std::sync::Arc;

use globset::{Glob, GlobMatcher};
use stats::{Interface, Maxima};

use crate::selection::names;

/// What counts as full of the interfaces that fit patterns.
#[derive(Clone, Debug, Default)]
pub(crate) struct MaxRules {
    rules: Vec<Rule>,
    /// What holds where none of these fits.
    general: Option<Arc<MaxRules>>,
}

#[derive(Clone, Debug)]
struct Rule {
    pattern: String,
    glob: GlobMatcher,
    maxima: Maxima,
}

impl MaxRules {
    /// No rules yet that go before those.
    pub(crate) fn before(general: Arc<Self>) -> Self {
        Self { rules: Vec::new(), general: Some(general) }
    }

    /// The same, and for the interfaces that fit `pattern` this.
    pub(crate) fn add(&mut self, pattern: &str, maxima: Maxima) -> Result<(), globset::Error> {
        let glob = Glob::new(pattern)?.compile_matcher();
        self.rules.push(Rule { pattern: pattern.to_owned(), glob, maxima });
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.general.as_ref().is_none_or(|general| general.is_empty())
    }

    /// What counts as full of that interface: a rule that names it goes before a pattern that it fits, and a long pattern
    /// before a short one.
    pub(crate) fn of(&self, interface: &Interface) -> Option<Maxima> {
        let fitting = self.rules.iter().filter_map(|rule| Some((rule.fitness(interface)?, rule)));
        let best = fitting.max_by_key(|(fitness, _)| *fitness).map(|(_, rule)| rule.maxima);
        best.or_else(|| self.general.as_ref()?.of(interface))
    }
}

impl Rule {
    /// How well the rule fits, if it does.
    fn fitness(&self, interface: &Interface) -> Option<(bool, usize)> {
        let is_name = names(interface).any(|name| name == self.pattern);
        (is_name || names(interface).any(|name| self.glob.is_match(name))).then_some((is_name, self.pattern.len()))
    }
}

/// Octets a second, of bits a second as they are written: `100M`, `2.5G`, `56000`.
pub(crate) fn octets(text: &str) -> Result<u64, String> {
    Ok(whole(text, "bits a second, as 100M or 2.5G")? / 8).and_then(not_zero)
}

/// What a command counts in a unit of its own, a second, as it is written: `500`, `2k`.
pub(crate) fn counted(text: &str) -> Result<u64, String> {
    whole(text, "what is counted, a second, as 500 or 2k").and_then(not_zero)
}

/// Packets a second, as they are written: `20k`, `1500`.
pub(crate) fn packets(text: &str) -> Result<u64, String> {
    whole(text, "packets a second, as 20k or 1500").and_then(not_zero)
}

/// A number with an SI prefix, or none.
fn whole(text: &str, what: &str) -> Result<u64, String> {
    let text = text.trim();
    let (digits, factor) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 1e3),
        Some((at, 'M')) => (&text[..at], 1e6),
        Some((at, 'G')) => (&text[..at], 1e9),
        Some((at, 'T')) => (&text[..at], 1e12),
        _ => (text, 1.0),
    };
    let is_number = digits.bytes().all(|digit| digit.is_ascii_digit() || digit == b'.' || digit == b' ');
    let number: Option<f64> = digits.trim().parse().ok().filter(|_| is_number);
    let value = number.map(|number| (number * factor).round()).filter(|value| (0.0..=1e15).contains(value));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the limits above")]
    value.map(|value| value as u64).ok_or_else(|| format!("`{text}` is no rate: write {what}"))
}

fn not_zero(value: u64) -> Result<u64, String> {
    if value > 0 { Ok(value) } else { Err("nothing is full at 0: leave it out".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(rules: &[(&str, u64)]) -> MaxRules {
        let mut all = MaxRules::default();
        for (pattern, octets) in rules {
            all.add(pattern, Maxima { in_octets: Some(*octets), ..Maxima::default() }).unwrap();
        }
        all
    }

    #[track_caller]
    fn check(of: &[(&str, u64)], name: &str, expected: Option<u64>) {
        let alias = Some(format!("alias of {name}"));
        let interface = Interface { name: name.to_owned(), if_alias: alias, ..Interface::default() };
        assert_eq!(rules(of).of(&interface).and_then(|maxima| maxima.in_octets), expected);
    }

    #[test]
    fn a_name_goes_before_a_pattern_and_a_long_one_before_a_short_one() {
        let of = [("*", 1), ("eth*", 2), ("eth0", 3), ("et*h0??????", 4)];
        check(&of, "ppp0", Some(1));
        check(&of, "eth1", Some(2));
        check(&of, "eth0", Some(3));
    }

    #[test]
    fn what_is_said_of_one_target_goes_before_what_is_said_of_all() {
        let mut own = MaxRules::before(Arc::new(rules(&[("eth0", 1), ("ppp0", 2)])));
        own.add("e*", Maxima { in_octets: Some(3), ..Maxima::default() }).unwrap();
        let of = |name: &str| own.of(&Interface { name: name.to_owned(), ..Interface::default() });
        assert_eq!(
            ["eth0", "ppp0", "lan"].map(|name| of(name).and_then(|max| max.in_octets)),
            [Some(3), Some(2), None]
        );
    }

    #[test]
    fn an_alias_is_a_name_too() {
        check(&[("alias of lan", 5)], "lan", Some(5));
        check(&[("wan", 5)], "lan", None);
    }

    #[test]
    fn a_name_with_brackets_names_itself() {
        check(&[("port [1]", 7)], "port [1]", Some(7));
    }

    #[test]
    fn rates_have_prefixes() {
        assert_eq!(octets("100M"), Ok(12_500_000));
        assert_eq!(octets("2.5 G"), Ok(312_500_000));
        assert_eq!(octets("64k"), Ok(8_000));
        assert_eq!(octets("8000"), Ok(1_000));
        assert_eq!(packets("20k"), Ok(20_000));
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in ["", "k", "-1M", "1e9", "inf", "nan", "100Mbit", "0", "7", "9999999T", "1.2.3"] {
            assert!(octets(text).is_err(), "{text}");
        }
    }
}
