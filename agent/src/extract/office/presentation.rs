//! PowerPoint: the slides in the order in which they are shown, hidden ones too, each with its notes and comments.

use std::io;

use super::package::Package;
use super::prose;
use super::xml::Token;
use crate::extract::reading::Reading;

const PRESENTATION: &str = "ppt/presentation.xml";

pub(super) fn extract(package: &mut Package<'_, '_>, reading: &mut Reading<'_>) -> io::Result<()> {
    for (number, slide) in (1..).zip(slides(package, reading)?) {
        let place = format!("diapositive {number}");
        prose::extract(package, &slide, &place, reading)?;
        let relations = package.relations_of(&slide, reading)?;
        for (kind, name) in [
            ("notesSlide", "commentaires de l'orateur"),
            ("comments", "commentaires"),
        ] {
            for relation in relations
                .of_kind(kind)
                .filter(|relation| !relation.is_outside)
            {
                prose::extract(
                    package,
                    &relation.target,
                    &format!("{place}, {name}"),
                    reading,
                )?;
            }
        }
    }
    for (rank, master) in (1..).zip(package.parts_of("slideMasters/slideMaster")) {
        prose::extract(package, &master, &format!("masque {rank}"), reading)?;
    }
    Ok(())
}

/// As the presentation lists them; a list that is damaged does not hide the slides.
fn slides(package: &mut Package<'_, '_>, reading: &mut Reading<'_>) -> io::Result<Vec<String>> {
    let relations = package.relations_of(PRESENTATION, reading)?;
    let mut listed: Vec<String> = Vec::new();
    package.walk(PRESENTATION, reading, &mut |token, _| {
        if let Token::Start(tag) = &token
            && tag.name() == "sldId"
        {
            // Both the number of the slide and its relation are called `id`; the second has a prefix.
            let targets = tag.attributes("id");
            listed.extend(
                targets
                    .iter()
                    .filter_map(|id| relations.target(id))
                    .map(str::to_owned),
            );
        }
        Ok(())
    })?;
    let others = package.parts_of("slides/slide");
    let others = others.into_iter().filter(|slide| !listed.contains(slide));
    let others: Vec<String> = others.collect();
    Ok(listed.into_iter().chain(others).collect())
}
