//! Counters as `OpenMetrics` 1.0, in a text that Prometheus' older format reads in the same way: servers of files seldom say
//! which of the two it is.
//!
//! There are no times beside the values, since the two formats disagree about their unit. What is not known at present is left
//! out, which Prometheus takes for what it is: no rate, rather than one of 0.

use std::io::{self, Write};

use stats::{Counts, Interface, OperStatus, Quantity, Speed, Timestamp};

use super::super::Outlook;
use super::{Counted, Source};

/// A counter's name without its ending, and what it is.
const fn family(quantity: Quantity) -> (&'static str, &'static str) {
    match quantity {
        Quantity::InOctets => ("interface_receive_bytes", "Octets received, with their framing."),
        Quantity::OutOctets => ("interface_transmit_bytes", "Octets sent, with their framing."),
        Quantity::InPackets => ("interface_receive_packets", "Packets of every kind received."),
        Quantity::OutPackets => ("interface_transmit_packets", "Packets of every kind sent."),
        Quantity::InErrors => ("interface_receive_errors", "Packets received damaged."),
        Quantity::OutErrors => ("interface_transmit_errors", "Packets not sent because of errors."),
        Quantity::InDiscards => ("interface_receive_discards", "Packets received whole and thrown away."),
        Quantity::OutDiscards => ("interface_transmit_discards", "Packets thrown away instead of sent."),
    }
}

/// The same of what is counted in a unit of the config's.
const COUNTED: [(Quantity, &str, &str); 2] = [
    (Quantity::InOctets, "counted_in", "What came in, in the unit that its label says."),
    (Quantity::OutOctets, "counted_out", "What went out, in the unit that its label says."),
];

pub(super) fn write(
    out: &mut impl Write,
    sources: &[Source<'_>],
    written: Timestamp,
    outlook: Outlook,
) -> io::Result<()> {
    if outlook == Outlook::GoesOn {
        for (place, quantity) in Quantity::ALL.into_iter().enumerate() {
            let (name, about) = family(quantity);
            write_family(out, sources, place, name, about, false)?;
        }
        for (quantity, name, about) in COUNTED {
            write_family(out, sources, quantity as usize, name, about, true)?;
        }
    }
    write_interfaces(out, sources)?;
    head(out, "live_interface_stats_target_up", "gauge", "Whether the target could be read the last time.")?;
    for source in sources {
        let watch = source.watch.lock();
        let target = Escaped(watch.name());
        let up = u8::from(watch.problem().is_none() && outlook == Outlook::GoesOn);
        writeln!(out, "live_interface_stats_target_up{{target=\"{target}\"}} {up}")?;
    }
    head(out, "live_interface_stats_written_timestamp_seconds", "gauge", "When this file was written.")?;
    writeln!(out, "live_interface_stats_written_timestamp_seconds {}", Seconds(written))?;
    writeln!(out, "# EOF")
}

/// A counter of all interfaces; of those targets that count octets, or of the others.
fn write_family(
    out: &mut impl Write,
    sources: &[Source<'_>],
    place: usize,
    name: &str,
    about: &str,
    has_unit: bool,
) -> io::Result<()> {
    let is_of_octets = matches!(Quantity::ALL[place], Quantity::InOctets | Quantity::OutOctets);
    let mut has_head = false;
    for source in sources {
        let (target, unit) = {
            let watch = source.watch.lock();
            (watch.name().to_owned(), watch.counts().and_then(|counts: &Counts| counts.unit.clone()))
        };
        if has_unit != (unit.is_some() && is_of_octets) {
            continue;
        }
        let unit = unit.filter(|_| has_unit).map(|unit| format!(",unit=\"{}\"", Escaped(&unit))).unwrap_or_default();
        let exporter = source.exporter.lock();
        let known = exporter.counted.iter().filter(|(_, counted)| counted.is_known);
        for (interface, Counted { sums, since, .. }) in known {
            let Some(sum) = sums[place] else { continue };
            if !has_head {
                has_head = true;
                head(out, name, "counter", about)?;
                if name.ends_with("_bytes") {
                    writeln!(out, "# UNIT {name} bytes")?;
                }
            }
            let labels = format!("target=\"{}\",interface=\"{}\"{unit}", Escaped(&target), Escaped(interface));
            writeln!(out, "{name}_total{{{labels}}} {sum}")?;
            writeln!(out, "{name}_created{{{labels}}} {}", Seconds(*since))?;
        }
    }
    Ok(())
}

/// A line of something about an interface.
type Line = fn(&mut dyn Write, &str, &Interface) -> io::Result<()>;

fn write_interfaces(out: &mut impl Write, sources: &[Source<'_>]) -> io::Result<()> {
    let families: [(&str, &str, Line); 3] = [
        ("interface_info", "What the interface is called.", |out, labels, interface| {
            let alias = Escaped(interface.if_alias.as_deref().unwrap_or_default());
            let descr = Escaped(interface.if_descr.as_deref().unwrap_or_default());
            writeln!(out, "interface_info{{{labels},alias=\"{alias}\",descr=\"{descr}\"}} 1")
        }),
        ("interface_up", "Whether the interface is up (ifOperStatus).", |out, labels, interface| {
            let Some(status) = interface.oper_status.filter(|status| *status != OperStatus::Unknown) else {
                return Ok(());
            };
            writeln!(out, "interface_up{{{labels}}} {}", u8::from(status == OperStatus::Up))
        }),
        ("interface_speed_bytes_per_second", "What the link carries.", |out, labels, interface| {
            let Some(speed) = interface.speed.and_then(Speed::exact) else { return Ok(()) };
            writeln!(out, "interface_speed_bytes_per_second{{{labels}}} {}", speed.bits_per_second() / 8)
        }),
    ];
    for (name, about, line) in families {
        head(out, name, "gauge", about)?;
        for source in sources {
            let watch = source.watch.lock();
            let target = Escaped(watch.name());
            for followed in watch.followed() {
                let interface = followed.interface().unpack();
                let labels = format!("target=\"{target}\",interface=\"{}\"", Escaped(&interface.name));
                line(out, &labels, &interface)?;
            }
        }
    }
    Ok(())
}

fn head(out: &mut impl Write, name: &str, kind: &str, about: &str) -> io::Result<()> {
    writeln!(out, "# TYPE {name} {kind}\n# HELP {name} {about}")
}

/// A text within quotes.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for part in self.0.split_inclusive(['\\', '"', '\n']) {
            let (plain, special) = match part.char_indices().last() {
                Some((at, '\\')) => (&part[..at], "\\\\"),
                Some((at, '"')) => (&part[..at], "\\\""),
                Some((at, '\n')) => (&part[..at], "\\n"),
                _ => (part, ""),
            };
            formatter.write_str(plain)?;
            formatter.write_str(special)?;
        }
        Ok(())
    }
}

/// A time in seconds since 1970.
struct Seconds(Timestamp);

impl std::fmt::Display for Seconds {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let micros = self.0.as_micros();
        write!(formatter, "{}.{:06}", micros / 1_000_000, micros % 1_000_000)
    }
}
