//! The command line, as it is written. What it means together with a config is settled in `config`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::secret::{Secret, SecretError};
use crate::settings::{self, Place, Said, Settings};

/// Reads interface counters and writes them into small stats files, for a page that draws them live
///
/// A TARGET is `local`, this machine's own interfaces, or one of them by its name: `ppp0`; `snmp://HOST[:PORT]`, an SNMP
/// agent; or `file:PATH`, a file like /proc/net/dev. A config can name commands too. An agent's community is `public` unless the environment variable
/// SNMP_COMMUNITY, a file (--community-file) or the config says otherwise. Secrets are never arguments, which everybody
/// on the machine can read.
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
    #[arg(long, value_name = "TIME", value_parser = settings::timeout)]
    pub(crate) timeout: Option<Duration>,

    /// How often to ask again when there is no answer [default: 1]
    #[arg(long, value_name = "NUMBER", value_parser = settings::retries)]
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

impl SnmpArguments {
    /// What they and the environment say; a flag before a variable.
    pub(crate) fn settings(&self) -> Result<Settings, SecretError> {
        Ok(Settings {
            version: said("snmp-version", self.snmp_version.as_ref()),
            timeout: said("timeout", self.timeout.as_ref()),
            retries: said("retries", self.retries.as_ref()),
            community: secret("community", "community-file", self.community_file.as_deref(), "SNMP_COMMUNITY")?,
            user: said("user", self.user.as_ref()),
            auth: said("auth", self.auth.as_ref()),
            auth_password: secret(
                "password",
                "auth-password-file",
                self.auth_password_file.as_deref(),
                "SNMP_AUTH_PASSWORD",
            )?,
            privacy: said("privacy", self.privacy.as_ref()),
            privacy_password: secret(
                "password",
                "privacy-password-file",
                self.privacy_password_file.as_deref(),
                "SNMP_PRIVACY_PASSWORD",
            )?,
            context: said("context", self.context.as_ref()),
        })
    }
}

fn said<T: Clone>(flag: &'static str, value: Option<&T>) -> Option<Said<T>> {
    value.map(|value| Said { value: value.clone(), place: Place::Flag(flag) })
}

fn secret(
    what: &'static str,
    flag: &'static str,
    file: Option<&Path>,
    variable: &'static str,
) -> Result<Option<Said<Secret>>, SecretError> {
    if let Some(path) = file {
        return Ok(Some(Said { value: Secret::from_file(what, path)?, place: Place::Flag(flag) }));
    }
    Ok(Secret::from_environment(variable).map(|value| Said { value, place: Place::Variable(variable) }))
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
