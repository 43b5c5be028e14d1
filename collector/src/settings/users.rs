//! What was said of users, made into one of them.

use super::{Place, Said, Settings, Unfit, place};
use crate::secret::Secret;
use crate::source::snmp::{Access, AuthProtocol, Authentication, Encryption, Password, PrivProtocol, Security, User};

impl Settings {
    pub(super) fn access_of_user(&self) -> Result<Access, Unfit> {
        let Some(user) = &self.user else {
            let place = place(self.version.as_ref()).cloned().unwrap_or(Place::Flag("snmp-version"));
            let what = format!("version 3 needs a user: write {} too", place.with("user", "NAME"));
            return Err(Unfit { place, what });
        };
        if !(1..=32).contains(&user.value.len()) {
            return Err(user.place.unfit("the name of a user has 1 to 32 octets (RFC 3414)"));
        }
        let context = self.context.as_ref().map(|said| said.value.clone()).unwrap_or_default();
        if let Some(said) = self.context.as_ref().filter(|said| said.value.len() > 32) {
            return Err(said.place.unfit("the name of a context has at most 32 octets (RFC 3415)"));
        }
        Ok(Access::V3(User { name: user.value.clone(), context, security: self.security()? }))
    }

    pub(super) fn check_users(&self) -> Result<(), Unfit> {
        self.auth_protocol()?;
        self.priv_protocol()?;
        let passwords = [&self.auth_password, &self.privacy_password];
        passwords.into_iter().flatten().try_for_each(|said| password(said).map(drop))
    }

    fn auth_protocol(&self) -> Result<Option<(AuthProtocol, &Place)>, Unfit> {
        protocol(self.auth.as_ref(), AuthProtocol::named, AuthProtocol::NAMES)
    }

    fn priv_protocol(&self) -> Result<Option<(PrivProtocol, &Place)>, Unfit> {
        protocol(self.privacy.as_ref(), PrivProtocol::named, PrivProtocol::NAMES)
    }

    fn security(&self) -> Result<Security, Unfit> {
        let (auth, privacy) = (self.auth_protocol()?, self.priv_protocol()?);
        // A password that nothing was said about is one that somebody expects to be used.
        if let (None, Some(said)) = (&self.auth, &self.auth_password) {
            let what = format!("it needs a protocol too: write {}", said.place.with("auth", "SHA-256"));
            return Err(said.place.unfit(what));
        }
        if let (None, Some(said)) = (&self.privacy, &self.privacy_password) {
            let what = format!("it needs a protocol too: write {}", said.place.with("privacy", "AES-128"));
            return Err(said.place.unfit(what));
        }
        let auth = auth.map(|(protocol, place)| {
            let password = needed(self.auth_password.as_ref(), place, "auth-password-file")?;
            Ok(Authentication { protocol, password })
        });
        let privacy = privacy.map(|(protocol, place)| {
            let password = needed(self.privacy_password.as_ref(), place, "privacy-password-file")?;
            Ok((Encryption { protocol, password }, place))
        });
        match (auth.transpose()?, privacy.transpose()?) {
            (None, None) => Ok(Security::None),
            (Some(auth), None) => Ok(Security::Auth(auth)),
            (Some(auth), Some((privacy, _))) => Ok(Security::AuthPriv(auth, privacy)),
            (None, Some((_, place))) => {
                let what =
                    format!("there is no privacy without authentication: write {}", place.with("auth", "SHA-256"));
                Err(place.unfit(what))
            }
        }
    }
}

/// The protocol that was named, if any is to be used. The name is not repeated where it is none: it may be a password
/// that was put into the wrong place.
fn protocol<'a, T>(
    said: Option<&'a Said<String>>,
    parse: impl FnOnce(&str) -> Option<T>,
    names: &str,
) -> Result<Option<(T, &'a Place)>, Unfit> {
    let Some(Said { value, place }) = said.filter(|said| !said.value.eq_ignore_ascii_case("none")) else {
        return Ok(None);
    };
    let protocol = parse(value).ok_or_else(|| place.unfit(format!("write {names}, or none")))?;
    Ok(Some((protocol, place)))
}

fn needed(said: Option<&Said<Secret>>, protocol: &Place, key: &str) -> Result<Password, Unfit> {
    let missing = || protocol.unfit(format!("it needs a password: write {} too", protocol.with(key, "FILE")));
    password(said.ok_or_else(missing)?)
}

fn password(said: &Said<Secret>) -> Result<Password, Unfit> {
    let Said { value, place } = said;
    value.parse("password", |word| Password::try_from(word)).map_err(|what| place.unfit(what))
}
