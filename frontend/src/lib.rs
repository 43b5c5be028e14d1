//! The page's program: fetches the stats files, and shows what they say while it happens.

pub mod plot;
pub mod units;

#[cfg(target_arch = "wasm32")]
pub mod chart;
