//! Cantine et restauration scolaire: children, allergies, individual care plans, invoices to families.

use crate::dice::Dice;
use crate::encoding::Encoding;
use crate::numbers::Sep;
use crate::page::Page;
use crate::table::{Table, cells};
use crate::town::Town;

const FOLDER: &str = "Mairie/Cantine";

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("canteen");
    let mut pages = vec![
        allergies(town, &mut dice),
        enrolments(town, &mut dice),
        direct_debits(town, &mut dice),
        family_quotients(town, &mut dice),
        menus(),
    ];
    for rank in 1..=3 {
        pages.push(care_plan(town, &mut dice, rank));
    }
    for rank in 1..=3 {
        pages.push(reminder(town, &mut dice, rank));
    }
    pages
}

fn allergies(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Nom",
            "Prénom",
            "Classe",
            "Né(e) le",
            "Régime",
            "Allergies / PAI",
            "Personne à prévenir",
            "Tél. urgence",
        ],
    );
    for child in dice.sample(town.children(), 48) {
        let parent = dice.pick(town.adults());
        table.row(cells![
            child.upper(),
            child.first,
            dice.pick(&["PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2"]),
            child.born(),
            dice.pick(&["", "", "sans porc", "végétarien", "halal", "casher"]),
            dice.pick(&[
                "",
                "",
                "",
                "arachide (PAI, stylo d'adrénaline)",
                "lait de vache",
                "gluten; œuf",
                "asthme, Ventoline"
            ]),
            parent.name(),
            parent.mobile(Sep::Space),
        ]);
    }
    Page::table(
        format!("{FOLDER}/2024-2025/Liste enfants + allergies.csv"),
        table,
    )
    .encoded(Encoding::Windows1252)
}

fn enrolments(town: &Town, dice: &mut Dice) -> Page {
    let families: Vec<String> = dice
        .sample(town.adults(), 20)
        .into_iter()
        .map(|parent| {
            let child = dice.pick(town.children());
            format!(
                "  {{\"enfant\": \"{}\", \"date_naissance\": \"{}\", \"responsable\": {{\"nom\": \"{}\", \"email\": \"{}\", \"mobile\": \"{}\"}}, \
                 \"jours\": [\"lundi\", \"mardi\", \"jeudi\"]}}",
                child.name(),
                child.born_iso(),
                parent.name(),
                parent.email(),
                parent.mobile_abroad(),
            )
        })
        .collect();
    Page::text(
        format!("{FOLDER}/2024-2025/inscriptions_portail.json"),
        format!("[\n{}\n]\n", families.join(",\n")),
    )
}

fn direct_debits(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        '\t',
        &["Famille", "Référence mandat", "IBAN", "Montant", "Échéance"],
    );
    for (rank, parent) in dice.sample(town.adults(), 26).into_iter().enumerate() {
        let amount = format!("{},{:02}", dice.between(18, 140), dice.between(0, 9) * 10);
        table.row(cells![
            parent.upper(),
            format!("RUM-CANT-{:05}", rank + 1),
            parent.iban(Sep::Space),
            amount,
            "05/03/2025"
        ]);
    }
    Page::table(
        format!("{FOLDER}/Facturation/prélèvements mars 2025.tsv"),
        table,
    )
}

fn family_quotients(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Allocataire",
            "N° fiscal (SPI)",
            "Revenu fiscal de référence",
            "Parts",
            "Quotient",
        ],
    );
    for parent in dice.sample(town.adults(), 17) {
        let income = dice.between(9_000, 48_000);
        table.row(cells![
            parent.name(),
            parent.spi(Sep::Space),
            income,
            "2,5",
            income / 30
        ]);
    }
    Page::table(
        format!("{FOLDER}/Facturation/quotients familiaux.csv"),
        table,
    )
    .encoded(Encoding::Windows1252)
}

fn care_plan(town: &Town, dice: &mut Dice, rank: usize) -> Page {
    let (child, parent) = (dice.pick(town.children()), dice.pick(town.adults()));
    let text = format!(
        "PROJET D'ACCUEIL INDIVIDUALISÉ (PAI)\n\nÉlève : {}, {} {}\nÉcole : groupe scolaire {}\n\
         Pathologie : {}\nTraitement d'urgence : trousse au bureau de la directrice, ordonnance jointe.\n\
         Responsable légal : {} {} - portable {} - fixe {}\nMédecin traitant : voir ordonnance\n\n\
         En cas de doute : appeler le 15, puis la famille.\n",
        child.name(),
        child.born_word(),
        child.born(),
        town.commune.name,
        dice.pick(&[
            "allergie sévère à l'arachide",
            "diabète de type 1",
            "épilepsie",
            "intolérance au gluten"
        ]),
        parent.title(),
        parent.name(),
        parent.mobile(Sep::Space),
        parent.landline(Sep::Nbsp),
    );
    Page::text(format!("{FOLDER}/PAI/PAI {rank} {}.txt", child.first), text)
        .encoded(Encoding::Windows1252)
}

fn reminder(town: &Town, dice: &mut Dice, rank: usize) -> Page {
    let parent = dice.pick(town.adults());
    let text = format!(
        "{}\n{} {}\n{}\n\nObjet : impayé de cantine, relance n° {rank}\n\n{},\n\n\
         Sauf erreur de notre part, la facture 2025-CANT-{} d'un montant de {},50 € reste due.\n\
         Vous pouvez joindre la régie au {} ou nous écrire à {}.\n\nLe régisseur\n",
        town.letterhead(),
        parent.title(),
        parent.name(),
        parent.address,
        if parent.woman { "Madame" } else { "Monsieur" },
        dice.between(100, 999),
        dice.between(18, 160),
        town.switchboard(),
        town.mailbox("regie.cantine"),
    );
    Page::text(
        format!(
            "{FOLDER}/Facturation/Relances/relance {rank} {}.txt",
            parent.last
        ),
        text,
    )
    .encoded(Encoding::Windows1252)
}

fn menus() -> Page {
    let text = "Menus du 10 au 14 mars 2025\n\nLundi : carottes râpées, hachis parmentier, yaourt\nMardi : betteraves, omelette, compote\n\
        Jeudi : potage, poisson du marché, riz au lait\nVendredi : salade verte, lasagnes, poire\n\n\
        Prix du repas : 3,40 € (délibération 2024-052). Grammages : recommandation GEM-RCN 2015.\n";
    Page::text(format!("{FOLDER}/Menus/menus semaine 11.txt"), text).encoded(Encoding::Windows1252)
}
