//! What Outlook calls the properties that hold something of people ([MS-OXPROPS]).

use super::BODIES;
use super::names::{self, Name, Names};

/// How the program that sent the message and those that passed it on wrote its head.
pub(super) const TRANSPORT_HEADER: u16 = 0x007d;
const SENT: u16 = 0x0039;
/// Kept as moments, meant as days: birthday, wedding.
pub(super) const DAYS: [u16; 2] = [0x3a42, 0x3a41];

/// The head of a message, under the names that mails give them.
pub(super) const HEAD: &[(u16, &str)] = &[
    (0x0037, "subject"),
    (0x0042, "from"),
    (0x5d02, "from"),
    (0x0065, "from"),
    (0x0c1a, "sender"),
    (0x5d01, "sender"),
    (0x0c1f, "sender"),
    (0x0e04, "to"),
    (0x0e03, "cc"),
    (0x0e02, "bcc"),
    (0x0050, "reply-to"),
    (SENT, "date"),
];

pub(super) fn is_moment(number: u16) -> bool {
    number == SENT || DAYS.contains(&number)
}

pub(super) enum Label<'n> {
    Shown(&'n str),
    /// Identifiers of machines, which look like addresses and are none, and what is read elsewhere.
    OfNoUse,
}

pub(super) fn of(number: u16, names: &Names) -> Label<'_> {
    if number >= names::FIRST {
        return match names.get(number) {
            Some(Name::Given(name)) if is_technical(name) => Label::OfNoUse,
            Some(Name::Given(name)) => Label::Shown(name),
            Some(Name::Known(known)) if NAMED_OF_NO_USE.contains(known) => Label::OfNoUse,
            Some(Name::Known(known)) => {
                let label = NAMED.iter().find(|(number, _)| number == known);
                Label::Shown(label.map_or(OTHER, |(_, label)| label))
            }
            None => Label::Shown(OTHER),
        };
    }
    if BODIES.contains(&number) || OF_NO_USE.contains(&number) {
        return Label::OfNoUse;
    }
    let label = LABELS.iter().find(|(known, _)| *known == number);
    Label::Shown(label.map_or(OTHER, |(_, label)| label))
}

const OTHER: &str = "champ";

/// Fields of the heads of mails, and what programs note for themselves.
fn is_technical(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["x-", "http:", "urn:", "content-", "acceptlanguage"]
        .iter()
        .any(|beginning| name.starts_with(beginning))
}

const OF_NO_USE: [u16; 22] = [
    0x001a,           // class of the message
    TRANSPORT_HEADER, // read apart
    0x0064,           // types of addresses
    0x0068,
    0x0075,
    0x0077,
    0x0079,
    0x0c1e,
    0x3002,
    0x1035, // identifiers of messages
    0x1039,
    0x1042,
    0x1045, // links to mailing lists
    0x1044,
    0x1043,
    0x10f3, // name in an address
    0x3613, // class of a folder
    0x3712, // identifier within the message
    0x370e, // media type
    0x3703, // suffix
    0x5d0a, // identifiers of accounts
    0x5d0b,
];

/// Types of addresses, version of the program.
const NAMED_OF_NO_USE: [u32; 7] = [0x8082, 0x8092, 0x80a2, 0x80b2, 0x80c2, 0x80d2, 0x8554];

