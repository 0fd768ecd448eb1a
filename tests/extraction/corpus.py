"""540 files of a town hall, with values planted in every place where a person can put one.

`corpus.py FOLDER` writes them into FOLDER/files and the values of each file into FOLDER/planted.json. Seeded: the same
values each time. Called by `run`.
"""

import email.message
import email.policy
import html
import io
import json
import mailbox
import pathlib
import random
import subprocess
import sys
import zipfile

import docx
import openpyxl
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.comments import Comment
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

SENTENCES = [
    "Le conseil municipal, réuni en séance ordinaire, a délibéré sur l'aménagement de la place de l'église.",
    "Les crédits nécessaires sont inscrits au budget, chapitre 21, article 2151, pour un montant de 12 500,00 euros.",
    "Mme la maire rappelle que le règlement de la cantine prévoit une inscription avant le 15 septembre.",
    "Après en avoir délibéré, à l'unanimité, les membres présents approuvent la convention.",
    "La séance est levée à vingt-deux heures trente ; le procès-verbal sera affiché en mairie.",
    "Les travaux de voirie de la rue des Tilleuls commenceront au printemps, sous réserve de l'accord du département.",
    "La bibliothèque ouvrira désormais le mercredi après-midi et le samedi matin, avec l'aide des bénévoles.",
]
NAMES = ["DURAND", "MARTIN", "PETIT", "LEROY", "MOREAU", "GARCIA", "ROUX", "FOURNIER", "GIRARD", "LAMBERT"]
FIRST_NAMES = ["Zoé", "Camille", "Élodie", "Jean", "Noël", "Françoise", "Karim", "Inès", "Léo", "Maëlle"]


class Planter:
    """Invents values, and remembers which file they went into."""

    def __init__(self):
        self.random = random.Random(20260901)
        self.count = 0
        self.values = []

    def address(self):
        self.count += 1
        return self.keep(f"agent{self.count}@mairie-{self.random.choice(['saint-loup', 'bourg', 'vernay'])}.fr")

    def nir(self):
        pick = self.random.randint
        body = f"{pick(1, 2)}{pick(30, 99):02}{pick(1, 12):02}{pick(1, 95):02}{pick(1, 600):03}{pick(1, 998):03}"
        if body[5:7] == "20":
            body = body[:5] + "21" + body[7:]
        key = 97 - int(body) % 97
        return self.keep(f"{body[0]} {body[1:3]} {body[3:5]} {body[5:7]} {body[7:10]} {body[10:]} {key:02}")

    def iban(self):
        bank = "".join(str(self.random.randint(0, 9)) for _ in range(21))
        rib = 97 - (89 * int(bank[:5]) + 15 * int(bank[5:10]) + 3 * int(bank[10:])) % 97
        account = f"{bank}{rib:02}"
        check = 98 - int(account + "152700") % 97
        whole = f"FR{check:02}{account}"
        return self.keep(" ".join(whole[start : start + 4] for start in range(0, len(whole), 4)))

    def keep(self, value):
        self.values.append(value)
        return value

    def any(self):
        return self.random.choice([self.address, self.nir, self.iban])()

    def name(self):
        return f"{self.random.choice(NAMES)} {self.random.choice(FIRST_NAMES)}"

    def sentence(self):
        return self.random.choice(SENTENCES)

    def paragraphs(self):
        for number in range(30):
            planted = f" Dossier de {self.name()} : {self.any()}." if number % 3 == 0 else ""
            yield self.sentence() + " " + self.sentence() + planted

    def rows(self):
        for _ in range(30):
            yield [self.name(), self.address(), self.nir(), self.iban()]


TITLES = ["Nom", "Courriel", "N° de sécurité sociale", "IBAN"]
NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [
        ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"), ("meta", "meta"),
        ("draw", "drawing"), ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"), ("presentation", "presentation"),
    ]
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip


