//! Secrets in clear: passwords behind their label, keys and tokens known by their first letters, passwords in addresses of services.
//!
//! Comes in: a text and the place of a label (« mot de passe », `pwd`), of a token's prefix (`ghp_`) or of the `@` of an address.
//! Goes out: the span of the secret. What stands for a secret (`****`, `${PWD}`, « à définir ») and the rules about
//! passwords (« votre mot de passe doit contenir… ») are none.

use std::ops::Range;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::Shape;
use crate::detect::vocabulary::Standing;
use crate::text::fold;

/// Words between a label and its colon: « mot de passe du wifi invités : ».
const LONGEST_QUALIFIER: usize = 48;
const LONGEST_SECRET: usize = 128;
const SHORTEST_SECRET: usize = 4;
/// Labels of private keys, and of nothing else.
const BEGINNINGS_OF_KEYS: [&str; 2] = ["begin", "putty"];
/// The user and the password of an address.
const LONGEST_LOGIN: usize = 128;

/// What the rule says of secrets.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// Words behind which a password stands.
    labels: Vec<String>,
    /// Labels of forms and letters, folded: words may stand between them and their colon.
    in_sentences: FxHashSet<String>,
    tokens: Vec<Token>,
    /// What is written in the place of a password, folded.
    placeholders: FxHashSet<String>,
}

/// A token that its first letters tell.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Token {
    prefix: String,
    alphabet: Alphabet,
    /// How many characters follow, at least.
    least: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Alphabet {
    /// Capitals and digits.
    Capitals,
    /// Letters, digits, `_` and `-`.
    Letters,
    /// The same in parts separated by points, two of them at least.
    Dotted,
}

/// The secret that `word` announces or begins.
pub(in crate::detect) fn read(text: &str, word: Range<usize>, secrets: &Secrets) -> Option<Shape> {
    token(text, word.start, &secrets.tokens)
        .or_else(|| private_key(text, word.start))
        .or_else(|| labelled(text, word, secrets))
}

/// `postgres://user:secret@host`: the password before the `@` at `at`.
pub(in crate::detect) fn read_before_sign(
    text: &str,
    at: usize,
    secrets: &Secrets,
) -> Option<Shape> {
    let from = text.ceil_char_boundary(at.saturating_sub(LONGEST_LOGIN));
    let before = text.get(from..at)?;
    let scheme = before.rfind("://")?;
    let login = before.get(scheme + 3..)?;
    let (user, password) = login.split_once(':')?;
    let is_scheme = before
        .get(..scheme)?
        .ends_with(|letter: char| letter.is_ascii_alphanumeric());
    let is_login = !login.contains([' ', '/', '\n', '"', '<', '>', '?', '#']);
    let goes_on = text
        .get(at + 1..)?
        .starts_with(|letter: char| letter.is_alphanumeric() || letter == '[');
    if !is_scheme
        || !is_login
        || !goes_on
        || user.len() + password.len() < SHORTEST_SECRET
        || secrets.is_placeholder(password)
    {
        return None;
    }
    Some(shape(at - password.len()..at, password))
}

fn token(text: &str, start: usize, tokens: &[Token]) -> Option<Shape> {
    let rest = text.get(start..)?;
    let Token {
        prefix,
        alphabet,
        least,
    } = tokens
        .iter()
        .find(|token| rest.starts_with(&token.prefix))?;
    let body = rest.get(prefix.len()..)?;
    let length = body
        .bytes()
        .take(4 * LONGEST_SECRET)
        .take_while(|byte| alphabet.contains(*byte))
        .count();
    let body = body.get(..length)?;
    // A token is random: it has digits, and no sentence has its length without a space.
    let is_random = body.bytes().any(|byte| byte.is_ascii_digit()) && has_many_symbols(body);
    let parts_hold = *alphabet != Alphabet::Dotted || body.matches('.').count() >= 1;
    (length >= *least && is_random && parts_hold)
        .then(|| shape(start..start + prefix.len() + length, body))
}

impl Alphabet {
    fn contains(self, byte: u8) -> bool {
        match self {
            Self::Capitals => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Letters => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Self::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
        }
    }
}

