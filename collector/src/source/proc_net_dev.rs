//! `/proc/net/dev` as text: this kernel's, a container's, or that of another machine. Opens nothing.

use stats::{Counter, Monotonic, Reading, Uptime, Width};

/// What the text begins with, and no other that a source reads.
const BEGINNING: &[u8] = b"Inter-|";

/// A line of the text: an interface.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) name: &'a str,
    /// What was received in eight columns, and sent in eight.
    numbers: [u64; 16],
}

/// Whether it looks like such a text.
pub(super) fn is_one(text: &[u8]) -> bool {
    text.trim_ascii_start().starts_with(BEGINNING)
}

/// The interfaces of the text, as they follow each other there.
pub(super) fn parse(text: &[u8]) -> Result<Vec<Line<'_>>, &'static str> {
    let text = str::from_utf8(text).ok().filter(|text| is_one(text.as_bytes()));
    let lines = text.and_then(|text| text.lines().skip(2).map(Line::parse).collect());
    lines.ok_or("this is not what /proc/net/dev looks like")
}

impl<'a> Line<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let (name, columns) = line.split_once(':')?;
        let mut columns = columns.split_ascii_whitespace();
        let mut numbers = [0; 16];
        for number in &mut numbers {
            *number = columns.next()?.parse().ok()?;
        }
        Some(Self { name: name.trim_ascii_start(), numbers })
    }

    /// The kernel's counters are of 64 bits, and contain every kind of packet. `uptime` is that of the machine, where it is
    /// known.
    pub(super) fn reading(&self, at: Monotonic, uptime: Option<Uptime>) -> Reading {
        const COLUMNS: [(Counter, usize); 8] = [
            (Counter::InOctets, 0),
            (Counter::InPackets, 1),
            (Counter::InErrors, 2),
            (Counter::InDiscards, 3),
            (Counter::OutOctets, 8),
            (Counter::OutPackets, 9),
            (Counter::OutErrors, 10),
            (Counter::OutDiscards, 11),
        ];

        let mut reading = Reading::new(at, uptime);
        for (counter, column) in COLUMNS {
            reading.set(counter, self.numbers[column], Width::Bits64);
        }
        reading
    }
}

#[cfg(test)]
mod tests {
    use stats::Quantity;

    use super::*;

    const TEXT: &[u8] = b"\
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  104557     813    0    0    0     0          0         0   104557     813    0    0    0     0       0          0
  eth0: 18446744073709551615 9 1 2 0 0 0 5 7 8 3 4 0 0 0 0
";

    #[test]
    fn the_kernels_table_becomes_a_reading() {
        assert!(is_one(TEXT));
        let lines = parse(TEXT).unwrap();
        assert_eq!([lines[0].name, lines[1].name], ["lo", "eth0"]);
        let totals = lines[1].reading(Monotonic::default(), None).totals();
        let expected = [u64::MAX, 7, 9, 8, 1, 3, 2, 4];
        for (quantity, expected) in Quantity::ALL.into_iter().zip(expected) {
            assert_eq!(totals.get(quantity), Some(expected), "{}", quantity.name());
        }
    }

    #[test]
    fn a_number_may_follow_the_name_at_once_as_old_kernels_write_it() {
        let text = std::str::from_utf8(TEXT).unwrap().replace(": ", ":");
        assert_eq!(parse(text.as_bytes()).unwrap()[1].numbers[0], u64::MAX);
    }

    #[test]
    fn what_was_cut_short_is_refused() {
        assert!(parse(&TEXT[..TEXT.len() - 20]).is_err());
    }
}
