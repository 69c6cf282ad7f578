//! Names that people could take for somebody else's: Unicode Technical Standard #39, Security Mechanisms.

use std::iter;

use domain::Problem;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};
use unicode_security::general_security_profile::IdentifierType;
use unicode_security::{GeneralSecurityProfile, MixedScript, RestrictionLevel, RestrictionLevelDetection, skeleton};

use crate::secret::hash_of;

/// Whether a name is what people see of it.
///
/// # Errors
/// `BadInput` for a name with a character that nobody sees, or with letters of scripts that people don't mix.
pub fn check_name(name: &str) -> Result<(), Problem> {
    if let Some(hidden) = hidden(name) {
        return Err(Problem::bad_input(format!(
            "The name has a character that nobody sees (U+{:04X}). Type the name again without it.",
            u32::from(hidden)
        )));
    }
    if !name.chars().any(char::is_alphanumeric) {
        return Err(Problem::bad_input("The name has no letter. Type the name that others know you by."));
    }
    if name.nfkc().any(|one| one == '@') {
        return Err(Problem::bad_input(
            "The name has an @, as only names have that are made of a sign-in name. Type the name without it.",
        ));
    }
    if !is_of_one_script(name) {
        return Err(Problem::bad_input(
            "The name mixes letters of scripts that look alike, such as Latin and Cyrillic. Write it in one of them.",
        ));
    }
    Ok(())
}

/// The name without the characters that nobody sees.
pub fn without_hidden(name: &str) -> String {
    with_those_before(name).filter(|(before, one)| !is_hidden(*before, *one)).map(|(_, one)| one).collect()
}

/// What a name looks like, as hashes under which it is looked up: as it is written, and in lower case. A name that shares one of
/// them with another can be taken for it.
pub fn looks(name: &str) -> Vec<String> {
    let shown: String = name.nfkc().filter(|one| !is_never_seen(*one)).collect();
    let lower = shown.to_lowercase().replace("i\u{307}", "i");
    let mut looks: Vec<String> = [lower, shown].iter().map(|name| hash_of(&look(name))).collect();
    // In one order: whoever takes the same ones at the same moment waits, and none waits for the other.
    looks.sort();
    looks.dedup();
    looks
}

/// Whether one name can be taken for the other.
pub fn are_alike(one: &str, other: &str) -> bool {
    let others = looks(other);
    looks(one).iter().any(|look| others.contains(look))
}

