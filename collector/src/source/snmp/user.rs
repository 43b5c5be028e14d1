//! Who reads by v3 (RFC 3414): a name and what proves it. Knows nothing of keys, messages or where passwords come from.

use std::fmt;

/// A user of an agent, and the context that is read as that user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User {
    /// `securityName`, of 1 to 32 octets.
    pub(crate) name: String,
    /// `contextName`; empty for the one that agents have without further ado.
    pub(crate) context: String,
    /// How messages are protected.
    pub(crate) security: Security,
}

/// The levels of security (RFC 3411), each with what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Security {
    /// `noAuthNoPriv`: anybody can read along, and can forge answers.
    None,
    /// `authNoPriv`: anybody can read along.
    Auth(Authentication),
    /// `authPriv`.
    AuthPriv(Authentication, Encryption),
}

/// What tells that a message is from whom it says, and as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authentication {
    pub(crate) protocol: AuthProtocol,
    pub(crate) password: Password,
}

/// What keeps a message from being read along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Encryption {
    pub(crate) protocol: PrivProtocol,
    pub(crate) password: Password,
}

/// Authentication protocols: those of RFC 3414, and those of RFC 7860.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AuthProtocol {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// Privacy protocols: DES (RFC 3414) and AES (RFC 3826). Beyond 128 bits no RFC says how a short digest becomes a long key:
/// net-snmp and most others do it as Blumenthal's draft, and Cisco as Reeder's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PrivProtocol {
    Des,
    Aes128,
    Aes192,
    Aes192Cisco,
    Aes256,
    Aes256Cisco,
}

impl AuthProtocol {
    /// Their names, for those who have to choose one.
    pub(crate) const NAMES: &'static str = "MD5, SHA-1, SHA-224, SHA-256, SHA-384 or SHA-512";

    /// The one that is meant by a name, however it is written.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match &*letters_and_digits(name) {
            "md5" => Self::Md5,
            "sha" | "sha1" => Self::Sha1,
            "sha224" => Self::Sha224,
            "sha256" => Self::Sha256,
            "sha384" => Self::Sha384,
            "sha512" => Self::Sha512,
            _ => return None,
        })
    }
}

impl PrivProtocol {
    /// Their names, for those who have to choose one.
    pub(crate) const NAMES: &'static str =
        "DES, AES-128, AES-192 or AES-256 (AES-192-C or AES-256-C for the keys of Cisco)";

    /// The one that is meant by a name, however it is written.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match &*letters_and_digits(name) {
            "des" => Self::Des,
            "aes" | "aes128" => Self::Aes128,
            "aes192" => Self::Aes192,
            "aes192c" => Self::Aes192Cisco,
            "aes256" => Self::Aes256,
            "aes256c" => Self::Aes256Cisco,
            _ => return None,
        })
    }
}

/// `SHA-256`, `sha_256` and `Sha256` are one name.
fn letters_and_digits(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// What a user's keys are made of. It is a secret, and is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Password(Box<str>);

impl Password {
    /// What keys are made of.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// A password that can't be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a password of SNMPv3 has at least 8 octets (RFC 3414) and at most 255, and this one has {0}")]
pub(crate) struct PasswordError(usize);

impl TryFrom<&str> for Password {
    type Error = PasswordError;

    fn try_from(word: &str) -> Result<Self, PasswordError> {
        if (8..=255).contains(&word.len()) { Ok(Self(word.into())) } else { Err(PasswordError(word.len())) }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protocols_are_known_by_all_their_names() {
        for name in ["SHA-256", "sha256", "SHA256", "sha_256"] {
            assert_eq!(AuthProtocol::named(name), Some(AuthProtocol::Sha256), "{name}");
        }
        assert_eq!(AuthProtocol::named("SHA"), Some(AuthProtocol::Sha1));
        assert_eq!(PrivProtocol::named("aes"), Some(PrivProtocol::Aes128));
        assert_eq!(PrivProtocol::named("AES-256-C"), Some(PrivProtocol::Aes256Cisco));
        assert_eq!((AuthProtocol::named("SHA-3"), PrivProtocol::named("3DES")), (None, None));
    }

    #[test]
    fn a_password_is_not_shown() {
        let password = Password::try_from("hidden-word").unwrap();
        let security = Security::Auth(Authentication { protocol: AuthProtocol::Sha1, password });
        let user = User { name: "name".to_owned(), context: String::new(), security };
        assert!(!format!("{user:?}").contains("hidden"));
    }

    #[test]
    fn a_short_password_is_refused() {
        assert_eq!(Password::try_from("1234567"), Err(PasswordError(7)));
        assert!(Password::try_from("12345678").is_ok());
    }
}
