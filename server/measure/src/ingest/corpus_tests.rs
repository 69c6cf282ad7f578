//! Every difficult file either loads right or is refused in one sentence that says what and what to do.

use std::path::PathBuf;

use polars::prelude::{AnyValue, DataFrame};

use super::*;

/// What has to come of a file.
enum Outcome {
    /// Rows, columns, and values by row, column name and expected display (`null` for none).
    Loads(u64, usize, &'static [(usize, &'static str, &'static str)]),
    /// A part of the sentence.
    Refused(&'static str),
}
use Outcome::{Loads, Refused};

const FILES: &[(&str, Outcome)] = &[
    ("all_types.parquet", Loads(3, 13, &[(0, "u64", "18446744073709551615"), (2, "u64", "null"), (0, "i8", "1")])),
    ("bigint.json", Loads(4, 1, &[(0, "id", "9007199254740993"), (3, "id", "123456789012345678901234567890")])),
    ("bom_utf8.csv", Loads(169, 9, &[(0, "flight_id", "1")])),
    ("booleans.csv", Loads(20, 5, &[(0, "a", "true"), (1, "a", "false"), (0, "b", "yes"), (1, "d", "1")])),
    ("brotli.parquet", Loads(2, 1, &[])),
    ("comment_lines.csv", Loads(20, 9, &[(0, "flight_id", "1"), (7, "dep_delay", "null")])),
    ("constant_and_unique.csv", Loads(500, 4, &[(0, "null", "null"), (499, "uid", "u00499")])),
    ("corrupt_page.parquet", Refused("column \"flight_id\" can't be read")),
    ("cr_only.csv", Loads(30, 9, &[(29, "flight_id", "58001"), (0, "sched_dep_local", "2013-01-01 05:15:00")])),
    ("csv_named_parquet.parquet", Loads(169, 9, &[])),
    (
        "dates_ambiguous.csv",
        Loads(
            2,
            4,
            &[(0, "d1", "2021-04-03 00:00:00"), (0, "d2", "2021-03-04 00:00:00"), (0, "d3", "2021-03-04 00:00:00")],
        ),
    ),
    ("deep_nesting.json", Refused("nested more than 100 levels deep")),
    ("duplicate_columns.arrow", Refused("two of its columns, or two fields of a struct, share one name")),
    ("duplicate_columns.arrows", Refused("two of its columns, or two fields of a struct, share one name")),
    ("duplicate_columns.csv", Loads(2, 4, &[(0, "score", "0.1"), (0, "score_2", "0.2"), (0, "Score", "0.3")])),
    ("duplicate_columns.parquet", Loads(2, 2, &[(0, "x", "1"), (0, "x_2", "3")])),
    ("duplicate_durations.parquet", Loads(3, 4, &[(0, "took", "90000"), (2, "took_2", "2000"), (2, "at", "86399000")])),
    ("duplicate_fields.parquet", Loads(3, 2, &[(2, "x", "3"), (2, "s", "null")])),
    ("duplicate_keys.json", Loads(1, 1, &[(0, "a", "2")])),
    ("empty.csv", Refused("it is empty")),
    ("excel_latin1.csv", Loads(60, 3, &[(0, "preis", "80501.44"), (0, "ort", "Zoë"), (0, "größe", "47.5")])),
    ("footer_length_lie.parquet", Refused("schema can't be read")),
    ("formula_injection.csv", Loads(7, 2, &[(0, "name", "=1+1"), (5, "name", "\t=1")])),
    ("good.feather", Loads(169, 9, &[(0, "flight_id", "1")])),
    ("good.parquet", Loads(169, 9, &[(0, "flight_id", "1"), (0, "sched_dep_local", "2013-01-01 05:15:00")])),
    ("gzip_named_csv.csv", Loads(169, 9, &[(0, "flight_id", "1")])),
    ("gzip_truncated.csv.gz", Refused("ends too early")),
    ("gzip_two_members.csv.gz", Loads(169, 9, &[])),
    ("header_only.csv", Loads(0, 9, &[])),
    ("html_cells.csv", Loads(50, 2, &[])),
    ("html_column_names.csv", Loads(30, 6, &[(3, "<script>alert(1)</script>", "3"), (3, "a&amp;b", "3")])),
    ("html_column_names.parquet", Loads(2, 2, &[])),
    ("html_named_csv.csv", Refused("it is a web page")),
    ("huge_ints.csv", Loads(4, 2, &[(0, "big", "9007199254740993"), (2, "big", "18446744073709551615")])),
    (
        "id_leading_zeros.csv",
        Loads(2, 4, &[(0, "zip", "00501"), (0, "phone", "0049301"), (1, "hex", "00e2"), (0, "exp", "1E5")]),
    ),
    ("invalid_utf8.csv", Loads(2, 2, &[(0, "v", "café"), (1, "v", "ÿþ")])),
    ("lines_bad.jsonl", Loads(2, 1, &[(0, "id", "1"), (1, "id", "3")])),
    ("lines_ragged.jsonl", Loads(3, 3, &[(0, "a", "1"), (2, "a", "x"), (1, "b", "{\"c\":[1,2]}"), (0, "b", "null")])),
    ("magic_only.parquet", Refused("schema can't be read")),
    ("many_row_groups.parquet", Loads(169, 9, &[])),
    ("missing_categories.arrow", Loads(344, 17, &[(3, "Sex", "null"), (0, "Sex", "MALE"), (343, "Island", "Dream")])),
    (
        "missing_variants.csv",
        Loads(15, 3, &[(1, "v", "null"), (10, "v", "null"), (14, "v", "real"), (0, "num", "0"), (1, "num", "null")]),
    ),
    ("mixed_types.csv", Loads(200, 2, &[(0, "mixed", "abc"), (199, "mixed", "199")])),
    (
        "nan_inf.csv",
        Loads(12, 2, &[(0, "v", "NaN"), (2, "v", "-inf"), (6, "v", "inf"), (8, "v", "5e-324"), (11, "v", "0.5")]),
    ),
    ("nan_tokens.jsonl", Loads(3, 2, &[(0, "v", "NaN"), (1, "v", "inf"), (2, "v", "null")])),
    ("nan_vs_null.parquet", Loads(6, 2, &[])),
    ("nested_lists.parquet", Loads(3, 6, &[])),
    ("new_types.arrow", Refused("a column of a type that is not read here")),
    ("no_final_newline.csv", Loads(169, 9, &[])),
    ("no_header.csv", Loads(40, 9, &[(0, "column_1", "1"), (0, "column_2", "UA")])),
    ("nul_bytes.csv", Loads(2, 2, &[(0, "v", "a\0b")])),
    ("odd_column_names.csv", Loads(1, 12, &[(0, "a,b", "1"), (0, "a\nb", "1"), (0, " lead", "1")])),
    ("only_newlines.csv", Refused("it is empty")),
    ("other_arrow_names.parquet", Loads(3, 3, &[(0, "a", "1"), (1, "b", "5"), (2, "c", "9")])),
    ("pandas_index.parquet", Loads(3, 2, &[])),
    ("pandas_index_unnamed.parquet", Loads(2, 1, &[])),
    ("pipe_separated.txt", Loads(50, 9, &[(0, "flight_id", "1")])),
    ("plain.csv.gz", Loads(169, 9, &[])),
    ("png_named_csv.csv", Refused("it is a picture (PNG)")),
    (
        "quoted_newlines.csv",
        Loads(20, 3, &[(0, "comment", "line one of 0\nline \"two\", with comma"), (19, "score", "9.5")]),
    ),
    ("ragged_rows.csv", Loads(4, 3, &[(1, "c", "null"), (2, "c", "8"), (3, "a", "10")])),
    ("semicolon_decimal_comma.csv", Loads(60, 3, &[(0, "preis", "80501.44"), (1, "ort", "Łukasz")])),
    ("tab_separated.tsv", Loads(50, 9, &[(0, "flight_id", "1")])),
    ("time_in_seconds.parquet", Loads(3, 3, &[(0, "at", "3661000"), (1, "at", "null"), (2, "at", "86399000")])),
    (
        "timestamps_zones.csv",
        Loads(48, 5, &[(0, "Asia/Kolkata", "2013-11-03 04:30:00"), (0, "naive", "2013-11-03 00:30:00")]),
    ),
    ("truncated.feather", Refused("schema can't be read")),
    ("truncated_half.parquet", Refused("schema can't be read")),
    ("truncated_tail.parquet", Refused("schema can't be read")),
    ("unbalanced_quote.csv", Refused("a quote opens in row 1 (line 2) and never closes")),
    ("unicode_confusables.csv", Loads(8, 2, &[(7, "cat", "abc ")])),
    ("unnamed_index.csv", Loads(40, 10, &[(1, "", "1"), (1, "flight_id", "2001")])),
    ("utf16le_bom.csv", Loads(169, 9, &[(0, "flight_id", "1")])),
    ("uuid.arrow", Loads(3, 2, &[(0, "id", "00000000-0000-0000-0000-000000000001"), (2, "x", "3")])),
    ("uuid.parquet", Loads(3, 2, &[(0, "id", "00000000-0000-0000-0000-000000000001"), (2, "x", "3")])),
    ("zero_rows.parquet", Loads(0, 9, &[])),
    ("zip_with_traversal.zip", Refused("it is a ZIP archive")),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../engine/fixtures/nasty")
}

fn shown(frame: &DataFrame, row: usize, column: &str) -> String {
    match frame.column(column).and_then(|column| column.get(row).map(|value| value.into_static())) {
        Ok(AnyValue::String(text)) => text.to_owned(),
        Ok(AnyValue::StringOwned(text)) => text.to_string(),
        Ok(AnyValue::Float64(number)) if number.abs() < 1e-300 && number != 0.0 => format!("{number:e}"),
        Ok(value) => value.to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn every_difficult_file_loads_right_or_is_refused_in_a_sentence() {
    let mut failures = Vec::new();
    for (name, outcome) in FILES {
        let result = read_table(&folder().join(name), name, &ReadOptions::default(), &Limits::default());
        match (outcome, result) {
            (Loads(rows, columns, cells), Ok(table)) => {
                if (table.rows, table.frame.height() as u64, table.columns.len(), table.frame.width())
                    != (*rows, *rows, *columns, *columns)
                {
                    failures.push(format!("{name}: {} rows and {} columns", table.rows, table.columns.len()));
                }
                for (row, column, expected) in *cells {
                    let value = shown(&table.frame, *row, column);
                    if value != *expected {
                        failures.push(format!("{name}: row {row} of {column:?} is {value:?}, not {expected:?}"));
                    }
                }
            }
            (Refused(part), Err(problem)) => {
                let sentence = &problem.message;
                if !sentence.contains(part) || !sentence.starts_with(name) || sentence.contains('\n') {
                    failures.push(format!("{name}: {sentence}"));
                }
            }
            (Loads(..), Err(problem)) => failures.push(format!("{name} should load: {problem}")),
            (Refused(_), Ok(table)) => failures.push(format!("{name} should be refused; it has {} rows", table.rows)),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
fn every_table_is_the_same_when_its_text_is_kept_as_parquet() {
    let copies = tempfile::tempdir().unwrap();
    let (options, limits) = (ReadOptions::default(), Limits::default());
    let mut texts = 0;
    for (name, _) in FILES.iter().filter(|(_, outcome)| matches!(outcome, Loads(..))) {
        let path = folder().join(name);
        let read = read_table(&path, name, &options, &limits).unwrap();
        let copy = copies.path().join(name);
        for time in ["made", "found"] {
            let kept = BatchReader::open(&path, name, &options, &limits, Some(&copy)).unwrap().into_table().unwrap();
            assert!(kept.frame.equals_missing(&read.frame), "{name} when its copy is {time}");
            assert_eq!(kept.frame.dtypes(), read.frame.dtypes(), "{name}");
            assert_eq!(
                (kept.columns, kept.notes, kept.format),
                (read.columns.clone(), read.notes.clone(), read.format.clone())
            );
        }
        let is_text = !["Parquet", "Arrow"].iter().any(|format| read.format.starts_with(format));
        assert_eq!(copy.exists(), is_text, "{name}");
        texts += usize::from(is_text);
    }
    assert!(texts > 30, "{texts}");
}

#[test]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
fn the_table_above_lists_every_fixture() {
    let mut present: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    present.sort();
    let listed: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
    assert_eq!(present, listed);
}
