"""What the documents of this folder say, whatever container they are in: items of Outlook as their properties."""

import datetime
import pathlib

import compressed_rtf

TEXT, NARROW, BINARY, OBJECT, NUMBER, TIME, TEXTS = 0x1F, 0x1E, 0x102, 0x0D, 0x03, 0x40, 0x101F

SUBJECT, FROM, FROM_ADDRESS, TO, CC, BCC = 0x0037, 0x0042, 0x5D02, 0x0E04, 0x0E03, 0x0E02
CLASS, SENT, TRANSPORT, PLAIN, RICH, HTML = 0x001A, 0x0039, 0x007D, 0x1000, 0x1009, 0x1013
NAME, ADDRESS, SMTP, KIND = 0x3001, 0x3003, 0x39FE, 0x0C15
CONTENT, FILE, METHOD = 0x3701, 0x3707, 0x3705

NOTE = pathlib.Path("../sources/note.txt").read_bytes()
DOCUMENT = pathlib.Path("../python-docx.docx").read_bytes()


def moment(*day):
    since = datetime.datetime(*day) - datetime.datetime(1601, 1, 1)
    return int(since.total_seconds()) * 10_000_000


class Item:
    """Properties by number and type; names of those from 0x8000 on, by number."""

    def __init__(self, properties, recipients=(), attachments=(), names=None):
        self.properties = dict(properties)
        self.recipients = [dict(recipient) for recipient in recipients]
        self.attachments = [(dict(properties), inner) for properties, inner in attachments]
        self.names = names or {}


def recipient(kind, name, address):
    return {(KIND, NUMBER): kind, (NAME, TEXT): name, (ADDRESS, TEXT): address, (SMTP, TEXT): address}


def attached(name, content):
    return {(FILE, TEXT): name, (METHOD, NUMBER): 1, (CONTENT, BINARY): content}, None


def message():
    """A mail with everything that a mail can have, mails within mails included."""
    deepest = Item(
        {
            (CLASS, TEXT): "IPM.Note",
            (SUBJECT, TEXT): "Au fond objet-fond.msg@exemple.fr",
            (PLAIN, NARROW): "L'élève texte-fond.msg@exemple.fr",
        },
        attachments=[attached("note.txt", NOTE)],
    )
    rich = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}\pard\f0 \'c9crire \'e0 riche.msg@exemple.fr\par}"
    forwarded = Item(
        {
            (CLASS, TEXT): "IPM.Note",
            (SUBJECT, TEXT): "Transféré",
            (FROM_ADDRESS, TEXT): "expediteur-transfere.msg@exemple.fr",
            (RICH, BINARY): compressed_rtf.compress(rich.encode("ascii"), compressed=True),
        },
        recipients=[recipient(1, "Chloé", "destinataire-transfere.msg@exemple.fr")],
        attachments=[({(NAME, TEXT): "Au fond", (METHOD, NUMBER): 5}, deepest)],
    )
    return Item(
        {
            (CLASS, TEXT): "IPM.Note",
            (SUBJECT, TEXT): "Inscription 0612345678 objet.msg@exemple.fr",
            (FROM, TEXT): "Zoé Durand",
            (FROM_ADDRESS, TEXT): "expediteur.msg@exemple.fr",
            (TO, TEXT): "Hélène Martin",
            (CC, TEXT): "copie.msg@exemple.fr",
            (BCC, TEXT): "copie-cachee.msg@exemple.fr",
            (SENT, TIME): moment(2026, 11, 2, 10),
            (TRANSPORT, TEXT): "Received: from a.exemple.fr by b.exemple.fr\r\n"
            "Message-ID: <machine.msg@exemple.fr>\r\nReply-To: =?utf-8?Q?Zo=C3=A9?= <reponse.msg@exemple.fr>\r\n",
            (PLAIN, TEXT): "Le corps en texte brut, que personne ne lit : brut.msg@exemple.fr",
            (HTML, BINARY): '<html><head><meta charset="utf-8"></head><body><p>À lire : corps.msg@exemple.fr'
            '<p><a href="mailto:lien.msg@exemple.fr">Nous écrire</a></body></html>'.encode(),
        },
        recipients=[
            recipient(1, "Hélène Martin", "destinataire.msg@exemple.fr"),
            recipient(2, "copie.msg@exemple.fr", "copie.msg@exemple.fr"),
            recipient(3, "Paul", "recipient-cache.msg@exemple.fr"),
        ],
        attachments=[
            attached("note.txt", NOTE),
            attached("état.docx", DOCUMENT),
            ({(NAME, TEXT): "Transféré", (METHOD, NUMBER): 5}, forwarded),
        ],
    )


def contact():
    """A contact: most of it stands in properties of its own, some in fields that somebody added."""
    return Item(
        {
            (CLASS, TEXT): "IPM.Contact",
            (SUBJECT, TEXT): "Durand Zoé",
            (NAME, TEXT): "Durand Zoé",
            (0x3A08, TEXT): "01 23 45 67 89",
            (0x3A09, TEXT): "domicile.contact@exemple.fr",
            (0x3A42, TIME): moment(1985, 5, 6, 22),
            (0x3A58, TEXTS): ["enfant-1.contact@exemple.fr", "enfant-2.contact@exemple.fr"],
            (0x8000, TEXT): "courriel.contact@exemple.fr",
            (0x8001, TEXT): "2 85 05 78 006 084 36 ajoute.contact@exemple.fr",
            (PLAIN, TEXT): "remarques.contact@exemple.fr",
        },
        names={0x8000: 0x8083, 0x8001: "Numéro de sécurité sociale"},
    )


def appointment():
    return Item(
        {
            (CLASS, TEXT): "IPM.Appointment",
            (SUBJECT, TEXT): "Entretien",
            (0x8000, TEXT): "lieu.rendez-vous@exemple.fr",
            (PLAIN, TEXT): "remarques.rendez-vous@exemple.fr",
        },
        recipients=[recipient(1, "Paul", "participant.rendez-vous@exemple.fr")],
        names={0x8000: 0x8208},
    )
