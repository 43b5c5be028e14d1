//! The test agent as a program, so that the collector can be tried by hand against a device that misbehaves.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use anyhow::{Context, anyhow};
use clap::Parser;
use test_agent::{Agent, Count, Device, Fault, Of, Port, Recording, Refresh, When, parse_snmprec, switch};

/// Serves made-up or recorded devices by SNMP v1 and v2c on loopback addresses, and misbehaves as it is told
#[derive(Debug, Parser)]
struct Arguments {
    /// Recording of a device (.snmprec) [default: a switch that is made up]
    #[arg(long, value_name = "FILE", conflicts_with = "interfaces")]
    recording: Option<PathBuf>,

    /// How many ports the switch has
    #[arg(long, value_name = "N", default_value_t = 4)]
    interfaces: u32,

    /// How many such devices there are: 127.0.0.1, 127.0.0.2 and so on
    #[arg(long, value_name = "N", default_value_t = 1)]
    devices: u32,

    /// Where the first one listens
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:11161")]
    listen: SocketAddr,

    /// Octets a second, in and out, of each interface; a packet for each 1,000 of them
    #[arg(long, value_name = "OCTETS", default_value_t = 1_000_000)]
    rate: u64,

    /// How often it looks at its counters [default: at each request]
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    refresh: Option<Duration>,

    /// What is wrong with it, and when: drop, drop@10%, delay=300ms@every-5, too-big-above=30, instead=request-id@3x,
    /// gen-err=1.3.6.1.2.1.2.2.1.14; can be given again
    #[arg(long = "fault", value_name = "FAULT[@WHEN]")]
    faults: Vec<String>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let recording = recording(&arguments)?;
    let faults = arguments.faults.iter().map(|fault| parse(fault)).collect::<anyhow::Result<Vec<_>>>()?;
    let devices = (0..arguments.devices).map(|number| {
        let mut device = Device::new(recording.clone());
        for (when, fault) in &faults {
            device.misbehave_when(*when, fault.clone());
        }
        let rates =
            [(Count::InOctets, 1), (Count::OutOctets, 1), (Count::InPackets, 1_000), (Count::OutPackets, 1_000)];
        for (count, divisor) in rates {
            device.set_rate(Of::All, count, arguments.rate / divisor);
        }
        if let Some(period) = arguments.refresh {
            device.refresh(Refresh::Timer { period, jitter: Duration::ZERO });
        }
        (nth(arguments.listen, number), device)
    });
    let agent = Agent::serving_all(devices).context("cannot listen there: give another address with --listen")?;
    for address in agent.addresses() {
        #[expect(clippy::print_stdout, reason = "it says where to ask")]
        {
            println!("snmp://{address}");
        }
    }
    loop {
        thread::park();
    }
}

fn recording(arguments: &Arguments) -> anyhow::Result<Recording> {
    let Some(path) = &arguments.recording else { return Ok(switch(arguments.interfaces, Port::Wide)) };
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse_snmprec(&text).map_err(|what| anyhow!("{}, {what}: no line of a recording", path.display()))
}

fn parse(text: &str) -> anyhow::Result<(When, Fault)> {
    let (fault, when) = text.split_once('@').unwrap_or((text, "always"));
    let when = when.parse().map_err(|what: String| anyhow!(what))?;
    let fault = fault.parse().map_err(|what: String| anyhow!(what))?;
    Ok((when, fault))
}

/// The so manyth address after the first one, with the same port; IPv6 has one loopback address, and so other ports.
fn nth(first: SocketAddr, number: u32) -> SocketAddr {
    match first {
        SocketAddr::V4(address) => {
            let host = u32::from(*address.ip()).wrapping_add(number);
            SocketAddr::from((host.to_be_bytes(), address.port()))
        }
        SocketAddr::V6(address) => {
            let port = u32::from(address.port()).saturating_add(number);
            SocketAddr::from((*address.ip(), u16::try_from(port).unwrap_or(0)))
        }
    }
}
