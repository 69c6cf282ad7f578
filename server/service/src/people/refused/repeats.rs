//! What is refused again and again becomes one line and a count. In memory and bounded; a restart forgets.

use std::collections::BTreeMap;

/// How long what is refused again is counted, after the line that has it.
const WINDOW_MS: i64 = 10 * 60_000;
/// Lines of one visitor within this time; all who are not known are one.
const MOST_OF_ONE: usize = 20;
/// Lines of all visitors within this time.
const MOST: usize = 1_000;

/// A refusal that can come again.
pub(super) trait Repeated: Clone {
    /// Whose it is.
    fn who(&self) -> &str;
    /// What makes it equal to another one of theirs.
    fn what(&self) -> &str;
}

/// Refusals of the last minutes, by who and what.
#[derive(Debug)]
pub(super) struct Repeats<T> {
    seen: BTreeMap<(String, String), Seen<T>>,
    unlisted: Option<Unlisted>,
}

#[derive(Debug)]
struct Seen<T> {
    since_ms: i64,
    again: u64,
    first: T,
}

#[derive(Debug)]
struct Unlisted {
    since_ms: i64,
    times: u64,
}

impl<T: Repeated> Repeats<T> {
    pub(super) fn new() -> Self {
        Repeats { seen: BTreeMap::new(), unlisted: None }
    }

    /// Whether a refusal gets a line; else it is counted.
    pub(super) fn is_new(&mut self, refusal: &T, now_ms: i64) -> bool {
        let key = (refusal.who().to_owned(), refusal.what().to_owned());
        if let Some(seen) = self.seen.get_mut(&key) {
            seen.again = seen.again.saturating_add(1);
            return false;
        }
        let whose = (refusal.who().to_owned(), String::new());
        let of_one = self.seen.range(whose..).take_while(|((who, _), _)| who == refusal.who()).count();
        if of_one >= MOST_OF_ONE || self.seen.len() >= MOST {
            self.leave_out(1, now_ms);
            return false;
        }
        self.seen.insert(key, Seen { since_ms: now_ms, again: 0, first: refusal.clone() });
        true
    }

    /// Counts refusals of which nothing else is known any more.
    pub(super) fn leave_out(&mut self, times: u64, now_ms: i64) {
        if times > 0 {
            let unlisted = self.unlisted.get_or_insert(Unlisted { since_ms: now_ms, times: 0 });
            unlisted.times = unlisted.times.saturating_add(times);
        }
    }

    /// What came again and whose time is over now, with how often; it is forgotten.
    pub(super) fn ended(&mut self, now_ms: i64) -> Vec<(T, u64)> {
        let mut ended = Vec::new();
        self.seen.retain(|_, seen| {
            let is_over = is_over(seen.since_ms, now_ms);
            if is_over && seen.again > 0 {
                ended.push((seen.first.clone(), seen.again));
            }
            !is_over
        });
        ended
    }

    /// How many had no line, where their time is over now.
    pub(super) fn unlisted(&mut self, now_ms: i64) -> Option<u64> {
        self.unlisted.take_if(|unlisted| is_over(unlisted.since_ms, now_ms)).map(|unlisted| unlisted.times)
    }
}

fn is_over(since_ms: i64, now_ms: i64) -> bool {
    now_ms.saturating_sub(since_ms) >= WINDOW_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Repeated for (&'static str, String) {
        fn who(&self) -> &str {
            self.0
        }

        fn what(&self) -> &str {
            &self.1
        }
    }

    fn refusal(who: &'static str, what: &str) -> (&'static str, String) {
        (who, what.to_owned())
    }

    #[test]
    fn a_flood_of_one_refusal_is_one_line_and_a_count() {
        let mut repeats = Repeats::new();
        let one = refusal("ada", "GET /people");
        let lines = (0..10_000).filter(|at| repeats.is_new(&one, *at)).count();
        assert_eq!(lines, 1);
        assert!(repeats.is_new(&refusal("ada", "GET /audit"), 5) && repeats.is_new(&refusal("bea", "GET /people"), 5));
        assert!(repeats.ended(WINDOW_MS - 1).is_empty());
        assert_eq!(repeats.ended(WINDOW_MS), [(one.clone(), 9_999)]);
        assert!(repeats.is_new(&one, WINDOW_MS), "after its time it has a line again");
        assert!(repeats.ended(i64::MAX).is_empty());
    }

    #[test]
    fn who_is_refused_everywhere_and_who_is_not_known_have_a_bounded_number_of_lines() {
        let mut repeats = Repeats::new();
        let lines = (0..500).filter(|place| repeats.is_new(&refusal("ada", &place.to_string()), 7)).count();
        assert_eq!(lines, MOST_OF_ONE);
        assert!(repeats.is_new(&refusal("adam", "0"), 7), "nobody is left out for another one");
        repeats.leave_out(3, 8);
        repeats.leave_out(0, 8);
        assert_eq!(repeats.unlisted(WINDOW_MS), None);
        assert_eq!(repeats.unlisted(WINDOW_MS + 7), Some(483));
        assert_eq!(repeats.unlisted(i64::MAX), None);
    }
}
