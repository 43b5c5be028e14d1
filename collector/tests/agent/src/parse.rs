//! Faults as they are written on the command line: `delay=300ms`, `instead=request-id`, and when: `10%`, `every-5`, `3x`.

use std::str::FromStr;
use std::time::Duration;

use crate::fault::{Fault, When};
use crate::spoil::Spoil;

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let when = if text == "always" {
            Some(Self::Always)
        } else if let Some(percent) = text.strip_suffix('%') {
            percent.parse().ok().filter(|percent| *percent <= 100).map(Self::Percent)
        } else if let Some(times) = text.strip_suffix('x') {
            times.parse().ok().map(Self::Times)
        } else if let Some(number) = text.strip_prefix("every-") {
            number.parse().ok().filter(|number| *number > 0).map(Self::Every)
        } else {
            between(text)
        };
        when.ok_or_else(|| format!("`{text}` is no time of a fault: write always, 10%, 3x, every-5 or 10s..20s"))
    }
}

fn between(text: &str) -> Option<When> {
    let (from, to) = text.split_once("..")?;
    Some(When::Between(duration(from)?, duration(to)?))
}

fn duration(text: &str) -> Option<Duration> {
    humantime::parse_duration(text).ok()
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, argument) = text.split_once('=').unwrap_or((text, ""));
        let number = || argument.parse().ok();
        let fault = match kind {
            "drop" => Some(Self::Drop),
            "delay" => duration(argument).map(Self::Delay),
            "reorder" => number().map(|number| Self::Reorder(number, Duration::from_millis(50))),
            "duplicate" => Some(Self::Before(Spoil::Copy)),
            "before" => spoil(argument).map(Self::Before),
            "instead" => spoil(argument).map(Self::Instead),
            "too-big-above" => number().map(Self::TooBigAbove),
            "lost-above" => number().map(Self::LostAbove),
            "gen-err" => argument.split('.').map(|number| number.parse().ok()).collect::<Option<_>>().map(Self::GenErr),
            "no-such-name" => Some(Self::NoSuchName),
            "no-bulk" => Some(Self::NoBulk),
            "repeats" => Some(Self::Repeats),
            "backwards" => Some(Self::Backwards),
            "endless" => Some(Self::Endless),
            "short" => number().map(Self::Short),
            "swapped" => Some(Self::Swapped),
            _ => None,
        };
        fault.ok_or_else(|| {
            format!(
                "`{text}` is no fault: write drop, delay=300ms, reorder=2, duplicate, before=WHAT, instead=WHAT \
                 (other-port, other-address, request-id, community, version, pdu-type, truncate-8, mutate-1), \
                 too-big-above=30, lost-above=30, gen-err=NAME, no-such-name, no-bulk, repeats, backwards, endless, \
                 short=1 or swapped"
            )
        })
    }
}

fn spoil(text: &str) -> Option<Spoil> {
    if let Some(octets) = text.strip_prefix("truncate-") {
        return octets.parse().ok().map(Spoil::Truncate);
    }
    if let Some(seed) = text.strip_prefix("mutate-") {
        return seed.parse().ok().map(Spoil::Mutate);
    }
    Some(match text {
        "copy" => Spoil::Copy,
        "other-port" => Spoil::OtherPort,
        "other-address" => Spoil::OtherAddress,
        "request-id" => Spoil::RequestId,
        "community" => Spoil::Community,
        "version" => Spoil::Version,
        "pdu-type" => Spoil::PduType,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_what_was_written() {
        assert_eq!("delay=300ms".parse(), Ok(Fault::Delay(Duration::from_millis(300))));
        assert_eq!("instead=truncate-8".parse(), Ok(Fault::Instead(Spoil::Truncate(8))));
        assert_eq!("gen-err=1.3.6".parse(), Ok(Fault::GenErr(vec![1, 3, 6])));
        assert_eq!("3x".parse(), Ok(When::Times(3)));
        assert_eq!("10s..1m".parse(), Ok(When::Between(Duration::from_secs(10), Duration::from_mins(1))));
    }

    #[test]
    fn what_is_no_fault_is_answered_with_those_there_are() {
        for text in ["", "dropp", "delay", "delay=x", "before=x", "gen-err=a", "short=-1"] {
            let error = text.parse::<Fault>().unwrap_err();
            assert!(error.starts_with(&format!("`{text}` is no fault: write drop")), "{error}");
        }
        for text in ["", "110%", "every-0", "x", "1s.."] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }
}
