//! Tags, chunk by chunk.

use super::*;

fn strip(dialect: Dialect, chunks: &[&str]) -> String {
    let mut stripper = Stripper::new(dialect);
    let mut plain = String::new();
    for chunk in chunks {
        stripper.strip(chunk, &mut |piece| match piece {
            Piece::Text(text) => plain.push_str(text),
            Piece::Mark(mark) => plain.push_str(&format!("[{mark:?}]")),
        });
    }
    plain
}

#[test]
fn html_keeps_what_is_displayed_and_the_lines_of_the_file() {
    let page = "<html><style>p{\ncolor:red}</style><body><p>N&deg;&nbsp;<b>06</b>12<br>\nfin</p>\
                <a href=\"mailto:a@b.fr\">&eacute;crire</a></body>";
    let plain = strip(Dialect::Html, &[page]).replace(BREAK, "/");
    assert_eq!(plain, "\n//N°\u{a0}0612/\nfin/  mailto:a@b.fr écrire /");
}

#[test]
fn html_marks_the_cells_of_tables() {
    let table = "<table><tr><th>01</th><td>02</td></tr></table>";
    assert_eq!(
        strip(Dialect::Html, &[table]),
        "[TableStart][Row][HeaderCell]01[Cell]02[TableEnd]"
    );
}

#[test]
fn names_are_split_into_words() {
    let xml = "<x:dateNaissance code_postal='1'>";
    assert_eq!(
        strip(Dialect::Xml, &[xml]).trim(),
        "date Naissance  code postal 1"
    );
}

#[test]
fn xml_keeps_names_values_and_lines() {
    let xml = "<?xml version=\"1.0\"?>\n<r:Agent\n  V=\"Durand &amp; fils\"/>\n<NIR>185</NIR>\n";
    let plain = strip(Dialect::Xml, &[xml]);
    let words: Vec<&str> = plain.split_whitespace().collect();
    assert_eq!(
        words,
        [
            "version", "1.0", "Agent", "V", "Durand", "&", "fils", "NIR", "185"
        ]
    );
    assert_eq!(plain.matches('\n').count(), 4);
}

#[test]
fn comments_and_data_are_read() {
    let xml = "<a><!-- tel 06 --><![CDATA[0612]]></a><!DOCTYPE x [<!ENTITY y>]>";
    let plain = strip(Dialect::Xml, &[xml]);
    assert!(
        plain.contains(" tel 06 ") && plain.contains("0612"),
        "{plain}"
    );
}

#[test]
fn scripts_are_read_to_their_end() {
    let page = "<script type=x>if (a<b) tel='0612';</script><p>suite</p>";
    let plain = strip(Dialect::Html, &[page]);
    assert!(
        plain.contains("tel='0612'") && plain.contains("suite"),
        "{plain}"
    );
}

#[test]
fn the_same_wherever_the_chunks_are_cut() {
    let page = "<p title='&eacute;t&eacute;'>1 &lt; 2 & 3<!-- x --><script>a</scr</script>";
    let whole = strip(Dialect::Html, &[page]);
    for cut in 0..=page.len() {
        let (before, after) = page.split_at(cut);
        assert_eq!(strip(Dialect::Html, &[before, after]), whole);
    }
}

#[test]
fn a_missing_end_hides_nothing_after_the_next_tag() {
    let plain = strip(Dialect::Html, &["<p 0612<p>le 0612345678</p>"]);
    assert!(plain.contains("0612345678"), "{plain}");
}
