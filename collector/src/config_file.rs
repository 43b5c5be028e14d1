//! The TOML file with many targets: its grammar, and errors that say where they are and what to write instead. Opens no
//! file.

mod explain;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use crate::secret::Secret;
use explain::explain;

/// Makes a table of a config file of keys of its own and those about SNMP, which can stand at the top and in each target.
/// (`serde` flattens none that holds places and refuses unknown keys.)
macro_rules! table {
    ($(#[$about:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$about])*
        #[derive(Debug, Deserialize)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        pub(crate) struct $name {
            $($own)*
            pub(crate) version: Option<Spanned<Word>>,
            pub(crate) timeout: Option<Spanned<String>>,
            pub(crate) retries: Option<Spanned<Word>>,
            pub(crate) community: Option<Spanned<Secret>>,
            pub(crate) community_file: Option<Spanned<PathBuf>>,
            pub(crate) user: Option<Spanned<String>>,
            pub(crate) auth: Option<Spanned<String>>,
            pub(crate) auth_password: Option<Spanned<Secret>>,
            pub(crate) auth_password_file: Option<Spanned<PathBuf>>,
            pub(crate) privacy: Option<Spanned<String>>,
            pub(crate) privacy_password: Option<Spanned<Secret>>,
            pub(crate) privacy_password_file: Option<Spanned<PathBuf>>,
            pub(crate) context: Option<Spanned<String>>,
        }

        impl $name {
            /// The keys about SNMP.
            pub(crate) fn snmp(&self) -> SnmpKeys<'_> {
                SnmpKeys {
                    version: self.version.as_ref(),
                    timeout: self.timeout.as_ref(),
                    retries: self.retries.as_ref(),
                    community: (self.community.as_ref(), self.community_file.as_ref()),
                    user: self.user.as_ref(),
                    auth: self.auth.as_ref(),
                    auth_password: (self.auth_password.as_ref(), self.auth_password_file.as_ref()),
                    privacy: self.privacy.as_ref(),
                    privacy_password: (self.privacy_password.as_ref(), self.privacy_password_file.as_ref()),
                    context: self.context.as_ref(),
                }
            }
        }
    };
}

table! {
    /// A config file, as it is written.
    ConfigFile {
        pub(crate) out: Option<Spanned<PathBuf>>,
        pub(crate) interval: Option<Spanned<String>>,
        #[serde(default)]
        pub(crate) interfaces: Vec<Spanned<String>>,
        #[serde(default)]
        pub(crate) max: BTreeMap<String, Spanned<MaxEntry>>,
        pub(crate) legacy: Option<bool>,
        pub(crate) openmetrics: Option<bool>,
        #[serde(default, rename = "target")]
        pub(crate) targets: Vec<Spanned<TargetEntry>>,
    }
}

table! {
    /// A `[[target]]` of it.
    TargetEntry {
        pub(crate) address: Option<Spanned<String>>,
        pub(crate) command: Option<Spanned<Vec<String>>>,
        pub(crate) shell: Option<Spanned<String>>,
        pub(crate) keep_running: Option<Spanned<bool>>,
        pub(crate) unit: Option<Spanned<String>>,
        pub(crate) labels: Option<Spanned<Vec<String>>>,
        pub(crate) legacy: Option<bool>,
        pub(crate) openmetrics: Option<bool>,
        pub(crate) name: Option<Spanned<String>>,
        pub(crate) interval: Option<Spanned<String>>,
        #[serde(default)]
        pub(crate) interfaces: Vec<Spanned<String>>,
        #[serde(default)]
        pub(crate) max: BTreeMap<String, Spanned<MaxEntry>>,
    }
}

/// The keys about SNMP of a table. A secret stands there itself, or the name of its file.
#[derive(Debug)]
pub(crate) struct SnmpKeys<'a> {
    pub(crate) version: Option<&'a Spanned<Word>>,
    pub(crate) timeout: Option<&'a Spanned<String>>,
    pub(crate) retries: Option<&'a Spanned<Word>>,
    pub(crate) community: SecretKeys<'a>,
    pub(crate) user: Option<&'a Spanned<String>>,
    pub(crate) auth: Option<&'a Spanned<String>>,
    pub(crate) auth_password: SecretKeys<'a>,
    pub(crate) privacy: Option<&'a Spanned<String>>,
    pub(crate) privacy_password: SecretKeys<'a>,
    pub(crate) context: Option<&'a Spanned<String>>,
}

