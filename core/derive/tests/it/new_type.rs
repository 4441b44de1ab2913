//! A new resource type is one struct, and no other code.

use larder::query::Query;
use larder::{Cache, Config, Resource};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::payload::rows;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Resource)]
#[serde(rename_all = "camelCase")]
struct BlogPost {
    #[resource(id)]
    slug: String,
    #[resource(version)]
    revision: u64,
    title: String,
    #[resource(merge = "union")]
    reader_ids: Vec<u32>,
}

fn post(revision: u64, title: &str, reader_ids: &[u32]) -> BlogPost {
    BlogPost { slug: "hello".to_owned(), revision, title: title.to_owned(), reader_ids: reader_ids.to_vec() }
}

fn event(post: &BlogPost) -> String {
    json!({"ResourceChanged": {"resource_type": BlogPost::NAME, "resource": post}}).to_string()
}

#[test]
fn a_struct_is_all_it_takes_to_stream_and_query_a_new_type() {
    let mut cache = Cache::new(larder::registry![BlogPost].unwrap(), Config::default());
    let query = json!({"from": BlogPost::NAME, "where": {"readerIds": {"contains": 2}}}).to_string();
    let mounted = cache.mount(&Query::parse(&query).unwrap());
    mounted.result.unwrap();
    assert_eq!(rows::<BlogPost>(mounted.patch), []);

    let step = cache.apply(event(&post(1, "Hello", &[1])).as_str());
    assert_eq!(step.result.unwrap().changed, 1);
    assert_eq!(rows::<BlogPost>(step.patch), [], "the query is about other rows");

    let step = cache.apply(event(&post(2, "Hello again", &[2])).as_str());
    assert_eq!(step.result.unwrap().changed, 1);
    assert_eq!(
        rows::<BlogPost>(step.patch),
        [post(2, "Hello again", &[1, 2])],
        "replaced, and its readers united"
    );

    let step = cache.apply(event(&post(1, "Hello", &[3])).as_str());
    assert_eq!(step.result.unwrap().stale, 1, "the version that the struct names counts");

    let deleted = json!({"ResourceDeleted": {"resource_type": BlogPost::NAME, "resource_id": "hello"}});
    assert_eq!(cache.apply(deleted.to_string().as_str()).result.unwrap().changed, 1);
}

#[test]
fn what_is_declared_is_the_registry_that_other_languages_read() {
    let declared: Value = serde_json::to_value(BlogPost::resource_type()).unwrap();
    let expected = json!({
        "name": "blog_post", "id": "slug", "version": "revision", "merge": "replace",
        "fields": {"readerIds": "union"},
    });
    assert_eq!(declared, expected);
}
