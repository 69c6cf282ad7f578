//! What became of the findings of an earlier report.

use std::fmt::Write;

use domain::Diagnosis;
use domain::markup::escaped;

pub fn against(out: &mut String, diagnosis: &Diagnosis) -> std::fmt::Result {
    let Some(against) = &diagnosis.against else { return Ok(()) };
    writeln!(out, "<h2>Since the earlier report</h2>\n<p class=\"wrap\">{}</p>", escaped(&against.sentence()))?;
    if against.gone.is_empty() {
        return Ok(());
    }
    writeln!(out, "<ul>")?;
    against.gone.iter().try_for_each(|gone| writeln!(out, "<li>gone: {}</li>", escaped(&gone.statement)))?;
    writeln!(out, "</ul>")
}
