//! The files of the web app.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::At;

/// Answers with one file; `/` is `index.html`.
pub(super) async fn asset(State(at): State<Arc<At>>, uri: Uri) -> Response {
    let Some(web) = at.server.config.web.clone() else {
        return (StatusCode::NOT_FOUND, "The engine runs, but was not told where the web app is (--web).")
            .into_response();
    };
    let path = uri.path().to_owned();
    let found = tokio::task::spawn_blocking(move || {
        let file = locate(&web, &path)?;
        let bytes = std::fs::read(&file).ok()?;
        Some((file, bytes))
    })
    .await;
    let Ok(Some((file, bytes))) = found else {
        return (StatusCode::NOT_FOUND, "There is no such file in the web app.").into_response();
    };
    // The build tool puts a hash of the content into the names of what is in `assets`.
    let lasting = uri.path().starts_with("/assets/");
    let cache = if lasting { "public, max-age=31536000, immutable" } else { "no-cache" };
    ([(CONTENT_TYPE, content_type(&file)), (CACHE_CONTROL, cache)], bytes).into_response()
}

/// The file for a path of the URL, if it is really inside `web`.
fn locate(web: &Path, path: &str) -> Option<PathBuf> {
    let path = if path == "/" { "/index.html" } else { path };
    let plain = |name: &str| {
        !name.is_empty()
            && !name.starts_with('.')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.@+~".contains(&byte))
    };
    let mut file = web.canonicalize().ok()?;
    let web = file.clone();
    for name in path.strip_prefix('/')?.split('/') {
        if !plain(name) {
            return None;
        }
        file.push(name);
    }
    let file = file.canonicalize().ok()?;
    (file.starts_with(&web) && file.is_file()).then_some(file)
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_web_app_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let web = folder.path().join("web");
        std::fs::create_dir_all(web.join("assets")).unwrap();
        std::fs::write(web.join("index.html"), "").unwrap();
        std::fs::write(web.join("assets/app-1a.js"), "").unwrap();
        std::fs::write(web.join(".env"), "").unwrap();
        std::fs::write(folder.path().join("secret"), "").unwrap();
        assert!(locate(&web, "/").unwrap().ends_with("index.html"));
        assert!(locate(&web, "/assets/app-1a.js").is_some());
        for path in [
            "/../secret",
            "/%2e%2e/secret",
            "/assets",
            "/.env",
            "//index.html",
            "/assets/..",
            "/gone",
            "secret",
        ] {
            assert_eq!(locate(&web, path), None, "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_web_app_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let web = folder.path().join("web");
        std::fs::create_dir(&web).unwrap();
        std::fs::write(folder.path().join("secret"), "").unwrap();
        std::os::unix::fs::symlink(folder.path().join("secret"), web.join("link")).unwrap();
        assert_eq!(locate(&web, "/link"), None);
    }
}
