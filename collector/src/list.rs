//! `list`: a target's interfaces, for people and for scripts.

use std::io::{self, Write};

use anyhow::bail;
use serde::Serialize;
use serde_json::{Map, Value};
use stats::{AdminStatus, Interface, KeptInterface, OperStatus, Quantity, Reading, Speed};

use crate::config::TargetConfig;
use crate::source::Snapshot;

/// How the list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A table with a line an interface.
    Table,
    /// An array of objects.
    Json,
}

/// Reads the target once and prints its interfaces.
pub(crate) fn list(config: &TargetConfig, form: Form, out: &mut impl Write) -> anyhow::Result<()> {
    let snapshot = config.source().read()?;
    if let Some(missing) = snapshot.missing.first() {
        bail!("{}: {missing}", config.name);
    }
    if snapshot.interfaces.is_empty() && config.has_short_counters_only() {
        tracing::warn!(
            "{}: no interface has counters of 32 bits, and SNMP v1 knows no others: try --snmp-version 2c",
            config.name
        );
    }
    match form {
        Form::Table => print_table(&snapshot, out)?,
        Form::Json => {
            let interfaces: Vec<(Interface, Reading)> =
                snapshot.interfaces.into_iter().map(|(interface, reading)| (interface.unpack(), reading)).collect();
            let listed = interfaces.iter().map(|(interface, reading)| Listed::new(interface, reading));
            serde_json::to_writer_pretty(&mut *out, &listed.collect::<Vec<_>>())?;
            writeln!(out)?;
        }
    }
    Ok(())
}

/// An interface as scripts get it. What is not known is null, so that the keys are always the same.
#[derive(Serialize)]
struct Listed<'a> {
    index: Option<u32>,
    name: &'a str,
    alias: Option<&'a str>,
    descr: Option<&'a str>,
    speed: Option<u64>,
    status: Option<&'a str>,
    #[serde(rename = "adminStatus")]
    admin_status: Option<&'a str>,
    #[serde(rename = "operStatus")]
    oper_status: Option<&'a str>,
    counters: Map<String, Value>,
}

impl<'a> Listed<'a> {
    fn new(interface: &'a Interface, reading: &Reading) -> Self {
        let totals = reading.totals();
        let counter = |quantity: Quantity| (quantity.name().to_owned(), totals.get(quantity).into());
        Self {
            index: interface.if_index,
            name: &interface.name,
            alias: interface.if_alias.as_deref(),
            descr: interface.if_descr.as_deref(),
            speed: interface.speed.and_then(Speed::exact).map(Speed::bits_per_second),
            status: status(interface),
            admin_status: interface.admin_status.map(AdminStatus::as_str),
            oper_status: interface.oper_status.map(OperStatus::as_str),
            counters: Quantity::ALL.into_iter().map(counter).collect(),
        }
    }
}

/// One word for what can be expected of it.
fn status(interface: &Interface) -> Option<&'static str> {
    match (interface.admin_status, interface.oper_status) {
        (Some(AdminStatus::Down), _) => Some("off"),
        (_, oper) => oper.map(OperStatus::as_str),
    }
}

fn print_table(snapshot: &Snapshot, out: &mut impl Write) -> io::Result<()> {
    const HEADINGS: [&str; 13] = [
        "INDEX",
        "NAME",
        "ALIAS",
        "SPEED",
        "STATUS",
        "IN OCTETS",
        "OUT OCTETS",
        "IN PACKETS",
        "OUT PACKETS",
        "IN ERRORS",
        "OUT ERRORS",
        "IN DISCARDS",
        "OUT DISCARDS",
    ];
    let rows: Vec<Vec<String>> = snapshot.interfaces.iter().map(row).collect();
    if rows.is_empty() {
        return writeln!(out, "no interfaces");
    }
    let widths: Vec<usize> = (0..HEADINGS.len())
        .map(|column| {
            let cells = rows.iter().map(|row| row[column].chars().count());
            cells.chain([HEADINGS[column].len()]).max().unwrap_or(0)
        })
        .collect();
    let headings: Vec<String> = HEADINGS.map(str::to_owned).to_vec();
    for row in std::iter::once(&headings).chain(&rows) {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            // Texts to the left, numbers to the right.
            if matches!(column, 1 | 2 | 4) { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        writeln!(out, "{}", cells.collect::<Vec<String>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn row((interface, reading): &(KeptInterface, Reading)) -> Vec<String> {
    let interface = interface.unpack();
    let unknown = || "-".to_owned();
    let totals = reading.totals();
    let mut row = vec![
        interface.if_index.map_or_else(unknown, |index| index.to_string()),
        interface.name.clone(),
        interface.if_alias.clone().or_else(|| interface.if_descr.clone()).unwrap_or_else(unknown),
        interface.speed.and_then(Speed::exact).map_or_else(unknown, |speed| words_for(speed.bits_per_second())),
        status(&interface).map_or_else(unknown, str::to_owned),
    ];
    row.extend(Quantity::ALL.map(|quantity| totals.get(quantity).map_or_else(unknown, |total| total.to_string())));
    row
}

/// A speed as it stands on the box: `1G`, `2.5G`, `100M`.
fn words_for(bits_per_second: u64) -> String {
    for (prefix, unit) in [("T", 1_000_000_000_000), ("G", 1_000_000_000), ("M", 1_000_000), ("k", 1_000)] {
        if bits_per_second >= unit && bits_per_second.is_multiple_of(unit / 10) {
            let (whole, tenth) = (bits_per_second / unit, bits_per_second % unit / (unit / 10));
            return if tenth == 0 { format!("{whole}{prefix}") } else { format!("{whole}.{tenth}{prefix}") };
        }
    }
    bits_per_second.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_are_as_on_the_box() {
        let speeds = [0, 64_000, 10_000_000, 2_500_000_000, 400_000_000_000, 1_234_567];
        assert_eq!(speeds.map(words_for), ["0", "64k", "10M", "2.5G", "400G", "1234567"]);
    }
}
