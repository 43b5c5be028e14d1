//! What a TARGET is, and how it is written. Knows nothing of how it is read.
//!
//! A command is none that is written in one word: it stands in the config only.

use std::borrow::Cow;
use std::fmt;
use std::net::Ipv6Addr;
use std::path::PathBuf;
use std::str::FromStr;

use stats::clean;

use crate::source::command::CommandLine;

/// Something whose interfaces can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// This machine.
    Local,
    /// An SNMP agent.
    Snmp(AgentAddress),
    /// A file like `/proc/net/dev`.
    File(PathBuf),
    /// A program of the user's.
    Command(CommandLine),
}

/// Where an SNMP agent listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AgentAddress {
    /// A name or an address, without brackets.
    pub(crate) host: String,
    /// The UDP port.
    pub(crate) port: u16,
}

/// The port that agents listen on (RFC 3417).
const SNMP_PORT: u16 = 161;

/// Why a text is no target, and what to write instead.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TargetError {
    /// It is no URL of a kind that is known.
    #[error("`{}` is no target: write `local` for this machine, `snmp://HOST[:PORT]` for an SNMP agent, or `file:PATH` for a file like /proc/net/dev{}", shown(.0), hint(&shown(.0)))]
    Unknown(String),
    /// The URL has no host.
    #[error("`{}` names no host: write it as snmp://HOST[:PORT]", shown(.0))]
    NoHost(String),
    /// The host is no name and no address.
    #[error(
        "`{}` has a host that is neither a name nor an address: write it as snmp://router.example, snmp://192.0.2.1 or snmp://[2001:db8::1]",
        shown(.0)
    )]
    BadHost(String),
    /// The port is no number from 1 to 65535.
    #[error("`{}` has no port from 1 to 65535 after the colon: write it as snmp://HOST:161", shown(.0))]
    BadPort(String),
    /// There is more than a host and a port. The text is not repeated, since a secret may be in it.
    #[error(
        "a target holds a host and a port only: a community is given in the environment (SNMP_COMMUNITY), in a file \
         (--community-file) or in the config"
    )]
    Secret,
    /// There is nothing after `file:`.
    #[error("`{0}` names no file: write it as file:/path/to/net/dev")]
    NoFile(String),
    /// There is a path or a query.
    #[error("`{}` has something after the host: write it as snmp://HOST[:PORT]", shown(.0))]
    Trailing(String),
}

/// The part of what was written that can't be a secret, for an error: what comes after a host is often one.
fn shown(text: &str) -> Cow<'_, str> {
    /// As a port may be written by mistake.
    const LONGEST: usize = 6;

    let is_port = |text: &str| text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_address = |text: &str| text.contains(':') && text.bytes().all(|c| c.is_ascii_hexdigit() || c == b':');
    let begin = text.find("://").map_or(0, |at| at + 3);
    // The colons of an address in brackets lead to no secret.
    let bracket = text[begin..].strip_prefix('[').and_then(|rest| rest.find(']')).map_or(begin, |at| begin + at);
    let Some(end) = text[bracket..].find([':', '/', '?', '#']).map(|at| bracket + at) else { return text.into() };
    let is_harmless = text[end..].strip_prefix(':').is_some_and(is_port) || &text[end..] == "/";
    if is_harmless || is_address(&text[begin..]) { text.into() } else { format!("{}…", &text[..=end]).into() }
}

fn hint(text: &str) -> String {
    let is_host = text.contains('.') || text.contains(':');
    if text.contains("://") || text.contains('/') || text.is_empty() {
        String::new()
    } else if is_host {
        format!(" (`snmp://{text}`?)")
    } else {
        format!("; an interface of this machine is chosen with `--interface {text}`")
    }
}

