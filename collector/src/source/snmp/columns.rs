//! The columns of IF-MIB (RFC 2863) that are read: what describes an interface, and where each counter is.

use stats::Counter;

use super::object::Object;

pub(super) const IF_DESCR: Object = Object::new("ifDescr", &[2, 2, 1, 2]);
pub(super) const IF_TYPE: Object = Object::new("ifType", &[2, 2, 1, 3]);
pub(super) const IF_SPEED: Object = Object::new("ifSpeed", &[2, 2, 1, 5]);
pub(super) const IF_ADMIN_STATUS: Object = Object::new("ifAdminStatus", &[2, 2, 1, 7]);
pub(super) const IF_OPER_STATUS: Object = Object::new("ifOperStatus", &[2, 2, 1, 8]);
pub(super) const IF_NAME: Object = Object::new("ifName", &[31, 1, 1, 1, 1]);
pub(super) const IF_HIGH_SPEED: Object = Object::new("ifHighSpeed", &[31, 1, 1, 1, 15]);
pub(super) const IF_ALIAS: Object = Object::new("ifAlias", &[31, 1, 1, 1, 18]);

// `ifTable`, of 32 bits as a rule. `NUcast` is from before multicast and broadcast packets were counted apart.
const IF_IN_OCTETS: Object = Object::new("ifInOctets", &[2, 2, 1, 10]);
const IF_IN_UCAST_PKTS: Object = Object::new("ifInUcastPkts", &[2, 2, 1, 11]);
pub(super) const IF_IN_N_UCAST_PKTS: Object = Object::new("ifInNUcastPkts", &[2, 2, 1, 12]);
const IF_IN_DISCARDS: Object = Object::new("ifInDiscards", &[2, 2, 1, 13]);
const IF_IN_ERRORS: Object = Object::new("ifInErrors", &[2, 2, 1, 14]);
const IF_OUT_OCTETS: Object = Object::new("ifOutOctets", &[2, 2, 1, 16]);
const IF_OUT_UCAST_PKTS: Object = Object::new("ifOutUcastPkts", &[2, 2, 1, 17]);
pub(super) const IF_OUT_N_UCAST_PKTS: Object = Object::new("ifOutNUcastPkts", &[2, 2, 1, 18]);
const IF_OUT_DISCARDS: Object = Object::new("ifOutDiscards", &[2, 2, 1, 19]);
const IF_OUT_ERRORS: Object = Object::new("ifOutErrors", &[2, 2, 1, 20]);

// `ifXTable`, first in 32 bits, then in 64.
const IF_IN_MULTICAST_PKTS: Object = Object::new("ifInMulticastPkts", &[31, 1, 1, 1, 2]);
const IF_IN_BROADCAST_PKTS: Object = Object::new("ifInBroadcastPkts", &[31, 1, 1, 1, 3]);
const IF_OUT_MULTICAST_PKTS: Object = Object::new("ifOutMulticastPkts", &[31, 1, 1, 1, 4]);
const IF_OUT_BROADCAST_PKTS: Object = Object::new("ifOutBroadcastPkts", &[31, 1, 1, 1, 5]);
pub(super) const IF_HC_IN_OCTETS: Object = Object::new("ifHCInOctets", &[31, 1, 1, 1, 6]);
const IF_HC_IN_UCAST_PKTS: Object = Object::new("ifHCInUcastPkts", &[31, 1, 1, 1, 7]);
const IF_HC_IN_MULTICAST_PKTS: Object = Object::new("ifHCInMulticastPkts", &[31, 1, 1, 1, 8]);
const IF_HC_IN_BROADCAST_PKTS: Object = Object::new("ifHCInBroadcastPkts", &[31, 1, 1, 1, 9]);
const IF_HC_OUT_OCTETS: Object = Object::new("ifHCOutOctets", &[31, 1, 1, 1, 10]);
const IF_HC_OUT_UCAST_PKTS: Object = Object::new("ifHCOutUcastPkts", &[31, 1, 1, 1, 11]);
const IF_HC_OUT_MULTICAST_PKTS: Object = Object::new("ifHCOutMulticastPkts", &[31, 1, 1, 1, 12]);
const IF_HC_OUT_BROADCAST_PKTS: Object = Object::new("ifHCOutBroadcastPkts", &[31, 1, 1, 1, 13]);

pub(super) const IF_COUNTER_DISCONTINUITY_TIME: Object = Object::new("ifCounterDiscontinuityTime", &[31, 1, 1, 1, 19]);

/// Where a counter is to be found, the best place first.
pub(super) const fn places(counter: Counter) -> &'static [Object] {
    match counter {
        Counter::InOctets => &[IF_HC_IN_OCTETS, IF_IN_OCTETS],
        Counter::InPackets => &[IF_HC_IN_UCAST_PKTS, IF_IN_UCAST_PKTS],
        Counter::InMulticast => &[IF_HC_IN_MULTICAST_PKTS, IF_IN_MULTICAST_PKTS, IF_IN_N_UCAST_PKTS],
        Counter::InBroadcast => &[IF_HC_IN_BROADCAST_PKTS, IF_IN_BROADCAST_PKTS],
        Counter::InErrors => &[IF_IN_ERRORS],
        Counter::InDiscards => &[IF_IN_DISCARDS],
        Counter::OutOctets => &[IF_HC_OUT_OCTETS, IF_OUT_OCTETS],
        Counter::OutPackets => &[IF_HC_OUT_UCAST_PKTS, IF_OUT_UCAST_PKTS],
        Counter::OutMulticast => &[IF_HC_OUT_MULTICAST_PKTS, IF_OUT_MULTICAST_PKTS, IF_OUT_N_UCAST_PKTS],
        Counter::OutBroadcast => &[IF_HC_OUT_BROADCAST_PKTS, IF_OUT_BROADCAST_PKTS],
        Counter::OutErrors => &[IF_OUT_ERRORS],
        Counter::OutDiscards => &[IF_OUT_DISCARDS],
    }
}
