//! The formats together: any bytes, any encoding.

use super::*;

/// A receiver that remembers, and asserts that text comes where a text was begun, and rows within a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) text: String,
    pub(super) longest_text: usize,
    pub(super) rows: Vec<Vec<String>>,
    pub(super) parts: Vec<String>,
    pub(super) members: Vec<String>,
    /// Of the members: media type, coverage, size.
    pub(super) outcomes: Vec<(String, Coverage, u64)>,
    begun: Begun,
    /// Of what is outside the member being read.
    outside: Vec<Begun>,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Begun {
    #[default]
    Nothing,
    Text,
    Table,
}

impl Receiver for Heard {
    fn begin_text(&mut self, within: Option<&str>) {
        self.parts.push(within.unwrap_or_default().to_owned());
        self.begun = Begun::Text;
    }

    fn text(&mut self, chunk: &str) {
        assert_eq!(self.begun, Begun::Text);
        self.longest_text = self.longest_text.max(chunk.len());
        self.text.push_str(chunk);
    }

    fn begin_table(&mut self, within: Option<&str>, _: u64) {
        self.begin_text(within);
        self.begun = Begun::Table;
    }

    fn row(&mut self, cells: &[&str]) {
        assert_eq!(self.begun, Begun::Table);
        self.rows
            .push(cells.iter().map(|cell| (*cell).to_owned()).collect());
    }

    fn begin_member(&mut self, name: &str) {
        self.members.push(name.to_owned());
        self.outside.push(std::mem::take(&mut self.begun));
    }

    fn end_member(&mut self, outcome: &Outcome<'_>, size_bytes: u64) {
        let media_type = outcome.media_type.to_owned();
        self.outcomes
            .push((media_type, outcome.coverage, size_bytes));
        self.begun = self.outside.pop().unwrap();
    }
}

pub(super) fn extract(bytes: &[u8]) -> (Outcome<'static>, Heard) {
    extract_within(bytes, Limits::default())
}

pub(super) fn extract_within(bytes: &[u8], limits: Limits) -> (Outcome<'static>, Heard) {
    let mut heard = Heard::default();
    let size_bytes = u64::try_from(bytes.len()).unwrap();
    let mut file = io::Cursor::new(bytes);
    let opened = open(Source::File(&mut file), size_bytes, limits).unwrap();
    let outcome = opened.extract(&mut heard).unwrap();
    (outcome, heard)
}

/// The same bytes, from start to end only.
fn extract_stream(stream: &mut dyn Read) -> io::Result<(Outcome<'static>, Heard)> {
    let mut heard = Heard::default();
    let opened = open(Source::Stream(stream), 1 << 20, Limits::default())?;
    let outcome = opened.extract(&mut heard)?;
    Ok((outcome, heard))
}

/// Small and repeatable; the bytes need no quality.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next()).unwrap() % limit.max(1)
    }

    pub(super) fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

/// A sound example of every format.
fn samples() -> Vec<Vec<u8>> {
    let utf16: Vec<u8> = "Nom;Prénom\r\nDurand;Zoé\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    vec![
        b"L'\xe9l\xe8ve 0612345678".to_vec(),
        b"nom;\"pr\xc3\xa9nom\"\n\"Du\"\"rand\";Zo\xc3\xa9\n".to_vec(),
        b"{\"a\": \"\\u00e9\\ud83d\\ude00\", \"b\": [1, 2]}".to_vec(),
        b"CREATE TABLE `a` (b int);\nINSERT INTO `a` VALUES ('c\\'',E'd'),(CAST(N'\xc3\xa9' AS x));\nCOPY e (f) FROM stdin;\n1\t\\N\n\\.\n".to_vec(),
        "NOM    PRENOM  TEL\n".bytes().chain("D\u{e9}     Zo\u{e9}     01\n".repeat(5).bytes()).collect(),
        b"<!DOCTYPE html><p title='&eacute;'>a<br>b<!-- c --><script>1<2</script></p>".to_vec(),
        b"<?xml version=\"1.0\"?><a:b c=\"d&#233;\"><![CDATA[e]]></a:b>".to_vec(),
        b"Return-Path: <a@b.fr>\nSubject: =?utf-8?B?w6k=?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=a.csv\n\nYTtiCmM7ZAo=\n--x\nContent-Transfer-Encoding: quoted-printable\n\n=C3=A9=\n--x--\n".to_vec(),
        b"From a@b.fr Mon\nFrom: a@b.fr\nTo: c@d.fr\nSubject: x\nDate: y\n\nbody\n\nFrom z\nFrom: a@b.fr\n\nbody\n".to_vec(),
        utf16,
        b"PK\x03\x04\x14\0\0\0word/document.xml".to_vec(),
        vec![0; 100],
    ]
}

