//! The answer to "what is different about these rows?": how many rows it is about, and every column that differs, the
//! most different first, with a small chart of the selected rows against the others.

use domain::number::{counted, named_probability};
use domain::plot::format;
use domain::selection::{ColumnDifference, Condition, Contrast, SelectionAnswer, Subject, Test};
use domain::snapshot::{ColumnKind, ColumnRole};
use leptos::prelude::*;

use super::small_histogram::{Pair, SmallHistogram, SmallShape};
use super::telling::telling_condition;

/// Columns shown before the rest is folded away.
const SHOWN: usize = 8;

/// Columns without a difference that are named.
const NAMED: usize = 12;

/// The columns that differ. `narrow` makes what narrows the selection by a condition: a link, or a button.
pub fn answer(answer: &SelectionAnswer, narrow: &dyn Fn(Condition, String) -> AnyView) -> AnyView {
    let (different, alike): (Vec<_>, Vec<_>) = answer.columns.iter().partition(|column| column.contrast.is_some());
    let mut shown: Vec<AnyView> = different.iter().map(|column| difference(column, narrow)).collect();
    let hidden = shown.split_off(shown.len().min(SHOWN));
    let none = shown.is_empty();
    view! {
        <div class="answer">
            <p>{size(answer)}</p>
            {sampled(answer).map(|words| view! { <p class="note">{words}</p> })}
            {if none {
                view! { <p>"No other column differs between the selected rows and the others."</p> }.into_any()
            } else {
                view! {
                    <p class="keys">
                        <span class="key selected">"selected rows"</span>
                        <span class="key rest">"other rows"</span>
                    </p>
                    <ol class="differences">{shown}</ol>
                }
                .into_any()
            }}
            {(!hidden.is_empty()).then(|| view! {
                <details class="disclosure">
                    <summary>{counted(hidden.len() as u64, "more column")}" differ"</summary>
                    <ol class="differences">{hidden}</ol>
                </details>
            })}
            {(!alike.is_empty() && !none).then(|| view! { <p class="note">{alike_words(&alike)}</p> })}
        </div>
    }
    .into_any()
}

/// `1,006 of 10,000 rows are selected: 604 of 6,000 train rows and 402 of 4,000 serve rows. …`
fn size(answer: &SelectionAnswer) -> String {
    let of = |selected: u64, all: u64, what: &str| format!("{} of {}", format::count(selected), counted(all, what));
    let verb = if answer.selected == 1 { "is" } else { "are" };
    let mut words = format!("{} {verb} selected", of(answer.selected, answer.examined, "row"));
    if answer.tables.len() > 1 {
        let each = answer.tables.iter().map(|one| of(one.selected, one.examined, &format!("{} row", one.role.id())));
        words.push_str(&format!(": {}", each.collect::<Vec<_>>().join(" and ")));
    }
    format!("{words}. They are compared with the other {}.", counted(answer.rest, "row"))
}

fn sampled(answer: &SelectionAnswer) -> Option<String> {
    let (examined, total) = (format::count(answer.examined), format::count(answer.total));
    (answer.examined < answer.total).then(|| format!("The numbers are from a sample of {examined} of {total} rows."))
}

/// `3 other columns do not differ: a, b, c.`
fn alike_words(alike: &[&ColumnDifference]) -> String {
    let verb = if alike.len() == 1 { "does" } else { "do" };
    let named: Vec<&str> = alike.iter().take(NAMED).map(|column| column.column.as_str()).collect();
    let more = if alike.len() > NAMED { " …" } else { "." };
    format!("{} {verb} not differ: {}{more}", counted(alike.len() as u64, "other column"), named.join(", "))
}

fn difference(column: &ColumnDifference, narrow: &dyn Fn(Condition, String) -> AnyView) -> AnyView {
    let telling = column.chart.as_ref().and_then(|chart| telling_condition(&column.column, chart));
    let only = telling.map(|condition| {
        let words = format!("only {}", condition_words(&condition, column.kind));
        narrow(condition, words)
    });
    let q = column.q.map(|q| format!(", {}", named_probability("q", q)));
    view! {
        <li>
            <SmallHistogram shape=SmallShape::of(column.chart.as_ref()) label=column.column.clone() pair=Pair::RestSelected/>
            <div>
                <p><code>{column.column.clone()}</code> " " {column.contrast.as_ref().map(|found| contrast(found, column.kind))}</p>
                <p class="note">
                    {format!("distance {} ({})", format::significant(column.effect, 2), effect_words(&column.effect_name))} {q}
                </p>
            </div>
            {only}
        </li>
    }
    .into_any()
}

