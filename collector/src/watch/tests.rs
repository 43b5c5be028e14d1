//! What becomes of readings, told in rounds of them.

mod caches;
mod properties;

use proptest::test_runner::{Config as ProptestConfig, RngSeed};
use stats::{Counter, GapReason, Interface, Monotonic, Quantity, Sample, Speed, Uptime};

use super::*;
use crate::source::ReadError;

/// What a round of the tests gives: no answer, or the octets that came in through each interface.
type Round<'a> = Option<&'a [(&'a str, u64)]>;

/// The same cases each time: what is rare is to be looked for by who wants to, and not to fail for who changes something else.
/// `PROPTEST_RNG_SEED` and `PROPTEST_CASES` ask for others, and for more.
fn from_a_seed() -> ProptestConfig {
    let usual = ProptestConfig::default();
    let rng_seed = if usual.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { usual.rng_seed };
    ProptestConfig { rng_seed, cases: usual.cases.max(1_000), failure_persistence: None, ..usual }
}

fn moment(second: u64) -> Now {
    let wall = Timestamp::from_micros(1_000_000_000_000_000).after(Duration::from_secs(second));
    Now { monotonic: Monotonic::new(Duration::from_secs(100 + second)), wall }
}

fn outcome(second: u64, round: Round<'_>) -> Result<Snapshot, ReadError> {
    let no_answer = || ReadError::NoAnswer {
        address: "192.0.2.1:161".to_owned(),
        waited: Duration::from_secs(1),
        doubt: "the community",
    };
    let interfaces = round.ok_or_else(no_answer)?.iter().map(|(name, octets)| {
        let interface = Interface { name: (*name).to_owned(), ..Interface::default() };
        // An agent that was started with the first round, and again where the counter is below 10.
        let uptime = if *octets < 10 { 5 } else { 100 * u32::try_from(second + 1_000).unwrap() };
        let reading = Reading::new(moment(second).monotonic, Some(Uptime::from_ticks(uptime)));
        (interface.into(), reading.with(Counter::InOctets, *octets))
    });
    Ok(Snapshot { sys_name: None, interfaces: interfaces.collect(), missing: Arc::default() })
}

/// Describes an interface in another way.
fn change(interface: &mut KeptInterface, change: impl FnOnce(&mut Interface)) {
    let mut other = interface.unpack();
    change(&mut other);
    *interface = other.into();
}

fn watched(rounds: &[Round<'_>]) -> Watch {
    let timeline = Timeline::beginning(moment(0));
    let mut watch = Watch::new("router".to_owned(), "test".to_owned(), Duration::from_secs(1), timeline);
    for (second, round) in (0..).zip(rounds) {
        watch.take(outcome(second, *round), moment(second));
    }
    watch
}

/// The samples of an interface as text: the octets, `!` and the reason where it is a gap, the seconds where not one.
fn told(watch: &Watch, name: &str) -> String {
    let stats = watch.stats(0..watch.interface_count(), usize::MAX);
    let found = stats.interfaces.iter().find(|stats| stats.name == name);
    let samples = found.map(|stats| stats.samples.to_vec()).unwrap_or_default();
    let words = samples.iter().map(|sample| {
        let octets = sample.passed.get(Quantity::InOctets).map_or_else(|| "?".to_owned(), |octets| octets.to_string());
        let gap = sample.gap.as_ref().map_or_else(String::new, |reason| format!("!{}", reason.as_str()));
        let seconds = sample.duration.as_secs();
        if seconds == 1 { format!("{octets}{gap}") } else { format!("{octets}{gap}/{seconds}s") }
    });
    words.collect::<Vec<String>>().join(" ")
}

#[track_caller]
fn check(rounds: &[Round<'_>], expected: &str) {
    assert_eq!(told(&watched(rounds), "eth0"), expected);
}

#[test]
fn samples_are_what_passed_between_readings() {
    check(&[Some(&[("eth0", 100)]), Some(&[("eth0", 150)]), Some(&[("eth0", 150)])], "50 0");
}

#[test]
fn what_is_followed_of_an_interface_takes_little_memory() {
    assert!(size_of::<Followed>() <= 136, "{} octets", size_of::<Followed>());
}

#[test]
fn silence_is_a_gap_that_ends_with_what_passed_in_all_of_it() {
    check(
        &[Some(&[("eth0", 100)]), Some(&[("eth0", 150)]), None, None, Some(&[("eth0", 950)]), Some(&[("eth0", 960)])],
        "50 ?!noAnswer ?!noAnswer 800!noAnswer 10",
    );
}

#[test]
fn what_passed_before_and_in_a_gap_adds_up_to_the_counters_advance() {
    let watch = watched(&[Some(&[("eth0", 100)]), None, Some(&[("eth0", 150)]), Some(&[("eth0", 175)]), None]);
    let samples = watch.stats(0..1, usize::MAX).interfaces[0].samples.to_vec();
    let sum: u64 = samples.iter().filter_map(|sample| sample.passed.get(Quantity::InOctets)).sum();
    assert_eq!(sum, 75);
}

#[test]
fn what_passed_in_silence_after_a_value_that_turns_out_right_was_not_all_in_its_last_second() {
    const JUMP: u64 = 1_000_000_000;
    let rounds = [Some(1_000), Some(JUMP), None, None, Some(JUMP + 36_000_000)];
    let timeline = Timeline::beginning(moment(0));
    let mut watch = Watch::new("router".to_owned(), "test".to_owned(), Duration::from_secs(1), timeline);
    for (second, octets) in (0..).zip(rounds) {
        let round = octets.map(|octets| [("eth0", octets)]);
        let mut outcome = outcome(second, round.as_ref().map(<[_; 1]>::as_slice));
        for (interface, _) in outcome.iter_mut().flat_map(|snapshot| &mut snapshot.interfaces) {
            change(interface, |interface| interface.speed = Some(Speed::from_bits_per_second(100_000_000)));
        }
        watch.take(outcome, moment(second));
    }
    assert_eq!(told(&watch, "eth0"), "?!implausible ?!noAnswer ?!noAnswer 36000000!noAnswer");
}

#[test]
fn a_restart_is_a_gap_and_nothing_else() {
    check(&[Some(&[("eth0", 100)]), Some(&[("eth0", 5)]), Some(&[("eth0", 80)])], "?!restarted 75");
}

#[test]
fn interfaces_that_are_others_each_time_do_not_pile_up_and_nor_do_their_files() {
    let mut watch = watched(&[]);
    for second in 0..60 {
        let names: Vec<String> = (0..200).map(|number| format!("session {second}-{number}")).collect();
        let round: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 100)).collect();
        watch.take(outcome(second, Some(&round)), moment(second));
        assert!(watch.interface_count() <= 600, "{}", watch.interface_count());
    }
    assert!(watch.followed().iter().any(|followed| followed.interface().name() == "session 58-0"), "those went last");
    assert!(watch.by_group().len() <= 600_usize.div_ceil(16), "{}", watch.by_group().len());
}

#[test]
fn a_table_that_is_empty_for_a_moment_costs_no_interface_its_graph() {
    let names: Vec<String> = (0..200).map(|number| format!("eth{number}")).collect();
    let round: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 100)).collect();
    let watch = watched(&[Some(&round), Some(&round), Some(&[]), Some(&round)]);
    assert_eq!((watch.interface_count(), told(&watch, "eth199")), (200, "0 ?!absent ?!absent".to_owned()));
}

