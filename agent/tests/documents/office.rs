//! Documents of Word, Excel and PowerPoint, and of LibreOffice.

use beffroi_agent::extract::Coverage;

use super::{assert_found, read};

const ODT: &str = "application/vnd.oasis.opendocument.text";
const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";
const ODP: &str = "application/vnd.oasis.opendocument.presentation";

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

#[test]
fn a_text_document_of_python_is_read_everywhere() {
    assert_found(
        "python-docx.docx",
        DOCX,
        &[
            ("", "corps.docx"),
            ("", "lien.docx"),
            ("tableau 1, ligne 2, colonne 2", "tableau.docx"),
            ("en-tête 1", "entete.docx"),
            ("pied de page 1", "pied.docx"),
            ("commentaire 1", "commentaire.docx"),
            ("propriétés du document", "auteur.docx"),
            ("propriétés du document", "remarque.docx"),
        ],
    );
}

#[test]
fn a_text_document_of_libreoffice_is_read_everywhere() {
    assert_found(
        "libreoffice-texte.docx",
        DOCX,
        &[
            ("", "corps.texte"),
            ("", "supprime.texte"),
            ("", "lien.texte"),
            ("", "cadre.texte"),
            ("tableau 1, ligne 2, colonne 2", "tableau.texte"),
            (
                "auteurs des modifications et des commentaires",
                "relecteur.texte",
            ),
            ("en-tête 1", "entete.texte"),
            ("pied de page 1", "pied.texte"),
            ("note de bas de page 1", "bas-de-page.texte"),
            ("note de fin 1", "fin.texte"),
            ("commentaire 1", "commentaire.texte"),
            ("propriétés du document", "auteur.texte"),
            ("propriétés du document", "objet.texte"),
        ],
    );
}

#[test]
fn a_workbook_of_python_is_read_everywhere() {
    assert_found(
        "openpyxl.xlsx",
        XLSX,
        &[
            ("feuille « Paie », ligne 2, colonne 2", "cellule.xlsx"),
            ("feuille « Paie », ligne 7, colonne 2", "plus-bas.xlsx"),
            ("feuille « Paie », ligne 9, colonne 16384", "au-bout.xlsx"),
            ("feuille « Paie », liens", "lien.xlsx"),
            ("feuille « Paie », en-tête et pied de page", "entete.xlsx"),
            (
                "feuille « Paie », commentaire de la cellule B2",
                "commentaire.xlsx",
            ),
            ("feuille « Masquée », ligne 1, colonne 1", "masquee.xlsx"),
            (
                "feuille « Invisible », ligne 1, colonne 1",
                "invisible.xlsx",
            ),
            ("propriétés du document", "auteur.xlsx"),
        ],
    );
}

#[test]
fn cells_are_read_as_they_are_shown() {
    let (_, addresses) = read("openpyxl.xlsx");
    let paie = addresses.tables.first().unwrap();
    assert_eq!(
        paie.first().unwrap(),
        &["Nom", "Courriel", "Né le", "Téléphone", "Numéro"]
    );
    let durand = [
        "Durand",
        "cellule.xlsx@exemple.fr",
        "07/05/1985",
        "0612345678",
        "185057800608491",
    ];
    assert_eq!(paie.get(1).unwrap(), &durand);
}

#[test]
fn titles_of_charts_are_read() {
    assert_found(
        "openpyxl-graphique.xlsx",
        XLSX,
        &[
            ("graphique 1", "graphique.xlsx"),
            ("graphique 1", "axe.xlsx"),
        ],
    );
}

#[test]
fn a_workbook_of_libreoffice_is_read_everywhere() {
    assert_found(
        "libreoffice-classeur.xlsx",
        XLSX,
        &[
            ("feuille « Paie », ligne 2, colonne 2", "cellule.classeur"),
            ("feuille « Paie », ligne 7, colonne 2", "plus-bas.classeur"),
            ("feuille « Paie », liens", "lien.classeur"),
            (
                "feuille « Paie », commentaire de la cellule B2",
                "commentaire.classeur",
            ),
            (
                "feuille « Masquée », ligne 1, colonne 1",
                "masquee.classeur",
            ),
            ("propriétés du document", "auteur.classeur"),
        ],
    );
}

