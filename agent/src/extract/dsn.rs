//! DSN, the monthly declaration of payroll: a value a line, behind the number of its rubric (« S21.G00.30.001,'1850578006084' »).
//!
//! In: the characters of a file. Out: one running text an individual (« individu 12 »), and one for what precedes the first;
//! rubrics about people are named as the technical specification names them (« Cahier technique de la DSN », NEODeS), which
//! is the only context that their values have. The others are given as they are written.

use std::io;

use super::text::Text;
use super::{Coverage, Receiver};

/// A longer line is none of a declaration, and is given in pieces.
const MOST_LINE_BYTES: usize = 4096;

/// The first rubric of each individual: his or her number.
const INDIVIDUAL: &str = "S21.G00.30.001";

/// What stands before a value. An address is one line, as on an envelope.
const RUBRICS: &[(&str, &str)] = &[
    ("S10.G00.02.002", "\nNom et prénom : "),
    ("S10.G00.02.004", "\nCourriel : "),
    ("S10.G00.02.005", "\nTéléphone : "),
    ("S20.G00.07.001", "\nNom et prénom : "),
    ("S20.G00.07.002", "\nTéléphone : "),
    ("S20.G00.07.003", "\nCourriel : "),
    ("S21.G00.20.003", "\nBIC : "),
    ("S21.G00.20.004", "\nIBAN : "),
    (INDIVIDUAL, "\nNuméro d'inscription au répertoire (NIR) : "),
    ("S21.G00.30.002", "\nNom de famille : "),
    ("S21.G00.30.003", "\nNom d'usage : "),
    ("S21.G00.30.004", "\nPrénoms : "),
    ("S21.G00.30.005", "\nSexe : "),
    ("S21.G00.30.006", "\nDate de naissance : "),
    ("S21.G00.30.007", "\nLieu de naissance : "),
    ("S21.G00.30.008", "\nAdresse : "),
    ("S21.G00.30.009", ", "),
    ("S21.G00.30.010", " "),
    ("S21.G00.30.014", "\nDépartement de naissance : "),
    ("S21.G00.30.015", "\nPays de naissance : "),
    ("S21.G00.30.016", "\nComplément d'adresse : "),
    ("S21.G00.30.017", "\nComplément d'adresse : "),
    ("S21.G00.30.018", "\nCourriel : "),
    ("S21.G00.30.019", "\nMatricule : "),
    ("S21.G00.30.020", "\nNuméro technique temporaire : "),
    (
        "S21.G00.31.008",
        "\nAncien numéro d'inscription au répertoire (NIR) : ",
    ),
    ("S21.G00.31.009", "\nAncien nom de famille : "),
    ("S21.G00.31.010", "\nAnciens prénoms : "),
    ("S21.G00.31.011", "\nAncienne date de naissance : "),
];

/// Written as eight digits.
const DATES: &[&str] = &["S21.G00.30.006", "S21.G00.31.011"];

/// Whether a text begins so.
pub(super) fn is_it(start: &str) -> bool {
    rubric(start.lines().next().unwrap_or_default()).is_some()
}

pub(super) fn extract(mut text: Text<'_>, receiver: &mut dyn Receiver) -> io::Result<Coverage> {
    let mut individuals = 0_u64;
    let mut line = String::new();
    receiver.begin_text(None);
    while let Some(chunk) = text.next_chunk()? {
        for piece in chunk.split_inclusive('\n') {
            line.push_str(piece);
            if piece.ends_with('\n') || line.len() > MOST_LINE_BYTES {
                give(&line, &mut individuals, receiver);
                line.clear();
            }
        }
    }
    give(&line, &mut individuals, receiver);
    Ok(Coverage::Whole)
}

fn give(line: &str, individuals: &mut u64, receiver: &mut dyn Receiver) {
    let Some((number, value)) = rubric(line) else {
        receiver.text(line);
        return;
    };
    if number == INDIVIDUAL {
        *individuals += 1;
        receiver.begin_text(Some(&format!("individu {individuals}")));
    }
    let known = RUBRICS.iter().find(|(known, _)| *known == number);
    let Some((_, label)) = known else {
        receiver.text("\n");
        receiver.text(line.trim_end());
        return;
    };
    receiver.text(label);
    match day(value).filter(|_| DATES.contains(&number)) {
        Some(day) => receiver.text(&day),
        None => receiver.text(value),
    }
}

/// The number of the rubric and its value, quotes left out.
fn rubric(line: &str) -> Option<(&str, &str)> {
    let (number, value) = line.trim_end().split_once(',')?;
    let is_number = number.len() == INDIVIDUAL.len()
        && number
            .bytes()
            .zip(INDIVIDUAL.bytes())
            .all(|(ours, usual)| match usual {
                b'0'..=b'9' => ours.is_ascii_digit(),
                _ => ours == usual,
            });
    let value = value.strip_prefix('\'')?;
    is_number.then_some((number, value.strip_suffix('\'').unwrap_or(value)))
}

/// `07051985` is 07/05/1985.
fn day(value: &str) -> Option<String> {
    let is_day = value.len() == 8 && value.bytes().all(|byte| byte.is_ascii_digit());
    let (day, month, year) = (value.get(..2)?, value.get(2..4)?, value.get(4..)?);
    is_day.then(|| format!("{day}/{month}/{year}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tests::extract;

    const DECLARATION: &[u8] = b"S10.G00.00.001,'Logiciel'\r\nS10.G00.02.004,'paie@exemple.fr'\r\n\
        S21.G00.30.001,'1850578006084'\r\nS21.G00.30.002,'DURAND'\r\nS21.G00.30.004,'ZO\xc9'\r\n\
        S21.G00.30.006,'07051985'\r\nS21.G00.30.008,'1 RUE DE L''EGLISE'\r\nS21.G00.30.009,'62300'\r\n\
        S21.G00.30.010,'LENS'\r\nS21.G00.40.001,'01092020'\r\nS21.G00.30.001,'2900578006012'\r\n";

    #[test]
    fn rubrics_about_people_are_named() {
        let (outcome, heard) = extract(DECLARATION);
        assert_eq!(outcome.media_type, "text/x-dsn");
        assert_eq!(outcome.coverage, Coverage::Whole);
        assert_eq!(heard.parts, ["", "individu 1", "individu 2"]);
        assert_eq!(
            heard.text,
            "\nS10.G00.00.001,'Logiciel'\nCourriel : paie@exemple.fr\
             \nNuméro d'inscription au répertoire (NIR) : 1850578006084\nNom de famille : DURAND\
             \nPrénoms : ZOÉ\nDate de naissance : 07/05/1985\nAdresse : 1 RUE DE L''EGLISE, 62300 LENS\
             \nS21.G00.40.001,'01092020'\nNuméro d'inscription au répertoire (NIR) : 2900578006012"
        );
    }

    #[test]
    fn other_texts_are_none() {
        assert!(!is_it("S21.G00.30.001;1850578006084"));
        assert!(!is_it("Société, 'Durand'"));
        assert!(!is_it(""));
    }

    #[test]
    fn a_line_without_end_is_given_in_pieces() {
        let endless = format!("S10.G00.00.001,'a'\n{}", "x".repeat(300_000));
        let (_, heard) = extract(endless.as_bytes());
        assert_eq!(heard.text.matches('x').count(), 300_000);
    }
}
