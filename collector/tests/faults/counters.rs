//! Counters that wrap.

use test_agent::{Agent, Count, Device, Of, Port, switch};

use crate::scene::{Scene, gaps};

#[test]
fn a_32_bit_counter_that_wraps_has_counted_on() {
    let mut device = Device::new(switch(2, Port::Narrow));
    // A second or two before it wraps.
    device.set_counter(Of::All, Count::InOctets, (1 << 32) - 1_500_000);
    let scene = Scene::with(Agent::serving(device), &["--timeout", "250ms", "--retries", "4"]);
    let beginning = scene.begin("GigabitEthernet1", 1);
    scene.wait_until("a wrap", || scene.device().counter(1, Count::InOctets) < Some(1 << 31));
    scene.wait_for_traffic("GigabitEthernet1", 3);
    scene.ebb("GigabitEthernet1");
    let counted = beginning.counted(&scene);
    let story = scene.end("GigabitEthernet1");
    assert!(gaps(&story.samples).is_empty(), "{:#?}", story.samples);
    story.check_unbroken(&counted);
}
