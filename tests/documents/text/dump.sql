INSERT INTO agents VALUES (1, 'O''Brien', 'valeur.sql@exemple.fr');
