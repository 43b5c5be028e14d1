//! A source whose interfaces are told what counts as full. Reads nothing itself.

use std::sync::Arc;

use stats::Interface;

use super::command::Stopper;
use super::{Glance, ReadError, Snapshot, Source};
use crate::max::MaxRules;

/// A source whose interfaces are told what counts as full.
pub(crate) struct Marked {
    source: Box<dyn Source>,
    rules: MaxRules,
    /// Each description as it was read last, and what was made of it: where nothing changes, pointers stay the same.
    known: Vec<(Arc<Interface>, Arc<Interface>)>,
}

impl Marked {
    /// The same source, where there is nothing to tell.
    pub(crate) fn wrap(source: Box<dyn Source>, rules: &MaxRules) -> Box<dyn Source> {
        if rules.is_empty() {
            return source;
        }
        Box::new(Self { source, rules: rules.clone(), known: Vec::new() })
    }

    fn mark(&self, place: usize, interface: &Arc<Interface>) -> Arc<Interface> {
        if let Some((_, marked)) = self.known.get(place).filter(|(read, _)| Arc::ptr_eq(read, interface)) {
            return marked.clone();
        }
        match self.rules.of(interface) {
            Some(max) => Arc::new(Interface { max: Some(Box::new(max)), ..Interface::clone(interface) }),
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
    use stats::{Maxima, Monotonic, Reading};

    use super::*;

    /// Reads the same interfaces again and again.
    struct Same(Vec<Arc<Interface>>);

    impl Source for Same {
        fn read(&mut self) -> Result<Snapshot, ReadError> {
            let reading = || Reading::new(Monotonic::default(), None);
            let interfaces = self.0.iter().map(|interface| (interface.clone(), reading())).collect();
            Ok(Snapshot { sys_name: None, interfaces, missing: Arc::default() })
        }
    }

    fn interface(name: &str) -> Arc<Interface> {
        Arc::new(Interface { name: name.to_owned(), ..Interface::default() })
    }

    #[test]
    fn what_fits_is_marked_once_and_the_rest_is_left_alone() {
        let mut rules = MaxRules::default();
        rules.add("wan", Maxima { in_octets: Some(5), ..Maxima::default() }).unwrap();
        let read = vec![interface("wan"), interface("lan")];
        let mut source = Marked::wrap(Box::new(Same(read.clone())), &rules);
        let mut marked = || source.read().unwrap().interfaces.into_iter().map(|(interface, _)| interface);
        let (first, second): (Vec<_>, Vec<_>) = (marked().collect(), marked().collect());
        assert_eq!(first[0].max.as_ref().and_then(|max| max.in_octets), Some(5));
        assert!(Arc::ptr_eq(&first[0], &second[0]) && Arc::ptr_eq(&first[1], &read[1]));
    }
}
