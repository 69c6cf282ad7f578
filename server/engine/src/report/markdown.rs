//! The diagnosis as Markdown, for a pull request or a wiki.

use std::fmt::Write;

mod people;

use domain::fall::tenths;
use domain::{Diagnosis, Suspect};

use super::Report;
use super::case::Headline;
use super::wording::{count, coverage, guesses, likely, number, proof, read, since_earlier, unchecked};

pub fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    // Writing to a String can't fail.
    let _ = write_all(&mut text, report);
    text
}

fn write_all(out: &mut String, report: &Report<'_>) -> std::fmt::Result {
    let diagnosis = report.diagnosis;
    writeln!(out, "# {}\n", escape(report.title()))?;
    if let Some(case) = &report.case {
        people::head(out, case)?;
    }
    against(out, diagnosis)?;
    fallen(out, diagnosis)?;
    where_it_fell(out, diagnosis)?;
    suspects(out, report)?;
    if let Some(case) = &report.case {
        people::review(out, case, diagnosis)?;
    }
    inputs(out, diagnosis)?;
    readings(out, diagnosis)?;
    map(out, diagnosis)?;
    findings(out, report)?;
    if let Some(case) = &report.case {
        people::foot(out, case)?;
    }
    evaluations(out, diagnosis)?;
    let lacking = unchecked(diagnosis);
    if !lacking.is_empty() {
        writeln!(out, "\n## Not (fully) checked, and the inputs needed\n")?;
        for (item, needs) in lacking {
            writeln!(out, "- **{}** {} Needs {}.", item.code(), item.question(), escape(&needs))?;
        }
    }
    writeln!(out, "\n{}", escape(&diagnosis.tool))
}

fn against(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    let Some(against) = &diagnosis.against else { return Ok(()) };
    writeln!(out, "**Since the earlier report.** {}\n", escape(&against.sentence()))?;
    against.gone.iter().try_for_each(|gone| writeln!(out, "- gone: {}", escape(&gone.statement)))?;
    if against.gone.is_empty() { Ok(()) } else { writeln!(out) }
}

fn fallen(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    let Some(fall) = &diagnosis.fall else { return Ok(()) };
    writeln!(out, "**What the fall is made of.** {}\n", escape(&fall.sentence(&diagnosis.suspects)))?;
    let steps = fall.steps(&diagnosis.suspects);
    let (Some(before), Some(after)) = (fall.before, fall.after) else { return Ok(()) };
    if steps.is_empty() {
        return Ok(());
    }
    let metric = fall.metric.words().to_lowercase();
    writeln!(out, "| step | points lost | 95 % interval |\n|---|---:|---|")?;
    writeln!(out, "| {metric} before: {} | | |", fall.metric.value(before))?;
    for step in steps {
        let (points, interval) = (tenths(step.points.points), step.points.interval());
        writeln!(out, "| {} | {points} | {interval} |", escape(&step.label()))?;
    }
    writeln!(out, "| {metric} on served rows: {} | | |\n", fall.metric.value(after))?;
    let basis = fall.basis();
    if basis.is_empty() { Ok(()) } else { writeln!(out, "{}\n", escape(&basis)) }
}

fn where_it_fell(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    let Some((fall, slices)) = diagnosis.fall.as_ref().and_then(|fall| Some((fall, fall.slices.as_ref()?))) else {
        return Ok(());
    };
    writeln!(out, "**Where it fell.** {}\n", escape(&slices.sentence()))?;
    if slices.confirmed.is_empty() {
        return Ok(());
    }
    writeln!(out, "| rows with | rows | {} | points lost | of the fall |", fall.metric.words().to_lowercase())?;
    writeln!(out, "|---|---|---|---|---:|")?;
    for slice in slices.shown() {
        let (rows, rates) = (slice.rows_words(), slice.rates_words(fall.metric));
        let (lost, share) = (slice.lost_words(), slice.share_words());
        writeln!(out, "| {} | {rows} | {rates} | {lost} | {share} |", escape(&slice.words()))?;
    }
    writeln!(out, "\n{}", slices.more().unwrap_or_default())
}

