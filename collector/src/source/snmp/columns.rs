//! The columns of IF-MIB (RFC 2863) that are read: what describes an interface, and where each counter is.

use stats::Counter;

use super::object::Object;

/// The columns that describe an interface.
pub(super) const IF_DESCR: Object = Object::new("ifDescr", &[2, 2, 1, 2]);
pub(super) const IF_TYPE: Object = Object::new("ifType", &[2, 2, 1, 3]);
pub(super) const IF_SPEED: Object = Object::new("ifSpeed", &[2, 2, 1, 5]);
pub(super) const IF_ADMIN_STATUS: Object = Object::new("ifAdminStatus", &[2, 2, 1, 7]);
pub(super) const IF_OPER_STATUS: Object = Object::new("ifOperStatus", &[2, 2, 1, 8]);
pub(super) const IF_NAME: Object = Object::new("ifName", &[31, 1, 1, 1, 1]);
pub(super) const IF_HIGH_SPEED: Object = Object::new("ifHighSpeed", &[31, 1, 1, 1, 15]);
pub(super) const IF_ALIAS: Object = Object::new("ifAlias", &[31, 1, 1, 1, 18]);
/// A counter. It is walked too, to see which interfaces count in 64 bits.
pub(super) const IF_HC_IN_OCTETS: Object = Object::new("ifHCInOctets", &[31, 1, 1, 1, 6]);

/// The packets that are not unicast, from before multicast and broadcast ones were counted apart.
pub(super) const IF_IN_N_UCAST_PKTS: Object = Object::new("ifInNUcastPkts", &[2, 2, 1, 12]);
pub(super) const IF_OUT_N_UCAST_PKTS: Object = Object::new("ifOutNUcastPkts", &[2, 2, 1, 18]);

/// Where a counter is to be found, the best place first.
pub(super) const fn places(counter: Counter) -> &'static [Object] {
    match counter {
        Counter::InOctets => &[IF_HC_IN_OCTETS, Object::new("ifInOctets", &[2, 2, 1, 10])],
        Counter::InPackets => &[
            Object::new("ifHCInUcastPkts", &[31, 1, 1, 1, 7]),
            Object::new("ifInUcastPkts", &[2, 2, 1, 11]),
        ],
        Counter::InMulticast => &[
            Object::new("ifHCInMulticastPkts", &[31, 1, 1, 1, 8]),
            Object::new("ifInMulticastPkts", &[31, 1, 1, 1, 2]),
            IF_IN_N_UCAST_PKTS,
        ],
        Counter::InBroadcast => &[
            Object::new("ifHCInBroadcastPkts", &[31, 1, 1, 1, 9]),
            Object::new("ifInBroadcastPkts", &[31, 1, 1, 1, 3]),
        ],
        Counter::InErrors => &[Object::new("ifInErrors", &[2, 2, 1, 14])],
        Counter::InDiscards => &[Object::new("ifInDiscards", &[2, 2, 1, 13])],
        Counter::OutOctets => &[
            Object::new("ifHCOutOctets", &[31, 1, 1, 1, 10]),
            Object::new("ifOutOctets", &[2, 2, 1, 16]),
        ],
        Counter::OutPackets => &[
            Object::new("ifHCOutUcastPkts", &[31, 1, 1, 1, 11]),
            Object::new("ifOutUcastPkts", &[2, 2, 1, 17]),
        ],
        Counter::OutMulticast => &[
            Object::new("ifHCOutMulticastPkts", &[31, 1, 1, 1, 12]),
            Object::new("ifOutMulticastPkts", &[31, 1, 1, 1, 4]),
            IF_OUT_N_UCAST_PKTS,
        ],
        Counter::OutBroadcast => &[
            Object::new("ifHCOutBroadcastPkts", &[31, 1, 1, 1, 13]),
            Object::new("ifOutBroadcastPkts", &[31, 1, 1, 1, 5]),
        ],
        Counter::OutErrors => &[Object::new("ifOutErrors", &[2, 2, 1, 20])],
        Counter::OutDiscards => &[Object::new("ifOutDiscards", &[2, 2, 1, 19])],
    }
}
