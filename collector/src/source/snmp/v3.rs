//! Questions and answers of v3 (RFC 3412, RFC 3414): the crate `async-snmp` makes and checks the messages, and keeps the
//! engine's ID and its time. None of its types is seen from outside.
//!
//! It takes nothing for data that was not sent by this user's agent, now, as an answer to this question. What is left to us
//! is to tell what is wrong from what it refused, and to look for the engine again when it is another one: a device that
//! was exchanged, or that lost what it knew.

mod client;
mod flight;
mod link;
mod verdict;

use std::fmt;
use std::sync::Arc;

use async_snmp::{Error, Oid};

use super::agent::Patience;
use super::channel::{Reply, Unanswered};
use super::codec::{MOST_NAMES, Malformed, Question, Value, Varbinds};
use super::object::Name;
use super::user::User;
use crate::source::ReadError;
use crate::target::AgentAddress;
use client::{Client, Said};
use link::Link;
use verdict::Verdict;

/// `error-status` of RFC 3416.
const AUTHORIZATION_ERROR: u32 = 16;

/// A conversation with one agent in v3.
pub(super) struct V3 {
    address: String,
    user: User,
    patience: Patience,
    link: Arc<Link>,
    /// `None` before the first question: keys take some milliseconds to make.
    client: Option<Client>,
    /// Whether the engine is known from a time when it still answered.
    is_doubtful: bool,
    /// Whether this user ever had an answer.
    had_answer: bool,
}

impl V3 {
    pub(super) fn new(address: AgentAddress, user: User, patience: Patience) -> Self {
        Self {
            address: address.to_string(),
            user,
            patience,
            link: Arc::new(Link::new(address, patience.timeout)),
            client: None,
            is_doubtful: false,
            had_answer: false,
        }
    }

