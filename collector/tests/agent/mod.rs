//! A small SNMP agent for tests: serves a recording of a device on a loopback port, and misbehaves as it is told.
//!
//! It has its own BER (`message`), so that a mistake in the collector's is not made twice. Begin with [`Agent::serving`].

mod message;
mod recording;

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use message::{Asked, Request, Response};

pub(crate) use message::Value;
pub(crate) use recording::{Mib, parse_snmprec};

/// An agent that answers in a thread of its own until it is dropped.
pub(crate) struct Agent {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    thread: Option<JoinHandle<()>>,
}

/// What the agent knows, and how it behaves. Tests change it while it runs.
pub(crate) struct State {
    /// What there is.
    pub(crate) mib: Mib,
    /// The community that it answers to.
    pub(crate) community: Vec<u8>,
    /// What is wrong with it.
    pub(crate) faults: Faults,
    /// How many requests were answered.
    pub(crate) answered: usize,
    /// How many values the last request was about.
    pub(crate) last_size: usize,
    stopped: bool,
}

/// Makes something else of an answer.
pub(crate) type Spoil = fn(&[u8]) -> Vec<u8>;

/// What can be wrong with an agent. Nothing is by default.
#[derive(Clone, Default)]
pub(crate) struct Faults {
    /// Takes requests and does not answer them.
    pub(crate) silent: bool,
    /// Answers `tooBig` where more values than this are asked for; a GETBULK is cut short instead.
    pub(crate) most_values: Option<usize>,
    /// Does not answer where more values than this would be sent, as on a way that drops fragments.
    pub(crate) most_carried: Option<usize>,
    /// What is sent before the answer, made from it.
    pub(crate) before: Option<Spoil>,
    /// What is sent in place of the answer, made from it.
    pub(crate) instead: Option<Spoil>,
    /// Answers each GETNEXT and GETBULK with what was asked for, not with what follows.
    pub(crate) repeats: bool,
    /// Sends this from another port before the answer.
    pub(crate) from_elsewhere: Option<Spoil>,
    /// Waits so long before it answers, the first so many times.
    pub(crate) delays: Vec<Duration>,
}

impl Agent {
    /// Serves what was recorded, to the community `public`, on a free port.
    pub(crate) fn serving(mib: Mib) -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free loopback port");
        let address = socket.local_addr().expect("an address");
        // Only so that it sees that it has been stopped.
        socket.set_read_timeout(Some(Duration::from_millis(20))).expect("a read timeout");
        let state = State {
            mib,
            community: b"public".to_vec(),
            faults: Faults::default(),
            answered: 0,
            last_size: 0,
            stopped: false,
        };
        let state = Arc::new(Mutex::new(state));
        let served = Arc::clone(&state);
        let thread = thread::spawn(move || serve(&socket, &served));
        Self { address, state, thread: Some(thread) }
    }

    /// The port that it listens on.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// What it knows and how it behaves. It does not answer while this is held.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.state().stopped = true;
        if let Some(thread) = self.thread.take() {
            // What it died of was printed then.
            let _ = thread.join();
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(socket: &UdpSocket, state: &Mutex<State>) {
    let mut buffer = vec![0; 65_535];
    loop {
        let received = socket.recv_from(&mut buffer);
        let mut state = lock(state);
        if state.stopped {
            return;
        }
        let Ok((length, from)) = received else { continue };
        let Some(answer) = state.answer(&buffer[..length]) else { continue };
        let faults = state.faults.clone();
        if !state.faults.delays.is_empty() {
            let delay = state.faults.delays.remove(0);
            drop(state);
            thread::sleep(delay);
        }
        if let Some(forge) = faults.from_elsewhere {
            let elsewhere = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free loopback port");
            let _ = elsewhere.send_to(&forge(&answer), from);
        }
        if let Some(spoil) = faults.before {
            let _ = socket.send_to(&spoil(&answer), from);
        }
        // Whether it arrives is not the sender's to know.
        let _ = socket.send_to(&faults.instead.map_or_else(|| answer.clone(), |spoil| spoil(&answer)), from);
    }
}

impl State {
    /// The answer to a request, where there is one.
    fn answer(&mut self, datagram: &[u8]) -> Option<Vec<u8>> {
        const TOO_BIG: u32 = 1;

        let request = Request::decode(datagram)?;
        if request.community != self.community || self.faults.silent {
            return None;
        }
        let most = self.faults.most_values.unwrap_or(usize::MAX);
        let varbinds = match request.asked {
            Asked::Get => request.names.iter().map(|name| (name.clone(), self.get(name))).collect(),
            Asked::Next => request.names.iter().map(|name| self.next(name)).collect(),
            Asked::Bulk { non_repeaters, repetitions } => {
                self.bulk(&request.names, non_repeaters, repetitions, most.min(2_000))
            }
        };
        if self.faults.most_carried.is_some_and(|most| varbinds.len() > most) {
            return None;
        }
        self.answered += 1;
        self.last_size = varbinds.len();
        let too_big = varbinds.len() > most;
        let (status, varbinds) = if too_big { (TOO_BIG, Vec::new()) } else { (0, varbinds) };
        Some(
            Response { version: request.version, community: request.community, id: request.id, status, varbinds }
                .encode(),
        )
    }

    fn get(&self, name: &[u32]) -> Value {
        self.mib.get(name).cloned().unwrap_or(Value::NoSuchInstance)
    }

    fn next(&self, name: &[u32]) -> (Vec<u32>, Value) {
        if self.faults.repeats && self.mib.contains_key(name) {
            return (name.to_vec(), self.get(name));
        }
        let after = (std::ops::Bound::Excluded(name.to_vec()), std::ops::Bound::Unbounded);
        let next = self.mib.range(after).next();
        next.map_or_else(|| (name.to_vec(), Value::EndOfMibView), |(name, value)| (name.clone(), value.clone()))
    }

    fn bulk(
        &self,
        names: &[Vec<u32>],
        non_repeaters: usize,
        repetitions: usize,
        most: usize,
    ) -> Vec<(Vec<u32>, Value)> {
        let (once, repeated) = names.split_at(non_repeaters.min(names.len()));
        let mut varbinds: Vec<_> = once.iter().map(|name| self.next(name)).collect();
        let mut row = repeated.to_vec();
        for _ in 0..repetitions {
            for name in &mut row {
                if varbinds.len() == most {
                    return varbinds;
                }
                let (next, value) = self.next(name);
                name.clone_from(&next);
                varbinds.push((next, value));
            }
        }
        varbinds
    }
}
