//! From plotters' SVG to ours: real colours for the markers, a size that follows the page, a title and a description.

use super::Figure;
use super::ink::Ink;

/// Where a figure is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dress {
    /// In a page with the style sheet: colours follow the theme.
    Page,
    /// In a file of its own: plain colours and a fixed size, which every program reads.
    File,
}

/// Finishes a drawing.
pub fn dress(drawn: &str, dress: Dress, title: &str, description: &str) -> Figure {
    let mut svg = drawn.to_owned();
    for ink in Ink::ALL {
        let colour = match dress {
            Dress::Page => format!("var({})", ink.variable()),
            Dress::File => ink.plain().to_owned(),
        };
        svg = svg.replace(&ink.marker_text(), &colour);
    }
    if dress == Dress::Page
        && let (Some(size), Some(view)) = (svg.find(" width="), svg.find(" viewBox="))
    {
        svg.replace_range(size..view, " class=\"figure\" role=\"img\"");
    }
    let words = format!("<title>{}</title>\n<desc>{}</desc>\n", escaped(title), escaped(description));
    if let Some(end) = svg.find('>') {
        svg.insert_str(end + 1, &format!("\n{words}"));
    }
    Figure { svg }
}

/// Text as it may stand in XML: special characters escaped, and those XML forbids left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            other => out.push(other),
        }
    }
    out
}

/// Without control characters and the two code points that no XML document may hold.
pub fn printable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control() && !matches!(character, '\u{FFFE}' | '\u{FFFF}')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWN: &str = "<svg width=\"10\" height=\"5\" viewBox=\"0 0 10 5\" xmlns=\"http://www.w3.org/2000/svg\">\n<rect fill=\"#FE0100\"/>\n</svg>\n";

    #[test]
    fn a_page_gets_its_own_colours_and_size() {
        let svg = dress(DRAWN, Dress::Page, "a < b", "all\u{1}").svg;
        assert!(svg.starts_with("<svg class=\"figure\" role=\"img\" viewBox=\"0 0 10 5\""), "{svg}");
        assert!(svg.contains("<title>a &lt; b</title>\n<desc>all</desc>"), "{svg}");
        assert!(svg.contains("fill=\"var(--train)\""), "{svg}");
    }

    #[test]
    fn a_file_needs_no_style_sheet() {
        let svg = dress(DRAWN, Dress::File, "t", "d").svg;
        assert!(svg.contains("width=\"10\"") && svg.contains("fill=\"#1f5fc4\""), "{svg}");
        assert!(!svg.contains("var("), "{svg}");
    }

    #[test]
    fn no_two_inks_share_a_marker() {
        let markers: std::collections::BTreeSet<String> = Ink::ALL.iter().map(|ink| ink.marker_text()).collect();
        assert_eq!(markers.len(), Ink::ALL.len());
    }
}
