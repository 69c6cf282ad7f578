//! Arrays of NumPy (`.npy`, versions 1 to 3), of the two kinds that the label benchmark reads.

use std::path::Path;

use crate::Outcome;

const MAGIC: &[u8] = b"\x93NUMPY";

/// Numbers in the order of their rows.
#[derive(Debug, PartialEq)]
pub struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
}

/// # Errors
/// When the file can't be read, or holds anything but little-endian doubles or 16-bit whole numbers, row by row.
pub fn read(file: &Path) -> Outcome<Array> {
    let bytes = std::fs::read(file).map_err(|error| format!("{} can't be read: {error}.", file.display()))?;
    parsed(&bytes).ok_or_else(|| format!("{} is not an array of doubles or 16-bit whole numbers.", file.display()))
}

fn parsed(bytes: &[u8]) -> Option<Array> {
    let rest = bytes.strip_prefix(MAGIC)?;
    // The length of the header has two bytes in version 1, and four from version 2 on.
    let (length, from) = match rest.first()? {
        1 => (usize::from(u16::from_le_bytes(rest.get(2..4)?.try_into().ok()?)), 4),
        _ => (u32::from_le_bytes(rest.get(2..6)?.try_into().ok()?) as usize, 6),
    };
    let header = std::str::from_utf8(rest.get(from..from + length)?).ok()?;
    let data = rest.get(from + length..)?;
    if after(header, "'fortran_order':")?.trim_start().starts_with("True") {
        return None;
    }
    let inside = after(header, "'shape':")?.split_once('(')?.1.split_once(')')?.0;
    let sizes = inside.split(',').map(str::trim).filter(|size| !size.is_empty());
    let shape: Vec<usize> = sizes.map(|size| size.parse().ok()).collect::<Option<_>>()?;
    let values: Vec<f64> = match after(header, "'descr':")?.split('\'').nth(1)? {
        "<f8" => data.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect(),
        "<u2" => data.as_chunks::<2>().0.iter().map(|bytes| f64::from(u16::from_le_bytes(*bytes))).collect(),
        _ => return None,
    };
    (shape.iter().product::<usize>() == values.len()).then_some(Array { shape, values })
}

fn after<'a>(header: &'a str, key: &str) -> Option<&'a str> {
    header.split_once(key).map(|(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(kind: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n");
        let mut bytes = [MAGIC, &[1, 0], &(header.len() as u16).to_le_bytes(), header.as_bytes()].concat();
        bytes.extend(data);
        bytes
    }

    #[test]
    fn doubles_have_rows_and_whole_numbers_may_be_a_line() {
        let data: Vec<u8> = [0.5_f64, -1.0, 2.0, 0.25].iter().flat_map(|value| value.to_le_bytes()).collect();
        let expected = Array { shape: vec![2, 2], values: vec![0.5, -1.0, 2.0, 0.25] };
        assert_eq!(parsed(&file("<f8", "(2, 2)", &data)), Some(expected));
        let expected = Array { shape: vec![3], values: vec![1.0, 256.0, 0.0] };
        assert_eq!(parsed(&file("<u2", "(3,)", &[1, 0, 0, 1, 0, 0])), Some(expected));
    }

    #[test]
    fn other_kinds_and_short_files_are_refused() {
        assert_eq!(parsed(&file("<f4", "(1,)", &[0; 4])), None);
        assert_eq!(parsed(&file("<u2", "(3,)", &[0; 4])), None);
        assert_eq!(parsed(b"\x93NUMPY\x01\x00"), None);
        assert_eq!(parsed(b"PK"), None);
    }
}
