//! Agents to be asked: many devices in one thread a core. Each interface has four counters of 64 bits, which advance at
//! rates of its own.

use std::net::{Ipv4Addr, SocketAddr};
use std::thread;

use anyhow::{Context, Result};
use test_agent::{Agent, Count, Device, Of, Port, Recording, switch};

/// Devices that answer until this is dropped.
pub(super) struct Fleet(Vec<Agent>);

impl Fleet {
    pub(super) fn start(devices: usize, interfaces: u32) -> Result<Self> {
        let threads = thread::available_parallelism().map_or(1, usize::from).min(devices);
        let serve = |thread: usize| {
            let numbers = (thread..devices).step_by(threads);
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            Agent::serving_all(numbers.map(|number| (address, device(number, interfaces))))
        };
        let agents = (0..threads).map(serve).collect::<std::io::Result<_>>();
        Ok(Self(agents.context("cannot listen on loopback")?))
    }

    pub(super) fn ports(&self) -> Vec<u16> {
        self.0.iter().flat_map(Agent::addresses).map(|address| address.port()).collect()
    }
}

fn device(number: usize, interfaces: u32) -> Device {
    let mut device = Device::new(four_counters(switch(interfaces, Port::Wide)));
    // Every third interface is idle, as in most places; the others carry up to a gigabit a second.
    for interface in (1..=interfaces).filter(|interface| interface % 3 > 0) {
        let load = (u64::from(interface) * 7 + number as u64) % 97 + 1;
        for (count, rate, begin) in [
            (Count::InOctets, 1_250_000, 123_456_789_012),
            (Count::OutOctets, 730_000, 98_765_432_109),
            (Count::InPackets, 1_400, 234_567_890),
            (Count::OutPackets, 900, 198_765_432),
        ] {
            let of = Of::Interface(interface);
            device.set_counter(of, count, begin);
            device.set_rate(of, count, rate * load);
        }
    }
    device
}

/// Without the columns that peers are not asked to read either.
fn four_counters(mut recording: Recording) -> Recording {
    const IF_TABLE: &[u32] = &[1, 3, 6, 1, 2, 1, 2, 2, 1];
    const IF_X_TABLE: &[u32] = &[1, 3, 6, 1, 2, 1, 31, 1, 1, 1];

    recording.retain(|name, _| {
        let column = |table: &[u32]| name.strip_prefix(table).and_then(|rest| rest.first().copied());
        column(IF_TABLE).is_none_or(|column| column < 10)
            && column(IF_X_TABLE).is_none_or(|column| matches!(column, 1 | 6 | 7 | 10 | 11 | 15 | 18))
    });
    recording
}
