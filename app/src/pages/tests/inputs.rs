//! The inputs.

use domain::Problem;
use domain::investigation::InvestigationState;
use domain::snapshot::Preview;

use super::super::inputs::{Inputs, InputsProps};
use super::{HOSTILE, Html, hostile, opened, rendered};
use crate::api::investigations::{Opened, PreviewedInput};
use crate::error::AppError;

/// The page where the first rows of each input are its columns' names, and those of the last can't be read.
fn page(opened: Opened) -> Html {
    let mut previews: Vec<PreviewedInput> = opened
        .investigation
        .inputs
        .iter()
        .map(|input| {
            let columns: Vec<String> = input.snapshot.columns.iter().map(|column| column.name.clone()).collect();
            let rows = vec![columns.iter().map(|name| Some(format!("first {name}"))).collect()];
            PreviewedInput { rows: Ok(Preview { columns, rows }) }
        })
        .collect();
    previews.pop();
    previews.push(PreviewedInput { rows: Err(AppError(Problem::bad_input("It was changed on disk."))) });
    rendered(|| Inputs(InputsProps { opened, previews, part: None }))
}

#[test]
fn each_file_has_its_role_its_size_and_its_first_rows() {
    let opened = opened();
    let page = page(opened.clone());
    let names = page.elements("h2");
    for input in &opened.investigation.inputs {
        assert!(names.contains(&input.snapshot.name), "{names:?}");
        assert!(page.text().contains(&input.snapshot.format), "{}", page.text());
    }
    assert!(page.texts_of("preview")[0].contains("first car_value"));
    assert_eq!(page.texts_of("bad"), ["It was changed on disk."]);
    assert_eq!(page.0.matches("<option value=\"train\" selected").count(), 1);
    assert!(page.elements("button").contains(&"Run the checks".to_owned()));
}

#[test]
fn a_closed_investigation_says_so_and_takes_nothing() {
    let mut closed = opened();
    closed.investigation.state = InvestigationState::Closed;
    let page = page(closed);
    assert!(page.texts_of("notice")[0].contains("The investigation is closed."), "{}", page.text());
    assert!(!page.elements("button").contains(&"Run the checks".to_owned()));
}

#[test]
fn names_from_strangers_are_text() {
    let page = page(hostile());
    assert!(page.elements("h2").contains(&HOSTILE.to_owned()), "{:?}", page.elements("h2"));
    assert!(page.texts_of("preview").iter().any(|table| table.contains(HOSTILE)));
}
