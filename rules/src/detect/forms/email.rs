//! E-mail addresses, in the practical form of RFC 5322, accents allowed.
//!
//! Much looks like one and is not: `git@host:path`, `logo@2x.png`, `@scope/package`, `react@18.2.0`, the user of a URL, the
//! identifier of a message.

use super::Shape;

const LONGEST_LOCAL: usize = 64;
const LONGEST_DOMAIN: usize = 253;

/// What stands after the last dot of a file, not of a domain.
const FILE_ENDINGS: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico", "bmp", "tif", "tiff", "css", "scss",
    "less", "js", "mjs", "cjs", "ts", "jsx", "tsx", "map", "json", "html", "htm", "php", "xml",
    "yml", "yaml", "toml", "txt", "csv", "pdf", "doc", "docx", "xls", "xlsx", "odt", "ods",
    "service", "socket", "timer", "mount", "target", "slice", "desktop", "exe", "dll", "log",
    "bak", "tar", "gz", "tgz", "woff", "ttf", "jar", "lock", "conf", "ini",
];

/// Accounts of machines in addresses of repositories and shells.
const MACHINE_ACCOUNTS: &[&str] = &["git", "hg", "svn", "root"];

/// The address around the `@` at `at`.
pub(in crate::detect) fn read(text: &str, at: usize) -> Option<Shape> {
    let start = local_start(text, at)?;
    let end = domain_end(text, at + 1)?;
    let (local, domain) = (text.get(start..at)?, text.get(at + 1..end)?);
    if !is_local(local) || !is_domain(domain) || is_something_else(text, start, end, local, domain)
    {
        return None;
    }
    let doubtful = is_machine_made(local) || is_private_domain(domain);
    Some(Shape {
        span: start..end,
        canonical: format!("{local}@{domain}").to_lowercase(),
        doubtful,
    })
}

fn local_start(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?;
    let mut start = at;
    for (index, letter) in before.char_indices().rev().take(LONGEST_LOCAL + 1) {
        if !is_local_letter(letter) {
            break;
        }
        start = index;
    }
    let mut start = start.min(at);
    // Punctuation around an address belongs to the sentence; a quote or an attribute may stand there.
    loop {
        let local = text.get(start..at)?;
        let first = local.chars().next()?;
        // What is written before the address proper in markup and mail: href='…, mail=…, u00a0….
        let is_markup = |byte: &u8| b"=`{}|/?*!#$&^".contains(byte);
        let cut = local.as_bytes().iter().rposition(is_markup);
        if let Some(cut) = cut {
            start += cut + 1;
        } else if first.is_alphanumeric() || first == '_' {
            return (at - start <= 4 * LONGEST_LOCAL).then(|| skip_escape(text, start));
        } else {
            start += first.len_utf8();
        }
    }
}

/// `\njean@…` and `u00a0jean@…` in JSON.
fn skip_escape(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let escaped = start.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'\\');
    match bytes.get(start..) {
        Some([b'u', rest @ ..])
            if escaped
                && rest
                    .get(..4)
                    .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) =>
        {
            start + 5
        }
        Some([b'n' | b'r' | b't', ..]) if escaped => start + 1,
        _ => start,
    }
}

fn domain_end(text: &str, from: usize) -> Option<usize> {
    let after = text.get(from..)?;
    let length = after
        .char_indices()
        .take(LONGEST_DOMAIN)
        .find(|(_, letter)| !(letter.is_alphanumeric() || matches!(letter, '.' | '-')))
        .map_or_else(
            || {
                after
                    .char_indices()
                    .nth(LONGEST_DOMAIN)
                    .map_or(after.len(), |(index, _)| index)
            },
            |(index, _)| index,
        );
    let domain = after.get(..length)?.trim_end_matches(['.', '-']);
    Some(from + domain.len())
}

fn is_local_letter(letter: char) -> bool {
    matches!(
        letter,
        'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '!' | '#' | '$' | '%' | '&' | '\'' | '*' | '+' | '/' | '=' | '?' | '^' | '_' | '`'
            | '{' | '|' | '}' | '~' | '-'
    ) || (!letter.is_ascii() && letter.is_alphanumeric())
}

fn is_local(local: &str) -> bool {
    !local.is_empty()
        && local.chars().count() <= LONGEST_LOCAL
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().any(char::is_alphanumeric)
}

