"""Writes a mailbox ([MS-PST], Unicode): no free program does. pst-utils reads the same from it (see README.md)."""

import struct
import zlib

from items import (
    BINARY, CLASS, CONTENT, METHOD, NAME, NARROW, NUMBER, OBJECT, TEXT, TEXTS, TIME, appointment, contact, message,
)

PAGE, MOST_BLOCK, MOST_IN_HEAP = 512, 8176, 3580
STORE, NAME_MAP, ROOT = 0x21, 0x61, 0x122
FOLDER, MESSAGE, ATTACHMENT, INNER = 0x02, 0x04, 0x05, 0x1F
RECIPIENTS, ATTACHMENTS = 0x692, 0x671
ROW, VERSION = 0x67F2, 0x67F3


class Mailbox:
    def __init__(self):
        # A header, and the map of what is free, which nobody reads who does not write.
        self.bytes = bytearray(0x4600)
        self.blocks, self.nodes, self.names = [], [], {}
        self.next_block, self.next_page, self.next_node = 4, 1, 0x400

    def block(self, content, internal=False):
        number = self.next_block | (2 if internal else 0)
        self.next_block += 4
        self.bytes += bytes(-len(self.bytes) % 64)
        place = len(self.bytes)
        padding = bytes(-(len(content) + 16) % 64)
        trailer = struct.pack("<HHLQ", len(content), signature(place, number), crc(content), number)
        self.bytes += content + padding + trailer
        self.blocks.append((number, place, len(content)))
        return number

    def content(self, content):
        """Blocks for any number of bytes; that of the list, where there are many."""
        pieces = [content[at : at + MOST_BLOCK] for at in range(0, len(content), MOST_BLOCK)]
        blocks = [self.block(piece) for piece in pieces]
        if len(blocks) < 2:
            return blocks[0] if blocks else 0
        listed = struct.pack(f"<{len(blocks)}Q", *blocks)
        return self.block(struct.pack("<BBHL", 1, 1, len(blocks), len(content)) + listed, internal=True)

    def inner(self, nodes):
        if not nodes:
            return 0
        entries = b"".join(struct.pack("<QQQ", *node) for node in sorted(nodes))
        return self.block(struct.pack("<BBHL", 2, 0, len(nodes), 0) + entries, internal=True)

    def node(self, number, parent, heap, inner=()):
        self.nodes.append((number, self.block(heap), self.inner(inner), parent))

    def number(self, kind):
        self.next_node += 1
        return self.next_node << 5 | kind

    def page(self, kind, entries, width, level):
        self.bytes += bytes(-len(self.bytes) % PAGE)
        place, number = len(self.bytes), self.next_page
        self.next_page += 4
        most = 488 // width
        page = b"".join(entries).ljust(488, b"\0") + struct.pack("<BBBB4x", len(entries), most, width, level)
        trailer = struct.pack("<BBHLQ", kind, kind, signature(place, number), crc(page), number)
        self.bytes += page + trailer
        return number, place

    def tree(self, kind, entries, width):
        """Pages of a tree: its leaves, and one above them where they are many."""
        most = 488 // width
        leaves = []
        for at in range(0, len(entries), most):
            some = entries[at : at + most]
            key = struct.unpack_from("<Q", some[0])[0]
            leaves.append((key, *self.page(kind, some, width, 0)))
        if len(leaves) == 1:
            return leaves[0][1:]
        return self.page(kind, [struct.pack("<QQQ", *leaf) for leaf in leaves], 24, 1)

    def finish(self):
        nodes = [struct.pack("<QQQL4x", *node) for node in sorted(self.nodes)]
        nodes = self.tree(0x81, nodes, 32)
        blocks = [struct.pack("<QQHH4x", *block, 2) for block in sorted(self.blocks)]
        blocks = self.tree(0x80, blocks, 24)
        self.bytes += bytes(-len(self.bytes) % PAGE)
        root = struct.pack("<4xQQQQQQQQ", len(self.bytes), 0x4400, 0, 0, *nodes, *blocks)
        header = bytearray(564)
        struct.pack_into("<HHBBLL", header, 8, 0x4D53, 23, 19, 0, 1, 1)
        header[8:16] = b"SM" + struct.pack("<HHBB", 23, 19, 1, 1)
        struct.pack_into("<QQ", header, 24, 0, self.next_page)
        header[180 : 180 + len(root)] = root
        header[512], header[513] = 0x80, 0
        struct.pack_into("<Q", header, 516, self.next_block)
        struct.pack_into("<L", header, 4, crc(header[8 : 8 + 471]))
        struct.pack_into("<L", header, 524, crc(header[8 : 8 + 516]))
        header[:4] = b"!BDN"
        self.bytes[: len(header)] = header
        return bytes(self.bytes)


