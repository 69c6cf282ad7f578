//! The outermost layers of binary formats, read by hand because recognising sees only the beginning of a file: fields of
//! Protocol Buffers (<https://protobuf.dev/programming-guides/encoding/>) and records of TFRecord
//! (<https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details>).

/// One field of a message. Only those of bytes have some.
pub(crate) struct Field<'a> {
    pub number: u64,
    pub bytes: Option<&'a [u8]>,
}

/// The fields of a message that may be cut: the bytes of the last one are those that are there. `None` where the bytes are no
/// message, which ends it.
pub(crate) struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    fn read(&mut self) -> Option<Field<'a>> {
        let (key, rest) = varint(self.0)?;
        self.0 = rest;
        let number = key >> 3;
        let bytes = match key & 7 {
            0 => {
                (_, self.0) = varint(self.0)?;
                None
            }
            1 => self.skip(8),
            2 => {
                let (length, rest) = varint(self.0)?;
                let end = usize::try_from(length).unwrap_or(usize::MAX).min(rest.len());
                self.0 = &rest[end..];
                Some(&rest[..end])
            }
            5 => self.skip(4),
            _ => return None,
        };
        (number > 0).then_some(Field { number, bytes })
    }

    fn skip(&mut self, count: usize) -> Option<&'a [u8]> {
        self.0 = self.0.get(count..).unwrap_or_default();
        None
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Option<Field<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.read();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

/// The first bytes field of that number, if all before it is a message.
pub(crate) fn bytes_of(message: &[u8], number: u64) -> Option<&[u8]> {
    Fields(message).map_while(|field| field).find(|field| field.number == number)?.bytes
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (place, byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f).checked_shl(7 * place as u32)?;
        if byte & 0x80 == 0 {
            return Some((value, &bytes[place + 1..]));
        }
    }
    None
}

/// The records of a TFRecord file. The first wrong checksum ends it; the last record may be cut.
pub(crate) struct Records<'a> {
    rest: &'a [u8],
    /// Whether the file ended within a record, or with something that is none.
    pub is_cut: bool,
}

impl<'a> Records<'a> {
    pub fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, is_cut: false }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let rest = std::mem::take(&mut self.rest);
        let head = record_length(rest);
        self.is_cut = head.is_none();
        let behind = rest.get(12..)?;
        let length = usize::try_from(head?).unwrap_or(usize::MAX);
        match length.checked_add(4).and_then(|end| behind.get(end..)) {
            Some(next) => self.rest = next,
            None => self.is_cut = true,
        }
        Some(&behind[..length.min(behind.len())])
    }
}

/// The length of the record at the beginning; `None` where its checksum says that there is none.
fn record_length(bytes: &[u8]) -> Option<u64> {
    let length: [u8; 8] = bytes.get(..8)?.try_into().ok()?;
    let checksum: [u8; 4] = bytes.get(8..12)?.try_into().ok()?;
    (masked_crc32c(&length) == u32::from_le_bytes(checksum)).then(|| u64::from_le_bytes(length))
}

/// The checksum of TFRecord: CRC-32C, rotated and moved. Bit by bit, for it is only used on eight bytes.
fn masked_crc32c(bytes: &[u8]) -> u32 {
    let crc = !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0x82f6_3b78 } else { crc >> 1 })
    });
    crc.rotate_right(15).wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_message_that_is_cut() {
        let message = [0x0a, 0x02, b'a', b'b', 0x10, 0x96, 0x01, 0x1a, 0x09, b'x'];
        let read: Vec<_> = Fields(&message).flatten().map(|field| (field.number, field.bytes)).collect();
        assert_eq!(read, [(1, Some(&b"ab"[..])), (2, None), (3, Some(&b"x"[..]))]);
        assert_eq!(bytes_of(&message, 3), Some(&b"x"[..]));
        assert!(Fields(b"\x07abc").any(|field| field.is_none()));
    }

    #[test]
    fn records_end_with_the_first_wrong_checksum() {
        let record = |payload: &[u8]| {
            let length = (payload.len() as u64).to_le_bytes();
            [&length[..], &masked_crc32c(&length).to_le_bytes(), payload, &[0; 4]].concat()
        };
        let file = [record(b"one"), record(b"two")].concat();
        assert_eq!(Records::of(&file).collect::<Vec<_>>(), [b"one", b"two"]);
        let mut cut = Records::of(&file[..file.len() - 5]);
        assert_eq!(cut.by_ref().collect::<Vec<_>>(), [&b"one"[..], &b"tw"[..]]);
        assert!(cut.is_cut);
        assert_eq!(Records::of(b"id,name\n1,b and some more text").count(), 0);
    }
}
