//! Packages that compute features and predictions or load models: with another release of them the same model may give
//! other predictions.

/// Package and why it matters, by PEP 503 names.
const COMPUTING: [(&str, &str); 38] = [
    ("numpy", "arithmetic and random numbers of most other packages"),
    ("scipy", "statistics, sparse matrices and solvers"),
    ("pandas", "types, missing values and joins of feature tables"),
    ("polars", "types, missing values and joins of feature tables"),
    ("pyarrow", "types and missing values of files that are read"),
    ("scikit-learn", "fitted estimators, which are only guaranteed to load in the version that saved them"),
    ("imbalanced-learn", "fitted pipelines"),
    ("category-encoders", "fitted encodings"),
    ("feature-engine", "fitted encodings"),
    ("statsmodels", "fitted models"),
    ("xgboost", "trees and how they handle missing values"),
    ("lightgbm", "trees and how they handle categories"),
    ("catboost", "trees and how they handle categories"),
    ("torch", "kernels and saved weights"),
    ("torchvision", "how images are resized and normalised"),
    ("torchaudio", "how audio is resampled"),
    ("tensorflow", "kernels and saved models"),
    ("keras", "layers and saved models"),
    ("tf-keras", "layers and saved models"),
    ("jax", "kernels and random numbers"),
    ("jaxlib", "kernels"),
    ("flax", "layers and saved weights"),
    ("onnx", "the file format of a model"),
    ("onnxruntime", "kernels of converted models"),
    ("transformers", "preprocessing and architectures"),
    ("tokenizers", "how text becomes numbers"),
    ("sentencepiece", "how text becomes numbers"),
    ("sentence-transformers", "embeddings"),
    ("spacy", "how text becomes numbers"),
    ("nltk", "how text becomes numbers"),
    ("gensim", "embeddings"),
    ("safetensors", "saved weights"),
    ("joblib", "how models are loaded"),
    ("cloudpickle", "how models are loaded"),
    ("dill", "how models are loaded"),
    ("numba", "compiled features"),
    ("opencv-python", "how images are decoded and resized"),
    ("pillow", "how images are decoded and resized"),
];

/// Builds of one package for other machines, under names of their own.
const SAME: [(&str, &str); 7] = [
    ("tensorflow-cpu", "tensorflow"),
    ("tensorflow-gpu", "tensorflow"),
    ("tensorflow-intel", "tensorflow"),
    ("onnxruntime-gpu", "onnxruntime"),
    ("opencv-python-headless", "opencv-python"),
    ("opencv-contrib-python", "opencv-python"),
    ("xgboost-cpu", "xgboost"),
];

/// One name for all builds of a package.
pub fn canonical(package: &str) -> &str {
    SAME.iter().find(|(build, _)| *build == package).map_or(package, |(_, name)| name)
}

/// What the package does to features, models or predictions; `None` when it does nothing.
pub fn role(package: &str) -> Option<&'static str> {
    COMPUTING.iter().find(|(name, _)| *name == package).map(|(_, role)| *role)
}
