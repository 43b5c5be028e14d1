//! Moments as people write them: the civil calendar, at whatever distance from universal time the viewer's wall is. Reads no
//! clock, and knows no time zones: whoever asks says how far east it is at that moment.

use stats::Timestamp;

/// A moment as it stands on a wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wall {
    days: u64,
    millis: u64,
}

const DAY_MS: u64 = 86_400_000;

impl Wall {
    /// That moment by a clock which is so many minutes ahead of universal time; behind it where that is negative.
    #[must_use]
    pub fn of(at: Timestamp, ahead_minutes: i32) -> Self {
        let millis = (at.as_micros() / 1_000).saturating_add_signed(i64::from(ahead_minutes) * 60_000);
        Self { days: millis / DAY_MS, millis: millis % DAY_MS }
    }

    /// That moment by universal time.
    #[must_use]
    pub fn utc(at: Timestamp) -> Self {
        Self::of(at, 0)
    }

    /// `14:03:59`.
    #[must_use]
    pub fn time(self) -> String {
        let seconds = self.millis / 1_000;
        format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
    }

    /// `2026-11-23`.
    #[must_use]
    pub fn date(self) -> String {
        let (year, month, day) = self.civil();
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// `2026-11-23T14:03:59.120Z`, of a moment by universal time.
    #[must_use]
    pub fn iso(self) -> String {
        format!("{}T{}.{:03}Z", self.date(), self.time(), self.millis % 1_000)
    }

    /// Year, month and day of the Gregorian calendar.
    const fn civil(self) -> (u64, u64, u64) {
        // In eras of 400 years, which are all alike, from 1 March of the year 0 on: the day that may be missing is the last
        // of a year then, and the months before it have lengths that 153 days in five months tell.
        const BEFORE_1970: u64 = 719_468;
        const ERA: u64 = 146_097;

        let days = self.days + BEFORE_1970;
        let (era, day) = (days / ERA, days % ERA);
        let year = (day - day / 1_460 + day / 36_524 - day / (ERA - 1)) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let (number, day) = (if month < 10 { month + 3 } else { month - 9 }, day - (153 * month + 2) / 5 + 1);
        (era * 400 + year + if number <= 2 { 1 } else { 0 }, number, day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(millis: u64, expected: &str) {
        assert_eq!(Wall::utc(Timestamp::from_micros(millis * 1_000)).iso(), expected);
    }

    #[test]
    fn moments_are_written_as_of_iso_8601() {
        check(0, "1970-01-01T00:00:00.000Z");
        check(951_782_400_001, "2000-02-29T00:00:00.001Z");
        check(951_868_800_000, "2000-03-01T00:00:00.000Z");
        check(1_767_225_599_999, "2025-12-31T23:59:59.999Z");
        check(1_795_442_639_120, "2026-11-23T14:03:59.120Z");
        check(4_107_542_400_000, "2100-03-01T00:00:00.000Z");
    }

    #[test]
    fn every_day_follows_the_one_before_it() {
        let lengths = |year: u64| {
            let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
            [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        };
        let mut days = 0;
        for year in 1970..2_120 {
            for (month, length) in (1..).zip(lengths(year)) {
                for day in 1..=length {
                    assert_eq!(Wall { days, millis: 0 }.civil(), (year, month, day));
                    days += 1;
                }
            }
        }
    }

    #[test]
    fn a_wall_may_be_in_another_day() {
        let at = Timestamp::from_micros(1_767_225_599_999_000);
        let wall = |ahead| format!("{} {}", Wall::of(at, ahead).date(), Wall::of(at, ahead).time());
        assert_eq!(wall(330), "2026-01-01 05:29:59");
        assert_eq!(wall(-720), "2025-12-31 11:59:59");
    }

    #[test]
    fn the_end_of_time_is_some_day() {
        assert!(Wall::of(Timestamp::from_micros(u64::MAX), i32::MAX).iso().ends_with('Z'));
        assert_eq!(Wall::of(Timestamp::from_micros(1), i32::MIN).date(), "1970-01-01");
    }
}
