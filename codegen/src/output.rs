//! Generated text and files.

use crate::CodegenError;
use std::path::Path;

/// Writes a file unless it has this text already, so that nothing is built again without need. Returns whether it wrote.
pub(crate) fn write(path: &Path, text: &str) -> Result<bool, CodegenError> {
    if std::fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(false);
    }
    let failed = |action| move |source| CodegenError::File { action, path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed("make the folder of"))?;
    }
    std::fs::write(path, text).map_err(failed("write"))?;
    Ok(true)
}

/// Fails unless a file has this text.
pub(crate) fn check(path: &Path, text: &str) -> Result<(), CodegenError> {
    let there = std::fs::read_to_string(path).map_err(|source| CodegenError::File {
        action: "read",
        path: path.to_owned(),
        source,
    })?;
    // A checkout may have other line ends.
    if there.lines().eq(text.lines()) {
        return Ok(());
    }
    let same = there.lines().zip(text.lines()).take_while(|(there, wanted)| there == wanted).count();
    Err(CodegenError::Drift { path: path.to_owned(), line: same + 1 })
}
