// The workbooks that SheetJS writes. Called by `make`.

const XLSX = require("xlsx");

function workbook(kind) {
    const pay = XLSX.utils.aoa_to_sheet([
        ["Nom", "Courriel", "Né le", "Téléphone", "Numéro"],
        ["Durand", `cellule.${kind}@exemple.fr`, new Date(Date.UTC(1985, 4, 7)), 612345678, 185057800608491],
    ]);
    pay.C2.z = "dd/mm/yyyy";
    pay.D2.z = '0#" "##" "##" "##" "##';
    XLSX.utils.sheet_add_aoa(pay, [[`plus-bas.${kind}@exemple.fr`]], { origin: "B7" });
    pay.B7.l = { Target: `mailto:lien.${kind}@exemple.fr` };
    pay.B2.c = [{ a: "Zoé Durand", t: `commentaire.${kind}@exemple.fr` }];
    const hidden = XLSX.utils.aoa_to_sheet([[`masquee.${kind}@exemple.fr`], [true]]);
    const veryHidden = XLSX.utils.aoa_to_sheet([[`invisible.${kind}@exemple.fr`]]);
    const book = XLSX.utils.book_new();
    XLSX.utils.book_append_sheet(book, pay, "Paie");
    XLSX.utils.book_append_sheet(book, hidden, "Masquée");
    XLSX.utils.book_append_sheet(book, veryHidden, "Invisible");
    book.Workbook = { Sheets: [{ Hidden: 0 }, { Hidden: 1 }, { Hidden: 2 }] };
    book.Props = { Author: `auteur.${kind}@exemple.fr` };
    return book;
}

for (const kind of ["biff8", "biff5"]) {
    const book = workbook(kind);
    // Excel 5 has comments of its own, which SheetJS does not write.
    XLSX.writeFile(book, `${kind}.xls`, { bookType: kind });
}
// Cells share strings, as those of Excel do.
XLSX.writeFile(workbook("xlsb"), "classeur.xlsb", { bookType: "xlsb", bookSST: true });
