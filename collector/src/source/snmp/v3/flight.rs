//! Many questions, several of them on their way at a time.

use std::task::Poll;

use async_snmp::{Error, Oid};

use super::client::{Answering, Said};
use super::verdict::Verdict;
use super::{V3, oids};
use crate::clock;
use crate::source::snmp::channel::{Questions, Then, Ticket, Unanswered};
use crate::source::snmp::codec::Question;
use crate::source::snmp::pace::Pace;

/// A question that is on its way.
struct Pending {
    ticket: Ticket,
    question: Question,
    names: Vec<Oid>,
    answering: Answering<Said>,
}

impl V3 {
    /// Asks all of these, as many at a time as the pace allows where it is known who answers.
    pub(in crate::source::snmp) fn ask_all(
        &mut self,
        questions: &mut impl Questions,
        pace: &mut Pace,
    ) -> Result<(), Unanswered> {
        let mut pending: Vec<Pending> = Vec::new();
        let mut names = Vec::new();
        loop {
            let is_alone = !self.is_settled() || pace.window() == 1;
            while pending.len() < if is_alone { 1 } else { pace.window() } {
                names.clear();
                let Some((ticket, question)) = questions.next(&mut names) else {
                    if pending.is_empty() {
                        return Ok(());
                    }
                    break;
                };
                pace.asked();
                if is_alone {
                    let answer = self.answer(question, &names);
                    if self.take(ticket, answer, questions, pace)? == Then::Stop {
                        return Ok(());
                    }
                    break;
                }
                if pending.is_empty() {
                    self.link.begin();
                }
                pending.extend(self.send(ticket, question, oids(&names)?));
            }
            if self.hear_some(&mut pending, questions, pace)? == Then::Stop {
                return Ok(());
            }
        }
    }

    /// Whether the agent and its engine are known.
    fn is_settled(&self) -> bool {
        self.client.is_some() && self.had_answer && !self.is_doubtful && self.link.is_proven()
    }

    fn send(&self, ticket: Ticket, question: Question, names: Vec<Oid>) -> Option<Pending> {
        let answering = self.client.as_ref()?.asking(question, names.clone());
        Some(Pending { ticket, question, names, answering })
    }

    /// Waits for a datagram, and takes what it answers.
    fn hear_some(
        &mut self,
        pending: &mut Vec<Pending>,
        questions: &mut impl Questions,
        pace: &mut Pace,
    ) -> Result<Then, Unanswered> {
        let mut at = 0;
        while at < pending.len() {
            let Some(client) = &self.client else { return Ok(Then::Stop) };
            match client.poll(&mut pending[at].answering) {
                Poll::Pending => at += 1,
                Poll::Ready(Ok(said)) => {
                    let Pending { ticket, .. } = pending.swap_remove(at);
                    if self.take(ticket, Ok(said), questions, pace)? == Then::Stop {
                        return Ok(Then::Stop);
                    }
                }
                Poll::Ready(Err(error)) => {
                    let failed = pending.swap_remove(at);
                    return self.ask_anew(failed, &error, std::mem::take(pending), questions, pace);
                }
            }
            for _ in 0..self.link.take_lost() {
                pace.lost();
            }
        }
        if !pending.is_empty() {
            self.link.wait(pending.len());
        }
        Ok(Then::GoOn)
    }

    /// One failed. Where the engine has to be looked for again, all that are on their way have been in vain, and are asked
    /// again one by one; else nobody answers.
    fn ask_anew(
        &mut self,
        failed: Pending,
        error: &Error,
        others: Vec<Pending>,
        questions: &mut impl Questions,
        pace: &mut Pace,
    ) -> Result<Then, Unanswered> {
        let is_curable = self.link.verdict().is_some_and(Verdict::is_cured_by_discovery);
        if !is_curable {
            questions.unanswered(failed.ticket);
            return Err(self.give_up(error));
        }
        self.is_doubtful = true;
        for Pending { ticket, question, names, .. } in std::iter::once(failed).chain(others) {
            let answer = self.ask_patiently(question, &names);
            if self.take(ticket, answer, questions, pace)? == Then::Stop {
                return Ok(Then::Stop);
            }
        }
        Ok(Then::GoOn)
    }

    /// Gives an answer to whom it is for.
    fn take(
        &mut self,
        ticket: Ticket,
        answer: Result<Said, Unanswered>,
        questions: &mut impl Questions,
        pace: &mut Pace,
    ) -> Result<Then, Unanswered> {
        let said = match answer {
            Ok(said) => said,
            Err(unanswered) => {
                questions.unanswered(ticket);
                return Err(unanswered);
            }
        };
        let (_, round_trip) = self.link.answered();
        pace.answered(round_trip, clock::monotonic());
        self.tell(&said, &mut |reply| questions.hear(ticket, reply))
    }
}
