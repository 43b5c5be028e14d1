//! Counters that wrap.

use stats::Quantity;
use test_agent::{Count, Device, Of, Port, switch};

use crate::scene::{Scene, gaps, is_known, octets, sum};

#[test]
fn a_32_bit_counter_that_wraps_has_counted_on() {
    const SHORTLY_BEFORE: u64 = u32::MAX as u64 - 300_000;

    let mut device = Device::new(switch(2, Port::Narrow));
    device.set_counter(Of::All, Count::InOctets, SHORTLY_BEFORE);
    let scene = Scene::of(device);
    let name = "GigabitEthernet1";
    scene.wait_for(name, "a first sample", |samples| samples.iter().any(is_known));
    // Until it has wrapped, and is at as much again.
    scene.device().set_rate(Of::All, Count::InOctets, 1_000_000);
    scene.wait_for(name, "a wrap", |samples| sum(samples, Quantity::InOctets) > 600_000);
    scene.device().set_rate(Of::All, Count::InOctets, 0);
    scene.wait_for(name, "the end of the traffic", |samples| samples.last().and_then(octets) == Some(0));
    let at = scene.device().counter(1, Count::InOctets).unwrap();
    assert!(at < SHORTLY_BEFORE, "it has wrapped");
    let story = scene.end(name);
    story.check_sum(at + (1 << 32) - SHORTLY_BEFORE);
    assert!(gaps(&story.samples).is_empty(), "{:#?}", story.samples);
    story.check_shape();
}
