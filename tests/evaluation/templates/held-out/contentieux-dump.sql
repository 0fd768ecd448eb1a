INSERT INTO contacts (id, nom, prenom, tel, mail, ip) VALUES
@repeat 4 12
([[count]], '[[last]]', '[[?first]]', '[[phone_compact]]', '[[email]]', '[[ip]]'),
@end
(0, '', '', '', '', '');
