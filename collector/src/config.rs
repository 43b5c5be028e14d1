//! What to collect: the command line, the environment and a config file made into one thing that holds together. Past this
//! door nothing is checked again.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use stats::clean;
use toml::Spanned;

use crate::args::{self, CollectArguments, SnmpArguments};
use crate::config_file::{self, ConfigFile, TargetEntry, Wrong};
use crate::secret::{self, SecretError};
use crate::selection::Selection;
use crate::source::Source;
use crate::source::local::Local;
use crate::source::snmp::{Access, Agent, Community, Patience};
use crate::target::{Target, TargetError};

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
    /// How it is spoken to, where it is an SNMP agent.
    pub(crate) access: Access,
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
        let target: Target = target.parse()?;
        let selection = if patterns.is_empty() { Selection::All } else { selection(patterns)? };
        let community = named_community(arguments)?.unwrap_or_else(Community::public);
        Ok(Self {
            name: target.default_name(),
            target,
            selection,
            chosen_interval: None,
            access: Access::V2c(community),
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
        }
    }

    /// What reads it.
    pub(crate) fn source(&self) -> Box<dyn Source> {
        match &self.target {
            Target::Local => Box::new(Local::new(self.selection.clone())),
            Target::Snmp(address) => {
                let mut agent = Agent::new(address.clone(), self.access.clone());
                agent.patience = Patience::within(self.interval());
                Box::new(agent.source(self.selection.clone()))
            }
        }
    }
}

/// The page looks for its data in `stats` beside itself, and `dist` is where it is built.
const OUT: &str = "dist/stats";

impl Config {
    /// Makes one of what was asked for.
    pub(crate) fn new(arguments: CollectArguments) -> Result<Self, ConfigError> {
        let community = named_community(&arguments.snmp)?;
        let selection = selection(&arguments.interfaces)?;
        if let Some(path) = &arguments.config {
            let document = Document::read(path)?;
            return document.config(&arguments, community, selection);
        }
        let targets = arguments.targets.iter().map(|target| target.parse());
        let mut targets = targets.collect::<Result<Vec<Target>, TargetError>>()?;
        if targets.is_empty() {
            targets.push(Target::Local);
        }
        let mut names = HashSet::new();
        let targets = targets.into_iter().map(|target| {
            let name = target.default_name();
            if !names.insert(name.clone()) {
                return Err(ConfigError::Twice(name));
            }
            Ok(TargetConfig {
                name,
                target,
                selection: selection.clone(),
                chosen_interval: arguments.interval,
                access: Access::V2c(community.clone().unwrap_or_else(Community::public)),
            })
        });
        let targets = targets.collect::<Result<Vec<_>, ConfigError>>()?;
        Ok(Self { out: arguments.out.unwrap_or_else(|| PathBuf::from(OUT)), targets })
    }
}

impl Config {
    /// How often the target is read that is read most often.
    pub(crate) fn shortest_interval(&self) -> Duration {
        self.targets.iter().map(TargetConfig::interval).min().unwrap_or_default()
    }
}

/// The community that the command line or the environment names.
fn named_community(arguments: &SnmpArguments) -> Result<Option<Community>, SecretError> {
    match &arguments.community_file {
        Some(path) => secret::from_file(path).map(Some),
        None => secret::from_environment(),
    }
}

/// The interfaces that the command line names.
pub(crate) fn selection(patterns: &[String]) -> Result<Selection, ConfigError> {
    let pattern = |error: &globset::Error| error.glob().unwrap_or_default().to_owned();
    Selection::of(patterns.to_vec()).map_err(|error| ConfigError::Pattern { pattern: pattern(&error), error })
}

/// A config file with its text, which errors are placed in.
struct Document {
    path: PathBuf,
    text: String,
    file: ConfigFile,
}

impl Document {
    fn read(path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |error| ConfigError::Unreadable { file: path.display().to_string(), error };
        let text = fs::read_to_string(path).map_err(unreadable)?;
        match config_file::parse(&text) {
            Ok(file) => Ok(Self { path: path.to_owned(), text, file }),
            Err(wrong) => Err(place(path, &text, wrong)),
        }
    }