/// At least eight different characters: `xxxxxxxx` and `00000000` are no secrets.
fn has_many_symbols(body: &str) -> bool {
    let mut seen: Vec<char> = body.chars().take(64).collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len() >= 8
}

/// `-----BEGIN RSA PRIVATE KEY-----` and `PuTTY-User-Key-File-2:`, with something of a key behind.
fn private_key(text: &str, start: usize) -> Option<Shape> {
    const HEAD: usize = 64;
    let rest = text.get(start..text.floor_char_boundary(start + 4 * HEAD))?;
    let line_end = rest.find(['\n', '\r', '\\']).unwrap_or(rest.len());
    let line = rest.get(..line_end)?;
    let is_pem = text.get(..start)?.ends_with("-----")
        && line.starts_with("BEGIN ")
        && line
            .get(..HEAD.min(line.len()))
            .is_some_and(|head| head.contains("PRIVATE KEY"));
    let is_putty = line.starts_with("PuTTY-User-Key-File-");
    if !is_pem && !is_putty {
        return None;
    }
    let body = rest.get(line_end..)?;
    let key_bytes = body.bytes().filter(u8::is_ascii_alphanumeric).count();
    (key_bytes >= 40 && !body.contains("...")).then(|| shape(start..start + line_end, body))
}

fn labelled(text: &str, word: Range<usize>, secrets: &Secrets) -> Option<Shape> {
    let label = fold(text.get(word.clone())?);
    // « BEGIN:VCARD » announces a visiting card.
    if BEGINNINGS_OF_KEYS.contains(&label.as_str()) {
        return None;
    }
    let in_french = secrets.in_sentences.contains(&label);
    let bare = in_french.then(|| unannounced(text, word.end, secrets));
    if let Some(shape) = bare.flatten() {
        return Some(shape);
    }
    let (value_start, in_quotes) = value_start(text, word, in_french)?;
    let rest = text.get(value_start..text.floor_char_boundary(value_start + LONGEST_SECRET))?;
    let end = match in_quotes {
        Some(quote) => rest
            .split_once(quote)
            .map(|(value, _)| value.len())
            .filter(|end| rest.find(['\n', '\r']).is_none_or(|line| *end < line))?,
        None => rest
            .find([
                ' ', '\n', '\r', '\t', '"', '\'', '<', ';', '|', '\u{a0}', '`',
            ])
            .unwrap_or(rest.len()),
    };
    let value = rest.get(..end)?;
    let value = if in_quotes.is_none() {
        trim_sentence(value)
    } else {
        value.trim_end_matches([' ', '\u{a0}', '\u{202f}'])
    };
    let after = rest
        .get(end..)?
        .split(['\n', '\r', ';', '|', '\t'])
        .next()?
        .trim();
    let ends_field = in_quotes.is_some()
        || after.is_empty()
        || after.starts_with(['<', '"', '\'', ')', '#', ','])
        || after.starts_with("//");
    let is_bare = in_quotes.is_none();
    let stands_for_one = secrets.is_placeholder(value) || (is_bare && is_code(value));
    (!stands_for_one && is_secret(value, ends_field))
        .then(|| shape(value_start..value_start + value.len(), value))
}

/// « mot de passe Azerty12! », without a sign between the label and the password: the next word, when it is no word of French.
fn unannounced(text: &str, label_end: usize, secrets: &Secrets) -> Option<Shape> {
    const SHORTEST: usize = 6;
    let rest = text.get(label_end..text.floor_char_boundary(label_end + LONGEST_SECRET))?;
    let value = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let start = label_end + rest.len() - value.len();
    let end = value
        .find(|letter: char| letter.is_whitespace() || matches!(letter, '"' | ';' | '|' | '<'))
        .unwrap_or(value.len());
    let after = value.get(end..)?.trim_start_matches([' ', '\u{a0}']);
    let value = trim_sentence(value.get(..end)?).trim_end_matches('?');
    let has = |class: fn(char) -> bool| value.chars().any(class);
    let is_mixed = has(|letter| letter.is_ascii_digit())
        && has(char::is_alphabetic)
        && !has(|letter| letter == '°');
    let has_sign =
        has(|letter| letter.is_ascii_punctuation() && !matches!(letter, '-' | '.' | '\'' | '/'));
    let cases: Vec<bool> = value.chars().skip(1).map(char::is_uppercase).collect();
    let has_humps = cases
        .windows(2)
        .filter(|pair| pair.first() != pair.last())
        .count()
        >= 2;
    let ends_field = after.is_empty() || after.starts_with(['\n', '\r', '(', ';', '|', '<', '"']);
    let is_no_word =
        (is_mixed && (has_sign || has_humps || ends_field)) || (has_humps && ends_field);
    let is_apart = start > label_end && value.chars().count() >= SHORTEST;
    let stands_for_one = secrets.is_placeholder(value) || is_code(value);
    (is_apart && is_no_word && !stands_for_one).then(|| shape(start..start + value.len(), value))
}

