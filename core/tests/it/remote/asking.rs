//! When the backend is asked, and what its answers do.

use larder::Phase;
use larder::remote::{Invalidation, RemoteStatus};
use serde_json::json;

use super::{Desk, file};

fn search() -> serde_json::Value {
    json!({"method": "files.search", "input": {"text": "x"}, "from": "file"})
}

#[test]
fn an_answer_shows_its_entities_in_its_order_and_they_stay_live() {
    let mut desk = Desk::new();
    let query = desk.mount(search());
    assert_eq!(desk.state(query).status, RemoteStatus::Pending);
    assert!(desk.state(query).is_fetching);
    let asked = desk.asked_once();
    assert_eq!((asked.method.as_str(), asked.input.clone()), ("files.search", json!({"text": "x"})));
    desk.answer(
        &asked,
        json!({"data": [file("c", 1, "/"), file("a", 1, "/"), file("b", 1, "/")], "meta": {"total": 3}}),
    );
    assert_eq!(desk.ids(query), ["c", "a", "b"]);
    let state = desk.state(query);
    assert_eq!((state.status, state.is_fetching, state.backend_total), (RemoteStatus::Ready, false, Some(3)));

    desk.change(json!({"id": "a", "v": 2, "name": "new"}));
    assert_eq!(desk.host.objects(query)[1]["name"], "new");
    desk.change(file("d", 1, "/"));
    desk.delete("c");
    assert_eq!(desk.ids(query), ["a", "b"]);
    assert!(desk.asked().is_empty(), "events need no question");
}

#[test]
fn a_late_answer_neither_brings_older_rows_nor_what_was_deleted_meanwhile() {
    let mut desk = Desk::new();
    let query = desk.mount(search());
    let asked = desk.asked_once();
    desk.change(json!({"id": "a", "v": 5, "name": "newest"}));
    desk.change(file("b", 1, "/"));
    desk.delete("b");
    desk.answer(&asked, json!({"data": [file("a", 4, "/"), file("b", 1, "/")]}));
    assert_eq!(desk.ids(query), ["a"]);
    assert_eq!(desk.host.objects(query)[0]["name"], "newest");
}

#[test]
fn equal_questions_are_asked_once_and_results_are_kept_after_the_last_has_left() {
    let mut desk = Desk::new();
    let first = desk.mount(search());
    let limited =
        desk.mount(json!({"from": "file", "limit": 1, "input": {"text": "x"}, "method": "files.search"}));
    // Another result of the same question.
    let ordered = desk.mount(
        json!({"from": "file", "orderBy": [{"name": "desc"}], "input": {"text": "x"}, "method": "files.search"}),
    );
    let asked = desk.asked_once();
    desk.answer(&asked, json!([file("b", 1, "/"), file("a", 1, "/"), file("c", 1, "/")]));
    assert_eq!(desk.ids(first), ["b", "a", "c"]);
    assert_eq!(desk.ids(limited), ["b"]);
    assert_eq!(desk.ids(ordered), ["c", "b", "a"]);
    for query in [first, limited, ordered] {
        desk.host.unmount(&mut desk.cache, query);
    }
    desk.change(json!({"id": "a", "v": 2, "name": "new"}));
    let again = desk.mount(search());
    assert_eq!(desk.ids(again), ["b", "a", "c"]);
    assert_eq!(desk.host.objects(again)[1]["name"], "new");
    assert!(desk.asked().is_empty());
}

#[test]
fn policies_say_when_the_backend_is_asked() {
    let with = |policy: &str| {
        let mut request = search();
        request["policy"] = policy.into();
        request
    };
    let mut desk = Desk::new();
    let only = desk.mount(with("cache_only"));
    assert!(desk.asked().is_empty());
    assert_eq!(desk.state(only).status, RemoteStatus::Pending);
    let network = desk.mount(with("network_only"));
    let asked = desk.asked_once();
    desk.answer(&asked, json!([file("a", 1, "/")]));
    assert_eq!((desk.ids(only), desk.ids(network)), (vec!["a".to_owned()], vec!["a".to_owned()]));
    desk.host.unmount(&mut desk.cache, only);
    desk.host.unmount(&mut desk.cache, network);

    let swr = desk.mount(with("stale_while_revalidate"));
    assert_eq!(desk.ids(swr), ["a"]);
    let asked = desk.asked_once();
    desk.answer(&asked, json!([file("b", 1, "/"), file("a", 1, "/")]));
    assert_eq!(desk.ids(swr), ["b", "a"]);
    desk.host.unmount(&mut desk.cache, swr);

    let network = desk.mount(with("network_only"));
    assert!(desk.ids(network).is_empty());
    assert_eq!(desk.asked().len(), 1);
}

