//! Where secrets come from: a file of their own or the environment, never the command line.

use std::fs;
use std::io;
use std::path::Path;

use crate::source::snmp::{Community, CommunityError};

/// The environment variable with the community.
const VARIABLE: &str = "SNMP_COMMUNITY";

/// Why there is no community where one was said to be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretError {
    /// The file can't be read.
    #[error("cannot read the community file {file}: {error}")]
    Unreadable {
        /// Its path.
        file: String,
        /// What the system says.
        error: io::Error,
    },
    /// What it says can't be a community.
    #[error("the first line of the community file {file}: {error}")]
    InFile {
        /// Its path.
        file: String,
        /// What is wrong with it.
        error: CommunityError,
    },
    /// What the environment says can't be a community.
    #[error("the environment variable {VARIABLE}: {0}")]
    InEnvironment(CommunityError),
}

/// The community in the first line of a file.
pub(crate) fn from_file(path: &Path) -> Result<Community, SecretError> {
    let file = path.display().to_string();
    match fs::read_to_string(path) {
        Ok(contents) => {
            let line = contents.lines().next().unwrap_or_default();
            Community::try_from(line).map_err(|error| SecretError::InFile { file, error })
        }
        Err(error) => Err(SecretError::Unreadable { file, error }),
    }
}

/// The community that the environment names.
pub(crate) fn from_environment() -> Result<Option<Community>, SecretError> {
    let named = std::env::var(VARIABLE).ok().filter(|community| !community.is_empty());
    named.map(|community| Community::try_from(community.as_str()).map_err(SecretError::InEnvironment)).transpose()
}
