//! Looks at the octets of a few interfaces, to see when an agent refreshes them.

use stats::Counter;

use super::object::Name;
use super::session::Session;
use super::watched::Watched;
use crate::source::Glance;

/// The octets of the interfaces with these indexes, in one answer.
pub(super) fn glance(session: &mut Session, watched: &[Watched], indexes: &[u32]) -> Option<Glance> {
    let mut names = Vec::with_capacity(2 * indexes.len());
    for one in watched.iter().filter(|watched| indexes.contains(&watched.index)) {
        let octets = one.columns().filter(|(counter, _)| matches!(counter, Counter::InOctets | Counter::OutOctets));
        names.extend(octets.map(|(_, object)| Name::of(object, Some(one.index))));
    }
    if names.is_empty() {
        return None;
    }
    let answered = session.get(&names, |varbinds| {
        let mut sum = 0_u64;
        for name in &names {
            let value = varbinds.value_of(name.object, name.instance.unwrap_or(0))?;
            sum = sum.wrapping_add(value.counter().map_or(0, |(octets, _)| octets));
        }
        varbinds.end()?;
        Ok(sum)
    });
    answered.ok().map(|answered| Glance { at: answered.at, octets: answered.value })
}
