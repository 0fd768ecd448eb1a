//! Who wrote the document and what they said of it.

use std::io;

use super::package::Package;
use super::xml::Token;
use crate::extract::reading::Reading;

const PARTS: [&str; 3] = [
    "docProps/core.xml",
    "docProps/app.xml",
    "docProps/custom.xml",
];

pub(super) fn extract(package: &mut Package<'_, '_>, reading: &mut Reading<'_>) -> io::Result<()> {
    let mut lines = String::new();
    for part in PARTS {
        let mut label = String::new();
        let mut value = String::new();
        package.walk(part, reading, &mut |token, _| {
            match token {
                Token::Start(tag) => {
                    value.clear();
                    if let Some(known) = known(tag.name()) {
                        label = known.to_owned();
                    } else if tag.name() == "property" {
                        label = tag.attribute("name").unwrap_or_default();
                    }
                }
                Token::Text(text) => value.push_str(text),
                Token::End(_) => {
                    if !label.is_empty() && !value.trim().is_empty() {
                        lines.push_str(&format!("{label} : {}\n", value.trim()));
                        label.clear();
                    }
                    value.clear();
                }
            }
            Ok(())
        })?;
    }
    if !lines.is_empty() {
        reading.receiver.begin_text(Some("propriétés du document"));
        reading.receiver.text(&lines);
    }
    Ok(())
}

/// Those that people fill in, as Word labels them.
fn known(name: &str) -> Option<&'static str> {
    Some(match name {
        "creator" => "Auteur",
        "lastModifiedBy" => "Dernière modification par",
        "title" => "Titre",
        "subject" => "Objet",
        "keywords" => "Mots clés",
        "description" => "Commentaires",
        "category" => "Catégorie",
        "Manager" => "Responsable",
        "Company" => "Société",
        _ => return None,
    })
}
