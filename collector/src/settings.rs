//! What was said of how to speak to an agent, on the command line, in the environment and in a config, and what that comes
//! to together. Reads no file.

mod arguments;
#[cfg(feature = "v3")]
mod users;

use std::ops::Range;
use std::time::Duration;

use crate::secret::Secret;
use crate::source::snmp::{Access, Community};

/// Something that was said, and where.
#[derive(Clone, Debug)]
pub(crate) struct Said<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

/// Where something was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On the command line, by this flag.
    Flag(&'static str),
    /// In the environment.
    Variable(&'static str),
    /// In the config, by this key, there.
    Key(&'static str, Range<usize>),
}

/// All that was said at a place, or at several of them together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) version: Option<Said<String>>,
    pub(crate) timeout: Option<Said<Duration>>,
    pub(crate) retries: Option<Said<u32>>,
    pub(crate) community: Option<Said<Secret>>,
    pub(crate) user: Option<Said<String>>,
    pub(crate) auth: Option<Said<String>>,
    pub(crate) auth_password: Option<Said<Secret>>,
    pub(crate) privacy: Option<Said<String>>,
    pub(crate) privacy_password: Option<Said<Secret>>,
    pub(crate) context: Option<Said<String>>,
}

/// Something that was said and does not fit.
#[derive(Debug)]
pub(crate) struct Unfit {
    pub(crate) place: Place,
    /// What is wrong, and what to say instead.
    pub(crate) what: String,
}

/// The versions of SNMP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    V2c,
    V3,
}

impl Version {
    /// The one that is spoken to reach an agent in that way.
    pub(crate) const fn of(access: &Access) -> Self {
        match access {
            Access::V1(_) => Self::V1,
            Access::V2c(_) => Self::V2c,
            #[cfg(feature = "v3")]
            Access::V3(_) => Self::V3,
        }
    }
}

impl Settings {
    /// These, and where they say nothing the others.
    pub(crate) fn or(self, others: &Self) -> Self {
        Self {
            version: self.version.or_else(|| others.version.clone()),
            timeout: self.timeout.or_else(|| others.timeout.clone()),
            retries: self.retries.or_else(|| others.retries.clone()),
            community: self.community.or_else(|| others.community.clone()),
            user: self.user.or_else(|| others.user.clone()),
            auth: self.auth.or_else(|| others.auth.clone()),
            auth_password: self.auth_password.or_else(|| others.auth_password.clone()),
            privacy: self.privacy.or_else(|| others.privacy.clone()),
            privacy_password: self.privacy_password.or_else(|| others.privacy_password.clone()),
            context: self.context.or_else(|| others.context.clone()),
        }
    }

    /// Whether each of them can be what it says, for itself, whatever becomes of them.
    pub(crate) fn check(&self) -> Result<(), Unfit> {
        self.version()?;
        self.community()?;
        #[cfg(feature = "v3")]
        self.check_users()?;
        Ok(())
    }

    /// The version that is spoken where these are all that was said.
    pub(crate) fn version(&self) -> Result<Version, Unfit> {
        let Some(said) = &self.version else { return Ok(Version::V2c) };
        match said.value.trim_start_matches(['v', 'V']) {
            "1" => Ok(Version::V1),
            "2c" | "2C" | "2" => Ok(Version::V2c),
            "3" => Ok(Version::V3),
            _ => Err(said.place.unfit("there are versions 1, 2c and 3 of SNMP: write one of these")),
        }
    }

    /// How an agent is spoken to about which all this was said.
    pub(crate) fn access(&self) -> Result<Access, Unfit> {
        match self.version()? {
            Version::V1 => Ok(Access::V1(self.community()?)),
            Version::V2c => Ok(Access::V2c(self.community()?)),
            Version::V3 => self.access_of_user(),
        }
    }

    /// Whether there is something among them that none of these versions can make use of. Variables don't count: the
    /// environment is everybody's.
    pub(crate) fn fit(&self, versions: &[Version]) -> Result<(), Unfit> {
        let of_communities = [place(self.community.as_ref())];
        let of_users = [
            place(self.user.as_ref()),
            place(self.auth.as_ref()),
            place(self.auth_password.as_ref()),
            place(self.privacy.as_ref()),
            place(self.privacy_password.as_ref()),
            place(self.context.as_ref()),
        ];
        let first = |places: &[Option<&Place>]| {
            places.iter().copied().flatten().find(|place| !matches!(place, Place::Variable(_))).cloned()
        };
        if !versions.contains(&Version::V3)
            && let Some(place) = first(&of_users)
        {
            let what = format!("that belongs to version 3: write {} too", place.with("version", "3"));
            return Err(Unfit { place, what });
        }
        if versions.iter().all(|version| *version == Version::V3)
            && let Some(place) = first(&of_communities)
        {
            return Err(place.unfit("version 3 has users and no communities: leave it out"));
        }
        Ok(())
    }

    /// Whether there is something among them about SNMP, where nothing is read by that. Variables don't count here either;
    /// and a command has patience too.
    pub(crate) fn fit_none(&self, has_commands: bool) -> Result<(), Unfit> {
        let places = [
            place(self.version.as_ref()),
            place(self.timeout.as_ref()).filter(|_| !has_commands),
            place(self.retries.as_ref()),
            place(self.community.as_ref()),
            place(self.user.as_ref()),
            place(self.auth.as_ref()),
            place(self.auth_password.as_ref()),
            place(self.privacy.as_ref()),
            place(self.privacy_password.as_ref()),
            place(self.context.as_ref()),
        ];
        let said = places.into_iter().flatten().find(|place| !matches!(place, Place::Variable(_)));
        let what = "that belongs to SNMP, which nothing here is read by: leave it out";
        said.map_or(Ok(()), |place| Err(place.unfit(what)))
    }

    fn community(&self) -> Result<Community, Unfit> {
        let Some(said) = &self.community else { return Ok(Community::public()) };
        said.value.parse("community", |word| Community::try_from(word)).map_err(|what| said.place.unfit(what))
    }

    #[cfg(not(feature = "v3"))]
    fn access_of_user(&self) -> Result<Access, Unfit> {
        let place = place(self.version.as_ref()).cloned().unwrap_or(Place::Flag("snmp-version"));
        Err(place.unfit(
            "this collector was built without SNMPv3: build it with the cargo feature `v3`, which is on by default",
        ))
    }
}

fn place<T>(said: Option<&Said<T>>) -> Option<&Place> {
    said.map(|said| &said.place)
}

impl Place {
    pub(crate) fn unfit(&self, what: impl Into<String>) -> Unfit {
        Unfit { place: self.clone(), what: what.into() }
    }

    /// How a key is given that value there.
    fn with(&self, key: &str, value: &str) -> String {
        match self {
            Self::Key(..) => format!("`{key} = \"{value}\"`"),
            Self::Flag(_) | Self::Variable(_) if key == "version" => format!("`--snmp-version {value}`"),
            Self::Flag(_) | Self::Variable(_) => format!("`--{key} {value}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_known_by_all_their_names() {
        let version = |text: &str| {
            let version = Some(Said { value: text.to_owned(), place: Place::Flag("snmp-version") });
            Settings { version, ..Settings::default() }.version().ok()
        };
        assert_eq!(["1", "v1"].map(version), [Some(Version::V1); 2]);
        assert_eq!(["2c", "v2C", "2"].map(version), [Some(Version::V2c); 3]);
        assert_eq!(["3", "V3"].map(version), [Some(Version::V3); 2]);
        assert_eq!(["", "4", "2u"].map(version), [None; 3]);
    }
}
