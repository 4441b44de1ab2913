//! The TypeScript types name what the parser takes.

#[cfg(feature = "specta")]
#[test]
fn every_operator_and_key_is_in_the_typescript_types() {
    use larder::query::{QUERY_TYPESCRIPT, Query};

    let members = |name: &str| -> Vec<&str> {
        let start = QUERY_TYPESCRIPT.find(&format!("export interface {name} ")).expect(name);
        let body = &QUERY_TYPESCRIPT[start..];
        let body = &body[..body.find("\n}").expect("an end")];
        let lines = body
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with(['/', '*', 'e']) || line.contains("?:"));
        lines.filter_map(|line| line.split_once(':')).map(|(key, _)| key.trim_end_matches('?')).collect()
    };
    // The parser lists what it takes in the error for what it does not.
    let known = |json: &str| -> Vec<String> {
        let message = Query::parse(json).expect_err(json).to_string();
        let list = message.rsplit_once(" are ").expect("a list").1;
        list.split(['(', ';'])
            .next()
            .unwrap_or_default()
            .split(',')
            .map(|word| word.trim().to_owned())
            .collect()
    };
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    let in_types =
        |names: &[&str]| sorted(names.iter().flat_map(|name| members(name)).map(str::to_owned).collect());
    assert_eq!(in_types(&["FieldTest"]), sorted(known(r#"{"from":"f","where":{"a":{"?":1}}}"#)));
    assert_eq!(in_types(&["Query", "QueryWindow"]), sorted(known(r#"{"?":1}"#)));
    assert_eq!(in_types(&["OrderOptions"]), sorted(known(r#"{"from":"f","orderBy":[{"a":{"?":1}}]}"#)));
    assert_eq!(in_types(&["Cursor"]), sorted(known(r#"{"from":"f","after":{"?":1}}"#)));
}
