"""The documents that Python libraries write. Called by `make`."""

import io

from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Text
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table


def canvas(path):
    return Canvas(path, pagesize=A4, invariant=1)


def reportlab():
    page = canvas("reportlab.pdf")
    page.setAuthor("auteur.rl@exemple.fr")
    page.setTitle("Titre accentué : titre.rl@exemple.fr")
    page.setSubject("objet.rl@exemple.fr")
    page.setKeywords("motcle.rl@exemple.fr")
    page.drawString(2 * cm, 27 * cm, "Écrire à corps.rl@exemple.fr")
    spread = page.beginText(2 * cm, 26 * cm)
    spread.setCharSpace(4)
    spread.textLine("lettres.rl@exemple.fr")
    page.drawText(spread)
    # Letter by letter, as some programs write everything.
    x = 2 * cm
    for letter in "unes.rl@exemple.fr":
        page.drawString(x, 25.5 * cm, letter)
        x += page.stringWidth(letter)
    page.saveState()
    page.translate(19 * cm, 5 * cm)
    page.rotate(90)
    page.drawString(0, 0, "vertical.rl@exemple.fr")
    page.restoreState()
    page.beginForm("tampon")
    page.drawString(2 * cm, 25 * cm, "modele.rl@exemple.fr")
    page.endForm()
    page.doForm("tampon")
    page.linkURL("mailto:lien.rl@exemple.fr", (2 * cm, 24 * cm, 5 * cm, 24.5 * cm))
    invisible = page.beginText(2 * cm, 23 * cm)
    invisible.setTextRenderMode(3)
    invisible.textLine("invisible.rl@exemple.fr")
    page.drawText(invisible)
    page.showPage()
    page.drawString(2 * cm, 27 * cm, "Formulaire")
    form = page.acroForm
    form.textfield(name="courriel", tooltip="Courriel du responsable", value="champ.rl@exemple.fr", x=100, y=650, width=200)
    form.checkbox(name="accord", checked=True, x=100, y=600)
    form.choice(name="ecole", value="Jules Ferry", options=["Jules Ferry", "Jean Moulin"], x=100, y=550, width=200)
    page.save()


def table():
    normal = getSampleStyleSheet()["Normal"]
    cell = lambda text: Paragraph(text, normal)
    rows = [
        ["Nom", "NIR", "IBAN"],
        [cell("Durand Zoé"), cell("1 85 05 78 006 084 91"), cell("FR76 3000 6000 0112 3456 7890 189")],
        [cell("Martin Léa"), cell("2 85 05 78 006 084 33"), cell("FR76 3000 6000 0112 3456 7890 189")],
    ]
    document = SimpleDocTemplate("reportlab-tableau.pdf", pagesize=A4, invariant=1)
    document.build([Table(rows, colWidths=[2.2 * cm] * 3)])


def picture(page, text):
    drawn = Image.new("L", (400, 500), 255)
    ImageDraw.Draw(drawn).text((30, 30), text, fill=0)
    bytes_ = io.BytesIO()
    drawn.save(bytes_, "PNG")
    bytes_.seek(0)
    from reportlab.lib.utils import ImageReader

    page.drawImage(ImageReader(bytes_), 0, 0, *A4)


def scanned():
    page = canvas("scan.pdf")
    for number in range(2):
        picture(page, f"numérisé {number}")
        page.showPage()
    page.save()
    page = canvas("scan-et-texte.pdf")
    page.drawString(2 * cm, 27 * cm, "texte.scan@exemple.fr")
    page.showPage()
    picture(page, "numérisé")
    page.showPage()
    # What a scanner that recognises letters makes: a picture, and the text under it.
    picture(page, "reconnu.scan@exemple.fr")
    text = page.beginText(2 * cm, 27 * cm)
    text.setTextRenderMode(3)
    text.textLine("reconnu.scan@exemple.fr")
    page.drawText(text)
    page.save()


def annotated():
    writer = PdfWriter(clone_from="scan-et-texte.pdf")
    while len(writer.pages) > 1:
        writer.remove_page(len(writer.pages) - 1)
    writer.add_annotation(0, Text(rect=(50, 550, 200, 650), text="note.pypdf@exemple.fr"))
    free = FreeText(text="cadre.pypdf@exemple.fr", rect=(50, 450, 200, 500))
    free[NameObject("/T")] = TextStringObject("auteur.note.pypdf@exemple.fr")
    writer.add_annotation(0, free)
    writer.add_attachment("élèves.csv", "nom;courriel\nDurand;piece.pypdf@exemple.fr\n".encode())
    inner = io.BytesIO()
    page = Canvas(inner, pagesize=A4, invariant=1)
    page.drawString(2 * cm, 27 * cm, "dedans.pypdf@exemple.fr")
    page.save()
    writer.add_attachment("dedans.pdf", inner.getvalue())
    chapter = writer.add_outline_item("Écrire à signet.pypdf@exemple.fr", page_number=0)
    writer.add_outline_item("dessous.pypdf@exemple.fr", page_number=0, parent=chapter)
    writer.add_outline_item("suivant.pypdf@exemple.fr", page_number=0)
    # A form that draws itself, as those of the administration.
    data = DecodedStreamObject()
    data.set_data("<xfa:datasets><xfa:data><courriel>xfa.pypdf@exemple.fr</courriel></xfa:data></xfa:datasets>".encode())
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {
            NameObject("/Fields"): ArrayObject(
                [
                    writer._add_object(
                        DictionaryObject(
                            {
                                NameObject("/T"): TextStringObject("caché"),
                                NameObject("/V"): TextStringObject("sanspage.pypdf@exemple.fr"),
                            }
                        )
                    )
                ]
            ),
            NameObject("/XFA"): ArrayObject([TextStringObject("datasets"), writer._add_object(data)]),
        }
    )
    writer.write("pypdf.pdf")


def encrypted():
    for name, user, algorithm in [
        ("pypdf-mot-de-passe.pdf", "beffroi", "AES-256"),
        ("pypdf-droits-aes.pdf", "", "AES-256"),
        ("pypdf-droits-rc4.pdf", "", "RC4-128"),
    ]:
        writer = PdfWriter(clone_from=PdfReader("reportlab.pdf"))
        writer.encrypt(user, "propriétaire", algorithm=algorithm)
        writer.write(name)


reportlab()
table()
scanned()
annotated()
encrypted()
