//! Archives: what the DOS and Windows 98 machines left, in the code pages and with the names of their time.

use crate::day::Day;
use crate::dice::Dice;
use crate::encoding::Encoding;
use crate::numbers::Sep;
use crate::page::Page;
use crate::table::{Table, cells};
use crate::town::Town;

const FOLDER: &str = "Mairie/Archives";

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("archives");
    let mut pages = vec![
        roll_of_1998(town, &mut dice),
        pay_of_1999(town, &mut dice),
        rent_dump(town, &mut dice),
        school_list(town, &mut dice),
        minutes_of_1997(),
        phone_list(town, &mut dice),
        ten_year_table(town, &mut dice),
        sorting_slip(),
    ];
    for year in [2003, 2004, 2005] {
        pages.push(old_letter(town, &mut dice, year));
    }
    pages
}

fn roll_of_1998(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(';', &["NOM", "PRENOM", "NE LE", "ADRESSE"]);
    for voter in dice.sample(town.elders(), 70) {
        table.row(cells![
            voter.upper(),
            voter.first,
            voter.born(),
            voter.address
        ]);
    }
    Page::table(format!("{FOLDER}/DISQUE_D/ELECT98/LISTELEC.CSV"), table).encoded(Encoding::Cp850)
}

fn pay_of_1999(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::from(
        "PAIE DU MOIS DE DECEMBRE 1999 (EN FRANCS)\n\nNOM                     NO SECU SOCIALE          NET\n",
    );
    for agent in dice.sample(town.elders(), 16) {
        text.push_str(&format!(
            "{:<22}  {}  |  {},00 F\n",
            agent.upper(),
            agent.nir(Sep::Space),
            dice.between(5200, 11_000)
        ));
    }
    Page::text(format!("{FOLDER}/DISQUE_D/PAIE/PAIE9912.TXT"), text).encoded(Encoding::Cp850)
}

fn rent_dump(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::from(
        "-- export du logiciel de gestion des loyers\nCREATE TABLE locataire (id INT, nom VARCHAR(40), nir CHAR(15), rib CHAR(23), mobile CHAR(10));\n",
    );
    for (rank, tenant) in dice.sample(town.adults(), 24).into_iter().enumerate() {
        text.push_str(&format!(
            "INSERT INTO locataire VALUES ({}, '{}', '{}', '{}', '{}');\n",
            rank + 1,
            tenant.last.replace('\'', "''"),
            tenant.nir(Sep::None),
            tenant.rib(Sep::None),
            tenant.mobile(Sep::None),
        ));
    }
    Page::text(format!("{FOLDER}/Logiciels arrêtés/loyers.sql"), text)
}

fn school_list(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(';', &["ELEVE", "NE(E) LE", "PARENT", "TELEPHONE"]);
    for child in dice.sample(town.children(), 30) {
        let parent = dice.pick(town.adults());
        table.row(cells![
            child.name(),
            child.born(),
            parent.name(),
            parent.landline(Sep::Dash)
        ]);
    }
    Page::table(format!("{FOLDER}/Écoles/ECOLE~1.CSV"), table).encoded(Encoding::Cp850)
}

fn minutes_of_1997() -> Page {
    let text = "SEANCE DU CONSEIL MUNICIPAL\n\nL'an mil neuf cent quatre-vingt-dix-sept, le conseil municipal régulièrement convoqué s'est réuni\n\
        sous la présidence de Monsieur le Maire. Il est décidé la réfection de la toiture de l'école pour 184 500,00 F.\n";
    Page::text(format!("{FOLDER}/DISQUE_D/CM/CM970312.TXT"), text).encoded(Encoding::Cp850)
}

fn phone_list(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::from("Répertoire du secrétariat\n\n");
    for person in dice.sample(town.voters(), 35) {
        text.push_str(&format!(
            "{:.<40} {}\n",
            person.name(),
            person.landline(Sep::Space)
        ));
    }
    Page::text(format!("{FOLDER}/Secrétariat/repertoire tel.txt"), text)
        .encoded(Encoding::Windows1252)
}

fn ten_year_table(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::from("TABLE DÉCENNALE - naissances\n\n");
    for person in dice.sample(town.elders(), 40) {
        text.push_str(&format!(
            "{} {}, {} {}\n",
            person.upper(),
            person.first,
            person.born_word(),
            person.born_words()
        ));
    }
    Page::text(
        format!("{FOLDER}/État civil ancien/table décennale.txt"),
        text,
    )
    .encoded(Encoding::Iso885915)
}

fn sorting_slip() -> Page {
    let text = "Bordereau de versement 47W\n\n1 à 12 : comptabilité, 1998-2004, élimination possible (visa des AD)\n13 : plans de l'école, conservation\n";
    Page::text(format!("{FOLDER}/Bordereaux/47W.txt"), text).encoded(Encoding::Windows1252)
}

fn old_letter(town: &Town, dice: &mut Dice, year: u32) -> Page {
    let person = dice.pick(town.elders());
    let text = format!(
        "{}\nLe {}\n\n{} {}\n{}\n\nObjet : renouvellement de votre carte de transport\n\nMerci de vérifier votre numéro d'assuré : {}\n\
         et votre date de naissance : {}.\n",
        town.letterhead(),
        Day::drawn(dice, year, year).words(),
        person.title(),
        person.name(),
        person.address,
        person.nir(Sep::Dash),
        person.born(),
    );
    Page::text(
        format!("{FOLDER}/Courriers {year}/LETTRE~{}.TXT", year % 10),
        text,
    )
    .encoded(Encoding::Windows1252)
}
