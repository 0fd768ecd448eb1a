//! CCAS: a controller of its own, with its own folder. Aid letters, home care, lodging address, food bank, heat plan.

use crate::day::Day;
use crate::dice::Dice;
use crate::encoding::Encoding;
use crate::numbers::Sep;
use crate::page::Page;
use crate::table::{Table, cells};
use crate::town::{CCAS, Town};

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("ccas");
    let mut pages = vec![
        home_care(town, &mut dice),
        lodging_addresses(town, &mut dice),
        food_bank(town, &mut dice),
        meals_at_home(town, &mut dice),
        heat_plan(town, &mut dice),
        payments(town, &mut dice),
        disability_file(town, &mut dice),
        leaflet(town),
    ];
    for rank in 1..=6 {
        pages.push(aid_letter(town, &mut dice, rank));
    }
    for month in [2, 3] {
        pages.push(commission(town, &mut dice, month));
    }
    pages
}

fn aid_letter(town: &Town, dice: &mut Dice, rank: u32) -> Page {
    let person = dice.pick(town.voters());
    let text = format!(
        "{}\n{} {}\n{}\n\nNotre référence : AF-2025-{rank:03}\nN° de sécurité sociale : {}\n\nObjet : aide facultative\n\n{},\n\n\
         La commission permanente du {} a examiné votre situation : {}.\n\
         Un secours de {} € vous est accordé. Il sera versé sur le compte {}.\n\
         Votre référente vous appellera au {}.\n\nLa vice-présidente du CCAS\n",
        town.ccas_letterhead(),
        person.title(),
        person.name(),
        person.address,
        person.nir(if rank.is_multiple_of(2) {
            Sep::Space
        } else {
            Sep::Nbsp
        }),
        if person.woman { "Madame" } else { "Monsieur" },
        Day::drawn(dice, 2025, 2025).words(),
        dice.pick(&[
            "dette d'énergie et fin de droits au chômage",
            "séparation, trois enfants à charge, RSA",
            "retour d'hospitalisation",
            "surendettement"
        ]),
        dice.between(8, 45) * 10,
        person.iban(Sep::Space),
        person.mobile(Sep::Space),
    );
    Page::text(
        format!(
            "{CCAS}/Aides facultatives/2025/courrier AF-2025-{rank:03} {}.txt",
            person.last
        ),
        text,
    )
    .encoded(Encoding::Windows1252)
}

fn home_care(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Bénéficiaire",
            "Né(e) le",
            "NIR",
            "GIR",
            "Heures",
            "Pathologies signalées",
            "Aidant",
            "Tél. aidant",
        ],
    );
    for elder in dice.sample(town.elders(), 28) {
        let carer = dice.pick(town.adults());
        table.row(cells![
            elder.name(),
            elder.born(),
            elder.nir(Sep::Dot),
            dice.between(1, 6),
            dice.between(4, 60),
            dice.pick(&[
                "Alzheimer débutant",
                "diabète, plaies",
                "Parkinson",
                "sous tutelle",
                "dépression",
                ""
            ]),
            carer.name(),
            carer.mobile(Sep::Space),
        ]);
    }
    Page::table(
        format!("{CCAS}/APA et aide à domicile/dossiers APA.csv"),
        table,
    )
    .encoded(Encoding::Windows1252)
}

fn lodging_addresses(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ',',
        &[
            "Nom",
            "Prénom",
            "Né(e) le",
            "Pays de naissance",
            "Portable",
            "Élection de domicile",
        ],
    );
    for person in dice.sample(town.adults(), 13) {
        table.row(cells![
            person.upper(),
            person.first,
            person.born(),
            dice.pick(&["France", "Mali", "Ukraine", "Roumanie", "Syrie"]),
            person.mobile(Sep::None),
            Day::drawn(dice, 2024, 2025).slashes(),
        ]);
    }
    Page::table(format!("{CCAS}/Domiciliation/domiciliations.csv"), table)
        .encoded(Encoding::Utf8Bom)
}

fn food_bank(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        '\t',
        &[
            "Famille",
            "Foyer",
            "Régime",
            "Reste à vivre / jour",
            "Mail",
            "Passage",
        ],
    );
    for person in dice.sample(town.adults(), 18) {
        table.row(cells![
            person.upper(),
            format!("{} pers.", dice.between(1, 6)),
            dice.pick(&["", "sans porc", "diabétique", "nourrisson"]),
            format!("{},{:02} EUR", dice.between(2, 9), dice.between(0, 99)),
            person.email(),
            "jeudi",
        ]);
    }
    Page::table(format!("{CCAS}/Épicerie sociale/bénéficiaires.tsv"), table)
        .encoded(Encoding::Utf16Le)
}

