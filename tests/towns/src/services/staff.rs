//! RH et paie: pay tables and slips, bank transfers, sick leaves, orders of promotion.

use crate::day::Day;
use crate::dice::Dice;
use crate::encoding::Encoding;
use crate::mark::{Kind, decoy};
use crate::numbers::{NIR_GROUPS, Sep, grouped, nir_with_wrong_key};
use crate::page::Page;
use crate::people::Person;
use crate::table::{Table, cells};
use crate::town::Town;

const FOLDER: &str = "Mairie/RH et paie";

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("staff");
    let mut pages = vec![
        pay_table(town, &mut dice, 1, Sep::Space).encoded(Encoding::Windows1252),
        pay_table(town, &mut dice, 2, Sep::Nbsp).encoded(Encoding::Windows1252),
        pay_table(town, &mut dice, 3, Sep::NarrowNbsp).encoded(Encoding::Utf8Bom),
        transfers(town, &mut dice),
        bank_details(town),
        sick_leaves(town, &mut dice),
        staff_file_draft(town),
        retirement_statement(town),
        rejected_declaration(town),
        vacancies(town),
    ];
    for agent in dice.sample(town.staff(), 6) {
        pages.push(pay_slip(town, &mut dice, agent));
    }
    for agent in dice.sample(town.staff(), 3) {
        pages.push(promotion_order(town, &mut dice, agent));
    }
    pages
}

fn pay_table(town: &Town, dice: &mut Dice, month: u32, sep: Sep) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "Matricule",
            "Nom",
            "Prénom",
            "N° sécurité sociale",
            "Date de naissance",
            "Grade",
            "Indice",
            "Net à payer",
            "IBAN",
        ],
    );
    for (rank, agent) in town.staff().iter().enumerate() {
        table.row(cells![
            format!("A{:04}", rank + 1),
            agent.upper(),
            agent.first,
            agent.nir(sep),
            agent.born(),
            dice.pick(&[
                "Adjoint technique",
                "Adjoint administratif",
                "ATSEM",
                "Rédacteur",
                "Attaché"
            ]),
            dice.between(366, 620),
            format!("{},{:02}", dice.between(1480, 2950), dice.between(0, 99)),
            agent.iban(if sep == Sep::NarrowNbsp {
                Sep::None
            } else {
                sep
            }),
        ]);
    }
    Page::table(
        format!("{FOLDER}/Paie/2025/paie_2025_{month:02}.csv"),
        table,
    )
}

fn pay_slip(town: &Town, dice: &mut Dice, agent: &Person) -> Page {
    let text = format!(
        "{}SIRET : {}\n\nBULLETIN DE PAIE - période du 01/02/2025 au 28/02/2025\n\n\
         Agent            : {} {} {}\nNé(e) le         : {}\nN° de sécu.      : {}\nDate d'entrée    : {}\n\n\
         Rubrique                      Base        Taux     Montant\n\
         0010 Traitement indiciaire    1 944,50             1 944,50\n\
         0120 Indemnité de résidence   1 944,50    1,00        19,45\n\
         4010 CNRACL                   1 944,50   11,10      -215,84\n\
         5020 CSG déductible           1 929,60    6,80      -131,21\n\n\
         NET À PAYER : {},{:02} EUR\nViré sur le compte {}\n\n\
         À conserver sans limitation de durée.\n",
        town.letterhead(),
        town.siret(),
        agent.title(),
        agent.upper(),
        agent.first,
        agent.born(),
        agent.nir(Sep::Space),
        Day::drawn(dice, 2004, 2022).slashes(),
        dice.between(1480, 2200),
        dice.between(0, 99),
        agent.iban(Sep::Space),
    );
    Page::text(
        format!(
            "{FOLDER}/Paie/2025/Bulletins/bulletin 02-2025 {} {}.txt",
            agent.upper(),
            agent.first
        ),
        text,
    )
    .encoded(Encoding::Windows1252)
}

fn transfers(town: &Town, dice: &mut Dice) -> Page {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.03\">\n  \
         <CstmrCdtTrfInitn>\n    <GrpHdr><MsgId>PAIE-202502</MsgId><CreDtTm>2025-02-24T09:12:44</CreDtTm></GrpHdr>\n",
    );
    for agent in town.staff() {
        text.push_str(&format!(
            "    <CdtTrfTxInf>\n      <Amt><InstdAmt Ccy=\"EUR\">{}.{:02}</InstdAmt></Amt>\n      <Cdtr><Nm>{}</Nm></Cdtr>\n      \
             <CdtrAcct><Id><IBAN>{}</IBAN></Id></CdtrAcct>\n    </CdtTrfTxInf>\n",
            dice.between(1480, 2950),
            dice.between(0, 99),
            agent.name(),
            agent.iban(Sep::None),
        ));
    }
    text.push_str("  </CstmrCdtTrfInitn>\n</Document>\n");
    Page::text(format!("{FOLDER}/Paie/2025/virements_202502.xml"), text)
}

