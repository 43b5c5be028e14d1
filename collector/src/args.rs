//! The command line, as it is written. What it means together with a config is settled in `config`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

/// Reads interface counters and writes them into small stats files, for a page that draws them live
///
/// A TARGET is `local`, this machine's own interfaces, or `snmp://HOST[:PORT]`, an SNMP agent. Its community is `public`
/// unless the environment variable SNMP_COMMUNITY, a file (--community-file) or the config says otherwise.
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
}

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

#[derive(Debug, Args)]
pub(crate) struct SnmpArguments {
    /// File whose first line is the SNMP community
    #[arg(long, value_name = "FILE")]
    pub(crate) community_file: Option<PathBuf>,
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
}