    fn config(
        &self,
        arguments: &CollectArguments,
        community: Option<Community>,
        selection: Selection,
    ) -> Result<Config, ConfigError> {
        let file = &self.file;
        let interval = match arguments.interval {
            None => self.interval(file.interval.as_ref())?,
            chosen => chosen,
        };
        let selection =
            if arguments.interfaces.is_empty() { self.selection(&file.interfaces)? } else { Some(selection) };
        let community = match community {
            None => self.community(file.community.as_ref(), file.community_file.as_ref())?,
            chosen => chosen,
        };
        let defaults = TargetConfig {
            name: Target::Local.default_name(),
            target: Target::Local,
            selection: selection.unwrap_or_default(),
            chosen_interval: interval,
            access: Access::V2c(community.unwrap_or_else(Community::public)),
        };
        let mut names = HashSet::new();
        let mut targets = Vec::with_capacity(file.targets.len());
        for entry in &file.targets {
            let target = self.target(entry, &defaults)?;
            if !names.insert(target.name.clone()) {
                let place = entry.name.as_ref().unwrap_or(&entry.address);
                let what = format!("two targets are called `{}`: give one of them another `name`", target.name);
                return Err(self.wrong(place, what));
            }
            targets.push(target);
        }
        if targets.is_empty() {
            targets.push(defaults);
        }
        self.warn_of_readers();
        let out = arguments.out.clone().or_else(|| file.out.clone()).unwrap_or_else(|| PathBuf::from(OUT));
        Ok(Config { out, targets })
    }

    fn target(&self, entry: &TargetEntry, defaults: &TargetConfig) -> Result<TargetConfig, ConfigError> {
        let parsed: Result<Target, _> = entry.address.get_ref().parse();
        let target = parsed.map_err(|error| self.wrong(&entry.address, format!("address: {error}")))?;
        let name = match &entry.name {
            Some(name) => {
                let cleaned = clean(name.get_ref());
                if cleaned.is_empty() {
                    return Err(
                        self.wrong(name, "name: it is empty: write what the page should call the target".into())
                    );
                }
                cleaned
            }
            None => target.default_name(),
        };
        let community = self.community(entry.community.as_ref(), entry.community_file.as_ref())?;
        Ok(TargetConfig {
            name,
            target,
            selection: self.selection(&entry.interfaces)?.unwrap_or_else(|| defaults.selection.clone()),
            chosen_interval: self.interval(entry.interval.as_ref())?.or(defaults.chosen_interval),
            access: community.map_or_else(|| defaults.access.clone(), Access::V2c),
        })
    }

    fn interval(&self, text: Option<&Spanned<String>>) -> Result<Option<Duration>, ConfigError> {
        let parse = |text: &Spanned<String>| {
            args::interval(text.get_ref()).map_err(|what| self.wrong(text, format!("interval: {what}")))
        };
        text.map(parse).transpose()
    }

    fn selection(&self, patterns: &[Spanned<String>]) -> Result<Option<Selection>, ConfigError> {
        for pattern in patterns {
            let wrong =
                |error| self.wrong(pattern, format!("interfaces: {error}: write a name, or a pattern such as eth*"));
            Selection::of(vec![pattern.get_ref().clone()]).map_err(wrong)?;
        }
        let texts: Vec<String> = patterns.iter().map(|pattern| pattern.get_ref().clone()).collect();
        if texts.is_empty() { Ok(None) } else { selection(&texts).map(Some) }
    }

    fn community(
        &self,
        text: Option<&Spanned<String>>,
        file: Option<&Spanned<PathBuf>>,
    ) -> Result<Option<Community>, ConfigError> {
        match (text, file) {
            (Some(text), Some(_)) => {
                Err(self.wrong(text, "both `community` and `community-file`: leave one of them out".to_owned()))
            }
            (Some(text), None) => {
                let community = Community::try_from(text.get_ref().as_str());
                community.map(Some).map_err(|error| self.wrong(text, error.to_string()))
            }
            (None, Some(file)) => {
                // Beside the config, wherever the collector was started.
                let path = self.path.parent().unwrap_or(Path::new("")).join(file.get_ref());
                secret::from_file(&path).map(Some).map_err(|error| self.wrong(file, error.to_string()))
            }
            (None, None) => Ok(None),
        }
    }

    fn wrong<T>(&self, at: &Spanned<T>, what: String) -> ConfigError {
        place(&self.path, &self.text, Wrong { at: Some(at.span()), what })
    }

    /// A secret that every user of the machine can read is none.
    fn warn_of_readers(&self) {
        let has_secret = self.file.community.is_some() || self.file.targets.iter().any(|one| one.community.is_some());
        let mode = fs::metadata(&self.path).map_or(0, |metadata| metadata.permissions().mode());
        if has_secret && mode & 0o004 != 0 {
            let path = self.path.display();
            tracing::warn!("{path} holds a community and everybody can read it: chmod o-r {path}");
        }
    }
}

fn place(path: &Path, text: &str, wrong: Wrong) -> ConfigError {
    let line = wrong.at.map_or(1, |at| config_file::line_of(text, at.start));
    ConfigError::Wrong { file: path.display().to_string(), line, what: wrong.what }
}
