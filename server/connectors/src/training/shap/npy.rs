//! The `.npy` format of NumPy, versions 1 to 3: numbers in floating point with up to three dimensions.
//! <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.

use serde::Deserialize;

pub(super) const MAGIC: &[u8] = b"\x93NUMPY";
/// The header of an array of plain numbers has some hundred bytes.
const LONGEST_HEADER: usize = 16 << 10;

/// An array over the bytes of its file.
pub(super) struct Array<'a> {
    /// One to three dimensions, none of them zero.
    pub shape: Vec<usize>,
    /// Whether the first dimension changes fastest, as in Fortran, and not the last.
    pub is_fortran: bool,
    kind: Kind,
    bytes: &'a [u8],
}

/// How a number is stored.
#[derive(Debug, Clone, Copy)]
enum Kind {
    LittleSingle,
    BigSingle,
    LittleDouble,
    BigDouble,
}

/// What the header says, in the names that NumPy gives it.
#[derive(Deserialize)]
struct Header {
    descr: String,
    fortran_order: bool,
    shape: Vec<usize>,
}

impl<'a> Array<'a> {
    /// # Errors
    /// What is wrong and what to do, as the end of a sentence.
    pub fn of(bytes: &'a [u8]) -> Result<Self, &'static str> {
        let (header, bytes) =
            parts(bytes).ok_or("its header is cut or has an unknown version; save the array again")?;
        let header = header_of(header)
            .ok_or("it holds something else than one array of numbers; save the SHAP values alone with numpy.save")?;
        let kind = Kind::of(&header.descr)
            .ok_or("its numbers are not float32 or float64; save the SHAP values as one of these")?;
        if header.shape.is_empty() || header.shape.len() > 3 {
            return Err("it needs one to three dimensions (rows, features, outputs); save it in that shape");
        }
        let count = header.shape.iter().try_fold(1_usize, |all, dimension| all.checked_mul(*dimension));
        match count.and_then(|count| count.checked_mul(kind.width())) {
            Some(0) => Err("it has no values; save the array again"),
            Some(length) if length <= bytes.len() => {
                let bytes = &bytes[..length];
                Ok(Self { shape: header.shape, is_fortran: header.fortran_order, kind, bytes })
            }
            _ => Err("it ends before the last of its values; copy it again"),
        }
    }

    /// The numbers in the order in which they are stored.
    pub fn numbers(&self) -> impl Iterator<Item = f64> {
        self.bytes.chunks_exact(self.kind.width()).map(|bytes| self.kind.number(bytes))
    }
}

impl Kind {
    fn of(descr: &str) -> Option<Self> {
        match descr {
            "<f4" => Some(Self::LittleSingle),
            ">f4" => Some(Self::BigSingle),
            "<f8" => Some(Self::LittleDouble),
            ">f8" => Some(Self::BigDouble),
            _ => None,
        }
    }

    fn width(self) -> usize {
        match self {
            Self::LittleSingle | Self::BigSingle => 4,
            Self::LittleDouble | Self::BigDouble => 8,
        }
    }

    /// NaN where the bytes are not as wide as such a number.
    fn number(self, bytes: &[u8]) -> f64 {
        let single = bytes.first_chunk().copied().unwrap_or([0xff; 4]);
        let double = bytes.first_chunk().copied().unwrap_or([0xff; 8]);
        match self {
            Self::LittleSingle => f32::from_le_bytes(single).into(),
            Self::BigSingle => f32::from_be_bytes(single).into(),
            Self::LittleDouble => f64::from_le_bytes(double),
            Self::BigDouble => f64::from_be_bytes(double),
        }
    }
}

/// The text of the header, and the bytes behind it.
fn parts(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (version, rest) = rest.split_first_chunk::<2>()?;
    let (length, rest) = match version[0] {
        1 => rest.split_first_chunk().map(|(length, rest)| (usize::from(u16::from_le_bytes(*length)), rest))?,
        2 | 3 => {
            let (length, rest) = rest.split_first_chunk()?;
            (usize::try_from(u32::from_le_bytes(*length)).ok()?, rest)
        }
        _ => return None,
    };
    let (header, rest) = rest.split_at_checked(length).filter(|_| length <= LONGEST_HEADER)?;
    Some((std::str::from_utf8(header).ok()?, rest))
}

/// A dictionary as Python writes it, which is JSON but for its quotation marks, tuples, truth values and last commas.
fn header_of(text: &str) -> Option<Header> {
    let plain = text.replace('\'', "\"").replace('(', "[").replace(')', "]");
    let plain = plain.replace("False", "false").replace("True", "true");
    let mut json = String::with_capacity(plain.len());
    for letter in plain.chars().filter(|letter| !letter.is_whitespace()) {
        if matches!(letter, ']' | '}') && json.ends_with(',') {
            json.pop();
        }
        json.push(letter);
    }
    serde_json::from_str(&json).ok()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A file as NumPy writes it.
    pub fn file(version: u8, header: &str, numbers: &[u8]) -> Vec<u8> {
        let mut bytes = [MAGIC, &[version, 0]].concat();
        match version {
            1 => bytes.extend(u16::try_from(header.len()).unwrap_or(u16::MAX).to_le_bytes()),
            _ => bytes.extend(u32::try_from(header.len()).unwrap_or(u32::MAX).to_le_bytes()),
        }
        bytes.extend(header.bytes());
        bytes.extend(numbers);
        bytes
    }

    #[test]
    fn the_versions_widths_and_orders_of_bytes() {
        let header = |descr: &str| format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': (2,), }}\n");
        let numbers = [1.5_f64, -2.0];
        let little: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        let big: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        let short: Vec<u8> = numbers.iter().flat_map(|number| (*number as f32).to_be_bytes()).collect();
        for (version, descr, bytes) in [(1, "<f8", &little), (2, ">f8", &big), (3, ">f4", &short)] {
            let file = file(version, &header(descr), bytes);
            let array = Array::of(&file);
            assert_eq!(array.map(|array| array.numbers().collect::<Vec<_>>()), Ok(numbers.to_vec()), "{descr}");
        }
    }

    #[test]
    fn another_array_is_declined_with_a_reason() {
        let of = |header: &str| Array::of(&file(1, header, &[0; 64])).err().unwrap_or_default();
        let with =
            |descr: &str, shape: &str| of(&format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}"));
        assert!(with("'<i8'", "(2,)").contains("float32"));
        assert!(with("[('a', '<f8')]", "(2,)").contains("numpy.save"));
        assert!(with("'|O'", "(2,)").contains("float32"));
        assert!(with("'<f8'", "()").contains("dimensions"));
        assert!(with("'<f8'", "(1, 1, 1, 1)").contains("dimensions"));
        assert!(with("'<f8'", "(0, 7)").contains("no values"));
        assert!(with("'<f8'", "(3, 3)").contains("ends before"));
        assert!(with("'<f8'", "(4611686018427387904, 8)").contains("ends before"));
        assert!(of("{'descr': '<f8'").contains("numpy.save"));
        assert!(Array::of(&file(9, "{}", &[])).is_err() && Array::of(MAGIC).is_err());
        assert!(Array::of(&file(2, &" ".repeat(LONGEST_HEADER + 1), &[])).is_err());
    }
}
