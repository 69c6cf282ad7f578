//! The colours of Mismatch, in both themes. The style sheet (`style/_tokens.scss`), the figures and the report show these
//! and no others; the tests below compare the style sheet with this table.

/// A colour under the name that the style sheet has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    pub name: &'static str,
    /// As `#rrggbb`, or `#rrggbbaa` where it lets something through.
    pub light: &'static str,
    pub dark: &'static str,
}

impl Colour {
    /// Red, green and blue of the light theme, for files that have no style sheet.
    pub fn rgb(self) -> [u8; 3] {
        let digits = self.light.trim_start_matches('#');
        [0, 2, 4].map(|at| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or(0))
    }
}

const fn colour(name: &'static str, light: &'static str, dark: &'static str) -> Colour {
    Colour { name, light, dark }
}

pub const SURFACE: Colour = colour("surface", "#ffffff", "#161a20");
pub const LINE: Colour = colour("line", "#dfe3e8", "#2a313b");
pub const LINE_STRONG: Colour = colour("line-strong", "#bfc7d1", "#424c5a");
pub const INK: Colour = colour("ink", "#12161c", "#e7eaee");
pub const INK_2: Colour = colour("ink-2", "#47515f", "#a8b1be");
pub const INK_3: Colour = colour("ink-3", "#616b78", "#8f99a7");
pub const ACCENT: Colour = colour("accent", "#1f5fc4", "#74a4ff");
pub const TRAIN: Colour = colour("train", "#1f5fc4", "#74a4ff");
pub const SERVE: Colour = colour("serve", "#b35900", "#f09a4e");
/// Rows that are marked, and what marks them.
pub const SELECTED: Colour = colour("selected", "#6b35b8", "#c09bff");
/// The positive class next to the negative one.
pub const POSITIVE: Colour = colour("positive", "#a0246b", "#ff8fc7");
pub const NEGATIVE: Colour = colour("negative", "#47686f", "#9cc3cc");
pub const MISMATCH: Colour = colour("mismatch", "#b0241c", "#ff8d80");
pub const POSSIBLE: Colour = colour("possible", "#7d5200", "#f0c25c");
pub const CLEAR: Colour = colour("clear", "#0a6652", "#62d2b6");
pub const NONE: Colour = colour("none", "#5d6672", "#98a1ae");

/// Every colour, in the order of the style sheet.
pub const PALETTE: [Colour; 30] = [
    colour("bg", "#f5f6f8", "#0e1115"),
    SURFACE,
    colour("raised", "#fafbfc", "#1b2027"),
    colour("sunken", "#eef0f3", "#20262e"),
    LINE,
    LINE_STRONG,
    INK,
    INK_2,
    INK_3,
    ACCENT,
    TRAIN,
    colour("train-soft", "#1f5fc426", "#74a4ff33"),
    SERVE,
    colour("serve-soft", "#d9730d2e", "#f09a4e36"),
    SELECTED,
    colour("selected-soft", "#6b35b82e", "#c09bff36"),
    POSITIVE,
    colour("positive-soft", "#a0246b29", "#ff8fc733"),
    NEGATIVE,
    colour("negative-soft", "#47686f29", "#9cc3cc33"),
    MISMATCH,
    colour("mismatch-soft", "#fbe9e7", "#3a1e1c"),
    POSSIBLE,
    colour("possible-soft", "#fcf1d8", "#33290f"),
    CLEAR,
    colour("clear-soft", "#e0f3ed", "#12302a"),
    NONE,
    colour("none-soft", "#eceff2", "#20262e"),
    colour("on-solid", "#ffffff", "#12161c"),
    colour("shadow", "#12161c0d", "none"),
];

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    const TOKENS: &str = include_str!("../../../../style/_tokens.scss");

    /// Name and value of each custom property in a mixin of the style sheet.
    fn written(mixin: &str) -> Vec<(String, String)> {
        let after = TOKENS.split_once(&format!("@mixin {mixin} {{")).unwrap().1;
        let inside = after.split_once('}').unwrap().0;
        let lines = inside.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": "));
        lines.map(|(name, value)| (name.to_owned(), value.trim_end_matches(';').to_owned())).collect()
    }

    fn expected(of: fn(&Colour) -> &'static str) -> Vec<(String, String)> {
        let values = PALETTE.iter().map(|colour| match (colour.name, of(colour)) {
            ("shadow", "none") => "none".to_owned(),
            ("shadow", tint) => format!("0 1px 2px {tint}"),
            (_, value) => value.to_owned(),
        });
        PALETTE.iter().map(|colour| colour.name.to_owned()).zip(values).collect()
    }

    #[test]
    fn the_style_sheet_has_the_same_colours_in_both_themes() {
        assert_eq!(written("light"), expected(|colour| colour.light));
        assert_eq!(written("dark"), expected(|colour| colour.dark));
    }

    #[test]
    fn no_other_style_sheet_writes_a_colour() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../style");
        for file in std::fs::read_dir(folder).unwrap().flatten() {
            let name = file.file_name().into_string().unwrap();
            if name == "_tokens.scss" || !name.ends_with(".scss") {
                continue;
            }
            let text = std::fs::read_to_string(file.path()).unwrap();
            let hexadecimal =
                |after: &&str| after.len() >= 3 && after.chars().take(3).all(|one| one.is_ascii_hexdigit());
            assert_eq!(text.split('#').skip(1).find(hexadecimal), None, "{name} writes a colour of its own");
        }
    }

    #[test]
    fn a_colour_is_read_as_three_bytes() {
        assert_eq!(TRAIN.rgb(), [0x1f, 0x5f, 0xc4]);
    }
}
