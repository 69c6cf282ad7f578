//! What stands around the marks, as markup: axes, legend, and the table behind the chart.

use domain::markup::escaped;
use domain::plot::scene::{Axis, Key, Table, Tone};

use super::marks::{dashes, push};
use super::path::{from_top, percent};

/// Grid lines, labels and names of both axes, and the base line.
pub fn axes(x: &Axis, y: &Axis) -> String {
    let mut out = String::from("<g class=\"axis\">");
    for tick in &y.ticks {
        let at = from_top(tick.position);
        push(&mut out, format_args!("<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{at}\" y2=\"{at}\"/>"));
    }
    push_names(&mut out, y);
    let name = escaped(&y.name);
    push(&mut out, format_args!("<text class=\"axis-name\" x=\"-44\" y=\"0\" dy=\"-10\">{name}</text></g>"));
    out + &across(x)
}

/// Grid lines, labels and name of the axis from left to right, and the base line.
pub fn across(x: &Axis) -> String {
    let mut out = String::from("<g class=\"axis\">");
    for tick in &x.ticks {
        let (at, label) = (percent(tick.position), escaped(&tick.label));
        push(
            &mut out,
            format_args!(
                "<line class=\"grid\" x1=\"{at}\" x2=\"{at}\" y1=\"0\" y2=\"100%\"/>\
                 <text class=\"tick\" x=\"{at}\" y=\"100%\" dy=\"16\" text-anchor=\"middle\">{label}</text>"
            ),
        );
    }
    let name = escaped(&x.name);
    push(
        &mut out,
        format_args!(
            "<text class=\"axis-name\" x=\"100%\" y=\"100%\" dy=\"34\" text-anchor=\"end\">{name}</text></g>\
             <line class=\"base\" x1=\"0\" x2=\"100%\" y1=\"100%\" y2=\"100%\"/>"
        ),
    );
    out
}

/// Names left of rows.
pub fn names(y: &Axis) -> String {
    let mut out = String::new();
    push_names(&mut out, y);
    out
}

fn push_names(out: &mut String, y: &Axis) {
    for tick in &y.ticks {
        let (at, label) = (from_top(tick.position), escaped(&tick.label));
        push(out, format_args!("<text class=\"tick\" x=\"-8\" y=\"{at}\" dy=\"4\" text-anchor=\"end\">{label}</text>"));
    }
}

/// What each colour stands for, with its number of rows.
pub fn legend(keys: &[Key]) -> String {
    let mut out = String::new();
    for Key { tone, words } in keys {
        let (class, words) = (tone.map_or("plain", |tone| tone.class()), escaped(words));
        let line = tone.filter(|tone| tone.is_another()).map(line).unwrap_or_default();
        push(&mut out, format_args!("<span class=\"key {class}\">{line}{words}</span>"));
    }
    out
}

/// A piece of a line long enough to show its pattern.
fn line(tone: Tone) -> String {
    let dashes = dashes(tone);
    format!(
        "<svg class=\"key-line\" width=\"32\" height=\"8\" aria-hidden=\"true\">\
         <line x1=\"0\" x2=\"32\" y1=\"4\" y2=\"4\"{dashes}/></svg>"
    )
}

/// The head and the rows of a table, thinned for a page.
pub fn table(table: &Table) -> String {
    let mut out = String::from("<thead><tr>");
    for head in &table.heads {
        push(&mut out, format_args!("<th scope=\"col\">{}</th>", escaped(&head.words)));
    }
    out.push_str("</tr></thead><tbody>");
    for row in table.for_page().1 {
        out.push_str("<tr>");
        for cell in row {
            push(&mut out, format_args!("<td>{}</td>", escaped(&cell.words())));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::plot::scale::Scale;
    use domain::plot::scene::{Head, Value};

    const EVIL: &str = "<img src=x onerror=alert(1)>";

    #[test]
    fn a_run_next_to_the_chosen_ones_shows_the_pattern_of_its_line() {
        let keys = legend(&[Key::new(Tone::Serve, "serve"), Key::new(Tone::Another(3), "v2")]);
        assert_eq!(keys.matches("<line").count(), 1);
        assert!(
            keys.contains("class=\"key another run-2\"") && keys.contains("stroke-dasharray=\"9 3 2 3\""),
            "{keys}"
        );
    }

    #[test]
    fn names_from_files_stay_text() {
        let axis = Axis::names(&[EVIL.to_owned()], EVIL);
        let rows = vec![vec![Value::Text(EVIL.to_owned())]];
        let all = [
            axes(&axis, &Axis::numbers(Scale::linear(0.0, 1.0), EVIL)),
            names(&axis),
            legend(&[Key::new(Tone::Train, EVIL)]),
            table(&Table::new(vec![Head::theirs(EVIL)], rows)),
        ];
        for markup in all {
            assert!(markup.contains("&lt;img") && !markup.contains("<img"), "{markup}");
        }
    }
}