def flat(kind, planter, styles, master, body):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMESPACES} office:version="1.3" '
        f'office:mimetype="application/vnd.oasis.opendocument.{kind}">'
        f"<office:meta><meta:initial-creator>{planter.address()}</meta:initial-creator>"
        f"<dc:subject>{planter.address()}</dc:subject></office:meta>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:master-styles>{master}</office:master-styles><office:body>{body}</office:body></office:document>"
    )


def flat_cells(rows):
    def cell(text):
        return f'<table:table-cell office:value-type="string"><text:p>{html.escape(text)}</text:p></table:table-cell>'

    return "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)


def flat_text(planter):
    plant = planter.address
    paragraphs = "".join(f"<text:p>{html.escape(text)}</text:p>" for text in planter.paragraphs())
    body = (
        "<office:text><text:tracked-changes><text:changed-region text:id='c1'><text:deletion><office:change-info>"
        f"<dc:creator>Zoé Durand</dc:creator><dc:date>2026-03-01T10:00:00</dc:date></office:change-info><text:p>{plant()}"
        "</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        f"{paragraphs}<text:p>Relu<text:change text:change-id='c1'/> et approuvé.</text:p>"
        "<text:p>Voir la note<text:note text:note-class='footnote'><text:note-citation>1</text:note-citation>"
        f"<text:note-body><text:p>{plant()}</text:p></text:note-body></text:note> et la fin<text:note "
        f"text:note-class='endnote'><text:note-citation>i</text:note-citation><text:note-body><text:p>{plant()}</text:p>"
        "</text:note-body></text:note>.</text:p><text:p>À relire<office:annotation><dc:creator>Zoé Durand</dc:creator>"
        f"<dc:date>2026-03-01T10:00:00</dc:date><text:p>{plant()}</text:p></office:annotation>.</text:p>"
        f"<text:p><text:a xlink:type='simple' xlink:href='mailto:{plant()}'>Nous écrire</text:a></text:p>"
        "<text:p><draw:frame text:anchor-type='as-char' svg:width='6cm'><draw:text-box fo:min-height='1cm'>"
        f"<text:p>{plant()}</text:p></draw:text-box></draw:frame></text:p>"
        "<table:table table:name='Agents'><table:table-column table:number-columns-repeated='4'/>"
        f"{flat_cells([TITLES, *planter.rows()])}</table:table></office:text>"
    )
    master = (
        "<style:master-page style:name='Standard' style:page-layout-name='L'>"
        f"<style:header><text:p>{plant()}</text:p></style:header>"
        f"<style:footer><text:p>{plant()}</text:p></style:footer></style:master-page>"
    )
    styles = "<style:page-layout style:name='L'><style:header-style/><style:footer-style/></style:page-layout>"
    return flat("text", planter, styles, master, body)


def flat_sheet(planter):
    plant = planter.address
    styles = "<style:style style:name='H' style:family='table'><style:table-properties table:display='false'/></style:style>"
    body = (
        f"<office:spreadsheet><table:table table:name='Paie'>{flat_cells([TITLES, *planter.rows()])}<table:table-row>"
        "<table:table-cell office:value-type='string'><office:annotation><text:p>"
        f"{plant()}</text:p></office:annotation><text:p>Total</text:p></table:table-cell>"
        f"<table:table-cell office:value-type='string'><text:p><text:a xlink:href='mailto:{plant()}'>Écrire</text:a>"
        "</text:p></table:table-cell></table:table-row></table:table>"
        f"<table:table table:name='Masquée' table:style-name='H'>{flat_cells([[plant(), planter.nir(), planter.iban()]])}"
        "</table:table></office:spreadsheet>"
    )
    return flat("spreadsheet", planter, styles, "", body)


