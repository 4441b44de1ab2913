//! The web app over plain HTTP.

use std::fs;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::site::Site;

/// The head and the body of an answer.
async fn get(site: &Site, request: &str, host: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(site.address()).await.unwrap();
    let text = format!("{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let body = answer.split_off(end + 4);
    (String::from_utf8(answer).unwrap().to_lowercase(), body)
}

#[tokio::test]
async fn the_web_app_comes_with_the_headers_that_keep_it_safe() {
    let site = Site::with(
        |config| config.web = Some(config.root.join("../web")),
        |site| {
            let web = site.outside().join("web/assets");
            fs::create_dir_all(&web).unwrap();
            fs::write(web.join("../index.html"), "<!doctype html>").unwrap();
            fs::write(web.join("larder_bg-1a2b.wasm"), b"\0asm").unwrap();
            fs::write(web.join("app-1a2b.js"), "").unwrap();
        },
    )
    .await;
    let own = site.address().to_string();

    let (head, body) = get(&site, "GET /?token=whatever", &own).await;
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert_eq!(body, b"<!doctype html>");
    for header in [
        "content-type: text/html; charset=utf-8",
        "script-src 'self' 'wasm-unsafe-eval'",
        "frame-ancestors 'none'",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "cache-control: no-cache",
    ] {
        assert!(head.contains(header), "{header} is not in {head}");
    }
    let (head, body) = get(&site, "GET /assets/larder_bg-1a2b.wasm", &own).await;
    assert!(head.contains("content-type: application/wasm") && head.contains("immutable"), "{head}");
    assert_eq!(body, b"\0asm");
    assert!(get(&site, "GET /assets/app-1a2b.js", &own).await.0.contains("text/javascript"));

    for missing in
        ["/nothing", "/assets", "/../larder.sqlite", "/%2e%2e/larder.sqlite", "/assets/../../larder.sqlite"]
    {
        let (head, _) = get(&site, &format!("GET {missing}"), &own).await;
        assert!(head.starts_with("http/1.1 404"), "{missing}: {head}");
        assert!(head.contains("nosniff"));
    }
    assert!(get(&site, "POST /", &own).await.0.starts_with("http/1.1 405"));
    assert!(get(&site, "GET /", "evil.example").await.0.starts_with("http/1.1 403"));
    assert!(get(&site, "GET /ws", &own).await.0.starts_with("http/1.1 403"));
}

#[tokio::test]
async fn without_a_web_app_the_page_says_so() {
    let site = Site::empty().await;
    let (head, body) = get(&site, "GET /", &site.address().to_string()).await;
    assert!(head.starts_with("http/1.1 404"));
    assert!(String::from_utf8(body).unwrap().contains("--web"));
}
