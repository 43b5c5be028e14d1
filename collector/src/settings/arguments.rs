//! What the command line and the environment say. Reads the files that they name secrets by.

use std::path::Path;

use super::{Place, Said, Settings};
use crate::args::SnmpArguments;
use crate::secret::{Secret, SecretError};

impl Settings {
    /// A flag goes before a variable.
    pub(crate) fn of(arguments: &SnmpArguments) -> Result<Self, SecretError> {
        Ok(Self {
            version: said("snmp-version", arguments.snmp_version.as_ref()),
            timeout: said("timeout", arguments.timeout.as_ref()),
            retries: said("retries", arguments.retries.as_ref()),
            community: secret("community", "community-file", arguments.community_file.as_deref(), "SNMP_COMMUNITY")?,
            user: said("user", arguments.user.as_ref()),
            auth: said("auth", arguments.auth.as_ref()),
            auth_password: secret(
                "password",
                "auth-password-file",
                arguments.auth_password_file.as_deref(),
                "SNMP_AUTH_PASSWORD",
            )?,
            privacy: said("privacy", arguments.privacy.as_ref()),
            privacy_password: secret(
                "password",
                "privacy-password-file",
                arguments.privacy_password_file.as_deref(),
                "SNMP_PRIVACY_PASSWORD",
            )?,
            context: said("context", arguments.context.as_ref()),
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
    Ok(Secret::from_environment(variable)?.map(|value| Said { value, place: Place::Variable(variable) }))
}
