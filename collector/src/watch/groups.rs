//! Which interfaces of a target share their files. An interface stays in its group for as long as it is known, so that
//! files go on being about the same interfaces.

/// The groups of a target.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// How many interfaces a group has; 0 before the first one joins.
    size: usize,
    groups: Vec<Group>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Group {
    members: usize,
    /// Counts who joined and who left.
    revision: u32,
}

/// How many interfaces share a live and a recent file, where there are not very many.
pub(crate) const GROUP: usize = 16;

/// How many do on a device that has more than [`MANY`]: fewer files to be replaced, though more is fetched by who looks
/// at one of them.
const LARGE_GROUP: usize = 64;

/// Interfaces of a large device.
const MANY: usize = 256;

impl Groups {
    /// Groups are no larger than that; whether a device is large is settled by how many interfaces it had first. That there
    /// are none yet settles nothing.
    pub(super) const fn expect(&mut self, interfaces: usize) {
        if self.size == 0 && interfaces > 0 {
            self.size = if interfaces > MANY { LARGE_GROUP } else { GROUP };
        }
    }

    /// The group of an interface that has come: the first that has room.
    pub(super) fn join(&mut self) -> u16 {
        let free = self.groups.iter().position(|group| group.members < self.size.max(1));
        let group = u16::try_from(free.unwrap_or(self.groups.len())).unwrap_or(u16::MAX);
        self.join_again(group);
        group
    }

    /// An interface is in the group that it was in before.
    pub(super) fn join_again(&mut self, group: u16) {
        let at = usize::from(group);
        if self.groups.len() <= at {
            self.groups.resize(at + 1, Group::default());
        }
        self.groups[at].members += 1;
        self.groups[at].revision += 1;
    }

    /// An interface of that group has gone.
    pub(super) fn leave(&mut self, group: u16) {
        let group = &mut self.groups[usize::from(group)];
        group.members -= 1;
        group.revision += 1;
    }

    /// How many groups there are; some may be empty.
    pub(super) const fn len(&self) -> usize {
        self.groups.len()
    }

    /// Changes with who is in that group.
    pub(super) fn revision(&self, group: u16) -> u32 {
        self.groups[usize::from(group)].revision
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_filled_one_after_the_other_and_a_place_that_is_free_is_taken() {
        let mut groups = Groups::default();
        groups.expect(40);
        let joined: Vec<u16> = (0..40).map(|_| groups.join()).collect();
        assert_eq!(joined, (0..40).map(|number| number / 16).collect::<Vec<u16>>());
        let before = groups.revision(1);
        groups.leave(1);
        assert_eq!(groups.join(), 1);
        assert_eq!(groups.join(), 2);
        assert_ne!(groups.revision(1), before);
    }

    #[test]
    fn a_large_device_has_large_groups_for_good() {
        let mut groups = Groups::default();
        groups.expect(0);
        groups.expect(1_000);
        groups.expect(3);
        let joined: Vec<u16> = (0..65).map(|_| groups.join()).collect();
        assert_eq!(joined[63..], [0, 1]);
    }
}
