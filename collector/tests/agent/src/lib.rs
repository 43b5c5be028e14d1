//! A small, fast SNMP agent for tests and benchmarks: serves recordings of devices, or devices that were made up, on
//! loopback addresses, with counters that advance at set rates, and misbehaves as it is told.
//!
//! Begin with [`Agent::serving`], or [`Agent::serving_all`] where one thread is to be many devices. What a device has and
//! does is changed while it runs, through [`Agent::device`]: its counters ([`Device`]), how often it looks at them
//! ([`Refresh`]), and what is wrong with it ([`Fault`], [`When`]).
//!
//! It knows nothing of the collector and shares no code with it: it has its own BER (`ber`), so that a mistake is not made
//! twice.

mod agent;
mod device;
mod server;

mod answer;
mod fault;
mod message;
mod parse;
mod spoil;

mod cell;
mod clock;
mod counters;
mod glitch;
mod made_up;
mod mib;
mod recording;
mod refresh;

mod ber;
mod random;
mod value;

pub use agent::Agent;
pub use counters::{Count, Of};
pub use device::{Device, Versions};
pub use fault::{Fault, When};
pub use glitch::{Effect, Until};
pub use made_up::{Port, switch};
pub use mib::Mib;
pub use recording::{Recording, parse_snmprec};
pub use refresh::Refresh;
pub use spoil::Spoil;
pub use value::{Name, Value, name};
