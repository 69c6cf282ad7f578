//! Words for yes and no, in the languages in which exports come.

const YES: [&str; 25] = [
    "1",
    "1.0",
    "true",
    "yes",
    "y",
    "t",
    "positive",
    "pos",
    "on",
    "ja",
    "oui",
    "si",
    "sí",
    "sim",
    "да",
    "wahr",
    "vrai",
    "verdadero",
    "verdadeiro",
    "vero",
    "evet",
    "tak",
    "はい",
    "是",
    "예",
];
const NO: [&str; 25] = [
    "0",
    "0.0",
    "-1",
    "false",
    "no",
    "n",
    "f",
    "negative",
    "neg",
    "off",
    "nein",
    "nee",
    "non",
    "não",
    "nao",
    "нет",
    "falsch",
    "faux",
    "falso",
    "hayır",
    "nie",
    "none",
    "いいえ",
    "否",
    "아니요",
];

/// Yes or no, when the word says one of the two.
pub(crate) fn truth_of(word: &str) -> Option<bool> {
    let word = word.trim().to_lowercase();
    if YES.contains(&word.as_str()) {
        Some(true)
    } else if NO.contains(&word.as_str()) {
        Some(false)
    } else {
        None
    }
}
