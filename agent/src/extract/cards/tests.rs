//! Whole cards and calendars, as old and new programs write them.

use crate::extract::Coverage;
use crate::extract::tests::extract;

#[test]
fn a_card_reads_as_a_person_would_write_it() {
    let card = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:a@exemple.fr\r\nN:Durand;Zoé;Anne;Mme;\r\n\
        item1.TEL;TYPE=cell:06 12 34\r\n  56 78\r\nADR;TYPE=home:;;1 rue\\, de la Mairie;Lens;;62300;\r\n\
        BDAY:19850507\r\nNOTE:un\\;deux\\ntrois\r\nX-TWITTER;X-A=\"b:c;d\":zoe\r\nEND:VCARD\r\n";
    let (outcome, heard) = extract(card.as_bytes());
    assert_eq!(outcome.media_type, "text/vcard");
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert_eq!(heard.parts, ["fiche 1"]);
    assert_eq!(
        heard.text,
        "Nom : Durand\nPrénom : Zoé\nAutres prénoms : Anne\nCivilité : Mme\n\
         Téléphone : 06 12 34 56 78\nAdresse : 1 rue, de la Mairie, 62300 Lens\n\
         Date de naissance : 1985-05-07\nNote : un;deux\ntrois\nX-TWITTER : zoe\n"
    );
}

/// As Outlook and the phones before it export.
#[test]
fn an_old_card_is_quoted_printable_and_folds_with_equal_signs() {
    let card = b"begin:vcard\nversion:2.1\nN;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:=C9lise;Zo=E9\n\
        NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:zo=\n\xc3\xa9=\n.durand@exemple.fr=0D=0Asuite\n\
        TEL;CELL:0612345678\nend:vcard\n";
    let (outcome, heard) = extract(card);
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert_eq!(
        heard.text,
        "Nom : Élise\nPrénom : Zoé\nNote : zoé.durand@exemple.fr\r\nsuite\nTéléphone : 0612345678\n"
    );
}

#[test]
fn files_within_are_members() {
    let calendar = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:avant\nATTACH;ENCODING=BASE64;VALUE=BINARY:bm9tO3Rl\n \
        bApEdXJhbmQ7MDYxMgo=\nDTSTART:20260302T090000Z\nBEGIN:VALARM\nDESCRIPTION:rappel\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n";
    let (outcome, heard) = extract(calendar.as_bytes());
    assert_eq!(outcome.media_type, "text/calendar");
    assert_eq!(heard.members, ["événement 1 › pièce jointe 1"]);
    assert_eq!(heard.rows, [vec!["nom", "tel"], vec!["Durand", "0612"]]);
    assert_eq!(heard.parts, ["événement 1", "", "événement 1"]);
    assert_eq!(
        heard.text,
        "Objet : avant\nDébut : 2026-03-02 09:00\nDescription : rappel\n"
    );
}

#[test]
fn a_card_cut_short_is_damaged_and_one_without_end_has_its_limit() {
    let (outcome, heard) = extract("BEGIN:VCARD\nFN:Zoé".as_bytes());
    assert_eq!(outcome.coverage, Coverage::Damaged);
    assert_eq!(heard.text, "Nom complet : Zoé\n");

    let endless = format!(
        "BEGIN:VCARD\nNOTE:{}\nFN:Zoé\nEND:VCARD\n",
        "x".repeat(17 << 20)
    );
    let (outcome, heard) = extract(endless.as_bytes());
    assert!(matches!(outcome.coverage, Coverage::Limited(_)));
    assert!(heard.text.ends_with("Nom complet : Zoé\n"));
}
