//! What is asked in place of what an agent did not answer.

use std::convert::Infallible;

use snmp::snmp::ERRSTATUS_NOSUCHNAME;
use stats::{Monotonic, Reading};

use super::Reads;
use crate::source::snmp::batch::{Batch, By, Item};
use crate::source::snmp::codec::Value;
use crate::source::snmp::complaint::Complaint;
use crate::source::snmp::object::Object;
use crate::source::snmp::session::{Session, less};

impl Reads<'_> {
    /// How many values of an interface may be left out, one by one, before it is refused as a whole.
    const MOST_DROPPED: usize = 2;

    /// The answer would be too large. Those that were on their way when that was learned are only asked again.
    pub(super) fn too_big(&mut self, batch: Batch, complaint: Option<Complaint>) {
        if batch.size <= Session::FEWEST {
            return if batch.len() > 1 { self.halve(batch) } else { self.refuse(batch, complaint) };
        }
        if batch.size <= self.learned.limit {
            self.learned.limit = less(batch.size, self.learned.largest);
        }
        self.left.push_front(batch);
    }

    /// The agent does not answer the whole since something is wrong with a part of it.
    pub(super) fn complained(&mut self, batch: Batch, complaint: Complaint) {
        let culprit = complaint.about(batch.size).and_then(|at| batch.item(self.watched, self.wanted, at));
        match culprit {
            _ if complaint.status == ERRSTATUS_NOSUCHNAME && batch.by == By::Get => {
                // All that is missing is known after one answer then.
                self.left.push_front(Batch { by: By::Next, ..batch });
            }
            Some((Item::Head, object)) => self.drop_head(batch, object),
            Some((_, object)) if complaint.status == ERRSTATUS_NOSUCHNAME => {
                self.miss_from(batch, object, complaint);
                self.left.push_front(batch);
            }
            Some((Item::Counter(at, _) | Item::Discontinuity(at), _)) if batch.len() > 1 => {
                self.learned.split = Some(batch.size);
                self.split(batch, [batch.from, at, at + 1, batch.to]);
            }
            None if batch.len() > 1 => {
                self.learned.split = Some(batch.size);
                self.halve(batch);
            }
            Some((item, _)) if batch.dropped < Self::MOST_DROPPED => {
                self.miss(item);
                self.left.push_front(Batch { dropped: batch.dropped + 1, ..batch });
            }
            _ => self.refuse(batch, Some(complaint)),
        }
    }

    fn halve(&mut self, batch: Batch) {
        let middle = batch.from + batch.len() / 2;
        self.split(batch, [batch.from, middle, middle, batch.to]);
    }

    /// Asks for three parts of a batch by themselves, of which some may be empty.
    fn split(&mut self, batch: Batch, [from, middle, behind, to]: [usize; 4]) {
        let parts = [(from, middle), (middle, behind), (behind, to)];
        let mut parts: Vec<Batch> =
            parts.into_iter().filter(|(from, to)| from < to).map(|(from, to)| batch.part(from, to)).collect();
        if let Some(first) = parts.first_mut() {
            first.head = batch.head;
        }
        for part in parts.into_iter().rev() {
            self.left.push_front(part);
        }
    }

    fn drop_head(&mut self, batch: Batch, object: Object) {
        let mut head = batch.head;
        if object == Object::SYS_UP_TIME {
            head.uptime = false;
            for batch in &mut self.left {
                batch.head.uptime = false;
            }
        } else {
            self.round.marks.note(object, Value::Missing);
            if let Some(marks) = &mut head.marks {
                marks.note(object, Value::Missing);
            }
        }
        self.left.push_front(Batch { head, ..batch });
    }

    /// There is nothing in the agent after this name of the request, and so nothing after those that are behind it either.
    fn miss_from(&mut self, batch: Batch, object: Object, complaint: Complaint) {
        let mut names = Vec::with_capacity(batch.size);
        batch.names(self.watched, self.wanted, &mut names);
        let Some(first) = complaint.about(names.len()).map(|at| names[at]) else { return };
        debug_assert_eq!(first.object, object, "names and items are in the same order");
        let mut missed = Vec::new();
        let mut at = 0;
        let Ok(()) = batch.each(self.watched, self.wanted, |item, _, _| {
            if !names[at].precedes(first) {
                missed.push(item);
            }
            at += 1;
            Ok::<(), Infallible>(())
        });
        for item in missed {
            self.miss(item);
        }
    }

    fn miss(&mut self, item: Item) {
        match item {
            Item::Head => {}
            Item::Counter(at, counter) => self.watched[self.wanted[at]].missed(counter),
            Item::Discontinuity(at) => self.watched[self.wanted[at]].told(None),
        }
    }

    fn refuse(&mut self, batch: Batch, complaint: Option<Complaint>) {
        let mut names = Vec::with_capacity(batch.size);
        batch.names(self.watched, self.wanted, &mut names);
        let what = complaint.map(|complaint| complaint.explain(&names));
        self.learned.refused = what
            .or_else(|| self.learned.refused.take())
            .or_else(|| Some(String::from("leaves out some of what it was asked for")));
        for at in batch.from..batch.to {
            self.round.interfaces[self.wanted[at]].1 = Reading::new(Monotonic::default(), None);
            self.watched[self.wanted[at]].refuse();
        }
    }
}