    /// Asks one question.
    pub(super) fn ask<T>(
        &mut self,
        question: Question,
        names: &[Name],
        mut hear: impl FnMut(&mut Reply<'_>) -> Result<T, Malformed>,
    ) -> Result<T, Unanswered> {
        let said = self.answer(question, names)?;
        self.tell(&said, &mut hear)
    }

    /// Asks one after the other of the host's addresses, until one has answered.
    fn answer(&mut self, question: Question, names: &[Name]) -> Result<Said, Unanswered> {
        let names = oids(names)?;
        loop {
            match self.ask_patiently(question, &names) {
                Err(Unanswered::Failed(_)) if self.link.has_another() => {}
                outcome => return outcome,
            }
        }
    }

    /// Lets `hear` have an answer.
    fn tell<T>(
        &mut self,
        said: &Said,
        hear: &mut impl FnMut(&mut Reply<'_>) -> Result<T, Malformed>,
    ) -> Result<T, Unanswered> {
        self.had_answer = true;
        if said.status == AUTHORIZATION_ERROR {
            let what = format!(
                "does not let user `{}` read (authorizationError): give the user a view of IF-MIB (1.3.6.1.2.1.2 and .31) \
                 and of the system group (1.3.6.1.2.1.1), at this level of security{}",
                self.user.name,
                if self.user.context.is_empty() { "" } else { " and in this context" },
            );
            return Err(Unanswered::Failed(self.bad_answer(what)));
        }
        // Names that can't be written are no names that were asked for.
        let encoded: Vec<Vec<u8>> =
            said.varbinds.iter().map(|varbind| varbind.oid.to_ber().unwrap_or_default()).collect();
        let values = said.varbinds.iter().map(|varbind| value(&varbind.value));
        let varbinds: Vec<(&[u8], Value<'_>)> = encoded.iter().map(Vec::as_slice).zip(values).collect();
        let (at, round_trip) = self.link.answered();
        let varbinds = Varbinds::decoded(&varbinds);
        let mut reply = Reply { status: said.status, index: said.index, varbinds, at, round_trip };
        hear(&mut reply).map_err(|malformed| Unanswered::Failed(self.none_of_it(malformed.to_string())))
    }

    /// Asks, and asks again as often as patience allows; and once more if the engine turned out to be another one.
    fn ask_patiently(&mut self, question: Question, names: &[Oid]) -> Result<Said, Unanswered> {
        let mut outcome = self.try_to_ask(question, names)?;
        if outcome.is_err() && self.link.verdict().is_some_and(Verdict::is_cured_by_discovery) {
            self.is_doubtful = true;
            outcome = self.try_to_ask(question, names)?;
        }
        outcome.map_err(|error| self.give_up(&error))
    }

    /// There is no answer.
    fn give_up(&mut self, error: &Error) -> Unanswered {
        // Some agents say nothing at all to those who don't know their engine.
        self.is_doubtful = true;
        self.link.forsake();
        Unanswered::Failed(self.explain(error))
    }

    fn try_to_ask(&mut self, question: Question, names: &[Oid]) -> Result<async_snmp::Result<Said>, Unanswered> {
        self.link.begin();
        let client = match &mut self.client {
            Some(client) => client,
            none => none.insert(Client::new(&self.link, &self.user, self.patience.retries).map_err(|why| {
                let what = format!("cannot speak SNMPv3: {why}");
                Unanswered::Failed(ReadError::BadAnswer { address: self.address.clone(), what })
            })?),
        };
        if std::mem::take(&mut self.is_doubtful)
            && let Err(error) = client.wait_for(&self.link, &mut client.discovery())
        {
            return Ok(Err(error));
        }
        Ok(client.wait_for(&self.link, &mut client.asking(question, names.to_vec())))
    }

    /// What is wrong and what to do about it.
    fn explain(&self, error: &Error) -> ReadError {
        if let Some(error) = self.link.take_error() {
            return error;
        }
        let reported = match error.exchange_source() {
            Error::Report { status, .. } => Some(Verdict::of(status)),
            _ => self.link.verdict(),
        };
        if let Some(verdict) = reported {
            return self.bad_answer(verdict.words(&self.user));
        }
        match error.exchange_source() {
            Error::Timeout { .. } if self.link.heard_something_odd() => {
                self.none_of_it("it is not from this user's agent, or not of now")
            }
            // Whoever can't decrypt a question does not know that it is one.
            Error::Timeout { .. } if self.link.heard_engine() && !self.had_answer => self.bad_answer(format!(
                "is there, and does not answer user `{}`: are `privacy`, its password and `context` those that the user has \
                 there?",
                self.user.name
            )),
            Error::Timeout { .. } => {
                ReadError::NoAnswer { address: self.address.clone(), waited: self.patience.total(), doubt: "the user" }
            }
            error => self.bad_answer(format!("sends something that cannot be understood: {error}")),
        }
    }

    fn none_of_it(&self, what: impl Into<String>) -> ReadError {
        ReadError::NoneOfIt { address: self.address.clone(), what: what.into() }
    }

    fn bad_answer(&self, what: impl Into<String>) -> ReadError {
        ReadError::BadAnswer { address: self.address.clone(), what: what.into() }
    }
}

impl fmt::Debug for V3 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("V3").field("address", &self.address).field("user", &self.user).finish_non_exhaustive()
    }
}

fn oids(names: &[Name]) -> Result<Vec<Oid>, Unanswered> {
    if names.len() > MOST_NAMES {
        return Err(Unanswered::TooLong);
    }
    let oid = |name: &Name| {
        let (numbers, length) = name.numbers();
        Oid::from_slice(&numbers[..length])
    };
    Ok(names.iter().map(oid).collect())
}

fn value(value: &async_snmp::Value) -> Value<'_> {
    use async_snmp::Value as Theirs;

    match value {
        Theirs::Counter64(value) => Value::Counter64(*value),
        Theirs::Counter32(value) => Value::Counter32(*value),
        Theirs::Gauge32(value) => Value::Gauge32(*value),
        Theirs::TimeTicks(value) => Value::TimeTicks(*value),
        Theirs::Integer(value) => Value::Integer(i64::from(*value)),
        Theirs::OctetString(octets) => Value::Octets(octets),
        Theirs::NoSuchObject | Theirs::NoSuchInstance | Theirs::Null => Value::Missing,
        Theirs::EndOfMibView => Value::EndOfMibView,
        _ => Value::Other,
    }
}

#[cfg(test)]
mod tests;