#[test]
fn results_expire_by_the_query_by_the_answer_and_by_the_method() {
    let config = larder::Config::parse(r#"{"methods": {"files.search": {"ttlMs": 50000}}}"#).unwrap();
    for (ttl, duration, expires_ms) in [
        (json!(10_000), json!(20), 10_000),
        (json!(null), json!(20), 20_000),
        (json!(null), json!(null), 50_000),
    ] {
        let mut desk = Desk::offline(json!({"types": [{"name": "file"}]}), config.clone());
        desk.connect();
        let mut request = search();
        request["ttl"] = ttl;
        let query = desk.mount(request.clone());
        let asked = desk.asked_once();
        desk.answer(&asked, json!({"data": [file("a", 1, "/")], "cache": {"cache_duration": duration}}));
        desk.tick(1_000 + expires_ms - 1);
        assert!(!desk.state(query).is_stale);
        desk.tick(1_000 + expires_ms);
        assert!(desk.state(query).is_stale, "{expires_ms}");
        assert!(desk.asked().is_empty(), "cache_first only says so");
        desk.host.unmount(&mut desk.cache, query);
        let query = desk.mount(request);
        assert_eq!(desk.ids(query), ["a"]);
        assert_eq!(desk.asked().len(), 1, "it asks when it is wanted again");
    }
}

#[test]
fn a_result_that_must_not_be_cached_is_asked_for_each_time() {
    let mut desk = Desk::new();
    for _ in 0..2 {
        let query = desk.mount(search());
        let asked = desk.asked_once();
        assert!(desk.ids(query).is_empty());
        desk.answer(&asked, json!({"data": [file("a", 1, "/")], "cache": {"cacheable": false}}));
        assert_eq!(desk.ids(query), ["a"]);
        desk.host.unmount(&mut desk.cache, query);
    }
}

#[test]
fn questions_that_fail_are_asked_again_with_pauses_unless_that_is_pointless() {
    let mut desk = Desk::new();
    let query = desk.mount(search());
    for wait_ms in [1_000, 2_000, 4_000] {
        let asked = desk.asked_once();
        desk.fail(&asked, "io");
        assert_eq!((desk.state(query).is_fetching, desk.state(query).error), (true, None));
        desk.tick(desk.now_ms + wait_ms - 1);
        assert!(desk.asked().is_empty());
        desk.tick(desk.now_ms + 1);
    }
    let asked = desk.asked_once();
    desk.fail(&asked, "io");
    let state = desk.state(query);
    assert_eq!((state.status, state.is_fetching), (RemoteStatus::Failed, false));
    assert_eq!(state.error.unwrap().kind, "io");

    desk.host.deliver(desk.cache.refetch(query, desk.now_ms)).unwrap();
    let asked = desk.asked_once();
    desk.fail(&asked, "unknown_method");
    assert_eq!(desk.state(query).error.unwrap().kind, "unknown_method");
    desk.host.deliver(desk.cache.refetch(query, desk.now_ms)).unwrap();
    let asked = desk.asked_once();
    desk.answer(&asked, json!({"neither": 1}));
    assert_eq!(desk.state(query).error.unwrap().kind, "remote.malformed");
    desk.host.deliver(desk.cache.refetch(query, desk.now_ms)).unwrap();
    let asked = desk.asked_once();
    desk.answer(&asked, json!({"data": [{"id": "a", "v": "one"}]}));
    assert_eq!(desk.state(query).error.unwrap().kind, "event.wrong_type");
    desk.host.deliver(desk.cache.refetch(query, desk.now_ms)).unwrap();
    let asked = desk.asked_once();
    desk.answer(&asked, json!([]));
    assert_eq!((desk.state(query).status, desk.state(query).error), (RemoteStatus::Ready, None));
}

#[test]
fn an_answer_that_cannot_be_read_at_all_ends_its_question() {
    let mut desk = Desk::new();
    let query = desk.mount(search());
    let asked = desk.asked_once();
    let text = format!(
        r#"{{"type":"result","data":{{"id":"{}","data":[{{"id":"a","n":9007199254740993}}]}}}}"#,
        asked.id
    );
    let error = desk.host.deliver(desk.cache.receive(text.as_str(), desk.now_ms)).unwrap_err();
    assert_eq!(error.kind(), "frame.malformed");
    let state = desk.state(query);
    assert_eq!((state.is_fetching, state.error.unwrap().kind), (false, "frame.malformed".to_owned()));
}

#[test]
fn a_question_waits_for_a_connection_and_is_asked_again_on_the_next() {
    let mut desk = Desk::offline(json!({"types": [{"name": "file"}]}), larder::Config::default());
    let query = desk.mount(search());
    assert!(desk.asked().is_empty());
    desk.connect();
    assert_eq!(desk.cache.status().phase, Phase::Live);
    desk.asked_once();
    desk.host.deliver(desk.cache.disconnected(desk.now_ms)).unwrap();
    desk.host.deliver(desk.cache.connected(desk.now_ms)).unwrap();
    desk.frame("welcome", json!({"protocol": 1, "scope": "lib", "epoch": "e", "sequence": 0}));
    let asked = desk.asked_once();
    desk.answer(&asked, json!([file("a", 1, "/")]));
    assert_eq!(desk.ids(query), ["a"]);
}

#[test]
fn pages_are_put_behind_each_other_and_asked_for_again_together() {
    let mut desk = Desk::new();
    let query = desk.mount(search());
    let asked = desk.asked_once();
    desk.answer(
        &asked,
        json!({"data": [file("a", 1, "/"), file("b", 1, "/")], "meta": {"next": {"after": "b"}}}),
    );
    assert!(desk.state(query).has_next_page);
    for _ in 0..2 {
        desk.host.deliver(desk.cache.fetch_next_page(query, desk.now_ms)).unwrap();
    }
    let asked = desk.asked_once();
    assert_eq!(asked.input, json!({"text": "x", "cursor": {"after": "b"}}));
    desk.answer(&asked, json!({"data": [file("c", 1, "/"), "a"], "meta": {"next": null}}));
    assert_eq!(desk.ids(query), ["a", "b", "c"]);
    assert!(!desk.state(query).has_next_page);

    desk.host.deliver(desk.cache.refetch(query, desk.now_ms)).unwrap();
    let asked = desk.asked_once();
    assert_eq!(asked.input, json!({"text": "x"}));
    desk.answer(&asked, json!({"data": [file("b", 1, "/")], "meta": {"next": 7}}));
    assert_eq!(desk.ids(query), ["a", "b", "c"], "all pages or none");
    let asked = desk.asked_once();
    assert_eq!(asked.input["cursor"], 7);
    desk.answer(&asked, json!({"data": ["c"]}));
    assert_eq!(desk.ids(query), ["b", "c"]);
}

#[test]
fn with_a_predicate_entities_come_and_go_by_events() {
    let mut desk = Desk::new();
    let list = json!({"method": "files.list", "input": {"path": "/a"}, "from": "file",
        "where": {"folder": {"under": "/"}, "hidden": {"ne": true}}});
    let query = desk.mount(list);
    let asked = desk.asked_once();
    desk.change(file("known", 1, "/q"));
    desk.answer(&asked, json!([file("b", 1, "/a"), file("a", 1, "/a")]));
    assert_eq!(desk.ids(query), ["b", "a", "known"], "it came after the question");
    desk.change(file("c", 1, "/a/b"));
    assert_eq!(desk.ids(query), ["b", "a", "known", "c"]);
    desk.change(json!({"id": "b", "v": 2, "folder": "/a", "hidden": true}));
    assert_eq!(desk.ids(query), ["a", "known", "c"]);
    desk.change(json!({"id": "b", "v": 3, "folder": "/a"}));
    assert_eq!(desk.ids(query), ["b", "a", "known", "c"], "back to its place");
    desk.delete("a");
    assert_eq!(desk.ids(query), ["b", "known", "c"]);
    assert!(desk.asked().is_empty());

    // The backend's next answer decides again, but an edit that it cannot know of stays.
    let made = json!({"id": "m", "name": "files.create", "args": null,
        "optimistic": [{"type": "upsert", "data": {"resource_type": "file", "resource": file("mine", 1, "/a")}}]});
    let made = larder::outbox::Mutation::parse(&made.to_string()).unwrap();
    desk.host.deliver(desk.cache.mutate(made)).unwrap();
    desk.host.deliver(desk.cache.refetch(query, desk.now_ms)).unwrap();
    let asked = desk.asked_once();
    desk.answer(&asked, json!(["b", "c"]));
    assert_eq!(desk.ids(query), ["b", "c", "mine"]);
    desk.frame("reject", json!({"id": "m", "kind": "no", "message": "no"}));
    assert_eq!(desk.ids(query), ["b", "c"]);
}

#[test]
fn invalidation_goes_by_type_method_scope_entity_hint_and_rule() {
    let mut desk = Desk::new();
    let ask = |method: &str, from: &str| json!({"method": method, "from": from});
    let list = desk.mount(ask("files.list", "file"));
    let search = desk.mount(ask("files.search", "file"));
    let tags = desk.mount(ask("tags.all", "tag"));
    for asked in desk.asked() {
        let answer = match asked.method.as_str() {
            "files.list" => {
                json!({"data": ["a"], "cache": {"invalidation": {"scopes": [{"path": "/a", "recursive": false}]}}})
            }
            "files.search" => json!({"data": ["b"]}),
            _ => json!({"data": ["t"], "cache": {"invalidation": {"types": ["file"]}}}),
        };
        desk.answer(&asked, answer);
    }
    let answer = |desk: &mut Desk| {
        let asked = desk.asked();
        let mut methods: Vec<String> = asked.iter().map(|asked| asked.method.clone()).collect();
        for asked in &asked {
            let rules = match asked.method.as_str() {
                "files.list" => json!({"scopes": [{"path": "/a", "recursive": false}]}),
                "tags.all" => json!({"types": ["file"]}),
                _ => json!(null),
            };
            let data = if asked.method == "files.list" { json!(["a"]) } else { json!(["b"]) };
            desk.answer(asked, json!({"data": data, "cache": {"invalidation": rules}}));
        }
        methods.sort();
        methods
    };
    for (what, expected) in [
        (json!({"methods": ["files.*"]}), vec!["files.list", "files.search"]),
        (json!({"methods": ["tags.all"]}), vec!["tags.all"]),
        (json!({"types": ["tag"]}), vec!["tags.all"]),
        (json!({"types": ["file"]}), vec!["files.list", "files.search", "tags.all"]),
        (json!({"scopes": ["/a"]}), vec!["files.list"]),
        (json!({"scopes": ["/a/b"]}), vec![]),
        (json!({"scopes": ["/"]}), vec!["files.list"]),
        (json!({"entities": [{"type": "file", "id": "b"}]}), vec!["files.search"]),
        (json!({"entities": [{"type": "tag", "id": "a"}]}), vec![]),
        (json!({"all": true}), vec!["files.list", "files.search", "tags.all"]),
        (json!({}), vec![]),
    ] {
        let what = Invalidation::parse(&what.to_string()).unwrap();
        desk.host.deliver(desk.cache.invalidate(&what, desk.now_ms)).unwrap();
        assert_eq!(answer(&mut desk), expected, "{what:?}");
    }
    for (hints, expected) in [
        (json!({}), vec!["files.list", "files.search", "tags.all"]),
        (json!(null), vec!["files.list", "files.search", "tags.all"]),
        (json!({"methods": ["files.search"]}), vec!["files.search"]),
        (json!({"scopes": ["/a/x"]}), vec!["files.search", "tags.all"]),
        (json!({"scopes": [7]}), vec!["files.list", "files.search", "tags.all"]),
    ] {
        let data =
            json!({"resource_type": "file", "affected_count": 9, "operation_token": "t", "hints": hints});
        desk.event(json!({"BulkOperationCompleted": data}));
        assert_eq!(answer(&mut desk), expected, "{hints}");
    }
    desk.change(file("z", 1, "/"));
    assert_eq!(answer(&mut desk), ["tags.all"], "its answer said that it depends on files");
    for (path, expected) in [("/a/x", &["files.list", "tags.all"][..]), ("/a/x/y", &["tags.all"])] {
        let metadata = json!({"affected_paths": [{"Physical": {"path": path}}]});
        let name = format!("from {path}");
        desk.event(json!({"ResourceChanged": {"resource_type": "file", "resource": {"id": "z", "name": name}, "metadata": metadata}}));
        assert_eq!(answer(&mut desk), expected, "{path}");
    }
    desk.event(json!("Refresh"));
    assert_eq!(answer(&mut desk), ["files.list", "files.search", "tags.all"]);
    for query in [list, search, tags] {
        assert!(!desk.state(query).is_stale);
    }
}

#[test]
fn what_nobody_shows_is_asked_for_when_it_is_wanted_and_what_is_asked_already_once_more() {
    let mut desk = Desk::new();
    let query = desk.mount(search());
    let asked = desk.asked_once();
    desk.answer(&asked, json!([]));
    desk.host.unmount(&mut desk.cache, query);
    desk.host.deliver(desk.cache.invalidate(&Invalidation::everything(), 0)).unwrap();
    assert!(desk.asked().is_empty());
    let query = desk.mount(search());
    let asked = desk.asked_once();
    for _ in 0..3 {
        desk.host.deliver(desk.cache.invalidate(&Invalidation::everything(), 0)).unwrap();
    }
    assert!(desk.asked().is_empty());
    desk.answer(&asked, json!([file("old", 1, "/")]));
    assert_eq!(desk.ids(query), ["old"]);
    assert!(desk.state(query).is_stale);
    let asked = desk.asked_once();
    desk.answer(&asked, json!([file("new", 1, "/")]));
    assert_eq!(desk.ids(query), ["new"]);
    assert!(!desk.state(query).is_stale);
    assert!(desk.asked().is_empty());
}

#[test]
fn a_whole_copy_puts_nothing_on_lists_and_makes_results_stale() {
    let mut desk = Desk::new();
    let query = desk.mount(json!({"method": "files.list", "from": "file", "where": {"folder": "/a"}}));
    let asked = desk.asked_once();
    desk.answer(&asked, json!({"data": [file("a", 1, "/a")], "meta": {"next": 1}}));
    desk.frame("resync", json!({"reason": "log_compacted", "sequence": 5}));
    let rows: Vec<_> = ["a", "b", "c"].map(|id| file(id, 1, "/a")).into();
    desk.event(json!({"ResourceBatchChanged": {"resource_type": "file", "resources": rows}}));
    desk.frame("synced", json!({"sequence": 5}));
    assert_eq!(desk.ids(query), ["a"]);
    let asked = desk.asked_once();
    desk.answer(&asked, json!({"data": ["b", "a"], "meta": {"next": 1}}));
    assert_eq!(desk.ids(query), ["b", "a"]);
    desk.change(file("d", 1, "/a"));
    assert_eq!(desk.ids(query), ["b", "a", "d"]);
}

#[test]
fn results_that_nobody_shows_are_kept_within_a_budget_of_bytes_and_the_last_ones_longest() {
    let mut desk = Desk::new();
    let ids: Vec<String> = (0..1000).map(|number| format!("{number:01000}")).collect();
    let request = |text: usize| json!({"method": "files.search", "input": {"text": text}, "from": "file"});
    let mut mounted = Vec::new();
    for text in 0..6 {
        mounted.push(desk.mount(request(text)));
        let asked = desk.asked_once();
        desk.answer(&asked, json!({"data": ids}));
    }
    let stats = desk.cache.stats();
    assert_eq!(stats.results, 6);
    assert!((6_000_000..6_001_000).contains(&stats.result_bytes), "{}", stats.result_bytes);
    for query in mounted {
        desk.host.deliver(desk.cache.unmount(query)).unwrap();
    }
    let stats = desk.cache.stats();
    assert_eq!(stats.results, 4, "four megabytes are kept");
    assert!(stats.result_bytes < 4 << 20, "{}", stats.result_bytes);
    for text in 2..6 {
        desk.mount(request(text));
        assert!(desk.asked().is_empty(), "{text} is kept");
    }
    desk.mount(request(1));
    desk.asked_once();
}