/// In the words of the program.
const LABELS: &[(u16, &str)] = &[
    (0x0040, "Reçu par"),
    (0x0076, "Reçu par"),
    (0x0044, "Reçu pour"),
    (0x0078, "Reçu pour"),
    (0x3001, "Nom complet"),
    (0x3003, "Courriel"),
    (0x39fe, "Courriel"),
    (0x3004, "Commentaires"),
    (0x3a00, "Compte"),
    (0x3a02, "Téléphone (rappel)"),
    (0x3a05, "Titre"),
    (0x3a06, "Prénom"),
    (0x3a07, "Numéro d'identification"),
    (0x3a08, "Téléphone (bureau)"),
    (0x3a09, "Téléphone (domicile)"),
    (0x3a0a, "Initiales"),
    (0x3a0d, "Emplacement"),
    (0x3a10, "Matricule"),
    (0x3a11, "Nom"),
    (0x3a15, "Adresse"),
    (0x3a16, "Société"),
    (0x3a17, "Fonction"),
    (0x3a18, "Service"),
    (0x3a19, "Bureau"),
    (0x3a1a, "Téléphone (principal)"),
    (0x3a1b, "Téléphone (bureau 2)"),
    (0x3a1c, "Téléphone mobile"),
    (0x3a1d, "Téléphone (radio)"),
    (0x3a1e, "Téléphone (voiture)"),
    (0x3a1f, "Téléphone (autre)"),
    (0x3a21, "Récepteur de radiomessagerie"),
    (0x3a23, "Télécopie (principale)"),
    (0x3a24, "Télécopie (bureau)"),
    (0x3a25, "Télécopie (domicile)"),
    (0x3a26, "Pays"),
    (0x3a27, "Ville"),
    (0x3a28, "Département"),
    (0x3a29, "Rue"),
    (0x3a2a, "Code postal"),
    (0x3a2b, "Boîte postale"),
    (0x3a2c, "Télex"),
    (0x3a2d, "RNIS"),
    (0x3a2e, "Téléphone (assistant)"),
    (0x3a2f, "Téléphone (domicile 2)"),
    (0x3a30, "Assistant"),
    (0x3a41, "Anniversaire de mariage"),
    (0x3a42, "Date de naissance"),
    (0x3a43, "Loisirs"),
    (0x3a44, "Deuxième prénom"),
    (0x3a45, "Civilité"),
    (0x3a46, "Profession"),
    (0x3a47, "Présenté par"),
    (0x3a48, "Conjoint"),
    (0x3a49, "Réseau"),
    (0x3a4a, "Client"),
    (0x3a4b, "Téléphone (malentendants)"),
    (0x3a4e, "Responsable"),
    (0x3a4f, "Surnom"),
    (0x3a50, "Page personnelle"),
    (0x3a51, "Page professionnelle"),
    (0x3a57, "Téléphone (société)"),
    (0x3a58, "Enfants"),
    (0x3a59, "Ville (domicile)"),
    (0x3a5a, "Pays (domicile)"),
    (0x3a5b, "Code postal (domicile)"),
    (0x3a5c, "Département (domicile)"),
    (0x3a5d, "Rue (domicile)"),
    (0x3a5e, "Boîte postale (domicile)"),
    (0x3a5f, "Ville (autre)"),
    (0x3a60, "Pays (autre)"),
    (0x3a61, "Code postal (autre)"),
    (0x3a62, "Département (autre)"),
    (0x3a63, "Rue (autre)"),
    (0x3a64, "Boîte postale (autre)"),
    (0x3ff8, "Créé par"),
    (0x3ffa, "Modifié par"),
];

/// Those that have a number of Outlook's own.
const NAMED: &[(u32, &str)] = &[
    (0x8005, "Classer sous"),
    (0x801a, "Adresse (domicile)"),
    (0x801b, "Adresse (bureau)"),
    (0x801c, "Adresse (autre)"),
    (0x8045, "Rue (bureau)"),
    (0x8046, "Ville (bureau)"),
    (0x8047, "Département (bureau)"),
    (0x8048, "Code postal (bureau)"),
    (0x8049, "Pays (bureau)"),
    (0x804a, "Boîte postale (bureau)"),
    (0x8062, "Messagerie instantanée"),
    (0x8080, "Courriel"),
    (0x8083, "Courriel"),
    (0x8084, "Courriel"),
    (0x8090, "Courriel 2"),
    (0x8093, "Courriel 2"),
    (0x8094, "Courriel 2"),
    (0x80a0, "Courriel 3"),
    (0x80a3, "Courriel 3"),
    (0x80a4, "Courriel 3"),
    (0x811f, "Responsable de la tâche"),
    (0x8121, "Demandeur de la tâche"),
    (0x8208, "Lieu"),
    (0x8238, "Participants"),
    (0x823b, "Participants obligatoires"),
    (0x823c, "Participants facultatifs"),
    (0x8539, "Sociétés"),
    (0x853a, "Contacts"),
];
