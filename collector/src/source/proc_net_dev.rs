//! `/proc/net/dev` as text: this kernel's, a container's, or that of another machine. Opens nothing.

use procfs::FromBufRead;
use procfs::net::{DeviceStatus, InterfaceDeviceStatus};
use stats::{Counter, Monotonic, Reading, Uptime, Width};

/// What the text begins with, and no other that a source reads.
const BEGINNING: &[u8] = b"Inter-|";

/// Whether it looks like such a text.
pub(super) fn is_one(text: &[u8]) -> bool {
    text.trim_ascii_start().starts_with(BEGINNING)
}

/// The interfaces of the text, by their names.
pub(super) fn parse(text: &[u8]) -> Result<InterfaceDeviceStatus, &'static str> {
    // The library's own words are for those who write it, and it takes any two lines for a head.
    let counted = if is_one(text) { InterfaceDeviceStatus::from_buf_read(text).ok() } else { None };
    counted.ok_or("this is not what /proc/net/dev looks like")
}

/// The kernel's counters are of 64 bits, and contain every kind of packet. `uptime` is that of the machine, where it is
/// known.
pub(super) fn reading(status: &DeviceStatus, at: Monotonic, uptime: Option<Uptime>) -> Reading {
    let mut reading = Reading::new(at, uptime);
    for (counter, value) in [
        (Counter::InOctets, status.recv_bytes),
        (Counter::InPackets, status.recv_packets),
        (Counter::InErrors, status.recv_errs),
        (Counter::InDiscards, status.recv_drop),
        (Counter::OutOctets, status.sent_bytes),
        (Counter::OutPackets, status.sent_packets),
        (Counter::OutErrors, status.sent_errs),
        (Counter::OutDiscards, status.sent_drop),
    ] {
        reading.set(counter, value, Width::Bits64);
    }
    reading
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
        let counted = parse(TEXT).unwrap();
        let totals = reading(&counted.0["eth0"], Monotonic::default(), None).totals();
        let expected = [u64::MAX, 7, 9, 8, 1, 3, 2, 4];
        for (quantity, expected) in Quantity::ALL.into_iter().zip(expected) {
            assert_eq!(totals.get(quantity), Some(expected), "{}", quantity.name());
        }
    }

    #[test]
    fn what_was_cut_short_is_refused() {
        assert!(parse(&TEXT[..TEXT.len() - 20]).is_err());
    }
}
