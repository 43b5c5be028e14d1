//! Datagrams to and from one address. Knows nothing of what is in them.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs, UdpSocket};
use std::time::Duration;

use rustix::buffer::spare_capacity;
use rustix::net::{RecvFlags, recv};

use crate::clock;
use crate::source::ReadError;
use stats::Monotonic;

/// The largest datagram that there is.
const LARGEST_DATAGRAM: usize = 65_535;

/// The one address that is asked, and the socket that hears nobody else.
#[derive(Debug)]
pub(super) struct Peer {
    host: String,
    port: u16,
    socket: Option<Socket>,
    /// The address that did not answer, where another one of the same host may.
    forsaken: Option<SocketAddr>,
    /// Reserved and not filled, so that it costs no memory beyond the largest datagram that came.
    buffer: Vec<u8>,
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
    pub(super) const fn new(host: String, port: u16) -> Self {
        Self { host, port, socket: None, forsaken: None, buffer: Vec::new() }
    }

    /// Sends a datagram, resolving the host's name where that was not done yet.
    pub(super) fn send(&mut self, datagram: &[u8]) -> Result<(), ReadError> {
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
        let Some(socket) = &mut self.socket else { return Ok(None) };
        self.buffer.reserve(LARGEST_DATAGRAM);
        loop {
            let left = deadline.since(clock::monotonic());
            if left.is_zero() {
                return Ok(None);
            }
            self.buffer.clear();
            let received = socket
                .wait_at_most(left)
                .and_then(|()| Ok(recv(&socket.udp, spare_capacity(&mut self.buffer), RecvFlags::empty())?));
            match received {
                Ok(_) => return Ok(Some(&self.buffer)),
                // The deadline decides. A wait may end early: the kernel counts in ticks, and a signal ends it too.
                Err(error) if is_timeout(&error) => {}
                Err(error) => return Err(self.unreachable(&error)),
            }
        }
    }

    /// There was no answer: the host may be elsewhere by now, or have an address that works better.
    pub(super) fn forsake(&mut self) {
        if let Some(socket) = &self.socket
            && self.host.parse::<IpAddr>().is_err()
        {
            self.forsaken = Some(socket.address);
            self.socket = None;
        }
    }

    fn connect(&mut self) -> Result<Socket, ReadError> {
        let unresolved = |why: &dyn std::fmt::Display| ReadError::Unreachable {
            what: format!("cannot resolve {}: {why}", self.host),
        };
        let resolved = (self.host.as_str(), self.port).to_socket_addrs();
        let addresses: Vec<SocketAddr> = resolved.map_err(|error| unresolved(&error))?.collect();
        // The one after the one that did not answer; the first where there was none, or it is gone.
        let forsaken = addresses.iter().position(|address| Some(*address) == self.forsaken);
        let chosen = forsaken.map_or(0, |at| (at + 1) % addresses.len());
        let address = *addresses.get(chosen).ok_or_else(|| unresolved(&"it has no address"))?;
        let connected = Socket::connect(address);
        connected.map_err(|error| {
            self.forsaken = Some(address);
            cannot_reach(address, &error)
        })
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
