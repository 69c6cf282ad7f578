//! `cargo xtask lint`: the one lint command.

mod circles;
mod tidy;
mod words;

use crate::Outcome;
use crate::process::{PRODUCT, announce, cargo, root, run};
use crate::wasm_toolchain::{TARGET, WasmToolchain};

/// Formatting, clippy on the server's half, the compiler on the browser's half (clippy where its toolchain has it),
/// and documentation, warnings denied.
pub fn everything() -> Outcome {
    announce("House rules");
    tidy::check(&root())?;
    announce("Formatting");
    run(cargo().args(["fmt", "--all", "--check"]))?;
    announce("Clippy, server's half (about six minutes the first time)");
    let clippy = |packages: &[&str]| {
        run(cargo().args(["clippy", "--all-targets", "--quiet"]).args(packages).args(["--", "-D", "warnings"]))
    };
    clippy(&PRODUCT)?;
    clippy(&["--package", "xtask"])?;
    announce("Browser's half, warnings denied");
    let toolchain = WasmToolchain::ready()?;
    let verb = match toolchain {
        WasmToolchain::Rustup => "clippy",
        // Debian's packages carry no clippy-driver for this compiler; clippy has seen the same files above, in the server's half.
        WasmToolchain::Debian => "check",
    };
    let flags = "--cfg erase_components -D warnings";
    run(toolchain
        .cargo()
        .env("RUSTFLAGS", flags)
        .env("CARGO_TARGET_DIR", crate::process::wasm_target().join("lint"))
        .args([verb, "--quiet", "--package", "app", "--no-default-features", "--features", "hydrate"])
        .args(["--target", TARGET]))?;
    announce("Documentation");
    run(cargo().env("RUSTDOCFLAGS", "-D warnings").args([
        "doc",
        "--workspace",
        "--no-deps",
        "--quiet",
        "--document-private-items",
    ]))
}
