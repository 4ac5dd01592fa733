-- Sample data to look around in: seven organizers, eleven venues, three weeks of programme, and everyone who bought a seat.
-- Days are counted from today and hours are the venue's own, so it is never out of date when it is loaded.
--
--   1 people   2 organizers   3 venues   4 programme   5 tickets   6 buyers   7 sales   8 codes and a line
--
-- sign in: ana@guichet.example / guichet-demo / attends: one seat to come, one behind her
-- sign in: omar@guichet.example / guichet-demo / owns Tandem Bruxelles and Atelier Bas de Casse
-- sign in: marie@guichet.example / guichet-demo / manages both of Omar's teams
-- sign in: finn@guichet.example / guichet-demo / keeps the books of Atelier Bas de Casse
-- sign in: dora@guichet.example / guichet-demo / works the door at Tandem Bruxelles
-- sign in: ines@guichet.example / guichet-demo / owns the other five organizers
-- sign in: zoe@guichet.example / guichet-demo / is a stranger: no orders, no team

-- 1 People -----------------------------------------------------------------------------------------------------------------

with person (email, display_name, birth_date, native, target, location, locale) as (
    values
    ('ana@guichet.example', 'Ana Ferreira', '1991-03-14', '{pt,es}', '{fr,nl}', 'Brussels', 'en'),
    ('omar@guichet.example', 'Omar Haddad', '1984-10-02', '{ar,fr}', '{nl,it}', 'Brussels', 'en'),
    ('marie@guichet.example', 'Marie Delvaux', '1989-06-21', '{fr}', '{en,es}', 'Brussels', 'fr'),
    ('finn@guichet.example', 'Finn Sørensen', '1979-01-30', '{da}', '{fr}', 'Brussels', 'en'),
    ('dora@guichet.example', 'Dora Kovács', '1996-12-05', '{hu}', '{fr,en}', 'Brussels', 'en'),
    ('ines@guichet.example', 'Inès Lambert', '1982-08-17', '{fr}', '{de,ja}', 'Lyon', 'fr'),
    ('zoe@guichet.example', 'Zoé Okonkwo', '2001-04-09', '{en}', '{fr}', 'Paris', 'fr')
),
password (hash) as materialized (
    select extensions.crypt('guichet-demo', extensions.gen_salt('bf', 10))
)
insert into auth.users (
    id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data, created_at, updated_at,
    confirmation_token, recovery_token, email_change, email_change_token_new -- Auth reads '' here where null would be natural
)
select
    gen_random_uuid(), 'authenticated', 'authenticated', person.email, password.hash, now() - interval '60 days',
    '{"provider": "email", "providers": ["email"]}',
    jsonb_build_object(
        'display_name', person.display_name, 'birth_date', person.birth_date, 'location', person.location, 'locale', person.locale,
        'native_languages', person.native::text[], 'target_languages', person.target::text[], 'consent', true
    ),
    now() - interval '60 days', now() - interval '60 days', '', '', '', ''
from person
cross join password;

do $$
begin
    -- Hosted Auth looks accounts up by instance; the embedded one has no such column.
    if exists (
        select from information_schema.columns where table_schema = 'auth' and table_name = 'users' and column_name = 'instance_id'
    ) then
        update auth.users set instance_id = '00000000-0000-0000-0000-000000000000'
        where email like '%@guichet.example' and instance_id is null;
    end if;
end;
$$;

insert into auth.identities (id, user_id, provider, provider_id, identity_data, created_at, updated_at)
select
    gen_random_uuid(), users.id, 'email', users.id::text,
    jsonb_build_object('sub', users.id, 'email', users.email, 'email_verified', true, 'phone_verified', false),
    users.created_at, users.updated_at
from auth.users
where users.email like '%@guichet.example';

-- 2 Organizers and their teams ---------------------------------------------------------------------------------------------

insert into public.organizers (slug, name, hue, website, about) values
('tandem-bruxelles', 'Tandem Bruxelles', 28, 'https://tandem.example',
    'Half an hour in your language, half an hour in theirs. We have been moving chairs together in Brussels cafés since 2014, '
    'and have yet to find a language nobody wants to learn.'),
('le-quai-des-langues', 'Le Quai des langues', 225, 'https://quai-des-langues.example',
    'Des tables de conversation à Paris et à Lyon, au bord de l’eau quand on peut. Ni cours, ni niveau exigé, ni silence gêné.'),
('atelier-bas-de-casse', 'Atelier Bas de Casse', 75, 'https://bas-de-casse.example',
    'A letterpress and typography studio with two proof presses, four hundred cases of type and one strict rule: '
    'nobody leaves with clean hands. Workshops in Brussels, Paris, Lyon and, for those who stay in, online.'),
('gradient', 'Gradient', 285, 'https://gradient.example',
    'Meetings for people who put data and models to work, and answer the phone when they misbehave. '
    'No keynotes by sponsors, slides the same evening, childcare on site.'),
('la-cuillere-en-bois', 'La Cuillère en bois', 130, 'https://cuillere-en-bois.example',
    'École de cuisine sur les pentes de la Croix-Rousse. Dix personnes au plus, un seul repas à la fin, et la vaisselle se fait à plusieurs.'),
('le-contretemps', 'Le Contretemps', 345, 'https://contretemps.example',
    'A jazz club with seventy-two chairs, a Pleyel that has been forgiven everything, and no bad table.'),
('les-foulees-du-canal', 'Les Foulées du Canal', 185, 'https://foulees.example',
    'A running club for people with lungs of every description. We meet at the water, go out together and come back together.');

insert into public.organizer_members (organizer_id, user_id, role)
select organizers.id, users.id, member.role::public.member_role
from (
    values
    ('tandem-bruxelles', 'omar', 'owner'),
    ('tandem-bruxelles', 'marie', 'manager'),
    ('tandem-bruxelles', 'dora', 'door'),
    ('atelier-bas-de-casse', 'omar', 'owner'),
    ('atelier-bas-de-casse', 'marie', 'manager'),
    ('atelier-bas-de-casse', 'finn', 'finance'),
    ('le-quai-des-langues', 'ines', 'owner'),
    ('gradient', 'ines', 'owner'),
    ('la-cuillere-en-bois', 'ines', 'owner'),
    ('le-contretemps', 'ines', 'owner'),
    ('les-foulees-du-canal', 'ines', 'owner')
) as member (organizer, person, role)
inner join public.organizers on organizers.slug = member.organizer
inner join auth.users on users.email = member.person || '@guichet.example';

