"""The pictures. Called by `make`."""

import struct

import piexif
import piexif.helper
import pillow_heif
from PIL import Image, PngImagePlugin

pillow_heif.register_heif_opener()
XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 photoshop:Credit="credit.xmp@exemple.fr">
<dc:creator><rdf:Seq><rdf:li>createur.xmp@exemple.fr</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Portrait description.xmp@exemple.fr</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()


def degrees(value):
    minutes = (value % 1) * 60
    return ((int(value), 1), (int(minutes), 1), (round((minutes % 1) * 60 * 10000), 10000))


def exif(kind):
    return piexif.dump(
        {
            "0th": {
                piexif.ImageIFD.Artist: f"Zoé Durand auteur.{kind}@exemple.fr".encode(),
                piexif.ImageIFD.Copyright: f"Mairie droits.{kind}@exemple.fr".encode(),
                piexif.ImageIFD.ImageDescription: f"Portrait description.{kind}@exemple.fr".encode(),
                piexif.ImageIFD.XPAuthor: f"é bureau.{kind}@exemple.fr".encode("utf-16-le"),
                piexif.ImageIFD.XPComment: f"é remarque.{kind}@exemple.fr".encode("utf-16-le"),
            },
            "Exif": {
                piexif.ExifIFD.UserComment: piexif.helper.UserComment.dump(
                    f"é commentaire.{kind}@exemple.fr", encoding="unicode"
                ),
                piexif.ExifIFD.CameraOwnerName: f"proprietaire.{kind}@exemple.fr".encode(),
            },
            "GPS": {
                piexif.GPSIFD.GPSLatitudeRef: b"N",
                piexif.GPSIFD.GPSLatitude: degrees(50.428333),
                piexif.GPSIFD.GPSLongitudeRef: b"W",
                piexif.GPSIFD.GPSLongitude: degrees(2.831944),
            },
        }
    )


def photoshop(kind):
    """The resources of Photoshop, which no Python library writes: IPTC in the form of IIM 4.2, by hand."""
    fields = [(80, "auteur"), (120, "legende"), (118, "contact")]
    records = b"\x1c\x01\x5a\x00\x03\x1b%G"
    for field, name in fields:
        value = f"é {name}.iptc.{kind}@exemple.fr".encode()
        records += struct.pack(">BBBH", 0x1C, 2, field, len(value)) + value
    resources = b"8BIM\x03\xed\x00\x00" + struct.pack(">I", 3) + b"abc\x00"
    resources += b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(records)) + records
    segment = b"Photoshop 3.0\x00" + resources
    return b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment


picture = Image.new("RGB", (16, 16), (200, 120, 40))
picture.save("pillow.jpeg", exif=exif("jpeg"), xmp=XMP, comment=b"Bonjour segment.jpeg@exemple.fr")
with open("pillow.jpeg", "r+b") as file:
    whole = file.read()
    # Behind the first segment.
    first = 4 + struct.unpack(">H", whole[4:6])[0]
    file.seek(0)
    file.write(whole[:first] + photoshop("jpeg") + whole[first:])

texts = PngImagePlugin.PngInfo()
texts.add_text("Author", "latin.png@exemple.fr")
texts.add_itxt("Comment", "é utf8.png@exemple.fr", lang="fr", tkey="Remarque")
texts.add_text("Description", "é compresse.png@exemple.fr", zip=True)
texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
picture.save("pillow.png", exif=exif("png"), pnginfo=texts)
picture.save("pillow.webp", exif=exif("webp"), xmp=XMP)
picture.save("pillow.heic", exif=exif("heic"), xmp=XMP)
tags = Image.Exif()
tags.load(exif("tiff"))
tags[700] = XMP
picture.save("pillow.tiff", exif=tags)
picture.save("sans-rien.jpeg")
