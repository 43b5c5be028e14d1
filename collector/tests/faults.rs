//! Every switch of the test agent, and what ends up in the stats files when it is on: the collector as people run it,
//! against a device that misbehaves.
//!
//! What is asserted is data, and never how long something took. Traffic begins after the first sample and ends before the
//! last ones, so that what the samples add up to is what the device has counted, to the octet.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod published;
#[path = "faults/scene.rs"]
mod scene;

#[path = "faults/counters.rs"]
mod counters;
#[path = "faults/forgeries.rs"]
mod forgeries;
#[path = "faults/losses.rs"]
mod losses;
#[path = "faults/refreshes.rs"]
mod refreshes;
#[path = "faults/restarts.rs"]
mod restarts;
#[path = "faults/sizes.rs"]
mod sizes;
#[path = "faults/versions.rs"]
mod versions;
#[path = "faults/walks.rs"]
mod walks;
