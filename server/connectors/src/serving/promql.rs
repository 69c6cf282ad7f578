//! Looking into PromQL: which metrics an expression reads and what it compares with which number. Written by hand: it needs
//! the names and one comparison, and must take what other dialects and dashboards add to the language:
//! <https://prometheus.io/docs/prometheus/latest/querying/basics/>.

use domain::number::number;
use domain::observation::Breach;

use super::promql_tokens::{Token, tokens};

/// An expression.
pub(crate) struct Expression<'e> {
    tokens: Vec<Token<'e>>,
}

/// What a condition watches.
#[derive(Debug, PartialEq)]
pub(crate) struct Condition {
    /// The metric; with what is made of it around, such as `p95(name)`, `rate(name)`, `ratio(name)` or `age(name)`.
    pub signal: String,
    pub breach: Breach,
    pub threshold: f64,
    /// The names and matchers on its side of the comparison.
    pub words: String,
}

impl<'e> Expression<'e> {
    pub fn of(text: &'e str) -> Self {
        Self { tokens: tokens(text) }
    }

    /// The names of the metrics, each once, in the order of the text.
    pub fn metrics(&self) -> Vec<&'e str> {
        metrics(&self.tokens)
    }

    /// What it shows, called as in a [`Condition`].
    pub fn signal(&self) -> Option<String> {
        signal(&self.tokens)
    }

    /// Whether it reads no metric at all, so that it is always true or never.
    pub fn is_constant(&self) -> bool {
        self.metrics().is_empty()
    }

    /// Its first comparison of a metric with a number, or `absent(…)`.
    pub fn condition(&self) -> Option<Condition> {
        let absent = |token: &Token<'_>| matches!(token, Token::Name("absent" | "absent_over_time"));
        if self.tokens.first().is_some_and(absent) {
            let signal = (*self.metrics().first()?).to_owned();
            return Some(Condition { words: signal.clone(), signal, breach: Breach::Absent, threshold: 0.0 });
        }
        let places = self.tokens.iter().enumerate().filter(|(_, token)| comparison(token).is_some());
        places.map(|(place, _)| place).find_map(|place| self.compared_at(place))
    }

    fn compared_at(&self, place: usize) -> Option<Condition> {
        let operator = comparison(self.tokens.get(place)?)?;
        let left = before(self.tokens.get(..place)?);
        let right = after(self.tokens.get(place + 1..)?);
        let (side, limit, operator) = match (constant(right), constant(left)) {
            (Some(limit), None) => (left, limit, operator),
            (None, Some(limit)) => (right, limit, turned(operator)),
            _ => return None,
        };
        let signal = signal(side)?;
        // A ratio is a share here.
        let in_percent = signal.starts_with("ratio(") && side.contains(&Token::Number(100.0));
        let limit = if in_percent { limit / 100.0 } else { limit };
        let (breach, threshold) = match operator {
            ">" | ">=" => (Breach::Above, limit),
            "<" | "<=" => (Breach::Below, limit),
            // A signal that is 0 or 1 is 0 when it is below 1; any other is below a very small number.
            "==" if limit == 0.0 => {
                let is_state = signal == "up" || signal.ends_with("_up") || signal.ends_with("_success");
                (Breach::Below, if is_state { 1.0 } else { 1e-9 })
            }
            "==" if limit == 1.0 => (Breach::Above, 0.0),
            "!=" if limit == 1.0 => (Breach::Below, 1.0),
            "!=" if limit == 0.0 => (Breach::Above, 0.0),
            _ => return None,
        };
        let mut words = metrics(side);
        words.extend(side.iter().filter_map(|token| match token {
            // Of requests only those that failed.
            Token::Matchers(matchers) if matchers.contains("\"5") => Some("5xx"),
            Token::Matchers(matchers) => Some(*matchers),
            _ => None,
        }));
        Some(Condition { signal, breach, threshold, words: words.join(" ") })
    }
}

fn is_word_of_the_language(name: &str) -> bool {
    let words =
        ["and", "or", "unless", "bool", "offset", "atan2", "start", "end", "inf", "nan", "default", "if", "ifnot"];
    words.contains(&name.to_ascii_lowercase().as_str())
}

fn metrics<'e>(tokens: &[Token<'e>]) -> Vec<&'e str> {
    let mut found: Vec<&str> = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let name = match token {
            Token::Name(name) if !is_word_of_the_language(name) && tokens.get(place + 1) != Some(&Token::Open) => *name,
            Token::Matchers(matchers) => match named_by_matcher(matchers) {
                Some(name) => name,
                None => continue,
            },
            _ => continue,
        };
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// The name in `{__name__="name"}`.
fn named_by_matcher(matchers: &str) -> Option<&str> {
    let (_, after) = matchers.split_once("__name__")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let name = after.strip_prefix(['"', '\''])?;
    name.split(['"', '\'']).next().filter(|name| !name.is_empty())
}

fn comparison<'e>(token: &Token<'e>) -> Option<&'e str> {
    match token {
        Token::Operator(operator @ (">" | "<" | ">=" | "<=" | "==" | "!=")) => Some(operator),
        _ => None,
    }
}

fn turned(operator: &str) -> &str {
    match operator {
        ">" => "<",
        ">=" => "<=",
        "<" => ">",
        "<=" => ">=",
        other => other,
    }
}

fn joins(token: &Token<'_>) -> bool {
    matches!(token, Token::Name("and" | "or" | "unless" | "AND" | "OR" | "UNLESS"))
}

