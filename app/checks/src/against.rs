//! Which findings of a diagnosis an earlier one of the same pipeline had already.

use domain::against::{Against, GoneFinding};
use domain::{Finding, Verdict};

use crate::mutes::has_grown;

/// Next to the findings of an earlier report of this name. What both have is worse where a mute of it would end: with a higher
/// verdict, or an effect larger by a quarter.
pub fn against(name: &str, earlier: &[Finding], now: &[Finding]) -> Against {
    let mut found = Against { name: name.to_owned(), ..Against::default() };
    for finding in now.iter().filter(|finding| is_raised(finding)) {
        let before = earlier.iter().find(|before| before.id == finding.id && is_raised(before));
        let of = match before {
            None => &mut found.new,
            Some(before) if is_worse(before, finding) => &mut found.worse,
            Some(_) => &mut found.known,
        };
        of.push(finding.id.clone());
    }
    let is_there = |before: &&Finding| now.iter().any(|finding| finding.id == before.id && is_raised(finding));
    let gone = earlier.iter().filter(|before| is_raised(before) && !is_there(before));
    found.gone =
        gone.map(|before| GoneFinding { id: before.id.clone(), statement: before.statement.clone() }).collect();
    found
}

fn is_raised(finding: &Finding) -> bool {
    finding.verdict >= Verdict::Possible
}

fn is_worse(before: &Finding, now: &Finding) -> bool {
    now.verdict > before.verdict || has_grown(before.effect.over_threshold(), now.effect.over_threshold())
}

#[cfg(test)]
mod tests {
    use domain::finding::{Certainty, Effect};

    use super::*;

    fn finding(column: &str, verdict: Verdict, effect: f64) -> Finding {
        let detector = crate::detectors::all().find(|one| one.id.as_str() == "F2.unit_scale").expect("it is there");
        let effect = Effect::new("ks_statistic", effect, 0.1);
        detector.finding(verdict, &[column], format!("{column} moved."), effect, Certainty::exact())
    }

    #[test]
    fn findings_are_new_worse_known_or_gone() {
        let earlier = [
            finding("known", Verdict::Mismatch, 0.4),
            finding("grown", Verdict::Mismatch, 0.4),
            finding("raised", Verdict::Possible, 0.4),
            finding("gone", Verdict::Possible, 0.4),
        ];
        let now = [
            finding("known", Verdict::Mismatch, 0.45),
            finding("grown", Verdict::Mismatch, 0.5),
            finding("raised", Verdict::Mismatch, 0.4),
            finding("new", Verdict::Possible, 0.2),
        ];
        let found = against("last.json", &earlier, &now);
        let ids = |of: &[&Finding]| of.iter().map(|finding| finding.id.clone()).collect::<Vec<_>>();
        assert_eq!(found.new, ids(&[&now[3]]));
        assert_eq!(found.worse, ids(&[&now[1], &now[2]]));
        assert_eq!(found.known, ids(&[&now[0]]));
        assert_eq!(found.gone.len(), 1);
        assert_eq!(found.gone[0].statement, "gone moved.");
        assert_eq!(against("a", &now, &now).known.len(), 4);
    }
}
