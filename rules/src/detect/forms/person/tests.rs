use std::sync::OnceLock;

use super::*;
use crate::detect::forms::lists_of;

fn people() -> &'static People {
    static PEOPLE: OnceLock<People> = OnceLock::new();
    PEOPLE.get_or_init(|| lists_of(include_str!("../../../../personal-data/person-name.toml")))
}

/// The name found at any word of the text, and whether it is doubtful.
fn names(text: &str) -> Vec<(&str, bool)> {
    let starts = text.char_indices().filter(|(at, letter)| {
        letter.is_uppercase() && !text[..*at].ends_with(char::is_alphanumeric)
    });
    let mut found: Vec<Shape> = Vec::new();
    for (at, _) in starts {
        let Some(shape) = read(text, at..at, people()) else {
            continue;
        };
        match found.last_mut() {
            Some(last) if shape.span.start < last.span.end => {
                if shape.span.len() > last.span.len() {
                    *last = shape;
                }
            }
            _ => found.push(shape),
        }
    }
    found
        .iter()
        .map(|shape| (&text[shape.span.clone()], shape.doubtful))
        .collect()
}

#[test]
fn reads_names_as_people_write_them() {
    for (text, expected) in [
        ("Bonjour Mme Durand, voici", "Mme Durand"),
        (
            "M. Jean-Pierre Lefèvre est absent",
            "M. Jean-Pierre Lefèvre",
        ),
        ("Monsieur DURAND Camille", "Monsieur DURAND Camille"),
        ("Me A. de Courcy", "Me A. de Courcy"),
        ("M. N'Guyen", "M. N'Guyen"),
        ("Mlle d’Alembert", "Mlle d’Alembert"),
        ("Camille DURAND", "Camille DURAND"),
        ("Camille Durand habite", "Camille Durand"),
        ("DURAND Camille", "DURAND Camille"),
        ("DURAND, Camille", "DURAND, Camille"),
        ("- DE LA TOUR Anne", "DE LA TOUR Anne"),
        ("Anne de La Tour", "Anne de La Tour"),
        ("Yann Le Goff", "Yann Le Goff"),
        ("Marie Louise Petit", "Marie Louise Petit"),
        ("Jean-Noël Ménard", "Jean-Noël Ménard"),
        ("l'enfant Inès Benali est", "Inès Benali"),
        ("VALUES ('DURAND','Camille')", "DURAND','Camille"),
        (
            "DURAND        Camille   12/04/1985",
            "DURAND        Camille",
        ),
        ("Rose DURAND", "Rose DURAND"),
        ("Nom : Durand  Prénom : Camille", "Durand  Prénom : Camille"),
        (
            "Nom : DURAND\nPrénom(s) : Camille\n",
            "DURAND\nPrénom(s) : Camille",
        ),
        (
            "{\"prenom\": \"Camille\", \"nom\": \"Durand\"}",
            "Camille\", \"nom\": \"Durand",
        ),
        (
            "<nom>Durand</nom><prenom>Camille</prenom>",
            "Durand</nom><prenom>Camille",
        ),
        ("Note sur Lucas Petit : rien", "Lucas Petit"),
        ("MME CAMILLE DURAND", "MME CAMILLE DURAND"),
    ] {
        assert_eq!(names(text), [(expected, false)], "{text}");
    }
}

#[test]
fn doubts_what_could_be_something_else() {
    for (text, expected) in [
        ("Durand Camille\n", "Durand Camille"),
        ("Rose Trémière", "Rose Trémière"),
        ("(12, 'Durand', 'Camille')", "Durand', 'Camille"),
    ] {
        assert_eq!(names(text), [(expected, true)], "{text}");
    }
}

#[test]
fn nobody_lives_in_the_names_of_places() {
    for text in [
        "rue Jean Moulin",
        "12 avenue du Général Leclerc",
        "école Jules Ferry",
        "l'école élémentaire publique Paul Lefranc",
        "la salle Pierre Mendès France",
        "les écoles Jules Ferry et Jean Moulin",
        "place du Docteur Roux",
        "SARL Paul Lefranc",
        "ÉCOLE PAUL LEFRANC",
        "Saint-Martin",
        "en Avril",
        "Rose",
        "Pierre",
        "La Pierre",
        "Madame la Maire",
        "Monsieur le Préfet",
        "Madame, Monsieur,",
        "Monsieur Le Maire",
        "Maître d'Ouvrage",
        "maître d’œuvre",
        "Mme X",
        "5 M Euros",
        "France Travail",
        "Paul : 12",
        "Prénom : Camille Nom : ",
        "Prénom : Nom :",
        "c.durand@mairie.fr",
        "Mme et M.",
    ] {
        assert_eq!(names(text), [], "{text}");
    }
}
