//! Police municipale: daybook, reports, impounded cars, houses watched in summer, dangerous dogs.

use crate::day::Day;
use crate::dice::Dice;
use crate::encoding::Encoding;
use crate::mark::{Kind, decoy};
use crate::numbers::Sep;
use crate::page::Page;
use crate::table::{Table, cells};
use crate::town::Town;

const FOLDER: &str = "Mairie/Police municipale";

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("municipal police");
    let mut pages = vec![
        pound(town, &mut dice),
        watched_houses(town, &mut dice),
        dogs(town, &mut dice),
        camera_register(&mut dice),
        parking_rules(),
    ];
    for month in 1..=4 {
        pages.push(daybook(town, &mut dice, month));
    }
    for rank in 1..=4 {
        pages.push(report(town, &mut dice, rank));
    }
    pages
}

fn daybook(town: &Town, dice: &mut Dice, month: u32) -> Page {
    let mut text = format!("MAIN COURANTE - mois {month:02}/2025\n\n");
    for day in 1..=9 {
        let (person, other) = (dice.pick(town.adults()), dice.pick(town.adults()));
        let time = format!("{:02}h{:02}", dice.between(7, 19), dice.between(0, 59));
        let event = match dice.between(0, 3) {
            0 => format!(
                "Stationnement gênant {} : véhicule {}, avertissement au conducteur {}.",
                person.address,
                person.plate(),
                person.name()
            ),
            1 => format!(
                "Tapage signalé par {} {} ({}). Auteur présumé : {}.",
                person.title(),
                person.name(),
                person.mobile(Sep::Space),
                other.name()
            ),
            2 => format!(
                "Chien errant, propriétaire identifié : {}, tél. {}.",
                person.name(),
                person.landline(Sep::Dot)
            ),
            _ => format!(
                "Accident matériel entre {} et {}, constat amiable. Rappeler M. {} au {}.",
                person.plate(),
                other.plate(),
                other.last,
                other.mobile(Sep::Dash)
            ),
        };
        text.push_str(&format!("{:02}/{month:02} {time} - {event}\n", day * 3));
    }
    Page::text(
        format!("{FOLDER}/Main courante/main courante 2025-{month:02}.txt"),
        text,
    )
    .encoded(Encoding::Windows1252)
}

fn report(town: &Town, dice: &mut Dice, rank: usize) -> Page {
    let (suspect, witness) = (dice.pick(town.adults()), dice.pick(town.voters()));
    let text = format!(
        "RAPPORT D'INFORMATION N° 2025/{rank:03}\n\nLe {}, à {:02} heures {:02}, nous, gardien-brigadier, agréé et assermenté,\n\
         avons constaté {} {}.\n\nMis en cause : {}, {} {}, demeurant {}, véhicule immatriculé {}.\n\
         Antécédents : déjà verbalisé pour des faits similaires, condamnation évoquée par l'intéressé.\n\
         Témoin : {} {}, joignable au {} ou {}.\n\nTransmis à M. le Procureur de la République.\n",
        Day::drawn(dice, 2025, 2025).words(),
        dice.between(6, 22),
        dice.between(0, 59),
        dice.pick(&[
            "un dépôt sauvage d'ordures",
            "des dégradations sur un abribus",
            "une vente à la sauvette",
            "un outrage à agent"
        ]),
        witness.address,
        suspect.name(),
        suspect.born_word(),
        suspect.born_words(),
        suspect.address,
        suspect.plate(),
        witness.title(),
        witness.name(),
        witness.mobile(Sep::Space),
        witness.email(),
    );
    Page::text(
        format!("{FOLDER}/Rapports/RI 2025-{rank:03} {}.txt", suspect.last),
        text,
    )
    .encoded(Encoding::Windows1252)
}

