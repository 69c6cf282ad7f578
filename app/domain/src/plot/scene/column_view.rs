//! How one column is looked at: the part of the address that says it, read on the server and kept in step in the browser.

use serde::{Deserialize, Serialize};

/// The kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Picture {
    #[default]
    Histogram,
    Ecdf,
    Qq,
    OverTime,
}

impl Picture {
    pub const ALL: [Picture; 4] = [Picture::Histogram, Picture::Ecdf, Picture::Qq, Picture::OverTime];

    /// The value of `view=`.
    pub fn id(self) -> &'static str {
        match self {
            Picture::Histogram => "histogram",
            Picture::Ecdf => "ecdf",
            Picture::Qq => "qq",
            Picture::OverTime => "time",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Picture::Histogram => "Histogram",
            Picture::Ecdf => "ECDF",
            Picture::Qq => "QQ",
            Picture::OverTime => "Over time",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum AxisKind {
    /// Logarithmic where the values span decades, see [`super::histogram::spans_decades`].
    #[default]
    Fitting,
    Linear,
    Log,
}

const AXES: [AxisKind; 3] = [AxisKind::Fitting, AxisKind::Linear, AxisKind::Log];

impl AxisKind {
    /// The value of `log=`.
    fn id(self) -> &'static str {
        match self {
            AxisKind::Fitting => "",
            AxisKind::Linear => "0",
            AxisKind::Log => "1",
        }
    }
}

/// What the height of a bar is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Height {
    /// Share of the side's rows: sides of different sizes can be compared.
    #[default]
    Share,
    Count,
}

/// Everything the address says about the picture of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnView {
    pub picture: Picture,
    pub axis: AxisKind,
    pub bins: usize,
    pub height: Height,
}

impl Default for ColumnView {
    fn default() -> Self {
        ColumnView {
            picture: Picture::default(),
            axis: AxisKind::default(),
            bins: Self::DEFAULT_BINS,
            height: Height::default(),
        }
    }
}

impl ColumnView {
    pub const DEFAULT_BINS: usize = 50;

    /// Reads `view=`, `log=0` or `log=1`, `bins=` and `norm=count` through `parameter`; anything else means the default.
    pub fn from_query(parameter: impl Fn(&str) -> Option<String>) -> ColumnView {
        let named = |name: &str| parameter(name).unwrap_or_default();
        let picture = named("view");
        ColumnView {
            picture: Picture::ALL.into_iter().find(|one| one.id() == picture).unwrap_or_default(),
            axis: AXES.into_iter().find(|axis| axis.id() == named("log")).unwrap_or_default(),
            bins: named("bins").parse().ok().filter(|bins| (2..=200).contains(bins)).unwrap_or(Self::DEFAULT_BINS),
            height: if named("norm") == "count" { Height::Count } else { Height::Share },
        }
    }

    /// The parameters to write; an empty value means that the parameter is left out.
    pub fn to_query(self) -> [(&'static str, String); 4] {
        let Self { picture, axis, bins, height } = self;
        [
            ("view", if picture == Picture::default() { String::new() } else { picture.id().to_owned() }),
            ("log", axis.id().to_owned()),
            ("bins", if bins == Self::DEFAULT_BINS { String::new() } else { bins.to_string() }),
            ("norm", if height == Height::Count { "count".to_owned() } else { String::new() }),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_brings_back_the_same_view() {
        let view = ColumnView { picture: Picture::Qq, axis: AxisKind::Log, bins: 20, height: Height::Count };
        for view in [view, ColumnView::default()] {
            let written = view.to_query();
            let read = |name: &str| written.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
            assert_eq!(ColumnView::from_query(read), view);
        }
    }

    #[test]
    fn nonsense_means_the_default() {
        let odd = |name: &str| Some(if name == "bins" { "999999999999" } else { "<svg>" }.to_owned());
        assert_eq!(ColumnView::from_query(odd), ColumnView::default());
    }
}