-- 3 Venues -----------------------------------------------------------------------------------------------------------------

insert into public.venues (
    slug, name, address, postal_code, city, country, latitude, longitude, timezone, capacity, reputation, organizer_id
)
select
    place.slug, place.name, place.address, place.postal_code, place.city, place.country, place.latitude, place.longitude,
    case place.country when 'BE' then 'Europe/Brussels' else 'Europe/Paris' end, place.capacity, place.reputation, organizers.id
from (
    values
    ('cafe-zinneke', 'Café Zinneke', 'Rue de Flandre 84', '1000', 'Brussels', 'BE', 50.8526, 4.3452, 30, 4.6, null),
    ('maison-du-pave', 'La Maison du Pavé', 'Rue Haute 142', '1000', 'Brussels', 'BE', 50.8381, 4.3478, 60, 4.3, null),
    ('la-casse', 'La Casse', 'Rue de la Victoire 96', '1060', 'Brussels', 'BE', 50.8313, 4.3458, 14, 4.9, 'atelier-bas-de-casse'),
    ('le-grenier-au-foin', 'Le Grenier au Foin', 'Quai au Foin 27', '1000', 'Brussels', 'BE', 50.8556, 4.3487, 320, 4.4, null),
    ('vestiaires-du-canal', 'Les Vestiaires du Canal', 'Quai des Péniches 12', '1000', 'Brussels', 'BE', 50.8634, 4.3495, 80, 4.1,
        'les-foulees-du-canal'),
    ('cafe-des-deux-rives', 'Café des Deux Rives', '118 quai de Jemmapes', '75010', 'Paris', 'FR', 48.8744, 2.3637, 24, 4.5, null),
    ('le-contretemps', 'Le Contretemps', '47 rue de la Folie-Méricourt', '75011', 'Paris', 'FR', 48.8637, 2.3735, 72, 4.8, 'le-contretemps'),
    ('atelier-rochebrune', 'Atelier Rochebrune', '9 rue Rochebrune', '75011', 'Paris', 'FR', 48.8609, 2.3786, 16, 4.7, null),
    ('brasserie-des-pentes', 'Brasserie des Pentes', '31 montée de la Grande-Côte', '69001', 'Lyon', 'FR', 45.7712, 4.8318, 28, 4.4, null),
    ('cuisines-du-gros-caillou', 'Les Cuisines du Gros Caillou', '6 rue de Belfort', '69004', 'Lyon', 'FR', 45.7752, 4.8345, 12, 4.9,
        'la-cuillere-en-bois'),
    ('la-soierie', 'La Soierie', '14 rue Mazenod', '69003', 'Lyon', 'FR', 45.7561, 4.8468, 120, 4.2, null)
) as place (slug, name, address, postal_code, city, country, latitude, longitude, capacity, reputation, organizer)
left join public.organizers on organizers.slug = place.organizer;

