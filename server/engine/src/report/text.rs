//! The diagnosis for a terminal: the suspect first, then the map, the findings, and what could not be checked.

use std::fmt::Write;

use domain::fall::tenths;
use domain::{Diagnosis, Reading, Suspect};

use super::wording::{count, coverage, extent, guesses, no_suspect, number, proof, read, since_earlier, unchecked};

pub fn render(diagnosis: &Diagnosis) -> String {
    let mut text = String::new();
    // Writing to a String can't fail.
    let _ = write_all(&mut text, diagnosis);
    text
}

fn write_all(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    writeln!(out, "{}\n", diagnosis.tool)?;
    for input in &diagnosis.inputs {
        let size = extent(input);
        writeln!(out, "  {:<15} {}  {size}", input.role.words(), plain(&input.name))?;
        for note in &input.notes {
            writeln!(out, "  {:<15} note: {}", "", plain(note))?;
        }
    }
    against(out, diagnosis)?;
    fallen(out, diagnosis)?;
    where_it_fell(out, diagnosis)?;
    suspects(out, &diagnosis.suspects, no_suspect(diagnosis))?;
    readings(out, &diagnosis.readings)?;
    map(out, diagnosis)?;
    findings(out, diagnosis)?;
    evaluations(out, diagnosis)?;
    let lacking = unchecked(diagnosis);
    if !lacking.is_empty() {
        writeln!(out, "\nNOT (FULLY) CHECKED, AND WHAT IT WOULD TAKE")?;
        for (item, needs) in lacking {
            writeln!(out, "  {}  {} Needs {}.", item.code(), item.question(), plain(&needs))?;
        }
    }
    Ok(())
}

/// What became of the findings of an earlier report.
fn against(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    let Some(against) = &diagnosis.against else { return Ok(()) };
    writeln!(out, "\nSINCE THE EARLIER REPORT\n  {}", plain(&against.sentence()))?;
    against.gone.iter().try_for_each(|gone| writeln!(out, "  gone: {}", plain(&gone.statement)))
}

/// What a fall of the performance is made of, where something says how the model does on both sides.
fn fallen(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    let Some(fall) = &diagnosis.fall else { return Ok(()) };
    writeln!(out, "\nWHAT THE FALL IS MADE OF\n  {}", plain(&fall.sentence(&diagnosis.suspects)))?;
    let steps = fall.steps(&diagnosis.suspects);
    let (Some(before), Some(after)) = (fall.before, fall.after) else { return Ok(()) };
    if steps.is_empty() {
        return Ok(());
    }
    writeln!(out, "  {:>8}  before", fall.metric.value(before))?;
    for step in steps {
        let (points, interval) = (tenths(step.points.points), step.points.interval());
        writeln!(out, "  {points:>8}  {} ({interval})", plain(&step.label()))?;
    }
    writeln!(out, "  {:>8}  on served rows", fall.metric.value(after))?;
    let basis = fall.basis();
    if basis.is_empty() { Ok(()) } else { writeln!(out, "  {}", plain(&basis)) }
}

/// The groups of rows in which it fell more than in the others.
fn where_it_fell(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    let Some((fall, slices)) = diagnosis.fall.as_ref().and_then(|fall| Some((fall, fall.slices.as_ref()?))) else {
        return Ok(());
    };
    writeln!(out, "\nWHERE IT FELL\n  {}", plain(&slices.sentence()))?;
    for slice in slices.shown() {
        writeln!(out, "  {}", plain(&slice.words()))?;
        writeln!(
            out,
            "    {} rows, {}, {} points lost, {} of the fall",
            slice.rows_words(),
            slice.rates_words(fall.metric),
            slice.lost_words(),
            slice.share_words()
        )?;
    }
    slices.more().map_or(Ok(()), |more| writeln!(out, "  {more}"))
}

fn suspects(out: &mut String, suspects: &[Suspect], none: &str) -> std::fmt::Result {
    let (changed, standing): (Vec<&Suspect>, Vec<&Suspect>) = suspects.iter().partition(|suspect| !suspect.standing);
    match changed.split_first() {
        None => writeln!(out, "\nPRIME SUSPECT\n  {none}")?,
        Some((prime, others)) => accused(out, prime, others)?,
    }
    if !standing.is_empty() {
        writeln!(out, "\nSTANDING WEAKNESSES (there before: news for the owner, not what changed)")?;
    }
    standing.into_iter().try_for_each(|suspect| listed(out, suspect))
}

