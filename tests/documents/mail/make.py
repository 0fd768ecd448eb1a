"""The mails, cards and calendars. Called by `make`."""

import datetime
import email.charset
import email.message
import email.policy
import io
import mailbox
import pathlib
import subprocess
import tempfile
import zipfile

import icalendar
import vobject

DOCUMENTS = pathlib.Path("..")


def headers(message, subject, name):
    message["From"] = f"Zoé Durand <de.{name}@exemple.fr>"
    message["To"] = f'"Mairie, état civil" <a.{name}@exemple.fr>, copie-a.{name}@exemple.fr'
    message["Cc"] = f"Équipe <copie.{name}@exemple.fr>"
    message["Reply-To"] = f"repondre.{name}@exemple.fr"
    # Long enough to be folded, in several encoded words.
    message["Subject"] = f"{subject} : réunion d'été à préparer, écrire à objet.{name}@exemple.fr"
    message["Date"] = datetime.datetime(2026, 3, 2, 10, 0)
    # An identifier of a machine, which looks like an address and is none.
    message["Message-ID"] = f"<identifiant.{name}@exemple.fr>"


def zipped(name, content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def with_everything(name):
    """A text in two versions, attachments of every sort, and a message with an attachment of its own."""
    inner = email.message.EmailMessage(policy=email.policy.SMTP)
    headers(inner, "Transfert", f"transfert.{name}")
    inner.set_content(f"corps.transfert.{name}@exemple.fr\n", cte="base64")
    pdf = (DOCUMENTS / "pdf/reportlab.pdf").read_bytes()
    inner.add_attachment(pdf, maintype="application", subtype="pdf", filename="rib.pdf")

    message = email.message.EmailMessage(policy=email.policy.SMTP)
    headers(message, "Pièces", name)
    # Quoted-printable, with a soft line break in the middle of the address.
    long = "é" * 20 + f" Écrire à texte.{name}@exemple.fr\n"
    message.set_content(long, cte="quoted-printable", charset="iso-8859-1")
    message.add_alternative(
        f'<p>Écrire à html.{name}<b>@exemple.fr</b> ou <a href="mailto:lien.{name}@exemple.fr">ici</a></p>\n',
        subtype="html",
        cte="base64",
    )
    message.add_attachment(
        f"nom;courriel\nDurand;csv.{name}@exemple.fr\n".encode("cp1252"),
        maintype="text",
        subtype="csv",
        filename="état civil.csv",
    )
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename="rib.pdf")
    # Twice the same name: one must not hide the other.
    message.add_attachment(
        (DOCUMENTS / "libreoffice-texte.docx").read_bytes(),
        maintype="application",
        subtype="octet-stream",
        filename="rib.pdf",
    )
    message.add_attachment(
        zipped("dossier/liste.txt", f"zip.{name}@exemple.fr\n"),
        maintype="application",
        subtype="zip",
        filename="dépôt très long dont le nom est coupé en plusieurs morceaux par la norme.zip",
    )
    message.add_attachment(inner, filename="transfert.eml")
    return message


def one_mail():
    pathlib.Path("python.eml").write_bytes(with_everything("eml").as_bytes())


def thunderbird():
    """A folder as Thunderbird keeps it: no extension, its own headers, deleted messages until it is compacted."""
    path = pathlib.Path("Inbox")
    path.unlink(missing_ok=True)
    box = mailbox.mbox(path)
    for number, (name, status) in enumerate(
        [("premier", "0001"), ("supprime", "0009"), ("pieces", "10000001"), ("dernier", "0000")], 1
    ):
        if name == "pieces":
            message = with_everything("mbox")
        else:
            message = email.message.EmailMessage(policy=email.policy.SMTP)
            headers(message, f"Message {number}", name)
            message.set_content(
                f"Bonjour,\n\nFrom the start: apres-from.{name}@exemple.fr\n\n--\nsignature.{name}@exemple.fr\n"
            )
        kept = mailbox.mboxMessage(email.message_from_bytes(message.as_bytes(policy=email.policy.default)))
        kept.set_from("- Mon Mar  2 10:00:00 2026")
        # Before every other header, as Thunderbird does.
        kept._headers[:0] = [("X-Mozilla-Status", status), ("X-Mozilla-Status2", "00000000")]
        box.add(kept)
    box.close()
    # The index beside it, in the form that Thunderbird 115 gives it (Mork 1.4), by hand.
    pathlib.Path("Inbox.msf").write_text(
        "// <!-- <mdb:mork:z v=\"1.4\"/> -->\n"
        "< <(a=c)> // (f=iso-8859-1)\n"
        "  (B8=sender)(B9=subject)(BA=recipients)>\n"
        "<(80=Zo\\$C3\\$A9 Durand <de.msf@exemple.fr>)(81=R$C3$A9union)(82=Mairie <a.msf@exemple.fr>)>\n"
        "{1:^80 {(k^96:c)(s=9)} [1(^B8^80)(^B9^81)(^BA^82)]}\n"
    )


