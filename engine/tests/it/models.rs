//! A device that does without some of what all devices write.

use serde_json::json;

use crate::devices::{pair, site};

#[tokio::test]
async fn a_device_does_without_tags_until_it_wants_them_again() {
    let (a, mut b) = (site("a.txt").await, site("b.txt").await);
    pair(&a, &mut b).await;
    let mut there = a.client().await;
    let mut here = b.client().await;
    here.until("files of the other come", |replica| replica.file("a.txt").is_some()).await;
    let file = here.replica.id("a.txt");
    for (id, name) in [("t1", "Holiday"), ("t2", "Work")] {
        here.mutate("tags.create", json!({"id": id, "name": name, "color": "#f0a020"})).await.unwrap();
        here.mutate("tags.apply", json!({"file_id": file, "tag_id": id})).await.unwrap();
    }
    there.until("both", |replica| replica.file("a.txt").unwrap()["tag_ids"] == json!(["t1", "t2"])).await;

    let choice = |wanted: bool| json!({"model": "tag", "wanted": wanted});
    // The other has them all, and has said so soon after.
    let mut chosen = here.mutate("models.select", choice(false)).await;
    for _ in 0..50 {
        if chosen != Err("not_kept".to_owned()) {
            break;
        }
        here.idle(std::time::Duration::from_millis(100)).await;
        chosen = here.mutate("models.select", choice(false)).await;
    }
    chosen.unwrap();
    here.until("they are taken away", |replica| {
        replica.of("tag").next().is_none() && replica.file("a.txt").unwrap()["tag_ids"] == json!([])
    })
    .await;
    let without = |row: &serde_json::Value| row["unwanted_models"] == json!(["tag"]);
    assert!(here.replica.of("device").any(without));
    let make = json!({"id": "t3", "name": "Later", "color": "#f0a020"});
    assert_eq!(here.mutate("tags.create", make.clone()).await, Err("not_wanted".to_owned()));
    there.mutate("tags.remove", json!({"file_id": file, "tag_id": "t1"})).await.unwrap();
    there.mutate("tags.delete", json!({"id": "t2"})).await.unwrap();
    there.mutate("tags.create", make).await.unwrap();
    b.stop().await;
    b.start().await;
    let mut here = b.client().await;
    here.idle(std::time::Duration::from_millis(500)).await;
    assert!(here.replica.of("tag").next().is_none(), "after a restart, too");

    here.mutate("models.select", choice(true)).await.unwrap();
    here.until("they are as they are there", |replica| {
        let mut ids: Vec<String> =
            replica.of("tag").map(|tag| tag["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids == ["t1", "t3"] && replica.file("a.txt").unwrap()["tag_ids"] == json!([])
    })
    .await;
    for (model, kind) in [("file", "needed"), ("content_identity", "needed"), ("dance", "not_found")] {
        let refused = here.mutate("models.select", json!({"model": model, "wanted": false})).await;
        assert_eq!(refused, Err(kind.to_owned()), "{model}");
    }
    here.assert_sound().await;
}
