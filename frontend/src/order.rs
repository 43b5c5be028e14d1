//! Puts things in order. One sort serves the whole page: each type that is sorted would have another one made for it.

use std::cmp::Ordering;

/// The numbers from 0 to below `count` in the order that `compare` says, equal ones in their own.
#[must_use]
pub fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..count).collect();
    numbers.sort_unstable_by(|one, other| compare(*one, *other).then(one.cmp(other)));
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ones_stay_in_their_order() {
        let words = ["b", "a", "c", "a", "b"];
        assert_eq!(order(words.len(), &|one, other| words[one].cmp(words[other])), [1, 3, 0, 4, 2]);
    }
}
