//! What holds for TypeScript files.

use super::Finding;
use super::source::Source;

fn is_typescript(source: &Source) -> bool {
    source.is(&["ts", "tsx"])
}

/// `any` switches the type checker off for everything it touches.
pub fn no_any(source: &Source) -> Vec<Finding> {
    if !is_typescript(source) {
        return Vec::new();
    }
    let lines = source.code().filter(|(_, line)| has_any(line));
    lines
        .map(|(at, _)| source.finding("no-any", at, "the type `any`: use `unknown`, or say what it is"))
        .collect()
}

/// An error that is silenced is still one.
pub fn no_silencing(source: &Source) -> Vec<Finding> {
    if !is_typescript(source) {
        return Vec::new();
    }
    let lines = source
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains("@ts-ignore") || line.contains("@ts-nocheck"));
    lines
        .map(|(at, _)| source.finding("no-silencing", at + 1, "a comment that silences the type checker"))
        .collect()
}

/// Whether the word `any` stands where a type stands. In the text of a page it is a word like others.
fn has_any(line: &str) -> bool {
    line.match_indices("any").any(|(at, word)| {
        let (before, after) = (&line[..at], &line[at + word.len()..]);
        let whole = !after
            .starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '$' | '(' | ':' | '?'));
        let before_it = before.trim_end();
        let keyword = before.ends_with(' ')
            && ["as", "satisfies", "extends"].iter().any(|keyword| before_it.ends_with(keyword));
        let symbol =
            before_it.ends_with(['<', ':', '|', '&', ',', '=', '(', '[']) || before_it.ends_with("=>");
        whole && (keyword || symbol && !before_it.ends_with("/>"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn any_in(text: &str) -> usize {
        no_any(&Source::new("packages/client/src/a.ts", text.to_owned())).len()
    }

    #[test]
    fn any_is_found_wherever_a_type_stands() {
        for text in [
            "let a: any;",
            "a as any",
            "Map<string, any>",
            "x: string | any",
            "Array<any>",
            "f: () => any",
            "type A = any;",
            "any[]: [any]",
        ] {
            assert_eq!(any_in(text), 1, "{text}");
        }
    }

    #[test]
    fn any_is_no_type_in_names_strings_comments_and_pages() {
        for text in [
            "Promise.any([])",
            "const many = 1",
            "// any",
            "\"as any\"",
            "<p>drop any file</p>",
            "{ any: 1 }",
            "company: x",
        ] {
            assert_eq!(any_in(text), 0, "{text}");
        }
    }

    #[test]
    fn comments_that_silence_are_found() {
        let source = Source::new("a.tsx", "x\n// @ts-ignore\ny\n".to_owned());
        assert_eq!(no_silencing(&source).len(), 1);
        assert_eq!(
            no_silencing(&Source::new("a.ts", "// @ts-expect-error: not a query\n".to_owned())).len(),
            0
        );
    }
}
