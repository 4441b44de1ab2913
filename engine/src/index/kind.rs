//! What kind of file a name stands for.

use larder_library::FileKind;

/// The part after the last dot, lowercase; a leading dot does not count.
pub(crate) fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty() && !extension.is_empty()).then(|| extension.to_lowercase())
}

/// The kind of a file with this extension.
pub(crate) fn kind(extension: Option<&str>) -> FileKind {
    let Some(extension) = extension else { return FileKind::Unknown };
    let known = KINDS.iter().find(|(_, extensions)| extensions.contains(&extension));
    known.map_or(FileKind::Unknown, |(kind, _)| *kind)
}

const KINDS: &[(FileKind, &[&str])] = &[
    (
        FileKind::Image,
        &[
            "jpg", "jpeg", "png", "gif", "webp", "avif", "heic", "heif", "bmp", "tif", "tiff", "svg", "ico",
            "raw", "dng", "cr2", "cr3", "nef", "arw", "orf", "rw2", "psd", "jxl", "xcf",
        ],
    ),
    (
        FileKind::Video,
        &[
            "mp4", "m4v", "mkv", "mov", "avi", "webm", "wmv", "flv", "mpg", "mpeg", "3gp", "ogv", "mts",
            "m2ts",
        ],
    ),
    (
        FileKind::Audio,
        &["mp3", "m4a", "aac", "flac", "wav", "ogg", "oga", "opus", "aiff", "aif", "wma", "mid", "midi"],
    ),
    (
        FileKind::Document,
        &[
            "pdf", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods", "csv", "ppt", "pptx", "odp", "epub",
            "mobi", "pages", "numbers", "key", "tex",
        ],
    ),
    (
        FileKind::Archive,
        &[
            "zip", "tar", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "jar", "iso", "dmg", "deb", "rpm",
            "lz4", "br", "cab",
        ],
    ),
    (
        FileKind::Code,
        &[
            "rs", "ts", "tsx", "js", "jsx", "mjs", "cjs", "py", "rb", "go", "java", "kt", "kts", "swift",
            "c", "h", "cc", "cpp", "hpp", "cxx", "cs", "m", "mm", "php", "pl", "lua", "sh", "bash", "zsh",
            "fish", "ps1", "bat", "sql", "html", "htm", "css", "scss", "sass", "less", "vue", "svelte",
            "json", "toml", "yaml", "yml", "xml", "graphql", "proto", "wasm", "wat", "zig", "nim", "ex",
            "exs", "erl", "hs", "ml", "scala", "clj", "dart", "r", "jl", "nix", "cmake", "gradle", "lock",
        ],
    ),
    (
        FileKind::Text,
        &["txt", "md", "markdown", "rst", "adoc", "log", "ini", "cfg", "conf", "env", "org", "srt", "vtt"],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_lowercase_and_dotfiles_have_none() {
        for (name, expected) in [
            ("A.JPG", Some("jpg")),
            ("a.tar.gz", Some("gz")),
            (".bashrc", None),
            ("Makefile", None),
            ("a.", None),
        ] {
            assert_eq!(extension(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn kinds_follow_the_extension() {
        for (extension, expected) in [
            (Some("jpg"), FileKind::Image),
            (Some("rs"), FileKind::Code),
            (Some("gz"), FileKind::Archive),
            (Some("zzz"), FileKind::Unknown),
            (None, FileKind::Unknown),
        ] {
            assert_eq!(kind(extension), expected);
        }
    }
}
