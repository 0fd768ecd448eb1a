//! What the quick pass passes over is nothing, on every processor: on texts made of pieces of values, of what looks like
//! them and of what stands between, its hits are those of the plain path that tries every place.

use super::super::engine::{Engine, Hit};
use super::super::sweep::Processor;
use super::Care;

const PIECES: &[&str] = &[
    "1 85 05 78 006 084 91",
    "185057800608491",
    "1 85 05 2A 006 084 35",
    "1850578006084 clé 91",
    "FR76 3000 6000 0112 3456 7890 189",
    "fr7630006000011234567890189",
    "06 12 34 56 78",
    "+33 (0)6 12 34 56 78",
    "0612345678",
    "06.12.34.56.78",
    "AB-123-CD",
    "W751234567",
    "FR 83 404 833 048",
    "jean.dupont@mairie.fr",
    "4970 1012 3456 7890",
    "552 100 554 00013",
    "né le 12/04/1985",
    "date de naissance",
    "12 avril 1985",
    "P<FRADURAND<<CAMILLE<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
    "0185057800608491",
    "2026-03-12 10:33:12,123",
    "192.168.1.12",
    "81.57.123.45",
    "05E1234567ABC",
    "05\u{a0}E\u{a0}12\u{a0}34567\u{a0}ABC",
    "NUMEN",
    "Mme Camille Durand",
    "Émile MARTIN",
    "12 rue des Lilas",
    "mot de passe : Azerty12!",
    "RQTH",
    "30006 00001 1234567890A 76",
    "3fa0942b",
    "IBAN",
    "n° de sécu",
    "tél",
    "SIREN",
    "404 833 048",
    "RPPS 10003456789",
    "INE 1234567890A",
    "1",
    "85",
    "05",
    "2A",
    "006",
    "084",
    "91",
    "a",
    "É",
    "NIR",
    "x",
    "FR",
    "76",
    "0",
    "612345678",
    " ",
    " ",
    " ",
    "-",
    ".",
    "/",
    ", ",
    " - ",
    "(",
    ")",
    ":",
    "\n",
    "\r\n",
    "\t",
    ";",
    "_",
    "\u{a0}",
    "\u{202f}",
    "&nbsp;",
    "\\u00a0",
    "=A0",
    "=C2=A0",
    "%20",
    "=\n",
    "\u{ad}",
    "é",
    "@",
    "<",
    "<<",
    "=",
    "%",
    "&",
    "\\",
    "\\n",
    "+",
    "€",
    "🙂",
];

#[test]
fn the_quick_pass_finds_what_the_plain_path_finds() {
    let quick = Engine::embedded().unwrap();
    let portable = quick.running(Processor::Portable, Care::Quick);
    let thorough = quick.running(Processor::Portable, Care::Thorough);
    let mut random = Random(7);
    for round in 0..4_000 {
        let text: String = (0..1 + random.below(60))
            .map(|_| PIECES[random.below(PIECES.len())])
            .collect();
        let expected = believed(&thorough, &text);
        assert_eq!(believed(&quick, &text), expected, "{round}: {text:?}");
        assert_eq!(believed(&portable, &text), expected, "{round}: {text:?}");
    }
}

#[test]
fn adversarial_texts_too() {
    let quick = Engine::embedded().unwrap();
    let thorough = quick.running(Processor::Portable, Care::Thorough);
    let mut random = Random(11);
    for letters in [
        "0123456789",
        "0 1.2-3/4",
        "@a.b",
        "<A0",
        "\u{a0}1é",
        "aA0=%\\u&nbsp;",
        "né le 1/",
        "FR0 ",
    ] {
        let letters: Vec<char> = letters.chars().collect();
        for _ in 0..150 {
            let text: String = (0..400)
                .map(|_| letters[random.below(letters.len())])
                .collect();
            assert_eq!(
                believed(&quick, &text),
                believed(&thorough, &text),
                "{text:?}"
            );
        }
    }
}

fn believed(engine: &Engine, text: &str) -> Vec<Hit> {
    engine.explain(text)
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}
