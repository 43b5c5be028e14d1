//! A source whose interfaces are told what counts as full. Reads nothing itself.

use stats::{Interface, KeptInterface};

use super::command::Stopper;
use super::{Glance, ReadError, Snapshot, Source};
use crate::max::MaxRules;

/// A source whose interfaces are told what counts as full.
pub(crate) struct Marked {
    source: Box<dyn Source>,
    rules: MaxRules,
    /// Each description as it was read last, and what was made of it: where nothing changes, pointers stay the same.
    known: Vec<(KeptInterface, KeptInterface)>,
}

impl Marked {
    /// The same source, where there is nothing to tell.
    pub(crate) fn wrap(source: Box<dyn Source>, rules: &MaxRules) -> Box<dyn Source> {
        if rules.is_empty() {
            return source;
        }
        Box::new(Self { source, rules: rules.clone(), known: Vec::new() })
    }

    fn mark(&self, place: usize, interface: &KeptInterface) -> KeptInterface {
        if let Some((_, marked)) = self.known.get(place).filter(|(read, _)| read.is_same(interface)) {
            return marked.clone();
        }
        let unmarked = interface.unpack();
        match self.rules.of(&unmarked) {
            Some(max) => Interface { max: Some(Box::new(max)), ..unmarked }.into(),
            None => interface.clone(),
        }
    }
}

impl Source for Marked {
    fn read(&mut self) -> Result<Snapshot, ReadError> {
        let mut snapshot = self.source.read()?;
        let places = snapshot.interfaces.iter().enumerate();
        let known = places.map(|(place, (read, _))| (read.clone(), self.mark(place, read)));
        self.known = known.collect();
        for ((interface, _), (_, marked)) in snapshot.interfaces.iter_mut().zip(&self.known) {
            interface.clone_from(marked);
        }
        Ok(snapshot)
    }

    fn may_be_cached(&self) -> bool {
        self.source.may_be_cached()
    }

    fn stopper(&self) -> Option<Stopper> {
        self.source.stopper()
    }

    fn glance(&mut self, interfaces: &[u32]) -> Option<Glance> {
        self.source.glance(interfaces)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use stats::{Maxima, Monotonic, Reading};

    use super::*;

    /// Reads the same interfaces again and again.
    struct Same(Vec<KeptInterface>);

    impl Source for Same {
        fn read(&mut self) -> Result<Snapshot, ReadError> {
            let reading = || Reading::new(Monotonic::default(), None);
            let interfaces = self.0.iter().map(|interface| (interface.clone(), reading())).collect();
            Ok(Snapshot { sys_name: None, interfaces, missing: Arc::default() })
        }
    }

    fn interface(name: &str) -> KeptInterface {
        Interface { name: name.to_owned(), ..Interface::default() }.into()
    }

    #[test]
    fn what_fits_is_marked_once_and_the_rest_is_left_alone() {
        let mut rules = MaxRules::default();
        rules.add("wan", Maxima { in_octets: Some(5), ..Maxima::default() }).unwrap();
        let read = vec![interface("wan"), interface("lan")];
        let mut source = Marked::wrap(Box::new(Same(read.clone())), &rules);
        let mut marked = || source.read().unwrap().interfaces.into_iter().map(|(interface, _)| interface);
        let (first, second): (Vec<_>, Vec<_>) = (marked().collect(), marked().collect());
        assert_eq!(first[0].unpack().max.and_then(|max| max.in_octets), Some(5));
        assert!(first[0].is_same(&second[0]) && first[1].is_same(&read[1]));
    }
}
