//! Flows as the software of town halls writes them, cut by the blocks that texts come in.

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::extract::Coverage;
use crate::extract::tests::extract;

fn compressed(content: &[u8]) -> String {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(content).unwrap();
    STANDARD.encode(gzip.finish().unwrap())
}

fn flow(attachment: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<n:PES_Aller xmlns:n=\"http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller\">\n\
         <PES_PJ><PJ><Contenu><Fichier MIMEType=\"application/pdf\">{attachment}</Fichier></Contenu>\n\
         <NomPJ V=\"facture.csv\"/></PJ></PES_PJ>\n<Tiers><Nom V=\"DURAND\"/></Tiers></n:PES_Aller>"
    )
}

#[test]
fn an_attachment_is_a_member_and_the_rest_is_read_on() {
    let file = compressed(b"nom;tel\nDurand;0612345678\n");
    let (outcome, heard) = extract(flow(&file).as_bytes());
    assert_eq!(outcome.media_type, "application/xml");
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert_eq!(heard.members, ["pièce jointe 1", "contenu"]);
    assert_eq!(heard.rows, [["nom", "tel"], ["Durand", "0612345678"]]);
    assert!(heard.text.contains("DURAND"), "{}", heard.text);
    assert!(!heard.text.contains("H4sI"), "{}", heard.text);
}

#[test]
fn the_border_of_a_block_may_stand_anywhere() {
    const BLOCK: usize = 64 * 1024;
    let lines = "Durand;0612345678\n".repeat(40_000);
    let file = compressed(format!("nom;tel\n{lines}").as_bytes());
    // In lines, as programs write it that stem from mail.
    let wrapped: Vec<&str> = file
        .as_bytes()
        .chunks(76)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let attachment = format!("\n{}\n", wrapped.join("\r\n"));
    let before = flow(&attachment).find("H4sI").unwrap();
    for shift in 0..12 {
        let padding = " ".repeat(BLOCK - before + 6 - shift);
        let document = flow(&attachment).replacen("<PES_PJ>", &format!("{padding}<PES_PJ>"), 1);
        let (_, heard) = extract(document.as_bytes());
        assert_eq!(heard.members, ["pièce jointe 1", "contenu"], "{shift}");
        assert_eq!(heard.rows.len(), 40_001, "{shift}");
        let breaks = document.matches('\n').count();
        assert_eq!(heard.text.matches('\n').count(), breaks, "{shift}");
    }
}

#[test]
fn several_files_and_one_that_is_cut() {
    let file = compressed(b"nom;tel\nDurand;0612345678\n");
    let document = flow(&file).replace("</PES_PJ>", &format!("<PJ>{file}</PJ><PJ>H4sI"));
    let (outcome, heard) = extract(document.as_bytes());
    assert_eq!(outcome.coverage, Coverage::Whole);
    assert_eq!(
        heard
            .members
            .iter()
            .filter(|name| name.starts_with("pièce"))
            .count(),
        3
    );
    assert_eq!(heard.rows.len(), 4);
    assert!(heard.text.contains("DURAND"), "{}", heard.text);
}
