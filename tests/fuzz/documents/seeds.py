"""Writes the documents that one family is fuzzed with: `seeds.py family folder`. Called by `run`.

The committed documents, and beside each zip the same one without compression: damage to what is compressed seldom gets
further than the decompression.
"""

import io
import pathlib
import sys
import zipfile

DOCUMENTS = pathlib.Path(__file__).parent.parent.parent / "documents"
FAMILIES = {
    # None of bzip2 and 7z: see main.rs.
    "archives": ["*.zip", "*.tar", "*.tar.gz", "*.tar.xz", "*.tar.zst"],
    "office": ["*.docx", "*.xlsx", "*.pptx", "sheetjs/*.xlsb", "*.odt", "*.ods", "*.odp", "sources/*.fod?"],
    "compound": ["*.doc", "*.xls", "*.ppt"],
    "images": ["images/*.jpeg", "images/*.png", "images/*.tiff", "images/*.webp", "images/*.heic"],
    "outlook": ["outlook/*.msg", "outlook/*.pst", "outlook/*.dat"],
    "pdf": ["pdf/*.pdf"],
    "rtf": ["*.rtf"],
    "mail": ["mail/*.eml", "mail/Inbox*", "mail/*.vcf", "mail/*.ics", "mail/*.p7m"],
    "markup": ["pdf/sources/*.html", "sources/*.fod?"],
    "database": ["*.sqlite", "access/*.mdb", "access/*.accdb"],
    "text": ["sources/*.txt", "*.md", "text/*"],
}
# What `run` lets an input have.
MOST_BYTES = 128 * 1024


def main(family, folder):
    patterns = FAMILIES[family]
    found = [path for pattern in patterns for path in sorted(DOCUMENTS.glob(pattern)) if path.is_file()]
    if not found:
        sys.exit(f"{DOCUMENTS}: no {' '.join(patterns)}")
    for path in found:
        document = path.read_bytes()
        versions = [document]
        if family == "office" and document.startswith(b"PK"):
            versions.append(stored(path))
        for rank, version in enumerate(versions):
            name = "-".join(path.relative_to(DOCUMENTS).parts)
            # Of a document that is too long, the beginning.
            (pathlib.Path(folder) / f"{rank}-{name}").write_bytes(version[:MOST_BYTES])


def stored(path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as original, zipfile.ZipFile(buffer, "w") as copy:
        # What no reader looks at would only make the document longer than an input may be.
        for member in original.infolist():
            if not member.filename.endswith((".png", ".jpeg", ".emf", "theme1.xml")):
                copy.writestr(zipfile.ZipInfo(member.filename), original.read(member))
    return buffer.getvalue()


main(*sys.argv[1:])
