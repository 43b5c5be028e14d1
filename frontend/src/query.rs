//! What a URL's query consists of: pairs of keys and values, escaped as the URL Standard has it for
//! `application/x-www-form-urlencoded`. Knows nothing of what they say.

/// The keys and values of a query, in its order.
pub fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (unescaped(key), unescaped(value))
    })
}

/// Adds a key and a value to a query.
pub fn push_pair(query: &mut String, key: &str, value: &str) {
    query.push_str(key);
    query.push('=');
    for octet in value.bytes() {
        if is_plain(octet) {
            query.push(octet.into());
        } else {
            query.push('%');
            for digit in [octet / 16, octet % 16] {
                query.push(char::from(DIGITS[usize::from(digit)]));
            }
        }
    }
}

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// Whether it may stand as it is. Slashes may: `?interface=router/ppp0` is to stay readable.
const fn is_plain(octet: u8) -> bool {
    matches!(octet, b'!'..=b'~') && !matches!(octet, b'"' | b'#' | b'%' | b'&' | b'+' | b'<' | b'=' | b'>' | b'\'')
}

/// What stands for no octet stands for itself, and octets that are no UTF-8 for U+FFFD.
fn unescaped(text: &str) -> String {
    let mut octets = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = if *first == b'%' { after.split_at_checked(2).and_then(octet) } else { None };
        let octet = if *first == b'+' { b' ' } else { *first };
        let (octet, after) = escaped.unwrap_or((octet, after));
        octets.push(octet);
        rest = after;
    }
    let mut text = String::new();
    for chunk in octets.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// The octet that two digits stand for, and what comes after them.
fn octet<'a>((digits, after): (&[u8], &'a [u8])) -> Option<(u8, &'a [u8])> {
    let value = |digit: &u8| char::from(*digit).to_digit(16);
    let number = digits.iter().try_fold(0, |number, digit| Some(number * 16 + value(digit)?))?;
    Some((u8::try_from(number).ok()?, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, expected: &[(&str, &str)]) {
        let found: Vec<_> = pairs(query).collect();
        let expected: Vec<_> = expected.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_query_is_pairs_of_keys_and_values() {
        check("", &[]);
        check("a=1&b=2", &[("a", "1"), ("b", "2")]);
        check("&a&&=b&c=d=e&", &[("a", ""), ("", "b"), ("c", "d=e")]);
    }

    #[test]
    fn what_is_escaped_is_read_and_what_is_not_stands_for_itself() {
        check("a=up+link%20%C3%A4%c3%a4%2B", &[("a", "up link ää+")]);
        check("a=%&b=%1&c=%zz1&d=100%25", &[("a", "%"), ("b", "%1"), ("c", "%zz1"), ("d", "100%")]);
    }

    #[test]
    fn octets_that_are_no_text_are_replaced() {
        check("a=x%FFy", &[("a", "x\u{fffd}y")]);
    }

    #[test]
    fn every_text_is_read_as_it_was_written() {
        for letter in (0..0x3000).filter_map(char::from_u32) {
            let text = format!("a{letter}/b");
            let mut query = String::new();
            push_pair(&mut query, "key", &text);
            check(&query, &[("key", &text)]);
            assert!(query.is_ascii(), "{query}");
        }
    }
}
