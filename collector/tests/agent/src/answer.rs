//! What a device answers to a request. Sends nothing.

use std::time::Duration;

use crate::ber;
use crate::device::Device;
use crate::fault::Fault;
use crate::message::{Asked, Message, Request, Status, Varbinds};
use crate::mib::{Found, Mib};
use crate::spoil::Via;
use crate::value::{Name, Value};

/// What is sent in answer to one request.
#[derive(Debug)]
pub(crate) struct Sending {
    /// What goes before it, and from where.
    pub(crate) before: Option<(Vec<u8>, Via)>,
    /// What is sent for an answer, and from where.
    pub(crate) answer: (Vec<u8>, Via),
    pub(crate) delay: Option<Duration>,
    /// To be kept until there are so many, or so long.
    pub(crate) reorder: Option<(usize, Duration)>,
}

/// An error, and which of the names it is about, counted from 1.
type Refusal = (Status, usize);

impl Device {
    /// What is sent in answer to a datagram, where anything is.
    pub(crate) fn serve(&mut self, datagram: &[u8]) -> Option<Sending> {
        let now = self.now();
        let request = Request::decode(datagram)?;
        let is_heard = self.versions.contain(request.version) && request.community == self.community;
        if !is_heard || self.faults.shows(now, &Fault::Drop) {
            return None;
        }
        if matches!(request.asked, Asked::Bulk { .. }) && self.faults.shows(now, &Fault::NoBulk) {
            return None;
        }
        let message = self.answer(&request, now)?;
        self.answered += 1;

        let spoilt = |spoil: &crate::Spoil| (spoil.apply(&message), spoil.via());
        let before = self.faults.show(now, |fault| match fault {
            Fault::Before(spoil) => Some(spoilt(spoil)),
            _ => None,
        });
        let instead = self.faults.show(now, |fault| match fault {
            Fault::Instead(spoil) => Some(spoilt(spoil)),
            _ => None,
        });
        let delay = self.faults.show(now, |fault| match fault {
            Fault::Delay(delay) => Some(*delay),
            _ => None,
        });
        let reorder = self.faults.show(now, |fault| match fault {
            Fault::Reorder(number, patience) => Some((*number, *patience)),
            _ => None,
        });
        let answer = instead.unwrap_or((message.octets, Via::Own));
        Some(Sending { before, answer, delay, reorder })
    }

    fn answer(&mut self, request: &Request<'_>, now: Duration) -> Option<Message> {
        let mut varbinds = Varbinds::default();
        let filled = match request.asked {
            Asked::Get => self.get(request, now, &mut varbinds),
            Asked::Next => self.next(request, now, &mut varbinds),
            Asked::Bulk { non_repeaters, repetitions } => {
                self.bulk(request, now, non_repeaters, repetitions, &mut varbinds)
            }
        };
        let size = varbinds.len();
        let lost = |fault: &Fault| matches!(fault, Fault::LostAbove(most) if size > *most).then_some(());
        if self.faults.show(now, lost).is_some() {
            return None;
        }
        self.last_size = size;
        let message = match filled {
            Ok(()) => {
                self.spoil(now, &mut varbinds);
                request.answer(Status::NoError, 0, varbinds.octets())
            }
            Err((status, index)) => refusal(request, status, index),
        };
        let is_too_big = message.octets.len() > self.largest_answer;
        Some(if is_too_big { refusal(request, Status::TooBig, 0) } else { message })
    }

    fn spoil(&mut self, now: Duration, varbinds: &mut Varbinds) {
        let short = self.faults.show(now, |fault| match fault {
            Fault::Short(number) => Some(*number),
            _ => None,
        });
        if let Some(number) = short {
            varbinds.remove_last(number);
        }
        if self.faults.shows(now, &Fault::Swapped) {
            varbinds.swap_last();
        }
    }

    fn get(&mut self, request: &Request<'_>, now: Duration, varbinds: &mut Varbinds) -> Result<(), Refusal> {
        self.check_size(request, now)?;
        let mut name = Name::new();
        for (octets, number) in request.names.iter().zip(1..) {
            ber::read_name(octets, &mut name).ok_or((Status::GenErr, number))?;
            self.check_name(&name, number, now)?;
            let can_be_said = |value: &Value| request.version > 0 || !is_64_bits(value);
            if let Some(value) = self.look(|mib| mib.get(&name), now).filter(|value| can_be_said(value)) {
                varbinds.push_same(octets, &value);
            } else if request.version == 0 || self.faults.shows(now, &Fault::NoSuchName) {
                return Err((Status::NoSuchName, number));
            } else {
                varbinds.push_same(octets, &Value::NoSuchInstance);
            }
        }
        Ok(())
    }

