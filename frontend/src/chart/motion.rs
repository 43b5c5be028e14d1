//! Animations that the compositor runs.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{Animation, HtmlElement, KeyframeEffect, KeyframeEffectOptions};

use super::moment::{Moment, Pace};
use crate::list::List;

/// How long a change of scale takes, in milliseconds: little upwards, where something happens, and more downwards.
const RISING_MS: f64 = 450.0;
const FALLING_MS: f64 = 900.0;
/// How long it takes to catch up: long enough for the eye to follow a window's width.
pub(super) const CATCHING_UP_MS: f64 = 700.0;
const SETTLING: &str = "cubic-bezier(0.2, 0, 0, 1)";

/// Lets `element`, whose content has just been painted at another scale, grow or shrink from the old scale to the new one.
/// `ratio` is how many times higher it was before. The line stays where it is.
pub(super) fn settle(element: &HtmlElement, ratio: f64, moment: &Moment) {
    if moment.pace == Pace::Scrolling {
        let path = [format!("scaleY({ratio})"), "scaleY(1)".to_owned()];
        let _ = animate(element, TRANSFORM, &path, settling_ms(ratio), SETTLING);
    }
}

/// How many times higher `element` is at this moment than it will be, where it is on its way.
pub(super) fn stretched(element: &HtmlElement) -> f64 {
    let style = web_sys::window().and_then(|window| window.get_computed_style(element).ok().flatten());
    let transform = style.and_then(|style| style.get_property_value(TRANSFORM).ok()).unwrap_or_default();
    // `matrix(1, 0, 0, 1.5, 0, 0)`, or `none`.
    let height = transform.split(',').list().get(3).map_or(1.0, |height| js_sys::Number::parse_float(height));
    if height > 0.0 { height } else { 1.0 }
}

/// Lets `element` come from that many CSS pixels below where it is, as fast as [`settle`] by that ratio.
pub(super) fn settle_from(element: &HtmlElement, below: f64, ratio: f64, moment: &Moment) {
    if moment.pace == Pace::Scrolling {
        let path = [format!("translateY({below}px)"), "translateY(0)".to_owned()];
        let _ = animate(element, TRANSFORM, &path, settling_ms(ratio), SETTLING);
    }
}

/// Lets `element` slide to where it is from that many CSS pixels further right: what stood still for a while catches up.
pub(super) fn catch_up(element: &HtmlElement, pixels: f64, moment: &Moment) {
    if moment.pace == Pace::Scrolling {
        // Not its transform, which it may be settling by.
        let _ = animate(element, "translate", &[format!("{pixels}px"), "0px".to_owned()], CATCHING_UP_MS, SETTLING);
    }
}

const fn settling_ms(ratio: f64) -> f64 {
    if ratio > 1.0 { RISING_MS } else { FALLING_MS }
}

/// That many CSS pixels to the right.
pub(super) fn translate(offset: f64) -> String {
    format!("translateX({offset}px)")
}

/// The property that most animations are of.
pub(super) const TRANSFORM: &str = "transform";

/// Moves `element` along a path of two values of that property, from now on.
///
/// What `Element.animate` does, which web-sys does not have yet.
pub(super) fn animate(
    element: &HtmlElement,
    property: &str,
    path: &[String; 2],
    duration_ms: f64,
    easing: &str,
) -> Result<Animation, JsValue> {
    let keyframes = Object::new();
    let values: Array = path.iter().map(|value| JsValue::from_str(value)).collect();
    Reflect::set(&keyframes, &property.into(), &values)?;
    let options = KeyframeEffectOptions::new();
    options.set_duration_f64(duration_ms);
    options.set_easing(easing);
    let effect = KeyframeEffect::new_with_opt_element_and_keyframes_and_keyframe_effect_options(
        Some(element),
        Some(&keyframes),
        &options,
    )?;
    let animation = Animation::new_with_effect(Some(&effect))?;
    animation.play()?;
    Ok(animation)
}
