//! Which text format is it? Told by the first characters.

use super::TextFormat;
use super::aligned;
use super::cards;
use super::delimited;
use super::dsn;
use super::markup::Dialect;
use super::office::open_document::flat_media_type;
use super::sql;

/// Header fields of mails; two of them at the head of a text make it one.
const MAIL_FIELDS: &[&str] = &[
    "return-path",
    "received",
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "delivered-to",
    "x-mozilla-status",
    "dkim-signature",
    "content-type",
];

/// Among them, those that nobody types by hand at the head of a note.
const MAIL_MARKERS: &[&str] = &[
    "return-path",
    "received",
    "message-id",
    "mime-version",
    "delivered-to",
    "x-mozilla-status",
    "dkim-signature",
];

/// The format of a text that begins with `head`; `is_cut` says whether more follows.
pub(super) fn text_format(head: &str, is_cut: bool) -> TextFormat {
    if head.is_empty() {
        return TextFormat::Plain("inode/x-empty");
    }
    let start = head.trim_start();
    if let Some(media_type) = flat_media_type(start).filter(|_| start.starts_with('<')) {
        return TextFormat::FlatOffice(media_type);
    }
    if let Some(dialect) = markup(start) {
        return TextFormat::Markup(dialect);
    }
    if is_mail(start) {
        return TextFormat::Mail;
    }
    if is_json(start) {
        return TextFormat::Escaped;
    }
    if let Some(media_type) = cards::media_type(start) {
        return TextFormat::Cards(media_type);
    }
    if dsn::is_it(start) {
        return TextFormat::Dsn;
    }
    if sql::is_it(head) {
        return TextFormat::Sql;
    }
    if let Some(delimiter) = delimited::delimiter(head, is_cut) {
        return TextFormat::Delimited(delimiter);
    }
    match aligned::Columns::of(head, is_cut) {
        Some(columns) => TextFormat::Aligned(columns),
        None => TextFormat::Plain("text/plain"),
    }
}

fn markup(start: &str) -> Option<Dialect> {
    let opening: String = start
        .chars()
        .take(1024)
        .flat_map(char::to_lowercase)
        .collect();
    if !opening.starts_with('<') {
        return None;
    }
    let is_html = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<table",
        "<meta",
    ]
    .iter()
    .any(|tag| opening.starts_with(tag))
        || opening.contains("<html");
    if is_html {
        return Some(Dialect::Html);
    }
    let second = opening.chars().nth(1)?;
    (second.is_alphabetic() || matches!(second, '?' | '!') && opening.contains('>'))
        .then_some(Dialect::Xml)
}

fn is_mail(start: &str) -> bool {
    // The line that separates the messages of an mbox.
    let header = match start.split_once('\n') {
        Some((line, rest)) if line.starts_with("From ") => rest,
        _ => start,
    };
    let fields: Vec<String> = header
        .lines()
        .take_while(|line| !line.trim().is_empty())
        .filter(|line| !line.starts_with([' ', '\t']))
        .map_while(|line| line.split_once(':'))
        .map(|(name, _)| name.to_ascii_lowercase())
        .collect();
    let known = fields
        .iter()
        .filter(|name| MAIL_FIELDS.contains(&name.as_str()))
        .count();
    let typed_by_a_program = fields
        .iter()
        .any(|name| MAIL_MARKERS.contains(&name.as_str()));
    known >= 4 || (known >= 2 && typed_by_a_program) || is_entity(&fields)
}

/// What a mail signs or encrypts: a part of a mail, whose head only says how it is written (RFC 8551, section 3.1).
fn is_entity(fields: &[String]) -> bool {
    let is_of_content = |name: &String| name.starts_with("content-");
    fields.iter().any(|name| name == "content-type") && fields.iter().all(is_of_content)
}

fn is_json(start: &str) -> bool {
    let mut letters = start.chars().filter(|letter| !letter.is_whitespace());
    match (letters.next(), letters.next()) {
        (Some('{'), Some(second)) => matches!(second, '"' | '}'),
        (Some('['), Some(second)) => matches!(second, '{' | '[' | '"' | ']'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_text_formats() {
        let format = |head| text_format(head, false);
        assert_eq!(format(""), TextFormat::Plain("inode/x-empty"));
        assert_eq!(
            format("Bonjour,\nmerci.\n"),
            TextFormat::Plain("text/plain")
        );
        assert_eq!(
            format("<!DOCTYPE html><p>"),
            TextFormat::Markup(Dialect::Html)
        );
        assert_eq!(
            format("<?xml version=\"1.0\"?><n:PES/>"),
            TextFormat::Markup(Dialect::Xml)
        );
        assert_eq!(format("{ \"nir\": 1 }"), TextFormat::Escaped);
        assert_eq!(format("[section]\na=b\n"), TextFormat::Plain("text/plain"));
        assert_eq!(
            format("Nom;Prénom\nDurand;Zoé\n"),
            TextFormat::Delimited(b';')
        );
    }

    #[test]
    fn a_note_that_looks_like_a_mail_is_plain() {
        let note = "Date: lundi\nFrom: la cantine\n\nRien à signaler.\n";
        assert_eq!(text_format(note, false), TextFormat::Plain("text/plain"));
        let mail = "Return-Path: <a@b.fr>\nSubject: essai\n\nBonjour\n";
        assert_eq!(text_format(mail, false), TextFormat::Mail);
        let signed = "Content-Type: text/plain\nContent-Transfer-Encoding: 8bit\n\nBonjour\n";
        assert_eq!(text_format(signed, false), TextFormat::Mail);
    }

    #[test]
    fn smaller_than_is_not_markup() {
        assert_eq!(
            text_format("< 3 ans : gratuit\n", false),
            TextFormat::Plain("text/plain")
        );
    }
}