fn suspects(out: &mut String, report: &Report<'_>) -> std::fmt::Result {
    let diagnosis = report.diagnosis;
    match report.headline() {
        Headline::Nothing(why) => writeln!(out, "{why}")?,
        Headline::Prime(suspect) => {
            writeln!(out, "**Prime suspect: {}.** {}", suspect.cause.words(), escape(&suspect.statement))?;
            supported(out, suspect)?;
        }
        Headline::Cause(suspect, _) => {
            writeln!(out, "**Cause: {}.** {}", suspect.cause.words(), escape(&suspect.statement))?;
            if let Some(decided) = report.decided(suspect) {
                writeln!(out, "\n*{}*", escape(&decided))?;
            }
            supported(out, suspect)?;
        }
    }
    let (changed, standing) = report.others();
    listed(out, report, "Other suspects", &changed)?;
    listed(out, report, "Standing weaknesses", &standing)?;
    listed(out, report, "Ruled out", &diagnosis.ruled_out_suspects.iter().collect::<Vec<_>>())?;
    listed(out, report, "Muted suspects", &diagnosis.muted_suspects.iter().collect::<Vec<_>>())
}

fn supported(out: &mut String, prime: &Suspect) -> std::fmt::Result {
    let scope = prime.scope();
    if !scope.is_empty() {
        writeln!(out, "\n{}", escape(&scope))?;
    }
    for pointed in prime.pointed_at() {
        writeln!(out, "\n{}", escape(&pointed))?;
    }
    for against in &prime.against {
        writeln!(out, "\nEvidence against it: {}", escape(against))?;
    }
    if !prime.settle.is_empty() {
        writeln!(out, "\nTo confirm it: {}", escape(&prime.settle))?;
    }
    Ok(())
}

fn listed(out: &mut String, report: &Report<'_>, heading: &str, suspects: &[&Suspect]) -> std::fmt::Result {
    if suspects.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## {heading}\n")?;
    for suspect in suspects {
        writeln!(
            out,
            "{}. **{}** ({}): {}",
            suspect.rank,
            suspect.cause.words(),
            likely(suspect),
            escape(&suspect.statement)
        )?;
        if let Some(decided) = report.decided(suspect) {
            writeln!(out, "   *{}*", escape(&decided))?;
        }
    }
    Ok(())
}

fn inputs(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    writeln!(out, "\n## Inputs\n\n| role | file | rows | columns | SHA-256 |\n|---|---|---:|---:|---|")?;
    for input in &diagnosis.inputs {
        let sha: String = input.sha256.chars().take(12).collect();
        writeln!(
            out,
            "| {} | {} | {} | {} | {sha} |",
            input.role.words(),
            escape(&input.name),
            count(input.rows),
            count(input.columns)
        )?;
    }
    Ok(())
}

fn readings(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    if !diagnosis.readings.is_empty() {
        writeln!(out, "\n## How the data was read\n")?;
    }
    for reading in &diagnosis.readings {
        writeln!(out, "- {} *To change it:* {}", escape(&read(reading)), escape(&reading.change))?;
    }
    Ok(())
}

fn map(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    writeln!(out, "\n## The map: {}\n\n| layer | verdict | items |\n|---|---|---|", coverage(diagnosis))?;
    for layer in &diagnosis.layers {
        let items: Vec<String> =
            layer.items.iter().map(|item| format!("{} {}", item.item.code(), diagnosis.mark_of(item).word())).collect();
        writeln!(
            out,
            "| {} {} | {} {} | {} |",
            layer.layer.number(),
            layer.layer.text().title,
            diagnosis.mark_of_layer(layer).glyph(),
            diagnosis.mark_of_layer(layer).word(),
            items.join(" · ")
        )?;
    }
    Ok(())
}