#[test]
fn interfaces_that_come_in_another_order_are_known_by_their_names() {
    let watch = watched(&[
        Some(&[("a", 100), ("b", 200), ("c", 300)]),
        Some(&[("c", 301), ("d", 50), ("a", 102)]),
        Some(&[("b", 203), ("a", 104), ("d", 55), ("c", 302)]),
    ]);
    assert_eq!(["a", "b", "c", "d"].map(|name| told(&watch, name)), ["2 2", "?!absent ?!absent", "1 1", "5"]);
}

#[test]
fn an_interface_that_goes_and_comes_is_absent_in_between() {
    check(
        &[
            Some(&[("eth0", 100), ("ppp0", 1_000)]),
            Some(&[("ppp0", 1_000)]),
            Some(&[]),
            Some(&[("eth0", 20)]),
            Some(&[("eth0", 30)]),
        ],
        "?!absent ?!absent ?!absent 10",
    );
}

#[test]
fn an_interface_that_comes_later_begins_then() {
    check(
        &[Some(&[("ppp0", 100)]), Some(&[("ppp0", 100), ("eth0", 500)]), Some(&[("ppp0", 100), ("eth0", 600)])],
        "100",
    );
}

#[test]
fn interfaces_are_followed_by_name_whatever_their_order() {
    check(
        &[Some(&[("eth0", 100), ("ppp0", 10)]), Some(&[("ppp0", 11), ("eth0", 150)]), Some(&[("eth0", 151)])],
        "50 1",
    );
}