/// A secret itself, and its file.
pub(crate) type SecretKeys<'a> = (Option<&'a Spanned<Secret>>, Option<&'a Spanned<PathBuf>>);

/// A number, or a text in its place: `3` and `"3"` mean the same.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a number or a text is expected here")]
pub(crate) enum Word {
    Number(i64),
    Text(String),
}

impl std::fmt::Display for Word {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(formatter),
            Self::Text(text) => text.fmt(formatter),
        }
    }
}

/// What counts as full of the interfaces that fit a pattern: bits a second both ways, or what counts each way.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "write bits a second, as \"100M\", or what counts each way, as { in = \"100M\", out = \"40M\" }; there are also in-packets and out-packets"
)]
pub(crate) enum MaxEntry {
    Both(Word),
    Each(MaxTable),
}

/// What counts as full each way: bits a second, and packets a second.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct MaxTable {
    pub(crate) r#in: Option<Word>,
    pub(crate) out: Option<Word>,
    pub(crate) in_packets: Option<Word>,
    pub(crate) out_packets: Option<Word>,
}

/// Something that is wrong at some place of a text.
#[derive(Debug)]
pub(crate) struct Wrong {
    /// Where, in octets.
    pub(crate) at: Option<Range<usize>>,
    /// What, and what to write instead.
    pub(crate) what: String,
}

/// Reads the text of a config file.
pub(crate) fn parse(text: &str) -> Result<ConfigFile, Wrong> {
    let file: ConfigFile = toml::from_str(text).map_err(|error| {
        let at = error.span();
        Wrong { what: explain(error.message(), text, at.as_ref().map(|at| at.start)), at }
    })?;
    for target in &file.targets {
        let entry = target.get_ref();
        if entry.address.is_none() && entry.command.is_none() && entry.shell.is_none() {
            let what = "missing field `address`: write what is to be read, or a `command`".to_owned();
            return Err(Wrong { at: Some(target.span()), what });
        }
    }
    Ok(file)
}

/// The line that an octet is in, counted from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_wrong(text: &str, line: usize, says: &str) {
        let wrong = parse(text).unwrap_err();
        assert!(wrong.what.contains(says), "{}", wrong.what);
        assert!(!wrong.what.contains('\n'), "{}", wrong.what);
        assert_eq!(line_of(text, wrong.at.unwrap().start), line);
    }

    #[test]
    fn an_unknown_key_gets_the_one_that_was_meant() {
        check_wrong("out = \"x\"\nintervall = \"1s\"\n", 2, "did you mean `interval`?");
        check_wrong("[[target]]\naddress = \"local\"\ncomunity = \"x\"\n", 3, "did you mean `community`?");
        check_wrong("zzz = 1\n", 1, "expected one of");
    }

    #[test]
    fn a_wrong_type_and_a_missing_key_are_said() {
        check_wrong("interval = 1\n", 1, "interval: write a time, between quotes: \"1s\"");
        check_wrong("[target]\naddress = \"local\"\n", 1, "target: write [[target]], with two brackets");
        check_wrong("interfaces = \"eth0\"\n", 1, "interfaces: write a list of texts, also for one: [\"eth0\"");
        check_wrong("interfaces = [\n  \"eth0\",\n  1\n]\n", 3, "interfaces: write a list of texts");
        check_wrong("max = \"100M\"\n", 1, "max: write for which interfaces: { \"eth*\" = \"100M\" }");
        check_wrong("[max]\neth0 = true\n", 2, "eth0: write bits a second, as \"100M\"");
        check_wrong("legacy = \"yes\"\n", 1, "legacy: write true or false, without quotes");
        check_wrong("version = true\n", 1, "version: a number or a text is expected here");
        check_wrong("community = 5\n", 1, "community: a secret is a text: put it between quotes");
        check_wrong("[[target]]\ncommand = \"cat x\"\n", 2, "command: write a list of texts, the program and its");
        check_wrong("[[target]]\nuser = [\"s3cret\"]\n", 2, "user: write a text, between quotes");
        check_wrong("\n[[target]]\nname = \"x\"\n", 2, "missing field `address`");
        check_wrong("out = \"x\n", 1, "string");
    }
}
