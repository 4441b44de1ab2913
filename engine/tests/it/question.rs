//! Answers that clients can cache.

use larder::wire::QueryResponse;
use serde_json::{Value, json};

use crate::client::Client;
use crate::site::Site;

/// All pages of an answer: the paths in order, and the sizes of the pages.
async fn pages(client: &mut Client, method: &str, input: Value) -> (Vec<String>, Vec<usize>) {
    let (mut paths, mut sizes, mut cursor) = (Vec::new(), Vec::new(), Value::Null);
    loop {
        let mut input = input.clone();
        if !cursor.is_null() {
            input["cursor"] = cursor;
        }
        let answer = client.query(method, input).await.unwrap();
        let read: QueryResponse<Value> = serde_json::from_value(answer.clone()).unwrap();
        assert!(read.cache.cacheable && read.cache.cache_duration.is_some());
        let files = answer["cache"]["resources"]["file"].as_array().unwrap();
        for file in files {
            let path = file["path"].as_str().unwrap();
            assert_eq!(Some(file), client.replica.file(path), "whole, as events have it");
            paths.push(path.to_owned());
        }
        let ids: Vec<&Value> = files.iter().map(|file| &file["id"]).collect();
        assert_eq!(answer["data"]["ids"], json!(ids));
        sizes.push(files.len());
        cursor = answer["meta"]["next"].clone();
        if cursor.is_null() {
            assert_eq!(answer["meta"]["total"], paths.len());
            return (paths, sizes);
        }
    }
}

#[tokio::test]
async fn a_folder_is_listed_page_by_page_and_says_on_what_it_depends() {
    let files = ["b/2.txt", "b/1.txt", "b/in/x.txt", "b/in/y.txt", "b.txt", "ba/z.txt", "b0.txt"];
    let site = Site::holding(&files).await;
    let mut client = site.client().await;
    let (paths, sizes) = pages(&mut client, "files.list", json!({"path": "b", "limit": 2})).await;
    assert_eq!((paths, sizes), (["b/1.txt", "b/2.txt", "b/in"].map(str::to_owned).to_vec(), vec![2, 1]));
    let (paths, sizes) =
        pages(&mut client, "files.list", json!({"path": "b", "recursive": true, "limit": 5})).await;
    assert_eq!(paths, ["b/1.txt", "b/2.txt", "b/in", "b/in/x.txt", "b/in/y.txt"]);
    assert_eq!(sizes, [5]);
    let (paths, _) = pages(&mut client, "files.list", json!({"path": ""})).await;
    assert_eq!(paths, ["b", "b.txt", "b0.txt", "ba"]);
    let (paths, _) =
        pages(&mut client, "files.list", json!({"path": "", "recursive": true, "limit": 3})).await;
    assert_eq!(paths.len(), 10);

    let answer = client.query("files.list", json!({"path": "b"})).await.unwrap();
    assert_eq!(answer["cache"]["invalidation"], json!({"scopes": [{"path": "b", "recursive": false}]}));
    for (input, kind) in [
        (json!({"path": "none"}), "not_found"),
        (json!({"path": "b.txt"}), "not_found"),
        (json!({}), "invalid_input"),
    ] {
        assert_eq!(client.query("files.list", input).await, Err(kind.to_owned()));
    }
}

#[tokio::test]
async fn a_search_finds_the_shortest_paths_first_page_by_page() {
    let site = Site::holding(&["note.txt", "a/NOTES.md", "b/notes.md", "deep/er/note", "other.txt"]).await;
    let mut client = site.client().await;
    let (paths, sizes) = pages(&mut client, "files.search", json!({"text": "note", "limit": 1})).await;
    assert_eq!(paths, ["note.txt", "a/NOTES.md", "b/notes.md", "deep/er/note"]);
    assert_eq!(sizes, [1; 4]);
    assert_eq!(pages(&mut client, "files.search", json!({"text": "nothing"})).await, (vec![], vec![0]));
}
