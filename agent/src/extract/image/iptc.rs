//! IPTC (IIM 4.2): what press agencies and photo libraries write, in the resources of Photoshop in a JPEG, or bare.

use super::{line, text};

/// The data sets of the second record that name people or say what is seen.
const FIELDS: [(u8, &str); 12] = [
    (5, "Titre"),
    (25, "Mots-clés"),
    (40, "Instructions"),
    (80, "Auteur"),
    (85, "Fonction"),
    (90, "Ville"),
    (92, "Lieu"),
    (105, "Titre"),
    (116, "Droits"),
    (118, "Contact"),
    (120, "Légende"),
    (122, "Rédacteur"),
];
/// The number of the resource that holds them.
const IPTC_RESOURCE: [u8; 2] = [0x04, 0x04];

/// Resources of Photoshop: a mark, a number, a name and a content, both padded.
pub(super) fn read_resources(mut resources: &[u8], lines: &mut String) {
    while let Some(resource) = resources.strip_prefix(b"8BIM") {
        let Some(([high, low, name_length], rest)) = resource.split_first_chunk::<3>() else {
            return;
        };
        // With its length, a name fills pairs of bytes.
        let name = usize::from(*name_length) | 1;
        let Some((length, rest)) = rest.get(name..).and_then(<[u8]>::split_first_chunk::<4>) else {
            return;
        };
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let Some((content, _)) = rest.split_at_checked(length) else {
            return;
        };
        if [*high, *low] == IPTC_RESOURCE {
            read(content, lines);
        }
        let padded = length.saturating_add(length % 2);
        resources = rest.get(padded..).unwrap_or_default();
    }
}

pub(super) fn read(mut records: &[u8], lines: &mut String) {
    while let Some(([0x1c, record, field, high, low], rest)) = records.split_first_chunk::<5>() {
        // A length with its highest bit set would be that of a length.
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let Some((value, rest)) = rest.split_at_checked(length) else {
            return;
        };
        if *record == 2
            && let Some((_, label)) = FIELDS.iter().find(|(known, _)| known == field)
        {
            line(label, &text(value), lines);
        }
        records = rest;
    }
}
