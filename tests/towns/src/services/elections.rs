//! Élections: the roll, proxies, the people who keep the polling stations, results.

use crate::dice::Dice;
use crate::encoding::Encoding;
use crate::numbers::Sep;
use crate::page::Page;
use crate::table::{Table, cells};
use crate::town::Town;

const FOLDER: &str = "Mairie/Élections";

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("elections");
    vec![
        roll(town, &mut dice),
        new_voters(town, &mut dice),
        proxies(town, &mut dice),
        station_keepers(town, &mut dice),
        results(&mut dice),
        struck_off(town, &mut dice),
    ]
}

fn roll(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        '\t',
        &[
            "Bureau",
            "N° électeur",
            "Nom de naissance",
            "Prénoms",
            "Sexe",
            "Date de naissance",
            "Adresse",
        ],
    );
    for (rank, voter) in town.voters().iter().enumerate() {
        table.row(cells![
            dice.between(1, 3),
            rank + 1,
            voter.upper(),
            voter.first,
            if voter.woman { "F" } else { "M" },
            voter.born(),
            voter.address,
        ]);
    }
    Page::table(format!("{FOLDER}/Listes/liste électorale 2025.csv"), table)
        .encoded(Encoding::Utf16Le)
}

fn new_voters(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Nom",
            "Prénom",
            "Date de naissance",
            "Courriel",
            "Téléphone",
            "Motif",
        ],
    );
    for voter in dice.sample(town.voters(), 22) {
        table.row(cells![
            voter.upper(),
            voter.first,
            voter.born_dots(),
            voter.email(),
            voter.mobile(Sep::Space),
            "emménagement"
        ]);
    }
    Page::table(
        format!("{FOLDER}/Inscriptions/inscriptions d'office.csv"),
        table,
    )
    .encoded(Encoding::Windows1252)
}

fn proxies(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &["Mandant", "Né(e) le", "Mandataire", "Né(e) le", "Validité"],
    );
    for voter in dice.sample(town.voters(), 12) {
        let proxy = dice.pick(town.voters());
        table.row(cells![
            voter.name(),
            voter.born(),
            proxy.name(),
            proxy.born(),
            "1er et 2nd tours"
        ]);
    }
    Page::table(format!("{FOLDER}/Procurations/procurations.csv"), table)
        .encoded(Encoding::Iso885915)
}

fn station_keepers(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::new();
    for voter in dice.sample(town.voters(), 12) {
        text.push_str(&format!(
            "BEGIN:VCARD\nVERSION:3.0\nN:{};{};;;\nFN:{}\nTEL;TYPE=CELL:{}\nEMAIL:{}\nBDAY:{}\nNOTE:assesseur bureau {}\nEND:VCARD\n",
            voter.last,
            voter.first,
            voter.name(),
            voter.mobile(Sep::Space),
            voter.email(),
            voter.born_iso(),
            dice.between(1, 3),
        ));
    }
    Page::text(format!("{FOLDER}/Bureaux de vote/assesseurs.vcf"), text)
}

fn results(dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Bureau",
            "Inscrits",
            "Votants",
            "Blancs",
            "Nuls",
            "Exprimés",
        ],
    );
    for station in 1..=3 {
        let voters = dice.between(420, 780);
        table.row(cells![station, 990, voters, 12, 7, voters - 19]);
    }
    Page::table(format!("{FOLDER}/Résultats/européennes 2024.csv"), table)
        .encoded(Encoding::Windows1252)
}

fn struck_off(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::from("Commission de contrôle - radiations proposées\n\n");
    for voter in dice.sample(town.voters(), 9) {
        text.push_str(&format!(
            "- {} {}, {} {}, courrier revenu NPAI\n",
            voter.title(),
            voter.name(),
            voter.born_word(),
            voter.born_words()
        ));
    }
    Page::text(
        format!("{FOLDER}/Commission de contrôle/radiations.txt"),
        text,
    )
    .encoded(Encoding::Utf16Be)
}
