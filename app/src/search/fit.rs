//! How well a text fits the words of a search.

/// Of what fits in a way that its texts do not show, such as by the words of a note.
pub const ELSEWHERE: u32 = 6 * domain::listing::SEARCH_WORDS as u32;

/// How badly the words fit, 0 being best; `None` where a word is nowhere. Each word counts by where it stands: the whole
/// title, its beginning, the beginning of one of its words, within one; then the same in `also`.
pub fn fit(words: &[String], title: &str, also: &str) -> Option<u32> {
    let (title, also) = (title.to_lowercase(), also.to_lowercase());
    if words.join(" ") == title {
        return Some(0);
    }
    let of_word = |word: &String| misfit(word, &title).or_else(|| misfit(word, &also).map(|misfit| misfit.max(2) + 2));
    words.iter().try_fold(0, |sum, word| Some(sum + of_word(word)?))
}

/// 1 at the beginning, 2 at the beginning of a word, 3 elsewhere.
fn misfit(word: &str, text: &str) -> Option<u32> {
    let begins_a_word = |at: usize| !text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    let ranks = text.match_indices(word).map(|(at, _)| match at {
        0 => 1,
        at if begins_a_word(at) => 2,
        _ => 3,
    });
    ranks.min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &str, title: &str, also: &str) -> Option<u32> {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        fit(&words, title, also)
    }

    #[test]
    fn the_beginning_of_a_word_comes_before_its_middle() {
        let ranked = ["age", "age_group", "customer_age", "mileage"].map(|title| of("age", title, ""));
        assert_eq!(ranked, [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!(of("größe", "Größe", ""), Some(0));
        assert_eq!([of("e", "café e", ""), of("é", "café", "")], [Some(2), Some(3)]);
    }

    #[test]
    fn every_word_has_to_be_somewhere() {
        assert_eq!(of("layer data", "Layer 1: Data", ""), Some(3));
        assert_eq!(of("data model", "Data", "car model"), Some(5));
        assert_eq!([of("data nowhere", "Data", "x"), of("x", "", "")], [None, None]);
    }

    #[test]
    fn the_title_comes_before_what_is_said_about_it() {
        assert!(of("loan", "reloaned", "") < of("loan", "other", "loan"));
        let worst = of("a b c d e f", "", "xa xb xc xd xe xf");
        assert!(worst < Some(ELSEWHERE), "{worst:?}");
    }
}
