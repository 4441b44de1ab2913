//! Names in another letter case.

/// One of serde's rules for the names of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenameRule {
    AsIs,
    Upper,
    Pascal,
    Camel,
    Kebab,
    UpperKebab,
}

impl RenameRule {
    /// A rule by serde's name for it. Serde itself complains of others.
    pub fn from_serde(name: &str) -> Option<Self> {
        Some(match name {
            "lowercase" | "snake_case" => Self::AsIs,
            "UPPERCASE" | "SCREAMING_SNAKE_CASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::UpperKebab,
            _ => return None,
        })
    }

    /// The name that serde writes for a field.
    pub fn apply(self, field: &str) -> String {
        match self {
            Self::AsIs => field.to_owned(),
            Self::Upper => field.to_ascii_uppercase(),
            Self::Pascal => pascal(field),
            Self::Camel => {
                let pascal = pascal(field);
                let mut rest = pascal.chars();
                rest.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(rest).collect()
            }
            Self::Kebab => field.replace('_', "-"),
            Self::UpperKebab => field.to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn pascal(field: &str) -> String {
    let mut starts_word = true;
    let mut name = String::with_capacity(field.len());
    for letter in field.chars() {
        if letter == '_' {
            starts_word = true;
        } else if std::mem::take(&mut starts_word) {
            name.push(letter.to_ascii_uppercase());
        } else {
            name.push(letter);
        }
    }
    name
}

/// A struct's name in snake case; a run of capitals is one word.
pub fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    for (at, &letter) in letters.iter().enumerate() {
        if letter.is_uppercase() {
            let before = at.checked_sub(1).and_then(|at| letters.get(at));
            let follows_word = before.is_some_and(|before| before.is_lowercase() || before.is_numeric());
            let ends_run = before.is_some_and(|before| before.is_uppercase())
                && letters.get(at + 1).is_some_and(|after| after.is_lowercase());
            if follows_word || ends_run {
                snake.push('_');
            }
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_struct_name_becomes_snake_case_word_by_word() {
        for (name, expected) in [
            ("File", "file"),
            ("ContentIdentity", "content_identity"),
            ("HTTPRoute", "http_route"),
            ("RouteHTTP", "route_http"),
            ("Mp3Tag", "mp3_tag"),
            ("A", "a"),
            ("already_snake", "already_snake"),
        ] {
            assert_eq!(snake(name), expected);
        }
    }
}
