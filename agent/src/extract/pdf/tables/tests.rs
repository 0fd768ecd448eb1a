//! Pages as programs draw them: pieces with their places.

use super::super::layout::tests::sheet;
use super::*;

fn tables(pieces: &[(f64, f64, &str)], titles: &mut Option<Titles>) -> (Vec<Table>, String) {
    sheet(pieces).contents(titles)
}

fn rows(table: &Table) -> Vec<Vec<&str>> {
    let rows = table.rows.iter();
    rows.map(|row| row.iter().map(String::as_str).collect())
        .collect()
}

const TITLES: [(f64, f64, &str); 3] = [
    (0.0, 0.0, "NOM"),
    (100.0, 0.0, "PRENOM"),
    (200.0, 0.0, "TEL"),
];

#[test]
fn what_stands_under_titles_is_a_table() {
    let mut page = vec![(0.0, 40.0, "Liste")];
    page.extend(TITLES);
    page.extend([
        (0.0, -20.0, "DURAND"),
        (100.0, -20.0, "Lou"),
        (200.0, -20.0, "06 12"),
        (0.0, -40.0, "LE GOFF"),
        (200.0, -40.0, "06 13"),
        (0.0, -60.0, "PETIT"),
        (100.0, -60.0, "Anne"),
        (200.0, -60.0, "06 14"),
        (
            0.0,
            -100.0,
            "Une phrase qui va par-dessus les colonnes de la table",
        ),
    ]);
    let mut titles = None;
    let (tables, rest) = tables(&page, &mut titles);
    assert_eq!(tables.len(), 1);
    assert_eq!(
        rows(&tables[0]),
        [
            ["NOM", "PRENOM", "TEL"],
            ["DURAND", "Lou", "06 12"],
            ["LE GOFF", "", "06 13"],
            ["PETIT", "Anne", "06 14"],
        ]
    );
    assert_eq!(
        rest,
        "Liste\nUne phrase qui va par-dessus les colonnes de la table\n"
    );
}

#[test]
fn a_cell_may_have_several_lines_and_is_drawn_as_a_whole() {
    let mut page = TITLES.to_vec();
    for (row, phone) in ["06 12 34 56", "06 13 34 56", "06 14 34 56"]
        .into_iter()
        .enumerate()
    {
        let y = -20.0 - 40.0 * f64::from(u8::try_from(row).unwrap());
        let (first, second) = phone.split_at(5);
        page.extend([
            (0.0, y, "DE LA"),
            (0.0, y - 12.0, "TOUR"),
            (100.0, y, "Lou"),
            (200.0, y, first),
            (200.0, y - 12.0, second.trim()),
        ]);
    }
    let (tables, rest) = tables(&page, &mut None);
    assert_eq!(rows(&tables[0])[1], ["DE LA TOUR", "Lou", "06 12 34 56"]);
    assert_eq!(rows(&tables[0])[3], ["DE LA TOUR", "Lou", "06 14 34 56"]);
    assert_eq!(rest, "");
}

#[test]
fn a_table_goes_on_without_titles_on_the_next_page() {
    let page: Vec<_> = (0..4)
        .flat_map(|row| {
            let y = -20.0 * f64::from(row);
            [(0.0, y, "DURAND"), (100.0, y, "Lou"), (200.0, y, "06 12")]
        })
        .collect();
    let mut titles = None;
    assert!(tables(&page[3..], &mut titles).0.is_empty());
    let first: Vec<_> = TITLES
        .into_iter()
        .map(|(x, y, title)| (x, y + 20.0, title))
        .chain(page.clone())
        .collect();
    let (read, _) = tables(&first, &mut titles);
    assert!(read.len() == 1 && !read[0].is_continued);
    let (read, _) = tables(&page, &mut titles);
    assert!(read.len() == 1 && read[0].is_continued);
    assert_eq!(
        rows(&read[0])[..2],
        [["NOM", "PRENOM", "TEL"], ["DURAND", "Lou", "06 12"]]
    );
    // A page between them ends it.
    let (read, _) = tables(&[(0.0, 0.0, "Une page de texte")], &mut titles);
    assert!(read.is_empty() && titles.is_none());
}

#[test]
fn values_that_a_narrow_column_cuts_are_whole() {
    let mut page = TITLES.to_vec();
    for y in [-20.0, -80.0, -140.0] {
        page.extend([
            (0.0, y, "07/01/19"),
            (0.0, y - 12.0, "69"),
            (100.0, y, "DURAND"),
            (200.0, y, "jean.ma"),
        ]);
        page.extend([
            (200.0, y - 12.0, "rtin@ex"),
            (200.0, y - 24.0, "emple.f"),
            (200.0, y - 36.0, "r"),
        ]);
    }
    let (tables, _) = tables(&page, &mut None);
    assert_eq!(
        rows(&tables[0])[2],
        ["07/01/1969", "DURAND", "jean.martin@exemple.fr"]
    );
}

#[test]
fn columns_of_prose_are_no_table() {
    let line = "la commune de Lens vous invite";
    let page: Vec<_> = (0..8)
        .flat_map(|row| {
            let y = -12.0 * f64::from(row);
            [(0.0, y, line), (200.0, y, line), (400.0, y, line)]
        })
        .collect();
    assert!(tables(&page, &mut None).0.is_empty());
}

#[test]
fn a_table_that_is_drawn_column_by_column_is_one() {
    let column = |x: f64, words: [&'static str; 4]| {
        let heights = [0.0, -12.0, -24.0, -36.0].into_iter();
        heights.zip(words).map(move |(y, word)| (x, y, word))
    };
    let page: Vec<_> = column(0.0, ["NOM", "DURAND", "PETIT", "ROUX"])
        .chain(column(100.0, ["PRENOM", "Lou", "Anne", "Zoé"]))
        .chain(column(200.0, ["TEL", "06 12", "06 13", "06 14"]))
        .collect();
    let (tables, _) = tables(&page, &mut None);
    assert_eq!(rows(&tables[0])[3], ["ROUX", "Zoé", "06 14"]);
    assert_eq!(rows(&tables[0]).len(), 4);
}
