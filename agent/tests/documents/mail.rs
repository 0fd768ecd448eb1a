//! Mails, cards and calendars that Python's libraries wrote, in the forms that mail programs keep them.

use beffroi_agent::extract::Coverage;

use super::{assert_found, read};

#[test]
fn a_mail_is_read_everywhere() {
    let (outcome, addresses) = read("mail/python.eml");
    assert_eq!(
        (outcome.media_type, outcome.coverage),
        ("message/rfc822", Coverage::Whole)
    );
    assert_eq!(
        addresses.found,
        expected("eml", "en-têtes", "message", str::to_owned)
    );
}

/// Where each address of the mail with everything is; of a mail among others, `name` says how attachments are called.
fn expected(
    kind: &str,
    headers: &str,
    body: &str,
    name: impl Fn(&str) -> String,
) -> Vec<(String, String)> {
    let at = |place: &str, address: &str| (place.to_owned(), address.to_owned());
    let own = |place: &str, part: &str| at(place, &format!("{part}.{kind}"));
    let of_headers = ["de", "a", "copie-a", "copie", "repondre", "objet"];
    let mut found: Vec<_> = of_headers.map(|part| own(headers, part)).into();
    found.push(own(body, "texte"));
    found.push(own(body, "html"));
    found.push(own(body, "lien"));
    let csv = name("état civil.csv");
    found.push(own(&format!("{csv} › , ligne 2, colonne 2"), "csv"));
    let pdf = name("rib.pdf");
    found.extend(of_pdf(&pdf));
    found.extend(of_text(&name("rib.pdf (2)")));
    let zip = name("dépôt très long dont le nom est coupé en plusieurs morceaux par la norme.zip");
    found.push(own(&format!("{zip} › dossier/liste.txt › "), "zip"));
    let inner = name("transfert.eml");
    let in_headers =
        of_headers.map(|part| own(&format!("{inner} › en-têtes"), &format!("{part}.transfert")));
    found.extend(in_headers);
    found.push(own(&format!("{inner} › message"), "corps.transfert"));
    found.extend(of_pdf(&format!("{inner} › rib.pdf")));
    found
}

/// What is in `pdf/reportlab.pdf`, wherever it is.
fn of_pdf(name: &str) -> Vec<(String, String)> {
    below(name, read("pdf/reportlab.pdf").1.found)
}

fn of_text(name: &str) -> Vec<(String, String)> {
    below(name, read("libreoffice-texte.docx").1.found)
}

fn below(name: &str, found: Vec<(String, String)>) -> Vec<(String, String)> {
    assert!(!found.is_empty());
    let found = found.into_iter();
    found
        .map(|(place, address)| (format!("{name} › {place}"), address))
        .collect()
}

#[test]
fn a_folder_of_thunderbird_is_read_deleted_messages_too() {
    let (outcome, addresses) = read("mail/Inbox");
    assert_eq!(
        (outcome.media_type, outcome.coverage),
        ("message/rfc822", Coverage::Whole)
    );
    let short = |place: &str, kind: &str| -> Vec<(String, String)> {
        [
            "de",
            "a",
            "copie-a",
            "copie",
            "repondre",
            "objet",
            "apres-from",
            "signature",
        ]
        .map(|part| (place.to_owned(), format!("{part}.{kind}")))
        .into()
    };
    let third = |name: &str| format!("message 3 › pièce jointe « {name} »");
    let expected = [
        short("message 1", "premier"),
        short("message 2 (supprimé)", "supprime"),
        expected("mbox", "message 3", "message 3", third),
        short("message 4", "dernier"),
    ]
    .concat();
    assert_eq!(addresses.found, expected);
    let in_pdf = "message 3 › pièce jointe « rib.pdf » › page 1";
    assert!(expected.iter().any(|(place, _)| place == in_pdf));
}

#[test]
fn the_index_beside_it_is_read_as_text() {
    assert_found(
        "mail/Inbox.msf",
        "text/plain",
        &[("", "de.msf"), ("", "a.msf")],
    );
}

#[test]
fn cards_and_calendars_are_read_one_after_the_other() {
    assert_found(
        "mail/vobject.vcf",
        "text/vcard",
        &[
            ("fiche 1", "fiche1.vcf"),
            ("fiche 1", "note1.vcf"),
            ("fiche 2", "fiche2.vcf"),
            ("fiche 2", "note2.vcf"),
            ("fiche 3", "fiche3.vcf"),
            ("fiche 3", "note3.vcf"),
        ],
    );
    assert_found(
        "mail/icalendar.ics",
        "text/calendar",
        &[
            ("événement 1", "titre1.ics"),
            ("événement 1", "participant1.ics"),
            ("événement 1", "description1.ics"),
            ("événement 1", "organisateur1.ics"),
            ("événement 1", "cn1.ics"),
            ("événement 1", "rappel1.ics"),
            ("événement 2", "titre2.ics"),
            ("événement 2", "participant2.ics"),
            ("événement 2", "description2.ics"),
            ("événement 2", "organisateur2.ics"),
            ("événement 2", "cn2.ics"),
            ("événement 2", "rappel2.ics"),
            ("tâche 1", "tache.ics"),
        ],
    );
}

#[test]
fn what_is_signed_is_read_as_if_it_were_not() {
    assert_found(
        "mail/openssl-signe.eml",
        "message/rfc822",
        &[
            ("en-têtes", "a.smime"),
            ("en-têtes", "de.smime"),
            ("en-têtes", "objet.smime"),
            ("smime.p7m › contenu › message", "signe.smime"),
            (
                "smime.p7m › contenu › agents.csv › , ligne 2, colonne 2",
                "csv.smime",
            ),
        ],
    );
    assert_found(
        "mail/openssl-liste.csv.p7m",
        "application/pkcs7-mime",
        &[("contenu › , ligne 2, colonne 2", "table.p7m")],
    );
}

#[test]
fn what_is_encrypted_is_told() {
    let (_, addresses) = read("mail/openssl-chiffre.eml");
    let encrypted = ("smime.p7m".to_owned(), Coverage::Encrypted);
    assert_eq!(addresses.members, [encrypted]);
    assert_eq!(addresses.found.len(), 3);
}
