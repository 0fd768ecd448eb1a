//! Cimetière: grave grants and their heirs, letters before taking a grave back.

use crate::day::Day;
use crate::dice::Dice;
use crate::encoding::Encoding;
use crate::numbers::Sep;
use crate::page::Page;
use crate::table::{Table, cells};
use crate::town::Town;

const FOLDER: &str = "Mairie/Cimetière";

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("cemetery");
    vec![
        grants(town, &mut dice),
        taking_back(town, &mut dice, 1),
        taking_back(town, &mut dice, 2),
        prices(),
        exhumations(town, &mut dice),
    ]
}

fn grants(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Emplacement",
            "Concessionnaire",
            "Acte",
            "Durée",
            "Échéance",
            "Ayant droit",
            "Téléphone",
        ],
    );
    for rank in 1..=40 {
        let (owner, heir) = (dice.pick(town.elders()), dice.pick(town.adults()));
        let granted = dice.between(1975, 2015);
        table.row(cells![
            format!("{}-{:03}", dice.pick(&["A", "B", "C", "COL"]), rank),
            owner.name(),
            format!("{}/{granted}", dice.between(1, 40)),
            "30 ans",
            granted + 30,
            heir.name(),
            heir.landline(Sep::Space),
        ]);
    }
    Page::table(format!("{FOLDER}/Concessions/concessions.csv"), table)
        .encoded(Encoding::Windows1252)
}

fn taking_back(town: &Town, dice: &mut Dice, rank: usize) -> Page {
    let heir = dice.pick(town.adults());
    let text = format!(
        "{}\n{} {}\n{}\n\nObjet : reprise de concession en état d'abandon (articles L. 2223-17 et R. 2223-12 du CGCT)\n\n\
         La concession n° {} accordée le {} est arrivée à terme. Sans nouvelles de votre part, elle sera reprise.\n\
         Contact : {}, {}.\n",
        town.letterhead(),
        heir.title(),
        heir.name(),
        heir.address,
        dice.between(1, 400),
        Day::drawn(dice, 1980, 1994).words(),
        town.mailbox("cimetiere"),
        town.switchboard(),
    );
    Page::text(
        format!("{FOLDER}/Reprises/courrier reprise {rank}.txt"),
        text,
    )
    .encoded(Encoding::Windows1252)
}

fn prices() -> Page {
    let text = "Tarifs 2025\n\nConcession 15 ans, 2 m² : 180 €\nConcession 30 ans, 2 m² : 320 €\nCase de columbarium 15 ans : 450 €\n";
    Page::text(format!("{FOLDER}/tarifs.txt"), text).encoded(Encoding::Windows1252)
}

fn exhumations(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::from("Demandes d'exhumation\n\n");
    for dead in dice.sample(town.elders(), 4) {
        let asker = dice.pick(town.adults());
        text.push_str(&format!(
            "{} ({} {}), demandé par {}, {}\n",
            dead.name(),
            dead.born_word(),
            dead.born(),
            asker.name(),
            asker.email()
        ));
    }
    Page::text(format!("{FOLDER}/EXHUM.TXT"), text).encoded(Encoding::Cp850)
}
