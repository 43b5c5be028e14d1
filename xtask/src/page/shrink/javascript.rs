//! Renames and unindents JavaScript as wasm-bindgen writes it. Knows no more of the language than what an identifier, a
//! comment and a template are.

use std::collections::HashMap;

/// The script with other identifiers, where there are some.
pub(super) fn renamed(script: &str, names: &HashMap<String, String>) -> String {
    let mut renamed = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(begin) = rest.find(is_of_identifier) {
        let (between, identifier) = rest.split_at(begin);
        let end = identifier.find(|letter| !is_of_identifier(letter)).unwrap_or(identifier.len());
        let (identifier, after) = identifier.split_at(end);
        renamed.push_str(between);
        renamed.push_str(names.get(identifier).map_or(identifier, String::as_str));
        rest = after;
    }
    renamed + rest
}

/// The script where what the wasm imports from has no name in place of the one that ends so.
pub(super) fn unnamed(script: &str, ending: &str) -> String {
    let Some((before, after)) = script.split_once(&format!("{ending}\"")) else { return script.to_owned() };
    let before = before.rsplit_once('"').map_or(before, |(before, _)| before);
    [before, "\"\"", after].concat()
}

/// The names of all functions that are the script's own, and not within something else.
pub(super) fn functions(script: &str) -> impl Iterator<Item = &str> {
    let heads = script.lines().filter_map(|line| line.strip_prefix("async ").unwrap_or(line).strip_prefix("function "));
    heads.filter_map(|head| head.split('(').next())
}

fn is_of_identifier(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '$')
}

/// The script without indentation, empty lines, and lines of nothing but a comment.
pub(super) fn without_layout(script: &str) -> String {
    let mut lines = String::with_capacity(script.len());
    let (mut is_template, mut is_comment) = (false, false);
    for line in script.lines() {
        let text = line.trim();
        if is_template {
            // All of it is text.
            lines.push_str(line);
            lines.push('\n');
        } else if is_comment || text.starts_with("/*") {
            is_comment = !text.ends_with("*/");
            continue;
        } else if !text.is_empty() && !text.starts_with("//") {
            lines.push_str(text);
            lines.push('\n');
        }
        is_template ^= !text.starts_with("//") && line.matches('`').count() % 2 == 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_identifiers_are_renamed_and_no_parts_of_them() {
        let names = HashMap::from([("__wbg_x".to_owned(), "a".to_owned())]);
        let script = "{ __wbg_x: function() { wasm.__wbg_x(__wbg_x1, $__wbg_x, x__wbg_x); } }; // __wbg_x";
        let expected = "{ a: function() { wasm.a(__wbg_x1, $__wbg_x, x__wbg_x); } }; // a";
        assert_eq!(renamed(script, &names), expected);
    }

    #[test]
    fn what_is_imported_from_needs_no_name() {
        let script = "return { \"./page_bg.js\": import0 };\nload('page_bg.wasm');";
        assert_eq!(unnamed(script, "_bg.js"), "return { \"\": import0 };\nload('page_bg.wasm');");
        assert_eq!(unnamed("start();", "_bg.js"), "start();");
    }

    #[test]
    fn functions_of_the_script_are_found_and_no_others() {
        let script =
            "function one(a) {\n    function two() {}\n}\nasync function three() {\n}\nlet four = function() {};\n";
        assert_eq!(functions(script).collect::<Vec<_>>(), ["one", "three"]);
    }

    #[test]
    fn layout_goes_and_lines_stay_lines() {
        let script =
            "function f() {\n    // It's `one\n    /** Two\n     * three */\n\n    return a\n        + b;\n}\n";
        assert_eq!(without_layout(script), "function f() {\nreturn a\n+ b;\n}\n");
    }

    #[test]
    fn a_template_keeps_its_lines_as_they_are() {
        let script = "  a = `one\n  // two\n\n  three`;\n  b = `${c}`;\n  d;\n";
        assert_eq!(without_layout(script), "a = `one\n  // two\n\n  three`;\nb = `${c}`;\nd;\n");
    }
}