class Heap:
    def __init__(self, client):
        self.client, self.values = client, []

    def add(self, value):
        self.values.append(value)
        return len(self.values) << 5

    def finish(self, root):
        places, content = [], b""
        for value in self.values:
            places.append(12 + len(content))
            content += value
        places.append(12 + len(content))
        content += bytes(len(content) % 2)
        head = struct.pack("<HBBL4x", 12 + len(content), 0xEC, self.client, root)
        heap = head + content + struct.pack(f"<HH{len(places)}H", len(places) - 1, 0, *places)
        assert len(heap) <= MOST_BLOCK
        return heap


def properties(mailbox, values, inner=None):
    """The heap of a set of properties; what is long goes to nodes inside."""
    heap, inner = Heap(0xBC), [] if inner is None else inner
    header = heap.add(b"")
    records = b""
    for (number, kind), value in sorted(values.items()):
        if kind in (NUMBER,):
            place = value
        else:
            value = written(kind, value)
            if len(value) > MOST_IN_HEAP:
                place = mailbox.number(INNER)
                inner.append((place, mailbox.content(value), 0))
            else:
                place = heap.add(value) if value else 0
        records += struct.pack("<HHL", number, kind, place)
    heap.values[0] = struct.pack("<BBBBL", 0xB5, 2, 6, 0, heap.add(records))
    return heap.finish(header)


def written(kind, value):
    if kind == TEXT:
        return value.encode("utf-16-le")
    if kind == NARROW:
        return value.encode("cp1252")
    if kind == TIME:
        return struct.pack("<q", value)
    if kind == TEXTS:
        texts = [text.encode("utf-16-le") for text in value]
        places, place = [], 4 + 4 * len(texts)
        for text in texts:
            places.append(place)
            place += len(text)
        return struct.pack(f"<L{len(texts)}L", len(texts), *places) + b"".join(texts)
    return value