fn is_domain(domain: &str) -> bool {
    let Some((rest, ending)) = domain.rsplit_once('.') else {
        return false;
    };
    let labels_hold = rest.split('.').all(|label| {
        !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    });
    let ending_holds = ending.starts_with("xn--")
        || (ending.chars().all(char::is_alphabetic) && (2..=24).contains(&ending.chars().count()));
    labels_hold && ending_holds && rest.chars().any(char::is_alphabetic)
}

fn is_something_else(text: &str, start: usize, end: usize, local: &str, domain: &str) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end..).unwrap_or_default();
    let ending = domain.rsplit('.').next().unwrap_or_default().to_lowercase();
    let is_file = FILE_ENDINGS.contains(&ending.as_str())
        || domain.starts_with("2x.")
        || domain.starts_with("3x.");
    // scp, git: host, colon, path. A colon and a space, or a digit (a port, a password) may follow an address.
    let is_remote_path = after
        .strip_prefix(':')
        .and_then(|path| path.chars().next())
        .is_some_and(|first| {
            matches!(first, '/' | '~')
                || (first.is_alphanumeric() && MACHINE_ACCOUNTS.contains(&local))
        });
    let is_url_user =
        before.ends_with("://") || (before.ends_with(':') && is_password_of_url(before));
    is_file
        || is_remote_path
        || is_url_user
        || after.starts_with('@')
        || (MACHINE_ACCOUNTS.contains(&local) && after.starts_with(':'))
        || is_message_id(before)
}

/// `ftp://user:secret@host`: what precedes the colon follows `://`.
fn is_password_of_url(before: &str) -> bool {
    let word = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    word.contains("://") && !word.contains("mailto:")
}

/// The line is a mail header that identifies messages.
fn is_message_id(before: &str) -> bool {
    const HEADERS: &[&str] = &[
        "message-id:",
        "in-reply-to:",
        "references:",
        "content-id:",
        "x-ms-exchange",
    ];
    let line = before.rsplit('\n').next().unwrap_or_default();
    HEADERS.iter().any(|header| {
        line.get(..header.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(header))
    })
}

/// Twelve digits, or a long run without vowels: nobody's name.
fn is_machine_made(local: &str) -> bool {
    let digits = local.bytes().filter(u8::is_ascii_digit).count();
    let hexadecimal = local.len() >= 16
        && local
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'-' | b'.'));
    digits >= 12 || hexadecimal
}

fn is_private_domain(domain: &str) -> bool {
    const ENDINGS: &[&str] = &[
        ".local",
        ".lan",
        ".internal",
        ".localdomain",
        ".intra",
        ".home",
        ".invalid",
    ];
    ENDINGS.iter().any(|ending| domain.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<String> {
        read(text, text.find('@')?).map(|shape| text[shape.span].to_owned())
    }

    #[test]
    fn reads_addresses_in_their_surroundings() {
        for (text, expected) in [
            ("Écrire à jean.dupont@mairie.fr.", "jean.dupont@mairie.fr"),
            (
                "<j-p_o'neil+rh@sub.mairie.gouv.fr>",
                "j-p_o'neil+rh@sub.mairie.gouv.fr",
            ),
            ("mailto:anne@orange.fr?subject=x", "anne@orange.fr"),
            ("href='mailto:anne@orange.fr'", "anne@orange.fr"),
            ("accueil@mairie-évreux.fr", "accueil@mairie-évreux.fr"),
            ("andré@exemple.fr", "andré@exemple.fr"),
            ("email=paul@free.fr&x=1", "paul@free.fr"),
            ("\\njean@free.fr", "jean@free.fr"),
            ("jean@free.fr:bonjour", "jean@free.fr"),
            ("(jean@free.fr)", "jean@free.fr"),
        ] {
            assert_eq!(address(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn refuses_what_only_looks_like_one() {
        for text in [
            "git@github.com:org/depot.git",
            "logo@2x.png",
            "@scope/pkg",
            "react@18.2.0",
            "https://user@host.fr/x",
            "ftp://user:secret@host.fr",
            "deploy@srv.fr:/var/www",
            "root@serveur",
            "a@b",
            "Message-ID: <x.y@mail.gmail.com>",
            "getty@tty1.service",
            "jean..dupont@free.fr",
            "photo@3x.jpeg",
            "x@@free.fr",
        ] {
            assert_eq!(address(text), None, "{text}");
        }
    }

    #[test]
    fn doubts_machines() {
        let text = "b1946ac92492d2347c6235b4d2611184@bounce.fr";
        assert!(read(text, 32).is_some_and(|shape| shape.doubtful));
    }
}
