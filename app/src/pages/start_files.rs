//! The files of an investigation that is being started, as the server reads them together: each with its role, the reason
//! and its first rows, and the label. The start page asks for it whenever another file is stored.

use domain::arrangement::{ArrangedFile, ArrangedLabel, CutOffer};
use domain::clock::{DAY_MS, Moment};
use domain::snapshot::{ColumnRole, Preview, Roles, Snapshot};
use domain::{Problem, SnapshotRole};
use leptos::prelude::*;

use super::inputs::PreviewTable;

/// What is known of the files, and what the person chose so far.
#[derive(Debug, Clone)]
pub struct StartFilesRead {
    pub files: Vec<StartFile>,
    /// The label that all files show.
    pub guess: Option<ArrangedLabel>,
    /// The label that the person chose.
    pub label: Option<String>,
}

/// One stored file.
#[derive(Debug, Clone)]
pub struct StartFile {
    pub snapshot: Snapshot,
    /// `None` where it can't be shown; the file itself was read.
    pub preview: Option<Preview>,
    /// What a file of another tool says by itself.
    pub says: Vec<String>,
    /// What all files together show of it.
    pub arranged: ArrangedFile,
    /// The role that the person chose: `Some(None)` leaves it out.
    pub chosen: Option<Option<SnapshotRole>>,
    /// How the person wants it to be cut, as the form says it; empty for not at all.
    pub cut: Option<String>,
}

impl StartFile {
    /// The role that the person chose, or else the one that all files show; `None` where the file is left out.
    fn role(&self) -> Option<SnapshotRole> {
        self.chosen.unwrap_or(self.arranged.role)
    }
}

/// The files of an investigation that is being started, and the choice of the label.
#[component]
pub fn StartFiles(read: StartFilesRead) -> impl IntoView {
    let StartFilesRead { files, guess, label } = read;
    let train = files.iter().find(|file| file.role() == Some(SnapshotRole::Train));
    let columns = train.map_or_else(Vec::new, |file| {
        file.snapshot.columns.iter().map(|column| column.name.clone()).collect::<Vec<String>>()
    });
    let guess = guess.filter(|guess| columns.contains(&guess.column));
    let chosen = label.filter(|label| columns.contains(label));
    let taken = chosen.or_else(|| guess.as_ref().map(|guess| guess.column.clone()));
    view! {
        <Cards files label=taken.clone()/>
        {(!columns.is_empty()).then(|| view! { <LabelChoice columns guess taken/> })}
    }
}

/// Files that are added to an investigation.
#[component]
pub fn AddedFiles(read: StartFilesRead) -> impl IntoView {
    view! { <Cards files=read.files label=None/> }
}

#[component]
fn Cards(files: Vec<StartFile>, label: Option<String>) -> impl IntoView {
    let card = |file: StartFile| match file.snapshot.guessed_role.is_table() {
        true => view! { <Card file label=label.clone()/> }.into_any(),
        false => view! { <Artifact snapshot=file.snapshot says=file.says/> }.into_any(),
    };
    files.into_iter().map(card).collect_view()
}

/// Sentences of one file that are shown before anything is started.
const FEW_SAID: usize = 3;

/// A file of another tool: there is nothing to choose.
#[component]
fn Artifact(snapshot: Snapshot, says: Vec<String>) -> impl IntoView {
    let more = says.len().saturating_sub(FEW_SAID);
    view! {
        <section class="start-file" aria-label=snapshot.name.clone()>
            <div class="row">
                <code>{snapshot.name.clone()}</code>
                <span class="muted small">{format!("{}: {}", snapshot.guessed_role.words(), snapshot.format)}</span>
            </div>
            {(!says.is_empty()).then(|| view! {
                <ul class="says small">
                    {says.into_iter().take(FEW_SAID).map(|said| view! { <li>{said}</li> }).collect_view()}
                    {(more > 0).then(|| view! { <li class="faint">{format!("and {more} more")}</li> })}
                </ul>
            })}
        </section>
    }
}

/// Why there is nothing to show of the files.
#[component]
pub fn NotRead(problem: Problem) -> impl IntoView {
    view! { <p class="notice bad" role="alert">{problem.message}</p> }
}