def flat_slides(planter):
    plant = planter.address

    def box(text):
        return (
            "<draw:frame svg:width='20cm' svg:height='3cm' svg:x='1cm' svg:y='1cm'><draw:text-box>"
            f"<text:p>{text}</text:p></draw:text-box></draw:frame>"
        )

    def slide(number):
        link = f"<text:a xlink:type='simple' xlink:href='mailto:{plant()}'>Nous écrire</text:a>"
        return (
            f"<draw:page draw:name='page{number}' draw:master-page-name='M'>"
            f"{box(planter.sentence() + ' ' + planter.any())}{box(link)}<presentation:notes>{box(plant())}"
            "</presentation:notes></draw:page>"
        )

    pages = "".join(slide(number) for number in range(1, 9))
    styles = "<style:page-layout style:name='P'/>"
    master = "<style:master-page style:name='M' style:page-layout-name='P'/>"
    return flat("presentation", planter, styles, master, f"<office:presentation>{pages}</office:presentation>")


def word(planter, path):
    document = docx.Document()
    document.core_properties.author = planter.address()
    for text in planter.paragraphs():
        document.add_paragraph(text)
    address = planter.address()
    split = document.add_paragraph("Écrire à ")
    split.add_run(address[:4])
    split.add_run(address[4:9]).bold = True
    split.add_run(address[9:])
    document.add_comment(document.add_paragraph("Remarque").runs[0], text=planter.address(), author="Zoé Durand")
    link = OxmlElement("w:hyperlink")
    target = document.part.relate_to(f"mailto:{planter.address()}", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link.set(qn("r:id"), target)
    run = OxmlElement("w:r")
    run.append(OxmlElement("w:t"))
    run[0].text = "Nous écrire"
    link.append(run)
    document.add_paragraph()._p.append(link)
    table = document.add_table(rows=0, cols=4)
    for row in [TITLES, *planter.rows()]:
        for cell, text in zip(table.add_row().cells, row):
            cell.text = text
    document.sections[0].header.paragraphs[0].text = planter.address()
    document.sections[0].footer.paragraphs[0].text = planter.address()
    document.save(path)


def workbook(planter, path):
    book = openpyxl.Workbook()
    book.properties.creator = planter.address()
    sheet = book.active
    sheet.title = "Paie"
    for row in [TITLES, *planter.rows()]:
        sheet.append(row)
    # As a number with a format: what is seen has the spaces, what is stored has not.
    for row in range(2, 12):
        nir = sheet.cell(row, 3)
        key = int(nir.value.replace(" ", ""))
        nir.value, nir.number_format = key, "0\\ 00\\ 00\\ 00\\ 000\\ 000\\ 00"
    sheet["A2"].comment = Comment(planter.address(), "Zoé Durand")
    sheet["A3"].hyperlink = f"mailto:{planter.address()}"
    sheet.oddHeader.left.text = planter.address()
    hidden = book.create_sheet("Masquée")
    hidden["A1"] = planter.iban()
    hidden.sheet_state = "hidden"
    book.save(path)


def pdf(planter, path):
    style = getSampleStyleSheet()["BodyText"]
    story = [Paragraph(html.escape(text), style) for text in planter.paragraphs()]
    story.append(Paragraph(f'<a href="mailto:{planter.address()}">Nous écrire</a>', style))
    # Narrow columns: the numbers are broken in their cells.
    cells = [[Paragraph(text, style) for text in row] for row in [TITLES, *planter.rows()]]
    story.append(Table(cells, colWidths=[90, 150, 90, 120]))
    SimpleDocTemplate(str(path), pagesize=A4, author=planter.address()).build(story)


def message(planter):
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    mail["From"] = f"{planter.name()} <{planter.address()}>"
    mail["To"] = f"{planter.name()} <{planter.address()}>"
    mail["Cc"] = planter.address()
    mail["Subject"] = f"Dossier élève {planter.address()}"
    text = "\n".join(planter.paragraphs())
    mail.set_content(text, cte="quoted-printable")
    link = f'<a href="mailto:{planter.address()}">écrire</a>'
    mail.add_alternative(f"<p>{planter.sentence()} {link} {planter.iban()}</p>", subtype="html", cte="base64")
    table = "\r\n".join(";".join(row) for row in [TITLES, *planter.rows()])
    mail.add_attachment(table.encode("cp1252"), maintype="text", subtype="csv", filename="élèves.csv")
    attached = io.BytesIO()
    word(planter, attached)
    mail.add_attachment(
        attached.getvalue(), maintype="application", subtype="octet-stream", filename=f"{planter.address()}.docx"
    )
    inner = email.message.EmailMessage()
    inner["From"], inner["Subject"] = planter.address(), "Transféré"
    inner.set_content(planter.nir())
    mail.add_attachment(inner)
    return mail


def mbox(planter, path):
    box = mailbox.mbox(path)
    for _ in range(10):
        box.add(message(planter).as_bytes())
    box.close()


def page(planter, path):
    paragraphs = "".join(f"<p>{html.escape(text)}</p>" for text in planter.paragraphs())
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in planter.rows())
    path.write_text(
        f"<!DOCTYPE html><html><head><meta charset=utf-8><meta name=author content='{planter.address()}'></head><body>"
        f"<!-- {planter.address()} --><a href='mailto:{planter.address()}'>écrire</a>{paragraphs}<table>{rows}</table>"
        f"<p>{planter.nir().replace(' ', '&nbsp;')}</p></body></html>",
        encoding="utf-8",
    )


