#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use serde_json::json;

use super::*;
use ColumnRole::{Group, Id, Ignore, Label, Prediction, Score, Time};

#[test]
fn the_word_of_a_role_is_its_key_in_json() {
    let keys = serde_json::to_value(Roles::default()).unwrap();
    for role in ColumnRole::ALL {
        assert_eq!(serde_json::to_value(role).unwrap(), role.id());
        assert_eq!(ColumnRole::from_id(role.id()), Some(*role));
        assert_eq!(keys.get(role.id()).is_some(), *role != ColumnRole::Feature, "{role:?}");
    }
}

#[test]
fn roles_keep_their_shape_in_json() {
    let stored = json!({
        "label": "paid", "prediction": null, "score": "p", "id": null, "time": null, "group": null, "split": null,
        "version": null, "ignore": ["note", ""], "probability": [], "quantile": [],
    });
    let roles: Roles = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!(roles, Roles::from([(Label, "paid"), (Score, "p"), (Ignore, "note"), (Ignore, "")]));
    assert_eq!(serde_json::to_string(&roles).unwrap(), stored_text());
    assert_eq!(serde_json::to_value(&roles).unwrap(), stored);
    // What is absent is not named; what an unknown version added is passed over.
    let short: Roles = serde_json::from_value(json!({"id": "row", "later": 1})).unwrap();
    assert_eq!(short, Roles::from([(Id, "row")]));
    assert!(serde_json::from_value::<Roles>(json!({"id": ["row"]})).is_err());
}

/// In the order of the rows of the table; rows are only added at the end.
fn stored_text() -> &'static str {
    r#"{"label":"paid","prediction":null,"score":"p","id":null,"time":null,"group":null,"split":null,"version":null,"ignore":["note",""],"probability":[],"quantile":[]}"#
}

#[test]
fn a_role_has_one_column_or_as_many_as_it_may() {
    let mut roles = Roles::from([(Label, "a"), (Label, "b"), (Ignore, "c"), (Ignore, "d"), (ColumnRole::Feature, "e")]);
    assert_eq!((roles.label(), roles.columns(Ignore).len(), roles.of("e")), (Some("a"), 2, ColumnRole::Feature));
    assert_eq!(roles.iter().count(), 3);
    roles.set(Label, Some("b".to_owned()));
    roles.set(Ignore, None);
    assert_eq!(roles, Roles::from([(Label, "b")]));
}

#[test]
fn a_column_that_people_named_is_not_guessed_to_be_something_else() {
    let named = Roles::from([(Label, "paid")]);
    let guessed = Roles::from([(Label, "y"), (Prediction, "paid"), (Id, "row")]);
    let expected = Roles::from([(Label, "paid"), (Id, "row")]);
    assert_eq!(named.with_guesses([(SnapshotRole::Train, &guessed)]), expected);
    assert_eq!(named.in_table(|name| name != "y", &guessed), expected);
    assert_eq!(named.in_run(&guessed, |_| true, &Roles::default()), expected);
    // Where the table has no such column, the guess stands.
    assert_eq!(named.in_table(|name| name != "paid", &guessed), guessed);
}

#[test]
fn guesses_of_train_come_first_and_what_people_ignore_is_not_guessed() {
    let train = Roles::from([(Time, "at"), (Ignore, "Unnamed: 0")]);
    let serve = Roles::from([(Time, "served_at"), (Group, "at"), (Score, "p")]);
    let guesses = [(SnapshotRole::Serve, &serve), (SnapshotRole::Train, &train)];
    let all = Roles::default().with_guesses(guesses);
    assert_eq!(all, Roles::from([(Time, "at"), (Ignore, "Unnamed: 0"), (Score, "p")]));
    let named = Roles::from([(Ignore, "note")]);
    assert_eq!(named.with_guesses(guesses).columns(Ignore), ["note"]);
    assert_eq!(named.in_table(|name| name != "note", &train).columns(Ignore), ["note"]);
}

#[test]
fn a_run_takes_what_it_lacks_from_the_other_tables_by_the_same_names() {
    let all = Roles::from([(Label, "repaid"), (Time, "at"), (Id, "row")]);
    let own = Roles::from([(Id, "request")]);
    let has = |name: &str| name != "at";
    assert_eq!(Roles::default().in_run(&all, has, &own), Roles::from([(Id, "request"), (Label, "repaid")]));
}
