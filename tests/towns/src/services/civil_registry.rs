//! État civil: yearly tables, acts, copies asked by post, PACS, the census of sixteen-year-olds.

use crate::day::Day;
use crate::dice::Dice;
use crate::encoding::Encoding;
use crate::numbers::Sep;
use crate::page::Page;
use crate::people::Person;
use crate::table::{Table, cells};
use crate::town::Town;

const FOLDER: &str = "Mairie/État civil";

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("civil registry");
    let mut pages = vec![
        births_table(town, &mut dice, 2023).encoded(Encoding::Windows1252),
        births_table(town, &mut dice, 2024).encoded(Encoding::Utf8Bom),
        deaths_table(town, &mut dice),
        copies_asked(town, &mut dice),
        pacs(town, &mut dice),
        citizen_census(town, &mut dice),
        family_book(town, &mut dice),
        forms_for_families(),
    ];
    for rank in 1..=4 {
        pages.push(birth_act(town, &mut dice, rank));
    }
    pages
}

fn births_table(town: &Town, dice: &mut Dice, year: u32) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "N° acte",
            "Nom",
            "Prénom",
            "Date de naissance",
            "Nom du père",
            "Nom de la mère",
            "Domicile",
        ],
    );
    for (rank, child) in dice.sample(town.children(), 24).into_iter().enumerate() {
        let (father, mother) = (dice.pick(town.adults()), dice.pick(town.adults()));
        table.row(cells![
            rank + 1,
            child.upper(),
            child.first,
            child.born(),
            father.name(),
            mother.name(),
            child.address
        ]);
    }
    Page::table(
        format!("{FOLDER}/Naissances/table naissances {year}.csv"),
        table,
    )
}

fn deaths_table(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Acte",
            "Nom et prénom",
            "Né(e) le",
            "Décédé(e) le",
            "Déclarant",
            "Téléphone du déclarant",
        ],
    );
    for (rank, dead) in dice.sample(town.elders(), 18).into_iter().enumerate() {
        let declarant = dice.pick(town.adults());
        let died = Day::drawn(dice, 2024, 2024);
        let name = format!("{} {}", dead.upper(), dead.first);
        table.row(cells![
            rank + 1,
            name,
            dead.born(),
            died.slashes(),
            declarant.name(),
            declarant.landline(Sep::Dot)
        ]);
    }
    Page::table(format!("{FOLDER}/Décès/DECES 2024.csv"), table).encoded(Encoding::Windows1252)
}

fn birth_act(town: &Town, dice: &mut Dice, rank: usize) -> Page {
    let (child, father, mother) = (
        dice.pick(town.children()),
        dice.pick(town.adults()),
        dice.pick(town.adults()),
    );
    let text = format!(
        "{}\nEXTRAIT D'ACTE DE NAISSANCE AVEC FILIATION\nActe n° {rank}\n\n\
         Le {} est {} à {} :\n{}, de sexe {},\n\
         de {}, {} {} et de {}, {} {},\n\
         domiciliés ensemble {}.\n\n\
         Mentions marginales : néant.\n\
         Délivré à la demande de l'intéressé, joignable au {}.\n",
        town.letterhead(),
        child.born_words(),
        if child.woman { "née" } else { "né" },
        town.commune.name,
        child.name(),
        if child.woman { "féminin" } else { "masculin" },
        father.name(),
        father.born_word(),
        father.born_words(),
        mother.name(),
        mother.born_word(),
        mother.born_words(),
        father.address,
        mother.mobile(Sep::Space),
    );
    Page::text(
        format!(
            "{FOLDER}/Naissances/Actes/extrait n° {rank} - {}.txt",
            child.last
        ),
        text,
    )
    .encoded(Encoding::Windows1252)
}

fn copies_asked(town: &Town, dice: &mut Dice) -> Page {
    let requests: Vec<String> = dice
        .sample(town.adults(), 15)
        .into_iter()
        .enumerate()
        .map(|(rank, person)| {
            format!(
                "  {{\"reference\": \"COPIE-2025-{:04}\", \"acte\": \"mariage\", \"demandeur\": \"{}\", \"date_naissance\": \"{}\", \
                 \"courriel\": \"{}\", \"telephone\": \"{}\"}}",
                rank + 1,
                person.name(),
                person.born_iso(),
                person.email(),
                person.mobile(Sep::None),
            )
        })
        .collect();
    Page::text(
        format!("{FOLDER}/Demandes en ligne/demandes_copie_acte.json"),
        format!("[\n{}\n]\n", requests.join(",\n")),
    )
}

fn pacs(town: &Town, dice: &mut Dice) -> Page {
    let mut text =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<declarations annee=\"2024\">\n");
    for rank in 1..=9 {
        text.push_str(&format!(
            "  <pacs numero=\"{rank}\" enregistre=\"{}\">\n",
            Day::drawn(dice, 2024, 2024).iso()
        ));
        for partner in dice.sample(town.adults(), 2) {
            text.push_str(&format!(
                "    <partenaire>\n      <nom>{}</nom>\n      <prenom>{}</prenom>\n      <dateNaissance>{}</dateNaissance>\n      \
                 <courriel>{}</courriel>\n    </partenaire>\n",
                partner.last,
                partner.first,
                partner.born_iso(),
                partner.email(),
            ));
        }
        text.push_str("  </pacs>\n");
    }
    text.push_str("</declarations>\n");
    Page::text(format!("{FOLDER}/PACS/export_pacs_2024.xml"), text)
}

fn citizen_census(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        '\t',
        &[
            "NOM",
            "Prénom",
            "Né(e) le",
            "Représentant légal",
            "Portable",
            "Courriel",
        ],
    );
    for child in dice.sample(town.children(), 16) {
        let parent = dice.pick(town.adults());
        table.row(cells![
            child.upper(),
            child.first,
            child.born(),
            parent.name(),
            parent.mobile(Sep::Space),
            parent.email()
        ]);
    }
    Page::table(
        format!("{FOLDER}/Recensement citoyen/à convoquer.csv"),
        table,
    )
    .encoded(Encoding::Utf16Le)
}

fn family_book(town: &Town, dice: &mut Dice) -> Page {
    let line = |person: &Person| {
        format!(
            "{} {}, {} {}",
            person.title(),
            person.name(),
            person.born_word(),
            person.born_dots()
        )
    };
    let (first, second) = (dice.pick(town.adults()), dice.pick(town.adults()));
    let text = format!(
        "{}\nDuplicata de livret de famille\n\n- {}\n- {}\n\nMotif : perte déclarée à l'accueil.\nÀ remettre en main propre, appeler le {}.\n",
        town.letterhead(),
        line(first),
        line(second),
        first.mobile_abroad(),
    );
    Page::text(
        format!("{FOLDER}/Livrets de famille/duplicata en attente.txt"),
        text,
    )
    .encoded(Encoding::Iso885915)
}

/// Nothing personal: a page that a scan must call clean.
fn forms_for_families() -> Page {
    let text = "Pièces à fournir pour un mariage\n\n- copie intégrale de l'acte de naissance de moins de 3 mois (article 70 du code civil)\n\
        - pièce d'identité en cours de validité\n- justificatif de domicile\n- liste des témoins (de 2 à 4)\n\n\
        Le dossier complet se dépose 6 semaines avant la date choisie, publication des bans : 10 jours.\n";
    Page::text(
        format!("{FOLDER}/Notices/pièces à fournir mariage.txt"),
        text,
    )
    .encoded(Encoding::Windows1252)
}
