//! An agent that answers in a thread of its own until it is dropped.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};

use crate::device::Device;
use crate::server::{Port, Server, lock};

/// One thread that is one device, or many. It ends with this.
#[derive(Debug)]
pub struct Agent {
    devices: Vec<(SocketAddr, Arc<Mutex<Device>>)>,
    end: OwnedFd,
    thread: Option<JoinHandle<()>>,
}

impl Agent {
    /// Serves one device on a free port of 127.0.0.1.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[must_use]
    pub fn serving(device: Device) -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self::serving_all([(address, device)]).expect("a free loopback port")
    }

    /// Serves devices, each at an address of its own, with the port 0 for a free one.
    ///
    /// # Errors
    ///
    /// When one of the addresses can't be listened at.
    pub fn serving_all(devices: impl IntoIterator<Item = (SocketAddr, Device)>) -> io::Result<Self> {
        let (mut ports, mut listening) = (Vec::new(), Vec::new());
        for (address, device) in devices {
            let device = Arc::new(Mutex::new(device));
            let port = Port::open(address, Arc::clone(&device))?;
            listening.push((port.address(), device));
            ports.push(port);
        }
        let (server, end) = Server::new(ports)?;
        let thread = thread::Builder::new().name("test agent".to_owned()).spawn(move || server.serve())?;
        Ok(Self { devices: listening, end, thread: Some(thread) })
    }

    /// The port that the first device listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.devices.first().map_or(0, |(address, _)| address.port())
    }

    /// Where each device listens.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.devices.iter().map(|(address, _)| *address)
    }

    /// The first device: what it has, and how it behaves. Nobody is answered while this is held.
    pub fn device(&self) -> MutexGuard<'_, Device> {
        self.device_at(0)
    }

    /// One of the devices, in the order in which they were given.
    ///
    /// # Panics
    ///
    /// When there are not so many.
    pub fn device_at(&self, number: usize) -> MutexGuard<'_, Device> {
        lock(&self.devices[number].1)
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // It can't be full: this is the only number that is ever written.
        let _ = rustix::io::write(&self.end, &1_u64.to_ne_bytes());
        if let Some(thread) = self.thread.take() {
            // What it died of was printed then.
            let _ = thread.join();
        }
    }
}
