//! What an agent's reports (RFC 3414, 3.2) say is wrong, in words that tell what to do about it. Most of them are not
//! authenticated, and can't be: they are for people, and never data.

use async_snmp::message::V3Message;
use async_snmp::v3::{ReportStatus, classify_report};
use async_snmp::{DecodeConfig, oid};
use bytes::Bytes;

use crate::source::snmp::user::{Security, User};

/// Why an agent does not answer a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    UnknownEngine,
    NotInTimeWindow,
    UnknownUser,
    UnsupportedLevel,
    WrongDigest,
    DecryptionError,
    UnknownContext,
    Other,
}

impl Verdict {
    /// That of a datagram, if it is a report that everybody can read.
    pub(super) fn read(datagram: Bytes) -> Option<Self> {
        let message = V3Message::decode(datagram, DecodeConfig::STRICT).ok()?.value;
        classify_report(message.pdu()?).ok().map(|status| Self::of(&status))
    }

    pub(super) fn of(status: &ReportStatus) -> Self {
        match status {
            ReportStatus::UnknownEngineId { .. } => Self::UnknownEngine,
            ReportStatus::NotInTimeWindow { .. } => Self::NotInTimeWindow,
            ReportStatus::UnknownUserName { .. } => Self::UnknownUser,
            ReportStatus::UnsupportedSecurityLevel { .. } => Self::UnsupportedLevel,
            ReportStatus::WrongDigest { .. } => Self::WrongDigest,
            ReportStatus::DecryptionError { .. } => Self::DecryptionError,
            // snmpUnavailableContexts and snmpUnknownContexts (RFC 3413).
            ReportStatus::Other { oid, .. } if oid.starts_with(&oid!(1, 3, 6, 1, 6, 3, 12, 1)) => Self::UnknownContext,
            _ => Self::Other,
        }
    }

    /// Whether looking for the engine anew may help: it is another one, or it has lost its count of boots and time, and
    /// will not be believed for what is known of it from before.
    pub(super) const fn is_cured_by_discovery(self) -> bool {
        matches!(self, Self::UnknownEngine | Self::NotInTimeWindow)
    }

    /// In words.
    pub(super) fn words(self, user: &User) -> String {
        let User { name, context, security } = user;
        match self {
            Self::UnknownUser => format!(
                "knows no user `{name}` (usmStatsUnknownUserNames): is the name right, and was the user made on this device?"
            ),
            Self::WrongDigest => format!(
                "says that the password of user `{name}` is wrong (usmStatsWrongDigests): are `auth` and its password those \
                 that the user has there?"
            ),
            Self::UnsupportedLevel => format!(
                "cannot speak to user `{name}` {} (usmStatsUnsupportedSecLevels): write `auth` and `privacy` as the user has \
                 them there",
                match security {
                    Security::None => "without authentication",
                    Security::Auth(_) => "with authentication and no privacy",
                    Security::AuthPriv(..) => "with privacy",
                }
            ),
            Self::DecryptionError => format!(
                "cannot decrypt what user `{name}` says (usmStatsDecryptionErrors): are `privacy` and its password those that \
                 the user has there?"
            ),
            Self::NotInTimeWindow => {
                "says that our messages are not of its time (usmStatsNotInTimeWindows), and does not \
                                      tell which time that is: start its SNMP agent again"
                    .to_owned()
            }
            Self::UnknownEngine => {
                "changes its engine ID all the time (usmStatsUnknownEngineIDs): do two devices share \
                                    this address?"
                    .to_owned()
            }
            Self::UnknownContext => {
                format!(
                    "has no context `{context}` for user `{name}` (snmpUnknownContexts): write another `context`, or none"
                )
            }
            Self::Other => {
                "refuses our messages with a report that is not known here: its own log may tell why".to_owned()
            }
        }
    }
}
