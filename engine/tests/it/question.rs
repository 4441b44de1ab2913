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

/// Waits for what the engine says of this watched answer.
async fn told(client: &mut Client, id: &str) -> Value {
    let known = client.replica.frames.len();
    let is_of = |frame: &&Value| frame["data"]["id"] == id && frame["type"] != "result";
    client
        .until("the watched answer is spoken of", |replica| {
            replica.frames[known..].iter().any(|frame| is_of(&frame))
        })
        .await;
    client.replica.frames[known..].iter().find(is_of).unwrap().clone()
}

#[tokio::test]
async fn a_watched_answer_is_told_of_when_it_is_another_and_only_then() {
    let site = Site::holding(&["note.txt", "other.txt"]).await;
    let mut client = site.client().await;
    let input = json!({"text": "note"});
    let answer = client.query("files.search", input.clone()).await.unwrap();
    let seen = answer["cache"]["watch"].as_str().unwrap().to_owned();
    let watch = |id: &str, seen: &str| json!({"type": "watch", "data": {"id": id, "method": "files.search", "input": input, "seen": seen}});
    client.send(watch("w1", &seen)).await;
    client.send(watch("w2", "what was seen long ago")).await;
    assert_eq!(told(&mut client, "w2").await["type"], "changed", "it was another already");

    site.write("unrelated.txt", "x");
    client.until("the other file is here", |replica| replica.file("unrelated.txt").is_some()).await;
    site.write("a note.txt", "x");
    assert_eq!(told(&mut client, "w1").await["type"], "changed");
    let spoken = client.replica.frames.iter().filter(|frame| frame["data"]["id"] == "w1").count();
    assert_eq!(spoken, 1, "not of a change that it has nothing to do with");

    client.send(json!({"type": "unwatch", "data": {"id": "w1"}})).await;
    site.write("third note.txt", "x");
    assert_eq!(told(&mut client, "w2").await["type"], "changed");
    assert_eq!(client.replica.frames.iter().filter(|frame| frame["data"]["id"] == "w1").count(), 1);

    client
        .send(json!({"type": "watch", "data": {"id": "w3", "method": "none", "input": null, "seen": ""}}))
        .await;
    let refused = told(&mut client, "w3").await;
    assert_eq!(
        (refused["type"].clone(), refused["data"]["kind"].clone()),
        (json!("failed"), json!("unknown_method"))
    );
}

#[tokio::test]
async fn a_connection_watches_so_many_answers_and_no_more_until_it_lets_go_of_one() {
    let site = Site::holding(&["note.txt"]).await;
    let mut client = site.client().await;
    let watch = |id: usize| json!({"type": "watch", "data": {"id": format!("w{id}"), "method": "files.search", "input": {"text": id.to_string()}, "seen": ""}});
    for id in 0..256 {
        client.send(watch(id)).await;
    }
    assert_eq!(told(&mut client, "w255").await["type"], "changed");
    client.send(watch(256)).await;
    let refused = told(&mut client, "w256").await;
    assert_eq!((&refused["type"], &refused["data"]["kind"]), (&json!("failed"), &json!("too_many_watched")));
    client.send(json!({"type": "unwatch", "data": {"id": "w0"}})).await;
    client.send(watch(256)).await;
    assert_eq!(told(&mut client, "w256").await["type"], "changed");
}
