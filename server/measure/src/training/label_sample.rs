//! How many labelled rows and classes are looked at, and how they are drawn.

/// More different labels than this are a quantity.
pub(super) const CLASSES: usize = 10;
/// Fewer labelled rows than this teach nothing that could be held against single labels.
pub(super) const FEWEST_ROWS: usize = 200;
/// Two samples can be compared with fewer: what is expected of both is as good or bad, so nothing differs when nothing
/// changed. Of these rows, each half has a mean that varies as a normal one does.
pub(super) const FEWEST_COMPARED: usize = 60;
/// Rows that trees are trained on, for two classes; fewer for more, since each class has its own trees.
pub(crate) const ROWS: usize = 4_000;
pub(super) const FOLDS: usize = 4;
pub(super) const SEED: u64 = 0x6c61_6265_6c73;
