//! Whether interfaces still have the names that they are watched under: indexes may be given to others, also while a table
//! is being walked.

use snmp::snmp::ERRSTATUS_NOSUCHNAME;

use super::describe;
use super::object::{Name, Object};
use super::session::{Refusal, Session};
use super::watched::Watched;
use crate::source::ReadError;

/// Asks for the names of all of these, and loses those that have another one by now.
pub(super) fn verify(session: &mut Session, watched: &mut [Watched]) -> Result<(), ReadError> {
    let mut left: Vec<(usize, Object)> =
        watched.iter().enumerate().filter_map(|(at, watched)| Some((at, watched.named_by?.column()))).collect();
    while !left.is_empty() {
        let count = left.len().min(session.limit());
        let names: Vec<Name> =
            left[..count].iter().map(|(at, object)| Name::of(*object, Some(watched[*at].index))).collect();
        let mut others = Vec::new();
        let answered = session.get(&names, |varbinds| {
            others.clear();
            for (at, object) in &left[..count] {
                let text = varbinds.value_of(*object, watched[*at].index)?.octets().and_then(describe::text);
                if text.as_deref() != Some(watched[*at].text()) {
                    others.push(*at);
                }
            }
            varbinds.end()
        });
        match answered {
            Ok(_) => {
                for at in others {
                    watched[at].lose();
                }
                left.drain(..count);
            }
            Err(Refusal::TooBig) if count > 1 => {}
            Err(Refusal::Complaint(complaint)) if complaint.about(count).is_some() => {
                let (at, _) = left.remove(complaint.about(count).unwrap_or_default());
                // In v1 that is how an agent says that one is not there.
                if complaint.status == ERRSTATUS_NOSUCHNAME {
                    watched[at].lose();
                }
            }
            // Whatever is wrong with it, it is not their names.
            Err(Refusal::TooBig | Refusal::Complaint(_)) => return Ok(()),
            Err(Refusal::Failed(error)) => return Err(error),
        }
    }
    Ok(())
}