pub(super) fn mutated(sample: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = sample.to_vec();
    for _ in 0..=dice.below(4) {
        let place = dice.below(bytes.len());
        match dice.below(5) {
            0 => bytes.truncate(place),
            1 => bytes.extend_from_within(place..),
            2 => bytes.insert(place.min(bytes.len()), dice.byte()),
            3 => bytes.splice(place..place, [0; 8]).for_each(drop),
            _ => {
                if let Some(byte) = bytes.get_mut(place) {
                    *byte = dice.byte();
                }
            }
        }
    }
    bytes
}

#[test]
fn no_bytes_make_it_panic_or_hang() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let samples = samples();
    for _ in 0..4000 {
        let sample = samples.get(dice.below(samples.len())).unwrap();
        extract(&mutated(sample, &mut dice));
    }
    for length in [0, 1, 2, 3, 7, 64, 4096, 70_000] {
        let noise: Vec<u8> = (0..length)
            .map(|_| u8::try_from(dice.below(256)).unwrap())
            .collect();
        extract(&noise);
    }
}

/// Real documents, whose parts depend on one another.
const DOCUMENTS: [&[u8]; 6] = [
    include_bytes!("../../../tests/documents/libreoffice-texte.docx"),
    include_bytes!("../../../tests/documents/openpyxl.xlsx"),
    include_bytes!("../../../tests/documents/libreoffice-diaporama.pptx"),
    include_bytes!("../../../tests/documents/libreoffice-classeur.ods"),
    include_bytes!("../../../tests/documents/sources/texte.fodt"),
    include_bytes!("../../../tests/documents/sources/classeur.fods"),
];

#[test]
fn no_damage_to_a_document_makes_it_panic_or_hang() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..300 {
        let document = DOCUMENTS.get(dice.below(DOCUMENTS.len())).unwrap();
        extract(&mutated(document, &mut dice));
    }
}

#[test]
fn every_sample_is_what_it_is() {
    let types: Vec<&str> = samples()
        .iter()
        .map(|sample| extract(sample).0.media_type)
        .collect();
    assert_eq!(
        types,
        [
            "text/plain",
            "text/csv",
            "application/json",
            "application/sql",
            "text/plain",
            "text/html",
            "application/xml",
            "message/rfc822",
            "message/rfc822",
            "text/csv",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/octet-stream",
        ]
    );
}

/// Gives its bytes one by one, as a slow share may.
struct Drop<'a>(&'a [u8]);

impl Read for Drop<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some((byte, rest)) = self.0.split_first() else {
            return Ok(0);
        };
        let Some(place) = buffer.first_mut() else {
            return Ok(0);
        };
        *place = *byte;
        self.0 = rest;
        Ok(1)
    }
}

#[test]
fn the_same_however_the_bytes_arrive() {
    for sample in samples() {
        let (outcome, heard) = extract_stream(&mut Drop(&sample)).unwrap();
        let (expected, expected_heard) = extract(&sample);
        assert_eq!(
            (outcome, heard.text, heard.rows),
            (expected, expected_heard.text, expected_heard.rows)
        );
    }
}

#[test]
fn chunks_stay_small_whatever_the_file() {
    let line = "Durand Zoé 0612345678 ".repeat(200_000);
    let (_, heard) = extract(line.as_bytes());
    assert_eq!(heard.text, line);
    assert!(heard.longest_text <= 128 * 1024, "{}", heard.longest_text);
}

#[test]
fn an_error_of_the_disk_is_an_error() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("disk"))
        }
    }
    let start = "texte\n".repeat(20_000);
    assert!(extract_stream(&mut start.as_bytes().chain(Broken)).is_err());
}

/// A sheet's rows come in the middle of a text only in a damaged file.
#[test]
fn text_beside_a_sheet_is_a_part_of_its_own() {
    let cell = "<table:table-cell><text:p>Durand</text:p></table:table-cell>";
    let table = format!(
        "<table:table table:name=\"Paie\"><table:table-row>{cell}</table:table-row></table:table>"
    );
    let sheet = format!(
        "<?xml version=\"1.0\"?><office:document office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\">\
         <table:table><table:table-row>{cell}<office:spreadsheet><text:p>avant</text:p>{table}<text:p>entre</text:p>{table}\
         <text:p>après</text:p></office:spreadsheet></office:document>"
    );
    let (_, heard) = extract(sheet.as_bytes());
    assert_eq!(heard.rows, [["Durand"], ["Durand"]]);
    for text in ["avant", "entre", "après"] {
        assert!(heard.text.contains(text), "{text}: {}", heard.text);
    }
}
