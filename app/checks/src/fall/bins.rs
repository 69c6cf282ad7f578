//! How the values of a column become bins.

use std::collections::HashMap;

use domain::measurements::fall_rows::Cells;
use stats::boosted_trees::Binning;

/// How a column becomes bins, learnt from the rows before.
pub enum Bins {
    Numbers(Binning),
    /// The number of each level, the most frequent first.
    Words(HashMap<String, usize>),
}

impl Bins {
    pub fn learn(cells: &Cells) -> Self {
        match cells {
            Cells::Numbers(values) => Bins::Numbers(Binning::of_numbers(values)),
            Cells::Words { levels, of } => {
                let mut counts = vec![0_usize; levels.len()];
                of.iter().filter_map(|code| counts.get_mut(*code as usize).map(|count| *count += 1)).count();
                let mut order: Vec<usize> = (0..levels.len()).collect();
                order.sort_by(|a, b| counts[*b].cmp(&counts[*a]).then_with(|| levels[*a].cmp(&levels[*b])));
                Bins::Words(order.into_iter().enumerate().map(|(rank, level)| (levels[level].clone(), rank)).collect())
            }
        }
    }

    pub fn apply(&self, cells: &Cells) -> Vec<u8> {
        match (self, cells) {
            (Bins::Numbers(binning), Cells::Numbers(values)) => {
                values.iter().map(|value| binning.bin(*value)).collect()
            }
            (Bins::Words(ranks), Cells::Words { levels, of }) => {
                let bin =
                    |level: &String| Binning::Categories.bin(ranks.get(level).map_or(f64::MAX, |rank| *rank as f64));
                let bins: Vec<u8> = levels.iter().map(bin).collect();
                of.iter().map(|code| bins.get(*code as usize).copied().unwrap_or(0)).collect()
            }
            _ => vec![0; cells.len()],
        }
    }
}
