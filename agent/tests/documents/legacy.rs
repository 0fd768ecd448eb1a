//! Documents of Word, Excel and PowerPoint before 2007, and Rich Text Format.

use super::assert_found;

#[test]
fn a_text_document_is_read_everywhere() {
    assert_found(
        "libreoffice-texte.doc",
        "application/msword",
        &[
            ("", "corps.texte"),
            ("", "supprime.texte"),
            ("", "lien.texte"),
            ("tableau 1, ligne 2, colonne 2", "tableau.texte"),
            ("notes de bas de page", "bas-de-page.texte"),
            ("en-têtes et pieds de page", "entete.texte"),
            ("en-têtes et pieds de page", "pied.texte"),
            ("commentaires", "commentaire.texte"),
            ("notes de fin", "fin.texte"),
            ("zones de texte", "cadre.texte"),
            (
                "auteurs des modifications et des commentaires",
                "relecteur.texte",
            ),
            ("propriétés du document", "objet.texte"),
            ("propriétés du document", "auteur.texte"),
        ],
    );
}

#[test]
fn a_workbook_is_read_everywhere() {
    assert_found(
        "libreoffice-classeur.xls",
        "application/vnd.ms-excel",
        &[
            ("feuille « Paie », ligne 2, colonne 2", "cellule.classeur"),
            ("feuille « Paie », ligne 7, colonne 2", "plus-bas.classeur"),
            (
                "feuille « Paie », commentaires et zones de texte",
                "commentaire.classeur",
            ),
            // The text of the cell that bears the link, and its target.
            ("feuille « Paie », liens", "plus-bas.classeur"),
            ("feuille « Paie », liens", "lien.classeur"),
            (
                "feuille « Masquée », ligne 1, colonne 1",
                "masquee.classeur",
            ),
            ("propriétés du document", "auteur.classeur"),
        ],
    );
}

#[test]
fn titles_of_charts_are_read() {
    assert_found(
        "libreoffice-openpyxl-graphique.xls",
        "application/vnd.ms-excel",
        &[
            ("feuille « Absences », graphiques", "axe.xlsx"),
            ("feuille « Absences », graphiques", "graphique.xlsx"),
        ],
    );
}

#[test]
fn a_presentation_is_read_everywhere() {
    assert_found(
        "libreoffice-diaporama.ppt",
        "application/vnd.ms-powerpoint",
        &[
            // What is shown of the link, and its target.
            ("liens", "lien.diaporama"),
            ("liens", "lien.diaporama"),
            ("diapositive 1", "texte.diaporama"),
            ("commentaires de la diapositive 2", "notes.diaporama"),
            ("propriétés du document", "auteur.diaporama"),
        ],
    );
}

#[test]
fn rich_text_is_read_everywhere() {
    assert_found(
        "libreoffice-texte.rtf",
        "application/rtf",
        &[
            ("", "corps.texte"),
            ("", "supprime.texte"),
            ("", "lien.texte"),
            ("", "cadre.texte"),
            ("tableau 1, ligne 2, colonne 2", "tableau.texte"),
            ("commentaire", "commentaire.texte"),
            ("en-tête", "entete.texte"),
            ("note", "bas-de-page.texte"),
            ("note", "fin.texte"),
            ("pied de page", "pied.texte"),
            ("propriétés du document", "objet.texte"),
            ("propriétés du document", "auteur.texte"),
        ],
    );
}