fn bank_details(town: &Town) -> Page {
    let mut text = String::from(
        "Relevés d'identité bancaire reçus (Banque / Guichet / N° de compte / Clé RIB)\n\n",
    );
    for agent in town.staff().iter().take(12) {
        text.push_str(&format!(
            "{} {} : {}\n",
            agent.upper(),
            agent.first,
            agent.rib(Sep::Space)
        ));
    }
    Page::text(format!("{FOLDER}/RIB agents/RIB reçus.txt"), text).encoded(Encoding::Iso885915)
}

fn sick_leaves(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(',', &["Agent", "NIR", "Du", "Au", "Motif", "Observations"]);
    for agent in dice.sample(town.staff(), 11) {
        table.row(cells![
            agent.name(),
            agent.nir(Sep::None),
            Day::drawn(dice, 2024, 2024).slashes(),
            Day::drawn(dice, 2025, 2025).slashes(),
            dice.pick(&[
                "Maladie ordinaire",
                "Accident de service",
                "Longue maladie",
                "Temps partiel thérapeutique"
            ]),
            dice.pick(&[
                "contre-visite demandée",
                "RQTH en cours, poste à aménager",
                "dos, ne pas porter",
                ""
            ]),
        ]);
    }
    Page::table(
        format!("{FOLDER}/Absences/arrêts maladie 2024-2025.csv"),
        table,
    )
    .encoded(Encoding::Utf8Bom)
}

fn promotion_order(town: &Town, dice: &mut Dice, agent: &Person) -> Page {
    let number = dice.between(10, 180);
    let text = format!(
        "{}\nARRÊTÉ N° 2025-{number}\nportant avancement d'échelon\n\n\
         Le Maire,\nVu le code général de la fonction publique,\nVu le décret n° 2016-596 du 12 mai 2016,\n\n\
         ARRÊTE\n\nArticle 1 : {} {}, {} {}, est classé(e) au {}e échelon à compter du {}.\n\
         Article 2 : le présent arrêté sera notifié à l'intéressé(e) ({}) et transmis au comptable.\n",
        town.letterhead(),
        agent.title(),
        agent.name(),
        agent.born_word(),
        agent.born_words(),
        dice.between(3, 11),
        Day::drawn(dice, 2025, 2025).words(),
        town.staff_mailbox(agent),
    );
    Page::text(
        format!(
            "{FOLDER}/Arrêtés/arrêté 2025-{number} avancement {}.txt",
            agent.last
        ),
        text,
    )
    .encoded(Encoding::Utf16Be)
}

/// A copy that the word processor left: the extension says nothing of the content.
fn staff_file_draft(town: &Town) -> Page {
    let mut table = Table::new(
        ';',
        &["NOM", "Prénom", "Num SS", "Téléphone perso", "Mail perso"],
    );
    for agent in town.staff().iter().take(15) {
        table.row(cells![
            agent.upper(),
            agent.first,
            agent.nir(Sep::None),
            agent.mobile(Sep::Dot),
            agent.email()
        ]);
    }
    Page::table(format!("{FOLDER}/Dossiers/effectifs (copie).bak"), table)
        .encoded(Encoding::Windows1252)
}

fn retirement_statement(town: &Town) -> Page {
    let mut text = String::from("CNRACL - états des services à valider\n\n");
    for agent in town.staff().iter().skip(5).take(8) {
        text.push_str(&format!(
            "{} - n° de sécurité sociale (13) : {} - à instruire\n",
            agent.name(),
            agent.nir_without_key()
        ));
    }
    Page::text(format!("{FOLDER}/Retraite/cnracl a valider.txt"), text)
        .encoded(Encoding::Windows1252)
}

/// What the social declaration sent back: numbers that are wrong, so nobody's.
fn rejected_declaration(town: &Town) -> Page {
    let mut text = String::from("DSN - rapport de rejets\n\n");
    for agent in town.staff().iter().take(4) {
        let wrong = grouped(&nir_with_wrong_key(&agent.nir), NIR_GROUPS, Sep::Space);
        text.push_str(&format!(
            "Bloc S21.G00.30.001 : valeur {} refusée, clé erronée\n",
            decoy(wrong, &[Kind::Nir, Kind::Phone], "NIR with a wrong key")
        ));
    }
    for month in ["13", "19", "00"] {
        let wrong = format!("1 84 {month} 38 930 112 45");
        text.push_str(&format!(
            "Bloc S21.G00.30.001 : valeur {} refusée, mois impossible\n",
            decoy(wrong, &[Kind::Nir], "NIR with an impossible month")
        ));
    }
    Page::text(format!("{FOLDER}/DSN/rejets_2025-02.txt"), text).encoded(Encoding::Windows1252)
}

fn vacancies(town: &Town) -> Page {
    let text = format!(
        "# Offre : agent des espaces verts (35 h)\n\nGrade : adjoint technique territorial, RIFSEEP, CNAS.\n\n\
         Candidature avant le 30/04/2025 à {}, renseignements au {}.\n",
        town.mailbox("recrutement"),
        town.switchboard(),
    );
    Page::text(format!("{FOLDER}/Recrutement/offre espaces verts.md"), text)
}