#[test]
fn an_interface_that_is_gone_for_longer_than_samples_are_kept_is_forgotten() {
    let mut watch = watched(&[Some(&[("eth0", 100), ("ppp0", 10)])]);
    for second in 1..1_300 {
        watch.take(outcome(second, Some(&[("eth0", 100)])), moment(second));
    }
    assert_eq!(watch.interface_count(), 1);
}

#[test]
fn a_problem_is_told_until_it_is_over() {
    let mut watch = watched(&[Some(&[("eth0", 100)]), None]);
    assert!(watch.problem().unwrap().contains("no answer from 192.0.2.1:161"));
    watch.take(outcome(2, Some(&[("eth0", 100)])), moment(2));
    assert_eq!(watch.problem(), None);
}

#[test]
fn when_a_silent_target_last_answered_is_told_however_long_ago_and_after_a_restart() {
    let eth0: Round<'_> = Some(&[("eth0", 100)]);
    let mut watch = watched(&[eth0, eth0, None]);
    assert_eq!(watched(&[eth0, eth0]).head().answered, None);
    for second in 3..1_300 {
        watch.take(outcome(second, None), moment(second));
    }
    assert_eq!(watch.head().answered, Some(moment(1).wall));
    let published = watch.stats(0..watch.interface_count(), usize::MAX);
    let mut next = watched(&[]);
    next.resume(&published, |_| None, HashMap::new(), moment(1_300));
    next.take(outcome(1_301, None), moment(1_301));
    assert_eq!(next.head().answered, Some(moment(1).wall));
    next.take(outcome(1_302, eth0), moment(1_302));
    assert_eq!(next.head().answered, None);
}

#[test]
fn a_clock_that_was_set_moves_all_samples_and_begins_a_run() {
    let mut watch = watched(&[Some(&[("eth0", 100)]), Some(&[("eth0", 150)])]);
    let run = watch.stats(0..1, 1).run;
    let set = |second| Now { wall: moment(second).wall.after(Duration::from_hours(1)), ..moment(second) };
    watch.take(outcome(2, Some(&[("eth0", 155)])), set(2));
    let stats = watch.stats(0..1, usize::MAX);
    assert_ne!(stats.run, run);
    let ends: Vec<Timestamp> = stats.interfaces[0].samples.to_vec().iter().map(|sample| sample.end).collect();
    assert_eq!(ends, [set(1).wall, set(2).wall]);
    assert_eq!(told(&watch, "eth0"), "50 5");
}

#[test]
fn a_collector_that_was_restarted_goes_on_after_a_gap() {
    let earlier = watched(&[Some(&[("eth0", 100)]), Some(&[("eth0", 150)])]).stats(0..1, usize::MAX);
    let mut watch = watched(&[]);
    watch.resume(&earlier, |_| None, HashMap::new(), moment(8));
    watch.take(outcome(9, Some(&[("eth0", 800)])), moment(9));
    watch.take(outcome(10, Some(&[("eth0", 801)])), moment(10));
    assert_eq!(told(&watch, "eth0"), "50 ?!collectorStopped/8s 1");
    assert_eq!(watch.stats(0..1, 1).interfaces[0].samples.first(), Some(2));
}

#[test]
fn readings_that_were_kept_bridge_the_time_between_two_calls() {
    let before = watched(&[Some(&[("eth0", 100)]), Some(&[("eth0", 150)])]);
    let mut watch = watched(&[]);
    watch.resume(&before.stats(0..1, usize::MAX), |_| None, before.readings(), moment(60));
    watch.take(outcome(61, Some(&[("eth0", 750)])), moment(61));
    assert_eq!(told(&watch, "eth0"), "50 600/60s");
}

