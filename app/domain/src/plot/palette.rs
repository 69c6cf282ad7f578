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
/// Runs next to the two that are compared, in one chart. Who sees no red or no green still sees that they differ.
pub const RUNS: [Colour; 8] = [
    colour("run-1", "#2e1593", "#7e63e9"),
    colour("run-2", "#159348", "#24e06f"),
    colour("run-3", "#7e2a3b", "#c95e74"),
    colour("run-4", "#397eac", "#448fc1"),
    colour("run-5", "#43150a", "#e04a24"),
    colour("run-6", "#32956d", "#5ec99f"),
    colour("run-7", "#43430a", "#e9e963"),
    colour("run-8", "#0d3e5e", "#a1d1f2"),
];
pub const MISMATCH: Colour = colour("mismatch", "#b0241c", "#ff8d80");
pub const POSSIBLE: Colour = colour("possible", "#7d5200", "#f0c25c");
pub const CLEAR: Colour = colour("clear", "#0a6652", "#62d2b6");
pub const NONE: Colour = colour("none", "#5d6672", "#98a1ae");

/// Every colour, in the order of the style sheet.
pub const PALETTE: [Colour; 38] = [
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
    RUNS[0],
    RUNS[1],
    RUNS[2],
    RUNS[3],
    RUNS[4],
    RUNS[5],
    RUNS[6],
    RUNS[7],
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

    /// Colours of lines that one chart may hold, of one theme.
    fn lines(of: fn(&Colour) -> &'static str) -> Vec<[f64; 3]> {
        let all = [TRAIN, SERVE].into_iter().chain(RUNS);
        all.map(|colour| linear(Colour { light: of(&colour), ..colour })).collect()
    }

    /// Red, green and blue as shares of light (IEC 61966-2-1).
    fn linear(colour: Colour) -> [f64; 3] {
        colour.rgb().map(|byte| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn times(matrix: [[f64; 3]; 3], colour: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(colour).map(|(factor, part)| factor * part).sum::<f64>().clamp(0.0, 1.0))
    }

    /// CIELAB under the white of a screen (D65).
    fn lab(colour: [f64; 3]) -> [f64; 3] {
        const XYZ: [[f64; 3]; 3] =
            [[0.433_9, 0.376_2, 0.189_9], [0.212_6, 0.715_2, 0.072_2], [0.017_7, 0.109_5, 0.872_8]];
        let cubed = |part: f64| if part > 0.008_856 { part.cbrt() } else { 7.787 * part + 16.0 / 116.0 };
        let [x, y, z] = times(XYZ, colour).map(cubed);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// What is seen in full, without red and without green cones (Machado, Oliveira and Fernandes 2009, severity 1).
    const SEEN: [[[f64; 3]; 3]; 3] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
    ];

    /// A difference of 2.3 is just noticed (Mahy 1994); lines are thin and need more.
    #[test]
    fn runs_in_one_chart_differ_for_every_eye_in_both_themes() {
        for of in [|colour: &Colour| colour.light, |colour: &Colour| colour.dark] {
            let lines = lines(of);
            for (eye, seen) in SEEN.iter().enumerate() {
                let shown: Vec<[f64; 3]> = lines.iter().map(|line| lab(times(*seen, *line))).collect();
                for (place, one) in shown.iter().enumerate() {
                    for (before, other) in shown[..place].iter().enumerate() {
                        let apart = one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                        assert!(apart > 14.0, "lines {before} and {place} are {apart:.0} apart for eye {eye}");
                    }
                }
            }
        }
    }

    /// WCAG 2.2, 1.4.11: what is needed to understand a graphic has a contrast of 3 to what is next to it.
    #[test]
    fn runs_stand_out_from_the_surface_in_both_themes() {
        for of in [|colour: &Colour| colour.light, |colour: &Colour| colour.dark] {
            let light = |colour: [f64; 3]| times([[0.212_6, 0.715_2, 0.072_2], [0.0; 3], [0.0; 3]], colour)[0] + 0.05;
            let surface = light(linear(Colour { light: of(&SURFACE), ..SURFACE }));
            for (place, line) in lines(of).into_iter().map(light).enumerate() {
                assert!(line.max(surface) / line.min(surface) >= 3.0, "line {place}");
            }
        }
    }
}
