//! Spellings of one value: what is left of a text when case, accents, spaces and separators are taken away, and the number
//! inside a text.

/// The form that spelling variants of a value share: lower case, without accents, without white space or separators, except
/// where they stand between two digits (`1-2` is not `12`) or carry a meaning (`A-` is not `A`, `<=50K` is not `>50K`).
pub fn canonical(text: &str) -> String {
    let letters: Vec<char> = text.chars().flat_map(plain).collect();
    let mut out = String::with_capacity(letters.len());
    let mut place = 0;
    while place < letters.len() {
        if !is_separator(letters[place]) {
            out.push(letters[place]);
            place += 1;
            continue;
        }
        let end =
            letters[place..].iter().position(|c| !is_separator(*c)).map_or(letters.len(), |length| place + length);
        let run = &letters[place..end];
        let before = out.chars().last();
        let after = letters.get(end).copied();
        if let Some(kept) = kept_separator(before, run, after) {
            out.push(kept);
        }
        place = end;
    }
    out
}

/// What of a run of separators changes the meaning.
fn kept_separator(before: Option<char>, run: &[char], after: Option<char>) -> Option<char> {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let dash = run.contains(&'-');
    match (before, after) {
        // A sign or a grade: `-1`, `A-`.
        (None, Some(_)) | (Some(_), None) if dash => Some('-'),
        (None, _) | (_, None) => None,
        _ if digit(before) && digit(after) => run
            .iter()
            .copied()
            .find(|c| *c == '-')
            .or_else(|| run.iter().copied().find(|c| !c.is_whitespace()))
            .or(Some(' ')),
        _ => None,
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '_' | '.' | ',' | '\'' | '"' | '`' | '’' | '\u{200b}' | '\u{feff}')
}

/// Lower case and without accents; marks that combine with the letter before them are dropped.
fn plain(c: char) -> impl Iterator<Item = char> {
    let base: &str = match c {
        '\u{0300}'..='\u{036f}' => "",
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' | 'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' | 'Ā' | 'Ă' | 'Ą' => {
            "a"
        }
        'ç' | 'ć' | 'č' | 'Ç' | 'Ć' | 'Č' => "c",
        'ď' | 'đ' | 'Ď' | 'Đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' | 'È' | 'É' | 'Ê' | 'Ë' | 'Ē' | 'Ė' | 'Ę' | 'Ě' => {
            "e"
        }
        'ğ' | 'Ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' | 'Ì' | 'Í' | 'Î' | 'Ï' | 'Ī' | 'İ' => "i",
        'ł' | 'Ł' => "l",
        'ñ' | 'ń' | 'ň' | 'Ñ' | 'Ń' | 'Ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' | 'Ō' | 'Ő' => {
            "o"
        }
        'ř' | 'Ř' => "r",
        'ś' | 'š' | 'ş' | 'Ś' | 'Š' | 'Ş' => "s",
        'ß' => "ss",
        'ť' | 'Ť' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'Ù' | 'Ú' | 'Û' | 'Ü' | 'Ū' | 'Ů' | 'Ű' => "u",
        'ý' | 'ÿ' | 'Ý' | 'Ÿ' => "y",
        'ź' | 'ż' | 'ž' | 'Ź' | 'Ż' | 'Ž' => "z",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        '–' | '—' | '−' | '‐' | '‑' => "-",
        _ => return Plain::Lower(c.to_lowercase()),
    };
    Plain::Base(base.chars())
}

enum Plain {
    Base(std::str::Chars<'static>),
    Lower(std::char::ToLowercase),
}

impl Iterator for Plain {
    type Item = char;
    fn next(&mut self) -> Option<char> {
        match self {
            Plain::Base(chars) => chars.next(),
            Plain::Lower(chars) => chars.next(),
        }
    }
}

/// The first number in a text, read with a decimal point, or a decimal comma if there is no point: 9 in `9 months`,
/// 7 in `7:00`, 1234.5 in `1,234.5 €`.
pub fn number_inside(text: &str) -> Option<f64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let negative = text[..start].trim_end().ends_with('-');
    let rest = &text[start..];
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(rest.len());
    let digits = rest[..end].trim_end_matches(['.', ',']);
    let read = if digits.contains('.') || digits.matches(',').count() > 1 {
        digits.replace(',', "")
    } else {
        digits.replace(',', ".")
    };
    let value: f64 = read.parse().ok()?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_spaces_and_separators_do_not_count() {
        for (a, b) in [
            ("New York", "new-york"),
            (" NEW_YORK ", "newyork"),
            ("São Paulo", "sao paulo"),
            ("Zürich", "Zu\u{308}rich"),
            ("U.S.", "US"),
            ("0 - 20K €", "0-20k€"),
            ("60K+ €", "60k+€"),
            ("car value", "car_value"),
        ] {
            assert_eq!(canonical(a), canonical(b), "{a} and {b}");
        }
    }

    #[test]
    fn what_carries_a_meaning_is_kept() {
        for (a, b) in [
            ("A-", "A"),
            ("A+", "A"),
            ("<=50K", ">50K"),
            ("1-2", "12"),
            ("1.5", "15"),
            ("-1", "1"),
            ("1 000", "1000"),
            ("C#", "C"),
        ] {
            assert_ne!(canonical(a), canonical(b), "{a} and {b}");
        }
    }

    #[test]
    fn a_number_is_found_inside_a_text() {
        assert_eq!(number_inside("9 months"), Some(9.0));
        assert_eq!(number_inside("7:00"), Some(7.0));
        assert_eq!(number_inside("€ 1,234.50"), Some(1234.5));
        assert_eq!(number_inside("12,5"), Some(12.5));
        assert_eq!(number_inside("-3 °C"), Some(-3.0));
        assert_eq!(number_inside("none"), None);
    }
}
