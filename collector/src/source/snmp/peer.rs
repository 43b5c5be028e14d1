//! Datagrams to and from one address. Knows nothing of what is in them.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs, UdpSocket};
use std::time::Duration;

use rustix::buffer::spare_capacity;
use rustix::net::{RecvFlags, recv};

use crate::source::ReadError;
#[cfg(any(test, fuzzing))]
use crate::source::snmp::codec::replay::Replay;
use crate::target::AgentAddress;
use crate::{clock, pulse};
use stats::Monotonic;

/// The largest datagram that there is.
const LARGEST_DATAGRAM: usize = 65_535;

/// The one address that is asked, and the socket that hears nobody else.
#[derive(Debug)]
pub(super) struct Peer {
    host: String,
    port: u16,
    socket: Option<Socket>,
    /// The host's other addresses, until one of them has answered.
    untried: VecDeque<SocketAddr>,
    /// The last address that was of no use.
    forsaken: Option<SocketAddr>,
    /// Reserved and not filled, so that it costs no memory beyond the largest datagram that came.
    buffer: Vec<u8>,
    /// What is heard in place of the network.
    #[cfg(any(test, fuzzing))]
    replay: Option<Replay>,
}

#[derive(Debug)]
struct Socket {
    /// Connected, so that the kernel drops what comes from elsewhere and tells of a port that is closed.
    udp: UdpSocket,
    address: SocketAddr,
    /// As the kernel has it: setting it costs a system call.
    timeout: Option<Duration>,
}

impl Peer {
    /// Nothing is resolved before something is sent.
    pub(super) fn new(address: AgentAddress) -> Self {
        let AgentAddress { host, port } = address;
        Self {
            host,
            port,
            socket: None,
            untried: VecDeque::new(),
            forsaken: None,
            buffer: Vec::new(),
            #[cfg(any(test, fuzzing))]
            replay: Replay::begun(),
        }
    }

    /// Sends a datagram, resolving the host's name where that was not done yet.
    pub(super) fn send(&mut self, datagram: &[u8]) -> Result<(), ReadError> {
        // A device that answers slowly, or not at all, is no thread that hangs.
        pulse::beat();
        #[cfg(any(test, fuzzing))]
        if let Some(replay) = &mut self.replay {
            replay.hear(datagram);
            return Ok(());
        }
        if self.socket.is_none() {
            self.socket = Some(self.connect()?);
        }
        let Some(socket) = &self.socket else { return Ok(()) };
        let sent = match socket.udp.send(datagram) {
            // That is what became of an earlier one. This one was not sent at all.
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => socket.udp.send(datagram),
            sent => sent,
        };
        sent.map(drop).map_err(|error| self.unreachable(&error))
    }

    /// The next datagram that comes before the deadline, or `None`.
    pub(super) fn receive(&mut self, deadline: Monotonic) -> Result<Option<&[u8]>, ReadError> {
        #[cfg(any(test, fuzzing))]
        if let Some(replay) = &mut self.replay {
            let has_come = replay.answer(&mut self.buffer);
            while !has_come && clock::monotonic() < deadline {
                std::hint::spin_loop();
            }
            return Ok(has_come.then_some(&self.buffer));
        }
        let Some(socket) = &mut self.socket else { return Ok(None) };
        loop {
            let left = deadline.since(clock::monotonic());
            if left.is_zero() {
                return Ok(None);
            }
            self.buffer.clear();
            self.buffer.reserve(LARGEST_DATAGRAM);
            let received = socket
                .wait_at_most(left)
                .and_then(|()| Ok(recv(&socket.udp, spare_capacity(&mut self.buffer), RecvFlags::empty())?));
            match received {
                Ok(_) => {
                    self.untried.clear();
                    return Ok(Some(&self.buffer));
                }
                // The deadline decides. A wait may end early: the kernel counts in ticks, and a signal ends it too.
                Err(error) if is_timeout(&error) => {}
                Err(error) => return Err(self.unreachable(&error)),
            }
        }
    }

    /// There was no answer: the host may be elsewhere by now, or have an address that works better.
    pub(super) fn forsake(&mut self) {
        if self.host.parse::<IpAddr>().is_err()
            && let Some(socket) = self.socket.take()
        {
            self.forsaken = Some(socket.address);
        }
    }

    /// Whether the host has another address, which the next datagram will go to.
    pub(super) fn has_another(&self) -> bool {
        self.socket.is_none() && !self.untried.is_empty()
    }

    /// Whether the address that is asked has answered, or is the only one.
    pub(super) fn is_proven(&self) -> bool {
        #[cfg(any(test, fuzzing))]
        if self.replay.is_some() {
            return true;
        }
        self.socket.is_some() && self.untried.is_empty()
    }

    fn connect(&mut self) -> Result<Socket, ReadError> {
        if self.untried.is_empty() {
            self.untried = self.resolve()?;
        }
        let mut last = None;
        while let Some(address) = self.untried.pop_front() {
            match Socket::connect(address) {
                Ok(socket) => return Ok(socket),
                // As where there is no IPv6 and the host has it.
                Err(error) => last = Some(cannot_reach(address, &error)),
            }
        }
        Err(last.unwrap_or_else(|| self.cannot_resolve(&"it has no address")))
    }

