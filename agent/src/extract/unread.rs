//! Formats that are known by their first bytes and not read: what the verdict calls them.
//!
//! Old programs whose documents are still on the shares of town halls come first; somebody has to open and convert them.

/// How such a file begins, its media type, and the program in French.
const FORMATS: &[(&[u8], &str, &str)] = &[
    (b"\xffWPC", "application/vnd.wordperfect", "WordPerfect"),
    (b"\x01\xfe", "application/vnd.ms-works", "Microsoft Works"),
    (
        b"\xff\0\x02\0\x04\x04\x05\x54",
        "application/vnd.ms-works",
        "Microsoft Works (tableur)",
    ),
    (
        b"\x20\x54\x02\0\0\0\x05\x54",
        "application/vnd.ms-works",
        "Microsoft Works (base de données)",
    ),
    (
        b"\x31\xbe\0\0",
        "application/x-mswrite",
        "Word pour DOS ou Write",
    ),
    (b"\x32\xbe\0\0", "application/x-mswrite", "Write"),
    (b"\xdb\xa5", "application/x-msword-2", "Word 2"),
    (b"\x9b\xa5", "application/x-msword-2", "Word 1"),
    (b"\x09\0\x04\0", "application/x-excel-2", "Excel 2"),
    (b"\x09\x02\x06\0", "application/x-excel-3", "Excel 3"),
    (b"\x09\x04\x06\0", "application/x-excel-4", "Excel 4"),
    (
        b"\0\0\x02\0\x06\x04\x06\0",
        "application/vnd.lotus-1-2-3",
        "Lotus 1-2-3",
    ),
    (
        b"\0\0\x1a\0\0\x10\x04\0",
        "application/vnd.lotus-1-2-3",
        "Lotus 1-2-3",
    ),
    (
        b"\0\0\x1a\0\x02\x10\x04\0",
        "application/vnd.lotus-1-2-3",
        "Lotus 1-2-3",
    ),
    (
        b"\0\0\x1a\0\x03\x10",
        "application/vnd.lotus-1-2-3",
        "Lotus 1-2-3",
    ),
    (
        b"\0\0\x1a\0\x05\x10",
        "application/vnd.lotus-1-2-3",
        "Lotus 1-2-3",
    ),
    (
        b"\0\0IIXPR",
        "application/vnd.quark.quarkxpress",
        "QuarkXPress",
    ),
    (
        b"\0\0MMXPR",
        "application/vnd.quark.quarkxpress",
        "QuarkXPress",
    ),
    (b"\xe7\xac\x2c\0", "application/x-mspublisher", "Publisher"),
    (
        b"\x06\x06\xed\xf5\xd8\x1d\x46\xe5",
        "application/x-indesign",
        "InDesign",
    ),
    (
        b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d",
        "application/onenote",
        "OneNote",
    ),
    (
        b"\xa1\x2f\xff\x43\xd9\xef\x76\x4c",
        "application/onenote",
        "OneNote",
    ),
];

/// The same of documents in a compound file: the name of a stream in it.
const STREAMS: &[(&str, &str, &str)] = &[
    ("MatOST", "application/vnd.ms-works", "Microsoft Works"),
    ("VisioDocument", "application/vnd.visio", "Visio"),
    ("Quill", "application/x-mspublisher", "Publisher"),
    (
        "StarWriterDocument",
        "application/vnd.stardivision.writer",
        "StarOffice (texte)",
    ),
    (
        "StarCalcDocument",
        "application/vnd.stardivision.calc",
        "StarOffice (tableur)",
    ),
    (
        "StarDrawDocument",
        "application/vnd.stardivision.draw",
        "StarOffice (dessin ou diaporama)",
    ),
];

/// Others whose media type is told elsewhere.
const NAMES: &[(&str, &str)] = &[
    ("image/vnd.adobe.photoshop", "Photoshop"),
    ("application/vnd.ms-cab-compressed", "archive CAB"),
    ("image/vnd.dwg", "AutoCAD"),
    ("application/vnd.rar", "archive RAR compressée"),
];

/// The media type of a file that begins so.
pub(super) fn media_type(head: &[u8]) -> Option<&'static str> {
    let found = FORMATS.iter().find(|(start, _, _)| head.starts_with(start));
    found.map(|(_, media_type, _)| *media_type)
}

/// That of a compound file which holds such a stream.
pub(super) fn of_streams(holds: impl Fn(&str) -> bool) -> Option<&'static str> {
    let found = STREAMS.iter().find(|(stream, _, _)| holds(stream));
    found.map(|(_, media_type, _)| *media_type)
}

/// What a person calls the format, where that says more than « type non pris en charge ».
pub(super) fn name(media_type: &str) -> Option<&'static str> {
    let of_formats = FORMATS.iter().map(|(_, of, name)| (*of, *name));
    let of_streams = STREAMS.iter().map(|(_, of, name)| (*of, *name));
    let mut all = of_formats.chain(of_streams).chain(NAMES.iter().copied());
    all.find(|(of, _)| *of == media_type).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tests::extract;
    use crate::extract::{Coverage, Outcome};

    #[test]
    fn old_documents_are_named() {
        for (start, media_type, _) in FORMATS {
            let file = [start, [0xe9; 600].as_slice()].concat();
            let (outcome, _) = extract(&file);
            let expected = Outcome {
                media_type,
                coverage: Coverage::Unsupported,
            };
            assert_eq!(outcome, expected);
        }
        let works = Outcome {
            media_type: "application/vnd.ms-works",
            coverage: Coverage::Unsupported,
        };
        let detail = works.detail();
        assert_eq!(detail.as_deref(), Some("format Microsoft Works : non lu"));
    }

    /// A note may begin with any letters; only what no text holds is a signature.
    #[test]
    fn no_text_is_taken_for_one() {
        for (start, _, name) in FORMATS {
            let is_text = start.iter().all(|byte| *byte >= b' ' && *byte < 0x7f);
            assert!(!is_text, "{name}");
        }
    }
}