    fn next(&mut self, request: &Request<'_>, now: Duration, varbinds: &mut Varbinds) -> Result<(), Refusal> {
        self.check_size(request, now)?;
        let (mut name, mut next) = (Name::new(), Name::new());
        for (octets, number) in request.names.iter().zip(1..) {
            ber::read_name(octets, &mut name).ok_or((Status::GenErr, number))?;
            while !self.push_next(&name, &mut next, request.version, now, varbinds, number)? {
                // What v1 can't say is skipped.
                std::mem::swap(&mut name, &mut next);
            }
        }
        Ok(())
    }

    fn bulk(
        &mut self,
        request: &Request<'_>,
        now: Duration,
        non_repeaters: usize,
        repetitions: usize,
        varbinds: &mut Varbinds,
    ) -> Result<(), Refusal> {
        let (once, repeated) = request.names.split_at(non_repeaters.min(request.names.len()));
        let asked = repeated.len().saturating_mul(repetitions) + once.len();
        let most = self.faults.show(now, |fault| match fault {
            Fault::TooBigAbove(most) if asked > *most => Some(*most),
            _ => None,
        });
        let most = most.unwrap_or(usize::MAX);
        let room = self.largest_answer.saturating_sub(request.overhead());
        let mut names: Vec<Name> = Vec::with_capacity(request.names.len());
        for (octets, number) in request.names.iter().zip(1..) {
            let mut name = Name::new();
            ber::read_name(octets, &mut name).ok_or((Status::GenErr, number))?;
            names.push(name);
        }
        let mut next = Name::new();
        for repetition in 0..repetitions.max(1) {
            let first = if repetition == 0 { 0 } else { once.len() };
            let last = if repetitions == 0 { once.len() } else { names.len() };
            for (at, name) in names.iter_mut().enumerate().take(last).skip(first) {
                if varbinds.len() == most {
                    return Ok(());
                }
                self.push_next(name, &mut next, request.version, now, varbinds, at + 1)?;
                std::mem::swap(name, &mut next);
                if varbinds.octets().len() > room {
                    varbinds.remove_last(1);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Adds what follows after a name, and tells whether it could be said.
    fn push_next(
        &mut self,
        name: &[u32],
        next: &mut Name,
        version: u8,
        now: Duration,
        varbinds: &mut Varbinds,
        number: usize,
    ) -> Result<bool, Refusal> {
        let step = self.faults.show(now, |fault| match fault {
            Fault::Repeats => Some(Mib::same as Step),
            Fault::Backwards => Some(Mib::backwards as Step),
            Fault::Endless => Some(Mib::endless as Step),
            _ => None,
        });
        let step = step.unwrap_or(Mib::next);
        match self.look(|mib| step(mib, name, next), now) {
            Some(value) if version == 0 && is_64_bits(&value) => return Ok(false),
            Some(value) => varbinds.push(next, &value),
            None if version == 0 => return Err((Status::NoSuchName, number)),
            None => {
                next.clear();
                next.extend_from_slice(name);
                varbinds.push(next, &Value::EndOfMibView);
            }
        }
        self.check_name(next, number, now).map(|()| true)
    }

    fn check_size(&mut self, request: &Request<'_>, now: Duration) -> Result<(), Refusal> {
        let size = request.names.len();
        let too_big = |fault: &Fault| matches!(fault, Fault::TooBigAbove(most) if size > *most).then_some(());
        if self.faults.show(now, too_big).is_some() { Err((Status::TooBig, 0)) } else { Ok(()) }
    }

    fn check_name(&mut self, name: &[u32], number: usize, now: Duration) -> Result<(), Refusal> {
        let refused = |fault: &Fault| matches!(fault, Fault::GenErr(below) if name.starts_with(below)).then_some(());
        if self.faults.show(now, refused).is_some() { Err((Status::GenErr, number)) } else { Ok(()) }
    }
}

/// How a name leads to another one.
type Step = for<'a> fn(&'a Mib, &[u32], &mut Name) -> Option<Found<'a>>;

/// An error about the names as they came, but that v2c sends none of them back with `tooBig`.
fn refusal(request: &Request<'_>, status: Status, index: usize) -> Message {
    let is_bare = status == Status::TooBig && request.version > 0;
    request.answer(status, index, if is_bare { &[] } else { request.varbinds })
}

fn is_64_bits(value: &Value) -> bool {
    matches!(value, Value::Counter64(_))
}
