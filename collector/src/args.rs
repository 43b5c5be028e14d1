//! The command line, as it is written. What it means together with a config is settled in `config`.
//!
//! Knows nothing of the rest of the collector: `cargo xtask dist` reads it too, and makes completions and man pages of it.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

/// Reads interface counters and writes them into small stats files, for a page that draws them live
///
/// A TARGET is `local`, this machine's own interfaces, or one of them by its name: `ppp0`; `snmp://HOST[:PORT]`, an SNMP
/// agent; or `file:PATH`, a file like /proc/net/dev. A config can name commands too. An agent's community is `public`
/// unless the environment variable SNMP_COMMUNITY, a file (--community-file) or the config says otherwise. Secrets are
/// never arguments, which everybody on the machine can read.
#[expect(clippy::doc_markdown, reason = "it is printed as it is")]
#[derive(Debug, Parser)]
#[command(name = "live-interface-stats", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Reads the targets again and again, and publishes each time, until it is told to end
    Run(CollectArguments),
    /// Reads the targets once, publishes, and leaves: for cron and systemd timers
    Once(OnceArguments),
    /// Shows a target's interfaces, with their names, states and counters
    List(ListArguments),
    /// Tells what `run` with the same arguments would find and do, and fails where something is to be mended
    Check(CollectArguments),
    /// Lays the page and a first config out in a directory, for those who have no package; overwrites nothing
    Init(InitArguments),
}

#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// Where: the page comes into `page` there, the config beside that
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
}

#[expect(clippy::doc_markdown, reason = "it is printed as it is")]
#[derive(Debug, Args)]
pub(crate) struct CollectArguments {
    /// What to read [default: local]
    // Not parsed here: what can't be a target may hold a secret, which the parser's errors would repeat.
    #[arg(value_name = "TARGET", conflicts_with = "config")]
    pub(crate) targets: Vec<String>,

    /// Directory of the stats files, usually `stats` beside the page [default: dist/stats]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Time between readings, such as 500ms, 1s or 1m [default: 1s]
    #[arg(long, value_name = "TIME", value_parser = interval)]
    pub(crate) interval: Option<Duration>,

    /// Interfaces to read, by name, alias or pattern (ppp0, eth*); can be given again [default: all that are neither
    /// loopback nor down]
    #[arg(long = "interface", value_name = "GLOB")]
    pub(crate) interfaces: Vec<String>,

    /// Write live_interface_stats_IFNAME.txt too, as the original did, for the pages that read them
    #[arg(long)]
    pub(crate) legacy: bool,

    /// Write metrics.txt too, with the counters for Prometheus
    #[arg(long)]
    pub(crate) openmetrics: bool,

    /// TOML file with many targets
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) snmp: SnmpArguments,
}

#[expect(clippy::doc_markdown, reason = "it is printed as it is")]
#[derive(Debug, Args)]
pub(crate) struct OnceArguments {
    #[command(flatten)]
    pub(crate) collect: CollectArguments,

    /// File that keeps what the next call needs [default: one for each DIR, in $STATE_DIRECTORY, $XDG_STATE_HOME or
    /// ~/.local/state]
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// What to read
    #[arg(value_name = "TARGET", default_value = "local")]
    pub(crate) target: String,

    /// Print an array of objects, for scripts
    #[arg(long)]
    pub(crate) json: bool,

    /// Show these interfaces only; can be given again
    #[arg(long = "interface", value_name = "GLOB")]
    pub(crate) interfaces: Vec<String>,

    #[command(flatten)]
    pub(crate) snmp: SnmpArguments,
}

#[expect(clippy::doc_markdown, reason = "it is printed as it is")]
#[derive(Debug, Args)]
#[command(next_help_heading = "SNMP")]
pub(crate) struct SnmpArguments {
    /// 1, 2c or 3 [default: 2c]
    // The values are parsed elsewhere: what is none of them may be a secret, which the parser's errors would repeat.
    #[arg(long, value_name = "VERSION")]
    pub(crate) snmp_version: Option<String>,

    /// How long to wait for an answer, such as 500ms or 2s [default: as long as the interval allows]
    #[arg(long, value_name = "TIME", value_parser = timeout)]
    pub(crate) timeout: Option<Duration>,

    /// How often to ask again when there is no answer [default: 1]
    #[arg(long, value_name = "NUMBER", value_parser = retries)]
    pub(crate) retries: Option<u32>,

    /// File whose first line is the community
    #[arg(long, value_name = "FILE")]
    pub(crate) community_file: Option<PathBuf>,

    /// User to read as, in version 3
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,

    /// How the user is authenticated: MD5, SHA-1, SHA-224, SHA-256, SHA-384 or SHA-512 [default: not at all]
    #[arg(long, value_name = "PROTOCOL")]
    pub(crate) auth: Option<String>,

    /// File whose first line is the password for that; or the environment variable SNMP_AUTH_PASSWORD
    #[arg(long, value_name = "FILE")]
    pub(crate) auth_password_file: Option<PathBuf>,

    /// How messages are encrypted: DES, AES-128, AES-192 or AES-256 [default: not at all]
    #[arg(long, value_name = "PROTOCOL")]
    pub(crate) privacy: Option<String>,

    /// File whose first line is the password for that; or the environment variable SNMP_PRIVACY_PASSWORD
    #[arg(long, value_name = "FILE")]
    pub(crate) privacy_password_file: Option<PathBuf>,

    /// Context to read, where a device has more than one
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,
}

/// A time between readings.
pub(crate) fn interval(text: &str) -> Result<Duration, String> {
    const SHORTEST: Duration = Duration::from_millis(100);
    const LONGEST: Duration = Duration::from_hours(24);

    let interval = humantime::parse_duration(text).map_err(|error| format!("{error}: write 1s, 500ms or 5m"))?;
    if (SHORTEST..=LONGEST).contains(&interval) {
        Ok(interval)
    } else {
        Err("it is to be from 100ms to 1day".to_owned())
    }
}

/// How long an answer may be waited for.
pub(crate) fn timeout(text: &str) -> Result<Duration, String> {
    const SHORTEST: Duration = Duration::from_millis(10);
    const LONGEST: Duration = Duration::from_mins(1);

    let timeout = humantime::parse_duration(text).map_err(|error| format!("{error}: write 500ms or 2s"))?;
    if (SHORTEST..=LONGEST).contains(&timeout) { Ok(timeout) } else { Err("it is to be from 10ms to 1m".to_owned()) }
}

/// How often a question may be asked again.
pub(crate) fn retries(text: &str) -> Result<u32, String> {
    const MOST: u32 = 10;

    let retries = text.parse().ok().filter(|retries| *retries <= MOST);
    retries.ok_or_else(|| format!("it is to be a number from 0 to {MOST}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn intervals_are_bounded() {
        assert_eq!(interval("1500ms"), Ok(Duration::from_millis(1_500)));
        for text in ["", "1", "0s", "99ms", "2days", "-1s", "1s garbage"] {
            assert!(interval(text).is_err(), "{text}");
        }
    }

    #[test]
    fn patience_is_bounded() {
        assert_eq!(timeout("1500ms"), Ok(Duration::from_millis(1_500)));
        for text in ["", "1", "9ms", "61s", "0s", "-1s"] {
            assert!(timeout(text).is_err(), "{text}");
        }
        assert_eq!((retries("0"), retries("10")), (Ok(0), Ok(10)));
        for text in ["", "-1", "11", "many", "1.5"] {
            assert!(retries(text).is_err(), "{text}");
        }
    }
}
