//! Loads the loopback interface at a known rate.

use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// A sender of packets to itself. It ends when it is dropped.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Load {
    /// What the loopback interface counts of each packet: a frame with an IPv4 and a UDP header.
    const OCTETS: usize = 1_400;
    const HEADERS: usize = 14 + 20 + 8;

    /// Sends so many packets a second.
    pub(crate) fn start(packets_per_second: u32) -> Result<Self> {
        let receiver = UdpSocket::bind("127.0.0.1:0").context("cannot open a socket")?;
        let sender = UdpSocket::bind("127.0.0.1:0").context("cannot open a socket")?;
        // What is not received is counted all the same.
        sender.connect(receiver.local_addr()?)?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = thread::spawn(move || {
            let _receiver = receiver;
            send(&sender, packets_per_second, &stopped);
        });
        Ok(Self { stop, thread: Some(thread) })
    }

    /// The bits a second that such a load is of.
    #[expect(clippy::cast_precision_loss, reason = "it is 1400")]
    pub(crate) fn bits_per_second(packets_per_second: u32) -> f64 {
        f64::from(packets_per_second) * Self::OCTETS as f64 * 8.0
    }
}

#[expect(clippy::disallowed_methods, reason = "the load is what this test reads a clock for")]
fn send(sender: &UdpSocket, packets_per_second: u32, stopped: &AtomicBool) {
    let payload = [0_u8; Load::OCTETS - Load::HEADERS];
    let start = Instant::now();
    let mut sent = 0_u64;
    while !stopped.load(Ordering::Relaxed) {
        // As many as should have been sent by now: what was missed while others had the processor is made up for.
        let due = u128::from(packets_per_second) * start.elapsed().as_micros() / 1_000_000;
        while u128::from(sent) < due {
            let _ = sender.send(&payload);
            sent += 1;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
