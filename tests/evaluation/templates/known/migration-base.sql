-- reprise du [[date_iso]]
@repeat 4 18
INSERT INTO habitants (nom, prenom, adresse, mobile, mel) VALUES ('[[last]]', '[[?first]]', '[[full_address]]', '[[phone_compact]]', '[[email]]');
@end
INSERT INTO journal (cle, empreinte) VALUES ('[[guid]]', '[[hex_64]]');