#[component]
fn Card(file: StartFile, label: Option<String>) -> impl IntoView {
    let role = file.role();
    let StartFile { snapshot, preview, arranged, cut, .. } = file;
    let value = |role: Option<SnapshotRole>| format!("{}:{}", role.map_or("", SnapshotRole::id), snapshot.id);
    let option = |one: Option<SnapshotRole>| {
        let words = one.map_or("– leave out –", SnapshotRole::words);
        view! { <option value=value(one) selected=one == role>{words}</option> }
    };
    let tables = SnapshotRole::ALL.into_iter().filter(|role| role.is_table()).map(Some);
    let options = tables.chain([None]).map(option).collect_view();
    let roles = roles_in(&snapshot, label);
    let first = preview.map(|preview| {
        view! {
            <PreviewTable preview columns=snapshot.columns.clone() roles name=snapshot.name.clone()/>
        }
    });
    view! {
        <section class="start-file stack" aria-label=snapshot.name.clone()>
            <div class="row">
                <code>{snapshot.name.clone()}</code>
                <span class="muted small">{snapshot.extent()}</span>
                <select class="auto" name="placed" aria-label=format!("Role of {}", snapshot.name) data-guess=value(arranged.role)>
                    {options}
                </select>
                <span class="faint small">{arranged.why}</span>
            </div>
            <Cuts id=snapshot.id.clone() offers=arranged.cuts chosen=cut/>
            {first}
        </section>
    }
}

/// How one table can be several inputs. A column of splits leaves no doubt, so that it is taken; a time only where somebody
/// says so.
#[component]
fn Cuts(id: String, offers: Vec<CutOffer>, chosen: Option<String>) -> impl IntoView {
    let by_split = offers.iter().any(|offer| matches!(offer, CutOffer::Split { .. }));
    let guess = if by_split { format!("split:{id}") } else { String::new() };
    let taken = chosen.unwrap_or_else(|| guess.clone());
    let option = |value: String, words: String| {
        let selected = value == taken;
        view! { <option value=value selected=selected>{words}</option> }
    };
    let options = offers.iter().map(|offer| match offer {
        CutOffer::Split { column, parts } => {
            let roles: Vec<&str> = parts.iter().map(|part| part.role.words()).collect();
            option(format!("split:{id}"), format!("cut by {column}: {}", roles.join(", ")))
        }
        CutOffer::Time { column, .. } => option(format!("time:{id}"), format!("cut by time ({column})")),
    });
    let options = options.collect_view();
    let day = offers.iter().find_map(|offer| match offer {
        CutOffer::Time { first_ms, last_ms, .. } => {
            Some(view! { <CutDay id=id.clone() first_ms=*first_ms last_ms=*last_ms/> })
        }
        CutOffer::Split { .. } => None,
    });
    (!offers.is_empty()).then(|| {
        view! {
            <div class="row cut">
                <label class="row">
                    <span class="small">"Rows"</span>
                    <select class="auto" name="cut" data-guess=guess>
                        {option(String::new(), "all of them as one input".to_owned())}
                        {options}
                    </select>
                </label>
                {day}
            </div>
        }
    })
}

/// From which day on rows are served: after two thirds of the time, unless somebody says otherwise.
#[component]
fn CutDay(id: String, first_ms: i64, last_ms: i64) -> impl IntoView {
    let date = |ms: i64| Moment::from_ms(ms).iso_date();
    let usual = first_ms + (last_ms - first_ms) / 3 * 2;
    view! {
        <div class="row cut-day">
            <label class="small" for=format!("cut-at-{id}")>"Served from"</label>
            <input id=format!("cut-at-{id}") type="date" class="auto" name=format!("cut_at:{id}")
                value=date(usual) min=date(first_ms) max=date(last_ms)/>
            <input type="range" class="cut-slider" aria-label="Served from, along time" data-day=format!("cut-at-{id}")
                min=first_ms.to_string() max=last_ms.to_string() step=DAY_MS.to_string() value=usual.to_string()/>
            <span class="faint small">"Rows before this day are train."</span>
        </div>
    }
}

/// The roles of its columns as they are shown in the header.
fn roles_in(snapshot: &Snapshot, label: Option<String>) -> Roles {
    let mut roles = snapshot.guessed_roles();
    if let Some(label) = label.filter(|label| snapshot.has_column(label)) {
        roles.set(ColumnRole::Label, [label]);
    }
    roles
}

#[component]
fn LabelChoice(columns: Vec<String>, guess: Option<ArrangedLabel>, taken: Option<String>) -> impl IntoView {
    let guessed = guess.as_ref().map(|guess| guess.column.clone()).unwrap_or_default();
    let why = match guess {
        Some(guess) => guess.why,
        None => {
            "The column with the true value that the model predicts. Without it, labels are not checked.".to_owned()
        }
    };
    view! {
        <div class="field label-choice">
            <label for="label">"Label"</label>
            <input type="hidden" name="label_guess" value=guessed.clone()/>
            <select id="label" name="label" class="auto" data-guess=guessed.clone()>
                {guessed.is_empty().then(|| view! { <option value="">"– not known –"</option> })}
                {columns
                    .into_iter()
                    .map(|column| {
                        let selected = taken.as_ref() == Some(&column);
                        view! { <option value=column.clone() selected=selected>{column.clone()}</option> }
                    })
                    .collect_view()}
            </select>
            <p class="hint">{why}</p>
        </div>
    }
}
