//! When a rule fires, lasts and ends, from what it sees in one window after the other.

/// What a rule sees in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// What it watches for is there.
    Holds {
        /// In one sentence.
        statement: String,
    },
    HoldsNot,
    /// The window says nothing of it: that neither begins an alert nor ends one.
    NotJudged,
}

impl Seen {
    /// Empty where it does not hold.
    pub fn statement(&self) -> &str {
        match self {
            Seen::Holds { statement } => statement,
            Seen::HoldsNot | Seen::NotJudged => "",
        }
    }
}

/// One window as a rule sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// Id of the arrival.
    pub arrival: String,
    /// The time of its rows.
    pub at_ms: i64,
    pub seen: Seen,
}

/// One alert, by the places of its windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Episode {
    /// Where it was seen first.
    pub first: usize,
    /// Where it had been seen often enough.
    pub fired: usize,
    /// Where it was seen last.
    pub last: usize,
    /// Windows in which it was seen.
    pub windows: u32,
    /// Where it had lasted so long that its severity rises.
    pub raised: Option<usize>,
    /// Where it was over.
    pub ended: Option<usize>,
}

/// The alerts of a rule that needs this many windows one after the other, and is raised after this many more. In the order of
/// time; only the last one can still last.
pub fn episodes(seen: &[&Seen], windows: u32, raise_after: Option<u32>) -> Vec<Episode> {
    let mut found: Vec<Episode> = Vec::new();
    let mut run: Option<(usize, u32)> = None;
    for (place, seen) in seen.iter().enumerate() {
        match seen {
            Seen::NotJudged => {}
            Seen::HoldsNot => {
                if let Some(lasting) = found.last_mut().filter(|last| last.ended.is_none()) {
                    lasting.ended = Some(place);
                }
                run = None;
            }
            Seen::Holds { .. } => {
                let (first, count) = run.map_or((place, 1), |(first, count)| (first, count + 1));
                run = Some((first, count));
                if count == windows.max(1) {
                    let begun = Episode { first, fired: place, last: place, windows: count, raised: None, ended: None };
                    found.push(begun);
                }
                if let Some(lasting) = found.last_mut().filter(|last| last.ended.is_none()) {
                    let is_due = raise_after.is_some_and(|more| count >= windows.max(1).saturating_add(more));
                    lasting.raised = lasting.raised.or(is_due.then_some(place));
                    (lasting.last, lasting.windows) = (place, count);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `x` holds, `.` holds not, `?` is not judged.
    fn of(drawn: &str, windows: u32, raise_after: Option<u32>) -> Vec<Episode> {
        let seen: Vec<Seen> = drawn
            .chars()
            .map(|sign| match sign {
                'x' => Seen::Holds { statement: String::new() },
                '.' => Seen::HoldsNot,
                _ => Seen::NotJudged,
            })
            .collect();
        episodes(&seen.iter().collect::<Vec<_>>(), windows, raise_after)
    }

    #[test]
    fn an_alert_begins_after_enough_windows_and_ends_with_the_first_that_is_sound() {
        let [one] = of("..xxx..", 2, None)[..] else { panic!("one alert") };
        assert_eq!((one.first, one.fired, one.last, one.windows, one.ended), (2, 3, 4, 3, Some(5)));
        assert_eq!(of("x.x.x", 2, None), Vec::new(), "never two in a row");
        assert_eq!(of("x.x.x", 1, None).len(), 3);
        assert_eq!(of("xxxx", 0, None).len(), 1, "no windows at all are one");
    }

    #[test]
    fn what_was_not_judged_neither_begins_nor_ends_an_alert() {
        let [one] = of("x?x?", 2, None)[..] else { panic!("one alert") };
        assert_eq!((one.first, one.fired, one.windows, one.ended), (0, 2, 2, None));
        assert_eq!(of("???", 1, None), Vec::new());
    }

    #[test]
    fn an_alert_that_lasts_is_raised_once() {
        let [one] = of("xxxxx", 2, Some(2))[..] else { panic!("one alert") };
        assert_eq!((one.fired, one.raised, one.last), (1, Some(3), 4));
        assert_eq!(of("xxx", 2, Some(2))[0].raised, None);
        assert_eq!(of("xx.xx", 2, Some(0))[1].raised, Some(4), "at once");
    }
}
