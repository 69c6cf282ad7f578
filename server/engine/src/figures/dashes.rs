//! Lines in a pattern of dashes: plotters knows one dash and one gap, and the lines of many runs need more.

/// The dashes of a line: `pattern` is the lengths of a dash and of a gap in turn, over and over. Without a pattern it is
/// the line itself.
pub fn cut(places: &[(f64, f64)], pattern: &[f64]) -> Vec<Vec<(f64, f64)>> {
    let mut lengths = pattern.iter().copied().filter(|length| *length > 0.0).cycle();
    let (Some(mut left), Some(first)) = (lengths.next(), places.first()) else { return vec![places.to_vec()] };
    let (mut dashes, mut dash, mut is_drawn) = (Vec::new(), vec![*first], true);
    for ends in places.windows(2) {
        let (mut from, to) = (ends[0], ends[1]);
        let mut rest = (to.0 - from.0).hypot(to.1 - from.1);
        // The dash, or the gap, ends within this piece of the line.
        while rest > left {
            let share = left / rest;
            from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            if is_drawn {
                dash.push(from);
                dashes.push(std::mem::take(&mut dash));
            } else {
                dash = vec![from];
            }
            (rest, is_drawn) = (rest - left, !is_drawn);
            left = lengths.next().unwrap_or(f64::INFINITY);
        }
        left -= rest;
        if is_drawn {
            dash.push(to);
        }
    }
    if dash.len() > 1 {
        dashes.push(dash);
    }
    dashes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_and_gaps_take_turns_along_the_line_and_around_its_corners() {
        let straight = [(0.0, 0.0), (10.0, 0.0)];
        assert_eq!(
            cut(&straight, &[4.0, 1.0, 2.0, 1.0]),
            [[(0.0, 0.0), (4.0, 0.0)], [(5.0, 0.0), (7.0, 0.0)], [(8.0, 0.0), (10.0, 0.0)]]
        );
        let corner = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0)];
        assert_eq!(cut(&corner, &[3.0, 5.0]), [[(0.0, 0.0), (2.0, 0.0), (2.0, 1.0)]]);
    }

    #[test]
    fn without_a_pattern_the_line_stays_whole() {
        let line = vec![(0.0, 0.0), (10.0, 0.0)];
        assert_eq!(cut(&line, &[]), vec![line.clone()]);
        assert_eq!(cut(&line, &[0.0, 0.0]), vec![line]);
    }
}
