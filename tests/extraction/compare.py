"""Reads one corpus with every tool there is, and prints what each found and took.

`compare.py FOLDER PROGRAM`: FOLDER as `corpus.py` left it, PROGRAM the built `documents` of `agent/benches/`. Each tool
writes a text for each file; a planted value counts as found when it is in that text, spaces and line breaks left out of
both. Processor time is that of the tool and all that it started. Called by `run`.
"""

import json
import pathlib
import resource
import shutil
import subprocess
import sys
import time

EXTRACTOUS = """
import pathlib, sys
from extractous import Extractor
extractor = Extractor().set_extract_string_max_length(100_000_000)
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try:
        text, metadata = extractor.extract_file_to_string(str(path))
    except Exception as error:
        text, metadata = str(error), {}
    (pathlib.Path(sys.argv[2]) / (path.name + ".txt")).write_text(text + "\\n" + repr(metadata))
"""
PDFTOTEXT = 'for file in "$1"/*; do pdftotext -q "$file" "$2/${file##*/}.txt"; done'
RGA = 'for file in "$1"/*; do rga --no-config --rga-no-cache --no-line-number . "$file" > "$2/${file##*/}.txt" || true; done'
LIBREOFFICE = (
    'soffice "-env:UserInstallation=file://$2/profile" --headless --convert-to txt:Text --outdir "$2/out" "$1"/* '
    '> "$2/log" 2>&1; for file in "$2"/out/*.txt; do '
    'for source in "$1/$(basename "$file" .txt)".*; do cp "$file" "$2/${source##*/}.txt"; done; done'
)
ANY = None
WORD_PROCESSOR = {".docx", ".odt", ".doc", ".rtf", ".html"}


def main(folder, program):
    folder = pathlib.Path(folder).resolve()
    planted = json.loads((folder / "planted.json").read_text())
    tools = [
        ("beffroi", [program], ANY, True),
        ("beffroi, PDF", [program], {".pdf"}, True),
        ("pdftotext, PDF", ["bash", "-c", PDFTOTEXT, "-"], {".pdf"}, has("pdftotext")),
        ("beffroi, texts", [program], WORD_PROCESSOR, True),
        ("LibreOffice, texts", ["bash", "-c", LIBREOFFICE, "-"], WORD_PROCESSOR, has("soffice")),
        ("rga", ["bash", "-c", RGA, "-"], ANY, has("rga")),
        ("extractous", [sys.executable, "-c", EXTRACTOUS], ANY, True),
    ]
    print(f"{'tool':<20} {'files':>6} {'files/s':>8} {'files/CPU s':>12} {'MB/CPU s':>9} {'values found':>18}")
    found_by_any, missed_by_us = set(), []
    for name, command, kinds, is_there in tools:
        if not is_there:
            print(f"{name:<20} not installed")
            continue
        files = select(folder, kinds)
        elapsed, processor, texts = run(folder, command, files)
        found = {(file, value) for file in files for value in planted[file] if squeezed(value) in texts.get(file, "")}
        found_by_any |= found
        if name == "beffroi":
            missed_by_us = [(file, value) for file in files for value in planted[file] if (file, value) not in found]
        of = sum(len(planted[file]) for file in files)
        size = sum((folder / "files" / file).stat().st_size for file in files) / 1e6
        print(
            f"{name:<20} {len(files):>6} {len(files) / elapsed:>8.0f} {len(files) / processor:>12.0f} {size / processor:>9.1f}"
            f" {len(found):>6} of {of} {100 * len(found) / of:>5.1f} %"
        )
    report = folder / "missed.json"
    report.write_text(json.dumps(missed_by_us, indent=1, ensure_ascii=False))
    nobody = sum(miss not in found_by_any for miss in missed_by_us)
    print(f"\nNot found by Beffroi: {len(missed_by_us)}, {nobody} of them by nobody; which: {report}")


def select(folder, kinds):
    names = sorted(path.name for path in (folder / "files").iterdir())
    return [name for name in names if kinds is ANY or pathlib.Path(name).suffix in kinds]


def run(folder, command, files):
    """Twice: the first run warms the caches, so that all read from memory."""
    read, out = folder / "read", folder / "out"
    for path in (read, out):
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
    for file in files:
        (read / file).hardlink_to(folder / "files" / file)
        (read / file).read_bytes()
    before, start = used(), time.monotonic()
    subprocess.run([*command, str(read), str(out)], check=True, stderr=subprocess.DEVNULL)
    elapsed, processor = time.monotonic() - start, used() - before
    texts = {path.name.removesuffix(".txt"): squeezed(path.read_text(errors="replace")) for path in out.glob("*.txt")}
    return elapsed, processor, texts


def squeezed(text):
    return "".join(text.split())


def used():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def has(program):
    return shutil.which(program) is not None


main(*sys.argv[1:])
