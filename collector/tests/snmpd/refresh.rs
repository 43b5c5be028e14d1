//! The cache of snmpd, which it fills every three seconds: what is made of it is a flat line under a constant load.

use std::fs;
use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use stats::{Quantity, Sample, Timestamp};

use super::collector::Collector;
use super::daemon::Snmpd;
use super::observer::Observer;

#[expect(clippy::disallowed_methods, reason = "what the collector tells is held against it")]
pub(crate) fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_micros(u64::try_from(since_epoch.as_micros()).unwrap())
}

/// A load on the loopback, so even that a rate can be held against it, and what the kernel counted meanwhile.
struct Load {
    stop: Arc<AtomicBool>,
    sender: JoinHandle<()>,
    counted: JoinHandle<Counted>,
}

/// What the kernel had counted, and when.
#[derive(Default)]
struct Counted {
    octets: Vec<(Timestamp, u64)>,
    packets: Vec<(Timestamp, u64)>,
}

impl Load {
    /// Two thousand datagrams of two thousand octets a second: so much that other tests' traffic is little.
    fn begin() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, stopped_too) = (Arc::clone(&stop), Arc::clone(&stop));
        let sender = thread::spawn(move || {
            let sink = UdpSocket::bind("127.0.0.1:0").unwrap();
            let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
            sender.connect(sink.local_addr().unwrap()).unwrap();
            let begin = now();
            let mut sent = 0_u32;
            while !stopped.load(Ordering::Relaxed) {
                while Duration::from_micros(500) * sent <= now().since(begin) {
                    sender.send(&[0; 2_000]).unwrap();
                    sent += 1;
                }
                sleep(Duration::from_millis(1));
            }
        });
        let counted = thread::spawn(move || {
            let read = |name: &str| {
                let number = fs::read_to_string(format!("/sys/class/net/lo/statistics/{name}")).unwrap();
                (now(), number.trim().parse().unwrap())
            };
            let mut counted = Counted::default();
            while !stopped_too.load(Ordering::Relaxed) {
                counted.octets.push(read("rx_bytes"));
                counted.packets.push(read("rx_packets"));
                sleep(Duration::from_millis(10));
            }
            counted
        });
        Self { stop, sender, counted }
    }

    fn end(self) -> Counted {
        self.stop.store(true, Ordering::Relaxed);
        self.sender.join().unwrap();
        self.counted.join().unwrap()
    }
}

/// What the kernel counted in a second between two times.
fn true_rate(counted: &[(Timestamp, u64)], from: Timestamp, to: Timestamp) -> f64 {
    let nearest = |at: Timestamp| counted[counted.partition_point(|(then, _)| *then < at).min(counted.len() - 1)];
    let ((from, before), (to, after)) = (nearest(from), nearest(to));
    #[expect(clippy::cast_precision_loss, reason = "some millions")]
    let passed = (after - before) as f64;
    passed / to.since(from).as_secs_f64()
}

/// How far a sample's rate is off the true one. When exactly the agent refreshed its counters is known to a part of a
/// second, which matters where the load is not quite even.
fn off(sample: &Sample, counted: &[(Timestamp, u64)]) -> f64 {
    const UNCERTAIN_MILLIS: u64 = 150;

    let rate = sample.per_second(Quantity::InOctets).unwrap();
    let shifts = (0..=2 * UNCERTAIN_MILLIS).step_by(30).map(Duration::from_millis);
    let offs = shifts.map(|shift| {
        let [from, to] =
            [sample.start(), sample.end].map(|time| time.before(Duration::from_millis(UNCERTAIN_MILLIS)).after(shift));
        (rate / true_rate(counted, from, to) - 1.0).abs()
    });
    offs.fold(f64::INFINITY, f64::min)
}

/// Each sample that began after the agent was known is within five percent of the true rate of its time, and within as
/// much more as the agent was out of its step, which none can know who asks it each few seconds; but none is a zero or a
/// double, however late it was. Tells how many there are.
#[track_caller]
fn check_flat(
    interval: &str,
    samples: &[Sample],
    counted: &[(Timestamp, u64)],
    known: Duration,
    late: impl Fn(Timestamp) -> Duration,
) -> usize {
    /// A sample that is off by more than this and the five percent is no sample of this agent, late as it may be.
    const MOST_LATE: f64 = 0.4;

    let known = samples[0].start().after(known);
    let samples: Vec<&Sample> = samples.iter().filter(|sample| sample.start() > known).collect();
    for sample in &samples {
        assert_eq!(sample.gap, None, "at {interval}: {sample:?}");
        let (off, late) = (off(sample, counted), late(sample.end));
        let may = 0.05 + (late.as_secs_f64() / sample.duration.as_secs_f64()).min(MOST_LATE);
        assert!(off < may, "at {interval}: off by {off:.3}, the agent being late by {late:?}: {sample:?}");
    }
    samples.len()
}