fn accused(out: &mut String, prime: &Suspect, others: &[&Suspect]) -> std::fmt::Result {
    writeln!(out, "\nPRIME SUSPECT")?;
    writeln!(out, "  {}", plain(&prime.statement))?;
    let scope = prime.scope();
    if !scope.is_empty() {
        writeln!(out, "  {}", plain(&scope))?;
    }
    writeln!(out, "  {} · {}", accusation(prime), weight(prime))?;
    for pointed in prime.pointed_at() {
        writeln!(out, "  {}", plain(&pointed))?;
    }
    for against in &prime.against {
        writeln!(out, "  Evidence against it: {}", plain(against))?;
    }
    if !prime.settle.is_empty() {
        writeln!(out, "  To confirm it: {}", plain(&prime.settle))?;
    }
    if !others.is_empty() {
        writeln!(out, "\nOTHER SUSPECTS")?;
    }
    others.iter().try_for_each(|suspect| listed(out, suspect))
}

fn listed(out: &mut String, suspect: &Suspect) -> std::fmt::Result {
    writeln!(out, "  {}. {} · {}", suspect.rank, accusation(suspect), weight(suspect))?;
    writeln!(out, "     {}", plain(&suspect.statement))
}

fn readings(out: &mut String, readings: &[Reading]) -> std::fmt::Result {
    if !readings.is_empty() {
        writeln!(out, "\nHOW THE DATA WAS READ")?;
    }
    for reading in readings {
        writeln!(out, "  {}", plain(&read(reading)))?;
        writeln!(out, "    To change it: {}", plain(&reading.change))?;
    }
    Ok(())
}

fn accusation(suspect: &Suspect) -> String {
    let columns =
        if suspect.columns.is_empty() { String::new() } else { format!(": {}", plain(&suspect.columns.join(", "))) };
    format!("{} {}{columns}", suspect.item.code(), suspect.cause.words())
}

fn weight(suspect: &Suspect) -> String {
    let explained = match suspect.explains.len() {
        0 => String::new(),
        1 => ", explains 1 other finding".to_owned(),
        n => format!(", explains {n} other findings"),
    };
    if suspect.standing {
        return "there before".to_owned();
    }
    let cost = suspect.points.map_or_else(String::new, |points| format!("{} points · ", tenths(points.points)));
    format!("{cost}likelihood {}{explained}", suspect.likelihood())
}

fn map(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    writeln!(out, "\nTHE MAP · {}", coverage(diagnosis))?;
    for layer in &diagnosis.layers {
        let items: Vec<String> = layer
            .items
            .iter()
            .map(|item| {
                let mark = diagnosis.mark_of(item);
                format!("{} {} {}", item.item.code(), mark.glyph(), mark.word())
            })
            .collect();
        writeln!(
            out,
            "  {} {:<11} {} {:<12} {}",
            layer.layer.number(),
            layer.layer.text().title,
            diagnosis.mark_of_layer(layer).glyph(),
            diagnosis.mark_of_layer(layer).word(),
            items.join("   ")
        )?;
    }
    Ok(())
}

/// Next to an earlier report, only what is not as it was there.
fn findings(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    if diagnosis.changed_findings().next().is_none() {
        return Ok(());
    }
    writeln!(out, "\nFINDINGS")?;
    for finding in diagnosis.changed_findings() {
        let since = since_earlier(diagnosis, finding);
        writeln!(out, "  {} {}  {}{since}", finding.mark().glyph(), finding.mark().word(), finding.detector)?;
        writeln!(out, "    {}", plain(&finding.statement))?;
        writeln!(out, "    {}", plain(&proof(finding)))?;
        if !finding.try_next.is_empty() {
            writeln!(out, "    Try next: {}", plain(&finding.try_next))?;
        }
    }
    Ok(())
}

fn evaluations(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    if diagnosis.evaluations.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nEVALUATION RUNS")?;
    for run in diagnosis.evaluations.iter() {
        writeln!(out, "  {} · {} · n {}", plain(&run.name), plain(run.split.word()), count(run.n))?;
        let metrics: Vec<String> =
            run.metrics.iter().map(|(name, metric)| format!("{name} {}", number(metric.value))).collect();
        writeln!(out, "    {}", metrics.join(", "))?;
        if let Some(guesses) = guesses(run) {
            writeln!(out, "    {}", plain(&guesses))?;
        }
    }
    Ok(())
}

/// Without control characters and direction marks: a column's name must not drive the terminal.
fn plain(text: &str) -> String {
    text.chars()
        .flat_map(|character| {
            let unsafe_one = character.is_control()
                || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
            let (escaped, kept) = if unsafe_one { (Some(character.escape_unicode()), None) } else { (None, Some(character)) };
            escaped.into_iter().flatten().chain(kept)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_strangers_can_not_drive_the_terminal() {
        assert_eq!(plain("a\u{1b}[31mb\nc\u{202e}é"), "a\\u{1b}[31mb\\u{a}c\\u{202e}é");
    }
}
