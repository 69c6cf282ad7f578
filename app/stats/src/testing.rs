//! Seeded draws for tests, here and in the crates that judge by these figures.

use crate::rng::Rng;

/// `n` draws, the same for the same seed.
pub fn draws(seed: u64, n: usize, mut draw: impl FnMut(&mut Rng) -> f64) -> Vec<f64> {
    let mut rng = Rng::new(seed);
    (0..n).map(|_| draw(&mut rng)).collect()
}

/// A normal draw (Box and Muller).
pub fn normal(rng: &mut Rng) -> f64 {
    let (u, v) = (rng.next_f64().max(1e-300), rng.next_f64());
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

/// An exponential draw with mean 1: positive and skewed, as amounts and distances are.
pub fn exponential(rng: &mut Rng) -> f64 {
    -(1.0 - rng.next_f64()).max(1e-300).ln()
}