/// Where the value begins behind its label, and the quote before it.
fn value_start(text: &str, word: Range<usize>, in_french: bool) -> Option<(usize, Option<char>)> {
    let rest = text.get(word.end..text.floor_char_boundary(word.end + 2 * LONGEST_QUALIFIER))?;
    let gap = if in_french {
        separator_in_french(rest)?
    } else {
        separator_in_code(rest)?
    };
    let value = rest
        .get(gap..)?
        .trim_start_matches([' ', '\u{a0}', '\u{202f}', '\t']);
    let start = word.end + rest.len() - value.len();
    Some(match value.chars().next()? {
        quote @ ('"' | '\'' | '`') => (start + 1, Some(quote)),
        '«' => (
            start + value.len()
                - value
                    .trim_start_matches(['«', ' ', '\u{a0}', '\u{202f}'])
                    .len(),
            Some('»'),
        ),
        '“' => (start + '“'.len_utf8(), Some('”')),
        _ => (start, None),
    })
}

/// « : », « = », « → », « est », after some words that say whose password it is.
fn separator_in_french(rest: &str) -> Option<usize> {
    let qualifier = rest.get(..rest.floor_char_boundary(LONGEST_QUALIFIER))?;
    let colon = qualifier.find([':', '=', '→', '\n', '.', ',', ';', '?', '!', '"', '|', '\t']);
    let is = qualifier
        .find(" est ")
        .filter(|is| colon.is_none_or(|colon| *is < colon));
    if let Some(is) = is {
        return Some(is + " est ".len());
    }
    let colon = colon?;
    let sign = rest.get(colon..)?.chars().next()?;
    matches!(sign, ':' | '=' | '→').then(|| colon + sign.len_utf8())
}

/// `":`, `=`, `=>`, `:=`, and the end of an element `>`.
fn separator_in_code(rest: &str) -> Option<usize> {
    let trimmed = rest
        .trim_start_matches(['"', '\'', ']', ')'])
        .trim_start_matches([' ', '\t', '\u{a0}']);
    let sign = [":=", "=>", "=", ":", ">"]
        .iter()
        .find(|sign| trimmed.starts_with(**sign))?;
    let after = trimmed.get(sign.len()..)?;
    let compares = after.starts_with('=') || (*sign == ":" && after.starts_with("//"));
    (!compares).then(|| rest.len() - after.len())
}

fn trim_sentence(value: &str) -> &str {
    value.trim_end_matches(['.', ',', ')', ']', '»', '”', ':'])
}

/// Whether a value behind a label is a secret, and not a word of a sentence, a variable or a blank to fill.
fn is_secret(value: &str, ends_field: bool) -> bool {
    if value.chars().count() < SHORTEST_SECRET {
        return false;
    }
    let has = |class: fn(char) -> bool| value.chars().any(class);
    let has_digit = has(|letter| letter.is_ascii_digit());
    let has_sign =
        has(|letter| !letter.is_alphanumeric() && !matches!(letter, '-' | '\'' | '’' | '.' | '_'));
    let has_letter = has(char::is_alphabetic);
    let inner_capital = value.chars().skip(1).any(char::is_uppercase) && has(char::is_lowercase);
    if value.contains(' ') {
        return has_digit && has_sign && !value.ends_with(['.', '?']);
    }
    (has_letter && (has_digit || has_sign)) || inner_capital || ends_field
}