/// `web: 82 % of these rows, 31 % of the others`.
fn contrast(found: &Contrast, kind: ColumnKind) -> String {
    let (what, lengths) = if kind == ColumnKind::Text { ("length ", " length") } else { ("", "") };
    match found {
        Contrast::Share { value, selected, rest } => {
            let value = format::shortened(value, 40);
            format!("= {value}: {} of these rows, {} of the others", format::share(*selected), format::share(*rest))
        }
        Contrast::Missing { selected, rest } => {
            format!("is missing: {} of these rows, {} of the others", format::share(*selected), format::share(*rest))
        }
        Contrast::Range { from, to, selected, rest } => {
            let [from, to] = [from, to].map(|end| to_the_minute(*end, kind, (*from, *to)));
            let [selected, rest] = [selected, rest].map(|share| format::share(*share));
            format!("{what}{from} to {to}: {selected} of these rows, {rest} of the others")
        }
        Contrast::Median { selected, rest } => {
            let [selected, rest] = [selected, rest].map(|median| to_the_minute(*median, kind, (*selected, *rest)));
            format!("median{lengths}: {selected} in these rows, {rest} in the others")
        }
    }
}

/// The seconds of a median time say nothing.
fn to_the_minute(value: f64, kind: ColumnKind, among: (f64, f64)) -> String {
    const MINUTE: f64 = 60_000.0;
    let is_time = kind == ColumnKind::Datetime;
    format::value_among(if is_time { (value / MINUTE).floor() * MINUTE } else { value }, kind, among)
}

fn effect_words(name: &str) -> &str {
    match name {
        "ks_statistic" => "KS",
        "js_distance" => "JS",
        other => other,
    }
}

/// A condition in words: `income 10 to 20`, `colour = red`, `age missing`. `kind` is that of its column.
pub fn condition_words(condition: &Condition, kind: ColumnKind) -> String {
    let subject = match &condition.subject {
        Subject::Column(name) => name.clone(),
        Subject::Role(role) => role.id().to_owned(),
    };
    let kind = if condition.subject == Subject::Role(ColumnRole::Time) { ColumnKind::Datetime } else { kind };
    let value = |number: &f64| match &condition.test {
        Test::Range { from, to, .. } if *from != f64::MIN && *to != f64::MAX => {
            format::value_among(*number, kind, (*from, *to))
        }
        _ => format::value_among(*number, kind, (*number, *number)),
    };
    match &condition.test {
        Test::Range { from, to, .. } if *from == f64::MIN => format!("{subject} up to {}", value(to)),
        Test::Range { from, to, .. } if *to == f64::MAX => format!("{subject} from {}", value(from)),
        Test::Range { from, to, .. } => format!("{subject} {} to {}", value(from), value(to)),
        Test::OneOf(values) => format!("{subject} = {}", listed(values, "or")),
        Test::NoneOf(values) if values.is_empty() => format!("any {subject}"),
        Test::NoneOf(values) => format!("{subject} is not {}", listed(values, "or")),
        Test::Missing => format!("{subject} missing"),
    }
}

/// At most three values by name: `red, blue or green`.
fn listed(values: &[String], last: &str) -> String {
    let mut named: Vec<String> = values.iter().take(3).map(|value| format::shortened(value, 24)).collect();
    let more = values.len().saturating_sub(named.len());
    if more > 0 {
        named.push(format!("{more} more"));
    }
    match named.pop() {
        Some(end) if !named.is_empty() => format!("{} {last} {end}", named.join(", ")),
        end => end.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::selection::{RowsOfTable, UpperEnd};
    use domain::snapshot::SnapshotRole;

    #[test]
    fn a_condition_reads_as_a_phrase() {
        let range = |from, to| Test::Range { from, to, upper: UpperEnd::Excluded };
        let words = |test, kind| condition_words(&Condition::on_column("x", test), kind);
        assert_eq!(words(range(10.0, 20.5), ColumnKind::Numeric), "x 10 to 20.5");
        assert_eq!(words(range(f64::MIN, 30.0), ColumnKind::Numeric), "x up to 30");
        assert_eq!(words(range(0.0, 86_400_000.0), ColumnKind::Datetime), "x 1970-01-01 to 1970-01-02");
        let values = ["red", "blue", "green", "grey"].map(str::to_owned).to_vec();
        assert_eq!(words(Test::OneOf(values), ColumnKind::Categorical), "x = red, blue, green or 1 more");
        assert_eq!(words(Test::NoneOf(vec!["red".into()]), ColumnKind::Categorical), "x is not red");
    }

    #[test]
    fn the_size_of_the_selection_is_a_sentence() {
        let of = |role, selected, examined| RowsOfTable { role, selected, examined };
        let mut answer = SelectionAnswer {
            selected: 1_006,
            rest: 8_994,
            examined: 10_000,
            total: 10_000,
            tables: vec![of(SnapshotRole::Train, 604, 6_000), of(SnapshotRole::Serve, 402, 4_000)],
            condition_kinds: Vec::new(),
            columns: Vec::new(),
        };
        assert_eq!(
            size(&answer),
            "1,006 of 10,000 rows are selected: 604 of 6,000 train rows and 402 of 4,000 serve rows. \
             They are compared with the other 8,994 rows."
        );
        answer.tables.truncate(1);
        assert!(size(&answer).starts_with("1,006 of 10,000 rows are selected. "), "{}", size(&answer));
    }
}