def table(columns, rows):
    """The heap of a table; each row begins with its number."""
    heap = Heap(0x7C)
    header = heap.add(b"")
    columns = [(ROW, NUMBER), (VERSION, NUMBER)] + sorted(columns)
    end = 4 * len(columns)
    width = end + (len(columns) + 7) // 8
    cells = b""
    for row in rows:
        bits = 0
        for rank, column in enumerate(columns):
            value = row.get(column, 0)
            if column in row:
                bits |= 1 << (8 * ((len(columns) + 7) // 8) - 1 - rank)
            if column[1] != NUMBER and column in row:
                value = heap.add(written(column[1], value))
            cells += struct.pack("<L", value)
        cells += bits.to_bytes((len(columns) + 7) // 8, "big")
    index = b"".join(struct.pack("<LL", row[ROW, NUMBER], rank) for rank, row in enumerate(rows))
    index = heap.add(struct.pack("<BBBBL", 0xB5, 4, 4, 0, heap.add(index)))
    described = sorted(
        struct.pack("<HHHBB", kind, number, 4 * rank, 4, rank) for rank, (number, kind) in enumerate(columns)
    )
    described.sort(key=lambda column: struct.unpack_from("<L", column))
    heap.values[0] = struct.pack(
        "<BBHHHHLLL", 0x7C, len(columns), end, end, end, width, index, heap.add(cells), 0
    ) + b"".join(described)
    return heap.finish(header)


def item(mailbox, item):
    """The heap of an item, and the nodes inside it."""
    inner = []
    values = {(mailbox_number(mailbox, item, number), kind): value for (number, kind), value in item.properties.items()}
    heap = properties(mailbox, values, inner)
    if item.recipients:
        rows = [{(ROW, NUMBER): rank} | recipient for rank, recipient in enumerate(item.recipients, 1)]
        inner.append((RECIPIENTS, mailbox.block(table(item.recipients[0], rows)), 0))
    rows = []
    for attachment, embedded in item.attachments:
        number, within = mailbox.number(ATTACHMENT), []
        if embedded:
            node = mailbox.number(MESSAGE)
            embedded_heap, embedded_inner = globals()["item"](mailbox, embedded)
            within.append((node, mailbox.block(embedded_heap), mailbox.inner(embedded_inner)))
            attachment = attachment | {(CONTENT, OBJECT): struct.pack("<LL", node, 0)}
        heap_of_it = properties(mailbox, attachment, within)
        inner.append((number, mailbox.block(heap_of_it), mailbox.inner(within)))
        rows.append({(ROW, NUMBER): number, (METHOD, NUMBER): attachment[METHOD, NUMBER]})
    if rows:
        inner.append((ATTACHMENTS, mailbox.block(table([(METHOD, NUMBER)], rows)), 0))
    return heap, inner


def mailbox_number(mailbox, item, number):
    """Properties from 0x8000 on have one number in the whole mailbox."""
    if number < 0x8000:
        return number
    return mailbox.names.setdefault(item.names[number], 0x8000 + len(mailbox.names))


def names(mailbox):
    entries, texts = b"", b""
    for name, number in mailbox.names.items():
        if isinstance(name, str):
            entries += struct.pack("<LHH", len(texts), 2 << 1 | 1, number - 0x8000)
            letters = name.encode("utf-16-le")
            texts += struct.pack("<L", len(letters)) + letters
            texts += bytes(-len(texts) % 4)
        else:
            entries += struct.pack("<LHH", name, 3 << 1, number - 0x8000)
    contacts = bytes.fromhex("0420060000000000c000000000000046")
    return {(1, NUMBER): 251, (2, BINARY): contacts, (3, BINARY): entries, (4, BINARY): texts}


def crc(content):
    return zlib.crc32(content, 0xFFFFFFFF) ^ 0xFFFFFFFF


def signature(place, number):
    mixed = (place ^ number) & 0xFFFFFFFF
    return (mixed >> 16 ^ mixed) & 0xFFFF


def folder(mailbox, number, parent, name, items):
    values = {(NAME, TEXT): name, (0x3602, NUMBER): len(items), (0x3603, NUMBER): 0, (0x360A, 0x0B): b""}
    del values[0x360A, 0x0B]
    mailbox.node(number, parent, properties(mailbox, values))
    for stored in items:
        heap, inner = item(mailbox, stored)
        mailbox.node(mailbox.number(MESSAGE), number, heap, inner)


def long_message():
    """A body that fills several blocks."""
    long = message()
    long.properties[0x1013, BINARY] += b"<p>" + b"Le conseil municipal. " * 1000 + b"au-bout.pst@exemple.fr"
    return long


mailbox = Mailbox()
top, inbox, contacts, agenda = (mailbox.number(FOLDER) for _ in range(4))
store = struct.pack("<4x16sL", bytes(16), top)
mailbox.node(STORE, 0, properties(mailbox, {(NAME, TEXT): "Mairie", (0x0FF9, BINARY): bytes(16), (0x35E0, BINARY): store}))
folder(mailbox, ROOT, ROOT, "", [])
folder(mailbox, top, ROOT, "Haut de la boîte", [])
folder(mailbox, inbox, top, "Boîte de réception", [long_message()])
folder(mailbox, contacts, inbox, "Familles", [contact()])
folder(mailbox, agenda, top, "Calendrier", [appointment()])
mailbox.node(NAME_MAP, 0, properties(mailbox, names(mailbox)))
with open("boite.pst", "wb") as file:
    file.write(mailbox.finish())
