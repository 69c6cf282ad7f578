//! Pure statistics over slices. Names and definitions are SciPy's and scikit-learn's; each function cites its own.
