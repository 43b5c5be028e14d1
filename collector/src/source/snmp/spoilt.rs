//! What comes from a network, as bad as it can be: takes any octets for the answers of an agent, and looks at what becomes
//! of them. The fuzzer invents them (`collector/fuzz`); the tests read the seeds that it begins with, and spoil those.
//!
//! Each of the functions panics if something is not as it has to be, and returns whether anything was understood: a test
//! that only sees the first octets refused has tested nothing.

use std::collections::BTreeSet;
use std::time::Duration;

use stats::{Counter, Interface};

use super::agent::{Access, Agent, Community, Patience};
use super::codec::replay::Replay;
use super::codec::{Answer, Envelope, Version};
use super::columns;
use super::count::Marks;
use super::describe::{self, Described, NamedBy};
use super::object::Object;
use super::table::{Renewal, Table};
#[cfg(feature = "v3")]
use super::user::{Security, User};
use super::watched::Watched;
use super::{Snmp, Source};
use crate::clock;
use crate::selection::Selection;
use crate::source::Snapshot;
use crate::target::AgentAddress;

/// Octets may be a message of v1 or v2c.
pub(crate) fn answer(octets: &[u8]) -> bool {
    let understood = [Version::V1, Version::V2c].map(|version| {
        let of = Envelope { version, community: b"public" };
        let Ok(mut answer) = Answer::decode(octets, of) else { return false };
        while let Ok(Some((name, value))) = answer.varbinds.next() {
            for object in objects() {
                let _ = object.locate(name);
            }
            let text = value.octets().and_then(describe::text);
            assert!(text.is_none_or(|text| !text.is_empty() && stats::clean(&text) == text));
            assert!(value.counter().is_none_or(|(count, _)| value.number() == Some(count)));
        }
        // Each takes seven octets at the least.
        assert!(answer.varbinds.taken() <= octets.len() / 7);
        answer.varbinds.taken() > 0
    });
    understood.contains(&true)
}

/// Octets may be all that an agent answers to one who asks for its interfaces for the first time.
pub(crate) fn walk(octets: &[u8]) -> bool {
    let Some((access, answers)) = conversation(octets) else { return false };
    let mut source = replaying(access, answers);
    let Ok(snapshot) = source.read() else { return false };
    check(&snapshot, octets.len());
    // What was learned in the first round is made use of in the next ones.
    for _ in 0..2 {
        if let Ok(snapshot) = source.read() {
            check(&snapshot, octets.len());
        }
    }
    true
}

/// Octets may be all that an agent answers to one who knows its interfaces, and asks for their counters.
pub(crate) fn counters(octets: &[u8]) -> bool {
    let Some((access, answers)) = conversation(octets) else { return false };
    let rounds = answers.len().min(20);
    let mut source = replaying(access, answers);
    source.known = Some((table(), Renewal::new(clock::monotonic())));
    let mut understood = false;
    for _ in 0..rounds {
        let read = source.read();
        let glance = source.glance(&[1, 3]);
        understood |= read.is_ok();
        match &read {
            Ok(snapshot) => check(snapshot, octets.len()),
            Err(_) if glance.is_none() => break,
            Err(_) => {}
        }
    }
    understood
}

/// The octets as a conversation: the version, as `1`, `2` or `3`, and the answers, each after its length in two octets.
fn conversation(octets: &[u8]) -> Option<(Access, Vec<Vec<u8>>)> {
    let (version, mut rest) = octets.split_first()?;
    let access = match version {
        b'1' => Access::V1(Community::public()),
        #[cfg(feature = "v3")]
        b'3' => {
            let user = User { name: "reader".to_owned(), context: String::new(), security: Security::None };
            Access::V3(user)
        }
        _ => Access::V2c(Community::public()),
    };
    let mut answers = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk() {
        let length = usize::from(u16::from_be_bytes(*length)).min(after.len());
        let (answer, after) = after.split_at(length);
        answers.push(answer.to_vec());
        rest = after;
    }
    Some((access, answers))
}

fn replaying(access: Access, answers: Vec<Vec<u8>>) -> Snmp {
    Replay::begin(answers);
    // Where the answers end there is nothing to wait for. The crate for v3 does not even look if it has no time at all.
    let timeout =
        if matches!(access, Access::V1(_) | Access::V2c(_)) { Duration::ZERO } else { Duration::from_millis(2) };
    let patience = Patience { timeout, retries: 0 };
    let address = AgentAddress { host: "192.0.2.1".to_owned(), port: 161 };
    Agent { address, access, patience }.source(Selection::All)
}

/// What there is, however bad the answers were: no more than they had room for, and names that can be told apart.
fn check(snapshot: &Snapshot, octets: usize) {
    // Four of the table that is known; any other one took a varbind.
    assert!(snapshot.interfaces.len() <= 4 + octets / 7);
    let names: BTreeSet<&str> = snapshot.interfaces.iter().map(|(interface, _)| interface.name()).collect();
    assert_eq!(names.len(), snapshot.interfaces.len());
    for (interface, reading) in &snapshot.interfaces {
        assert!(!interface.name().is_empty() && stats::clean(interface.name()) == interface.name());
        assert!(!reading.is_empty());
    }
}

/// Four interfaces: two with 64 bits and a name that is looked at, one of net-snmp and one of the test agent's switch; one
/// with neither; and one with the last index that there is.
fn table() -> Table {
    let known =
        [(1, "lo", Some(NamedBy::Name)), (2, "Gi2", Some(NamedBy::Name)), (3, "c", None), (u32::MAX, "d", None)];
    let watched = known.map(|(index, name, named_by)| {
        let interface = Interface { name: name.to_owned(), if_index: Some(index), ..Interface::default() };
        let wide = named_by.is_some();
        Watched::new(Described { index, interface, loopback: false, wide, moves: wide, named_by }, None)
    });
    let marks = Marks { number: Some(4), last_change: Some(0) };
    Table { marks, watched: watched.into(), is_examined: true, ..Table::default() }
}

/// All that agents are asked for.
fn objects() -> impl Iterator<Item = Object> {
    let scalars = [Object::SYS_UP_TIME, Object::SYS_NAME, Object::IF_NUMBER, Object::IF_TABLE_LAST_CHANGE];
    let places = Counter::ALL.into_iter().flat_map(columns::places).copied();
    scalars.into_iter().chain(describe::COLUMNS).chain(places)
}

#[cfg(test)]
mod tests;
