//! What is found in PDF files that real programs wrote, and where: one address was planted in every place where a person
//! can put one (`tests/documents/pdf/README.md`).

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Cursor;
use std::path::Path;

use beffroi_agent::extract::{self, Coverage, Limits, Outcome, Receiver, Source};

#[test]
fn what_libreoffice_prints() {
    let found = [
        ("propriétés du document", "titre.lo"),
        ("propriétés du document", "auteur.lo"),
        ("propriétés du document", "objet.lo"),
        ("propriétés du document", "motcle.lo"),
        ("page 1", "entete.lo"),
        // In the middle of a word the letters turn bold.
        ("page 1", "corps.lo"),
        ("page 1", "note.lo"),
        ("page 1", "pied.lo"),
        ("page 1", "cadre.lo"),
        // Cut by a narrow cell: inside the domain, and at a hyphen.
        ("page 1, tableau 1", "cellule.coupee.lo"),
        ("page 1, tableau 1", "cellule-tiret-deux.lo"),
        ("page 1, annotations", "commentaire.lo"),
        ("page 1, annotations", "lien.lo"),
        ("page 2", "entete.lo"),
        ("page 2", "suite.lo"),
        ("page 2", "pied.lo"),
    ];
    assert_found("libreoffice.pdf", Coverage::Whole, &found);
    // The same with compressed objects, in the order in which a browser wants them.
    assert_found("qpdf.pdf", Coverage::Whole, &found);

    let (_, heard) = read("libreoffice.pdf");
    let page = heard.part("page 1");
    assert!(
        page.contains("Fiche de l’élève : efficacité, affluence\n"),
        "{page}"
    );
    let rows: Vec<&str> = heard.part("page 1, tableau 1").lines().collect();
    assert_eq!(
        rows,
        [
            "Nom\tCourriel\tNIR\tIBAN",
            "Durand Zoé\tcellule.coupee.lo@exemple.fr\t1 85 05 78 006 084 91\tFR76 3000 6000 0112 3456 7890 189",
            "Martin Léa\tcellule-tiret-deux.lo@exemple.fr\t285057800608433\tFR7630006000011234567890189",
        ]
    );
}

#[test]
fn what_a_browser_prints() {
    let found = [
        ("propriétés du document", "titre.chromium"),
        ("page 1", "corps.chromium"),
        ("page 1", "cellule.coupee.chromium"),
        ("page 1", "gauche.chromium"),
        ("page 1", "droite.chromium"),
        ("page 1", "champ.chromium"),
        ("page 1, annotations", "lien.chromium"),
    ];
    assert_found("chromium.pdf", Coverage::Whole, &found);
}

/// Letters spread or placed one by one, text upwards, in a form, invisible; a form that people fill in.
const REPORTLAB: [(&str, &str); 12] = [
    ("propriétés du document", "titre.rl"),
    ("propriétés du document", "auteur.rl"),
    ("propriétés du document", "objet.rl"),
    ("propriétés du document", "motcle.rl"),
    ("page 1", "corps.rl"),
    ("page 1", "lettres.rl"),
    ("page 1", "unes.rl"),
    ("page 1", "vertical.rl"),
    ("page 1", "modele.rl"),
    ("page 1", "invisible.rl"),
    ("page 1, annotations", "lien.rl"),
    ("page 2, formulaire", "champ.rl"),
];

#[test]
fn what_a_program_draws() {
    assert_found("reportlab.pdf", Coverage::Whole, &REPORTLAB);
    let (_, heard) = read("reportlab.pdf");
    let form = "Courriel du responsable : champ.rl@exemple.fr\naccord : Yes\necole : Jules Ferry\n";
    assert_eq!(heard.part("page 2, formulaire"), form);

    let (_, heard) = read("reportlab-tableau.pdf");
    // Cells as high as the highest of their row, with what they say in the middle.
    let rows: Vec<&str> = heard.part("page 1, tableau 1").lines().collect();
    assert_eq!(
        rows,
        [
            "Nom\tNIR\tIBAN",
            "Durand Zoé\t1 85 05 78 006 084 91\tFR76 3000 6000 0112 3456 7890 189",
            "Martin Léa\t2 85 05 78 006 084 33\tFR76 3000 6000 0112 3456 7890 189",
        ]
    );
}

