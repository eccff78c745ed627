//! Tokens of SQL text, for comparing statements regardless of spelling.

/// A token of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// An unquoted name or keyword, as written.
    Word(String),
    /// A quoted name, without its quotes.
    Quoted(String),
    /// A string, number or blob literal, as written.
    Literal(String),
    /// An operator or punctuation.
    Sign(String),
}

impl Token {
    /// Returns whether this is the keyword.
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// Returns whether this is the operator or punctuation.
    pub(super) fn is_sign(&self, sign: &str) -> bool {
        matches!(self, Self::Sign(text) if text == sign)
    }

    /// Returns the token as a name, if it can be one.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Word(name) | Self::Quoted(name) => Some(name),
            // SQLite accepts a string literal where only a name is possible.
            Self::Literal(text) => text.strip_prefix('\'')?.strip_suffix('\''),
            Self::Sign(_) => None,
        }
    }
}

/// Splits SQL text into tokens, without comments.
pub(super) fn tokens(sql: &str) -> Vec<Token> {
    let chars: Vec<char> = sql.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let (token, next) = token(&chars, at);
        found.extend(token);
        at = next;
    }
    found
}

/// Returns the token that starts here, or `None` for white space and comments, and the index after it.
fn token(chars: &[char], at: usize) -> (Option<Token>, usize) {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        c if c.is_whitespace() => (None, at + 1),
        '-' if next == Some('-') => (None, end_of(chars, at, |c| c != '\n')),
        '/' if next == Some('*') => {
            let close = (at + 2..chars.len()).find(|i| chars[*i..].starts_with(&['*', '/']));
            (None, close.map_or(chars.len(), |close| close + 2))
        }
        '\'' => {
            let end = end_of_quoted(chars, at, '\'');
            (Some(Token::Literal(text(chars, at, end))), end)
        }
        'x' | 'X' if next == Some('\'') => {
            let end = end_of_quoted(chars, at + 1, '\'');
            (Some(Token::Literal(text(chars, at, end).to_lowercase())), end)
        }
        quote @ ('"' | '`' | '[') => {
            let close = if quote == '[' { ']' } else { quote };
            let end = end_of_quoted(chars, at, close);
            let inner = text(chars, at + 1, end - 1).replace(&format!("{close}{close}"), &close.to_string());
            (Some(Token::Quoted(inner)), end)
        }
        c if c.is_ascii_digit() => {
            let end = end_of(chars, at, |c| c.is_ascii_alphanumeric() || c == '.');
            (Some(Token::Literal(text(chars, at, end))), end)
        }
        c if c.is_alphabetic() || c == '_' => {
            let end = end_of(chars, at, |c| c.is_alphanumeric() || c == '_' || c == '$');
            (Some(Token::Word(text(chars, at, end))), end)
        }
        _ => {
            let longest = ["->>", "||", "<=", ">=", "<>", "!=", "==", "<<", ">>", "->", "::"];
            let length = longest
                .iter()
                .find(|sign| chars[at..].starts_with(&sign.chars().collect::<Vec<_>>()))
                .map_or(1, |sign| sign.len());
            (Some(Token::Sign(text(chars, at, at + length))), at + length)
        }
    }
}

fn text(chars: &[char], from: usize, to: usize) -> String {
    chars[from..to.max(from)].iter().collect()
}

fn end_of(chars: &[char], from: usize, belongs: impl Fn(char) -> bool) -> usize {
    (from..chars.len()).find(|i| !belongs(chars[*i])).unwrap_or(chars.len())
}

/// Returns the index after the quoted text that starts here; a doubled quote does not end it.
fn end_of_quoted(chars: &[char], from: usize, quote: char) -> usize {
    let mut at = from + 1;
    while at < chars.len() {
        if chars[at] == quote {
            if chars.get(at + 1) != Some(&quote) {
                return at + 1;
            }
            at += 1;
        }
        at += 1;
    }
    chars.len()
}

/// Formats tokens uniformly: names in double quotes, keywords in upper case, single spaces.
///
/// `is_name` returns the name for an unquoted word that is one.
pub(super) fn to_sql(tokens: &[Token], is_name: impl Fn(&str) -> Option<String>) -> String {
    let mut sql = String::new();
    let mut tight = true;
    for token in tokens {
        let word = match token {
            Token::Word(word) => is_name(word).map_or_else(|| word.to_uppercase(), |name| quoted(&name)),
            Token::Quoted(name) => quoted(name),
            Token::Literal(text) | Token::Sign(text) => text.clone(),
        };
        let closes = matches!(word.as_str(), ")" | "," | ".");
        if !tight && !closes {
            sql.push(' ');
        }
        tight = matches!(word.as_str(), "(" | ".");
        sql.push_str(&word);
    }
    sql
}

/// Quotes an identifier for either database.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Strips parentheses that enclose all tokens.
pub(super) fn without_parentheses(tokens: &[Token]) -> &[Token] {
    match tokens {
        [first, inner @ .., last] if first.is_sign("(") && last.is_sign(")") && closes_only_at_end(inner) => {
            without_parentheses(inner)
        }
        _ => tokens,
    }
}

fn closes_only_at_end(tokens: &[Token]) -> bool {
    let mut depth = 0_i32;
    tokens.iter().all(|token| {
        depth += i32::from(token.is_sign("(")) - i32::from(token.is_sign(")"));
        depth >= 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(sql: &str) -> String {
        to_sql(without_parentheses(&tokens(sql)), |word| {
            (word == "a" || word == "b").then(|| word.to_owned())
        })
    }

    #[test]
    fn normalized_sql_ignores_spelling() {
        for same in [
            "a>1 and b='x''y'",
            "( \"a\" > 1 AND [b] = 'x''y' )",
            "((a > 1 -- why\n and/* */ `b`='x''y'))",
        ] {
            assert_eq!(canonical(same), r#""a" > 1 AND "b" = 'x''y'"#);
        }
    }

    #[test]
    fn normalized_sql_keeps_significant_parentheses() {
        assert_eq!(canonical("(a + 1) * (b)"), r#"("a" + 1) * ("b")"#);
        assert_eq!(canonical("X'AB' || a"), r#"x'ab' || "a""#);
    }
}