#[test]
fn a_presentation_of_python_is_read_everywhere() {
    let member = "Microsoft_Excel_Sheet1.xlsx › feuille « Sheet1 », ligne 2, colonne 1";
    assert_found(
        "python-pptx.pptx",
        PPTX,
        &[
            ("diapositive 1", "titre.pptx"),
            ("diapositive 1", "lien.pptx"),
            (
                "diapositive 2, tableau 1, ligne 3, colonne 2",
                "tableau.pptx",
            ),
            ("diapositive 2, commentaires de l'orateur", "notes.pptx"),
            ("diapositive 3", "masquee.pptx"),
            ("graphique 1", "graphique.pptx"),
            ("propriétés du document", "auteur.pptx"),
            (member, "graphique.pptx"),
        ],
    );
}

#[test]
fn a_presentation_of_libreoffice_is_read_everywhere() {
    assert_found(
        "libreoffice-diaporama.pptx",
        PPTX,
        &[
            ("diapositive 1", "texte.diaporama"),
            ("diapositive 2", "lien.diaporama"),
            (
                "diapositive 2, commentaires de l'orateur",
                "notes.diaporama",
            ),
            ("propriétés du document", "auteur.diaporama"),
        ],
    );
}

/// The places of a text, wherever they stand in the file.
const TEXT: &[(&str, &str)] = &[
    ("", "corps.texte"),
    ("", "lien.texte"),
    ("", "cadre.texte"),
    ("tableau 1, ligne 2, colonne 2", "tableau.texte"),
    ("texte supprimé", "supprime.texte"),
    ("note de bas de page 1", "bas-de-page.texte"),
    ("note de fin 1", "fin.texte"),
    ("commentaire 1", "commentaire.texte"),
    (
        "auteurs des modifications et des commentaires",
        "relecteur.texte",
    ),
];
const TEXT_HEADERS: &[(&str, &str)] =
    &[("en-tête", "entete.texte"), ("pied de page", "pied.texte")];
const TEXT_PROPERTIES: &[(&str, &str)] = &[
    ("propriétés du document", "auteur.texte"),
    ("propriétés du document", "objet.texte"),
];

#[test]
fn an_open_text_is_read_everywhere_in_a_zip_and_flat() {
    let zipped = [TEXT, TEXT_HEADERS, TEXT_PROPERTIES].concat();
    assert_found("libreoffice-texte.odt", ODT, &zipped);
    // The styles stand before the body in a flat file.
    let flat = [TEXT_HEADERS, TEXT, TEXT_PROPERTIES].concat();
    assert_found("sources/texte.fodt", ODT, &flat);
}

#[test]
fn an_open_workbook_is_read_everywhere_in_a_zip_and_flat() {
    for name in ["libreoffice-classeur.ods", "sources/classeur.fods"] {
        assert_found(
            name,
            ODS,
            &[
                ("feuille « Paie », ligne 2, colonne 2", "cellule.classeur"),
                ("feuille « Paie », ligne 7, colonne 2", "plus-bas.classeur"),
                (
                    "feuille « Masquée », ligne 1, colonne 1",
                    "masquee.classeur",
                ),
                ("feuille « Paie », commentaire 1", "commentaire.classeur"),
                ("feuille « Paie », liens", "lien.classeur"),
                ("propriétés du document", "auteur.classeur"),
            ],
        );
        let (_, addresses) = read(name);
        let durand = addresses.tables.first().unwrap().get(1).unwrap();
        assert_eq!(
            durand,
            &["Durand", "cellule.classeur@exemple.fr", "07/05/1985"]
        );
    }
}

#[test]
fn an_open_presentation_is_read_everywhere_in_a_zip_and_flat() {
    for name in ["libreoffice-diaporama.odp", "sources/diaporama.fodp"] {
        assert_found(
            name,
            ODP,
            &[
                ("diapositive 1", "texte.diaporama"),
                ("diapositive 2", "lien.diaporama"),
                (
                    "diapositive 2, commentaires de l'orateur",
                    "notes.diaporama",
                ),
                ("propriétés du document", "auteur.diaporama"),
            ],
        );
    }
}

#[test]
fn a_document_under_a_password_is_told() {
    let (outcome, addresses) = read("msoffcrypto.docx");
    assert_eq!(outcome.coverage, Coverage::Encrypted);
    assert!(addresses.found.is_empty());
}
