//! The colours of both themes, computed: contrasts as WCAG 2.2 has them, and what is left of the difference between two colours
//! for those who lack a kind of cones (matrices of Machado, Oliveira and Fernandes, 2009).

use std::collections::HashMap;

type Linear = [f64; 3];

struct Theme {
    name: &'static str,
    colours: HashMap<String, Linear>,
}

fn themes() -> [Theme; 2] {
    let css = include_str!("../css/theme.css");
    let pairs = css.lines().filter_map(|line| {
        let (name, both) = line.trim().strip_prefix("--")?.strip_suffix(");")?.split_once(": light-dark(")?;
        let (light, dark) = both.split_once(", ")?;
        Some((name.to_owned(), colour(light)?, colour(dark)?))
    });
    let (light, dark) = pairs.map(|(name, light, dark)| ((name.clone(), light), (name, dark))).unzip();
    [Theme { name: "light", colours: light }, Theme { name: "dark", colours: dark }]
}

fn colour(hex: &str) -> Option<Linear> {
    let part = |at: usize| Some(f64::from(u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?) / 255.0);
    Some([part(1)?, part(3)?, part(5)?].map(linear))
}

fn linear(part: f64) -> f64 {
    if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

fn luminance([red, green, blue]: Linear) -> f64 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: Linear, other: Linear) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

const SIGHTS: [(&str, [Linear; 3]); 4] = [
    ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protanopia",
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
    ),
    (
        "deuteranopia",
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
    ),
    (
        "tritanopia",
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ),
];

fn seen(colour: Linear, sight: &[Linear; 3]) -> Linear {
    sight.map(|row| row.iter().zip(colour).map(|(share, part)| share * part).sum::<f64>().clamp(0.0, 1.0))
}

/// CIE 1976, in which 2.3 is just noticeable.
fn difference(one: Linear, other: Linear) -> f64 {
    let squares = lab(one).into_iter().zip(lab(other)).map(|(one, other)| (one - other).powi(2));
    squares.sum::<f64>().sqrt()
}

fn lab([red, green, blue]: Linear) -> [f64; 3] {
    let root = |part: f64| if part > 0.008_856 { part.cbrt() } else { 7.787 * part + 16.0 / 116.0 };
    let x = root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.950_47);
    let y = root(luminance([red, green, blue]));
    let z = root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.088_83);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// That each of these has such a contrast to the page and to its panels.
#[track_caller]
fn check(names: &[&str], least: f64) {
    for Theme { name: theme, colours } in themes() {
        for name in names {
            for ground in ["background", "panel"] {
                let contrast = contrast(colours[*name], colours[ground]);
                assert!(contrast >= least, "{theme}: {name} on {ground} is {contrast:.2} : 1");
            }
        }
    }
}

#[test]
fn letters_can_be_read() {
    check(&["text", "text-dim", "warning", "bad", "high", "full"], 4.5);
}

#[test]
fn what_is_to_be_seen_can_be_seen() {
    check(
        &[
            "in",
            "out",
            "packets-in",
            "packets-out",
            "troubles-in",
            "troubles-out",
            "gap",
            "axis",
            "control",
            "focus",
            "good",
        ],
        3.0,
    );
}

#[test]
fn both_ways_and_loads_are_told_apart_by_whoever_sees_them() {
    let pairs = [("in", "out"), ("packets-in", "packets-out"), ("troubles-in", "troubles-out"), ("high", "full")];
    for Theme { name: theme, colours } in themes() {
        for (one, other) in pairs {
            let (one, other) = (colours[one], colours[other]);
            for (sight, matrix) in &SIGHTS {
                let difference = difference(seen(one, matrix), seen(other, matrix));
                assert!(difference >= 20.0, "{theme}: {difference:.0} with {sight}");
            }
            // And by whoever sees no colours at all.
            let contrast = contrast(one, other);
            assert!(contrast >= 1.3, "{theme}: {contrast:.2} : 1");
        }
    }
}