/// Whether a word means an interface of this machine rather than a target: `ppp0`, `eth0.100`, `eth*`. A host is written as
/// a URL, and what looks like a host without one is better asked back about.
pub(crate) fn is_interface(word: &str) -> bool {
    /// What Linux lets an interface's name have; a pattern may be longer, and is not so by much.
    const LONGEST: usize = 15;

    let is_vlan = |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let (name, vlan) = word.split_once('.').map_or((word, None), |(name, rest)| (name, Some(rest)));
    word != "local"
        && (1..=LONGEST).contains(&word.len())
        && !word.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, ':' | '/' | '@'))
        && !name.bytes().all(|byte| byte.is_ascii_digit())
        && vlan.is_none_or(is_vlan)
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        if text == "local" {
            return Ok(Self::Local);
        }
        if let Some(path) = text.strip_prefix("file:") {
            // As a URL has it too: file:///path.
            let path = path.strip_prefix("//").filter(|rest| rest.starts_with('/')).unwrap_or(path);
            return if path.is_empty() {
                Err(TargetError::NoFile(text.to_owned()))
            } else {
                Ok(Self::File(path.into()))
            };
        }
        let has_scheme = text.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("snmp://"));
        if !has_scheme {
            return Err(if text.contains('@') { TargetError::Secret } else { TargetError::Unknown(text.to_owned()) });
        }
        let rest = &text[7..];
        if rest.contains('@') {
            return Err(TargetError::Secret);
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#']) {
            return Err(TargetError::Trailing(text.to_owned()));
        }
        let (host, port) = split(rest).ok_or_else(|| TargetError::BadHost(text.to_owned()))?;
        if host.is_empty() {
            return Err(TargetError::NoHost(text.to_owned()));
        }
        if !is_host(host) {
            return Err(TargetError::BadHost(text.to_owned()));
        }
        let port = match port {
            None => SNMP_PORT,
            Some(port) => {
                port.parse().ok().filter(|port| *port > 0).ok_or_else(|| TargetError::BadPort(text.to_owned()))?
            }
        };
        Ok(Self::Snmp(AgentAddress { host: host.to_owned(), port }))
    }
}

/// The host without brackets, and the port where there is one. Several colons without brackets are an IPv6 address.
fn split(text: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        if !is_ipv6(host) {
            return None;
        }
        return if rest.is_empty() { Some((host, None)) } else { Some((host, Some(rest.strip_prefix(':')?))) };
    }
    match text.split_once(':') {
        Some((_, rest)) if rest.contains(':') => Some((text, None)),
        Some((host, port)) => Some((host, Some(port))),
        None => Some((text, None)),
    }
}

fn is_host(host: &str) -> bool {
    let is_name = host.len() <= 253
        && host.split('.').all(|label| !label.starts_with('-') && label.len() <= 63)
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    is_name || is_ipv6(host)
}

/// Perhaps of one link only, with the interface that leads there: `fe80::1%eth0` (RFC 4007).
fn is_ipv6(host: &str) -> bool {
    let (address, zone) = host.split_once('%').map_or((host, None), |(address, zone)| (address, Some(zone)));
    let is_zone = |zone: &str| !zone.is_empty() && !zone.contains(|c: char| c.is_whitespace() || c.is_control());
    address.parse::<Ipv6Addr>().is_ok() && zone.is_none_or(is_zone)
}

impl Target {
    /// What it is called where nobody named it.
    pub(crate) fn default_name(&self) -> String {
        match self {
            Self::Local => "local".to_owned(),
            Self::Snmp(AgentAddress { host, port: SNMP_PORT }) => host.clone(),
            Self::Snmp(address) => address.to_string(),
            Self::File(path) => clean(&path.to_string_lossy()),
            Self::Command(line) => line.name(),
        }
    }
}

/// As people write it: `router.example:161`, `[2001:db8::1]:161`.
impl fmt::Display for AgentAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(formatter, "[{host}]:{port}") } else { write!(formatter, "{host}:{port}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, host: &str, port: u16) {
        assert_eq!(text.parse(), Ok(Target::Snmp(AgentAddress { host: host.to_owned(), port })));
    }

    #[track_caller]
    fn check_error(text: &str, says: &str) {
        let error = text.parse::<Target>().unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }

