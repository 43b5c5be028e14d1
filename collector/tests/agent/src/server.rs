//! Sockets: one thread receives for all devices, lets them answer, and sends what they say when they say so.

use std::collections::BTreeMap;
use std::io;
use std::mem::MaybeUninit;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::{EventfdFlags, Timespec, epoll, eventfd};

use crate::answer::Sending;
use crate::clock::instant;
use crate::device::Device;
use crate::spoil::Via;

/// A device and where it listens.
#[derive(Debug)]
pub(crate) struct Port {
    socket: UdpSocket,
    address: SocketAddr,
    device: Arc<Mutex<Device>>,
    /// Answers that are sent in another order, and until when they are kept.
    held: Vec<Outgoing>,
    held_until: Option<Instant>,
}

#[derive(Debug)]
struct Outgoing {
    octets: Vec<u8>,
    via: Via,
    to: SocketAddr,
}

impl Port {
    pub(crate) fn open(address: SocketAddr, device: Arc<Mutex<Device>>) -> io::Result<Self> {
        let socket = UdpSocket::bind(address)?;
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        Ok(Self { socket, address, device, held: Vec::new(), held_until: None })
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    fn send(&self, outgoing: &Outgoing) {
        let Outgoing { octets, via, to } = outgoing;
        let elsewhere = match via {
            Via::Own => None,
            Via::OtherAddress if to.is_ipv4() => {
                UdpSocket::bind((Ipv4Addr::new(127, 9, 9, 9), self.address.port())).ok()
            }
            Via::OtherAddress | Via::OtherPort => UdpSocket::bind(on_any_port(self.address.ip())).ok(),
        };
        // Whether it arrives is not the sender's to know.
        let _ = elsewhere.as_ref().unwrap_or(&self.socket).send_to(octets, to);
    }

    fn release(&mut self) {
        self.held_until = None;
        for outgoing in std::mem::take(&mut self.held).iter().rev() {
            self.send(outgoing);
        }
    }
}

const fn on_any_port(address: IpAddr) -> SocketAddr {
    SocketAddr::new(address, 0)
}

pub(crate) fn lock(device: &Mutex<Device>) -> MutexGuard<'_, Device> {
    device.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What receives and answers for some ports.
#[derive(Debug)]
pub(crate) struct Server {
    ports: Vec<Port>,
    epoll: OwnedFd,
    /// Answers that are sent later, by when, and in the order in which they were made.
    later: BTreeMap<(Instant, u64), (usize, Outgoing)>,
    delayed: u64,
}

/// The number of what wakes the server to its end; ports have smaller ones.
const END: u64 = u64::MAX;

impl Server {
    /// The server, and what ends it when a number is written into it.
    pub(crate) fn new(ports: Vec<Port>) -> io::Result<(Self, OwnedFd)> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let end = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        epoll::add(&epoll, &end, epoll::EventData::new_u64(END), epoll::EventFlags::IN)?;
        for (port, number) in ports.iter().zip(0..) {
            epoll::add(&epoll, &port.socket, epoll::EventData::new_u64(number), epoll::EventFlags::IN)?;
        }
        Ok((Self { ports, epoll, later: BTreeMap::new(), delayed: 0 }, end))
    }

    /// Serves until it is told to end.
    pub(crate) fn serve(mut self) {
        let mut buffer = vec![0; 65_535];
        let mut events = [MaybeUninit::<epoll::Event>::uninit(); 64];
        loop {
            let timeout = self.next_deadline().map(|deadline| timespec(deadline.saturating_duration_since(instant())));
            let ready = match epoll::wait(&self.epoll, &mut events, timeout.as_ref()) {
                Ok((ready, _)) => ready,
                Err(rustix::io::Errno::INTR) => continue,
                Err(_) => return,
            };
            for event in &*ready {
                let number = event.data.u64();
                if number == END {
                    return;
                }
                self.receive(usize::try_from(number).unwrap_or(usize::MAX), &mut buffer);
            }
            self.send_what_is_due();
        }
    }

    fn receive(&mut self, number: usize, buffer: &mut [u8]) {
        while let Some(port) = self.ports.get_mut(number) {
            // Until there is nothing more; an error is that of an earlier answer, which found nobody.
            let Ok((length, to)) = port.socket.recv_from(buffer) else { return };
            let Some(sending) = lock(&port.device).serve(&buffer[..length]) else { continue };
            let Sending { before, answer: (octets, via), delay, reorder } = sending;
            if let Some((octets, via)) = before {
                port.send(&Outgoing { octets, via, to });
            }
            let outgoing = Outgoing { octets, via, to };
            if let Some(delay) = delay {
                self.delayed += 1;
                self.later.insert((instant() + delay, self.delayed), (number, outgoing));
            } else if let Some((most, patience)) = reorder {
                port.held.push(outgoing);
                port.held_until.get_or_insert_with(|| instant() + patience);
                if port.held.len() >= most {
                    port.release();
                }
            } else {
                port.send(&outgoing);
            }
        }
    }

    fn next_deadline(&self) -> Option<Instant> {
        let held = self.ports.iter().filter_map(|port| port.held_until);
        held.chain(self.later.keys().next().map(|(deadline, _)| *deadline)).min()
    }

    fn send_what_is_due(&mut self) {
        if self.next_deadline().is_none() {
            return;
        }
        let now = instant();
        while let Some(first) = self.later.first_entry().filter(|first| first.key().0 <= now) {
            let (number, outgoing) = first.remove();
            self.ports[number].send(&outgoing);
        }
        for port in self.ports.iter_mut().filter(|port| port.held_until.is_some_and(|until| until <= now)) {
            port.release();
        }
    }
}

fn timespec(duration: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        // Rounded up: a wait that ends too early is another one.
        tv_nsec: i64::from(duration.subsec_nanos()),
    }
}
