//! Lines of names and values: `inOctets 5`, `sda inOctets 5 outOctets 6`.

use stats::{Counter, Interface, Monotonic, Quantity, Reading, clean};

use super::{Reported, counter, set};

/// The interfaces of all lines, in the order in which they are first told of.
pub(super) fn parse(text: &[u8], name: &str, at: Monotonic) -> Result<Vec<Reported>, String> {
    let text = std::str::from_utf8(text).map_err(|_| "it is no text in UTF-8".to_owned())?;
    let mut reported: Vec<Reported> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let wrong = |what: String| format!("line {number}: {what}");
        let (name, pairs) = match words.as_slice() {
            [] => continue,
            // A name of an interface before the pairs makes their number odd.
            [interface, pairs @ ..] if pairs.len() % 2 == 0 => {
                if pairs.is_empty() {
                    return Err(wrong(format!("there is no value after `{}`", shown(interface))));
                }
                (clean(interface), pairs)
            }
            pairs => (name.to_owned(), pairs),
        };
        let place = reported.iter().position(|(interface, _)| interface.name == name).unwrap_or_else(|| {
            reported.push((Interface { name, ..Interface::default() }, Reading::new(at, None)));
            reported.len() - 1
        });
        for pair in pairs.chunks_exact(2) {
            let (counter, value) = read(pair[0], pair[1]).map_err(wrong)?;
            if reported[place].1.get(counter).is_some() {
                return Err(wrong(format!("`{}` is there twice", pair[0])));
            }
            set(&mut reported[place].1, counter, value);
        }
    }
    Ok(reported)
}

fn read(name: &str, value: &str) -> Result<(Counter, u64), String> {
    let counter = counter(name).ok_or_else(|| unknown(name))?;
    let value = value.parse().map_err(|_| {
        format!("`{}` is no whole number from 0 to 2^64-1: print it without an exponent and a point", shown(value))
    })?;
    Ok((counter, value))
}

fn unknown(name: &str) -> String {
    let likeness = |known: &&str| strsim::jaro_winkler(name, known);
    let nearest = Quantity::ALL.map(Quantity::name).into_iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let name = shown(name);
    match nearest.filter(|nearest| likeness(nearest) > 0.8) {
        Some(nearest) => format!("`{name}` is no counter: did you mean `{nearest}`?"),
        None => format!("`{name}` is no counter: there are {}", super::counters()),
    }
}

/// As much of a word as may be told on the page, where everybody reads it: a program that fails may print anything.
fn shown(word: &str) -> String {
    /// As many letters as a counter's name has, and some more.
    const MOST: usize = 16;

    let word = clean(word);
    match word.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &word[..end]),
        None => word,
    }
}