#[test]
fn samples_from_before_the_clock_was_set_back_do_not_stop_the_graph() {
    let ahead = |second| Now { wall: moment(second).wall.after(Duration::from_hours(1)), ..moment(second) };
    let timeline = Timeline::beginning(ahead(0));
    let mut earlier = Watch::new("router".to_owned(), "test".to_owned(), Duration::from_secs(1), timeline);
    earlier.take(outcome(0, Some(&[("eth0", 100)])), ahead(0));
    earlier.take(outcome(1, Some(&[("eth0", 150)])), ahead(1));
    let mut watch = watched(&[]);
    watch.resume(&earlier.stats(0..1, usize::MAX), |_| None, HashMap::new(), moment(2));
    watch.take(outcome(3, Some(&[("eth0", 800)])), moment(3));
    watch.take(outcome(4, Some(&[("eth0", 801)])), moment(4));
    assert_eq!(told(&watch, "eth0"), "50 ?!collectorStopped 1");
}

/// A link of a gigabit that shows these octets, a second apart.
fn told_of_a_gigabit(octets: &[u64]) -> String {
    let mut watch = watched(&[]);
    for (second, octets) in (0..).zip(octets) {
        let mut outcome = outcome(second, Some(&[("eth0", *octets)])).unwrap();
        let speed = Some(Speed::from_bits_per_second(1_000_000_000));
        change(&mut outcome.interfaces[0].0, |interface| interface.speed = speed);
        watch.take(Ok(outcome), moment(second));
    }
    told(&watch, "eth0")
}

#[test]
fn a_jump_that_was_wrong_is_a_gap_and_costs_nothing_else() {
    let told = told_of_a_gigabit(&[100, 200, 9_000_000_000, 400, 500]);
    assert_eq!(told, "100 ?!implausible 200!implausible 100");
}

#[test]
fn a_jump_that_was_right_is_a_gap_and_what_follows_goes_on_from_it() {
    let told = told_of_a_gigabit(&[100, 200, 9_000_000_000, 9_000_000_100, 9_000_000_300]);
    assert_eq!(told, "100 ?!implausible 100 200");
}

#[test]
fn a_link_that_carries_more_than_its_speed_time_and_again_has_another_speed() {
    let told = told_of_a_gigabit(&[100, 1_000_000_100, 2_000_000_100, 3_000_000_100, 4_000_000_100]);
    assert_eq!(told, "?!implausible ?!implausible 3000000000!implausible 1000000000");
}

#[test]
fn a_reading_that_was_too_low_and_another_that_is_too_high_are_no_other_speed() {
    let told = told_of_a_gigabit(&[100, 2_000_000_100, 4_000_000_100, 2_000_000_200, 2_000_000_300]);
    assert_eq!(told, "?!implausible ?!implausible ?!discontinuity 100");
}

/// What is told of an agent that fills its cache every three seconds, read each second under a constant load, once it is
/// known; `change` makes something else of its octets.
fn told_of_a_cache(seconds: u64, mut octets: impl FnMut(u64) -> Option<u64>) -> Watch {
    let mut watch = watched(&[]);
    watch.calibrate();
    for second in 0..seconds {
        // Looks in between, as they are asked for.
        while let Some((at, _)) = watch.next_glance() {
            let millis = u64::try_from(at.since(moment(0).monotonic).as_millis()).unwrap();
            if millis >= second * 1_000 {
                break;
            }
            let shown = octets(millis / 1_000 / 3 * 3).map_or(0, |octets| octets + 10);
            let glance = Some(Glance { at, octets: shown });
            watch.glanced(glance, moment(second));
        }
        let shown = octets(second / 3 * 3).map(|octets| [("eth0", octets), ("idle", 10)]);
        let mut outcome = outcome(second, shown.as_ref().map(<[_; 2]>::as_slice));
        for (number, (interface, _)) in (1..).zip(outcome.iter_mut().flat_map(|snapshot| &mut snapshot.interfaces)) {
            change(interface, |interface| interface.if_index = Some(number));
        }
        watch.take(outcome, moment(second));
    }
    watch
}

#[test]
fn of_an_agent_that_answers_from_a_cache_samples_are_of_whole_refreshes() {
    let watch = told_of_a_cache(60, |second| Some(1_000_000 * (second + 1)));
    let samples = watch.stats(0..1, usize::MAX).interfaces[0].samples.to_vec();
    assert!(samples.len() >= 15, "{samples:#?}");
    for sample in &samples {
        let rate = sample.per_second(Quantity::InOctets).unwrap();
        assert!((950_000.0..1_050_000.0).contains(&rate), "{sample:#?}");
    }
    assert_eq!(watch.stats(0..1, 1).refresh.map(|refresh| refresh.as_secs_f64().round()), Some(3.0));
}

