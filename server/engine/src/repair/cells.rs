//! The cells of a table as they are written to a file: exact, where a page rounds times to the minute and long ids to what
//! a number holds.

use domain::plot::format;
use polars::prelude::{DataType, Series};

use crate::selection::values::shown;

/// One text for each row; `None` is missing.
pub(super) fn cells(series: &Series) -> Vec<Option<String>> {
    match series.dtype() {
        DataType::Int64 => match series.i64() {
            Ok(values) => values.iter().map(|value| value.map(|value| value.to_string())).collect(),
            Err(_) => shown(series),
        },
        DataType::Datetime(..) => match series.datetime() {
            Ok(times) => times.physical().iter().map(|time| time.map(moment)).collect(),
            Err(_) => shown(series),
        },
        _ => shown(series),
    }
}

/// To the second, and to the millisecond where there are any.
fn moment(ms: i64) -> String {
    let (day, rest) = (ms.div_euclid(format::DAY_MS), ms.rem_euclid(format::DAY_MS));
    let (year, month, of_month) = format::civil(day);
    let (second, milli) = (rest / 1_000, rest % 1_000);
    let (hours, minutes, seconds) = (second / 3_600, second / 60 % 60, second % 60);
    let fraction = if milli > 0 { format!(".{milli:03}") } else { String::new() };
    format!("{year:04}-{month:02}-{of_month:02} {hours:02}:{minutes:02}:{seconds:02}{fraction}")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use polars::prelude::{NamedFrom, TimeUnit};

    use super::*;

    #[test]
    fn long_ids_and_seconds_are_kept() {
        let ids = Series::new("id".into(), [Some(9_007_199_254_740_993_i64), None]);
        assert_eq!(cells(&ids), [Some("9007199254740993".to_owned()), None]);
        let times = Series::new("at".into(), [1_710_943_216_000_i64, 250, -1]);
        let times = times.cast(&DataType::Datetime(TimeUnit::Milliseconds, None)).unwrap();
        let written: Vec<String> = cells(&times).into_iter().flatten().collect();
        assert_eq!(written, ["2024-03-20 14:00:16", "1970-01-01 00:00:00.250", "1969-12-31 23:59:59.999"]);
        assert_eq!(cells(&Series::new("x".into(), [0.1, 5.0])), [Some("0.1".to_owned()), Some("5".to_owned())]);
    }
}
