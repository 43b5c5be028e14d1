//! Puts things in order. One sort serves the whole page: each type that is sorted would have another one made for it.

use std::cmp::Ordering;

use crate::list::List;

/// The numbers from 0 to below `count` in the order that `compare` says, equal ones in their own.
///
/// A heap sort: at its worst as fast as at its best, and a tenth of the size of the standard library's, which is made for more
/// than some thousand numbers.
#[must_use]
pub fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let is_before = |one: usize, other: usize| compare(one, other).then(one.cmp(&other)).is_lt();
    let mut numbers: Vec<usize> = (0..count).list();
    for root in (0..count / 2).rev() {
        sink(&mut numbers, root, &is_before);
    }
    for last in (1..count).rev() {
        numbers.swap(0, last);
        sink(&mut numbers[..last], 0, &is_before);
    }
    numbers
}

/// Makes a heap of what is one but for its root: the number at `root` changes places with the later one of those below it until
/// it is before none.
fn sink(heap: &mut [usize], mut root: usize, is_before: &dyn Fn(usize, usize) -> bool) {
    let later = |heap: &[usize], one: usize, other: usize| {
        if other < heap.len() && is_before(heap[one], heap[other]) { other } else { one }
    };
    loop {
        let left = 2 * root + 1;
        let last = later(heap, later(heap, root, left), left + 1);
        if last == root {
            return;
        }
        heap.swap(root, last);
        root = last;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ones_stay_in_their_order() {
        let words = ["b", "a", "c", "a", "b"];
        assert_eq!(order(words.len(), &|one, other| words[one].cmp(words[other])), [1, 3, 0, 4, 2]);
    }

    #[test]
    fn any_number_of_things_is_put_in_order() {
        for count in 0..200_usize {
            let key = |number: usize| number * 7_919 % 64;
            let mut expected: Vec<usize> = (0..count).collect();
            expected.sort_by_key(|number| key(*number));
            assert_eq!(order(count, &|one, other| key(one).cmp(&key(other))), expected);
        }
    }
}