    #[test]
    fn hosts_and_ports_are_told_apart() {
        check("snmp://192.0.2.1", "192.0.2.1", 161);
        check("SNMP://router.example.net:1161/", "router.example.net", 1161);
        check("snmp://[2001:db8::1]:1161", "2001:db8::1", 1161);
        check("snmp://2001:db8::1", "2001:db8::1", 161);
        check("snmp://[fe80::1%eth0]:1161", "fe80::1%eth0", 1161);
        check("snmp://fe80::1%2", "fe80::1%2", 161);
    }

    #[test]
    fn what_is_wrong_is_said_with_what_to_write() {
        check_error("", "write `local` for this machine");
        check_error("192.0.2.1", "`snmp://192.0.2.1`?");
        check_error("eth0", "--interface eth0");
        check_error("http://192.0.2.1", "snmp://HOST[:PORT]");
        check_error("snmp://", "names no host");
        check_error("snmp://:161", "names no host");
        check_error("snmp://h:0", "no port from 1 to 65535");
        check_error("snmp://h:65536", "no port from 1 to 65535");
        check_error("snmp://h:", "no port from 1 to 65535");
        check_error("snmp://a b", "neither a name nor an address");
        check_error("snmp://[::1", "neither a name nor an address");
        check_error("snmp://[::1]x", "neither a name nor an address");
        check_error("snmp://[fe80::1%]", "neither a name nor an address");
        check_error("snmp://host%eth0", "neither a name nor an address");
        check_error("snmp://h/ifTable", "something after the host");
    }

    #[test]
    fn a_word_that_is_no_url_and_no_host_is_an_interface() {
        for word in ["ppp0", "eth0.100", "br-lan", "eth*", "wlan0_1", "locl"] {
            assert!(is_interface(word), "{word}");
        }
        for word in
            ["local", "", "192", "192.0.2.1", "router.example", "router:161", "file:x", "a@b", "/dev", "a b", "eth0."]
        {
            assert!(!is_interface(word), "{word}");
        }
    }

    #[test]
    fn a_secret_in_a_target_is_refused_and_not_repeated() {
        for text in ["snmp://s3cret@192.0.2.1", "s3cret@192.0.2.1"] {
            let error = text.parse::<Target>().unwrap_err().to_string();
            assert!(error.contains("SNMP_COMMUNITY") && !error.contains("s3cret"), "{error}");
        }
    }

    #[track_caller]
    fn check_shown(text: &str, shown: &str) {
        let error = text.parse::<Target>().unwrap_err().to_string();
        assert!(error.starts_with(&format!("`{shown}` ")) && !error.contains("s3cret"), "{error}");
    }

    #[test]
    fn what_stands_behind_a_host_may_be_a_secret_and_is_not_repeated() {
        check_shown("snmp://h?community=s3cret", "snmp://h?…");
        check_shown("snmp://h/s3cret", "snmp://h/…");
        check_shown("snmp://h:s3cret", "snmp://h:…");
        check_shown("snmp://h:161#s3cret", "snmp://h:…");
        check_shown("snmp://[2001:db8::1]:s3cret", "snmp://[2001:db8::1]:…");
        check_shown("snmp://a b:s3cret", "snmp://a b:…");
        check_shown("http://h/?community=s3cret", "http://h/…");
        check_shown("router:s3cret", "router:…");
        // What was meant for a port is repeated.
        check_shown("snmp://h:65536", "snmp://h:65536");
        check_shown("snmp://:161", "snmp://:161");
        check_shown("router:161", "router:161");
    }

    #[test]
    fn files_are_paths_or_urls() {
        let file = |path: &str| Ok(Target::File(PathBuf::from(path)));
        assert_eq!("file:/proc/1/net/dev".parse(), file("/proc/1/net/dev"));
        assert_eq!("file:///proc/1/net/dev".parse(), file("/proc/1/net/dev"));
        assert_eq!("file:dev".parse(), file("dev"));
        check_error("file:", "names no file");
    }

    #[test]
    fn names_tell_ports_apart() {
        let name = |text: &str| text.parse::<Target>().unwrap().default_name();
        assert_eq!(name("snmp://h"), "h");
        assert_eq!(name("snmp://h:1161"), "h:1161");
        assert_eq!(name("snmp://[::1]:1161"), "[::1]:1161");
        assert_eq!(name("local"), "local");
    }
}