-- 4 Programme --------------------------------------------------------------------------------------------------------------
-- Organizer, venue (none: online), policy, days from today and hour at the venue (none: in five hours), length, language spoken,
-- places of its own (none: the venue's, shared), status; then slug, title, summary and description.

-- What is announced was created on its own day, and its lead time judged then.
alter table public.events disable trigger guard_event_policy;

with programme (
    organizer, venue, policy, day, begins, lasts, language, capacity, status, slug, title, summary, description
) as (
    values

    -- What has been

    ('tandem-bruxelles', 'cafe-zinneke', 'meetup', -2, '19:00'::time, '1 hour'::interval, 'nl', null::integer, 'completed',
        'nederlands-zonder-blozen', 'Nederlands zonder blozen',
        'An hour of Dutch for people who understand everything and say nothing.', $$
You order in Dutch, they answer in French, and there goes another evening. Not here: **the bar is in on it** and will pretend
to speak nothing else until eight o’clock.
$$),
    ('le-quai-des-langues', 'cafe-des-deux-rives', 'meetup', -1, '18:30', '1 hour', 'es', null, 'completed',
        'espanol-de-sobremesa', 'Español de sobremesa',
        'La conversation d’après le repas, sans le repas : en espagnol, jusqu’à ce que le café soit froid.', $$
La *sobremesa*, c’est ce moment où personne ne se lève. On le recrée à huit par table, avec un Argentin et une Galicienne qui ne
sont d’accord sur rien, surtout pas sur les mots.
$$),
    ('le-contretemps', 'le-contretemps', 'masterclass', -1, '20:00', '2 hours 30 minutes', 'fr', 70, 'completed',
        'monk-au-deuxieme-set', 'Monk au deuxième set',
        'Un quartet, un seul compositeur, et le droit de poser des questions entre les morceaux.', $$
Premier set pour écouter, deuxième set pour comprendre : la pianiste **Solène Abitbol** démonte *Evidence*, puis le quartet le
remonte plus vite.
$$),
    ('atelier-bas-de-casse', 'la-casse', 'masterclass', -1, '10:00', '7 hours', 'en', 8, 'completed',
        'your-first-forme', 'Your first forme',
        'From an empty stick to forty prints in one day, with lead under your nails to prove it.', $$
Set, lock up, ink, pull, swear, correct, pull again. Lunch is soup, because soup can be eaten with one clean hand.
$$),

    -- Today, whatever the hour

    ('atelier-bas-de-casse', null, 'masterclass', null, null, '1 hour 30 minutes', 'en', 25, 'published',
        'the-open-line', 'The open line',
        'Somewhere it is office hours: show us the page you are stuck on, and we will stare at it together.', $$
No slides, no programme. Whoever arrives first shares a screen first: a thesis, a menu, a wedding invitation with too many cousins.

Held at odd hours on purpose, because that is when layouts go wrong.
$$),

    -- Tomorrow

    ('tandem-bruxelles', 'cafe-zinneke', 'meetup', 1, '12:30', '1 hour', 'fr', null, 'published',
        'francais-du-midi', 'Français du midi',
        'French over a sandwich, for anyone whose office speaks English all day long.', $$
Bring your lunch, or order the *tartine du jour*. We talk about anything except work, which turns out to be
the hard part.
$$),
    ('le-quai-des-langues', 'brasserie-des-pentes', 'meetup', 1, '18:30', '1 hour', 'it', null, 'published',
        'aperitivo-italiano', 'Aperitivo italiano',
        'Un spritz, des olives et une heure d’italien avec des Turinois très patients.', $$
Débutants bienvenus : à la première table on montre les olives du doigt, à la dernière on parle du gouvernement.
Chacun choisit la sienne, et peut fuir en cours de route.
$$),
    ('tandem-bruxelles', 'cafe-zinneke', 'meetup', 1, '19:00', '1 hour', 'en', null, 'published',
        'english-strong-opinions', 'English for strong opinions',
        'One table, ten statements, and sixty minutes to disagree politely in English.', $$
Somebody draws a card (*“Museums should smell of something”*), somebody objects, and there you are: you have been speaking English
for ten minutes. Good for people who read it fluently and speak it as if it were hot.
$$),
    ('tandem-bruxelles', 'cafe-zinneke', 'meetup', 1, '19:00', '1 hour', 'fr', null, 'published',
        'francais-la-table-du-fond', 'Français : la table du fond',
        'Slow French in the quiet corner. Nobody finishes your sentences for you.', $$
The table at the back has one rule: **count to five before you help**. It is remarkable what people say at four.
$$),
    ('tandem-bruxelles', 'cafe-zinneke', 'meetup', 1, '19:30', '1 hour', 'es', null, 'published',
        'espanol-con-acento', 'Español con acento',
        'Spanish from five countries at one table. Bring yours, whichever it is.', $$
Our regulars come from Cádiz, Medellín, Rosario, Puebla and Molenbeek. You will leave with five words for *straw* and
an accent that nobody can place.
$$),
    ('le-contretemps', 'le-contretemps', 'masterclass', 1, '20:30', '2 hours', 'fr', 72, 'published',
        'trio-okafor-lindqvist-sato', 'Trio Okafor · Lindqvist · Sato',
        'Contrebasse, batterie, koto. Ils se sont rencontrés dans un aéroport fermé par la neige, et ça s’entend.', $$
Deux sets sans amplification. **Ngozi Okafor** (contrebasse) tient la maison, **Elsa Lindqvist** (batterie) ouvre les fenêtres,
**Haruki Sato** (koto) entre par le toit.

Placement libre ; le bar ferme pendant les ballades.
$$),

    -- In two days

    ('les-foulees-du-canal', 'vestiaires-du-canal', 'masterclass', 2, '18:30', '1 hour 30 minutes', 'en', 20, 'published',
        'run-like-nobody-is-timing-you', 'Run like nobody is timing you',
        'A technique session for runners with more enthusiasm than knees.', $$
- Ten minutes of video, filmed kindly and deleted the same evening
- Drills you can do at a bus stop
- Forty minutes out along the water, at the speed of conversation

We ask for a phone number, in case the weather changes its mind.
$$),
    ('le-quai-des-langues', 'cafe-des-deux-rives', 'meetup', 2, '19:00', '1 hour', 'de', null, 'published',
        'deutsch-am-kanal', 'Deutsch am Kanal',
        'De l’allemand au bord du canal Saint-Martin, verbe à la fin compris.', $$
On y vient pour un entretien à Leipzig, une belle-mère à Graz ou le plaisir des mots trop longs. **Jonas** et **Friederike**
corrigent seulement si on le demande.
$$),
    ('la-cuillere-en-bois', 'cuisines-du-gros-caillou', 'masterclass', 2, '18:30', '3 hours', 'fr', 10, 'published',
        'quenelles-et-patience', 'Quenelles, et la patience qu’elles demandent',
        'La panade, le moule, le gonflement : tout ce que la quenelle industrielle préfère taire.', $$
On apprend à sentir le moment où la panade *se décolle*, à mouler à la cuillère et à ne **surtout pas** ouvrir le four.

Au menu de 21 h : quenelles, sauce Nantua, salade amère. Végétariens : dites-le en arrivant, nous avons une version au comté.
$$),

    -- In three days

    ('atelier-bas-de-casse', 'atelier-rochebrune', 'masterclass', 3, '09:30', '7 hours', 'fr', 10, 'published',
        'le-plomb-en-une-journee-paris', 'Le plomb en une journée',
        'Composer, caler, encrer, tirer. Vous repartez avec quarante épreuves et les mains noires.', $$
Le matin, on compose à la main, lettre à lettre et à l’envers. L’après-midi, la presse à épreuves ne pardonne rien et c’est
très reposant.

- **Compris** : papier, encre, tabliers, soupe
- **À apporter** : un texte de moins de trente mots, auquel vous tenez
$$),
    ('tandem-bruxelles', 'maison-du-pave', 'meetup', 3, '19:00', '1 hour', 'pt', null, 'published',
        'portugues-de-esquina', 'Português de esquina',
        'Portuguese as it is spoken on the corner, from Braga to Belém do Pará.', $$
Two accents, one table, endless arguments about which of them drops more vowels. Complete beginners sit next to **Dona Lurdes**, who has
taught half of Saint-Gilles to say *saudade* without sighing.
$$),
    ('le-contretemps', 'le-contretemps', 'masterclass', 3, '20:30', '3 hours', 'fr', 72, 'published',
        'jam-vocale', 'Jam vocale',
        'Le trio de la maison, un micro, et vous. Écouter est permis ; chanter aussi.', $$
Inscription à l’ardoise à partir de 20 h : un titre, une tonalité (ou « aiguë, s’il vous plaît »). Le trio connaît quatre cents
standards et improvise les autres.
$$),

    -- In four days

    ('tandem-bruxelles', 'maison-du-pave', 'meetup', 4, '12:15', '1 hour', 'nl', null, 'published',
        'broodje-nederlands', 'Broodje Nederlands',
        'Dutch at lunch: one sandwich, one story, one hour.', $$
Everyone brings one small true story, three minutes long. The others may interrupt, in Dutch only. Small table, kind people, very
good pickles.
$$),
    ('la-cuillere-en-bois', 'cuisines-du-gros-caillou', 'masterclass', 4, '18:00', '3 hours', 'it', 10, 'published',
        'pasta-fresca-e-basta', 'Pasta fresca e basta',
        'Tagliatelles, orecchiette, tortelli : un cours donné en italien, avec les mains.', $$
**Signora Pina** ne parle pas français et n’en a jamais eu besoin. Cent grammes de farine, un œuf, et l’on suit ses pouces.

À la fin on mange tout, debout.
$$),
    ('le-quai-des-langues', 'brasserie-des-pentes', 'meetup', 4, '19:00', '1 hour', 'en', null, 'published',
        'english-on-the-slopes', 'English on the slopes',
        'Une heure d’anglais sur les pentes. Du skieur débutant au Gallois de naissance.', $$
Trois tables : *chatty*, *careful* et *Welsh*. On change à la demi-heure, au son d’une cloche de vache.
$$),

    -- In five days

    ('les-foulees-du-canal', 'vestiaires-du-canal', 'masterclass', 5, '09:00', '1 hour 30 minutes', 'en', 60, 'published',
        'slow-miles', 'Slow miles along the canal',
        'Five easy miles from lock to lock. Free, for everyone, and nobody is left behind.', $$
The slowest runner sets the pace and is thanked for it. Dogs on leads, prams at the front, coffee at the end.

**It is free.** Take a seat all the same, so that we know how much coffee to make.
$$),
    ('atelier-bas-de-casse', 'la-soierie', 'masterclass', 5, '10:00', '7 hours', 'fr', 12, 'published',
        'le-plomb-en-une-journee-lyon', 'Le plomb en une journée',
        'Notre presse de voyage s’installe à la Soierie : une journée pour composer et tirer sa première forme.', $$
La presse pèse 140 kg et descend de Bruxelles en camionnette, comme nous. Elle n’a jamais été de mauvaise humeur deux fois de suite.

- **Compris** : papier, encre, tabliers, pique-nique
- **À apporter** : un texte de moins de trente mots
$$),
    ('le-quai-des-langues', 'cafe-des-deux-rives', 'meetup', 5, '18:00', '1 hour', 'es', null, 'published',
        'espanol-sin-prisa', 'Español sin prisa',
        'De l’espagnol lent, pour ceux que les séries sous-titrées ont laissés sur le quai.', $$
On parle **lentement**, exprès, et tout le monde, y compris la dame de Séville, pour qui c’est une torture.
$$),
    ('tandem-bruxelles', 'maison-du-pave', 'meetup', 5, '19:00', '1 hour', 'ar', null, 'published',
        'arabic-for-the-market', 'Arabic for the market',
        'Enough Arabic to buy mint, refuse a carpet and be asked back.', $$
Mostly Moroccan, with a Syrian at the end of the table to keep us honest. We practise on real aubergines.
$$),
    ('le-contretemps', 'le-contretemps', 'masterclass', 5, '20:30', '2 hours 30 minutes', 'fr', 72, 'published',
        'bamako-electrique', 'Bamako électrique',
        'Le n’goni d’Oumou Traoré traverse un ampli de 1968. Prévoyez des chaussures pour danser.', $$
Les tables seront poussées à 22 h. C’est une promesse, pas une menace.
$$),

    -- In six days

    ('la-cuillere-en-bois', 'cuisines-du-gros-caillou', 'masterclass', 6, '09:30', '4 hours', 'fr', 10, 'published',
        'levain-mode-d-emploi', 'Le levain, mode d’emploi',
        'Une matinée pour adopter un levain, le nourrir et lui pardonner.', $$
Vous repartez avec une miche, **soixante grammes de Marcel** (né en 2009, très en forme) et un numéro à appeler en cas de doute.
$$),
    ('atelier-bas-de-casse', null, 'masterclass', 6, '14:00', '2 hours', 'en', 40, 'published',
        'kerning-clinic', 'The kerning clinic',
        'Bring a logo, a headline or a shop sign. We look at the gaps together, and be gentle.', $$
Two hours online, forty pairs of eyes, one question: *why does it look wrong?* Send your patient beforehand, anonymously if you must.

You will never read a menu in peace again.
$$),
    ('tandem-bruxelles', 'cafe-zinneke', 'meetup', 6, '18:30', '1 hour', 'uk', null, 'published',
        'ukrainian-from-the-first-word', 'Українська: з першого слова',
        'Ukrainian from the very first word, with people who are glad that you ask.', $$
No alphabet needed, we bring it. Half of the table came from Kharkiv and Lviv, half came for a neighbour, a colleague or a fiancé.
$$),
    ('le-quai-des-langues', 'brasserie-des-pentes', 'meetup', 6, '19:00', '1 hour', 'ja', null, 'published',
        'nihongo-no-jikan', '日本語の時間',
        'Une heure de japonais, à l’oral, sans manuel et avec des edamame.', $$
**Mika** et **Daichi** étudient à Lyon et s’ennuient de leur langue ; vous, de vos cours du soir. Tutoiement de rigueur, ce qui
en japonais est tout un sujet.
$$),

    -- Next week and the one after

    ('gradient', 'le-grenier-au-foin', 'conference', 7, '09:00', '9 hours', 'en', 280, 'published',
        'gradient-brussels', 'Gradient Brussels',
        'One day on data and AI that survive contact with people: hospitals, harbours, newsrooms, and a bakery.', $$
Twelve talks of twenty-five minutes, two tracks, no vendor slots. Speakers show **what broke**, and bring the graph.

### A few of them

- *The model was right and the ward was wrong*: triage at a Ghent hospital
- *Forecasting brioche*: a bakery, four years of weather, one humbled statistician
- *How we deleted our data lake*, and who noticed
- *Audits that people finish reading*: the AI Act, from someone who has to

Lunch is warm, name badges are legible, and there is a room with nothing in it but chairs and quiet.
$$),
    ('les-foulees-du-canal', 'vestiaires-du-canal', 'masterclass', 8, '18:30', '1 hour', 'en', 30, 'cancelled',
        'towpath-intervals', 'Towpath intervals',
        'Short, fast and over before you can think of an excuse.', $$
Eight times two minutes, with the ducks as judges.
$$),
    ('gradient', 'maison-du-pave', 'conference', 8, '09:30', '6 hours', 'en', 20, 'published',
        'gradient-workshop-evaluation', 'Gradient workshop: evaluation that bites',
        'A day of building tests for language models that your future self will thank you for.', $$
Bring a laptop and one system that you are not quite sure about. By four o’clock you will be sure, one way or the other.

We work in pairs: golden sets, judges and how to distrust them, regressions, cost. Python, no notebooks harmed.
$$),
    ('atelier-bas-de-casse', 'la-casse', 'masterclass', 8, '10:00', '6 hours', 'en', 10, 'published',
        'specimen-brussels', 'Specimen: draw a typeface you would lend',
        'From seven letters on tracing paper to a font that can set your name.', $$
Seven letters are enough: **a d e h n o v**. From these the rest follows, mostly, and the rest of the rest is discussed over lunch.

Taught by **Ilse Vandeputte**, who has drawn two newspapers and one very small airline.
$$),
    ('le-contretemps', 'le-contretemps', 'masterclass', 9, '18:00', '2 hours', 'fr', 72, 'published',
        'le-big-band-repete', 'Le big band répète',
        'Dix-sept musiciens, un chef agacé, et la porte ouverte : la répétition comme spectacle.', $$
On recommence la mesure 48 jusqu’à ce qu’elle soit juste. C’est, de l’avis général, mieux que le concert.
$$),
    ('la-cuillere-en-bois', 'maison-du-pave', 'masterclass', 9, '18:30', '3 hours', 'nl', 16, 'published',
        'koken-als-een-brusselaar', 'Koken als een Brusselaar',
        'Our Lyon cooks come north: waterzooi, stoemp and chicons, taught in Dutch by a woman from the Marolles.', $$
**Bomma Jeanne** cooks, talks and does not measure. We run behind her with a scale.

Three dishes, one long table, and a discussion about nutmeg that has lasted since 1974.
$$),
    ('atelier-bas-de-casse', 'atelier-rochebrune', 'masterclass', 10, '10:00', '6 hours', 'fr', 12, 'published',
        'specimen-paris', 'Spécimen : dessiner un caractère à prêter',
        'De sept lettres sur calque à une fonte capable d’écrire votre nom.', $$
Sept lettres suffisent : **a d e h n o v**. Les autres en découlent, presque toutes, et l’on discute des récalcitrantes à table.

Donné par **Ilse Vandeputte**, qui a dessiné deux journaux et une toute petite compagnie aérienne.
$$),
    ('les-foulees-du-canal', 'vestiaires-du-canal', 'masterclass', 10, '18:30', '2 hours', 'fr', 30, 'published',
        'tenir-l-allure', 'Tenir l’allure',
        'Le semi-marathon est dans six semaines. Apprenez à partir lentement, ce qui est le plus difficile.', $$
Test court, calcul simple, puis trois fois dix minutes à *votre* allure, celle que vous ne respecterez pas le jour venu.
$$),
    ('la-cuillere-en-bois', 'cuisines-du-gros-caillou', 'masterclass', 11, '18:30', '2 hours 30 minutes', 'fr', 10, 'published',
        'les-bons-couteaux', 'Les bons couteaux',
        'Tenir, couper, affûter : la seule leçon de cuisine qui sert tous les jours.', $$
Apportez votre pire couteau. On le sauve, ou on l’enterre dignement ; puis on cisèle, on émince, et on mange la soupe qui en résulte.
$$),
    ('atelier-bas-de-casse', 'la-soierie', 'masterclass', 12, '10:00', '6 hours', 'fr', 12, 'published',
        'specimen-lyon', 'Spécimen : dessiner un caractère à prêter',
        'De sept lettres sur calque à une fonte capable d’écrire votre nom. Troisième et dernière escale.', $$
Sept lettres suffisent : **a d e h n o v**. Les autres en découlent, presque toutes.

Donné par **Ilse Vandeputte** ; à Lyon, avec une visite des enseignes peintes de la Guillotière avant le déjeuner.
$$),
    ('gradient', 'le-contretemps', 'conference', 12, '18:00', '4 hours', 'fr', 70, 'published',
        'gradient-paris-chiffres-a-l-appui', 'Gradient Paris : chiffres à l’appui',
        'Une soirée sur le journalisme de données, dans un club de jazz. Trois enquêtes, aucune diapositive à puces.', $$
Trois rédactions racontent une enquête née d’un tableau : ce que les chiffres disaient, ce qu’ils ne disaient pas, et le coup de
téléphone qui a tout changé. Puis le piano reprend ses droits.
$$),
    ('le-contretemps', 'le-contretemps', 'masterclass', 13, '20:30', '2 hours', 'en', 72, 'published',
        'ella-unabridged', 'Ella, unabridged',
        'One singer, one songbook, all the verses that everybody leaves out.', $$
**Temperance Bell** sings the introductions, the second choruses and the forgotten bridges. Stories in between, in English, with
a Chicago accent that needs no translation.
$$),
    ('le-contretemps', 'le-contretemps', 'masterclass', 14, '21:00', '8 hours', 'fr', 72, 'published',
        'nuit-blanche', 'Nuit blanche : six sets jusqu’à l’aube',
        'De 21 h à 5 h, un orchestre par heure et demie, et la soupe à l’oignon à quatre heures.', $$
On entre quand on veut, on dort où l’on peut. Le dernier set est joué rideaux ouverts.

**La vente ouvre dans quelques jours** ; l’an dernier elle a duré quarante minutes.
$$),
    ('atelier-bas-de-casse', 'la-casse', 'masterclass', 16, '19:00', '3 hours', 'en', 10, 'draft',
        'wood-type-by-night', 'Wood type by night',
        'Big letters, small lamps, one colour.', $$
*To be written: what we print, and who brings the wine.*
$$)
),
house (organizer, note) as (
    values
    ('tandem-bruxelles', $$
### How the hour goes

Half of it in the language of the table, half in yours, and a bell in between. Any level is fine; showing up late is the only mistake.
Your first drink is in the price.
$$),
    ('le-quai-des-langues', $$
### Comment ça se passe

Une heure, six à huit personnes par table, et quelqu’un de la maison à chacune. Tous les niveaux. Un verre est compris dans le prix.
$$)
),
timed as (
    select
        programme.*,
        venues.id as venue_id,
        coalesce(venues.timezone, 'Europe/Brussels') as timezone,
        coalesce(
            ((now() at time zone coalesce(venues.timezone, 'Europe/Brussels'))::date + programme.day + programme.begins)
                at time zone coalesce(venues.timezone, 'Europe/Brussels'),
            date_trunc('hour', now()) + interval '5 hours'
        ) as starts_at,
        -- A meetup may be announced a week ahead at most, the others long before.
        case programme.policy when 'meetup' then interval '6 days 12 hours' else interval '45 days' end as lead
    from programme
    left join public.venues on venues.slug = programme.venue
)
insert into public.events (
    organizer_id, policy_id, venue_id, slug, title, summary, description, language_code, timezone, starts_at, ends_at, capacity,
    currency, asks_phone, status, status_reason, published_at, created_at
)
select
    organizers.id, event_policies.id, timed.venue_id, timed.slug, words.tied[1], words.tied[2], words.tied[3], timed.language, timed.timezone, timed.starts_at,
    timed.starts_at + timed.lasts, timed.capacity, 'EUR', timed.slug = 'run-like-nobody-is-timing-you',
    timed.status::public.event_status,
    case timed.status when 'cancelled' then 'The towpath is being repaved; the ducks have been told.' end,
    case when timed.status <> 'draft' then announced.at end,
    announced.at - interval '2 days'
from timed
cross join lateral (select least(timed.starts_at - timed.lead, now() - interval '2 hours') as at) as announced
inner join public.organizers on organizers.slug = timed.organizer
inner join public.event_policies on event_policies.key = timed.policy
left join house on house.organizer = timed.organizer and timed.policy = 'meetup'
cross join lateral (
    -- French punctuation is tied to its word: no line begins with a colon.
    select array_agg(regexp_replace(btrim(word, E'\n'), ' ([:;?!»])', E'\u00a0\\1', 'g') order by place) as tied
    from unnest(array[timed.title, timed.summary, timed.description || coalesce(house.note, '')])
        with ordinality as word (word, place)
) as words;

alter table public.events enable trigger guard_event_policy;

-- 5 Tickets ----------------------------------------------------------------------------------------------------------------
-- Prices in cents, VAT included; early-bird until the end of a day counted from today; the group price from so many seats on,
-- so many percent off; the day on which the sale opens; and how many of them have been sold.

create temporary table sample_tickets (
    event text, position smallint, name text, description text, price integer, early_price integer, early_day integer,
    group_min smallint, group_percent smallint, vat numeric, capacity integer, most smallint, opens_day integer, sold integer
);

insert into sample_tickets values
('monk-au-deuxieme-set', 1, 'Plein tarif', '', 2400, null, null, null, null, 5.5, null, 6, null, 54),
('monk-au-deuxieme-set', 2, 'Étudiant', 'Sur présentation de la carte.', 1200, null, null, null, null, 5.5, 16, 2, null, 9),
('your-first-forme', 1, 'One press apron', '', 12500, 9900, -14, 3, 10, 21, null, 4, null, 8),
('the-open-line', 1, 'Seat online', 'The link comes with your ticket.', 900, null, null, null, null, 21, null, 4, null, 19),
('trio-okafor-lindqvist-sato', 1, 'Plein tarif', '', 2600, null, null, null, null, 5.5, null, 6, null, 53),
('trio-okafor-lindqvist-sato', 2, 'Étudiant', 'Sur présentation de la carte.', 1300, null, null, null, null, 5.5, 16, 2, null, 11),
('run-like-nobody-is-timing-you', 1, 'Pair of legs', 'Shower included.', 1200, null, null, null, null, 6, null, 4, null, 6),
('quenelles-et-patience', 1, 'Place en cuisine', 'Repas compris.', 8500, null, null, null, null, 20, null, 4, null, 8),
('le-plomb-en-une-journee-paris', 1, 'Journée à la presse', 'Soupe comprise.', 13500, 11000, -5, 3, 10, 20, null, 4, null, 6),
('jam-vocale', 1, 'J’écoute', '', 1400, null, null, null, null, 5.5, null, 6, null, 31),
('jam-vocale', 2, 'Je chante', 'Deux titres au plus, promis.', 500, null, null, null, null, 5.5, 12, 1, null, 5),
('pasta-fresca-e-basta', 1, 'Place en cuisine', 'On mange tout.', 7500, null, null, null, null, 20, null, 4, null, 10),
('slow-miles', 1, 'Runner', 'Coffee included.', 0, null, null, null, null, 0, null, 4, null, 37),
('le-plomb-en-une-journee-lyon', 1, 'Journée à la presse', 'Pique-nique compris.', 13500, 11000, 1, 3, 10, 20, null, 4, null, 5),
('bamako-electrique', 1, 'Plein tarif', '', 2800, null, null, null, null, 5.5, null, 6, null, 58),
('bamako-electrique', 2, 'Étudiant', 'Sur présentation de la carte.', 1400, null, null, null, null, 5.5, 14, 2, null, 13),
('levain-mode-d-emploi', 1, 'Place en cuisine', 'Une miche et Marcel compris.', 6500, null, null, null, null, 20, null, 4, null, 4),
('kerning-clinic', 1, 'Seat online', 'The link comes with your ticket.', 2900, null, null, 3, 20, 21, null, 10, null, 14),
('gradient-brussels', 1, 'Regular', 'All talks, lunch and the evening.', 18900, 14900, 2, 5, 15, 21, null, 10, null, 96),
('gradient-brussels', 2, 'Student', 'Bring your card; everything is included.', 4900, null, null, null, null, 21, 60, 2, null, 41),
('gradient-brussels', 3, 'Supporter', 'Pays for a student as well, who will not know.', 32000, null, null, null, null, 21, 20, 4, null, 7),
('towpath-intervals', 1, 'Pair of legs', '', 900, null, null, null, null, 6, null, 4, null, 0),
('gradient-workshop-evaluation', 1, 'Regular', 'Lunch included.', 24000, 19500, -3, null, null, 21, null, 4, null, 17),
('specimen-brussels', 1, 'Drawing table', 'Paper and pencils included.', 14000, 11500, 3, 3, 10, 21, null, 6, null, 3),
('le-big-band-repete', 1, 'Chaise', '', 800, null, null, null, null, 5.5, null, 8, null, 12),
('koken-als-een-brusselaar', 1, 'Plaats aan tafel', 'Drie gerechten, één glas.', 6800, null, null, 3, 10, 21, null, 8, null, 6),
('specimen-paris', 1, 'Table à dessin', 'Papier et crayons compris.', 14500, 12000, 5, 3, 10, 20, null, 6, null, 4),
('tenir-l-allure', 1, 'Une paire de jambes', 'Douche comprise.', 1500, null, null, null, null, 6, null, 4, null, 11),
('les-bons-couteaux', 1, 'Planche à découper', 'Soupe comprise.', 5500, 4500, 6, 3, 15, 20, null, 6, null, 2),
('specimen-lyon', 1, 'Table à dessin', 'Papier et crayons compris.', 14500, 12000, 7, 3, 10, 20, null, 6, null, 0),
('gradient-paris-chiffres-a-l-appui', 1, 'Plein tarif', 'Un verre compris.', 3500, null, null, null, null, 20, null, 8, null, 15),
('gradient-paris-chiffres-a-l-appui', 2, 'Étudiant', 'Un verre compris.', 1500, null, null, null, null, 20, 25, 2, null, 6),
('ella-unabridged', 1, 'Full price', '', 2600, null, null, null, null, 5.5, null, 6, null, 9),
('ella-unabridged', 2, 'Student', 'Bring your card.', 1300, null, null, null, null, 5.5, 16, 2, null, 1),
('nuit-blanche', 1, 'La nuit entière', 'Soupe à l’oignon comprise.', 4500, null, null, null, null, 5.5, null, 4, 3, 0),
('wood-type-by-night', 1, 'One press apron', '', 7500, null, null, null, null, 21, null, 4, null, 0);

-- Meetups have one kind of seat, at the price of their policy.
insert into sample_tickets
select
    meetup.event, 1, case meetup.country when 'BE' then 'Seat' else 'Place' end,
    case meetup.country when 'BE' then 'Your first drink is included.' else 'Un verre compris.' end,
    event_policies.price_cents, null, null, null, null, case meetup.country when 'BE' then 21 else 20 end, null, 4, null, meetup.sold
from (
    values
    ('nederlands-zonder-blozen', 'BE', 11),
    ('espanol-de-sobremesa', 'FR', 14),
    ('francais-du-midi', 'BE', 9),
    ('aperitivo-italiano', 'FR', 12),
    ('english-strong-opinions', 'BE', 8),
    ('francais-la-table-du-fond', 'BE', 6),
    ('espanol-con-acento', 'BE', 4),
    ('deutsch-am-kanal', 'FR', 7),
    ('portugues-de-esquina', 'BE', 5),
    ('broodje-nederlands', 'BE', 3),
    ('english-on-the-slopes', 'FR', 16),
    ('espanol-sin-prisa', 'FR', 2),
    ('arabic-for-the-market', 'BE', 6),
    ('ukrainian-from-the-first-word', 'BE', 8),
    ('nihongo-no-jikan', 'FR', 9)
) as meetup (event, country, sold)
inner join public.event_policies on event_policies.key = 'meetup';

insert into public.ticket_types (
    event_id, position, name, description, price_cents, early_bird_price_cents, early_bird_until, group_min_quantity, group_percent,
    vat_rate, capacity, max_per_order, sale_starts_at
)
select
    events.id, tickets.position, tickets.name, tickets.description, tickets.price, tickets.early_price,
    (today.date + tickets.early_day + time '23:59:59') at time zone events.timezone, tickets.group_min, tickets.group_percent,
    tickets.vat, tickets.capacity, tickets.most, (today.date + tickets.opens_day + time '10:00') at time zone events.timezone
from sample_tickets as tickets
inner join public.events on events.slug = tickets.event
cross join lateral (select (now() at time zone events.timezone)::date as date) as today;

-- 6 Buyers -----------------------------------------------------------------------------------------------------------------
-- Six given names by five family names, culture by culture; in an order that is mixed but always the same.

create temporary table sample_buyers as
with culture (locale, given, family) as (
    values
    ('fr', 'Camille,Lucas,Margaux,Théo,Apolline,Baptiste', 'Mercier,Lefèvre,Garnier,Rousseau,Chevalier'),
    ('fr', 'Manon,Corentin,Justine,Gaspard,Élise,Loïc', 'Dubois,Lambrecht,Claes,Wauters,Thiry'),
    ('en', 'Lotte,Wout,Femke,Jasper,Griet,Bram', 'Peeters,Van den Berghe,De Smet,Janssens,Hermans'),
    ('fr', 'Yasmine,Mehdi,Salma,Karim,Nour,Ilyas', 'Benali,El Amrani,Bouzid,Cherkaoui,Haddou'),
    ('fr', 'Aïssatou,Mamadou,Fatou,Ibrahima,Awa,Cheikh', 'Diallo,Ndiaye,Traoré,Sow,Keïta'),
    ('en', 'Giulia,Lorenzo,Chiara,Matteo,Elena,Davide', 'Rossi,Ferrari,Colombo,Greco,Marino'),
    ('en', 'Lucía,Diego,Carmen,Álvaro,Inés,Javier', 'García Romero,Ibáñez,Navarro,Ortega,Vidal'),
    ('en', 'Beatriz,Tiago,Mariana,Rui,Catarina,Gonçalo', 'Silva,Carvalho,Moreira,Teixeira,Antunes'),
    ('en', 'Nela,Piotr,Zuzanna,Tomasz,Agnieszka,Jakub', 'Nowak,Wójcik,Mazur,Kaczmarek,Pawlak'),
    ('en', 'Linh,Minh,Mai,Quang,Thảo,Huy', 'Nguyễn,Trần,Phạm,Lê,Võ'),
    ('en', 'Priya,Arjun,Meera,Rohan,Anika,Vikram', 'Iyer,Sharma,Banerjee,Kulkarni,Nair'),
    ('en', 'Hannah,Samuel,Orla,Rhys,Ailsa,Conor', 'Whitfield,Byrne,MacLeod,Pryce,Adeyemi')
),
named as (
    select culture.locale, first.name || ' ' || last.name as name
    from culture
    cross join string_to_table(culture.given, ',') as first (name)
    cross join string_to_table(culture.family, ',') as last (name)
)
select
    row_number() over (order by md5(named.name)) - 1 as number,
    count(*) over () as people,
    named.locale,
    named.name,
    replace(private.searchable(named.name), ' ', '.') || '@example.' || (array['org', 'com', 'net'])[1 + length(named.name) % 3] as email
from named;

-- 7 Sales ------------------------------------------------------------------------------------------------------------------
-- The seats sold, cut into orders of one to four, each placed at some moment between the announcement and now.

create temporary table sample_orders as
with seat as (
    select
        events.id as event_id, ticket_types.id as ticket_type_id, tickets.most,
        -- A night at the window: one, two, one, three … seats at a time; where few are allowed, one by one.
        case when tickets.most < 4 then seat
            else (seat - 1) / 16 * 8 + ('{1,2,2,3,4,4,4,5,6,6,7,7,7,7,8,8}'::integer[])[(seat - 1) % 16 + 1]
        end as turn
    from sample_tickets as tickets
    inner join public.events on events.slug = tickets.event
    inner join public.ticket_types on ticket_types.event_id = events.id and ticket_types.name = tickets.name
    cross join generate_series(1, tickets.sold) as seat
),
basket as (
    select
        seat.event_id, seat.ticket_type_id, count(*)::integer as quantity,
        row_number() over (partition by seat.event_id order by md5(seat.ticket_type_id::text || seat.turn)) as place,
        count(*) over (partition by seat.event_id) as places
    from seat
    group by seat.event_id, seat.ticket_type_id, seat.turn
)
select
    gen_random_uuid() as id, basket.event_id, basket.ticket_type_id, basket.quantity, null::uuid as buyer_id, buyers.number as buyer,
    buyers.name, buyers.email, buyers.locale,
    case when events.asks_phone then '+32 470 ' || to_char(100000 + buyers.number * 7919 % 900000, 'FM00 00 00') end as phone,
    events.published_at + (least(now() - interval '20 minutes', events.starts_at - interval '2 hours') - events.published_at)
        * (basket.place - buyers.number % 10 / 10.0) / basket.places as placed_at
from basket
inner join public.events on events.id = basket.event_id
inner join sample_buyers as buyers on buyers.number = (length(events.title) * 37 + length(events.slug) + basket.place * 7) % buyers.people;

insert into sample_orders
select
    gen_random_uuid(), ticket_types.event_id, ticket_types.id, 1, users.id, null, profiles.display_name, users.email, profiles.locale, null,
    now() - hers.placed_ago
from (
    values ('nederlands-zonder-blozen', interval '5 days 4 hours'), ('specimen-brussels', interval '3 days 2 hours')
) as hers (event, placed_ago)
inner join public.events on events.slug = hers.event
inner join public.ticket_types on ticket_types.event_id = events.id
inner join auth.users on users.email = 'ana@guichet.example'
inner join public.profiles on profiles.user_id = users.id;

-- Each is priced as of its day, so that early birds paid the early-bird price.
create temporary table sample_lines as
select sample_orders.id as order_id, line.*
from sample_orders
cross join lateral private.price_lines(
    sample_orders.event_id,
    jsonb_build_array(jsonb_build_object('ticket_type_id', sample_orders.ticket_type_id, 'quantity', sample_orders.quantity)),
    null, sample_orders.placed_at
) as line;

-- Then they go the way of every order: pending with its seats held, paid, confirmed with its seats sold.

insert into public.orders (
    id, reference, event_id, organizer_id, buyer_id, buyer_name, buyer_email, buyer_phone, locale, status, currency, subtotal_cents,
    discount_cents, tax_cents, total_cents, expires_at, created_at
)
select
    sample_orders.id, private.new_reference(), events.id, events.organizer_id, sample_orders.buyer_id, sample_orders.name,
    sample_orders.email, sample_orders.phone, sample_orders.locale, 'pending', events.currency, line.list_price_cents * line.quantity,
    line.discount_cents, line.tax_cents, line.total_cents, now() + interval '15 minutes', sample_orders.placed_at
from sample_orders
inner join sample_lines as line on line.order_id = sample_orders.id
inner join public.events on events.id = sample_orders.event_id;

insert into public.order_lines (
    order_id, position, ticket_type_id, name, quantity, list_price_cents, unit_price_cents, discount_cents, tax_cents, total_cents,
    vat_rate, applied, group_min_quantity, created_at
)
select
    line.order_id, line.position, line.ticket_type_id, line.name, line.quantity, line.list_price_cents, line.unit_price_cents,
    line.discount_cents, line.tax_cents, line.total_cents, line.vat_rate, line.applied, line.group_min_quantity, sample_orders.placed_at
from sample_lines as line
inner join sample_orders on sample_orders.id = line.order_id;

insert into public.attendees (order_id, order_line_id, event_id, ticket_type_id, position, name, email, created_at)
select
    sample_orders.id, order_lines.id, sample_orders.event_id, sample_orders.ticket_type_id, seat,
    case when seat = 1 then sample_orders.name else friends.name end,
    case when seat = 1 then sample_orders.email else friends.email end,
    sample_orders.placed_at
from sample_orders
inner join public.order_lines on order_lines.order_id = sample_orders.id
cross join generate_series(1, sample_orders.quantity) as seat
left join sample_buyers as friends on friends.number = (sample_orders.buyer + seat * 53) % friends.people;

insert into public.payments (
    order_id, kind, amount_cents, currency, status, session_id, payment_intent_id, charge_id, charged_at, created_at
)
select
    orders.id, 'payment', orders.total_cents, orders.currency, 'succeeded', 'cs_test_sample_' || stripe.id, 'pi_sample_' || stripe.id,
    'ch_sample_' || stripe.id, orders.created_at + interval '3 minutes', orders.created_at + interval '3 minutes'
from sample_orders
inner join public.orders on orders.id = sample_orders.id
cross join lateral (select replace(orders.id::text, '-', '') as id) as stripe
where orders.total_cents > 0;

update public.orders set status = 'confirmed', payment_status = 'paid'
from sample_orders
where orders.id = sample_orders.id;

update public.orders set confirmed_at = orders.created_at + interval '3 minutes'
from sample_orders
where orders.id = sample_orders.id;

-- Their mails went out long ago.
update public.deliveries
set status = 'delivered', attempts = 1, created_at = orders.confirmed_at, next_attempt_at = orders.confirmed_at,
    sent_at = orders.confirmed_at + interval '5 seconds', settled_at = orders.confirmed_at + interval '9 seconds'
from sample_orders
inner join public.orders on orders.id = sample_orders.id
where deliveries.order_id = orders.id;

-- 8 Codes and a line -------------------------------------------------------------------------------------------------------

insert into public.promotion_codes (organizer_id, code, percent, amount_cents, currency, ends_at, max_uses, max_uses_per_person)
select organizers.id, offer.code, offer.percent, offer.cents, case when offer.cents is not null then 'EUR' end, offer.ends_at, offer.uses, 1
from (values
    ('atelier-bas-de-casse', 'INKYFINGERS', 20, null::integer, now() + interval '30 days', 50),
    ('atelier-bas-de-casse', 'NEIGHBOUR', null, 500, null, null),
    ('tandem-bruxelles', 'LASTWINTER', 50, null, now() - interval '200 days', 10)
) as offer (organizer, code, percent, cents, ends_at, uses)
inner join public.organizers on organizers.slug = offer.organizer;

-- Ana and Marie wait for the evening that is sold out.
insert into public.waitlist_entries (event_id, ticket_type_id, user_id, quantity, joined_at)
select events.id, ticket_types.id, users.id, person.seats, now() - person.ago
from (values ('ana', 1, interval '2 days'), ('marie', 2, interval '1 day')) as person (name, seats, ago)
inner join auth.users on users.email = person.name || '@guichet.example'
inner join public.events on events.slug = 'pasta-fresca-e-basta'
inner join public.ticket_types on ticket_types.event_id = events.id
order by person.ago desc;

drop table sample_tickets, sample_buyers, sample_orders, sample_lines;
