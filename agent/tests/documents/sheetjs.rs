//! Workbooks of SheetJS, which writes kinds that LibreOffice writes no more.

use beffroi_agent::extract::Coverage;

use super::{assert_found, read};

/// Its table of sectors is wrong behind the last sector; it writes neither links nor comments into these.
#[test]
fn workbooks_of_old_kinds_are_read() {
    // It writes no accents into the former.
    for (kind, hidden) in [("biff5", "Masqu_e"), ("biff8", "Masquée")] {
        let (outcome, addresses) = read(&format!("sheetjs/{kind}.xls"));
        assert_eq!(
            (outcome.media_type, outcome.coverage),
            ("application/vnd.ms-excel", Coverage::Whole)
        );
        let cells = [
            ("feuille « Paie », ligne 2, colonne 2", "cellule"),
            ("feuille « Paie », ligne 7, colonne 2", "plus-bas"),
            (
                &format!("feuille « {hidden} », ligne 1, colonne 1"),
                "masquee",
            ),
            ("feuille « Invisible », ligne 1, colonne 1", "invisible"),
        ];
        for (place, cell) in cells {
            let found = (place.to_owned(), format!("{cell}.{kind}"));
            assert!(
                addresses.found.contains(&found),
                "{kind}: {:?}",
                addresses.found
            );
        }
    }
}

#[test]
fn a_binary_workbook_is_read_everywhere() {
    assert_found(
        "sheetjs/classeur.xlsb",
        "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
        &[
            ("feuille « Paie », ligne 2, colonne 2", "cellule.xlsb"),
            ("feuille « Paie », ligne 7, colonne 2", "plus-bas.xlsb"),
            ("feuille « Paie », liens", "lien.xlsb"),
            ("feuille « Paie », commentaires", "commentaire.xlsb"),
            ("feuille « Masquée », ligne 1, colonne 1", "masquee.xlsb"),
            (
                "feuille « Invisible », ligne 1, colonne 1",
                "invisible.xlsb",
            ),
            ("propriétés du document", "auteur.xlsb"),
        ],
    );
    let (_, addresses) = read("sheetjs/classeur.xlsb");
    assert_eq!(
        addresses.tables[0][1],
        [
            "Durand",
            "cellule.xlsb@exemple.fr",
            "07/05/1985",
            "0612345678",
            "185057800608491"
        ]
    );
    assert_eq!(addresses.tables[1][1], ["1"]);
}
