//! A config file with its text, which errors are placed in.

mod entry;

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use stats::{Maxima, clean};
use toml::Spanned;

use super::{Config, ConfigError, Exports, OUT, TargetConfig, fit, outside_of_a_config, selection};
use crate::args::{self, CollectArguments};
use crate::config_file::{self, ConfigFile, MaxEntry, SecretKeys, SnmpKeys, TargetEntry, Word, Wrong};
use crate::max::{self, MaxRules};
use crate::secret::{Secret, warn_of_readers};
use crate::selection::Selection;
use crate::settings::{Place, Said, Settings, Unfit};
use crate::target::Target;

/// A config file.
pub(super) struct Document {
    path: PathBuf,
    text: String,
    file: ConfigFile,
}

impl Document {
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |error| ConfigError::Unreadable { file: path.display().to_string(), error };
        let text = fs::read_to_string(path).map_err(unreadable)?;
        match config_file::parse(&text) {
            Ok(file) => Ok(Self { path: path.to_owned(), text, file }),
            Err(wrong) => Err(place(path, &text, wrong)),
        }
    }

    /// What it comes to, with what was said on the command line and in the environment, which goes before the defaults for
    /// all targets, and not before what is said of one of them.
    pub(super) fn config(
        &self,
        arguments: &CollectArguments,
        said: &Settings,
        selection: Selection,
    ) -> Result<Config, ConfigError> {
        let file = &self.file;
        let interval = match arguments.interval {
            None => self.interval(file.interval.as_ref())?,
            chosen => chosen,
        };
        let selection =
            if arguments.interfaces.is_empty() { self.selection(&file.interfaces)? } else { Some(selection) };
        let settings = said.clone().or(&self.settings(&file.snmp())?);
        let defaults = TargetConfig::new(Target::Local, selection.unwrap_or_default(), interval, &settings);
        let mut defaults = defaults.map_err(|unfit| self.unfit(unfit))?;
        defaults.exports = Exports {
            legacy: arguments.legacy || file.legacy.unwrap_or_default(),
            openmetrics: arguments.openmetrics || file.openmetrics.unwrap_or_default(),
        };
        defaults.max = self.max(&file.max, Arc::default(), max::octets)?;
        let mut names = HashSet::new();
        let mut targets = Vec::with_capacity(file.targets.len());
        for entry in file.targets.iter().map(Spanned::get_ref) {
            let target = self.target(entry, &defaults, &settings)?;
            if !names.insert(target.name.clone()) {
                let place = entry.name.as_ref().map_or_else(|| entry::place(entry), Spanned::span);
                let what = format!("two targets are called `{}`: give one of them another `name`", target.name);
                return Err(self.wrong_at(place, what));
            }
            targets.push(target);
        }
        if targets.is_empty() {
            targets.push(defaults);
        }
        fit(&settings, &targets).map_err(|unfit| self.unfit(unfit))?;
        self.warn_of_readers();
        if let Some(out) = file.out.as_ref().filter(|out| out.get_ref().as_os_str().is_empty()) {
            return Err(self.wrong(out, "out: it is empty: write the directory that the stats files go to".to_owned()));
        }
        let out = arguments.out.clone().or_else(|| file.out.as_ref().map(|out| out.get_ref().clone()));
        let out = out.unwrap_or_else(|| PathBuf::from(OUT));
        Ok(Config { out, targets })
    }

    fn target(
        &self,
        entry: &TargetEntry,
        defaults: &TargetConfig,
        settings: &Settings,
    ) -> Result<TargetConfig, ConfigError> {
        let target = self.what(entry)?;
        let selection = self.selection(&entry.interfaces)?.unwrap_or_else(|| defaults.selection.clone());
        let interval = self.interval(entry.interval.as_ref())?.or(defaults.chosen_interval);
        let own = self.settings(&entry.snmp())?;
        let unfit = |unfit| self.unfit(unfit);
        let mut target = TargetConfig::new(target, selection, interval, &own.clone().or(settings)).map_err(unfit)?;
        fit(&own, std::slice::from_ref(&target)).map_err(unfit)?;
        target.counts = self.counts(entry)?;
        target.exports = Exports {
            legacy: entry.legacy.unwrap_or(defaults.exports.legacy),
            openmetrics: entry.openmetrics.unwrap_or(defaults.exports.openmetrics),
        };
        let is_counted = target.counts.as_ref().is_some_and(|counts| counts.unit.is_some());
        target.max = if is_counted {
            // What is full of all others is in bits.
            self.max(&entry.max, Arc::default(), max::counted)?
        } else {
            self.max(&entry.max, Arc::new(defaults.max.clone()), max::octets)?
        };
        if let Some(name) = &entry.name {
            target.name = clean(name.get_ref());
            if target.name.is_empty() {
                return Err(self.wrong(name, "name: it is empty: write what the page should call the target".into()));
            }
        }
        Ok(target)
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

    /// What a table says of what counts as full, in words that `parse` reads, which goes before what is said of all.
    fn max(
        &self,
        entries: &BTreeMap<String, Spanned<MaxEntry>>,
        of_all: Arc<MaxRules>,
        parse: fn(&str) -> Result<u64, String>,
    ) -> Result<MaxRules, ConfigError> {
        let mut rules = MaxRules::before(of_all);
        for (pattern, entry) in entries {
            let rate = |word: &Option<Word>, parse: fn(&str) -> Result<u64, String>| {
                word.as_ref().map(|word| parse(&word.to_string())).transpose()
            };
            let maxima = match entry.get_ref() {
                MaxEntry::Both(word) => {
                    let octets = parse(&word.to_string()).map(Some);
                    octets.map(|octets| Maxima { in_octets: octets, out_octets: octets, ..Maxima::default() })
                }
                MaxEntry::Each(table) => (|| {
                    Ok(Maxima {
                        in_octets: rate(&table.r#in, parse)?,
                        out_octets: rate(&table.out, parse)?,
                        in_packets: rate(&table.in_packets, max::packets)?,
                        out_packets: rate(&table.out_packets, max::packets)?,
                    })
                })(),
            };
            let maxima = maxima.map_err(|what| self.wrong(entry, format!("max of {pattern}: {what}")))?;
            rules.add(pattern, maxima).map_err(|error| {
                self.wrong(entry, format!("max: {error}: write a name, or a pattern such as \"eth*\""))
            })?;
        }
        Ok(rules)
    }

    /// What a table says about SNMP.
    fn settings(&self, keys: &SnmpKeys<'_>) -> Result<Settings, ConfigError> {
        let timeout = keys.timeout.map(|text| said("timeout", text, args::timeout(text.get_ref())));
        let retries = keys.retries.map(|word| said("retries", word, args::retries(&word.get_ref().to_string())));
        let settings = Settings {
            version: keys
                .version
                .map(|word| Said { value: word.get_ref().to_string(), place: Place::Key("version", word.span()) }),
            timeout: timeout.transpose().map_err(|unfit| self.unfit(unfit))?,
            retries: retries.transpose().map_err(|unfit| self.unfit(unfit))?,
            community: self.secret("community", ["community", "community-file"], keys.community)?,
            user: text("user", keys.user),
            auth: text("auth", keys.auth),
            auth_password: self.secret("password", ["auth-password", "auth-password-file"], keys.auth_password)?,
            privacy: text("privacy", keys.privacy),
            privacy_password: self.secret(
                "password",
                ["privacy-password", "privacy-password-file"],
                keys.privacy_password,
            )?,
            context: text("context", keys.context),
        };
        settings.check().map_err(|unfit| self.unfit(unfit))?;
        Ok(settings)
    }

    fn secret(
        &self,
        what: &'static str,
        names: [&'static str; 2],
        keys: SecretKeys<'_>,
    ) -> Result<Option<Said<Secret>>, ConfigError> {
        let [name, name_of_file] = names;
        match keys {
            (Some(secret), Some(_)) => {
                Err(self.wrong(secret, format!("both `{name}` and `{name_of_file}`: leave one of them out")))
            }
            (Some(secret), None) => {
                Ok(Some(Said { value: secret.get_ref().clone(), place: Place::Key(name, secret.span()) }))
            }
            (None, Some(file)) => {
                // Beside the config, wherever the collector was started.
                let path = self.path.parent().unwrap_or(Path::new("")).join(file.get_ref());
                let secret = Secret::from_file(what, &path).map_err(|error| self.wrong(file, error.to_string()))?;
                Ok(Some(Said { value: secret, place: Place::Key(name_of_file, file.span()) }))
            }
            (None, None) => Ok(None),
        }
    }

    fn unfit(&self, unfit: Unfit) -> ConfigError {
        match unfit.place {
            Place::Key(key, at) => {
                place(&self.path, &self.text, Wrong { at: Some(at), what: format!("{key}: {}", unfit.what) })
            }
            Place::Flag(_) | Place::Variable(_) => outside_of_a_config(unfit),
        }
    }

    fn wrong<T>(&self, at: &Spanned<T>, what: String) -> ConfigError {
        self.wrong_at(at.span(), what)
    }

    fn wrong_at(&self, at: Range<usize>, what: String) -> ConfigError {
        place(&self.path, &self.text, Wrong { at: Some(at), what })
    }

    /// A secret that others can read is none.
    fn warn_of_readers(&self) {
        let has_secret = |keys: &SnmpKeys<'_>| {
            keys.community.0.is_some() || keys.auth_password.0.is_some() || keys.privacy_password.0.is_some()
        };
        if has_secret(&self.file.snmp()) || self.file.targets.iter().any(|target| has_secret(&target.get_ref().snmp()))
        {
            warn_of_readers(&self.path, "secret");
        }
    }
}

fn said<T, U>(name: &'static str, at: &Spanned<T>, value: Result<U, String>) -> Result<Said<U>, Unfit> {
    let place = Place::Key(name, at.span());
    match value {
        Ok(value) => Ok(Said { value, place }),
        Err(what) => Err(place.unfit(what)),
    }
}

fn text(name: &'static str, key: Option<&Spanned<String>>) -> Option<Said<String>> {
    key.map(|text| Said { value: text.get_ref().clone(), place: Place::Key(name, text.span()) })
}

fn place(path: &Path, text: &str, wrong: Wrong) -> ConfigError {
    let line = wrong.at.map_or(1, |at| config_file::line_of(text, at.start));
    ConfigError::Wrong { file: path.display().to_string(), line, what: wrong.what }
}
