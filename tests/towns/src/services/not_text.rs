//! Files that a scan of text must set aside with the right word, and names that lie about what they hold.

use crate::encoding::Encoding;
use crate::manifest::Verdict;
use crate::numbers::Sep;
use crate::page::Page;
use crate::table::{Table, cells};
use crate::town::Town;

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("not text");
    let jpeg = [
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01".as_slice(),
        &dice.bytes(3000),
    ]
    .concat();
    let png = [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR".as_slice(),
        &dice.bytes(900),
    ]
    .concat();
    let blob = [b"\x00\x01\x00\x00".as_slice(), &dice.bytes(6000)].concat();

    vec![
        Page::bytes(
            "Mairie/Associations/Photos/fête du village.jpg",
            jpeg.clone(),
            Verdict::Unsupported,
        ),
        Page::bytes("Mairie/Téléchargements/logo.png", png, Verdict::Unsupported),
        Page::bytes(
            "Mairie/Courrier/scan 0042.pdf",
            b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Length 812".to_vec(),
            Verdict::PartlyRead,
        )
        .or(Verdict::Unreadable),
        Page::bytes(
            "Mairie/RH et paie/Paie/2024.zip",
            encrypted_zip(&dice.bytes(2000)),
            Verdict::Encrypted,
        )
        .or(Verdict::Unsupported),
        Page::bytes(
            "Mairie/Archives/DISQUE_D/PAIE/PAIE.DAT",
            blob,
            Verdict::Unsupported,
        ),
        Page::text("Mairie/Secrétariat/Nouveau document texte.txt", ""),
        // The content decides, not the name.
        Page::bytes(
            "Mairie/Téléchargements/photo identité.txt",
            jpeg,
            Verdict::Unsupported,
        ),
        text_called_doc(town),
    ]
}

fn text_called_doc(town: &Town) -> Page {
    let mut dice = town.dice("text called doc");
    let mut table = Table::new('\t', &["Nom", "Téléphone", "Courriel"]);
    for person in dice.sample(town.adults(), 10) {
        table.row(cells![
            person.name(),
            person.landline(Sep::Space),
            person.email()
        ]);
    }
    Page::table("Mairie/Secrétariat/invités vœux.doc", table).encoded(Encoding::Windows1252)
}

/// One member, with the bit that says it is encrypted, and the directory that makes the archive whole.
fn encrypted_zip(sealed: &[u8]) -> Vec<u8> {
    const NAME: &[u8] = b"paie_2024.csv";
    const ENCRYPTED: u16 = 1;
    let size = u32::try_from(sealed.len())
        .unwrap_or_default()
        .to_le_bytes();
    let name_length = u16::try_from(NAME.len()).unwrap_or_default().to_le_bytes();
    // Version needed, flags, stored, time, date, CRC, both sizes, name length, no extra field.
    let common = [
        &20_u16.to_le_bytes()[..],
        &ENCRYPTED.to_le_bytes(),
        &[0, 0],
        &[0, 0, 0x21, 0x5a],
        &[0xde, 0xad, 0xbe, 0xef],
        &size,
        &size,
        &name_length,
        &[0, 0],
    ]
    .concat();

    let member = [b"PK\x03\x04", &common[..], NAME, sealed].concat();
    let directory = [
        b"PK\x01\x02",
        &20_u16.to_le_bytes()[..],
        &common,
        &[0; 14],
        NAME,
    ]
    .concat();
    let offset = u32::try_from(member.len())
        .unwrap_or_default()
        .to_le_bytes();
    let directory_size = u32::try_from(directory.len())
        .unwrap_or_default()
        .to_le_bytes();
    let end = [
        b"PK\x05\x06",
        &[0_u8, 0, 0, 0, 1, 0, 1, 0][..],
        &directory_size,
        &offset,
        &[0, 0],
    ]
    .concat();
    [member, directory, end].concat()
}