def cards():
    serialised = []
    for number in range(1, 4):
        card = vobject.vCard()
        card.add("n").value = vobject.vcard.Name(family=f"Durand{number}", given="Zoé")
        card.add("fn").value = f"Zoé Durand{number}"
        address = card.add("email")
        address.value, address.type_param = f"fiche{number}.vcf@exemple.fr", ["INTERNET", "WORK"]
        phone = card.add("tel")
        phone.value, phone.type_param = f"+33 6 12 34 56 7{number}", "CELL"
        card.add("bday").value = f"198{number}-05-07"
        home = card.add("adr")
        home.value = vobject.vcard.Address(street=f"{number} rue de la Mairie", city="Trifouillis", code="59000")
        home.type_param = "HOME"
        # Longer than a line: it is folded, in the middle of the address.
        card.add("note").value = f"{'Remarque, ' * 5}écrire à note{number}.vcf@exemple.fr ; merci\nFin"
        serialised.append(card.serialize())
    pathlib.Path("vobject.vcf").write_text("".join(serialised), newline="")


def calendar():
    whole = icalendar.Calendar()
    whole.add("prodid", "-//Beffroi//Essai//FR")
    whole.add("version", "2.0")
    for number in range(1, 3):
        event = icalendar.Event()
        event.add("summary", f"Entretien avec titre{number}.ics@exemple.fr")
        event.add("dtstart", datetime.datetime(2026, 3, number, 9, 0))
        event.add("description", f"{'Préparer, ' * 4}joindre description{number}.ics@exemple.fr ; puis\nfin")
        event.add("location", "Mairie, salle 2")
        organiser = icalendar.vCalAddress(f"mailto:organisateur{number}.ics@exemple.fr")
        organiser.params["cn"] = f"cn{number}.ics@exemple.fr"
        event.add("organizer", organiser)
        event.add("attendee", icalendar.vCalAddress(f"mailto:participant{number}.ics@exemple.fr"))
        event.add("uid", f"identifiant{number}.ics@exemple.fr")
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"rappel{number}.ics@exemple.fr")
        event.add_component(alarm)
        whole.add_component(event)
    task = icalendar.Todo()
    task.add("summary", "Rappeler tache.ics@exemple.fr")
    whole.add_component(task)
    pathlib.Path("icalendar.ics").write_bytes(whole.to_ical())


def signed():
    """As S/MIME writes it: what is signed stands inside the signature, in one piece or, as a stream, in many."""
    entity = email.message.EmailMessage(policy=email.policy.SMTP)
    entity.set_content("Écrire à signe.smime@exemple.fr\n", cte="quoted-printable")
    entity.add_attachment("nom;courriel\nDurand;csv.smime@exemple.fr\n", subtype="csv", filename="agents.csv")
    people = ["-from", "Zoé <de.smime@exemple.fr>", "-to", "a.smime@exemple.fr", "-subject", "objet.smime@exemple.fr"]
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = f"{folder}/key.pem", f"{folder}/certificate.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "36500")(
            "-subj", "/CN=Essai", "-keyout", key, "-out", certificate
        )
        signer = ["-signer", certificate, "-inkey", key]
        whole = entity.as_bytes()
        openssl("cms", "-sign", "-nodetach", "-binary", *people, *signer)("-out", "openssl-signe.eml", content=whole)
        openssl("cms", "-encrypt", "-binary", *people)("-out", "openssl-chiffre.eml", certificate, content=whole)
        table = b"nom;courriel\nDurand;table.p7m@exemple.fr\n"
        stream = ["-nodetach", "-binary", "-outform", "DER", "-stream"]
        openssl("cms", "-sign", *stream, *signer)("-out", "openssl-liste.csv.p7m", content=table)


def openssl(*command):
    return lambda *rest, content=b"": subprocess.run(["openssl", *command, *rest], input=content, check=True)


one_mail()
thunderbird()
signed()
cards()
calendar()