/// Until its cache is filled for the second time, snmpd shows no unicast packet, and then all that there ever were: no sample
/// has many more of them than passed.
#[track_caller]
fn check_packets(interval: &str, samples: &[Sample], counted: &[(Timestamp, u64)]) {
    let began = counted[0].0.after(Duration::from_millis(100));
    for sample in samples.iter().filter(|sample| sample.end > began) {
        let Some(rate) = sample.per_second(Quantity::InPackets) else { continue };
        let passed = true_rate(counted, sample.start(), sample.end);
        assert!(rate < 3.0 * passed, "at {interval}: {rate} packets a second instead of {passed}: {sample:?}");
    }
}

/// Reads one agent at several intervals, and checks what is made of it. False where the agent was so much out of its step
/// that none can see that it has one.
fn lines_are_flat(idle: Duration) -> bool {
    const INTERVALS: [&str; 4] = ["500ms", "1s", "2s", "5s"];
    /// More than the distance of two refreshes is off by where they are taken to be even.
    const OUT_OF_STEP: Duration = Duration::from_millis(65);

    let snmpd = Snmpd::start();
    let run = |interval| Collector::run_with(snmpd.port(), |command| command.args(["--interval", interval]));
    let collectors = INTERVALS.map(run);
    sleep(idle);
    let began = now();
    let load = Load::begin();
    let observer = Observer::begin(snmpd.port());
    sleep(Duration::from_secs(65));
    let told = collectors.map(|collector| (collector.refresh(), collector.end()));
    let seen = observer.end();
    let counted = load.end();

    let period = seen.period();
    assert!((2.9..3.2).contains(&period.as_secs_f64()), "{period:?}");
    let is_in_step = seen.late_at_all(period) <= OUT_OF_STEP;
    if !is_in_step && told.iter().any(|(refresh, _)| refresh.is_none()) {
        return false;
    }
    for (interval, (refresh, samples)) in INTERVALS.into_iter().zip(told) {
        let refresh = refresh.unwrap();
        assert!(refresh.abs_diff(period) < Duration::from_millis(100), "{refresh:?} at {interval}, not {period:?}");
        // Twelve seconds are enough to know it; of each three of the others there is one, or of each six. An agent that
        // gets out of its step is learned anew, and samples are longer meanwhile.
        if idle.is_zero() {
            check_packets(interval, &samples, &counted.packets);
        }
        let known = began.since(samples[0].start()) + Duration::from_secs(15);
        let many = check_flat(interval, &samples, &counted.octets, known, |at| seen.late(Some(period), at));
        assert!(!is_in_step || many >= if interval == "5s" { 7 } else { 13 }, "{many} samples at {interval}");
    }
    true
}

#[test]
fn a_constant_load_is_a_flat_line_at_any_interval() {
    // A machine that is too busy for its agent may be so for a while.
    assert!((0..3).any(|_| lines_are_flat(Duration::ZERO)), "snmpd was out of its step all the time");
}

#[test]
fn a_load_that_begins_after_an_idle_time_is_a_flat_line_at_any_interval() {
    // Longer than anything is waited for. What the loopback carries meanwhile are the collectors' own questions.
    let idle = Duration::from_secs(45);
    assert!((0..3).any(|_| lines_are_flat(idle)), "snmpd was out of its step all the time");
}

#[test]
fn without_its_cache_snmpd_is_known_for_live_and_read_each_second() {
    let snmpd = Snmpd::start();
    snmpd.have_live_counters();
    let load = Load::begin();
    let observer = Observer::begin(snmpd.port());
    let collector = Collector::run(snmpd.port());
    sleep(Duration::from_secs(20));
    assert_eq!(collector.refresh(), None);
    let samples = collector.end();
    let seen = observer.end();
    let counted = load.end();
    let many = check_flat("1s, live", &samples, &counted.octets, Duration::from_secs(1), |at| seen.late(None, at));
    assert!(many >= 17, "{many} samples in twenty seconds");
}
