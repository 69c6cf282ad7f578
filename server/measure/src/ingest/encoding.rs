//! Text encodings: which one a file is in, judged over all of its bytes, and the file's text as UTF-8.

use std::io::Read;

use domain::Problem;
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::bytes::{Compression, Source};

/// What one look over all bytes of a text file gave.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextSurvey {
    pub compression: Compression,
    pub encoding: &'static Encoding,
    /// Bytes after decompression.
    pub bytes: u64,
    /// Byte sequences that are not valid in the encoding and are shown as U+FFFD.
    pub invalid: u64,
    pub byte_order_mark: bool,
}

/// Looks over the whole file. `stated` is an encoding label a person gave.
pub(super) fn survey(
    source: &Source<'_>,
    compression: Compression,
    stated: Option<&str>,
) -> Result<TextSurvey, Problem> {
    let stated = stated
        .map(|label| {
            Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| {
                source.bad(format_args!(
                    "{label:?} is not a known encoding; use utf-8, utf-16le, utf-16be or windows-1252"
                ))
            })
        })
        .transpose()?;
    let mut stream = source.expand(compression)?;
    let mut buffer = vec![0; 1 << 16];
    let mut counts = Utf8Counts::default();
    let mut head: Vec<u8> = Vec::new();
    let mut bytes = 0;
    loop {
        let count = match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(source.unreadable(&error)),
        };
        bytes += count as u64;
        if head.len() < 4096 {
            head.extend_from_slice(&buffer[..count.min(4096 - head.len())]);
        }
        counts.look(&buffer[..count]);
    }
    counts.finish();
    let marked = Encoding::for_bom(&head).map(|(encoding, _)| encoding);
    let encoding = stated.or(marked).or_else(|| utf_16_without_mark(&head)).unwrap_or_else(|| counts.encoding());
    let invalid = if encoding == UTF_8 { counts.invalid } else { 0 };
    Ok(TextSurvey { compression, encoding, bytes, invalid, byte_order_mark: marked == Some(encoding) })
}

/// UTF-16 text in a Western script has a zero in every other byte.
fn utf_16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if pairs < 4 {
        None
    } else if odd * 10 > pairs * 7 && even * 10 < pairs {
        Some(UTF_16LE)
    } else if even * 10 > pairs * 7 && odd * 10 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Counts valid multi-byte characters and invalid sequences, across buffers.
#[derive(Default)]
struct Utf8Counts {
    multi_byte: u64,
    invalid: u64,
    pending: Vec<u8>,
}

impl Utf8Counts {
    fn look(&mut self, bytes: &[u8]) {
        if self.pending.is_empty() && bytes.is_ascii() {
            return;
        }
        let joined;
        let mut rest = if self.pending.is_empty() {
            bytes
        } else {
            joined = [std::mem::take(&mut self.pending).as_slice(), bytes].concat();
            joined.as_slice()
        };
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => return self.count(text),
                Err(error) => {
                    let (valid, bad) = rest.split_at(error.valid_up_to());
                    self.count(std::str::from_utf8(valid).unwrap_or_default());
                    let Some(length) = error.error_len() else {
                        self.pending = bad.to_vec();
                        return;
                    };
                    self.invalid += 1;
                    rest = &bad[length..];
                }
            }
        }
    }

    fn count(&mut self, text: &str) {
        // Every multi-byte character has exactly one first byte of 0xC0 or more.
        self.multi_byte += text.bytes().filter(|&byte| byte >= 0xC0).count() as u64;
    }

    fn finish(&mut self) {
        self.invalid += u64::from(!self.pending.is_empty());
    }

    /// UTF-8 with a few broken characters stays UTF-8; bytes that are mostly broken as UTF-8 are one-byte characters.
    fn encoding(&self) -> &'static Encoding {
        if self.invalid == 0 || self.multi_byte > self.invalid { UTF_8 } else { WINDOWS_1252 }
    }
}

/// A stream of bytes in some encoding as a stream of UTF-8, without its byte order mark.
pub(super) struct Utf8Reader<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    start: usize,
    end: usize,
    output: Vec<u8>,
    taken: usize,
    finished: bool,
}

impl<R: Read> Utf8Reader<R> {
    pub fn new(inner: R, encoding: &'static Encoding) -> Self {
        Utf8Reader {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            input: vec![0; 1 << 16],
            start: 0,
            end: 0,
            output: Vec::new(),
            taken: 0,
            finished: false,
        }
    }

    fn refill(&mut self) -> std::io::Result<()> {
        if self.start == self.end {
            self.start = 0;
            self.end = self.inner.read(&mut self.input)?;
            self.finished = self.end == 0;
        }
        let input = &self.input[self.start..self.end];
        let room = self.decoder.max_utf8_buffer_length(input.len()).unwrap_or(input.len() * 3 + 16);
        self.output.resize(room, 0);
        let (_, read, written, _) = self.decoder.decode_to_utf8(input, &mut self.output, self.finished);
        self.start += read;
        self.output.truncate(written);
        self.taken = 0;
        Ok(())
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.taken == self.output.len() {
            if self.finished {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = buffer.len().min(self.output.len() - self.taken);
        buffer[..count].copy_from_slice(&self.output[self.taken..self.taken + count]);
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn utf_8_is_counted_across_buffers() {
        let mut counts = Utf8Counts::default();
        let text = "Zoë größe".as_bytes();
        for byte in text {
            counts.look(&[*byte]);
        }
        counts.finish();
        assert_eq!((counts.multi_byte, counts.invalid), (3, 0));
        let mut counts = Utf8Counts::default();
        counts.look(b"caf\xe9,\xff\xfe");
        counts.finish();
        assert_eq!(counts.encoding(), WINDOWS_1252);
    }

    #[test]
    fn any_encoding_comes_out_as_utf_8() {
        let mut text = String::new();
        Utf8Reader::new(&b"\xff\xfeg\0r\0\xf6\0"[..], UTF_16LE).read_to_string(&mut text).unwrap();
        assert_eq!(text, "grö");
        text.clear();
        Utf8Reader::new(&b"\xef\xbb\xbfgr\xf6"[..], WINDOWS_1252).read_to_string(&mut text).unwrap();
        assert_eq!(text, "ï»¿grö");
    }
}
