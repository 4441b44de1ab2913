//! Nobody may change what the cache has handed out: every property and every array is `readonly`.

/// Adds `readonly` to the declarations in a text of types. Comments stay as they are.
pub fn mark(text: &str) -> String {
    let mut in_comment = false;
    let mut marked = String::with_capacity(text.len() * 5 / 4);
    for line in text.lines() {
        let trimmed = line.trim_start();
        let comment = in_comment || trimmed.starts_with("/*");
        in_comment = comment && !line.contains("*/");
        if comment {
            marked.push_str(line);
        } else {
            marked.push_str(&line[..line.len() - trimmed.len()]);
            marked.push_str(&declaration(trimmed));
        }
        marked.push('\n');
    }
    marked
}

fn declaration(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 20);
    let mut rest = line;
    if starts_property(rest) {
        out.push_str("readonly ");
    }
    // A property inside a line follows the opening of its object or the property before it.
    while let Some(at) = rest.find(['{', ';']) {
        let (before, after) = rest.split_at(at + 1);
        out.push_str(before);
        rest = after;
        if let Some(next) = rest.strip_prefix(' ').filter(|next| starts_property(next)) {
            out.push_str(" readonly ");
            rest = next;
        }
    }
    out.push_str(rest);
    arrays(&out)
}

/// Whether a text starts with `name:`, `name?:` or `[key in string]:`.
fn starts_property(text: &str) -> bool {
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|next| next.is_alphanumeric() || next == '_');
    let Some((name, _)) = text.split_once(':') else { return false };
    is_name(name.strip_suffix('?').unwrap_or(name))
        || (name.starts_with('[') && (text.contains("]:") || name.ends_with(']')))
}

/// `Row[]` becomes `readonly Row[]`.
fn arrays(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(end) = rest.find("[]") {
        let start =
            rest[..end].rfind(|next: char| !next.is_alphanumeric() && next != '_').map_or(0, |at| at + 1);
        if !rest[..start].ends_with("readonly ") {
            out.push_str(&rest[..start]);
            out.push_str("readonly ");
            out.push_str(&rest[start..end + 2]);
        } else {
            out.push_str(&rest[..end + 2]);
        }
        rest = &rest[end + 2..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(mark(text), format!("{expected}\n"));
    }

    #[test]
    fn properties_on_their_own_line_are_marked() {
        check("\tid: string,", "\treadonly id: string,");
        check("  limit?: number;", "  readonly limit?: number;");
        check("  [field: FieldPath]: Scalar;", "  readonly [field: FieldPath]: Scalar;");
    }

    #[test]
    fn properties_inside_a_line_are_marked() {
        check("{ type: \"a\"; data: B } | {", "{ readonly type: \"a\"; readonly data: B } | {");
        check("x: { [key in string]: Y },", "readonly x: { readonly [key in string]: Y },");
    }

    #[test]
    fn arrays_are_marked_once() {
        check("\tids: string[] | null,", "\treadonly ids: readonly string[] | null,");
        check("  in?: readonly Scalar[];", "  readonly in?: readonly Scalar[];");
    }

    #[test]
    fn comments_and_names_of_types_stay_as_they_are() {
        check("/** size: number; id[] */", "/** size: number; id[] */");
        check("/**\n * a: b\n */\nexport type A = B;", "/**\n * a: b\n */\nexport type A = B;");
    }
}
