//! Stands between the collector and an agent, passes everything on as it is, and keeps what the agent said.

use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use snmp::{ObjIdBuf, SnmpPdu, Value};

/// `ifHCInOctets` and `ifHCOutOctets` of the loopback, which is the first interface of every Linux.
const IN_OCTETS: &[u32] = &[1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6, 1];
const OUT_OCTETS: &[u32] = &[1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 10, 1];

/// What the agent said in one answer that the loopback had counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) in_octets: u64,
    pub(crate) out_octets: u64,
}

/// A port that leads to an agent.
pub(crate) struct Relay {
    port: u16,
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

/// What the threads of both directions share.
struct Shared {
    outside: UdpSocket,
    inside: UdpSocket,
    asker: Mutex<Option<SocketAddr>>,
    said: Mutex<Vec<Said>>,
    stop: AtomicBool,
}

impl Relay {
    /// A port that leads to this one.
    pub(crate) fn to(agent: u16) -> Self {
        let [outside, inside] = [0; 2].map(|port| UdpSocket::bind(("127.0.0.1", port)).expect("a free port"));
        inside.connect(("127.0.0.1", agent)).expect("a connected socket");
        for socket in [&outside, &inside] {
            socket.set_read_timeout(Some(Duration::from_millis(20))).expect("a timeout");
        }
        let port = outside.local_addr().expect("an address").port();
        let shared = Arc::new(Shared {
            outside,
            inside,
            asker: Mutex::default(),
            said: Mutex::default(),
            stop: AtomicBool::new(false),
        });
        let threads = [Shared::pass_questions, Shared::pass_answers].map(|pass| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let mut buffer = vec![0; 65_535];
                while !shared.stop.load(Ordering::Relaxed) {
                    pass(&shared, &mut buffer);
                }
            })
        });
        Self { port, shared, threads: threads.into() }
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// All that was said so far of both counters at once, which is so when they are read and not when they are described.
    pub(crate) fn said(&self) -> Vec<Said> {
        lock(&self.shared.said).clone()
    }
}

impl Shared {
    fn pass_questions(&self, buffer: &mut [u8]) {
        let Ok((length, from)) = self.outside.recv_from(buffer) else { return };
        *lock(&self.asker) = Some(from);
        // An agent that is not there does not answer.
        let _ = self.inside.send(&buffer[..length]);
    }

    fn pass_answers(&self, buffer: &mut [u8]) {
        let Ok(length) = self.inside.recv(buffer) else { return };
        let Some(asker) = *lock(&self.asker) else { return };
        let answer = &buffer[..length];
        // Before it is passed on, so that what was published was kept.
        lock(&self.said).extend(said_of_loopback(answer));
        let _ = self.outside.send_to(answer, asker);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// By the crate's own decoder, and not by the collector's.
fn said_of_loopback(answer: &[u8]) -> Option<Said> {
    let pdu = SnmpPdu::from_bytes(answer).ok()?;
    let octets = |wanted: &[u32]| {
        let mut buffer: ObjIdBuf = [0; 128];
        let mut varbinds = pdu.varbinds.clone();
        varbinds.find_map(|(name, value)| match value {
            Value::Counter64(octets) if name.read_name(&mut buffer).ok()? == wanted => Some(octets),
            _ => None,
        })
    };
    Some(Said { in_octets: octets(IN_OCTETS)?, out_octets: octets(OUT_OCTETS)? })
}
