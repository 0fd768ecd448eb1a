create table agents (id integer primary key, "Nom" text, "Prénom" text, courriel text, notes text);
insert into agents values (1, 'O''Brien', 'Zoé', 'colonne.sql@exemple.fr', null);
insert into agents values (2, 'DURAND', 'Camille', null, E'deux\nlignes, une tabulation\tet un \\ : notes.sql@exemple.fr');
insert into agents values (3, 'PETIT', 'Lucas', null, 'a,(b);c''d"e');
