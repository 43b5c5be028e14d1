//! The parser's errors as people read them: with the key that they are about, and what to write instead. The value is not
//! repeated: it may be a secret that stands in the wrong place.

use super::line_of;

/// What is wrong at an octet of a config, of which the parser says this.
pub(super) fn explain(message: &str, text: &str, at: Option<usize>) -> String {
    let message = message.replace('\n', ", ");
    if let Some(sentence) = unknown_key(&message) {
        return sentence;
    }
    if message.starts_with("missing field") {
        return message;
    }
    let Some(at) = at else { return message };
    if message.starts_with("invalid type") || message.starts_with("invalid length") {
        let Some(key) = key_before(text, at) else { return message };
        return format!("{key}: {}", remedy(key));
    }
    match key_of_line(text.lines().nth(line_of(text, at) - 1).unwrap_or_default()) {
        Some(key) => format!("{key}: {message}"),
        None => message,
    }
}

/// What is to be written for a key, as it would be accepted.
fn remedy(key: &str) -> &'static str {
    match key {
        "target" => "write [[target]], with two brackets: there can be several",
        "interfaces" => "write a list of texts, also for one: [\"eth0\", \"ppp*\"]",
        "command" => "write a list of texts, the program and its arguments: [\"cat\", \"/proc/net/dev\"]",
        "labels" => "write a list of two short words: [\"read\", \"written\"]",
        "max" => "write for which interfaces: { \"eth*\" = \"100M\" }",
        "legacy" | "openmetrics" | "keep-running" => "write true or false, without quotes",
        "interval" | "timeout" => "write a time, between quotes: \"1s\"",
        _ => "write a text, between quotes",
    }
}

/// With the key that was most likely meant.
fn unknown_key(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("unknown field `")?;
    let (unknown, known) = rest.split_once('`')?;
    let known = known.split('`').skip(1).step_by(2);
    let likeness = |key: &&str| strsim::jaro_winkler(unknown, key);
    let nearest = known.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).filter(|key| likeness(key) > 0.6);
    Some(match nearest {
        Some(nearest) => format!("unknown key `{unknown}`: did you mean `{nearest}`?"),
        None => message.replace("unknown field", "unknown key"),
    })
}

/// The key whose value an octet is in, which may be a list over several lines; or the table that is named there.
fn key_before(text: &str, at: usize) -> Option<&str> {
    let mut lines: Vec<&str> = text.lines().take(line_of(text, at)).map(str::trim).collect();
    if let Some(header) = lines.last().and_then(|line| line.strip_prefix('[')?.strip_suffix(']')) {
        return Some(header.trim());
    }
    lines.reverse();
    lines.into_iter().find_map(key_of_line)
}

/// What a line gives a value to.
fn key_of_line(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let key = key.trim().trim_matches(['"', '\'']);
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '*' | '.'));
    is_key.then_some(key)
}
