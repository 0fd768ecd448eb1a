--
-- PostgreSQL database dump
--

\restrict zemyjlqmWcag4coUWyVLUx4jLSXZ3Ybf9TiMJTByH0bCibFvJpfnloA4JJWaWVy

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: agents; Type: TABLE; Schema: public; Owner: nobody
--

CREATE TABLE public.agents (
    id integer NOT NULL,
    "Nom" text,
    "Prénom" text,
    courriel text,
    notes text
);


ALTER TABLE public.agents OWNER TO nobody;

--
-- Data for Name: agents; Type: TABLE DATA; Schema: public; Owner: nobody
--

COPY public.agents (id, "Nom", "Prénom", courriel, notes) FROM stdin;
1	O'Brien	Zoé	colonne.sql@exemple.fr	\N
2	DURAND	Camille	\N	deux\nlignes, une tabulation\tet un \\ : notes.sql@exemple.fr
3	PETIT	Lucas	\N	a,(b);c'd"e
\.


--
-- Name: agents agents_pkey; Type: CONSTRAINT; Schema: public; Owner: nobody
--

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_pkey PRIMARY KEY (id);


--
-- PostgreSQL database dump complete
--

\unrestrict zemyjlqmWcag4coUWyVLUx4jLSXZ3Ybf9TiMJTByH0bCibFvJpfnloA4JJWaWVy

