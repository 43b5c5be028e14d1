//! The pure half of drawing: from samples and a clock to what lies where. Knows nothing of browsers, so that all of it is
//! tested natively; `chart` is the half that knows them.
//!
//! Begin with [`DisplayClock`] (which moment is shown where), go on to [`Series`] (samples as a graph needs them),
//! [`Layer`] (the stretch of time that is painted, and its place on the screen) and [`Scale`] (how high the graph
//! reaches); of these a [`Frame`] is made, which [`paint`] draws with plotters.

mod clock;
mod series;
mod setting;
mod traffic;

mod axis;
mod layer;
mod scale;

mod zones;

mod frame;
mod hatch;
mod strip;
mod thin;

mod colour;
mod lane;
pub mod paint;

mod labels;

pub use axis::{Axis, Line, Side};
pub use clock::DisplayClock;
pub use colour::{Pair, Palette, parse_colour};
pub use frame::{Curve, Frame};
pub use labels::{ago, quality_in_a_word, reason_in_words, remark, time_ticks};
pub use lane::{LANE_HEIGHT, Lane, LanePalette};
pub use layer::{Layer, Viewport};
pub use scale::{Gauge, Scale};
pub use series::{Quality, Series, Span};
pub use setting::Setting;
pub use strip::Strip;
pub use traffic::{Direction, Rates, Traffic};
pub use zones::{Limit, Load, Zone, limits, zones};
