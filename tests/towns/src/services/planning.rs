//! Urbanisme: building permits, declarations of sale, neighbours' letters, parcels and zoning.

use crate::day::Day;
use crate::dice::Dice;
use crate::encoding::Encoding;
use crate::mark::{Kind, decoy};
use crate::numbers::Sep;
use crate::page::Page;
use crate::table::{Table, cells};
use crate::town::Town;

const FOLDER: &str = "Mairie/Urbanisme";

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("planning");
    let mut pages = vec![
        sales(town, &mut dice),
        parcels(town, &mut dice),
        zoning(),
        teleservice(town, &mut dice),
    ];
    for rank in 1..=5 {
        pages.push(permit(town, &mut dice, rank));
    }
    for rank in 1..=2 {
        pages.push(complaint(town, &mut dice, rank));
    }
    pages
}

fn permit(town: &Town, dice: &mut Dice, rank: usize) -> Page {
    let (asker, commune) = (dice.pick(town.adults()), &town.commune);
    let reference = format!(
        "PC {} {} 25 {:05}",
        commune.siren.get(2..5).unwrap_or_default(),
        commune.siren.get(4..7).unwrap_or_default(),
        rank
    );
    let reference = decoy(
        reference,
        &[Kind::Phone, Kind::Siren, Kind::Siret],
        "reference of a building permit",
    );
    let text = format!(
        "{}\nDEMANDE DE PERMIS DE CONSTRUIRE\nDossier : {reference}\n\nDemandeur : {} {}, {} {}\nDemeurant : {}\n\
         Téléphone : {}\nCourriel : {}\n\nTerrain : section {}, parcelle n° {} ({} m²)\nProjet : {}, emprise au sol {} m²\n\
         Déposé le {}, complet le {}.\n",
        town.letterhead(),
        asker.title(),
        asker.name(),
        asker.born_word(),
        asker.born(),
        asker.address,
        asker.mobile(Sep::Space),
        asker.email(),
        dice.pick(&["AB", "ZC", "OH", "D"]),
        dice.between(12, 988),
        dice.between(350, 2400),
        dice.pick(&[
            "maison individuelle",
            "extension",
            "garage et carport",
            "piscine enterrée"
        ]),
        dice.between(20, 160),
        Day::drawn(dice, 2025, 2025).slashes(),
        Day::drawn(dice, 2025, 2025).slashes(),
    );
    Page::text(
        format!(
            "{FOLDER}/Permis de construire/2025/PC25-{rank:05} {}.txt",
            asker.last
        ),
        text,
    )
    .encoded(Encoding::Windows1252)
}

fn sales(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "DIA",
            "Vendeur",
            "Acquéreur",
            "Parcelle",
            "Prix",
            "Courriel notaire",
            "Décision",
        ],
    );
    for (rank, seller) in dice.sample(town.voters(), 15).into_iter().enumerate() {
        let notary = dice.pick(&town.suppliers);
        table.row(cells![
            format!("IA-25-{:04}", rank + 1),
            seller.name(),
            dice.pick(town.adults()).name(),
            format!(
                "{} {}",
                dice.pick(&["AB", "ZC", "AH"]),
                dice.between(1, 900)
            ),
            format!("{} 000", dice.between(45, 320)),
            notary.email(),
            "renonciation",
        ]);
    }
    Page::table(format!("{FOLDER}/DIA/registre DIA 2025.csv"), table).encoded(Encoding::Windows1252)
}

fn parcels(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &["Identifiant", "Section", "Numéro", "Contenance", "Nature"],
    );
    for _ in 0..60 {
        let (section, number) = (*dice.pick(&["AB", "ZC", "AH", "0D"]), dice.between(1, 999));
        let id = format!(
            "{}000{section}{number:04}",
            town.commune.siren.get(2..7).unwrap_or_default()
        );
        table.row(cells![
            id,
            section,
            number,
            dice.between(80, 95_000),
            dice.pick(&["pré", "terre", "sol", "taillis"])
        ]);
    }
    Page::table(format!("{FOLDER}/Cadastre/parcelles.csv"), table)
}

fn complaint(town: &Town, dice: &mut Dice, rank: usize) -> Page {
    let writer = dice.pick(town.elders());
    let text = format!(
        "{}\n{}\n{}\n\nMonsieur le Maire,\n\nMon voisin a monté un mur de plus de deux mètres sans rien demander. Je vous ai déjà écrit le {}.\n\
         Je suis malade et je ne supporte plus le bruit du chantier. Merci de me rappeler au {} le matin,\nou chez ma fille au {}.\n\n{}\n",
        writer.name(),
        writer.address,
        town.commune.name,
        Day::drawn(dice, 2025, 2025).words(),
        writer.landline(Sep::Space),
        dice.pick(town.adults()).mobile(Sep::Dot),
        writer.name(),
    );
    Page::text(
        format!("{FOLDER}/Plaintes voisinage/lettre {rank}.txt"),
        text,
    )
    .encoded(Encoding::Iso885915)
}

fn zoning() -> Page {
    let text = "# PLU - zone UB\n\n- Hauteur maximale : 9 m au faîtage (article UB 10)\n- Recul : 5 m depuis la voie\n\
        - Stationnement : 2 places par logement\n\nVersion du règlement : 3.2.1, approuvée par délibération 2019-07-12/04.\n";
    Page::text(format!("{FOLDER}/PLU/règlement zone UB.md"), text)
}

fn teleservice(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>\n<depots>\n");
    for rank in 1..=8 {
        let asker = dice.pick(town.adults());
        text.push_str(&format!(
            "  <depot id=\"DP-{rank:03}\">\n    <demandeur>{}</demandeur>\n    <mel>{}</mel>\n    <tel>{}</tel>\n    <objet>clôture</objet>\n  </depot>\n",
            asker.name(),
            asker.email(),
            asker.mobile(Sep::None),
        ));
    }
    text.push_str("</depots>\n");
    Page::text(format!("{FOLDER}/Guichet numérique/depots.xml"), text).encoded(Encoding::Iso885915)
}
