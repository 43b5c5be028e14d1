//! The order that people expect names in: `Port 9` before `Port 10`, `eth0` beside `Eth1`.

use std::cmp::Ordering;

/// Which of two names comes first: numbers within them count as numbers, and letters alike in both cases.
#[must_use]
pub(super) fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    while let (Some(first), Some(second)) = (left.chars().next(), right.chars().next()) {
        let order = if first.is_ascii_digit() && second.is_ascii_digit() {
            let (number, other_number) = (take_number(&mut left), take_number(&mut right));
            // Without zeros in front, what is longer is more.
            number.len().cmp(&other_number.len()).then_with(|| number.cmp(other_number))
        } else {
            (left, right) = (&left[first.len_utf8()..], &right[second.len_utf8()..]);
            first.to_lowercase().cmp(second.to_lowercase())
        };
        if order.is_ne() {
            return order;
        }
    }
    // What the other begins with comes first; of those that differ in nothing else, capital letters do.
    left.len().cmp(&right.len()).then_with(|| one.cmp(other))
}

/// Takes the digits at the beginning, and returns them without zeros in front.
fn take_number<'a>(text: &mut &'a str) -> &'a str {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    *text = rest;
    number.trim_start_matches('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sorted: &[&str]) {
        for (at, one) in sorted.iter().enumerate() {
            for (other_at, other) in sorted.iter().enumerate() {
                assert_eq!(natural(one, other), at.cmp(&other_at), "{one} and {other}");
            }
        }
    }

    #[test]
    fn numbers_count_as_numbers() {
        check(&["Port 1", "Port 2", "Port 9", "Port 10", "Port 11", "Port 100"]);
        check(&["ge-0/0/2", "ge-0/0/10", "ge-0/1/1", "ge-1/0/0"]);
        check(&["1", "007", "8", "08a", "99999999999999999999998", "99999999999999999999999"]);
    }

    #[test]
    fn capital_letters_do_not_come_first_of_all() {
        check(&["Eth0", "eth0", "eth1", "Loopback", "ppp0", "Ärger", "上联"]);
    }

    #[test]
    fn what_the_other_begins_with_comes_first() {
        check(&["", "a", "a0", "a0.1", "ab"]);
    }
}