/// The skeleton of the standard, in lower case and with one space between words. A capital I is an l in it.
fn look(name: &str) -> String {
    let written: String = name.chars().filter(|one| *one != '\u{640}').collect();
    let drawn = skeleton(&written).collect::<String>().to_lowercase();
    // The lower case of a Turkish I with a dot is an i with one dot more; over other letters a dot is hard to see, as is the stroke
    // that makes an Arabic word longer, and a mark that stands there twice.
    let mut shown = String::with_capacity(drawn.len());
    for one in drawn.chars().filter(|one| *one != '\u{307}') {
        let is_mark = one.general_category_group() == GeneralCategoryGroup::Mark;
        if !(is_mark && shown.ends_with(one)) {
            shown.push(one);
        }
    }
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a name could be taken for one that begins with these words, whatever stands between and before its letters.
pub fn begins_like(name: &str, words: &str) -> bool {
    let letters = |text: &str| -> String {
        let shown: String = text.nfkc().filter(|one| !is_never_seen(*one)).collect();
        look(&shown.to_lowercase()).chars().filter(|one| one.is_alphanumeric()).collect()
    };
    letters(name).starts_with(&letters(words))
}

/// Whether a sign-in name is what people see of it.
///
/// # Errors
/// `BadInput` for a name with a character that nobody sees.
pub fn check_login(login: &str) -> Result<(), Problem> {
    match login.chars().find(|one| is_never_seen(*one)) {
        None => Ok(()),
        Some(hidden) => Err(Problem::bad_input(format!(
            "The sign-in name has a character that nobody sees (U+{:04X}). Type it again without it.",
            u32::from(hidden)
        ))),
    }
}

/// One script with what all have in common, or several that people mix: those of Chinese, Japanese and Korean, and Latin with
/// another that does not look like it.
fn is_of_one_script(name: &str) -> bool {
    let letters: String = name.nfkc().filter(|one| one.is_alphanumeric()).collect();
    letters.as_str().is_single_script()
        || letters.as_str().check_restriction_level(RestrictionLevel::ModeratelyRestrictive)
}

fn hidden(name: &str) -> Option<char> {
    with_those_before(name).find(|(before, one)| is_hidden(*before, *one)).map(|(_, one)| one)
}

/// Each character with the one before it.
fn with_those_before(name: &str) -> impl Iterator<Item = (Option<char>, char)> {
    iter::once(None).chain(name.chars().map(Some)).zip(name.chars())
}

fn is_hidden(before: Option<char>, one: char) -> bool {
    is_never_seen(one) && !(is_joiner(one) && before.is_some_and(is_joined))
}

/// Controls, what turns the direction of writing, joiners, fillers and the like.
fn is_never_seen(one: char) -> bool {
    let has_no_sign = matches!(
        one.general_category(),
        GeneralCategory::Format | GeneralCategory::PrivateUse | GeneralCategory::Unassigned
    );
    let is_ignored = matches!(
        one.identifier_type(),
        Some(IdentifierType::Default_Ignorable | IdentifierType::Deprecated | IdentifierType::Not_Character)
    );
    // Not in the standard's list: ends of lines, the object that is not there, the sign of Braille without a dot, the note without
    // a head, and what fills a Khitan word.
    let is_empty =
        matches!(one, '\u{2028}' | '\u{2029}' | '\u{2800}' | '\u{fffc}' | '\u{fffd}' | '\u{1d159}' | '\u{16fe4}');
    one.is_control() || has_no_sign || is_ignored || is_empty
}

fn is_joiner(one: char) -> bool {
    matches!(one, '\u{200c}' | '\u{200d}')
}

/// Whether a joiner belongs to the spelling behind this character, as in Persian and in scripts of India: they have one case.
fn is_joined(before: char) -> bool {
    let has_case = before.is_lowercase() || before.is_uppercase();
    !(before.is_ascii() || has_case || before.is_whitespace() || is_never_seen(before))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_be_taken_for_each_other_are_alike() {
        for (one, other) in [
            ("Ada", "ADA"),
            ("Ada", "\u{410}da"),
            ("Ada", "\u{410}d\u{430}"),
            ("Ada", "\u{391}da"),
            ("Ada", "\u{ff21}\u{ff44}\u{ff41}"),
            ("Ada", "A\u{200b}da"),
            ("Ada", "Ada\u{2060}"),
            ("Ada", "\u{202e}Ada"),
            ("Ada", "\u{1d400}da"),
            ("Ada Lovelace", "Ada  Lovelace"),
            ("Ada Lovelace", "Ada\u{a0}Lovelace"),
            ("Arnold", "Amold"),
            ("Alan", "AIan"),
            ("alan", "AIan"),
            ("Alan", "A1an"),
            ("Bob", "B0b"),
            ("O'Brien", "O\u{2019}Brien"),
            ("Zo\u{eb}", "Zoe\u{308}"),
            ("Zo\u{eb}", "ZO\u{cb}"),
            ("Ian", "\u{130}an"),
            ("ian", "i\u{307}an"),
            ("Ada", "Ada\u{1d159}"),
            ("Ada", "Ada\u{e000}"),
            ("Ada", "\u{600}Ada"),
            ("Zo\u{eb}", "Zoe\u{308}\u{308}"),
            ("Fiona", "Fiona\u{307}"),
            ("\u{645}\u{62d}\u{645}\u{62f}", "\u{645}\u{640}\u{62d}\u{645}\u{62f}"),
        ] {
            assert!(are_alike(one, other) && are_alike(other, one), "{one:?} {other:?}");
        }
    }

    #[test]
    fn what_begins_like_given_words_is_found_whatever_stands_between() {
        for name in [
            "Former member k3",
            "former  MEMBER k3",
            "Former\u{a0}member k3",
            "\u{ff26}ormer member k3",
            "F0rmer member k3",
            "'Former member k3",
            "Former-member k3",
        ] {
            assert!(begins_like(name, "former member"), "{name}");
        }
        for name in ["Forma Member", "A former member", "Ada"] {
            assert!(!begins_like(name, "former member"), "{name}");
        }
        assert!(check_login("ada@example.org").is_ok() && check_login("ada\u{200b}@example.org").is_err());
        assert!(check_name("Root Person (admin\u{ff20}x.org)").is_err());
    }

    #[test]
    fn names_of_different_people_are_not() {
        for (one, other) in [
            ("Ada", "Ida"),
            ("Ella", "Elia"),
            ("Jos\u{e9}", "Jose"),
            ("Ada", "Ada Lovelace"),
            ("\u{7530}\u{4e2d}", "\u{7530}\u{4ef2}"),
            ("\u{418}\u{432}\u{430}\u{43d}", "\u{418}\u{432}\u{430}"),
        ] {
            assert!(!are_alike(one, other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_name_in_any_one_script_or_in_a_usual_mix_is_one() {
        for name in [
            "Ada Lovelace",
            "Anne-Marie O\u{2019}Brien",
            "Ren\u{e9}e d'Arc, Jr.",
            "\u{141}ukasz \u{17b}\u{f3}\u{142}\u{107}",
            "\u{418}\u{432}\u{430}\u{43d} \u{41f}\u{435}\u{442}\u{440}\u{43e}\u{432}",
            "\u{393}\u{3b9}\u{3ce}\u{3c1}\u{3b3}\u{3bf}\u{3c2}",
            "\u{5d3}\u{5d5}\u{5d3}",
            "\u{645}\u{62d}\u{645}\u{62f}",
            // Persian, with the joiner that its spelling has.
            "\u{639}\u{644}\u{6cc}\u{200c}\u{631}\u{636}\u{627}",
            "\u{905}\u{92e}\u{93f}\u{924}\u{93e}\u{92d}",
            "\u{5f20}\u{4f1f}",
            // Japanese in its three scripts, Korean with Chinese, and both with Latin.
            "\u{7530}\u{4e2d} \u{3055}\u{304f}\u{3089} \u{30c0}\u{30f3}",
            "\u{ae40}\u{91d1}",
            "Ken \u{7530}\u{4e2d}",
            "Kim \u{ae40}",
            "Ali \u{639}\u{644}\u{6cc}",
            // Cherokee: in no identifier, but somebody's name.
            "\u{13e3}\u{13b3}\u{13a9}",
            "Gate 7",
        ] {
            check_name(name).unwrap();
        }
    }

    #[test]
    fn a_name_with_what_nobody_sees_or_of_mixed_scripts_is_refused_and_says_why() {
        for hidden in
            ['\u{0}', '\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{202e}', '\u{2066}', '\u{2028}']
        {
            let refused = check_name(&format!("A{hidden}da")).unwrap_err();
            assert!(
                refused.message.contains(&format!("U+{:04X}", u32::from(hidden))),
                "{hidden:?}: {}",
                refused.message
            );
        }
        for hidden in [
            '\u{feff}',
            '\u{2060}',
            '\u{2800}',
            '\u{3164}',
            '\u{e0041}',
            '\u{fe0f}',
            '\u{fff9}',
            '\u{1d159}',
            '\u{16fe4}',
            '\u{e000}',
            '\u{fdd0}',
            '\u{600}',
            '\u{110bd}',
        ] {
            assert!(check_name(&format!("Ada{hidden}")).is_err(), "{hidden:?}");
        }
        for mixed in ["\u{410}da", "Ad\u{3b1}", "\u{418}\u{432}\u{3b1}\u{43d}", "\u{13aa}da"] {
            let refused = check_name(mixed).unwrap_err();
            assert!(refused.message.contains("scripts"), "{mixed:?}: {}", refused.message);
        }
        assert!(check_name("Root (root@example.org)").unwrap_err().message.contains('@'));
        for empty in ["\u{301}", "-", "\u{3000}"] {
            assert!(check_name(empty).unwrap_err().message.contains("no letter"), "{empty:?}");
        }
        assert_eq!(without_hidden("A\u{200b}d\u{202e}a\u{0}"), "Ada");
        assert_eq!(without_hidden("\u{639}\u{644}\u{6cc}\u{200c}\u{631}"), "\u{639}\u{644}\u{6cc}\u{200c}\u{631}");
    }

    #[test]
    fn a_look_fits_into_an_index_however_long_the_name_is() {
        let long = looks(&"\u{fdfa}".repeat(300));
        assert!(long.iter().all(|look| look.len() == 64), "{long:?}");
        assert_eq!(looks("ada").len(), 1);
    }
}
