//! Suspects from hand-made findings.
