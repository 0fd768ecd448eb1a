//! Courrier: the registers of incoming and outgoing letters, and mails saved out of the mailbox.

use crate::day::Day;
use crate::dice::Dice;
use crate::encoding::Encoding;
use crate::mark::{Kind, decoy};
use crate::numbers::Sep;
use crate::page::Page;
use crate::table::{Table, cells};
use crate::town::Town;

const FOLDER: &str = "Mairie/Courrier";

const BODIES: [&str; 6] = [
    "Je souhaite inscrire mon fils à l'accueil de loisirs cet été. Il est asthmatique, faut-il un certificat ?",
    "Le lampadaire devant chez moi est en panne depuis trois semaines.",
    "Vous trouverez mes nouvelles coordonnées bancaires pour le remboursement de la caution de la salle.",
    "Je conteste la contravention reçue : ma voiture était au garage ce jour-là.",
    "Pouvez-vous me dire quand ma carte d'identité sera prête ?",
    "Suite à notre échange, je confirme ma présence à la réunion du syndicat CGT de mardi.",
];

pub(super) fn share(town: &Town) -> Vec<Page> {
    let mut dice = town.dice("mail");
    let mut pages = vec![
        incoming(town, &mut dice),
        outgoing(town, &mut dice),
        signature(town),
        model_letters(),
    ];
    for (rank, body) in BODIES.iter().enumerate() {
        pages.push(saved_mail(town, &mut dice, rank, body));
    }
    pages.push(technical_mail(town, &mut dice));
    pages
}

fn incoming(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        ';',
        &[
            "N°",
            "Reçu le",
            "Expéditeur",
            "Objet",
            "Service",
            "Courriel",
            "Téléphone",
        ],
    );
    for (rank, sender) in dice.sample(town.voters(), 60).into_iter().enumerate() {
        table.row(cells![
            format!("A25-{:05}", rank + 1),
            Day::drawn(dice, 2025, 2025).slashes(),
            sender.name(),
            dice.pick(&[
                "demande de logement",
                "voirie",
                "remerciements",
                "réclamation; eau",
                "candidature"
            ]),
            dice.pick(&["DGS", "ST", "CCAS", "RH"]),
            sender.email(),
            sender.mobile(Sep::Space),
        ]);
    }
    Page::table(format!("{FOLDER}/Registres/arrivée 2025.csv"), table)
        .encoded(Encoding::Windows1252)
}

fn outgoing(town: &Town, dice: &mut Dice) -> Page {
    let mut table = Table::new(
        '\t',
        &["N°", "Date", "Destinataire", "Objet", "N° de recommandé"],
    );
    for (rank, person) in dice.sample(town.voters(), 25).into_iter().enumerate() {
        let tracking = decoy(
            format!("1A 205 {} 4", dice.digits(7)),
            &[Kind::Phone, Kind::Siren],
            "tracking number of a registered letter",
        );
        table.row(cells![
            format!("D25-{:05}", rank + 1),
            Day::drawn(dice, 2025, 2025).slashes(),
            person.name(),
            "réponse",
            tracking
        ]);
    }
    Page::table(format!("{FOLDER}/Registres/départ 2025.tsv"), table)
}

fn saved_mail(town: &Town, dice: &mut Dice, rank: usize, body: &str) -> Page {
    let sender = dice.pick(town.voters());
    let account = if body.contains("bancaires") {
        format!("IBAN : {}\n", sender.iban(Sep::Space))
    } else {
        String::new()
    };
    let text = format!(
        "From: {} <{}>\nTo: {}\nSubject: demande n{rank}\nDate: {}, 1{rank} Mar 2025 08:1{rank}:27 +0100\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nBonjour,\n\n{body}\n{account}\nCordialement,\n{}\n{}\n{}\n",
        sender.first.replace(|c: char| !c.is_ascii(), ""),
        sender.email(),
        town.mailbox("accueil"),
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
            .get(rank)
            .unwrap_or(&"Sun"),
        sender.name(),
        sender.address,
        sender.mobile(Sep::Space),
    );
    Page::text(
        format!(
            "{FOLDER}/Messages enregistrés/demande {rank} - {}.eml",
            sender.last
        ),
        text,
    )
}

/// Much that looks like an address or a number, little that is.
fn technical_mail(town: &Town, dice: &mut Dice) -> Page {
    let text = format!(
        "From: Prestataire web <{}>\nTo: {}\nSubject: livraison du site\nContent-Type: text/plain; charset=utf-8\n\nBonjour,\n\n\
         Le code est sur {} (branche main, version 10.02.14.3).\nImage à remplacer : {}. Dépendance : {}.\n\
         Somme de contrôle de l'archive : {}\nTicket : {}\n",
        town.suppliers[0].email(),
        town.mailbox("informatique"),
        decoy(
            "git@forge.example:mairie/site.git",
            &[Kind::Email],
            "address of a git repository"
        ),
        decoy("logo@2x.png", &[Kind::Email], "image name"),
        decoy("jquery@3.7.1", &[Kind::Email], "package and version"),
        decoy(
            dice.hex(40),
            &[Kind::Phone, Kind::PaymentCard, Kind::Siren],
            "SHA-1"
        ),
        decoy("INC0199004512", &[Kind::Phone], "digits glued to letters"),
    );
    Page::text(
        format!("{FOLDER}/Messages enregistrés/livraison site.eml"),
        text,
    )
}

fn signature(town: &Town) -> Page {
    let mut text = String::from("<html><body>\n");
    for agent in town.staff().iter().take(6) {
        text.push_str(&format!(
            "<p><b>{}</b><br>{}<br>{}</p>\n",
            agent.name(),
            town.staff_mailbox(agent),
            agent.landline(Sep::Space)
        ));
    }
    text.push_str("</body></html>\n");
    Page::text(format!("{FOLDER}/Modèles/signatures.html"), text)
}

fn model_letters() -> Page {
    let text = "Madame, Monsieur,\n\nNous accusons réception de votre courrier du [date] enregistré sous le n° [numéro].\n\
        Il a été transmis au service [service] qui vous répondra sous deux mois.\n\nVeuillez agréer nos salutations distinguées.\n";
    Page::text(format!("{FOLDER}/Modèles/accusé réception.txt"), text)
        .encoded(Encoding::Windows1252)
}
