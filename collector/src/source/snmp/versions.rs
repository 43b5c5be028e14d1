//! Which versions of SNMP an agent answers to. Whoever reads needs one; `check` tells of the others.

use super::agent::{Access, Agent};
use super::session::Session;
#[cfg(feature = "v3")]
use super::user::{Security, User};

/// The versions that an agent answers to beside the one that it is read by. `None` where that is version 3: it is chosen
/// to keep from the network what the others would tell, or has no community that they could be asked by.
#[cfg_attr(not(feature = "v3"), expect(clippy::unnecessary_wraps, reason = "there is another version"))]
pub(crate) fn others(agent: &Agent) -> Option<Vec<&'static str>> {
    let others = match &agent.access {
        Access::V1(community) => Access::V2c(community.clone()),
        Access::V2c(community) => Access::V1(community.clone()),
        #[cfg(feature = "v3")]
        Access::V3(_) => return None,
    };
    let others = [
        others,
        // Nobody is let in by that name; that the agent says so, and how, is how one knows that it speaks the version.
        #[cfg(feature = "v3")]
        Access::V3(User { name: "check".to_owned(), context: String::new(), security: Security::None }),
    ];
    let spoken =
        others.into_iter().filter(|access| Session::new(Agent { access: access.clone(), ..agent.clone() }).is_spoken());
    Some(spoken.map(|access| access.words()).collect())
}
