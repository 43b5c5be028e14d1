//! What to collect: the command line, the environment and a config file made into one thing that holds together. Past this
//! door nothing is checked again.

mod document;

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use stats::Counts;

use crate::args::{CollectArguments, SnmpArguments};
use crate::max::MaxRules;
use crate::secret::SecretError;
use crate::selection::Selection;
use crate::settings::{Place, Settings, Unfit, Version};
use crate::source::Source;
use crate::source::command::Command;
use crate::source::file::File;
use crate::source::local::Local;
use crate::source::marked::Marked;
use crate::source::snmp::{Access, Agent, Patience, versions};
use crate::target::{Target, TargetError, is_interface};
use document::Document;

/// Everything that a collector needs to know.
#[derive(Debug)]
pub(crate) struct Config {
    /// Where the stats files go.
    pub(crate) out: PathBuf,
    /// What is read; at least one, and no two of a name.
    pub(crate) targets: Vec<TargetConfig>,
}

/// One target, and how to read it.
#[derive(Debug)]
pub(crate) struct TargetConfig {
    pub(crate) name: String,
    pub(crate) target: Target,
    pub(crate) selection: Selection,
    /// `None` where nobody said; see [`TargetConfig::interval`].
    pub(crate) chosen_interval: Option<Duration>,
    /// What it counts, where that is no traffic of a network.
    pub(crate) counts: Option<Box<Counts>>,
    /// What else is written of it.
    pub(crate) exports: Exports,
    /// What counts as full of its interfaces.
    max: MaxRules,
    /// How the target is spoken to, where it is an SNMP agent.
    access: Access,
    timeout: Option<Duration>,
    retries: Option<u32>,
}

/// What is written beside the stats files, for others than our page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exports {
    /// The files of this project's predecessor.
    pub(crate) legacy: bool,
    /// The counters for Prometheus.
    pub(crate) openmetrics: bool,
}

/// Why a config does not hold together.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file can't be read.
    #[error("cannot read the config {file}: {error}")]
    Unreadable {
        /// Its path.
        file: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// Something is wrong in it.
    #[error("{file}:{line}: {what}")]
    Wrong {
        /// Its path.
        file: String,
        /// Counted from 1.
        line: usize,
        /// What, and what to write instead.
        what: String,
    },
    /// A pattern of the command line is none.
    #[error("--interface {pattern}: {error}: write a name, or a pattern such as eth*")]
    Pattern {
        /// As it was given.
        pattern: String,
        /// What is wrong with it.
        error: globset::Error,
    },
    /// A flag of the command line does not fit.
    #[error("--{flag}: {what}")]
    Flag {
        /// Its name.
        flag: &'static str,
        /// What is wrong, and what to write instead.
        what: String,
    },
    /// What the environment says does not fit.
    #[error("the environment variable {variable}: {what}")]
    Variable {
        /// Its name.
        variable: &'static str,
        /// What is wrong, and what to write instead.
        what: String,
    },
    /// Two targets of the command line are one.
    #[error("{0} is given twice: once is enough")]
    Twice(String),
    /// See [`TargetError`].
    #[error(transparent)]
    Target(#[from] TargetError),
    /// See [`SecretError`].
    #[error(transparent)]
    Secret(#[from] SecretError),
}

impl TargetConfig {
    /// How often a target is read, where nobody said otherwise.
    const INTERVAL: Duration = Duration::from_secs(1);

    /// The target that a command line names by itself, for `list`.
    pub(crate) fn single(target: &str, patterns: &[String], arguments: &SnmpArguments) -> Result<Self, ConfigError> {
        let (target, patterns) = if is_interface(target) {
            (Target::Local, [&[target.to_owned()], patterns].concat())
        } else {
            (target.parse()?, patterns.to_vec())
        };
        let selection = if patterns.is_empty() { Selection::All } else { selection(&patterns)? };
        let settings = Settings::of(arguments)?;
        settings.check().map_err(outside_of_a_config)?;
        let config = Self::new(target, selection, None, &settings).map_err(outside_of_a_config)?;
        fit(&settings, std::slice::from_ref(&config)).map_err(outside_of_a_config)?;
        Ok(config)
    }

    /// A target with its usual name.
    fn new(
        target: Target,
        selection: Selection,
        chosen_interval: Option<Duration>,
        settings: &Settings,
    ) -> Result<Self, Unfit> {
        let is_agent = matches!(target, Target::Snmp(_));
        let access = if is_agent { settings.access()? } else { Access::default() };
        Ok(Self {
            name: target.default_name(),
            target,
            selection,
            chosen_interval,
            counts: None,
            exports: Exports::default(),
            max: MaxRules::default(),
            access,
            timeout: settings.timeout.as_ref().map(|said| said.value),
            retries: settings.retries.as_ref().map(|said| said.value),
        })
    }

    /// How often the target is read.
    pub(crate) fn interval(&self) -> Duration {
        self.chosen_interval.unwrap_or(Self::INTERVAL)
    }

    /// How it is read, in words.
    pub(crate) const fn source_words(&self) -> &'static str {
        match self.target {
            Target::Local => "local",
            Target::Snmp(_) => self.access.words(),
            Target::File(_) => "file",
            Target::Command(_) => "command",
        }
    }

    /// Whether it is an SNMP agent.
    pub(crate) const fn is_agent(&self) -> bool {
        matches!(self.target, Target::Snmp(_))
    }

    /// Whether counters of 64 bits can't be read by the version that it is asked by.
    pub(crate) const fn has_short_counters_only(&self) -> bool {
        matches!((&self.target, &self.access), (Target::Snmp(_), Access::V1(_)))
    }

    /// The versions of SNMP that it answers to beside its own; see [`versions::others`].
    pub(crate) fn other_versions(&self) -> Option<Vec<&'static str>> {
        let Target::Snmp(address) = &self.target else { return None };
        let mut agent = Agent::new(address.clone(), self.access.clone());
        agent.patience = Patience::chosen(self.timeout, self.retries, self.interval());
        versions::others(&agent)
    }

    /// How long at a time a reading may have to wait for whoever is asked.
    pub(crate) fn longest_wait(&self) -> Duration {
        match &self.target {
            Target::Local | Target::File(_) => Duration::ZERO,
            Target::Snmp(_) => Patience::chosen(self.timeout, self.retries, self.interval()).timeout,
            Target::Command(line) => line.patience(self.timeout, self.interval()),
        }
    }

    /// What reads it.
    pub(crate) fn source(&self) -> Box<dyn Source> {
        let source: Box<dyn Source> = match &self.target {
            Target::Local => Box::new(Local::new(self.selection.clone())),
            Target::Snmp(address) => {
                let mut agent = Agent::new(address.clone(), self.access.clone());
                agent.patience = Patience::chosen(self.timeout, self.retries, self.interval());
                Box::new(agent.source(self.selection.clone()))
            }
            Target::File(path) => Box::new(File::new(path, self.interval(), self.selection.clone())),
            Target::Command(line) => {
                let patience = line.patience(self.timeout, self.interval());
                Box::new(Command::new(line.clone(), self.name.clone(), patience, self.selection.clone()))
            }
        };
        Marked::wrap(source, &self.max)
    }
}