fn pound(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Immatriculation",
            "Marque",
            "Titulaire",
            "Mobile",
            "Enlevé le",
            "Sorti le",
        ],
    );
    for owner in dice.sample(town.adults(), 14) {
        table.row(cells![
            owner.plate(),
            dice.pick(&["RENAULT", "PEUGEOT", "CITROËN", "DACIA"]),
            owner.name(),
            owner.mobile(Sep::None),
            Day::drawn(dice, 2024, 2024).slashes(),
            Day::drawn(dice, 2025, 2025).slashes(),
        ]);
    }
    // The registration system never issues these letters.
    for wrong in ["BI-204-AA", "SS-118-KB", "AO-311-UD"] {
        table.row(cells![
            decoy(
                wrong,
                &[Kind::Plate],
                "I, O, U and SS are not used on plates"
            ),
            "illisible",
            "inconnu",
            "",
            "02/02/2025",
            ""
        ]);
    }
    Page::table(format!("{FOLDER}/Fourrière/registre fourrière.csv"), table)
        .encoded(Encoding::Windows1252)
}

fn watched_houses(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Nom",
            "Adresse",
            "Absent du",
            "au",
            "Portable",
            "Personne ayant les clés",
            "Son téléphone",
            "Alarme",
        ],
    );
    for owner in dice.sample(town.voters(), 19) {
        let neighbour = dice.pick(town.voters());
        table.row(cells![
            owner.name(),
            owner.address,
            "12/07/2025",
            "03/08/2025",
            owner.mobile(Sep::Space),
            neighbour.name(),
            neighbour.landline(Sep::Space),
            if dice.chance(30) { "oui" } else { "non" },
        ]);
    }
    Page::table(
        format!("{FOLDER}/Opération tranquillité vacances/OTV été 2025.csv"),
        table,
    )
    .encoded(Encoding::Utf16Le)
}

fn dogs(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::from(
        "<html>\n<head><meta charset=\"utf-8\"><title>Chiens de catégorie 2</title></head>\n<body>\n<table>\n",
    );
    text.push_str("<tr><th>Détenteur</th><th>Né(e) le</th><th>Téléphone</th><th>Puce</th></tr>\n");
    for owner in dice.sample(town.adults(), 7) {
        // Electronic chips of pets have fifteen digits too; 250 is France. Read as a NIR, the month would be 69.
        let chip = decoy(
            format!("250691{}", dice.digits(7) + "00"),
            &[Kind::Nir, Kind::PaymentCard],
            "number of a pet's chip: no NIR has key 00",
        );
        text.push_str(&format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{chip}</td></tr>\n",
            owner.name(),
            owner.born(),
            owner.mobile(Sep::Space),
        ));
    }
    text.push_str("</table>\n</body>\n</html>\n");
    Page::text(format!("{FOLDER}/Chiens/permis de détention.html"), text)
}

fn camera_register(dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Date",
            "Heure",
            "Caméra",
            "Demandeur",
            "Réquisition",
            "Suite",
        ],
    );
    for rank in 1..=8 {
        let time = format!("{:02}:{:02}", dice.between(0, 23), dice.between(0, 59));
        let day = Day::drawn(dice, 2025, 2025);
        table.row(cells![
            day.slashes(),
            time,
            format!("CAM-{:02}", dice.between(1, 14)),
            "Gendarmerie",
            format!("REQ 2025/{rank:04}"),
            "extraction remise"
        ]);
    }
    Page::table(
        format!("{FOLDER}/Vidéoprotection/registre des visionnages.csv"),
        table,
    )
    .encoded(Encoding::Windows1252)
}

fn parking_rules() -> Page {
    let text = "Zone bleue : place de l'Église, 1 h 30, du lundi au samedi de 9 h à 12 h et de 14 h à 18 h.\n\
        Amende forfaitaire : 35 € (cas 2). Code NATINF 201. Arrêté permanent 2019-044 modifié.\n";
    Page::text(format!("{FOLDER}/Mémos/zone bleue.txt"), text).encoded(Encoding::Windows1252)
}
