//! Keeps numbers within bounds.

/// `number`, or the bound that it lies beyond; `least` of what is no number.
///
/// Not `f64::clamp`, which would write its bounds out where they are the wrong way round: the code that writes numbers exactly
/// is larger than all of this page's arithmetic.
#[must_use]
pub const fn within(number: f64, least: f64, most: f64) -> f64 {
    number.max(least).min(most)
}
