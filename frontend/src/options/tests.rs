//! What a URL says comes back from what is written, and nothing that it says does harm.

use super::*;
use crate::address::Address;
use crate::units::{Prefixes, Unit};

#[track_caller]
fn check(query: &str, change: impl FnOnce(&mut Options), written: &str) {
    let mut expected = Options::default();
    change(&mut expected);
    let address = Address::parse(query);
    assert_eq!(address.options, expected);
    assert_eq!(address.to_query(), written);
    assert_eq!(Address::parse(written).options, expected);
}

#[test]
fn all_that_is_chosen_is_in_the_url() {
    let query = "?window=10m&unit=octets&prefix=binary&time=utc&scale=2.5G&axis=log&layout=both-above&thresholds=60,80\
                 &at=1760000000123&kiosk=20&table=on&q=up%20link&target=core&state=down&sort=traffic&group=none&total=on";
    let change = |options: &mut Options| {
        *options = Options {
            window: Window::Ten,
            units: Units { unit: Unit::Octets, prefixes: Prefixes::Binary },
            time: Clock::Utc,
            reach: Reach::Pinned(2_500_000_000),
            spread: Spread::Logarithmic,
            arrangement: Arrangement::BothAbove,
            thresholds: Some(Thresholds { high: 60, full: 80 }),
            paused: Some(Timestamp::from_micros(1_760_000_000_123_000)),
            kiosk: Kiosk::Cycling(20),
            table: true,
            listing: Listing {
                search: "up link".to_owned(),
                target: Some("core".to_owned()),
                state: Condition::Down,
                sort: Sort::Traffic,
                grouping: Grouping::None,
                total: true,
            },
        };
    };
    check(query, change, query);
}

#[test]
fn defaults_are_left_out() {
    check(
        "?window=5m&unit=bits&prefix=si&time=local&axis=linear&state=any&sort=file&total=off&kiosk=off",
        |_| {},
        "?unit=bits",
    );
}

#[test]
fn a_choice_need_have_no_value() {
    check(
        "?kiosk&table",
        |options| (options.kiosk, options.table) = (Kiosk::Still, true),
        "?unit=bits&kiosk=on&table=on",
    );
}

#[test]
fn what_is_no_choice_is_as_if_it_had_not_been_said() {
    check(
        "?window=7m&unit=nibbles&prefix=&time=mars&axis=<script>&layout=sideways&state=%00&sort=-1",
        |_| {},
        "?unit=bits",
    );
    check(
        "?scale=-5&scale=0&at=0&at=18446744073709551616&at=-1&at=1e9&kiosk=0&kiosk=99999&kiosk=yes",
        |_| {},
        "?unit=bits",
    );
    check(
        "?thresholds=90,70&thresholds=0,5&thresholds=50&thresholds=70,101&thresholds=70,300&thresholds=a,b",
        |_| {},
        "?unit=bits",
    );
    check(&format!("?q={0}&target={0}", "x".repeat(1_000)), |_| {}, "?unit=bits");
    check("?=&&&=5&utm_source=mail&%ff=%fe", |_| {}, "?unit=bits");
}

#[test]
fn the_last_word_counts() {
    check("?scale=link&scale=max", |options| options.reach = Reach::Max, "?unit=bits&scale=max");
    check("?window=1m&window=2m", |options| options.window = Window::Two, "?window=2m&unit=bits");
}

#[track_caller]
fn check_remembered(memory: &str, query: &str, unit: Unit, written: &str) {
    let address = Address::remembering(memory, query);
    assert_eq!(address.options.units.unit, unit);
    assert_eq!(address.to_query(), written);
}

#[test]
fn units_are_remembered_and_the_url_wins() {
    check_remembered("unit=octets", "", Unit::Octets, "?unit=octets");
    check_remembered("unit=octets", "?unit=bits", Unit::Bits, "?unit=bits");
    check_remembered("unit=octets", "?prefix=binary", Unit::Bits, "?unit=bits&prefix=binary");
    check_remembered("unit=octets&prefix=binary", "?window=1m", Unit::Octets, "?window=1m&unit=octets&prefix=binary");
    check_remembered("", "?unit=octets", Unit::Octets, "?unit=octets");
    check_remembered("unit=bits&prefix=si", "", Unit::Bits, "?unit=bits");
}

#[test]
fn a_link_shows_the_same_to_whoever_is_used_to_other_units() {
    for units in ["unit=bits", "unit=octets", "unit=octets&prefix=binary"] {
        let here = Address::remembering(units, "?interface=r/a&window=1m");
        for memory in ["", "unit=octets", "unit=bits&prefix=binary"] {
            assert_eq!(Address::remembering(memory, &here.to_query()), here);
        }
    }
}

#[test]
fn nothing_but_units_is_remembered_whatever_is_in_the_memory() {
    check_remembered("window=1m&kiosk&unit=bits&stats=//elsewhere", "", Unit::Bits, "?unit=bits");
    check_remembered("\u{0}{}<%%%", "", Unit::Bits, "?unit=bits");
}

#[test]
fn what_is_remembered_is_the_units() {
    let mut address = Address::default();
    address.options.units.unit = Unit::Octets;
    assert_eq!(address.memory(), "unit=octets");
    assert_eq!(Address::remembering(&address.memory(), "").options, address.options);
    assert_eq!(Address::default().memory(), "unit=bits");
}
