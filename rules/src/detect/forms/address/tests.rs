use super::*;

use crate::detect::forms::lists_of;

fn read(text: &str, word: Range<usize>) -> Option<Shape> {
    let streets: Streets = lists_of(include_str!(
        "../../../../personal-data/postal-address.toml"
    ));
    let people: People = lists_of(include_str!("../../../../personal-data/person-name.toml"));
    super::read(text, word, &streets, &people)
}

const STREETS: &[&str] = &[
    "rue",
    "avenue",
    "bd",
    "place",
    "chemin",
    "impasse",
    "lieu-dit",
    "allée",
    "résidence",
    "route",
    "cours",
    "av",
];

fn address(text: &str) -> Option<(&str, bool)> {
    let lower = text.to_lowercase();
    assert_eq!(lower.len(), text.len());
    let (start, street) = STREETS
        .iter()
        .filter_map(|street| {
            find_words(&lower, street)
                .next()
                .map(|found| (found.start, *street))
        })
        .min()?;
    let shape = read(text, start..start + street.len())?;
    Some((&text[shape.span.clone()], shape.doubtful))
}

#[test]
fn whole_addresses() {
    for (text, expected) in [
        (
            "demeurant 12 rue des Lilas, 27400 Louviers, a demandé",
            "12 rue des Lilas, 27400 Louviers",
        ),
        (
            "12 bis, avenue du Général Leclerc 27000 ÉVREUX",
            "12 bis, avenue du Général Leclerc 27000 ÉVREUX",
        ),
        (
            "Mme Durand\n3 impasse de l'Écluse\nBât. B\n27400 Le Manoir-sur-Seine\n",
            "3 impasse de l'Écluse\nBât. B\n27400 Le Manoir-sur-Seine",
        ),
        (
            "7B bd Gambetta - 20000 Ajaccio",
            "7B bd Gambetta - 20000 Ajaccio",
        ),
        (
            "14-16 rue du 8 mai 1945, 97400 Saint-Denis",
            "14-16 rue du 8 mai 1945, 97400 Saint-Denis",
        ),
        (
            "Lieu-dit Le Bourg, 01234 Les Essarts",
            "Lieu-dit Le Bourg, 01234 Les Essarts",
        ),
        (
            "12 rue des lilas 27400 louviers",
            "12 rue des lilas 27400 louviers",
        ),
        (
            "5 av. Foch 75116 Paris depuis 2012",
            "5 av. Foch 75116 Paris",
        ),
    ] {
        assert_eq!(address(text), Some((expected, false)), "{text}");
    }
}

#[test]
fn an_address_without_postcode_is_doubtful() {
    for (text, expected) in [
        ("habite 12 rue des Lilas.", "12 rue des Lilas"),
        ("3 place Carnot", "3 place Carnot"),
    ] {
        assert_eq!(address(text), Some((expected, true)), "{text}");
    }
}

#[test]
fn the_resident_is_the_nearest_named() {
    for (text, doubtful) in [
        ("Mme Durand, 12 rue des Lilas", false),
        ("Camille DURAND\n12 rue des Lilas\n27400 Louviers", false),
        (
            "Mairie de Saint-Loup\n1 place Carnot\n27400 Saint-Loup",
            true,
        ),
        ("SARL Durand, 12 rue des Lilas 27400 Louviers", true),
        ("CCAS, M. Petit, 12 rue des Lilas", false),
    ] {
        assert_eq!(
            address(text).map(|(_, doubtful)| doubtful),
            Some(doubtful),
            "{text}"
        );
    }
}

#[test]
fn the_canonical_form_is_on_one_line() {
    let text = "12 rue des Lilas\n27400 LOUVIERS";
    assert_eq!(
        read(text, 3..6).unwrap().canonical,
        "12 rue des lilas 27400 louviers"
    );
}

#[test]
fn what_only_looks_like_an_address() {
    for text in [
        "article 12 rue des Lilas",
        "la rue des Lilas, 27400 Louviers",
        "2 cours de danse",
        "12 place de parking",
        "1 place disponible",
        "en 2024, rue des Lilas",
        "RD 12 route de Rouen",
        "3 chemin faisant",
        "12 rue",
        "lieu-dit Le Bourg",
        "1,5 route de Rouen",
        "École Jules Ferry, 3 rue des Prés",
    ] {
        assert_eq!(address(text), None, "{text}");
    }
}