    /// The host's addresses, the one after the last that was of no use first.
    fn resolve(&self) -> Result<VecDeque<SocketAddr>, ReadError> {
        let resolved = (self.host.as_str(), self.port).to_socket_addrs();
        let mut addresses: VecDeque<SocketAddr> = resolved.map_err(|error| self.cannot_resolve(&error))?.collect();
        if let Some(forsaken) = addresses.iter().position(|address| Some(*address) == self.forsaken) {
            addresses.rotate_left((forsaken + 1) % addresses.len());
        }
        Ok(addresses)
    }

    fn cannot_resolve(&self, why: &dyn fmt::Display) -> ReadError {
        ReadError::Unreachable { what: format!("cannot resolve {}: {why}", self.host) }
    }

    /// Forgets the socket: what is wrong with it may be wrong for good.
    fn unreachable(&mut self, error: &io::Error) -> ReadError {
        let Some(socket) = self.socket.take() else {
            return ReadError::Unreachable { what: format!("cannot reach {}: {error}", self.host) };
        };
        self.forsaken = Some(socket.address);
        cannot_reach(socket.address, error)
    }
}

impl Socket {
    fn connect(address: SocketAddr) -> io::Result<Self> {
        let any: IpAddr = match address {
            SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let udp = UdpSocket::bind((any, 0))?;
        udp.connect(address)?;
        Ok(Self { udp, address, timeout: None })
    }

    fn wait_at_most(&mut self, left: Duration) -> io::Result<()> {
        /// A wait that was set for a little longer than what is left is near enough, and saves a system call for each
        /// datagram: what is left differs each time by the microseconds since the request was sent.
        const NEAR: Duration = Duration::from_millis(2);

        if self.timeout.is_some_and(|timeout| timeout >= left && timeout < left + NEAR) {
            return Ok(());
        }
        // Whole milliseconds, rounded up, so that the next ones are near.
        let millis = u64::try_from(left.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX);
        let timeout = Duration::from_millis(millis);
        self.udp.set_read_timeout(Some(timeout))?;
        self.timeout = Some(timeout);
        Ok(())
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted)
}

fn cannot_reach(address: SocketAddr, error: &io::Error) -> ReadError {
    let what = if error.kind() == io::ErrorKind::ConnectionRefused {
        format!("nothing listens at {address} (port unreachable): is the SNMP agent running, and on this port?")
    } else {
        format!("cannot reach {address}: {error}")
    };
    ReadError::Unreachable { what }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soon() -> Monotonic {
        clock::monotonic().after(Duration::from_secs(1))
    }

    fn peer(host: &str, port: u16) -> Peer {
        Peer::new(AgentAddress { host: host.to_owned(), port })
    }

    /// A port that is open, and another one that was.
    fn ports() -> (UdpSocket, SocketAddr) {
        let [open, closed] = [0; 2].map(|port| UdpSocket::bind(("127.0.0.1", port)).unwrap());
        (open, closed.local_addr().unwrap())
    }

    #[test]
    fn where_one_address_is_of_no_use_the_next_one_is_taken() {
        let (open, closed) = ports();
        let mut peer = peer("host.invalid", 161);
        peer.untried = [closed, open.local_addr().unwrap()].into();
        peer.send(b"first").unwrap();
        let error = peer.receive(soon()).unwrap_err().to_string();
        assert!(error.starts_with("nothing listens at 127.0.0.1"), "{error}");
        assert!(peer.has_another());

        peer.send(b"second").unwrap();
        let mut buffer = [0; 10];
        let (length, from) = open.recv_from(&mut buffer).unwrap();
        open.send_to(&buffer[..length], from).unwrap();
        assert_eq!(peer.receive(soon()).unwrap(), Some(&b"second"[..]));
        assert!(!peer.has_another());
    }

    #[test]
    fn what_became_of_an_earlier_datagram_does_not_hold_the_next_one() {
        let (open, closed) = ports();
        let mut peer = peer(&closed.ip().to_string(), closed.port());
        peer.send(b"to nobody").unwrap();
        // Somebody comes to listen there only now.
        drop(open);
        let late = UdpSocket::bind(closed).unwrap();
        peer.send(b"to somebody").unwrap();
        let mut buffer = [0; 20];
        assert_eq!(late.recv(&mut buffer).unwrap(), b"to somebody".len());
    }

    #[test]
    fn the_largest_datagram_arrives_whole_and_the_buffer_stays_as_it_is() {
        let (open, _) = ports();
        let mut peer = peer("127.0.0.1", open.local_addr().unwrap().port());
        for _ in 0..3 {
            peer.send(b"?").unwrap();
            let (_, from) = open.recv_from(&mut [0]).unwrap();
            open.send_to(&vec![7; 65_507], from).unwrap();
            assert_eq!(peer.receive(soon()).unwrap().unwrap().len(), 65_507);
        }
        assert!(peer.buffer.capacity() < 2 * LARGEST_DATAGRAM);
    }

    #[test]
    fn nothing_is_received_after_the_deadline() {
        let (open, _) = ports();
        let mut peer = peer("127.0.0.1", open.local_addr().unwrap().port());
        peer.send(b"?").unwrap();
        let before = clock::monotonic();
        assert_eq!(peer.receive(before.after(Duration::from_millis(30))).unwrap(), None);
        assert!((30..500).contains(&clock::monotonic().since(before).as_millis()));
    }
}
