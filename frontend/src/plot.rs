//! The pure half of drawing: from samples and a clock to what lies where. Knows nothing of browsers, so that all of it is
//! tested natively; `chart` is the half that knows them.
//!
//! Begin with [`DisplayClock`]: which moment is shown where.

mod clock;
mod traffic;

pub use clock::DisplayClock;
pub use traffic::Traffic;
