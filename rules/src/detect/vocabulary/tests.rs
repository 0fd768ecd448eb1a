//! Words in texts, however they are written.

use super::*;

fn found(words: &[&str], text: &str) -> Vec<String> {
    let mut vocabulary = Vocabulary::<()>::default();
    for word in words {
        vocabulary.entry(word, Standing::Whole).unwrap();
    }
    let mut found = Vec::new();
    vocabulary.read(Processor::of_this_machine(), text, 0..text.len(), |word| {
        found.push(text[word.start..word.end].to_owned());
    });
    found
}

#[test]
fn a_word_is_known_however_it_is_written() {
    let words = [
        "date de naissance",
        "naissance",
        "nir",
        "n° secu",
        "né le",
        "œuvre",
        "état civil",
    ];
    for (text, expected) in [
        (
            "Date de naissance :",
            vec!["Date de naissance", "naissance"],
        ),
        ("dateDeNaissance", vec!["dateDeNaissance", "Naissance"]),
        ("DATE_DE_NAISSANCE", vec!["DATE_DE_NAISSANCE", "NAISSANCE"]),
        (
            "date\u{a0}de naissance",
            vec!["date\u{a0}de naissance", "naissance"],
        ),
        ("(NIRs)", vec!["NIR"]),
        ("N°\u{a0}Sécu", vec!["N°\u{a0}Sécu"]),
        ("né le, ne\u{301} le", vec!["né le", "ne\u{301} le"]),
        ("les Œuvres", vec!["Œuvre"]),
        ("d’État civil, l’état-civil", vec!["État civil"]),
        ("annéeNaissance, néLe", vec!["Naissance", "néLe"]),
        ("éœuvre souvenir nirvana renaissance 2nir", vec![]),
    ] {
        assert_eq!(found(&words, text), expected, "{text}");
    }
}

#[test]
fn capitals_and_prefixes() {
    let mut vocabulary = Vocabulary::<()>::default();
    vocabulary.entry("Rose", Standing::Capital).unwrap();
    vocabulary.entry("ghp_", Standing::Prefix).unwrap();
    vocabulary.entry("AKIA", Standing::Prefix).unwrap();
    assert!(vocabulary.entry("ghp", Standing::Prefix).is_err());
    assert!(vocabulary.entry("asia", Standing::Prefix).is_err());
    assert!(vocabulary.entry("3949", Standing::Whole).is_err());
    assert_eq!(count(&vocabulary, "une rose, Rose, ROSE"), 2);
    assert_eq!(count(&vocabulary, "ghp_16C7e42F292c"), 1);
    assert_eq!(count(&vocabulary, "AKIAIOSFODNN7EXAMPLE AKIA2E0A8F3B"), 2);
}

fn count(vocabulary: &Vocabulary<()>, text: &str) -> usize {
    let mut count = 0;
    vocabulary.read(Processor::Portable, text, 0..text.len(), |_| count += 1);
    count
}
