//! Whole mails.

use super::super::tests::extract;
use super::*;

const MAIL: &str = "Return-Path: <zoe.durand@exemple.fr>\r\n\
    From: =?utf-8?Q?Zo=C3=A9?= <zoe.durand@exemple.fr>\r\n\
    Subject: Inscription cantine\r\n\
    Message-ID: <1234@machine.exemple.fr>\r\n\
    MIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=\"b1\"\r\n\
    \r\n\
    This is a multi-part message.\r\n\
    --b1\r\n\
    Content-Type: multipart/alternative; boundary=b2\r\n\
    \r\n\
    --b2\r\n\
    Content-Type: text/plain; charset=iso-8859-1\r\n\
    Content-Transfer-Encoding: quoted-printable\r\n\
    \r\n\
    Num=E9ro 06 12 34=\r\n 56 78\r\n\
    --b2\r\n\
    Content-Type: text/html; charset=utf-8\r\n\
    \r\n\
    <p>Bonjour&nbsp;!</p>\r\n\
    --b2--\r\n\
    --b1\r\n\
    Content-Type: application/octet-stream; name=\"agents.csv\"\r\n\
    Content-Transfer-Encoding: base64\r\n\
    Content-Disposition: attachment; filename=\"agents.csv\"\r\n\
    \r\n\
    bm9tO3RlbApEdXJhbmQ7MDYxMgo=\r\n\
    --b1\r\n\
    Content-Type: image/png\r\n\
    Content-Transfer-Encoding: base64\r\n\
    \r\n\
    iVBORw0KGgo=\r\n\
    --b1--\r\n";

#[test]
fn reads_headers_bodies_and_attachments() {
    let (outcome, heard) = extract(MAIL.as_bytes());
    assert_eq!(outcome.media_type, "message/rfc822");
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert!(
        heard.text.contains("Zoé <zoe.durand@exemple.fr>"),
        "{heard:?}"
    );
    assert!(heard.text.contains("Numéro 06 12 34 56 78"), "{heard:?}");
    assert!(heard.text.contains("Bonjour\u{a0}!"), "{heard:?}");
    assert!(!heard.text.contains("1234@machine"), "{heard:?}");
    assert_eq!(heard.members, ["agents.csv", "pièce jointe 2"]);
    assert_eq!(heard.rows, [vec!["nom", "tel"], vec!["Durand", "0612"]]);
}

#[test]
fn members_say_what_they_are_and_their_size() {
    let (_, heard) = extract(MAIL.as_bytes());
    assert_eq!(
        heard.outcomes,
        [
            ("text/csv".to_owned(), Coverage::Whole, 20),
            ("image/png".to_owned(), Coverage::Picture, 8)
        ]
    );
}

#[test]
fn a_mail_cut_short_is_damaged() {
    let cut = MAIL.find("--b1--").unwrap();
    let (outcome, heard) = extract(&MAIL.as_bytes()[..cut]);
    assert_eq!(outcome.coverage, Coverage::Damaged);
    assert_eq!(heard.members.len(), 2);
}

#[test]
fn reads_every_message_of_an_mbox() {
    let message = "From zoe@exemple.fr Mon Nov  2 10:00:00 2026\n\
        Return-Path: <zoe@exemple.fr>\nSubject: essai\n\nLe 0612345678\n\n";
    let (_, heard) = extract(message.repeat(3).as_bytes());
    assert_eq!(heard.text.matches("0612345678").count(), 3);
    assert_eq!(heard.text.matches("subject: essai").count(), 3);
}

#[test]
fn mails_within_mails_have_an_end() {
    let mut mail = "Return-Path: <a@b.fr>\nSubject: fond\n\nau fond\n".to_owned();
    for level in 0..12 {
        let boundary = format!("b{level}");
        mail = format!(
            "Return-Path: <a@b.fr>\nSubject: dehors\nContent-Type: multipart/mixed; boundary={boundary}\n\n\
             --{boundary}\nContent-Type: message/rfc822\nContent-Disposition: attachment; filename=m.eml\n\n\
             {mail}\n--{boundary}--\n"
        );
    }
    let (_, heard) = extract(mail.as_bytes());
    let last = heard.outcomes.first().unwrap();
    assert_eq!(last.1, Coverage::TooDeep);
}
