//! The source against an agent that serves recordings of devices, and misbehaves.

mod answers;
mod interfaces;
mod many;
mod recordings;
mod refusals;
mod renumbering;
mod sizes;
mod v1;

use std::sync::MutexGuard;
use std::time::Duration;

use stats::{Counter, KeptInterface, Reading};

use super::*;
use crate::target::AgentAddress;
use test_agent::{Device, Fault, Recording, Spoil, Value, When, name, parse_snmprec};

/// A device of two ports, with 64-bit counters on the first.
const TWO_PORTS: &str = "\
1.3.6.1.2.1.1.3.0|67|1000000
1.3.6.1.2.1.1.5.0|4|two-ports
1.3.6.1.2.1.2.1.0|2|2
1.3.6.1.2.1.2.2.1.2.1|4|GigabitEthernet1
1.3.6.1.2.1.2.2.1.2.2|4|FastEthernet2
1.3.6.1.2.1.2.2.1.3.1|2|6
1.3.6.1.2.1.2.2.1.3.2|2|6
1.3.6.1.2.1.2.2.1.5.1|66|1000000000
1.3.6.1.2.1.2.2.1.5.2|66|100000000
1.3.6.1.2.1.2.2.1.8.1|2|1
1.3.6.1.2.1.2.2.1.8.2|2|1
1.3.6.1.2.1.2.2.1.10.1|65|1
1.3.6.1.2.1.2.2.1.10.2|65|20
1.3.6.1.2.1.2.2.1.16.1|65|2
1.3.6.1.2.1.2.2.1.16.2|65|4294967295
1.3.6.1.2.1.31.1.1.1.1.1|4|Gi1
1.3.6.1.2.1.31.1.1.1.1.2|4|Fa2
1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615
1.3.6.1.2.1.31.1.1.1.10.1|70|9223372036854775808
";

fn recording(text: &str) -> Recording {
    parse_snmprec(text).unwrap()
}

/// How long an answer may take: longer than any does on a machine that has much else to do.
const TIMEOUT: Duration = Duration::from_millis(400);

/// A source and its agent.
struct Scene {
    agent: test_agent::Agent,
    source: Snmp,
}

impl Scene {
    fn of(text: &str) -> Self {
        Self::with(recording(text), Selection::All)
    }

    fn with(recording: Recording, selection: Selection) -> Self {
        Self::asking(Device::frozen(recording), Access::V2c(Community::public()), selection)
    }

    fn asking(device: Device, access: Access, selection: Selection) -> Self {
        let agent = test_agent::Agent::serving(device);
        let asked = Agent {
            patience: Patience { timeout: TIMEOUT, retries: 1 },
            ..Agent::new(AgentAddress { host: "127.0.0.1".to_owned(), port: agent.port() }, access)
        };
        Self { agent, source: asked.source(selection) }
    }

    fn device(&self) -> MutexGuard<'_, Device> {
        self.agent.device()
    }

    fn set(&self, name: &str, value: Value) {
        self.device().set(&test_agent::name(name), value);
    }

    #[track_caller]
    fn read(&mut self) -> Vec<(KeptInterface, Reading)> {
        self.source.read().unwrap().interfaces
    }

    /// Lets the next read look at the table, as if a minute had passed.
    fn let_a_minute_pass(&mut self) {
        if let Some((_, renewal)) = &mut self.source.known {
            *renewal = Renewal::new(stats::Monotonic::default());
        }
    }

    /// How many requests a read takes.
    #[track_caller]
    fn requests(&mut self) -> usize {
        let before = self.device().answered;
        self.read();
        self.device().answered - before
    }

    /// Each interface's name and octets, in and out.
    #[track_caller]
    fn octets(&mut self) -> Vec<(String, Option<u64>, Option<u64>)> {
        let octets = |reading: &Reading, counter| reading.get(counter).map(|(value, _)| value);
        let one = |(interface, reading): (KeptInterface, Reading)| {
            let (inward, outward) = (octets(&reading, Counter::InOctets), octets(&reading, Counter::OutOctets));
            (interface.name().to_owned(), inward, outward)
        };
        self.read().into_iter().map(one).collect()
    }

    #[track_caller]
    fn check_names(&mut self, expected: &[&str]) {
        let interfaces = self.read();
        let names: Vec<&str> = interfaces.iter().map(|(interface, _)| interface.name()).collect();
        assert_eq!(names, expected);
    }

    #[track_caller]
    fn check_error(&mut self, expected: &str) {
        let error = self.source.read().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
