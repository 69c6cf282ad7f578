//! The marks of a scene as SVG text: lines and areas in a square that is stretched over the plot, the rest at its size.
//!
//! Architecture invariant: whatever may come from a file passes through [`escaped`]. Text and not views, because a chart
//! holds hundreds of elements that never change one by one, and each kind of view is code in the browser's bundle.

use std::fmt::Write;

use domain::markup::escaped;
use domain::plot::scene::{Align, Hover, Mark, Place, Tone, is_cloud, opacity};

use super::path::{self, from_top, percent};

/// Marks, and under a pointer their words.
pub fn svg(marks: &[Mark], hovers: &[Hover]) -> String {
    let paths: String = marks.iter().filter_map(stretched).collect();
    let mut out = String::new();
    if !paths.is_empty() {
        push(
            &mut out,
            format_args!(
                "<svg class=\"stretched\" viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\">{paths}</svg>"
            ),
        );
    }
    for hover in hovers {
        rect(&mut out, "hit", "", hover.low, hover.high, &hover.words);
    }
    for mark in marks {
        unstretched(&mut out, mark);
    }
    out
}

/// Writing to a String can't fail.
pub(super) fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

fn stretched(mark: &Mark) -> Option<String> {
    let (kind, tone, d) = match mark {
        Mark::Line { tone, places } => ("line", tone, path::line(places.iter().copied())),
        Mark::Step { tone, edges, heights } => ("area", tone, path::steps(edges, heights)),
        Mark::Band { tone, lower, upper } => ("band", tone, path::band(lower, upper)),
        Mark::Points { tone, places, words, .. } if is_cloud(places, words) => {
            ("dots", tone, path::dots(places.iter().copied()))
        }
        _ => return None,
    };
    let dashes = if kind == "line" { dashes(*tone) } else { String::new() };
    Some(format!("<path class=\"{kind} {}\"{dashes} d=\"{d}\"/>", tone.class()))
}

/// The pattern of a line as an attribute, where the style sheet has none for its tone.
pub(super) fn dashes(tone: Tone) -> String {
    if !tone.is_another() {
        return String::new();
    }
    let lengths: Vec<String> = tone.dashes().iter().map(f64::to_string).collect();
    format!(" stroke-dasharray=\"{}\"", lengths.join(" "))
}

fn unstretched(out: &mut String, mark: &Mark) {
    match mark {
        Mark::Bar { tone, low, high, value } => {
            rect(out, "bar", tone.class(), *low, *high, "");
            text(out, ("bar-value", *tone), (high.0, (low.1 + high.1) / 2.0), (Align::Start, (5.0, 4.0)), value);
        }
        Mark::Tile { tone, low, high, shade } => tile(out, *tone, *low, *high, *shade),
        Mark::Points { tone, places, size, words } if !is_cloud(places, words) => {
            for (index, (x, y)) in places.iter().enumerate() {
                let title = titled(words.get(index).map_or("", String::as_str));
                let (class, x, y) = (tone.class(), percent(*x), from_top(*y));
                push(
                    out,
                    format_args!("<circle class=\"dot {class}\" cx=\"{x}\" cy=\"{y}\" r=\"{size}\">{title}</circle>"),
                );
            }
        }
        Mark::Rule { tone, from, to } => {
            let [(x1, y1), (x2, y2)] = [from, to].map(|place| (percent(place.0), from_top(place.1)));
            let class = tone.class();
            push(out, format_args!("<line class=\"rule {class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"));
        }
        Mark::Text { tone, at, align, shift, words } => text(out, ("mark-label", *tone), *at, (*align, *shift), words),
        _ => {}
    }
}

fn rect(out: &mut String, kind: &str, tone: &str, low: Place, high: Place, words: &str) {
    let (x, y) = (percent(low.0), from_top(high.1));
    let (width, height) = (percent(high.0 - low.0), percent(high.1 - low.1));
    let title = titled(words);
    push(
        out,
        format_args!(
            "<rect class=\"{kind} {tone}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\">{title}</rect>"
        ),
    );
}

/// A presentation attribute and no style: the content security policy allows none.
fn tile(out: &mut String, tone: Tone, low: Place, high: Place, shade: f64) {
    let (x, y) = (percent(low.0), from_top(high.1));
    let (width, height) = (percent(high.0 - low.0), percent(high.1 - low.1));
    let (class, opacity) = (tone.class(), opacity(shade));
    push(
        out,
        format_args!(
            "<rect class=\"tile {class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill-opacity=\"{opacity:.2}\"/>"
        ),
    );
}

fn text(out: &mut String, (kind, tone): (&str, Tone), at: Place, (align, shift): (Align, (f64, f64)), words: &str) {
    let (x, y, anchor) = (percent(at.0), from_top(at.1), align.anchor());
    let (class, (dx, dy), words) = (tone.class(), shift, escaped(words));
    push(
        out,
        format_args!(
            "<text class=\"{kind} {class}\" x=\"{x}\" y=\"{y}\" dx=\"{dx}\" dy=\"{dy}\" text-anchor=\"{anchor}\">{words}</text>"
        ),
    );
}

fn titled(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(words)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_files_stay_text() {
        let evil = "</text><script>alert(1)</script>".to_owned();
        let mark = Mark::Bar { tone: Tone::Train, low: (0.0, 0.1), high: (0.5, 0.3), value: evil.clone() };
        let dot = Mark::Points { tone: Tone::Serve, places: vec![(0.5, 0.5)], size: 4.0, words: vec![evil.clone()] };
        let svg = svg(&[mark, dot], &[Hover::strip(0.0, 0.1, evil)]);
        assert!(!svg.contains("<script"), "{svg}");
        assert_eq!(svg.matches("&lt;script&gt;").count(), 3);
    }

    #[test]
    fn lines_of_several_runs_differ_in_more_than_their_colour() {
        let line = |tone| Mark::Line { tone, places: vec![(0.0, 0.0), (1.0, 1.0)] };
        let svg = svg(&[line(Tone::Serve), line(Tone::Another(2)), line(Tone::Another(3))], &[]);
        assert!(svg.contains("class=\"line serve\" d="), "the style sheet knows it: {svg}");
        assert!(svg.contains("class=\"line another run-1\" stroke-dasharray=\"2 3\""), "{svg}");
        assert!(svg.contains("class=\"line another run-2\" stroke-dasharray=\"9 3 2 3\""), "{svg}");
    }

    #[test]
    fn a_cloud_is_one_path_and_a_point_with_words_is_an_element_of_its_own() {
        let points = |words| Mark::Points { tone: Tone::Model, places: vec![(0.0, 0.0), (1.0, 1.0)], size: 2.0, words };
        assert_eq!(svg(&[points(Vec::new())], &[]).matches("<path").count(), 1);
        assert_eq!(svg(&[points(vec!["a".into(), "b".into()])], &[]).matches("<circle").count(), 2);
    }
}
