//! What one request of a round of counting is about, in the order in which it is asked and answered. Asks nobody.

use super::codec::{Malformed, Question, Value, Varbinds};
use super::columns::IF_COUNTER_DISCONTINUITY_TIME;
use super::count::Marks;
use super::object::{Name, Object, Place};
use super::watched::Watched;
use stats::Counter;

/// A part of the interfaces that are to be read, which is asked for in one request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Batch {
    /// From where to where in the list of those that are to be read.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) by: By,
    pub(super) head: Head,
    /// How many values the answer is to have.
    pub(super) size: usize,
    /// How many values were left out since the agent could not give them.
    pub(super) dropped: usize,
}

/// What is asked before the counters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Head {
    pub(super) uptime: bool,
    pub(super) marks: Option<Marks>,
}

/// How instances that are known are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// By their names.
    Get,
    /// By what follows after the name before. In v1 a GET of something that is not there gets no values at all, and this one
    /// gets all that there are, each with its name.
    Next,
}

/// One of the values that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// The uptime or a mark.
    Head,
    /// A counter of the interface at this place of the list.
    Counter(usize, Counter),
    /// When the counters of the interface at this place lost their continuity.
    Discontinuity(usize),
}

impl Batch {
    /// Goes through what is asked for: each item, with its object and instance.
    #[inline]
    pub(super) fn each<E>(
        &self,
        watched: &[Watched],
        wanted: &[usize],
        mut visit: impl FnMut(Item, Object, u32) -> Result<(), E>,
    ) -> Result<(), E> {
        for object in self.head.objects() {
            visit(Item::Head, object, 0)?;
        }
        for at in self.from..self.to {
            let watched = &watched[wanted[at]];
            for (counter, object) in watched.columns() {
                visit(Item::Counter(at, counter), object, watched.index)?;
            }
            if watched.tells_of_discontinuities() {
                visit(Item::Discontinuity(at), IF_COUNTER_DISCONTINUITY_TIME, watched.index)?;
            }
        }
        Ok(())
    }

    /// The names that are to be written into the request.
    pub(super) fn names(&self, watched: &[Watched], wanted: &[usize], names: &mut Vec<Name>) {
        let Ok(()) = self.each(watched, wanted, |_, object, instance| {
            names.push(self.by.name(object, instance));
            Ok::<(), std::convert::Infallible>(())
        });
    }

    /// Which item the name at this place of the request is about.
    pub(super) fn item(&self, watched: &[Watched], wanted: &[usize], at: usize) -> Option<(Item, Object)> {
        let mut left = at;
        let found = self.each(watched, wanted, |item, object, _| {
            let found = if left == 0 { Err((item, object)) } else { Ok(()) };
            left = left.wrapping_sub(1);
            found
        });
        found.err()
    }

    /// The same for another part of the list, and without a head.
    pub(super) const fn part(self, from: usize, to: usize) -> Self {
        Self { from, to, head: Head { uptime: self.head.uptime, marks: None }, ..self }
    }

    /// How many interfaces it is about.
    pub(super) const fn len(&self) -> usize {
        self.to - self.from
    }
}

impl Head {
    pub(super) fn objects(self) -> impl Iterator<Item = Object> {
        let uptime = self.uptime.then_some(Object::SYS_UP_TIME);
        uptime.into_iter().chain(self.marks.into_iter().flat_map(Marks::objects))
    }
}

impl By {
    pub(super) const fn question(self) -> Question {
        match self {
            Self::Get => Question::Get,
            Self::Next => Question::Next,
        }
    }

    /// What to ask for to be told of this instance.
    const fn name(self, object: Object, instance: u32) -> Name {
        let instance = match self {
            Self::Get => Some(instance),
            Self::Next => instance.checked_sub(1),
        };
        Name::of(object, instance)
    }

    /// The next value, which must be the one of this instance or, where that was asked for by what follows, tell that there
    /// is none.
    #[inline]
    pub(super) fn value<'a>(
        self,
        varbinds: &mut Varbinds<'a>,
        object: Object,
        instance: u32,
    ) -> Result<Value<'a>, Malformed> {
        if self == Self::Get {
            return varbinds.value_of(object, instance);
        }
        let (name, value) = varbinds.next()?.ok_or(Malformed::TooFew)?;
        match object.locate(name) {
            _ if value == Value::EndOfMibView => Ok(Value::Missing),
            Place::Instance(found) if found < instance => Err(Malformed::OtherNames),
            Place::Instance(found) if found == instance => Ok(value),
            _ => Ok(Value::Missing),
        }
    }
}
