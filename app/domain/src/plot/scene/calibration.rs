//! Calibration: the observed share of positives against the score, per bin of the score, with 95 % intervals.

use super::super::format;
use super::marks::diagonal;
use super::{Axis, Chart, Head, Key, Mark, Scene, Shape, Table, Tone, Value, subject};
use crate::evaluation::CalibrationBin;

pub const CHART: Chart = Chart {
    id: "calibration",
    draw: |diagnosis, asked| {
        let (run, bins) =
            asked.run_with(diagnosis, |run| (!run.calibration.is_empty()).then_some(run.calibration.as_slice()))?;
        let chosen = asked.settings.threshold.map(chosen).unwrap_or_default();
        Ok(Scene { subject: subject(&run.name, &run.split), ..scene(bins) }.with(chosen))
    },
};

pub fn scene(bins: &[CalibrationBin]) -> Scene {
    let filled: Vec<&CalibrationBin> = bins.iter().filter(|bin| bin.n > 0).collect();
    let n: u64 = filled.iter().map(|bin| bin.n).sum();
    let places: Vec<_> = filled.iter().map(|bin| (bin.mean_score, bin.rate)).collect();
    let intervals = filled.iter().map(|bin| Mark::Rule {
        tone: Tone::Model,
        from: (bin.mean_score, bin.rate_low),
        to: (bin.mean_score, bin.rate_high),
    });
    let words = filled.iter().map(|bin| bin_words(bin)).collect();
    let marks = [diagonal()].into_iter().chain(intervals).chain([
        Mark::Line { tone: Tone::Model, places: places.clone() },
        Mark::Points { tone: Tone::Model, places, size: 4.0, words },
    ]);
    Scene {
        title: "Calibration: observed share of positives against the score".to_owned(),
        summary: summary(&filled),
        marks: marks.collect(),
        legend: vec![
            Key::new(Tone::Model, format!("{} rows in {} bins, 95 % intervals", format::count(n), filled.len())),
            Key::dashed("perfectly calibrated"),
        ],
        table: table(&filled),
        ..Scene::on(
            CHART.id,
            Shape::Square,
            Axis::shares(1.0, "mean score of the bin"),
            Axis::shares(1.0, "share positive"),
        )
    }
}

/// The threshold in use, across the plot.
pub fn chosen(threshold: f64) -> Vec<Mark> {
    let at = threshold.clamp(0.0, 1.0);
    vec![Mark::Rule { tone: Tone::Chosen, from: (at, 0.0), to: (at, 1.0) }]
}

fn bin_words(bin: &CalibrationBin) -> String {
    format!(
        "scores {} to {}: mean {}, positive {} ({} to {}), {} rows",
        format::number(bin.low),
        format::number(bin.high),
        format::share(bin.mean_score),
        format::share(bin.rate),
        format::share(bin.rate_low),
        format::share(bin.rate_high),
        format::count(bin.n),
    )
}

fn summary(bins: &[&CalibrationBin]) -> String {
    let worst = bins.iter().max_by(|a, b| (a.rate - a.mean_score).abs().total_cmp(&(b.rate - b.mean_score).abs()));
    worst.map_or(String::new(), |bin| {
        format!("The widest gap: at score {}, {} are positive.", format::share(bin.mean_score), format::share(bin.rate))
    })
}

fn table(bins: &[&CalibrationBin]) -> Table {
    let heads = [
        ("score from", "low"),
        ("to", "high"),
        ("mean score", "mean_score"),
        ("share positive", "rate"),
        ("95 % from", "rate_low"),
        ("to", "rate_high"),
        ("rows", "rows"),
    ];
    let rows = bins.iter().map(|bin| {
        vec![
            Value::Number(bin.low),
            Value::Number(bin.high),
            Value::Number(bin.mean_score),
            Value::Share(bin.rate),
            Value::Share(bin.rate_low),
            Value::Share(bin.rate_high),
            Value::Count(bin.n),
        ]
    });
    Table::new(heads.map(|(words, id)| Head::named(words, id)).to_vec(), rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_bins_are_left_out_and_the_widest_gap_is_said() {
        let bin = |low: f64, n, rate: f64| CalibrationBin {
            low,
            high: low + 0.5,
            n,
            mean_score: low + 0.25,
            rate,
            rate_low: rate - 0.1,
            rate_high: rate + 0.1,
        };
        let scene = scene(&[bin(0.0, 10, 0.3), bin(0.5, 20, 0.4), bin(1.0, 0, f64::NAN)]);
        assert_eq!(scene.table.rows.len(), 2);
        assert_eq!(scene.summary, "The widest gap: at score 75 %, 40 % are positive.");
        assert_eq!(scene.legend[0].words, "30 rows in 2 bins, 95 % intervals");
    }
}
