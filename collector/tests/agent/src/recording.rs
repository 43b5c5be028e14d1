//! Recordings of devices, in the format of snmpsim: `OID|TYPE|VALUE`, a line an instance.

use std::collections::BTreeMap;

use crate::value::{Name, Value};

/// What a device had, in the order of the names.
pub type Recording = BTreeMap<Name, Value>;

/// Reads a recording.
///
/// # Errors
///
/// When a line is not understood; the error names it.
pub fn parse_snmprec(text: &str) -> Result<Recording, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(at, line)| parse_line(line).ok_or_else(|| format!("line {}: `{line}`", at + 1))).collect()
}

fn parse_line(line: &str) -> Option<(Name, Value)> {
    let mut parts = line.splitn(3, '|');
    let (name, kind, value) = (parts.next()?, parts.next()?, parts.next()?);
    // Of a value that snmpsim would vary, `67:numeric|rate=100`, some value will do.
    let (kind, value) = match kind.split_once(':') {
        Some((kind, _)) => (kind, "0"),
        None => (kind, value),
    };
    let value = match kind {
        "2" => Value::Integer(value.parse().ok()?),
        "4" => Value::Octets(value.as_bytes().to_vec()),
        "4x" => Value::Octets(parse_hex(value)?),
        "6" => Value::Name(parse_name(value)?),
        "65" => Value::Counter32(value.parse().ok()?),
        "66" => Value::Gauge32(value.parse().ok()?),
        "67" => Value::TimeTicks(value.parse().ok()?),
        "70" => Value::Counter64(value.parse().ok()?),
        _ => return None,
    };
    Some((parse_name(name)?, value))
}

fn parse_name(text: &str) -> Option<Name> {
    text.split('.').map(|number| number.parse().ok()).collect()
}

fn parse_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
