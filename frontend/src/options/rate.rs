//! A rate as people write one into a URL or a field: `100M`, `2.5G`, `64000`.

const SUFFIXES: [(char, u64); 4] = [('T', 1_000_000_000_000), ('G', 1_000_000_000), ('M', 1_000_000), ('k', 1_000)];

/// No link is faster.
const MOST: u64 = 1_000_000_000_000_000;

/// Bits a second: a number, with decimals or not, and a letter or not. Never 0, never more than a link can have.
#[must_use]
pub fn pinned(text: &str) -> Option<u64> {
    let text = text.trim();
    let (number, factor) = SUFFIXES
        .iter()
        .find_map(|(letter, factor)| {
            let number = text.strip_suffix(*letter).or_else(|| text.strip_suffix(letter.to_ascii_lowercase()))?;
            Some((number.trim_end(), *factor))
        })
        .unwrap_or((text, 1));
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    // What is longer is no number that a person has written; and digits alone, for `parse` takes signs too.
    let is_number = number.len() <= 16
        && !whole.is_empty()
        && (whole.to_owned() + part).bytes().all(|digit| digit.is_ascii_digit());
    if !is_number {
        return None;
    }
    let whole = whole.parse::<u64>().ok()?.checked_mul(factor)?;
    let mut rate = whole;
    let mut place = factor;
    for digit in part.bytes() {
        place /= 10;
        rate = rate.checked_add(u64::from(digit - b'0') * place)?;
    }
    (1..=MOST).contains(&rate).then_some(rate)
}

/// The shortest text that means that rate.
#[must_use]
pub fn written(rate: u64) -> String {
    let fits = |factor: u64| rate >= factor && rate.is_multiple_of(factor / 1_000);
    match SUFFIXES.iter().find(|(_, factor)| fits(*factor)) {
        Some((letter, factor)) => {
            let number = format!("{}.{:03}", rate / factor, rate % factor / (factor / 1_000));
            format!("{}{letter}", number.trim_end_matches('0').trim_end_matches('.'))
        }
        None => format!("{rate}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<u64>) {
        assert_eq!(pinned(text), expected, "{text}");
        if let Some(rate) = expected {
            assert_eq!(pinned(&written(rate)), expected);
        }
    }

    #[test]
    fn rates_have_letters_and_decimals() {
        check("64000", Some(64_000));
        check("100M", Some(100_000_000));
        check("2.5G", Some(2_500_000_000));
        check("1.544m", Some(1_544_000));
        check(" 10 k", Some(10_000));
        check("1.0005k", Some(1_000));
    }

    #[test]
    fn what_is_no_rate_is_none() {
        for text in
            ["", "0", "0.0G", "-1", "+1", "M", ".5M", "1e9", "1MM", "1.2.3", "9999T", "99999999999999999999", "١"]
        {
            check(text, None);
        }
    }

    #[test]
    fn the_shortest_text_is_written() {
        assert_eq!(written(2_500_000_000), "2.5G");
        assert_eq!(written(100_000_000), "100M");
        assert_eq!(written(1_234_567), "1234.567k");
        assert_eq!(written(1_000_000_000_000), "1T");
        assert_eq!(written(1_500), "1.5k");
        assert_eq!(written(999), "999");
    }
}
