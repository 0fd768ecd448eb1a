//! Formats that announce themselves by their first bytes, and that are not text.

use memchr::memmem;

use super::archive::compressed::Method;
use super::archive::{rar, seven_zip, tar};
use super::database::{access, dbase};
use super::outlook::tnef;
use super::{Stream, Structure, cms, image, pdf, unread};

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signature {
    pub(super) media_type: &'static str,
    pub(super) encrypted: bool,
}

/// The formats that are read from any place.
pub(super) fn structure(head: &[u8]) -> Option<Structure> {
    if pdf::is_at_start_of(head) {
        return Some(Structure::Pdf);
    }
    if head.starts_with(seven_zip::SIGNATURE) {
        return Some(Structure::SevenZip);
    }
    if rar::is_rar(head) {
        return Some(Structure::Rar);
    }
    // The second is an archive without members.
    let is_zip = head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06");
    if is_zip {
        return Some(Structure::Zip(zip(head)));
    }
    if head.starts_with(OLE) {
        return Some(Structure::Compound(ole(head).media_type));
    }
    if head.starts_with(b"SQLite format 3\0") {
        return Some(Structure::Sqlite);
    }
    if head.starts_with(b"!BDN") {
        return Some(Structure::Mailbox);
    }
    if tnef::is_it(head) {
        return Some(Structure::Tnef);
    }
    if let Some(kind) = image::Kind::of(head) {
        return Some(Structure::Image(kind));
    }
    if access::is_it(head) {
        return Some(Structure::Access);
    }
    dbase::is_it(head).then_some(Structure::Dbase)
}

/// The containers that are read from start to end.
pub(super) fn stream(head: &[u8]) -> Option<Stream> {
    let compressed = Method::of(head).map(Stream::Compressed);
    compressed
        .or_else(|| tar::is_tar(head).then_some(Stream::Tar))
        .or_else(|| cms::is_it(head).then_some(Stream::Cms))
}

/// Recognises `head`; the order matters where one signature begins like another.
pub(super) fn recognise(head: &[u8]) -> Option<Signature> {
    if head.starts_with(OLE) {
        return Some(ole(head));
    }
    if let Some(kind) = head.get(4..12).and_then(iso_media) {
        return Some(clear(kind));
    }
    if let Some(kind) = riff(head) {
        return Some(clear(kind));
    }
    if let Some(media_type) = unread::media_type(head) {
        return Some(clear(media_type));
    }
    PREFIXES
        .iter()
        .find(|(prefix, _)| head.starts_with(prefix))
        .map(|(prefix, media_type)| Signature {
            media_type,
            encrypted: ENCRYPTED.contains(prefix),
        })
}

const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

const PREFIXES: &[(&[u8], &str)] = &[
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"AC10", "image/vnd.dwg"),
    (b"MSCF", "application/vnd.ms-cab-compressed"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"\0\x01\0\0\0", "font/ttf"),
    (b"OTTO", "font/otf"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/x-matroska"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (b"\0\0\x01\xba", "video/mpeg"),
    (b"\x03\xd9\xa2\x9a", "application/x-keepass2"),
    (b"LUKS\xba\xbe", "application/x-luks"),
    (b"-----BEGIN PGP MESSAGE-----", "application/pgp-encrypted"),
];

/// Those whose content is closed without a key.
const ENCRYPTED: &[&[u8]] = &[
    b"\x03\xd9\xa2\x9a",
    b"LUKS\xba\xbe",
    b"-----BEGIN PGP MESSAGE-----",
];

fn clear(media_type: &'static str) -> Signature {
    Signature {
        media_type,
        encrypted: false,
    }
}

/// A zip is an office document by the names of its first entries.
fn zip(head: &[u8]) -> &'static str {
    let name = head.get(30..).unwrap_or_default();
    let open_document = name
        .strip_prefix(b"mimetype".as_slice())
        .and_then(|content| {
            OPEN_DOCUMENT
                .iter()
                .find(|media_type| content.starts_with(media_type.as_bytes()))
        });
    match open_document {
        Some(media_type) => media_type,
        None if contains(head, b"word/") => {
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        }
        None if contains(head, b"xl/") => {
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        }
        None if contains(head, b"ppt/") => {
            "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        }
        None if contains(head, b"META-INF/MANIFEST.MF") => "application/java-archive",
        None => "application/zip",
    }
}

const OPEN_DOCUMENT: &[&str] = &[
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.graphics",
    "application/vnd.oasis.opendocument.database",
    "application/epub+zip",
];

/// The container of old office documents, of mails, and of encrypted recent ones: told by the names of its streams,
/// written in UTF-16.
fn ole(head: &[u8]) -> Signature {
    let holds = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        contains(head, &name)
    };
    if holds("EncryptedPackage") {
        return Signature {
            media_type: "application/x-ole-encrypted-package",
            encrypted: true,
        };
    }
    clear(if holds("WordDocument") {
        "application/msword"
    } else if holds("Workbook") || holds("Book") {
        "application/vnd.ms-excel"
    } else if holds("PowerPoint Document") {
        "application/vnd.ms-powerpoint"
    } else if holds("__substg1.0_") {
        "application/vnd.ms-outlook"
    } else {
        unread::of_streams(holds).unwrap_or("application/x-ole-storage")
    })
}

/// MP4 and its relatives: a box named `ftyp`, then the brand.
fn iso_media(name_and_brand: &[u8]) -> Option<&'static str> {
    let brand = name_and_brand.strip_prefix(b"ftyp".as_slice())?;
    Some(match brand {
        b"M4A " => "audio/mp4",
        b"qt  " => "video/quicktime",
        _ => "video/mp4",
    })
}

fn riff(head: &[u8]) -> Option<&'static str> {
    match head.strip_prefix(b"RIFF".as_slice())?.get(4..8)? {
        b"WAVE" => Some("audio/wav"),
        b"AVI " => Some("video/x-msvideo"),
        _ => None,
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    memmem::find(haystack, needle).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media_type(head: &[u8]) -> Option<&'static str> {
        recognise(head).map(|signature| signature.media_type)
    }

    #[test]
    fn names_what_it_cannot_read() {
        assert_eq!(media_type(b"GIF89a"), Some("image/gif"));
        assert_eq!(media_type(b"\0\0\0\x18ftypmp42"), Some("video/mp4"));
        assert_eq!(media_type(b"RIFF\0\0\0\0WAVE"), Some("audio/wav"));
        assert_eq!(media_type(b"Nom;Pr"), None);
        assert_eq!(media_type(b""), None);
    }

    #[test]
    fn tells_office_documents_from_other_zips() {
        let local_header = |name: &[u8]| {
            let mut head = b"PK\x03\x04\x14\0".to_vec();
            head.resize(30, 0);
            [head.as_slice(), name].concat()
        };
        let odt = local_header(b"mimetypeapplication/vnd.oasis.opendocument.text");
        assert_eq!(zip(&odt), "application/vnd.oasis.opendocument.text");
        assert_eq!(
            zip(&local_header(b"word/document.xml")),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        );
        assert_eq!(zip(&local_header(b"paie.csv")), "application/zip");
    }

    #[test]
    fn an_encrypted_office_document_is_encrypted() {
        let stream: Vec<u8> = "EncryptedPackage"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert!(recognise(&[OLE, &stream].concat()).unwrap().encrypted);
        assert!(!recognise(OLE).unwrap().encrypted);
    }
}
