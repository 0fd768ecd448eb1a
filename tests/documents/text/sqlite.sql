BEGIN TRANSACTION;
CREATE TABLE agents (id integer primary key, "Nom" text, "Prénom" text, courriel text, notes text);
INSERT INTO "agents" VALUES(1,'O''Brien','Zoé','colonne.sql@exemple.fr',NULL);
INSERT INTO "agents" VALUES(2,'DURAND','Camille',NULL,'deux
lignes, une tabulation	et un \ : notes.sql@exemple.fr');
INSERT INTO "agents" VALUES(3,'PETIT','Lucas',NULL,'a,(b);c''d"e');
COMMIT;