/// The operand that ends here.
fn before<'t, 'e>(tokens: &'t [Token<'e>]) -> &'t [Token<'e>] {
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate().rev() {
        match token {
            Token::Close => depth += 1,
            Token::Open if depth == 0 => return tokens.get(place + 1..).unwrap_or_default(),
            Token::Open => depth -= 1,
            token if depth == 0 && (joins(token) || comparison(token).is_some()) => {
                return tokens.get(place + 1..).unwrap_or_default();
            }
            _ => {}
        }
    }
    tokens
}

/// The operand that begins here.
fn after<'t, 'e>(tokens: &'t [Token<'e>]) -> &'t [Token<'e>] {
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate() {
        match token {
            Token::Open => depth += 1,
            Token::Close if depth == 0 => return tokens.get(..place).unwrap_or_default(),
            Token::Close => depth -= 1,
            token if depth == 0 && (joins(token) || comparison(token).is_some()) => {
                return tokens.get(..place).unwrap_or_default();
            }
            _ => {}
        }
    }
    tokens
}

/// The value of numbers alone, with products before sums; `None` for anything else.
fn constant(tokens: &[Token<'_>]) -> Option<f64> {
    let (mut sum, mut term, mut operator, mut seen) = (0.0, 0.0, "+", false);
    for token in tokens {
        match token {
            Token::Name("bool") | Token::Open | Token::Close => {}
            Token::Number(value) => {
                match operator {
                    "*" => term *= value,
                    "/" => term /= value,
                    "-" => (sum, term) = (sum + term, -value),
                    _ => (sum, term) = (sum + term, *value),
                }
                seen = true;
            }
            Token::Operator(found @ ("+" | "-" | "*" | "/")) => operator = found,
            _ => return None,
        }
    }
    Some(sum + term).filter(|value| seen && value.is_finite())
}

/// What one side of a comparison watches.
fn signal(side: &[Token<'_>]) -> Option<String> {
    let names = metrics(side);
    let first = *names.first()?;
    let calls = |known: &[&str]| side.iter().any(|token| matches!(token, Token::Name(name) if known.contains(name)));
    let quantile = side.iter().position(|token| *token == Token::Name("histogram_quantile"));
    if let Some(Token::Number(quantile)) = quantile.and_then(|place| side.get(place + 2)) {
        return Some(format!("p{}({})", number(quantile * 100.0), first.strip_suffix("_bucket").unwrap_or(first)));
    }
    let divides = side.iter().position(|token| *token == Token::Operator("/"));
    let is_ratio = divides.is_some_and(|place| {
        let (above, below) = side.split_at(place);
        !metrics(above).is_empty() && !metrics(below).is_empty()
    });
    Some(match () {
        () if is_ratio => format!("ratio({first})"),
        () if calls(&["time", "timestamp"]) && side.contains(&Token::Operator("-")) => format!("age({first})"),
        () if calls(&["rate", "irate"]) => format!("rate({first})"),
        () if calls(&["increase", "delta", "idelta", "deriv", "changes", "resets"]) => format!("change({first})"),
        () => first.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(text: &str) -> Option<(String, Breach, f64)> {
        Expression::of(text).condition().map(|found| (found.signal, found.breach, found.threshold))
    }

    fn is(signal: &str, breach: Breach, threshold: f64) -> Option<(String, Breach, f64)> {
        Some((signal.to_owned(), breach, threshold))
    }

    #[test]
    fn a_condition_has_a_signal_and_a_threshold() {
        assert_eq!(condition("a:b:5m > 0.02"), is("a:b:5m", Breach::Above, 0.02));
        assert_eq!(
            condition("histogram_quantile(0.95, sum by (le, x) (rate(lat_seconds_bucket{a=\"b > 3\"}[5m]))) >= 250e-3"),
            is("p95(lat_seconds)", Breach::Above, 0.25)
        );
        assert_eq!(
            condition("sum(rate(r_total{status=~\"5..\"}[5m])) by (m) / sum(rate(r_total[5m])) by (m) > 5 / 100"),
            is("ratio(r_total)", Breach::Above, 0.05)
        );
        assert_eq!(condition("0.5 > avg_over_time(confidence[1h])"), is("confidence", Breach::Below, 0.5));
        assert_eq!(condition("up == 0"), is("up", Breach::Below, 1.0));
        assert_eq!(condition("absent(up{job=\"x\"})"), is("up", Breach::Absent, 0.0));
        assert_eq!(condition("(mem_bytes > 2 * 1024 ^ 3)"), None);
        assert_eq!(
            condition("(mem_bytes > 2 * 1024 * 1024) and on (pod) up == 1"),
            is("mem_bytes", Breach::Above, 2_097_152.0)
        );
        assert_eq!(condition("{__name__=\"x.y\"} < bool -1.5"), is("x.y", Breach::Below, -1.5));
        assert_eq!(condition("time() - updated_seconds > 2 * 3600"), is("age(updated_seconds)", Breach::Above, 7200.0));
        assert_eq!(condition("100 * (a_total / b_total) > 5"), is("ratio(a_total)", Breach::Above, 0.05));
        assert_eq!(condition("a > b"), None);
        assert_eq!(condition("vector(1)"), None);
        assert!(Expression::of("vector(1)").is_constant());
    }

    #[test]
    fn names_are_metrics_only_where_they_are_read() {
        let text = "topk(3, sum without (pod) (rate(a_total[$__rate_interval]))) # b\n / ignoring(x) group_left c{d=\"$e\"} offset 5m";
        assert_eq!(Expression::of(text).metrics(), ["a_total", "c"]);
        for odd in ["", "{", "\"", "((((", "))))>1", "[", "$", "é>1", "1e+", "a >", "sum by (", "`", "{a=\"é"] {
            let expression = Expression::of(odd);
            expression.metrics();
            expression.condition();
        }
    }
}
