//! Answers that were written down, in place of an agent's. Only the fuzzer and tests know of it.
//!
//! The next answer is given to the oldest question that has none, whatever that is: what is spoilt about it stays spoilt,
//! and only its numbers are made to fit, since otherwise nobody would look any further.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::Range;

use snmp::asn1::{TYPE_INTEGER, TYPE_OCTETSTRING, TYPE_SEQUENCE};

use super::Malformed;
use super::elements::{Element, Elements};

/// Answers that were written down.
#[derive(Debug)]
pub(in crate::source::snmp) struct Replay {
    left: VecDeque<Vec<u8>>,
    /// The numbers of the questions without an answer, oldest first.
    asked: VecDeque<Vec<[u8; 4]>>,
    /// Those of the last one that had an answer: it may not have been good enough.
    answered: Vec<[u8; 4]>,
    silences: usize,
}

thread_local! {
    static NEXT: RefCell<Option<Replay>> = const { RefCell::new(None) };
}

impl Replay {
    /// More than any question is asked again for.
    const MOST_SILENCES: usize = 1_000;

    /// The next peer of this thread hears these, and after them nothing.
    pub(in crate::source::snmp) fn begin(answers: Vec<Vec<u8>>) {
        let replay = Self { left: answers.into(), asked: VecDeque::new(), answered: Vec::new(), silences: 0 };
        NEXT.set(Some(replay));
    }

    /// What the next peer hears, where that was begun.
    pub(in crate::source::snmp) fn begun() -> Option<Self> {
        NEXT.take()
    }

    /// A question was asked.
    pub(in crate::source::snmp) fn hear(&mut self, question: &[u8]) {
        let numbers = numbers(question).into_iter().filter_map(|range| question.get(range)?.try_into().ok());
        self.asked.push_back(numbers.collect());
    }

    /// Writes the next answer into `given`, and tells whether there is one.
    ///
    /// # Panics
    ///
    /// If it is asked for again and again where there is none: whoever does that would never end.
    pub(in crate::source::snmp) fn answer(&mut self, given: &mut Vec<u8>) -> bool {
        let Some(answer) = self.left.pop_front() else {
            self.silences += 1;
            assert!(self.silences < Self::MOST_SILENCES, "asks again and again");
            return false;
        };
        *given = answer;
        self.answered = self.asked.pop_front().unwrap_or_else(|| std::mem::take(&mut self.answered));
        for (range, number) in numbers(given).into_iter().zip(&self.answered) {
            // One that is negative was never asked: it stays, as one that fits nothing.
            if let Some(octets) = given.get_mut(range).filter(|octets| octets[0] < 0x80) {
                octets.copy_from_slice(number);
            }
        }
        true
    }
}

/// Where the numbers are by which a message is known, as far as it can be read: the request-id, and before it the `msgID`
/// of v3. Those are left out that don't have the four octets which all of ours have.
fn numbers(message: &[u8]) -> Vec<Range<usize>> {
    let mut numbers = Vec::new();
    // What can't be read has no numbers any more.
    let _ = find_numbers(message, |number| {
        let start = number.content.as_ptr().addr() - message.as_ptr().addr();
        if number.content.len() == 4 {
            numbers.push(start..start + 4);
        }
    });
    numbers
}

fn find_numbers<'a>(message: &'a [u8], mut found: impl FnMut(Element<'a>)) -> Result<(), Malformed> {
    let mut message = Elements::of(message).expect(TYPE_SEQUENCE)?.elements();
    message.expect(TYPE_INTEGER)?;
    let head = message.next()?.ok_or(Malformed::Truncated)?;
    let mut scoped = message;
    if head.tag == TYPE_SEQUENCE {
        found(head.elements().expect(TYPE_INTEGER)?);
        scoped.expect(TYPE_OCTETSTRING)?;
        scoped = scoped.expect(TYPE_SEQUENCE)?.elements();
        scoped.expect(TYPE_OCTETSTRING)?;
        scoped.expect(TYPE_OCTETSTRING)?;
    }
    let pdu = scoped.next()?.ok_or(Malformed::Truncated)?;
    found(pdu.elements().expect(TYPE_INTEGER)?);
    Ok(())
}
