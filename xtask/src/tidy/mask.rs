//! Which parts of a text are code: everything but comments and what is inside strings.

/// How a text is to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Nested comments, raw strings, and lifetimes that look like the start of a character.
    Rust,
    /// TypeScript and JavaScript: three kinds of quotes, and regular expressions.
    TypeScript,
}

/// The text with spaces in place of comments and of what is inside strings. Lines and quotes stay where they are.
pub fn mask(text: &str, language: Language) -> String {
    let mut reader =
        Reader { chars: text.chars().collect(), at: 0, masked: String::with_capacity(text.len()) };
    while let Some(next) = reader.peek(0) {
        match (next, reader.peek(1), language) {
            ('/', Some('/'), _) => reader.hide_while(|next| next != '\n'),
            ('/', Some('*'), _) => reader.hide_comment(language == Language::Rust),
            ('r', Some('"' | '#'), Language::Rust)
                if !reader.in_word() && reader.raw_string_hashes().is_some() =>
            {
                reader.hide_raw_string();
            }
            ('\'', second, Language::Rust) => match (second, reader.peek(2)) {
                (Some('\\'), _) | (_, Some('\'')) => reader.hide_quoted('\''),
                _ => reader.show(),
            },
            ('"', ..) => reader.hide_quoted('"'),
            ('\'', ..) => reader.hide_quoted_in_line('\''),
            ('`', _, Language::TypeScript) => reader.hide_quoted('`'),
            ('/', _, Language::TypeScript) if reader.regex_may_start() => reader.hide_quoted_in_line('/'),
            _ => reader.show(),
        }
    }
    reader.masked
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    masked: String,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn show(&mut self) {
        self.masked.extend(self.peek(0));
        self.at += 1;
    }

    fn hide(&mut self) {
        self.masked.extend(self.peek(0).map(|next| if next == '\n' { '\n' } else { ' ' }));
        self.at += 1;
    }

    fn hide_while(&mut self, hidden: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&hidden) {
            self.hide();
        }
    }

    fn hide_comment(&mut self, nested: bool) {
        let mut depth = 0;
        while self.peek(0).is_some() {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) if nested || depth == 0 => depth += 1,
                (Some('*'), Some('/')) => depth -= 1,
                _ => {
                    self.hide();
                    continue;
                }
            }
            self.hide();
            self.hide();
            if depth == 0 {
                return;
            }
        }
    }

    /// From a quote to the next one that is not escaped.
    fn hide_quoted(&mut self, quote: char) {
        self.show();
        while let Some(next) = self.peek(0) {
            if next == quote {
                return self.show();
            }
            if next == '\\' {
                self.hide();
            }
            self.hide();
        }
    }

    /// The same, unless the line has no second quote: then it was an apostrophe.
    fn hide_quoted_in_line(&mut self, quote: char) {
        let mut rest = self.chars[self.at + 1..].iter().take_while(|next| **next != '\n');
        if rest.any(|next| *next == quote) { self.hide_quoted(quote) } else { self.show() }
    }

    fn in_word(&self) -> bool {
        self.masked
            .chars()
            .next_back()
            .is_some_and(|last| last.is_alphanumeric() && last != 'b' && last != 'c' || last == '_')
    }

    /// How many `#` stand between the `r` here and its quote.
    fn raw_string_hashes(&self) -> Option<usize> {
        let hashes = self.chars[self.at + 1..].iter().take_while(|next| **next == '#').count();
        (self.peek(1 + hashes) == Some('"')).then_some(hashes)
    }

    fn hide_raw_string(&mut self) {
        let hashes = self.raw_string_hashes().unwrap_or(0);
        for _ in 0..hashes + 2 {
            self.show();
        }
        while self.peek(0).is_some() {
            let closes = self.peek(0) == Some('"') && (1..=hashes).all(|ahead| self.peek(ahead) == Some('#'));
            if closes {
                return self.show();
            }
            self.hide();
        }
    }

    /// Whether a `/` here starts a regular expression, judging by what stands before it.
    fn regex_may_start(&self) -> bool {
        let before = self.masked.trim_end();
        before.ends_with(['(', ',', '=', ':', '[', '!', '&', '|', '?', '{', '}', ';'])
            || before.ends_with("return")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(language: Language, text: &str, expected: &str) {
        assert_eq!(mask(text, language), expected);
    }

    #[test]
    fn comments_vanish_and_lines_stay() {
        check(Language::Rust, "a // b\nc /* d /* e */\n f */ g", "a     \nc             \n      g");
        check(Language::TypeScript, "a /* b /* c */ d", "a              d");
    }

    #[test]
    fn strings_keep_their_quotes_only() {
        check(Language::Rust, r#"f("a\"b", 'c', '\'')"#, r#"f("    ", ' ', '  ')"#);
        check(Language::TypeScript, "f('a', `b\n${c}`)", "f(' ', ` \n    `)");
    }

    #[test]
    fn raw_strings_end_at_their_own_mark() {
        check(Language::Rust, "r#\"a\"b\"# + r\"c\" + for", "r#\"   \"# + r\" \" + for");
    }

    #[test]
    fn lifetimes_and_apostrophes_are_not_quotes() {
        check(Language::Rust, "fn a<'x>(b: &'x str) {}", "fn a<'x>(b: &'x str) {}");
        check(Language::TypeScript, "<p>Don\'t</p>\nx", "<p>Don\'t</p>\nx");
    }

    #[test]
    fn a_regular_expression_with_a_quote_does_not_open_a_string() {
        check(Language::TypeScript, "a.split(/\"/); b / c", "a.split(/ /); b / c");
    }
}
