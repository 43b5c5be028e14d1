//! Lists of what iterators yield.

/// Yields a list.
pub(crate) trait List: Iterator + Sized {
    /// All that is yielded, in its order.
    ///
    /// As `collect`, but one by one: to ask an iterator first how much it may yield, and to make room for that, is a good part of
    /// the code of each place that collects, and each has its own.
    fn list(self) -> Vec<Self::Item> {
        let mut list = Vec::new();
        for item in self {
            list.push(item);
        }
        list
    }
}

impl<I: Iterator> List for I {}