fn meals_at_home(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Nom",
            "Adresse",
            "Téléphone",
            "Régime",
            "Code porte",
            "Mandat SEPA (IBAN)",
        ],
    );
    for elder in dice.sample(town.elders(), 21) {
        table.row(cells![
            elder.name(),
            elder.address,
            elder.landline(Sep::Space),
            dice.pick(&["normal", "sans sel", "diabétique", "mixé"]),
            format!("{}A{}", dice.between(10, 99), dice.between(10, 99)),
            elder.iban(Sep::Nbsp),
        ]);
    }
    Page::table(format!("{CCAS}/Portage de repas/tournée sud.csv"), table)
        .encoded(Encoding::Windows1252)
}

fn heat_plan(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Personne isolée",
            "Date de naissance",
            "Téléphone",
            "Contact",
            "Tél. contact",
            "Médecin",
        ],
    );
    for elder in dice.sample(town.elders(), 24) {
        let contact = dice.pick(town.adults());
        table.row(cells![
            elder.name(),
            elder.born(),
            elder.landline(Sep::Space),
            contact.name(),
            contact.mobile(Sep::Dot),
            "cabinet du bourg"
        ]);
    }
    Page::table(
        format!("{CCAS}/Plan canicule/registre nominatif 2025.csv"),
        table,
    )
    .encoded(Encoding::Utf16Be)
}

fn payments(town: &Town, dice: &mut Dice) -> Page {
    let mut text =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<secours exercice=\"2025\">\n");
    for person in dice.sample(town.adults(), 14) {
        text.push_str(&format!(
            "  <versement>\n    <beneficiaire>{}</beneficiaire>\n    <nir>{}</nir>\n    <iban>{}</iban>\n    <montant>{}.00</montant>\n  </versement>\n",
            person.name(),
            person.nir(Sep::None),
            person.iban(Sep::None),
            dice.between(8, 45) * 10,
        ));
    }
    text.push_str("</secours>\n");
    Page::text(
        format!("{CCAS}/Aides facultatives/2025/versements.xml"),
        text,
    )
}

fn disability_file(town: &Town, dice: &mut Dice) -> Page {
    let person = dice.pick(town.adults());
    let text = format!(
        "{}\nDossier MDPH - note d'accompagnement\n\n{} {}, {} {}\nNuméro de sécurité sociale : {}\nNuméro fiscal : {}\n\n\
         Taux d'incapacité reconnu : entre 50 et 79 %. RQTH demandée. AAH en cours de renouvellement.\n\
         Suivi psychiatrique au CMP depuis 2021. Vit seul, peu de soutien familial.\n\nÀ rappeler : {} / {}\n",
        town.ccas_letterhead(),
        person.title(),
        person.name(),
        person.born_word(),
        person.born_words(),
        person.nir(Sep::Space),
        person.spi(Sep::Space),
        person.mobile(Sep::Space),
        person.email(),
    );
    Page::text(format!("{CCAS}/MDPH/note {}.txt", person.last), text).encoded(Encoding::Iso885915)
}

fn commission(town: &Town, dice: &mut Dice, month: u32) -> Page {
    let mut text =
        format!("Commission permanente - séance du 12/{month:02}/2025 - CONFIDENTIEL\n\n");
    for (rank, person) in dice.sample(town.adults(), 6).into_iter().enumerate() {
        text.push_str(&format!(
            "{}. {} {} ({} {}), {}. Avis {}.\n",
            rank + 1,
            person.title(),
            person.name(),
            person.born_word(),
            person.born(),
            dice.pick(&[
                "impayé de loyer",
                "dette de cantine",
                "facture d'eau",
                "aide au permis de conduire"
            ]),
            dice.pick(&[
                "favorable",
                "réservé",
                "défavorable, revenus supérieurs au barème"
            ]),
        ));
    }
    Page::text(
        format!("{CCAS}/Commissions/CR commission 2025-{month:02}.txt"),
        text,
    )
    .encoded(Encoding::Windows1252)
}

fn leaflet(town: &Town) -> Page {
    let text = format!(
        "<!doctype html>\n<html lang=\"fr\">\n<head><meta charset=\"utf-8\"><title>Plan canicule</title></head>\n<body>\n\
         <h1>Plus de 65 ans ? Inscrivez-vous.</h1>\n<p>Buvez, fermez les volets, donnez des nouvelles.</p>\n\
         <p>Renseignements : {} ou <a href=\"mailto:{}\">le CCAS</a>. Urgence : 15 ou 112.</p>\n</body>\n</html>\n",
        town.switchboard(),
        town.mailbox("ccas"),
    );
    Page::text(format!("{CCAS}/Plan canicule/affiche.html"), text)
}
