"""Writes databases of Access: no free program does on this system. mdbtools reads the same from them (see README.md)."""

import datetime
import pathlib
import struct
import zlib

NOTE = pathlib.Path("../sources/note.txt").read_bytes()

YES_NO, LONG, MONEY, DOUBLE, DATE, TEXT, OLE, MEMO, NUMERIC = 1, 4, 5, 7, 8, 10, 11, 12, 16
LENGTHS = {YES_NO: 1, LONG: 4, MONEY: 8, DOUBLE: 8, DATE: 8, NUMERIC: 17}
DELETED, POINTER = 0x8000, 0x4000
MASK = 0x6B39DAC7


class Format:
    def __init__(self, version):
        self.version, self.is_narrow = version, version == 0
        self.page = 2048 if self.is_narrow else 4096
        self.name = b"Standard ACE DB\0" if version > 1 else b"Standard Jet DB\0"

    def text(self, text, shortened=False):
        if self.is_narrow:
            return text.encode("cp1252")
        if shortened:
            return b"\xff\xfe" + text.encode("latin-1")
        return text.encode("utf-16-le")


class Database:
    def __init__(self, version, key=0):
        self.format, self.key = Format(version), key
        # The header, the map of what is free, the table of tables.
        self.pages = [b"", b"", b""]
        self.maps, self.listed = [], []

    def page(self, content=b""):
        self.pages.append(content.ljust(self.format.page, b"\0"))
        return len(self.pages) - 1

    def map(self, pages):
        """A map of pages, as a row of page 1; what points to it."""
        bits = bytearray(64 if not self.format.is_narrow else 128)
        for page in pages:
            bits[page // 8] |= 1 << page % 8
        self.maps.append(struct.pack("<BL", 0, 0) + bytes(bits))
        return struct.pack("<B", len(self.maps) - 1) + (1).to_bytes(3, "little")

    def rows_page(self, owner, rows):
        """Rows with their flags, from the end of the page on."""
        narrow = self.format.is_narrow
        places, end = [], self.format.page
        content = bytearray(self.format.page)
        for flags, row in rows:
            content[end - len(row) : end] = row
            end -= len(row)
            places.append(end | flags)
        free = end - (10 if narrow else 14) - 2 * len(rows)
        assert free >= 0
        head = struct.pack("<BBH", 1, 1, free) + owner
        head += b"" if narrow else bytes(4)
        head += struct.pack(f"<H{len(places)}H", len(places), *places)
        content[: len(head)] = head
        return bytes(content)

    def table(self, name, columns, rows, page=None, absent=()):
        """`columns`: names and kinds; `absent`: numbers of columns that were taken away."""
        definition = self.page() if page is None else page
        columns = Columns(self.format, columns, absent)
        pages, waiting = [], []
        for row in rows:
            flags, cells = row if isinstance(row, tuple) else (0, row)
            waiting.append((flags, columns.row(self, cells) if isinstance(cells, list) else cells))
        # Some rows a page, so that a table has many pages.
        owner = struct.pack("<L", definition)
        for at in range(0, len(waiting), 5):
            pages.append(self.page(self.rows_page(owner, waiting[at : at + 5])))
        self.define(definition, columns, len(rows), self.map(pages), self.map([]))
        self.listed.append((definition, name))
        return pages

    def define(self, page, columns, count, used, free):
        narrow, size = self.format.is_narrow, self.format.page
        counts = struct.pack("<HHH", columns.highest, columns.variable, len(columns.all))
        if narrow:
            head = struct.pack("<LLLB", 0, count, 0, 0x4E) + counts + struct.pack("<LL", 0, 0) + used + free
        else:
            head = struct.pack("<LLLLB3xL8xB", 0, 0x659, count, 0, 1, 0, 0x4E)
            head += counts + struct.pack("<LL", 0, 0) + used + free
        body = head + columns.described() + b"\xff\xff"
        body = struct.pack("<L", len(body) + 8) + body[4:]
        pieces, rest = [body[: size - 8]], body[size - 8 :]
        while rest:
            pieces.append(rest[: size - 8])
            rest = rest[size - 8 :]
        numbers = [page] + [self.page() for _ in pieces[1:]]
        for number, following, piece in zip(numbers, numbers[1:] + [0], pieces):
            mark = b"VC" if narrow else struct.pack("<H", size - 8 - len(piece))
            content = struct.pack("<BB", 2, 1) + mark + struct.pack("<L", following) + piece
            self.pages[number] = content.ljust(size, b"\0")

    def long(self, content):
        """A long value: in the row, in one of another page, in a chain of them."""
        if len(content) <= 64:
            return struct.pack("<LLL", len(content) | 0x80000000, 0, 0) + content
        room = self.format.page - 32
        if len(content) <= room:
            page = self.page(self.rows_page(b"LVAL", [(0, b"first"), (0, content)]))
            return struct.pack("<LLL", len(content) | 0x40000000, page << 8 | 1, 0)
        following = 0
        pieces = [content[at : at + room] for at in range(0, len(content), room)]
        for piece in reversed(pieces):
            page = self.page(self.rows_page(b"LVAL", [(0, struct.pack("<L", following) + piece)]))
            following = page << 8
        return struct.pack("<LLL", len(content), following, 0)

    def write(self, name):
        catalogue = [("Id", LONG), ("ParentId", LONG), ("Name", TEXT), ("Type", LONG), ("Flags", LONG), ("LvProp", OLE)]
        rows = [[page, 0xF000001, table, 1, 0, None] for page, table in self.listed]
        rows += [[2, 0xF000001, "MSysObjects", 1, 0x80000000 - (1 << 32), None], [9, 0xF000004, "Requête", 5, 0, None]]
        self.table("MSysObjects", catalogue, rows, page=2)
        self.pages[1] = self.rows_page(struct.pack("<L", 1), [(0, each) for each in self.maps])
        header = bytearray(self.format.page)
        header[:20] = b"\0\1\0\0" + self.format.name
        header[20] = self.format.version
        header[0x3C:0x3E] = struct.pack("<H", 1252)
        header[0x3E:0x42] = struct.pack("<L", self.key)
        header[0x18 : 0x18 + 126] = rc4(struct.pack("<L", MASK), header[0x18 : 0x18 + 126])
        self.pages[0] = bytes(header)
        if self.key:
            for number in range(1, len(self.pages)):
                self.pages[number] = rc4(struct.pack("<L", self.key ^ number), self.pages[number])
        pathlib.Path(name).write_bytes(b"".join(self.pages))


class Columns:
    def __init__(self, format, columns, absent):
        self.format, self.all = format, []
        self.fixed = self.variable = 0
        numbers = (number for number in range(1000) if number not in absent)
        for (name, kind), number in zip(columns, numbers):
            is_fixed = kind in LENGTHS
            place = self.fixed if is_fixed else self.variable
            self.all.append((name, kind, number, is_fixed, place))
            if is_fixed and kind != YES_NO:
                self.fixed += LENGTHS[kind]
            elif not is_fixed:
                self.variable += 1
        self.highest = self.all[-1][2] + 1

    def described(self):
        entries, names = b"", b""
        for name, kind, number, is_fixed, place in self.all:
            fixed, variable = (place, 0) if is_fixed else (0, place)
            length = LENGTHS.get(kind, 510 if kind == TEXT else 0)
            flags = 3 if is_fixed else 2
            # How many digits, and decimals.
            digits = (15, 0) if kind == NUMERIC else (9, 4)
            if self.format.is_narrow:
                entries += struct.pack("<BHHHHBBHBHH", kind, number, variable, number, *digits, 0, 0, flags, fixed, length)[:18]
                names += struct.pack("<B", len(self.format.text(name))) + self.format.text(name)
            else:
                entries += struct.pack("<BLHHHBBHBBLHH", kind, 0x659, number, variable, number, *digits, 0, flags, 1, 0, fixed, length)
                names += struct.pack("<H", len(self.format.text(name))) + self.format.text(name)
        return entries + names

    def row(self, database, cells):
        """Cells in the order of the columns; those that are left out at the end were added after the row."""
        narrow = self.format.is_narrow
        written = [column for column, _ in zip(self.all, cells)]
        count = written[-1][2] + 1
        mask = bytearray((count + 7) // 8)
        fixed, variable = bytearray(self.fixed), [b""] * self.variable
        for (_, kind, number, is_fixed, place), cell in zip(written, cells):
            if cell is None or cell is False:
                continue
            mask[number // 8] |= 1 << number % 8
            if kind == YES_NO:
                continue
            content = self.cell(database, kind, cell)
            if is_fixed:
                fixed[place : place + len(content)] = content
            else:
                variable[place] = content
        head = struct.pack("<B" if narrow else "<H", count)
        places, row = [], head + bytes(fixed)
        for content in variable:
            places.append(len(row))
            row += content
        places.append(len(row))
        if not narrow:
            row += struct.pack(f"<{len(places)}H", *reversed(places)) + struct.pack("<H", len(variable))
            return row + bytes(mask)
        # Places beyond 255 are told by the cell from which on they are.
        end = len(places) + 1 + len(mask)
        jumps = []
        while True:
            total = len(row) + end + len(jumps)
            wanted = (total - 1) // 256
            if wanted == len(jumps):
                break
            jumps = [next((rank for rank, place in enumerate(places) if place >= 256 * (step + 1)), 0xFF) for step in range(wanted)]
        row += bytes(place % 256 for place in reversed(places)) + bytes(reversed(jumps))
        return row + bytes([len(variable)]) + bytes(mask)

    def cell(self, database, kind, cell):
        if kind == LONG:
            return struct.pack("<l", cell)
        if kind == MONEY:
            return struct.pack("<q", round(cell * 10_000))
        if kind == DOUBLE:
            return struct.pack("<d", cell)
        if kind == DATE:
            since = cell - datetime.datetime(1899, 12, 30)
            # Days before 1900 are negative, hours never are.
            hour = since.seconds / 86_400
            return struct.pack("<d", since.days + hour if since.days >= 0 else since.days - hour)
        if kind == NUMERIC:
            groups = struct.unpack(">4L", cell.to_bytes(16, "big"))
            return struct.pack("<B4L", 0, *groups)
        if kind == TEXT:
            return self.format.text(cell, shortened=len(cell) % 2 == 0)
        return database.long(cell if isinstance(cell, bytes) else self.format.text(cell))


def rc4(key, content):
    state, second = list(range(256)), 0
    for first in range(256):
        second = (second + state[first] + key[first % len(key)]) % 256
        state[first], state[second] = state[second], state[first]
    out, first, second = bytearray(), 0, 0
    for byte in content:
        first = (first + 1) % 256
        second = (second + state[first]) % 256
        state[first], state[second] = state[second], state[first]
        out.append(byte ^ state[(state[first] + state[second]) % 256])
    return bytes(out)


def people(database):
    """Every kind of cell, and every place where a row or a cell may be."""
    columns = [
        ("Numéro", LONG), ("Nom", TEXT), ("Courriel", TEXT), ("Actif", YES_NO), ("Naissance", DATE),
        ("Salaire", MONEY), ("Taux", DOUBLE), ("NIR", NUMERIC), ("Notes", MEMO), ("Ajouté", TEXT),
    ]
    born = datetime.datetime(1985, 5, 7)
    def row(number, mail, notes, added=None):
        return [number, f"DURAND {number}", mail, True, born, 1500.5, 0.75, 185057800608491, notes, added]
    rows = [
        row(1, "cellule@exemple.fr", "Écrire à court@exemple.fr", "ajoute@exemple.fr"),
        row(2, None, "long " * 30 + "autre-page@exemple.fr"),
        row(3, None, "long " * 2000 + "chaine@exemple.fr"),
        # Before the last column was added.
        row(4, "avant-l-ajout@exemple.fr", None)[:9],
        # What Access leaves of a deleted row, and what other programs do.
        (DELETED | POINTER, b""),
        (DELETED, row(5, "supprime@exemple.fr", None)),
        # Where it was, and where it went.
        (POINTER, struct.pack("<L", 0)),
        (DELETED, row(6, "deplace@exemple.fr", None)),
        [7, "x" * 200, "y" * 100 + " decale@exemple.fr", False, datetime.datetime(1886, 4, 22, 18), -1.25, None, None, None, None],
    ]
    database.table("Agents", columns, rows, absent=[1, 6])


def wide(database):
    """A definition of several pages."""
    columns = [(f"Une colonne qui a un nom plutôt long, la {number}", TEXT) for number in range(100)]
    database.table("Large", columns, [[None] * 99 + ["derniere@exemple.fr"]])


def attachments(database):
    """What a cell with attached files is: a table that nobody sees."""
    suffix = "txt\0".encode("utf-16-le")
    content = struct.pack("<LLL", 12 + len(suffix), 1, 4) + suffix + NOTE
    deflated = struct.pack("<LL", 1, len(content)) + zlib.compress(content)
    plain = struct.pack("<LL", 0, len(content)) + content
    columns = [("_Pièces", LONG), ("FileData", OLE), ("FileFlags", LONG), ("FileName", TEXT), ("FileType", TEXT)]
    rows = [[1, deflated, 0, "note.txt", "txt"], [1, plain, 0, "brut.txt", "txt"]]
    database.table("f_0123456789ABCDEF_Pièces", columns, rows)


for name, version, key in [("97.mdb", 0, 0), ("2003.mdb", 1, 0), ("code.mdb", 1, 0x12345678), ("2010.accdb", 3, 0)]:
    database = Database(version, key)
    people(database)
    wide(database)
    if version > 1:
        attachments(database)
    database.write(name)