#[test]
fn what_anybody_opens_is_read_and_what_a_password_closes_is_told() {
    assert_found("pypdf-droits-rc4.pdf", Coverage::Whole, &REPORTLAB);
    assert_found("pypdf-droits-aes.pdf", Coverage::Whole, &REPORTLAB);
    assert_found("pypdf-mot-de-passe.pdf", Coverage::Encrypted, &[]);
}

#[test]
fn what_is_laid_over_a_page_or_attached() {
    let found = [
        ("signets", "signet.pypdf"),
        ("signets", "dessous.pypdf"),
        ("signets", "suivant.pypdf"),
        ("page 1", "texte.scan"),
        ("page 1, annotations", "note.pypdf"),
        ("page 1, annotations", "auteur.note.pypdf"),
        ("page 1, annotations", "cadre.pypdf"),
        ("formulaire", "sanspage.pypdf"),
        ("formulaire", "xfa.pypdf"),
        ("dedans.pdf › page 1", "dedans.pypdf"),
        ("élèves.csv", "piece.pypdf"),
    ];
    assert_found("pypdf.pdf", Coverage::Whole, &found);
    let (_, heard) = read("pypdf.pdf");
    let whole = |name: &str| (name.to_owned(), Coverage::Whole);
    assert_eq!(heard.members, [whole("dedans.pdf"), whole("élèves.csv")]);
}

#[test]
fn pages_that_are_pictures_are_told() {
    let coverage = Coverage::Scanned { pages: 2, of: 2 };
    assert_found("scan.pdf", coverage, &[]);
    let told = coverage.detail();
    assert_eq!(told.as_deref(), Some("toutes les pages sont des images"));

    // The third page has the text that its scanner recognised.
    let coverage = Coverage::Scanned { pages: 1, of: 3 };
    let found = [("page 1", "texte.scan"), ("page 3", "reconnu.scan")];
    assert_found("scan-et-texte.pdf", coverage, &found);
    let told = coverage.detail();
    assert_eq!(told.as_deref(), Some("pages qui sont des images : 1 sur 3"));
}

/// Asserts how far a document was read, and that these addresses are in it, no other.
fn assert_found(name: &str, coverage: Coverage, expected: &[(&str, &str)]) {
    let (outcome, heard) = read(name);
    let said = (outcome.media_type, outcome.coverage);
    assert_eq!(said, ("application/pdf", coverage), "{name}");
    let addresses = heard.parts.iter().flat_map(|(place, text)| {
        let words = text.split(|letter: char| letter.is_whitespace() || ":,".contains(letter));
        let addresses =
            words.filter_map(|word| word.trim_end_matches('.').strip_suffix("@exemple.fr"));
        addresses.map(|address| (place.as_str(), address))
    });
    assert_eq!(addresses.collect::<Vec<_>>(), expected, "{name}");
}

fn read(name: &str) -> (Outcome<'static>, Heard) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/documents/pdf");
    let bytes = fs::read(folder.join(name)).unwrap();
    let size_bytes = u64::try_from(bytes.len()).unwrap();
    let mut file = Cursor::new(bytes);
    let mut heard = Heard::default();
    let opened = extract::open(Source::File(&mut file), size_bytes, Limits::default()).unwrap();
    let outcome = opened.extract(&mut heard).unwrap();
    (outcome, heard)
}

/// Hears a document: each part with its place.
#[derive(Default)]
struct Heard {
    parts: Vec<(String, String)>,
    open: Vec<String>,
    members: Vec<(String, Coverage)>,
}

impl Heard {
    fn part(&self, place: &str) -> &str {
        let part = self.parts.iter().find(|(found, _)| found == place);
        part.map_or("", |(_, text)| text)
    }
}

impl Receiver for Heard {
    fn begin_text(&mut self, within: Option<&str>) {
        let members = self.open.iter().map(String::as_str);
        let steps: Vec<&str> = members.chain(within).collect();
        self.parts.push((steps.join(" › "), String::new()));
    }

    fn text(&mut self, chunk: &str) {
        self.parts.last_mut().unwrap().1.push_str(chunk);
    }

    fn begin_table(&mut self, within: Option<&str>, _: u64) {
        self.begin_text(within);
    }

    fn row(&mut self, cells: &[&str]) {
        self.text(&cells.join("\t"));
        self.text("\n");
    }

    fn begin_member(&mut self, name: &str) {
        self.open.push(name.to_owned());
    }

    fn end_member(&mut self, outcome: &Outcome<'_>, _: u64) {
        let name = self.open.pop().unwrap();
        self.members.push((name, outcome.coverage));
    }
}
