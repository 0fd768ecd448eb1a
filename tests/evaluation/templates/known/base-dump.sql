CREATE TABLE agents (id int, nom varchar(60), prenom varchar(60), nir varchar(21), naissance date, mel varchar(80));
@repeat 5 25
INSERT INTO agents VALUES ([[count]], '[[last]]', '[[?first]]', '[[nir]]', '[[?birth_date_iso]]', '[[email]]');
@end
UPDATE parametres SET valeur = '[[version]]' WHERE cle = 'version';