#[test]
fn an_interface_that_is_idle_beside_a_busy_one_is_a_true_zero_and_no_stall() {
    let watch = told_of_a_cache(60, |second| Some(1_000_000 * (second + 1)));
    let [busy, idle] = [0, 1].map(|at| watch.stats(0..2, usize::MAX).interfaces[at].samples.to_vec());
    assert_eq!(idle.len(), busy.len());
    assert!(idle.iter().all(|sample| sample.passed.get(Quantity::InOctets) == Some(0)));
}

#[test]
fn an_answer_that_is_lost_between_two_refreshes_costs_nothing() {
    let mut lost = 0;
    let watch = told_of_a_cache(60, |second| {
        lost += usize::from(second == 30);
        // One answer of those that show the refresh of second 30.
        if second == 30 && lost == 2 { None } else { Some(1_000_000 * (second + 1)) }
    });
    let samples = watch.stats(0..1, usize::MAX).interfaces[0].samples.to_vec();
    assert!(lost >= 3 && samples.iter().all(|sample| sample.gap.is_none()), "{samples:#?}");
}

/// What is said of a link of a gigabit with counters of 32 bits that is read once in that many seconds, and does not answer
/// between two of them.
fn said_of_wraps(interval: u64, silent: std::ops::Range<u64>) -> Vec<String> {
    let timeline = Timeline::beginning(moment(0));
    let mut watch = Watch::new("router".to_owned(), "test".to_owned(), Duration::from_secs(interval), timeline);
    let mut news = Vec::new();
    for second in (0..240).step_by(usize::try_from(interval).unwrap()) {
        let round: Round<'_> = if silent.contains(&second) { None } else { Some(&[("eth0", 100)]) };
        let mut outcome = outcome(second, round);
        for (interface, reading) in outcome.iter_mut().flat_map(|snapshot| &mut snapshot.interfaces) {
            change(interface, |interface| interface.speed = Some(Speed::from_bits_per_second(1_000_000_000)));
            reading.set(Counter::InOctets, 1_000 * second + 10, stats::Width::Bits32);
        }
        watch.take(outcome, moment(second));
        news.extend(watch.news());
    }
    news
}

#[test]
fn counters_that_are_read_too_seldom_are_told_of_once() {
    let expected =
        "eth0: its 32-bit counters may wrap more than once between two readings: read them each 34.3 s or more often";
    assert_eq!(said_of_wraps(60, 0..0), [expected]);
}

#[test]
fn an_outage_is_not_taken_for_counters_that_are_read_too_seldom() {
    assert!(said_of_wraps(1, 5..60).is_empty());
}

#[test]
fn one_reading_that_is_too_low_invents_nothing() {
    let told = told_of_a_gigabit(&[1_000, 60_001_000, 1_000, 60_002_000, 60_003_000]);
    assert_eq!(told, "60000000 ?!discontinuity 1000!discontinuity 1000");
    let told = told_of_a_gigabit(&[1_000, 10_001_000, 10_000_900, 10_002_000, 10_003_000]);
    assert_eq!(told, "10000000 ?!discontinuity 1000!discontinuity 1000");
}

#[test]
fn counters_that_were_cleared_go_on_from_where_they_began_again() {
    let told = told_of_a_gigabit(&[1_000_000_000, 1_000_001_000, 50, 80, 100]);
    assert_eq!(told, "1000 ?!discontinuity 30 20");
}

#[test]
fn calls_that_take_one_reading_each_go_on_after_counters_were_cleared() {
    let mut watch = watched(&[Some(&[("eth0", 9_000)]), Some(&[("eth0", 500)])]);
    for second in 2..4 {
        let mut next = watched(&[]);
        next.resume(&watch.stats(0..1, usize::MAX), |_| None, watch.readings(), moment(second));
        next.take(outcome(second, Some(&[("eth0", 500 + second)])), moment(second));
        watch = next;
    }
    assert_eq!(told(&watch, "eth0"), "?!discontinuity 2 1");
}
