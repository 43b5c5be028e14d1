//! The order that people expect names in: `Port 9` before `Port 10`, `eth0` beside `Eth1`.

use std::cmp::Ordering;

use crate::lower::lower;

/// Which of two names comes first: numbers within them count as numbers, and letters alike in both cases.
#[must_use]
pub(super) fn natural(one: &str, other: &str) -> Ordering {
    let (small, other_small) = (lower(one), lower(other));
    let (mut left, mut right) = (small.as_bytes(), other_small.as_bytes());
    while let ([first, rest @ ..], [second, other_rest @ ..]) = (left, right) {
        let order = if first.is_ascii_digit() && second.is_ascii_digit() {
            let (number, other_number) = (take_number(&mut left), take_number(&mut right));
            // Without zeros in front, what is longer is more.
            number.len().cmp(&other_number.len()).then_with(|| number.cmp(other_number))
        } else {
            (left, right) = (rest, other_rest);
            first.cmp(second)
        };
        if order.is_ne() {
            return order;
        }
    }
    // What the other begins with comes first; of those that differ in nothing else, capital letters do.
    left.len().cmp(&right.len()).then_with(|| one.cmp(other))
}

/// Takes the digits at the beginning, and returns them without zeros in front.
fn take_number<'a>(text: &mut &'a [u8]) -> &'a [u8] {
    let end = text.iter().position(|octet| !octet.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    *text = rest;
    let zeros = number.iter().take_while(|digit| **digit == b'0').count();
    &number[zeros..]
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
