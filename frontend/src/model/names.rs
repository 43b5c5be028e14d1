//! Finds names among many by their text.

use crate::list::List;
use crate::order::order;

/// Names that are looked for.
pub(crate) struct Names<'a> {
    names: Vec<&'a str>,
    /// The numbers of the names, in the order of their text.
    sorted: Vec<usize>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(names: impl Iterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.list();
        let sorted = order(names.len(), &|one, other| names[one].cmp(names[other]));
        Self { names, sorted }
    }

    /// The number of the first that is called that.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let at = self.sorted.partition_point(|number| self.names[*number] < name);
        self.sorted.get(at).copied().filter(|number| self.names[*number] == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_names_the_first_is_found() {
        let names = Names::of(["b", "a", "c", "a", ""].into_iter());
        let found = ["a", "b", "c", "", "d", "0"].map(|name| names.find(name));
        assert_eq!(found, [Some(1), Some(0), Some(2), Some(4), None, None]);
    }
}