fn findings(out: &mut String, report: &Report<'_>) -> std::fmt::Result {
    let diagnosis = report.diagnosis;
    if diagnosis.changed_findings().next().is_none() {
        return Ok(());
    }
    writeln!(out, "\n## Findings\n")?;
    for finding in diagnosis.changed_findings() {
        writeln!(
            out,
            "- {} **{}** `{}`{} {}",
            finding.mark().glyph(),
            finding.mark().word(),
            finding.detector,
            since_earlier(diagnosis, finding),
            escape(&finding.statement)
        )?;
        writeln!(out, "  {}", escape(&proof(finding)))?;
        if !finding.try_next.is_empty() {
            writeln!(out, "  *Try next:* {}", escape(&finding.try_next))?;
        }
        if let Some(muted) = report.muted(finding) {
            writeln!(out, "  *{}*", escape(&muted))?;
        }
        for line in report.evidence(finding) {
            writeln!(out, "  - {}: {}", escape(&line.label), escape(&line.value))?;
        }
    }
    Ok(())
}

fn evaluations(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    if diagnosis.evaluations.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n## Evaluation runs\n\n| run | split | n | metric | value | 95 % interval |\n|---|---|---:|---|---:|---|"
    )?;
    for run in diagnosis.evaluations.iter() {
        for (name, metric) in &run.metrics {
            let interval = match (metric.low, metric.high) {
                (Some(low), Some(high)) => format!("{} to {}", number(low), number(high)),
                _ => String::new(),
            };
            writeln!(
                out,
                "| {} | {} | {} | {name} | {} | {interval} |",
                escape(&run.name),
                escape(run.split.word()),
                count(run.n),
                number(metric.value)
            )?;
        }
    }
    for run in diagnosis.evaluations.iter() {
        if let Some(guesses) = guesses(run) {
            writeln!(out, "\n{} ({}): {}", escape(&run.name), escape(run.split.word()), escape(&guesses))?;
        }
    }
    Ok(())
}

/// Keeps signs apart that would mean something together, and is not seen itself: the zero-width space.
const APART: char = '\u{200b}';

/// No character of `text` is markup: punctuation of Markdown and HTML is escaped, line ends and control characters
/// become spaces.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // Code hosts look for people and numbers in what is shown, so a sign that nobody sees stands behind these.
            '@' | '#' => {
                escaped.push('\\');
                escaped.push(character);
                escaped.push(APART);
            }
            // The short forms of issues at code hosts.
            '-' if ["gh", "mr"].iter().any(|host| last_word(&escaped).eq_ignore_ascii_case(host)) => {
                escaped.push(character);
                escaped.push(APART);
            }
            '.' if escaped.to_ascii_lowercase().ends_with("www") => {
                escaped.push(APART);
                escaped.push(character);
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '{' | '}' | '$' => {
                escaped.push('\\');
                escaped.push(character);
            }
            // Bare addresses become links in some dialects.
            ':' => escaped.push_str("&#58;"),
            _ if character.is_control() => escaped.push(' '),
            _ => escaped.push(character),
        }
    }
    escaped
}

fn last_word(text: &str) -> &str {
    text.rsplit(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_strangers_are_no_markup() {
        let escaped = escape("<script>|[x](http://y)\n# `z`");
        assert_eq!(escaped, "&lt;script&gt;\\|\\[x\\](http&#58;//y) \\#\u{200b} \\`z\\`");
        assert_eq!(escape("@ada #7 a@b.example"), "\\@\u{200b}ada \\#\u{200b}7 a\\@\u{200b}b.example");
        assert_eq!(escape("GH-12 high-12"), "GH-\u{200b}12 high-12");
        assert_eq!(escape("www.a.example WWW.b"), "www\u{200b}.a.example WWW\u{200b}.b");
    }
}