impl Secrets {
    /// The words at which a secret may be read, and the first letters of those that are secrets themselves.
    pub(in crate::detect) fn anchors(&self) -> impl Iterator<Item = (String, Standing)> {
        let labels = self
            .labels
            .iter()
            .map(|label| (label.clone(), Standing::Whole));
        let prefixes = self
            .tokens
            .iter()
            .map(|token| (opening(&token.prefix), Standing::Prefix));
        labels.chain(prefixes)
    }

    /// What stands for a secret in a form, a template, a documentation or a program.
    fn is_placeholder(&self, value: &str) -> bool {
        let folded = fold(value);
        self.placeholders.contains(&folded)
            || is_filler(&folded)
            || is_variable(&folded)
            || is_hash(&folded)
    }
}

/// As words are looked for: a capital after a small letter begins another word.
fn opening(prefix: &str) -> String {
    let mut opening = String::new();
    for letter in prefix.chars() {
        if letter.is_ascii_uppercase()
            && opening.ends_with(|before: char| before.is_ascii_lowercase())
        {
            opening.push(' ');
        }
        opening.push(letter);
    }
    opening
}

/// `xxxxxx`, `********`, `____`.
fn is_filler(folded: &str) -> bool {
    let mut letters = folded.chars();
    let is_repeated = letters
        .next()
        .is_some_and(|first| !first.is_ascii_digit() && letters.all(|letter| letter == first));
    let marks = folded
        .chars()
        .filter(|letter| matches!(letter, '*' | '•' | '.' | '_' | '…' | '·' | '-' | '●'))
        .count();
    is_repeated || 2 * marks > folded.chars().count()
}

/// `${PWD}`, `%PWD%`, `{{ secret }}`, `<mot de passe>`, `$PASSWORD`.
fn is_variable(folded: &str) -> bool {
    const BRACKETS: [(&str, &str); 7] = [
        ("${", "}"),
        ("$(", ")"),
        ("{{", ""),
        ("<", ">"),
        ("%", "%"),
        ("[", "]"),
        ("{", "}"),
    ];
    let is_bracketed = BRACKETS
        .iter()
        .any(|(open, close)| folded.starts_with(open) && folded.ends_with(close));
    let is_named = folded.strip_prefix('$').is_some_and(|name| {
        name.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':'))
    });
    is_bracketed || is_named
}

/// A password that was hashed or sealed is not in clear.
fn is_hash(folded: &str) -> bool {
    const PREFIXES: [&str; 14] = [
        "$1$", "$2a$", "$2b$", "$2y$", "$5$", "$6$", "$y$", "$argon2", "{ssha", "{sha", "{crypt",
        "pbkdf2", "enc(", "vault:",
    ];
    PREFIXES.iter().any(|prefix| folded.starts_with(prefix))
}

/// An expression of a program: `getpass()`, `user.password`, `os.environ["X"]`, a path.
fn is_code(value: &str) -> bool {
    let folded = fold(value);
    let names_itself = ["password", "passwd", "pwd", "secret", "token"]
        .iter()
        .any(|name| folded.contains(name))
        && folded.bytes().all(|byte| {
            byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'.' | b'-' | b'>' | b'$')
        });
    let calls = value.contains('(')
        && (value.ends_with(')') || value.ends_with('(') || value.contains("()"));
    let is_path =
        value.starts_with(['/', '~']) || value.contains("://") || folded.starts_with("c:\\");
    let is_member = [
        "process.env",
        "os.environ",
        "self.",
        "this.",
        "config.",
        "env.",
        "request.",
        "params.",
        "$_",
        "args.",
        "options.",
    ]
    .iter()
    .any(|prefix| folded.starts_with(prefix));
    names_itself || calls || is_path || is_member
}

/// Secrets are told apart by their text, in memory only.
fn shape(span: Range<usize>, secret: &str) -> Shape {
    Shape {
        span,
        canonical: secret.to_owned(),
        doubtful: false,
    }
}

#[cfg(test)]
mod tests;
