//! SVG path data. Points are fractions of the plot (0 to 1, upwards); paths are written in a square of 1000 units,
//! downwards, which the page stretches over the plot.

use domain::plot::scene::{Place, outline};

const SIDE: f64 = 1000.0;

/// An open line; a point that is not finite leaves a gap.
pub fn line(points: impl IntoIterator<Item = Place>) -> String {
    let mut path = String::new();
    let mut pen = 'M';
    for (x, y) in points {
        if x.is_finite() && y.is_finite() {
            push(&mut path, pen, x, y);
            pen = 'L';
        } else {
            pen = 'M';
        }
    }
    path
}

/// The outline of bars of those heights between those edges, closed along the base.
pub fn steps(edges: &[f64], heights: &[f64]) -> String {
    let corners = outline(edges, heights);
    if corners.is_empty() { String::new() } else { format!("{}Z", line(corners)) }
}

/// The area between a lower and an upper line over the same positions.
pub fn band(lower: &[Place], upper: &[Place]) -> String {
    if lower.is_empty() {
        return String::new();
    }
    format!("{}Z", line(upper.iter().copied().chain(lower.iter().rev().copied())))
}

/// Every point as a stroke of no length, which round line ends make a dot.
pub fn dots(points: impl IntoIterator<Item = Place>) -> String {
    let mut path = String::new();
    for (x, y) in points.into_iter().filter(|(x, y)| x.is_finite() && y.is_finite()) {
        push(&mut path, 'M', x, y);
        path.push_str("h0");
    }
    path
}

/// A fraction as an SVG percentage.
pub fn percent(fraction: f64) -> String {
    format!("{:.2}%", fraction.clamp(-0.5, 1.5) * 100.0)
}

/// The same, measured from the top for an upward fraction.
pub fn from_top(fraction: f64) -> String {
    percent(1.0 - fraction)
}

fn push(path: &mut String, pen: char, x: f64, y: f64) {
    let (x, y) = (x.clamp(-0.5, 1.5) * SIDE, (1.0 - y.clamp(-0.5, 1.5)) * SIDE);
    path.push_str(&format!("{pen}{},{}", short(x), short(y)));
}

/// One decimal, none when it is zero.
fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_lifts_the_pen() {
        assert_eq!(line([(0.0, 0.0), (0.5, f64::NAN), (1.0, 1.0)]), "M0,1000M1000,0");
    }

    #[test]
    fn steps_rise_and_fall_at_the_edges() {
        assert_eq!(steps(&[0.0, 0.5, 1.0], &[1.0, 0.25]), "M0,1000L0,0L500,0L500,750L1000,750L1000,1000Z");
        assert_eq!(steps(&[], &[]), "");
    }

    #[test]
    fn a_band_goes_out_above_and_back_below() {
        assert_eq!(band(&[(0.0, 0.0), (1.0, 0.0)], &[(0.0, 1.0), (1.0, 0.5)]), "M0,0L1000,500L1000,1000L0,1000Z");
    }
}
