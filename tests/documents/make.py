"""The documents that Python libraries write. Called by `make`."""

import datetime
import pathlib
import sqlite3

import docx
import openpyxl
import pptx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm


def text_document():
    document = docx.Document()
    document.core_properties.author = "auteur.docx@exemple.fr"
    document.core_properties.comments = "remarque.docx@exemple.fr"
    paragraph = document.add_paragraph("Écrire à ")
    # A change of font in the middle of the address.
    paragraph.add_run("cor")
    paragraph.add_run("ps.docx@exe").bold = True
    paragraph.add_run("mple.fr").italic = True
    run = document.add_paragraph("Voir la remarque").runs[0]
    document.add_comment(run, text="commentaire.docx@exemple.fr", author="Zoé Durand")
    link = OxmlElement("w:hyperlink")
    target = document.part.relate_to(
        "mailto:lien.docx@exemple.fr", RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    link.set(qn("r:id"), target)
    text = OxmlElement("w:r")
    text.append(OxmlElement("w:t"))
    text[0].text = "Nous écrire"
    link.append(text)
    document.add_paragraph()._p.append(link)
    table = document.add_table(rows=1, cols=3)
    for cell, title in zip(table.rows[0].cells, ["Nom", "Courriel", "Service"]):
        cell.text = title
    for name, address in [("Durand", "tableau.docx@exemple.fr"), ("Martin", "")]:
        row = table.add_row().cells
        row[0].text, row[1].text, row[2].text = name, address, "Cantine"
    section = document.sections[0]
    section.header.paragraphs[0].text = "entete.docx@exemple.fr"
    section.footer.paragraphs[0].text = "pied.docx@exemple.fr"
    document.save("python-docx.docx")


def workbook():
    book = openpyxl.Workbook()
    book.properties.creator = "auteur.xlsx@exemple.fr"
    sheet = book.active
    sheet.title = "Paie"
    sheet.append(["Nom", "Courriel", "Né le", "Téléphone", "Numéro"])
    sheet.append(["Durand", "cellule.xlsx@exemple.fr", datetime.date(1985, 5, 7), 612345678, 185057800608491])
    sheet["C2"].number_format = "dd/mm/yyyy"
    sheet["D2"].number_format = '0#" "##" "##" "##" "##'
    sheet["B2"].comment = Comment("commentaire.xlsx@exemple.fr", "Zoé Durand")
    sheet["A2"].hyperlink = "mailto:lien.xlsx@exemple.fr"
    sheet["B7"] = "plus-bas.xlsx@exemple.fr"
    sheet["XFD9"] = "au-bout.xlsx@exemple.fr"
    sheet.oddHeader.left.text = "entete.xlsx@exemple.fr"
    hidden = book.create_sheet("Masquée")
    hidden["A1"] = "masquee.xlsx@exemple.fr"
    hidden.sheet_state = "hidden"
    very_hidden = book.create_sheet("Invisible")
    very_hidden["A1"] = "invisible.xlsx@exemple.fr"
    very_hidden.sheet_state = "veryHidden"
    book.save("openpyxl.xlsx")


def chart():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Absences"
    for row in [["Service", "Absences"], ["Cantine", 3], ["Voirie", 4]]:
        sheet.append(row)
    bars = BarChart()
    bars.title = "graphique.xlsx@exemple.fr"
    bars.x_axis.title = "axe.xlsx@exemple.fr"
    bars.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    bars.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=3))
    sheet.add_chart(bars, "D2")
    book.save("openpyxl-graphique.xlsx")


def presentation():
    slides = pptx.Presentation()
    slides.core_properties.author = "auteur.pptx@exemple.fr"
    first = slides.slides.add_slide(slides.slide_layouts[5])
    first.shapes.title.text = "titre.pptx@exemple.fr"
    box = first.shapes.add_textbox(Cm(1), Cm(5), Cm(9), Cm(2))
    run = box.text_frame.paragraphs[0].add_run()
    run.text = "Nous écrire"
    run.hyperlink.address = "mailto:lien.pptx@exemple.fr"
    second = slides.slides.add_slide(slides.slide_layouts[5])
    second.notes_slide.notes_text_frame.text = "notes.pptx@exemple.fr"
    table = second.shapes.add_table(3, 3, Cm(1), Cm(5), Cm(20), Cm(5)).table
    for row in range(3):
        for column in range(3):
            table.cell(row, column).text = f"{row}{column}"
    table.cell(2, 1).text = "tableau.pptx@exemple.fr"
    chart = CategoryChartData()
    chart.categories = ["graphique.pptx@exemple.fr", "autre"]
    chart.add_series("Absences", (3, 4))
    second.shapes.add_chart(XL_CHART_TYPE.PIE, Cm(1), Cm(11), Cm(9), Cm(6), chart)
    hidden = slides.slides.add_slide(slides.slide_layouts[5])
    hidden.shapes.title.text = "masquee.pptx@exemple.fr"
    hidden._element.set("show", "0")
    slides.save("python-pptx.pptx")


def database():
    pathlib.Path("python.sqlite").unlink(missing_ok=True)
    base = sqlite3.connect("python.sqlite")
    base.execute("pragma page_size = 1024")
    base.execute(
        'create table agents (id integer primary key, "Nom" text, courriel text, salaire real, photo blob, notes text)'
    )
    for number in range(1, 400):
        address = f"agent{number}.sqlite@exemple.fr" if number in (1, 200, 399) else None
        notes = "long " * 800 + "debordement.sqlite@exemple.fr" if number == 7 else None
        row = (number, f"DURAND {number}", address, 1500.5 + number, b"\x00\x01", notes)
        base.execute("insert into agents values (?, ?, ?, ?, ?, ?)", row)
    base.execute("create index par_nom on agents (Nom)")
    base.execute("create table cles (cle text primary key, valeur text) without rowid")
    base.execute("insert into cles values ('contact', 'sans-numero.sqlite@exemple.fr')")
    base.commit()
    base.execute("vacuum")
    base.close()


def dump():
    base = sqlite3.connect(":memory:")
    base.execute('create table agents (id integer primary key, "Nom" text, "Prénom" text, courriel text, notes text)')
    rows = [
        (1, "O'Brien", "Zoé", "colonne.sql@exemple.fr", None),
        (2, "DURAND", "Camille", None, "deux\nlignes, une tabulation\tet un \\ : notes.sql@exemple.fr"),
        (3, "PETIT", "Lucas", None, "a,(b);c'd\"e"),
    ]
    base.executemany("insert into agents values (?, ?, ?, ?, ?)", rows)
    pathlib.Path("text/sqlite.sql").write_text("\n".join(base.iterdump()) + "\n", encoding="utf-8")


text_document()
workbook()
chart()
presentation()
database()
dump()
