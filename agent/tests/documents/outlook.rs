//! Items of Outlook: a file each, and a mailbox of them.

use beffroi_agent::extract::Coverage;

use super::{assert_found, read};

/// What stands in `message()` of `tests/documents/outlook/items.py`, in this order. The plain form of the body, which says
/// less than the other, is not read, nor are the identifiers of machines.
const MESSAGE: &[(&str, &str)] = &[
    ("en-têtes", "objet.msg"),
    ("en-têtes", "expediteur.msg"),
    ("en-têtes", "copie.msg"),
    ("en-têtes", "copie-cachee.msg"),
    ("en-têtes", "destinataire.msg"),
    ("en-têtes", "recipient-cache.msg"),
    ("en-têtes", "reponse.msg"),
    ("message", "corps.msg"),
    ("message", "lien.msg"),
];

/// In what is attached: a text, a document, a message with a message in it.
const ATTACHED: &[(&str, &str)] = &[
    ("note.txt › ", "archive"),
    ("état.docx › ", "corps.docx"),
    ("état.docx › ", "lien.docx"),
    ("état.docx › tableau 1, ligne 2, colonne 2", "tableau.docx"),
    ("état.docx › en-tête 1", "entete.docx"),
    ("état.docx › pied de page 1", "pied.docx"),
    ("état.docx › commentaire 1", "commentaire.docx"),
    ("état.docx › propriétés du document", "auteur.docx"),
    ("état.docx › propriétés du document", "remarque.docx"),
    ("Transféré › en-têtes", "expediteur-transfere.msg"),
    ("Transféré › en-têtes", "destinataire-transfere.msg"),
    ("Transféré › message", "riche.msg"),
    ("Transféré › Au fond › en-têtes", "objet-fond.msg"),
    ("Transféré › Au fond › message", "texte-fond.msg"),
    ("Transféré › Au fond › note.txt › ", "archive"),
];

const CONTACT: &[(&str, &str)] = &[
    ("en-têtes", "ajoute.contact"),
    ("en-têtes", "courriel.contact"),
    ("en-têtes", "domicile.contact"),
    ("en-têtes", "enfant-1.contact"),
    ("en-têtes", "enfant-2.contact"),
    ("message", "remarques.contact"),
];

const APPOINTMENT: &[(&str, &str)] = &[
    ("en-têtes", "participant.rendez-vous"),
    ("en-têtes", "lieu.rendez-vous"),
    ("message", "remarques.rendez-vous"),
];

#[test]
fn a_message_is_read_everywhere() {
    let expected = [MESSAGE, ATTACHED].concat();
    assert_found("outlook/message.msg", OUTLOOK, &expected);
}

#[test]
fn a_contact_is_read_everywhere() {
    let (outcome, mut addresses) = read("outlook/contact.msg");
    assert_eq!(
        (outcome.media_type, outcome.coverage),
        (OUTLOOK, Coverage::Whole)
    );
    // Properties stand in no order of their own.
    addresses.found.sort();
    assert_eq!(addresses.found, owned("", CONTACT));
}

#[test]
fn an_appointment_is_read_everywhere() {
    assert_found("outlook/rendez-vous.msg", OUTLOOK, APPOINTMENT);
}

#[test]
fn what_travels_in_a_mail_is_read_like_the_item_itself() {
    let expected = [MESSAGE, ATTACHED].concat();
    assert_found("outlook/winmail.dat", "application/vnd.ms-tnef", &expected);
    let (_, mut addresses) = read("outlook/winmail-contact.dat");
    addresses.found.sort();
    assert_eq!(addresses.found, owned("", CONTACT));
}

#[test]
fn a_mailbox_is_read_like_its_items() {
    let (outcome, mut addresses) = read("outlook/boite.pst");
    assert_eq!(
        (outcome.media_type, outcome.coverage),
        ("application/vnd.ms-outlook-pst", Coverage::Whole)
    );
    // A number in a subject, or an address, is not told with the place.
    let message = "Boîte de réception › message 1 « Inscription •••••••••• • »";
    let contact = "Boîte de réception › Familles › message 1 « Durand Zoé »";
    let appointment = "Calendrier › message 1 « Entretien »";
    let mut expected = [
        owned(message, MESSAGE),
        // Long bodies stand in many blocks.
        owned(message, &[("message", "au-bout.pst")]),
        owned(message, ATTACHED),
        owned(contact, CONTACT),
        owned(appointment, APPOINTMENT),
    ]
    .concat();
    expected.sort();
    addresses.found.sort();
    assert_eq!(addresses.found, expected);
}

const OUTLOOK: &str = "application/vnd.ms-outlook";

/// Places below another one.
fn owned(above: &str, places: &[(&str, &str)]) -> Vec<(String, String)> {
    let below = |place: &str| match above {
        "" => place.to_owned(),
        above => format!("{above} › {place}"),
    };
    let owned = places
        .iter()
        .map(|(place, address)| (below(place), (*address).to_owned()));
    owned.collect()
}
