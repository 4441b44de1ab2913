//! Names in another letter case.

/// Serde's rules for names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RenameRule {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl RenameRule {
    /// A rule by serde's name for it.
    pub fn from_serde(name: &str) -> Option<Self> {
        Some(match name {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            _ => return None,
        })
    }

    /// What serde makes of the name of a field, which is in snake case.
    pub fn field(self, name: &str) -> String {
        match self {
            Self::Lower | Self::Snake => name.to_owned(),
            Self::Upper | Self::ScreamingSnake => name.to_ascii_uppercase(),
            Self::Pascal => pascal(name),
            Self::Camel => lower_first(&pascal(name)),
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// What serde makes of the name of a variant, which is in Pascal case.
    pub fn variant(self, name: &str) -> String {
        match self {
            Self::Lower => name.to_ascii_lowercase(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Pascal => name.to_owned(),
            Self::Camel => lower_first(name),
            Self::Snake => snake(name),
            Self::ScreamingSnake => snake(name).to_ascii_uppercase(),
            Self::Kebab => snake(name).replace('_', "-"),
            Self::ScreamingKebab => snake(name).to_ascii_uppercase().replace('_', "-"),
        }
    }
}

/// Any name as a name of a property: words are what stands between signs that are no letter or digit.
pub(crate) fn camel(name: &str) -> String {
    let name = if name.chars().any(char::is_lowercase) { name.to_owned() } else { name.to_lowercase() };
    lower_first_word(&pascal(&name.replace(|sign: char| !sign.is_alphanumeric(), "_")))
}

/// The name with each word's first letter in upper case, and without `_`.
pub(crate) fn pascal(name: &str) -> String {
    let mut starts_word = true;
    let mut pascal = String::with_capacity(name.len());
    for letter in name.chars() {
        if letter == '_' {
            starts_word = true;
        } else if std::mem::take(&mut starts_word) {
            pascal.extend(letter.to_uppercase());
        } else {
            pascal.push(letter);
        }
    }
    pascal
}

/// As serde does it: only ASCII, and every capital starts a word.
fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// `HTTPRoute` becomes `httpRoute`.
fn lower_first_word(name: &str) -> String {
    let capitals = name.chars().take_while(|letter| letter.is_uppercase()).count();
    let in_word =
        if capitals > 1 && capitals < name.chars().count() { capitals - 1 } else { capitals.max(1) };
    name.chars()
        .enumerate()
        .map(|(at, letter)| if at < in_word { letter.to_ascii_lowercase() } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serde_s_rules_rename_fields_and_variants() {
        for (rule, field, variant) in [
            ("lowercase", "in_use", "inprogress"),
            ("UPPERCASE", "IN_USE", "INPROGRESS"),
            ("PascalCase", "InUse", "InProgress"),
            ("camelCase", "inUse", "inProgress"),
            ("snake_case", "in_use", "in_progress"),
            ("SCREAMING_SNAKE_CASE", "IN_USE", "IN_PROGRESS"),
            ("kebab-case", "in-use", "in-progress"),
            ("SCREAMING-KEBAB-CASE", "IN-USE", "IN-PROGRESS"),
        ] {
            let rule = RenameRule::from_serde(rule).unwrap();
            assert_eq!(
                (rule.field("in_use"), rule.variant("InProgress")),
                (field.to_owned(), variant.to_owned())
            );
        }
    }

    #[test]
    fn a_property_is_named_in_camel_case_whatever_the_json_says() {
        for (name, property) in [
            ("parent_id", "parentId"),
            ("parentId", "parentId"),
            ("content-hash", "contentHash"),
            ("HTTPRoute", "httpRoute"),
            ("ID", "id"),
            ("MAX_SIZE", "maxSize"),
            ("a", "a"),
        ] {
            assert_eq!(camel(name), property);
        }
    }
}
