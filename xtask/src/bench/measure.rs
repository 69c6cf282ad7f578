//! What a program costs: wall time and the largest resident set of the process.

use std::process::{Command, Stdio};
use std::time::Instant;

use crate::Outcome;

#[derive(Clone, Copy)]
pub struct Cost {
    pub seconds: f64,
    /// NaN where the system does not tell (only Linux's /proc is read).
    pub peak_megabytes: f64,
}

/// Runs a program to its end.
///
/// # Errors
/// When it can't be started or fails.
pub fn cost_of(command: &mut Command) -> Outcome<Cost> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |error: std::io::Error| format!("could not run {program}: {error}.");
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(failed)?;
    let mut peak_kilobytes = f64::NAN;
    let status = loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            break status;
        }
        if let Some(kilobytes) = high_water_kilobytes(child.id()) {
            peak_kilobytes = kilobytes;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    };
    if !status.success() {
        return Err(format!("{program} ended with {status}"));
    }
    Ok(Cost { seconds: start.elapsed().as_secs_f64(), peak_megabytes: peak_kilobytes / 1024.0 })
}

/// `VmHWM` of /proc/PID/status.
fn high_water_kilobytes(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
