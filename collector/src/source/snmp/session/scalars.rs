//! Objects of one instance each, of which an agent may lack some.

use snmp::snmp::ERRSTATUS_NOSUCHNAME;
use stats::Monotonic;

use super::{Refusal, Session};
use crate::clock;
use crate::source::ReadError;
use crate::source::snmp::codec::Value;
use crate::source::snmp::object::{Name, Object};

impl Session {
    /// Gives `take` the values of those of these objects, of one instance each, that the agent has, and tells when that was.
    pub(in crate::source::snmp) fn scalars(
        &mut self,
        objects: &[Object],
        mut take: impl FnMut(Object, Value<'_>),
    ) -> Result<Monotonic, ReadError> {
        let mut groups = vec![objects.to_vec()];
        let mut refused = None;
        let mut answered_at = None;
        while let Some(mut group) = groups.pop() {
            let names: Vec<Name> = group.iter().map(|object| Name::scalar(*object)).collect();
            let answered = self.get(&names, |varbinds| {
                for object in &group {
                    take(*object, varbinds.value_of(*object, 0)?);
                }
                varbinds.end()
            });
            match answered {
                Ok(answered) => answered_at = Some(answered.at),
                Err(Refusal::Failed(error)) => return Err(error),
                Err(Refusal::Complaint(complaint)) => {
                    if complaint.status != ERRSTATUS_NOSUCHNAME {
                        refused = Some(complaint.explain(&names));
                    }
                    if group.len() > 1 {
                        // Without the one that it is about; or one by one, where the agent doesn't tell.
                        match complaint.about(group.len()) {
                            Some(at) => drop(group.remove(at)),
                            None => groups.extend(group.split_off(1).into_iter().map(|object| vec![object])),
                        }
                        groups.push(group);
                    }
                }
                Err(Refusal::TooBig) if group.len() > 1 => groups.extend(group.into_iter().map(|object| vec![object])),
                Err(Refusal::TooBig) => {}
            }
        }
        match (answered_at, refused) {
            (None, Some(what)) => Err(self.bad_answer(what)),
            (at, _) => Ok(at.unwrap_or_else(clock::monotonic)),
        }
    }
}
