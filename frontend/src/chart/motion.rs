//! Moves elements by animations that the compositor runs, so that motion never waits for the page's program.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{Animation, HtmlElement, KeyframeEffect, KeyframeEffectOptions};

use super::dom;
use super::moment::{Moment, Pace};
use crate::plot::Layer;

/// How long a change of scale takes, in milliseconds.
const SETTLING_MS: f64 = 450.0;
const SETTLING: &str = "cubic-bezier(0.2, 0, 0, 1)";

/// The scrolling of a layer.
#[derive(Default)]
pub(super) struct Scroll {
    animation: Option<Animation>,
}

impl Scroll {
    /// Scrolls `element`, on which `layer` has just been painted, from now on until nothing of it is seen.
    ///
    /// Where it is depends on the time alone and not on when this is called: another layer in its place goes on where this
    /// one was.
    pub(super) fn begin(&mut self, element: &HtmlElement, layer: &Layer, moment: &Moment) {
        let next = match moment.pace {
            Pace::Scrolling => scroll(element, layer, moment),
            Pace::Stepping => {
                // On whole pixels of the screen: it stands still, and may as well be sharp.
                let pixel_ratio = layer.viewport().pixel_ratio;
                let offset = layer.offset_at(moment.shown_ms()) * pixel_ratio;
                dom::style(element, "transform", &translate(offset.round() / pixel_ratio));
                None
            }
        };
        if let Some(previous) = std::mem::replace(&mut self.animation, next) {
            previous.cancel();
        }
    }
}

fn scroll(element: &HtmlElement, layer: &Layer, moment: &Moment) -> Option<Animation> {
    let gone = translate(-layer.width());
    // Where it is when the animation has ended: out of sight.
    dom::style(element, "transform", &gone);
    let duration_ms = layer.gone_at() - moment.shown_ms();
    if duration_ms <= 0.0 {
        return None;
    }
    let path = [translate(layer.offset_at(moment.shown_ms())), gone];
    let animation = animate(element, &path, duration_ms, "linear").ok()?;
    // Not from when the browser comes to it, but from the time that the offset was worked out for.
    animation.set_start_time(Some(moment.page_ms));
    Some(animation)
}

/// Lets `element`, whose content has just been painted at another scale, grow or shrink from the old scale to the new one.
/// `ratio` is how many times higher it was before. The element's middle stays where it is.
pub(super) fn settle(element: &HtmlElement, ratio: f64, moment: &Moment) {
    if moment.pace == Pace::Scrolling {
        let path = [format!("scaleY({ratio})"), "scaleY(1)".to_owned()];
        let _ = animate(element, &path, SETTLING_MS, SETTLING);
    }
}

/// Lets `element` come from that many CSS pixels below where it is, as fast as [`settle`].
pub(super) fn settle_from(element: &HtmlElement, below: f64, moment: &Moment) {
    if moment.pace == Pace::Scrolling {
        let path = [format!("translateY({below}px)"), "translateY(0)".to_owned()];
        let _ = animate(element, &path, SETTLING_MS, SETTLING);
    }
}

fn translate(offset: f64) -> String {
    format!("translateX({offset}px)")
}

/// `Element.animate`, which web-sys does not have yet.
fn animate(element: &HtmlElement, path: &[String; 2], duration_ms: f64, easing: &str) -> Result<Animation, JsValue> {
    let keyframes = Object::new();
    let transforms: Array = path.iter().map(|transform| JsValue::from_str(transform)).collect();
    Reflect::set(&keyframes, &"transform".into(), &transforms)?;
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
