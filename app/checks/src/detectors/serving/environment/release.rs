//! Package versions, compared by their parts: a new major or minor version may change results, a patch fixes errors.

/// How far two versions lie apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    None,
    /// The same release in another build (`+cpu`, `+cu121`).
    Build,
    /// The third number or a later one, or another pre- or post-release.
    Patch,
    Minor,
    Major,
}

/// A version by the parts of PEP 440.
struct Release {
    epoch: u64,
    numbers: Vec<u64>,
    /// `1.26.*` stands for every version that begins like it.
    open: bool,
    /// Pre-, post- and development releases; all of a version that has no numbers.
    rest: String,
    local: String,
}

/// `None` when one of them is not pinned.
pub fn difference(a: &str, b: &str) -> Option<Difference> {
    let (a, b) = (release(a)?, release(b)?);
    let open = a.open || b.open;
    let known = match (a.open, b.open) {
        (false, false) => a.numbers.len().max(b.numbers.len()),
        (true, false) => a.numbers.len(),
        (false, true) => b.numbers.len(),
        (true, true) => a.numbers.len().min(b.numbers.len()),
    };
    let number = |of: &Release, at: usize| of.numbers.get(at).copied().unwrap_or(0);
    let first = (0..known).find(|at| number(&a, *at) != number(&b, *at));
    Some(match first {
        _ if a.epoch != b.epoch => Difference::Major,
        Some(0) => Difference::Major,
        Some(1) => Difference::Minor,
        Some(_) => Difference::Patch,
        None if !open && a.rest != b.rest => Difference::Patch,
        None if !open && a.local != b.local => Difference::Build,
        None => Difference::None,
    })
}

/// The first number of a version; `None` without one, and for a year, which only shows when it was made.
pub fn major(version: &str) -> Option<u64> {
    const A_YEAR: u64 = 1000;
    release(version)?.numbers.first().copied().filter(|major| *major < A_YEAR)
}

fn release(version: &str) -> Option<Release> {
    let version = version.trim().to_ascii_lowercase();
    let version = version.strip_prefix('v').unwrap_or(&version);
    if version.is_empty() {
        return None;
    }
    let (version, local) = version.split_once('+').unwrap_or((version, ""));
    let (epoch, version) = match version.split_once('!') {
        Some((epoch, rest)) => (epoch.parse().unwrap_or(0), rest),
        None => (0, version),
    };
    let mut found =
        Release { epoch, numbers: Vec::new(), open: false, rest: String::new(), local: local.replace(['-', '_'], ".") };
    let mut segments = version.split('.');
    for segment in segments.by_ref() {
        if segment == "*" {
            found.open = true;
            return Some(found);
        }
        let digits = segment.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            // Beyond what a number holds, all versions are equally far away.
            found.numbers.push(segment[..digits].parse().unwrap_or(u64::MAX));
        }
        if digits < segment.len() {
            found.rest.push_str(&segment[digits..]);
            break;
        }
    }
    found.rest.extend(segments.flat_map(|segment| [".", segment]));
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_that_differs_says_how_far() {
        let cases = [
            ("1.4.2", "1.4.2", Difference::None),
            ("1.4", "1.4.0", Difference::None),
            ("v2.1", "2.1.0", Difference::None),
            ("1.4.2", "1.5.1", Difference::Minor),
            ("1.26.4", "2.0.0", Difference::Major),
            ("1.26.3", "1.26.4", Difference::Patch),
            ("2.0.0rc1", "2.0.0", Difference::Patch),
            ("2.1.0+cpu", "2.1.0+cu121", Difference::Build),
            ("1!1.0", "1.0", Difference::Major),
            ("1.26.*", "1.26.4", Difference::None),
            ("1.26.*", "1.25.1", Difference::Minor),
            ("2.*", "2.9.1", Difference::None),
            ("99999999999999999999999", "1", Difference::Major),
            ("abc", "abd", Difference::Patch),
            ("é", "1", Difference::Major),
        ];
        for (a, b, expected) in cases {
            assert_eq!(difference(a, b), Some(expected), "{a} {b}");
            assert_eq!(difference(b, a), Some(expected), "{b} {a}");
        }
        assert_eq!(difference("", "1.0"), None);
        assert_eq!((major("2024.7.4"), major("2.9"), major("")), (None, Some(2), None));
    }
}
