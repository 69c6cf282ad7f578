//! The words of PromQL.

/// Longer expressions are read up to here.
const LONGEST: usize = 20_000;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'e> {
    Name(&'e str),
    Number(f64),
    Operator(&'e str),
    Open,
    Close,
    /// What stands in braces.
    Matchers(&'e str),
    /// A comma, a text, a range, a duration.
    Other,
}

/// The tokens of an expression, without `by (…)` and the like, which name labels.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut rest = &text[..text.floor_char_boundary(LONGEST)];
    let mut tokens = Vec::new();
    while let Some(letter) = rest.chars().next() {
        let (token, length) = next(rest, letter);
        tokens.extend(token);
        rest = &rest[length.max(letter.len_utf8()).min(rest.len())..];
    }
    without_groupings(tokens)
}

/// The token at the beginning of the text and its length.
fn next<'e>(rest: &'e str, letter: char) -> (Option<Token<'e>>, usize) {
    let until = |end: fn(char) -> bool| rest.find(end).unwrap_or(rest.len());
    match letter {
        '#' => (None, rest.find('\n').unwrap_or(rest.len())),
        '"' | '\'' | '`' => (Some(Token::Other), quoted(rest, letter)),
        '{' => {
            let length = braced(rest);
            (Some(Token::Matchers(rest.get(1..length.saturating_sub(1)).unwrap_or_default())), length)
        }
        '[' => (Some(Token::Other), rest.find(']').map_or(rest.len(), |end| end + 1)),
        '(' => (Some(Token::Open), 1),
        ')' => (Some(Token::Close), 1),
        // A variable of a dashboard.
        '$' => (
            Some(Token::Other),
            1 + rest[1..].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len() - 1),
        ),
        _ if letter.is_ascii_digit() || letter == '.' => {
            let end = until(|c| !c.is_ascii_alphanumeric() && c != '.' && c != '_');
            // The sign of an exponent belongs to the number.
            let with_sign = rest[..end].ends_with(['e', 'E']) && rest[end..].starts_with(['+', '-']);
            let digits =
                |from: usize| rest[from..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |n| from + n);
            let end = if with_sign { digits(end + 1) } else { end };
            (Some(rest[..end].parse().map_or(Token::Other, Token::Number)), end)
        }
        _ if letter.is_ascii_alphabetic() || letter == '_' || letter == ':' => {
            let end = until(|c| !c.is_ascii_alphanumeric() && !matches!(c, '_' | ':' | '.'));
            (Some(Token::Name(&rest[..end])), end)
        }
        _ => {
            let pair = rest.get(..2).filter(|pair| matches!(*pair, "==" | "!=" | ">=" | "<="));
            let one = rest.get(..1).filter(|one| matches!(*one, ">" | "<" | "+" | "-" | "*" | "/" | "%" | "^"));
            let operator = pair.or(one);
            let other = (letter == ',').then_some(Token::Other);
            (operator.map(Token::Operator).or(other), operator.map_or(letter.len_utf8(), str::len))
        }
    }
}

/// The length of a text in quotation marks, with both.
fn quoted(rest: &str, mark: char) -> usize {
    let mut escaped = false;
    for (place, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' if mark != '`' => escaped = true,
            _ if letter == mark => return place + letter.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// The length of what stands in braces, with both.
fn braced(rest: &str) -> usize {
    let mut place = 1;
    while let Some(letter) = rest[place..].chars().next() {
        match letter {
            '"' | '\'' | '`' => place += quoted(&rest[place..], letter),
            '}' => return place + 1,
            _ => place += letter.len_utf8(),
        }
    }
    rest.len()
}

/// Without `by (…)` and the like: they name labels.
fn without_groupings(tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let groups = matches!(
            token,
            Token::Name("by" | "without" | "on" | "ignoring" | "group_left" | "group_right" | "BY" | "WITHOUT" | "ON")
        );
        if !groups {
            kept.push(token);
        } else if tokens.next_if(|token| *token == Token::Open).is_some() {
            for skipped in tokens.by_ref() {
                if skipped == Token::Close {
                    break;
                }
            }
        }
    }
    kept
}