def export(planter, path):
    rows = "\r\n".join(";".join(row) for row in [TITLES, *planter.rows(), *planter.rows()])
    path.write_bytes(rows.encode("cp1252"))


def note(planter, path):
    encoding = planter.random.choice(["utf-8", "cp1252", "utf-16", "cp850"])
    text = "\r\n".join(planter.paragraphs())
    path.write_bytes(text.encode(encoding, errors="replace"))


def archive(planter, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as outer:
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as nested:
            document = io.BytesIO()
            word(planter, document)
            nested.writestr("courriers/lettre.docx", document.getvalue())
        outer.writestr("anciens.zip", inner.getvalue())
        sheet = io.BytesIO()
        workbook(planter, sheet)
        outer.writestr("paie.xlsx", sheet.getvalue())
        outer.writestr("note.txt", " ".join(planter.paragraphs()))


WRITTEN = [
    (30, "docx", word), (30, "xlsx", workbook), (30, "pdf", pdf), (25, "html", page), (25, "csv", export),
    (20, "txt", note), (15, "zip", archive), (5, "mbox", mbox),
    (45, "eml", lambda planter, path: path.write_bytes(message(planter).as_bytes())),
]  # fmt: skip
CONVERTED = [
    (30, "fodt", flat_text, "odt"), (30, "fodt", flat_text, "docx"), (30, "fodt", flat_text, "doc"),
    (30, "fodt", flat_text, "rtf"), (60, "fodt", flat_text, "pdf"), (30, "fods", flat_sheet, "ods"),
    (30, "fods", flat_sheet, "xlsx"), (30, "fods", flat_sheet, "xls"), (15, "fodp", flat_slides, "odp"),
    (15, "fodp", flat_slides, "pptx"), (15, "fodp", flat_slides, "ppt"),
]  # fmt: skip


def main(folder):
    files = folder / "files"
    files.mkdir(parents=True)
    planter, planted = Planter(), {}
    for count, kind, write in WRITTEN:
        for number in range(count):
            planter.values = []
            path = files / f"{write.__name__.strip('<>')}-{number:02}.{kind}"
            write(planter, path)
            planted[path.name] = planter.values
    for count, source_kind, make, kind in CONVERTED:
        sources = folder / "sources" / kind
        sources.mkdir(parents=True, exist_ok=True)
        paths = []
        for number in range(count):
            planter.values = []
            path = sources / f"libreoffice-{source_kind}-{number:02}.{source_kind}"
            path.write_text(make(planter), encoding="utf-8")
            planted[f"{path.stem}.{kind}"] = planter.values
            paths.append(path)
        convert(folder, paths, kind, files)
    missing = set(planted) - {path.name for path in files.iterdir()}
    assert not missing, missing
    (folder / "planted.json").write_text(json.dumps(planted, indent=1))


def convert(folder, paths, kind, files):
    profile = f"-env:UserInstallation=file://{(folder / 'profile').resolve()}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", files, *paths]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


main(pathlib.Path(sys.argv[1]))