/// The page looks for its data in `stats` beside itself, and `dist` is where it is built.
const OUT: &str = "dist/stats";

impl Config {
    /// Makes one of what was asked for.
    pub(crate) fn new(arguments: CollectArguments) -> Result<Self, ConfigError> {
        let said = Settings::of(&arguments.snmp)?;
        said.check().map_err(outside_of_a_config)?;
        let patterns = selection(&arguments.interfaces)?;
        if let Some(path) = &arguments.config {
            return Document::read(path)?.config(&arguments, &said, patterns);
        }
        let (interfaces, targets): (Vec<&String>, Vec<&String>) =
            arguments.targets.iter().partition(|word| is_interface(word));
        let targets = targets.into_iter().map(|target| target.parse());
        let mut targets = targets.collect::<Result<Vec<Target>, TargetError>>()?;
        if !interfaces.is_empty() || targets.is_empty() {
            targets.insert(0, Target::Local);
        }
        // `run ppp0` is `run local --interface ppp0`.
        let interfaces: Vec<String> = interfaces.into_iter().chain(&arguments.interfaces).cloned().collect();
        let of_local = selection(&interfaces)?;
        let mut names = HashSet::new();
        let targets = targets.into_iter().map(|target| {
            let selection = if target == Target::Local { &of_local } else { &patterns };
            let target = TargetConfig::new(target, selection.clone(), arguments.interval, &said);
            let target = target.map_err(outside_of_a_config)?;
            if names.insert(target.name.clone()) { Ok(target) } else { Err(ConfigError::Twice(target.name)) }
        });
        let mut targets = targets.collect::<Result<Vec<_>, ConfigError>>()?;
        let exports = Exports { legacy: arguments.legacy, openmetrics: arguments.openmetrics };
        for target in &mut targets {
            target.exports = exports;
        }
        fit(&said, &targets).map_err(outside_of_a_config)?;
        Ok(Self { out: arguments.out.unwrap_or_else(|| PathBuf::from(OUT)), targets })
    }

    /// How often the target is read that is read most often.
    pub(crate) fn shortest_interval(&self) -> Duration {
        self.targets.iter().map(TargetConfig::interval).min().unwrap_or_default()
    }
}

/// Whether all that was said of all targets is of use for one of them.
fn fit(settings: &Settings, targets: &[TargetConfig]) -> Result<(), Unfit> {
    let of_snmp = targets.iter().filter(|target| matches!(target.target, Target::Snmp(_)));
    let versions: Vec<Version> = of_snmp.map(|target| Version::of(&target.access)).collect();
    let has_commands = targets.iter().any(|target| matches!(target.target, Target::Command(_)));
    if versions.is_empty() { settings.fit_none(has_commands) } else { settings.fit(&versions) }
}

/// Of the command line or the environment, where there is no config that something could stand in.
fn outside_of_a_config(unfit: Unfit) -> ConfigError {
    let Unfit { place, what } = unfit;
    match place {
        Place::Flag(flag) | Place::Key(flag, _) => ConfigError::Flag { flag, what },
        Place::Variable(variable) => ConfigError::Variable { variable, what },
    }
}

/// The interfaces that the command line names.
fn selection(patterns: &[String]) -> Result<Selection, ConfigError> {
    let pattern = |error: &globset::Error| error.glob().unwrap_or_default().to_owned();
    Selection::of(patterns.to_vec()).map_err(|error| ConfigError::Pattern { pattern: pattern(&error), error })
}

#[cfg(test)]
mod tests;
