//! The TOML file with many targets: its grammar, and errors that say where they are and what to write instead. Opens no
//! file.

use std::ops::Range;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

/// A config file, as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ConfigFile {
    pub(crate) out: Option<PathBuf>,
    pub(crate) interval: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) interfaces: Vec<Spanned<String>>,
    pub(crate) community: Option<Spanned<String>>,
    pub(crate) community_file: Option<Spanned<PathBuf>>,
    #[serde(default, rename = "target")]
    pub(crate) targets: Vec<TargetEntry>,
}

/// A `[[target]]` of it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct TargetEntry {
    pub(crate) address: Spanned<String>,
    pub(crate) name: Option<Spanned<String>>,
    pub(crate) interval: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) interfaces: Vec<Spanned<String>>,
    pub(crate) community: Option<Spanned<String>>,
    pub(crate) community_file: Option<Spanned<PathBuf>>,
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
    toml::from_str(text).map_err(|error| Wrong { at: error.span(), what: explain(error.message()) })
}

/// The line that an octet is in, counted from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

/// The parser's words, with the key that was most likely meant.
fn explain(message: &str) -> String {
    let message = message.replace('\n', ", ");
    let Some((_, rest)) = message.split_once("unknown field `") else { return message };
    let Some((unknown, known)) = rest.split_once('`') else { return message };
    let known = known.split('`').skip(1).step_by(2);
    let likeness = |key: &&str| strsim::jaro_winkler(unknown, key);
    let nearest = known.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).filter(|key| likeness(key) > 0.6);
    match nearest {
        Some(nearest) => format!("unknown key `{unknown}`: did you mean `{nearest}`?"),
        None => message.replace("unknown field", "unknown key"),
    }
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
        check_wrong("interval = 1\n", 1, "expected a string");
        check_wrong("\n[[target]]\nname = \"x\"\n", 2, "missing field `address`");
        check_wrong("out = \"x\n", 1, "string");
    }
}
