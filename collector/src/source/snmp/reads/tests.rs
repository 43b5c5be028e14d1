//! Rounds of counting with an agent that may say anything: each ends, and leaves what it had.

use std::time::Duration;

use stats::{Interface, Monotonic};

use super::*;
use crate::source::snmp::codec::tests::write::{Said, write};
use crate::source::snmp::codec::tests::{PUBLIC, mutate};
use crate::source::snmp::codec::{Answer, Envelope, Version};
use crate::source::snmp::count::Marks;
use crate::source::snmp::describe::Described;

/// The same numbers each time.
struct Random(u64);

impl Random {
    fn below(&mut self, below: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 33).unwrap() % below
    }
}

/// What the agent does to its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    /// Some of them are spoilt.
    Spoilt,
    /// It answers with any errors about anything.
    Refusing,
}

fn watched(count: u32) -> Vec<Watched> {
    let described = |index| Described {
        index,
        interface: Interface::default(),
        loopback: false,
        wide: index % 2 == 0,
        moves: true,
        named_by: None,
    };
    (0..count).map(|index| Watched::new(described(index * 7), None)).collect()
}

/// What it would say if nothing were wrong with it: not every counter is there.
fn said(name: Name, by: By) -> (Name, Said<'static>) {
    let instance = match (by, name.instance) {
        (By::Get, instance) => instance,
        (By::Next, None) => Some(0),
        (By::Next, Some(before)) => Some(before + 1),
    };
    let said = match name.object.name() {
        "sysUpTime" => Said::TimeTicks(8_640_000),
        "ifCounterDiscontinuityTime" => Said::TimeTicks(0),
        "ifNumber" => Said::Number(5),
        "ifInUcastPkts" | "ifHCInMulticastPkts" => Said::Missing,
        column if column.starts_with("ifHC") => Said::Counter64(u64::MAX - 7),
        _ => Said::Counter32(u32::MAX - 7),
    };
    (Name::of(name.object, instance), said)
}

/// One round; tells how many answers there were, and how many of the spoilt ones were taken.
fn round(version: Version, by: By, mood: Mood, random: &mut Random) -> (usize, usize) {
    let of = Envelope { version, ..PUBLIC };
    let mut watched = watched(3);
    let unread = Reading::new(Monotonic::default(), None);
    let interfaces = watched.iter().map(|watched| (watched.interface.clone(), unread)).collect();
    let marks = Marks { number: Some(5), last_change: None };
    let mut round = Round { interfaces, marks };
    let mut clock = AgentClock::default();
    let wanted: Vec<usize> = (0..watched.len()).collect();
    let head = Head { uptime: true, marks: Some(marks) };
    let mut reads =
        Reads::new(&mut watched, &mut clock, &mut round, &wanted, by, head, Bounds { limit: 30, proven: 1 });

    let (mut answers, mut taken) = (0, 0);
    let mut names = Vec::new();
    while let Some((ticket, question)) = reads.next(&mut names) {
        let by = if question == Question::Next { By::Next } else { By::Get };
        let varbinds: Vec<_> = names.iter().map(|name| said(*name, by)).collect();
        let whole = write(of, [1 << 24, 0, 0], &varbinds);
        let error = if mood == Mood::Refusing { random.below(20) } else { 0 };
        let index = random.below(u32::try_from(names.len()).unwrap() + 3);
        // One that is none is followed by another one, and at last by a true one.
        for attempt in 0.. {
            let message = match attempt {
                0 if error > 0 => write(of, [1 << 24, error, index], &[]),
                0..3 => mutate(&whole, &mut random.0),
                _ => whole.clone(),
            };
            answers += 1;
            let Ok(Answer { status, index, varbinds, .. }) = Answer::decode(&message, of) else { continue };
            let mut reply = Reply { status, index, varbinds, at: Monotonic::default(), round_trip: Duration::ZERO };
            if reads.hear(ticket, &mut reply).is_ok() {
                taken += usize::from(attempt < 3 && error == 0);
                break;
            }
        }
        names.clear();
        assert!(answers < 5_000, "{version:?} {by:?} {mood:?} does not end: {:?}", reads.learned);
        assert!(reads.left.len() <= 6 && reads.missed.len() <= 3 * Counter::ALL.len());
    }
    assert_eq!(round.interfaces.len(), 3);
    (answers, taken)
}

#[test]
fn forty_thousand_answers_that_may_say_anything_end_their_rounds() {
    let mut random = Random(3);
    let (mut answers, mut taken) = (0, 0);
    while answers < 40_000 {
        for version in [Version::V1, Version::V2c] {
            for by in [By::Get, By::Next] {
                for mood in [Mood::Spoilt, Mood::Refusing] {
                    let (more, more_taken) = round(version, by, mood, &mut random);
                    answers += more;
                    taken += more_taken;
                }
            }
        }
    }
    // Otherwise the test would look at nothing but the first few octets.
    assert!(taken > 1_000, "{taken}");
}

#[test]
fn an_agent_that_says_nothing_but_errors_is_left_alone() {
    for status in 1..20 {
        for index in [0, 1, 2, 3, 20, u32::MAX] {
            let mut watched = watched(5);
            let unread = Reading::new(Monotonic::default(), None);
            let interfaces = watched.iter().map(|watched| (watched.interface.clone(), unread)).collect();
            let mut round = Round { interfaces, marks: Marks::default() };
            let mut clock = AgentClock::default();
            let head = Head { uptime: true, marks: None };
            let bounds = Bounds { limit: 120, proven: 1 };
            let mut reads = Reads::new(&mut watched, &mut clock, &mut round, &[0, 1, 2, 3, 4], By::Get, head, bounds);
            let mut names = Vec::new();
            let mut requests = 0;
            while let Some((ticket, _)) = reads.next(&mut names) {
                names.clear();
                let message = write(PUBLIC, [1 << 24, status, index], &[]);
                let Answer { status, index, varbinds, .. } = Answer::decode(&message, PUBLIC).unwrap();
                let then = reads.hear(
                    ticket,
                    &mut Reply { status, index, varbinds, at: Monotonic::default(), round_trip: Duration::ZERO },
                );
                assert_eq!(then, Ok(Then::GoOn));
                requests += 1;
                assert!(requests < 300, "status {status}, index {index}");
            }
        }
    }
}
