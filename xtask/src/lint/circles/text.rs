//! One Rust file as text: what it imports, mentions and defines, without comments, strings and tests.

use std::collections::BTreeSet;

/// A name that a `use` line brings in. `name` is `*` for a glob, whose path is the module's.
pub struct Import {
    pub path: Vec<String>,
    pub name: String,
    pub is_public: bool,
}

/// What matters of a file.
#[derive(Default)]
pub struct FileText {
    pub imports: Vec<Import>,
    /// Qualified paths outside of `use` lines.
    pub mentions: Vec<Vec<String>>,
    /// Every identifier outside of `use` lines.
    pub words: BTreeSet<String>,
    /// What stands behind `fn`, `struct` and the like, at any depth.
    pub defined: BTreeSet<String>,
    /// The modules that exist in tests only.
    pub test_modules: BTreeSet<String>,
}

const DEFINING: [&str; 8] = ["fn", "struct", "enum", "trait", "type", "const", "static", "union"];

impl FileText {
    pub fn read(text: &str) -> Self {
        let mut file = Self::default();
        let tokens = without_tests(&tokens(text), &mut file.test_modules);
        // The depths at which modules inside this file were opened: there, `super` is this file.
        let mut inner_modules = Vec::new();
        let mut depth = 0_usize;
        let mut at = 0;
        while at < tokens.len() {
            let next = tokens.get(at + 1).copied().unwrap_or_default();
            let before = if at == 0 { "" } else { tokens[at - 1] };
            match tokens[at] {
                "{" => depth += 1,
                "}" => {
                    depth = depth.saturating_sub(1);
                    inner_modules.pop_if(|opened| *opened == depth);
                }
                "use" if next != "<" => {
                    let end = at + tokens[at..].iter().position(|token| *token == ";").unwrap_or(tokens.len() - at);
                    let is_public = before == "pub" || before == ")";
                    let first = file.imports.len();
                    import(&tokens[at + 1..end], &[], is_public, &mut file.imports);
                    file.imports[first..].iter_mut().for_each(|import| within(&mut import.path, inner_modules.len()));
                    at = end;
                }
                token if is_identifier(token) => {
                    if DEFINING.contains(&token) {
                        file.defined.insert(next.to_owned());
                    }
                    if token == "mod" && tokens.get(at + 2) == Some(&"{") {
                        inner_modules.push(depth);
                    }
                    let mut path = vec![token.to_owned()];
                    while tokens.get(at + 1) == Some(&"::")
                        && tokens.get(at + 2).is_some_and(|next| is_identifier(next))
                    {
                        path.push(tokens[at + 2].to_owned());
                        at += 2;
                    }
                    file.words.insert(path[0].clone());
                    if path.len() > 1 && before != "::" && before != "." {
                        within(&mut path, inner_modules.len());
                        file.mentions.push(path);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        file
    }
}

/// A path written inside `levels` modules of one file, as the file itself would write it.
fn within(path: &mut Vec<String>, levels: usize) {
    let ups = path.iter().take(levels).take_while(|part| *part == "super").count();
    if ups > 0 {
        path.splice(..ups, ["self".to_owned()]);
        if path.get(1).is_some_and(|part| part == "super") {
            path.remove(0);
        }
    }
}

/// The names of one tree of a `use` line: `a::{b::C, d as e, self}`.
fn import(tokens: &[&str], above: &[String], is_public: bool, imports: &mut Vec<Import>) {
    let mut path = above.to_vec();
    let mut at = 0;
    let mut name = None;
    while at < tokens.len() {
        match tokens[at] {
            "{" => return branches(&tokens[at + 1..], &path, is_public, imports),
            "as" => {
                name = tokens.get(at + 1).map(|alias| (*alias).to_owned());
                break;
            }
            "*" => name = Some("*".to_owned()),
            "self" if !path.is_empty() => {}
            token if is_identifier(token) => path.push(token.to_owned()),
            _ => {}
        }
        at += 1;
    }
    if let Some(name) = name.or_else(|| path.last().cloned()) {
        imports.push(Import { path, name, is_public });
    }
}

fn branches(tokens: &[&str], above: &[String], is_public: bool, imports: &mut Vec<Import>) {
    let (mut depth, mut start) = (0_usize, 0);
    for (at, token) in tokens.iter().enumerate() {
        let is_end = *token == "}" && depth == 0;
        if is_end || (*token == "," && depth == 0) {
            if start < at {
                import(&tokens[start..at], above, is_public, imports);
            }
            start = at + 1;
        }
        match *token {
            "{" => depth += 1,
            "}" if is_end => return,
            "}" => depth -= 1,
            _ => {}
        }
    }
}

fn without_tests<'a>(tokens: &[&'a str], test_modules: &mut BTreeSet<String>) -> Vec<&'a str> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !tokens[at..].starts_with(&MARK) {
            kept.push(tokens[at]);
            at += 1;
            continue;
        }
        at += MARK.len();
        let item = &tokens[at..];
        let length = length_of_item(item);
        if let Some(mark) = item[..length].iter().position(|token| *token == "mod")
            && let Some(name) = item.get(mark + 1)
        {
            test_modules.insert((*name).to_owned());
        }
        at += length;
    }
    kept
}

/// Up to the item's `;` or its closing brace.
fn length_of_item(tokens: &[&str]) -> usize {
    let mut depth = 0_i32;
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" => depth -= 1,
            "}" => {
                depth -= 1;
                if depth <= 0 {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

fn is_identifier(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Identifiers, `::` and single marks; comments and literals are left out.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if let Some(length) = length_unread(rest) {
            length
        } else if is_identifier(rest) {
            rest.find(|next: char| !next.is_alphanumeric() && next != '_').unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if length_unread(rest).is_none() && !first.is_whitespace() {
            tokens.push(&rest[..length]);
        }
        rest = &rest[length..];
    }
    tokens
}

/// The length of the comment, string, character or number that `rest` begins with.
fn length_unread(rest: &str) -> Option<usize> {
    let up_to = |from: usize, end: &str| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
    if rest.starts_with("//") {
        return Some(up_to(2, "\n"));
    }
    if rest.starts_with("/*") {
        return Some(up_to(2, "*/"));
    }
    if rest.starts_with(|first: char| first.is_ascii_digit()) {
        return rest.find(|next: char| !next.is_alphanumeric() && next != '_').or(Some(rest.len()));
    }
    if let Some(raw) = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r')) {
        let marks = raw.len() - raw.trim_start_matches('#').len();
        if raw[marks..].starts_with('"') {
            return Some(up_to(rest.len() - raw.len() + marks + 1, &format!("\"{}", "#".repeat(marks))));
        }
    }
    let mut letters = rest.char_indices();
    match letters.next()?.1 {
        '"' => length_quoted(rest, '"'),
        '\'' if rest[1..].starts_with('\\') => length_quoted(rest, '\''),
        '\'' => {
            let letter = letters.next()?.1;
            Some(if letters.next().is_some_and(|(_, end)| end == '\'') { letter.len_utf8() + 2 } else { 1 })
        }
        _ => None,
    }
}

fn length_quoted(rest: &str, end: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        if letter == end && !is_escaped {
            return Some(at + 1);
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    Some(rest.len())
}
