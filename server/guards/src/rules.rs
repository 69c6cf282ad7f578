//! What all formats do with the rules of a guard: write what they can say, and name the rest.

use domain::constraint::Rule;
use domain::guard::GuardRule;
use domain::{Guard, Problem};

use crate::quote::plain;

/// Rules that a format can't say, for its comment.
#[derive(Default)]
pub(crate) struct LeftOut(Vec<String>);

impl LeftOut {
    /// Names one more, and why.
    pub fn add(&mut self, rule: &GuardRule, why: &str) {
        self.0.push(plain(&format!("{} ({why})", rule.words())));
    }

    /// Names something else.
    pub fn say(&mut self, what: &str) {
        self.0.push(plain(what));
    }

    pub fn lines(&self) -> &[String] {
        &self.0
    }
}

/// What the file is, as lines for its head.
pub(crate) fn head(guard: &Guard) -> Vec<String> {
    let batch = guard.rules_of(None).find_map(|rule| match rule.rule {
        Rule::Rows { low: Some(rows), .. } => Some(rows),
        _ => None,
    });
    let mut lines = vec![format!("Guard of “{}”, made by Mismatch.", plain(&guard.title))];
    if let Some(rows) = batch {
        lines.push(format!(
            "The rules hold for the training data. A clean batch of at least {rows} rows breaks one of them about once in a \
             million."
        ));
    }
    lines
}

/// What a rule sees here: `train: 0 % missing; serve: 33.4 % missing, fails`.
pub(crate) fn proof(rule: &GuardRule) -> String {
    let serve = rule.proof.on_serve.as_ref().map(|seen| {
        let outcome = if rule.proof.catches { "fails" } else { "passes" };
        format!("; serve: {seen}, {outcome}")
    });
    plain(&format!("train: {}{}", rule.proof.on_train, serve.unwrap_or_default()))
}

/// Lines as comments.
pub(crate) fn comments(mark: &str, lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().map(|line| format!("{mark} {line}\n")).collect()
}

/// The head and what is left out, as comments.
pub(crate) fn head_comments(mark: &str, guard: &Guard, left: &LeftOut) -> String {
    let mut lines = head(guard);
    if !left.lines().is_empty() {
        lines.push("Left out, because this format can't say it:".to_owned());
        lines.extend(left.lines().iter().map(|line| format!("- {line}")));
    }
    comments(mark, lines)
}

/// The share of rows that may break a rule, in per cent with few digits: `3`, `2.5`.
pub(crate) fn percent_outside(share: f64) -> f64 {
    ((1.0 - share) * 1e5).round() / 1e3
}

/// The share that must hold without the noise of a subtraction.
pub(crate) fn least(most: f64) -> f64 {
    ((1.0 - most) * 1e6).round() / 1e6
}

/// The problem of a guard of which a format can say nothing.
pub(crate) fn nothing(tool: &str, what: &str) -> Problem {
    Problem::bad_input(format!("{tool}: this diagnosis has {what}. Choose another format."))
}
