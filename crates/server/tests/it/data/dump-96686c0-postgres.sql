CREATE TABLE public.audit_events (
    id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    action text NOT NULL COLLATE pg_catalog."C",
    actor_kind text NOT NULL COLLATE pg_catalog."C",
    actor_id uuid,
    target_kind text COLLATE pg_catalog."C",
    target_id uuid,
    ip_address text,
    user_agent text,
    request_id text,
    details text NOT NULL,
    refusal_key bytea,
    count bigint NOT NULL
);
CREATE TABLE public.credentials (
    user_id uuid NOT NULL,
    password_hash text NOT NULL,
    changed_at timestamp with time zone NOT NULL
);
CREATE TABLE public.installation (
    id uuid NOT NULL,
    setup_closed_at timestamp with time zone,
    key_fingerprint bytea
);
CREATE TABLE public.kept_requests (
    user_id uuid NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    fingerprint bytea NOT NULL,
    answer text,
    made_id uuid,
    kept_until timestamp with time zone NOT NULL
);
CREATE TABLE public.mails (
    id uuid NOT NULL,
    kind text NOT NULL,
    user_id uuid,
    address text,
    token_id uuid,
    note text,
    created_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    attempts bigint NOT NULL,
    last_error text
);
CREATE TABLE public.migration_ledger (
    version character varying NOT NULL,
    checksum character varying,
    how character varying NOT NULL,
    engine character varying NOT NULL,
    started_at bigint NOT NULL,
    finished_at bigint
);
CREATE TABLE public.one_time_tokens (
    id uuid NOT NULL,
    user_id uuid,
    purpose text NOT NULL COLLATE pg_catalog."C",
    email text,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE public.role_permissions (
    role_id uuid NOT NULL,
    permission text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.roles (
    id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    description text,
    built_in boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
CREATE TABLE public.seaql_migrations (
    version character varying NOT NULL,
    applied_at bigint NOT NULL
);
CREATE TABLE public.sessions (
    id uuid NOT NULL,
    user_id uuid,
    secret bytea NOT NULL,
    generation bigint NOT NULL,
    rotated_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    user_agent text,
    ip_address text
);
CREATE TABLE public.throttles (
    key bytea NOT NULL,
    clear_at bigint NOT NULL
);
CREATE TABLE public.user_roles (
    user_id uuid NOT NULL,
    role_id uuid NOT NULL
);
CREATE TABLE public.user_terms (
    term text NOT NULL COLLATE pg_catalog."C",
    user_id uuid NOT NULL
);
CREATE TABLE public.users (
    id uuid NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL COLLATE pg_catalog."C",
    display_name text,
    status text NOT NULL COLLATE pg_catalog."C",
    email_verified boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    last_sign_in_at timestamp with time zone
);
INSERT INTO public.audit_events VALUES ('01a2201d-491d-734b-a70e-d751b3f020c6', '2026-11-28 03:05:19.901206+00', 'setup.completed', 'system', NULL, 'user', '01a2201d-491d-734b-80c9-2157315d9bb2', NULL, NULL, NULL, '{"roles":["admin","member"]}', NULL, 1);
INSERT INTO public.audit_events VALUES ('01a2201d-5795-70d4-adc5-0383f9f6b099', '2026-11-28 03:05:23.605052+00', 'user.created', 'user', '01a2201d-5795-70d4-ae35-7f678c2af273', 'user', '01a2201d-5795-70d4-ae35-7f678c2af273', '127.0.0.1', 'Python-urllib/3.11', '01a2201d5791778aa45a0d89acd9563f', '{"roles":["member"]}', NULL, 1);
INSERT INTO public.audit_events VALUES ('01a2201d-57a2-7bae-bcac-545e4d43e147', '2026-11-28 03:05:23.61873+00', 'session.started', 'user', '01a2201d-491d-734b-80c9-2157315d9bb2', 'session', '01a2201d-57a2-7bae-8e15-6681065627e5', '127.0.0.1', 'Python-urllib/3.11', '01a2201d579d7062afbc59916b8569e9', '{}', NULL, 1);
INSERT INTO public.audit_events VALUES ('01a2201d-57b1-72d4-850b-53530552a9bd', '2026-11-28 03:05:23.633177+00', 'session.started', 'user', '01a2201d-5795-70d4-ae35-7f678c2af273', 'session', '01a2201d-57b1-72d4-8ea0-5638ddfbd923', '127.0.0.1', 'Python-urllib/3.11', '01a2201d57ac77d39c8688cc500ff68e', '{}', NULL, 1);
INSERT INTO public.audit_events VALUES ('01a2201d-57c1-7451-acf9-1bcadd50917e', '2026-11-28 03:05:23.64927+00', 'user.created', 'user', '01a2201d-491d-734b-80c9-2157315d9bb2', 'user', '01a2201d-57c1-7451-9838-426b5e2cd207', '127.0.0.1', 'Python-urllib/3.11', '01a2201d57bb7105971f14ed23df2d59', '{"roles":["member"]}', NULL, 1);
INSERT INTO public.audit_events VALUES ('01a2201d-57cb-77b2-87a0-44373c1312fd', '2026-11-28 03:05:23.659481+00', 'role.created', 'user', '01a2201d-491d-734b-80c9-2157315d9bb2', 'role', '01a2201d-57cb-77b2-abc0-3583754c142d', '127.0.0.1', 'Python-urllib/3.11', '01a2201d57c973769118bb9426844d7e', '{"name":"editor","permissions":["reports:read","users:read"]}', NULL, 1);
INSERT INTO public.audit_events VALUES ('01a2201d-57d3-708f-9297-e8e42a9de800', '2026-11-28 03:05:23.667035+00', 'role.assigned', 'user', '01a2201d-491d-734b-80c9-2157315d9bb2', 'user', '01a2201d-57c1-7451-9838-426b5e2cd207', '127.0.0.1', 'Python-urllib/3.11', '01a2201d57d171a6bea25e6357f5f56b', '{"given":["editor"]}', NULL, 1);
INSERT INTO public.audit_events VALUES ('01a2201d-57da-78f5-8538-01135c200422', '2026-11-28 03:05:23.67456+00', 'session.refused', 'anonymous', NULL, 'user', '01a2201d-5795-70d4-ae35-7f678c2af273', '127.0.0.1', 'Python-urllib/3.11', '01a2201d57d77366b5e8963790ec8c20', '{"reason":"wrong_password"}', '\x58ef39ccaa07660e92000f875c132d50e386deef84b835c4fae21cb4545e1fa0', 1);
INSERT INTO public.credentials VALUES ('01a2201d-491d-734b-80c9-2157315d9bb2', '$bcrypt-sha256$v=2,t=2b,r=4$Xf2gwJO1O41BOSRK2ZC7c.$CA9t.IzN8AmBP/4PgKRPuoFp0HfU1zi', '2026-11-28 03:05:19.901206+00');
INSERT INTO public.credentials VALUES ('01a2201d-5795-70d4-ae35-7f678c2af273', '$bcrypt-sha256$v=2,t=2b,r=4$gg47Y5V8c4dMPNSLb7N3.e$VXh5eHirTOEEmwE0IwgRO0pNx9aS0I.', '2026-11-28 03:05:23.605052+00');
INSERT INTO public.credentials VALUES ('01a2201d-57c1-7451-9838-426b5e2cd207', '$bcrypt-sha256$v=2,t=2b,r=4$E0atoU2/bMrM6GIJxXRR5O$flCy1QXBnvwW4NM1WNER47KgbsfX0YW', '2026-11-28 03:05:23.64927+00');
INSERT INTO public.installation VALUES ('9084288c-086c-4fa7-b692-85ae02139b83', '2026-11-28 03:05:19.901206+00', '\x39aa411eb8d68e817f865b488d5c3d06c14760af38152ae0d06129fcae3af765');
INSERT INTO public.kept_requests VALUES ('01a2201d-491d-734b-80c9-2157315d9bb2', 'POST /api/users', 'bob-1', '\xfb04dd4f98346a83f3848ce724e99a288c0e7857fca2726afc887c93b5d57f02', '{"location":"/api/users/01a2201d-57c1-7451-9838-426b5e2cd207","version":1,"body":{"id":"01a2201d-57c1-7451-9838-426b5e2cd207","email":"bob@example.com","display_name":null,"status":"active","email_verified":false,"roles":["member"],"created_at":"2026-11-28T03:05:23.649270Z","updated_at":"2026-11-28T03:05:23.649270Z"}}', '01a2201d-57c1-7451-9838-426b5e2cd207', '2026-11-29 03:05:23.65204+00');
INSERT INTO public.mails VALUES ('01a2201d-5795-70d4-a069-ec9a705f2164', 'verify_email', '01a2201d-5795-70d4-ae35-7f678c2af273', 'Ada@Example.com', '01a2201d-5795-70d4-9f45-1f7756c44292', NULL, '2026-11-28 03:05:23.605052+00', '2026-11-28 03:05:28.947374+00', 1, 'failed for now: Connection error: Connection refused (os error 111)');
INSERT INTO public.mails VALUES ('01a2201d-57c1-7451-b8ea-8aacc5f1c97f', 'verify_email', '01a2201d-57c1-7451-9838-426b5e2cd207', 'bob@example.com', '01a2201d-57c1-7451-a349-b0282973d040', NULL, '2026-11-28 03:05:23.64927+00', '2026-11-28 03:05:28.9505+00', 1, 'failed for now: Connection error: Connection refused (os error 111)');
INSERT INTO public.mails VALUES ('01a2201d-57dc-7a20-b929-0f5666078b78', 'reset_password', '01a2201d-5795-70d4-ae35-7f678c2af273', 'Ada@Example.com', '01a2201d-57dc-7a20-abc6-84bb456c999a', NULL, '2026-11-28 03:05:23.676633+00', '2026-11-28 03:05:28.952051+00', 1, 'failed for now: Connection error: Connection refused (os error 111)');
INSERT INTO public.migration_ledger VALUES ('m20261124_000001_create_roles', 'a1797965e10adbb457c9af9ab8aa4cfb951b74eca0b008f125864fba929ef614', 'up', 'vestibule-migrate 0.1.0', 1795835119649, 1795835119656);
INSERT INTO public.migration_ledger VALUES ('m20261124_000002_create_users', '15a71cb6fb10ba4711778f18470f0873f4e5c1a3c6b28ced34cf4cdead703438', 'up', 'vestibule-migrate 0.1.0', 1795835119657, 1795835119665);
INSERT INTO public.migration_ledger VALUES ('m20261124_000003_create_credentials', 'bb209cb4b9edea943c1c8b04b3e97ebd59f7b3af5b43c74985fb12963f5c34cf', 'up', 'vestibule-migrate 0.1.0', 1795835119667, 1795835119671);
INSERT INTO public.migration_ledger VALUES ('m20261124_000004_create_sessions', '11244742fc55b1cc7dc0be84be2c3409081bd594f49abf099d7c3d3ad3ec4a58', 'up', 'vestibule-migrate 0.1.0', 1795835119673, 1795835119680);
INSERT INTO public.migration_ledger VALUES ('m20261124_000005_create_installation', '1e1412a49a2634851a58245dae160cbbd9d725a30e6110ab61e41c6782a2f802', 'up', 'vestibule-migrate 0.1.0', 1795835119682, 1795835119685);
INSERT INTO public.migration_ledger VALUES ('m20261124_000006_create_audit_events', '776cdb68df3e00893428316a22b61a58c7343b3458a3ca9bb6cc4dc42bbf4be6', 'up', 'vestibule-migrate 0.1.0', 1795835119693, 1795835119704);
INSERT INTO public.migration_ledger VALUES ('m20261124_000007_create_throttles', '2f1e08de07d7ef6d2b9845624b9b8ea9071dab455c6f313bb6850c256949b9af', 'up', 'vestibule-migrate 0.1.0', 1795835119705, 1795835119707);
INSERT INTO public.migration_ledger VALUES ('m20261124_000008_create_one_time_tokens', '3f5839c0ae4e8aa51608917104cfb31e251fd5bb8b9f6175dde5592db2164804', 'up', 'vestibule-migrate 0.1.0', 1795835119708, 1795835119712);
INSERT INTO public.migration_ledger VALUES ('m20261124_000009_create_mails', '2cc654ab15dc5363a5f2c3901f4449908bd6d427e3488bd6e386fffe0bcefea4', 'up', 'vestibule-migrate 0.1.0', 1795835119713, 1795835119720);
INSERT INTO public.migration_ledger VALUES ('m20261124_000010_create_kept_requests', '5ce706b0ff8c136588d4ef5e0efaaa6d46e69c7535787cbb0a74a8fd3b8fe1b1', 'up', 'vestibule-migrate 0.1.0', 1795835119721, 1795835119724);
INSERT INTO public.one_time_tokens VALUES ('01a2201d-5795-70d4-9f45-1f7756c44292', '01a2201d-5795-70d4-ae35-7f678c2af273', 'verify_email', NULL, '2026-11-28 03:05:23.605052+00', '2026-11-29 03:05:23.605052+00');
INSERT INTO public.one_time_tokens VALUES ('01a2201d-57c1-7451-a349-b0282973d040', '01a2201d-57c1-7451-9838-426b5e2cd207', 'verify_email', NULL, '2026-11-28 03:05:23.64927+00', '2026-11-29 03:05:23.64927+00');
INSERT INTO public.one_time_tokens VALUES ('01a2201d-57dc-7a20-abc6-84bb456c999a', '01a2201d-5795-70d4-ae35-7f678c2af273', 'reset_password', NULL, '2026-11-28 03:05:23.676633+00', '2026-11-28 03:35:23.676633+00');
INSERT INTO public.role_permissions VALUES ('01a2201d-57cb-77b2-abc0-3583754c142d', 'reports:read');
INSERT INTO public.role_permissions VALUES ('01a2201d-57cb-77b2-abc0-3583754c142d', 'users:read');
INSERT INTO public.roles VALUES ('01900000-0000-7000-8000-000000000001', 'admin', 'Every permission, also future ones', true, 1, '2026-11-28 03:05:19.652859+00', '2026-11-28 03:05:19.652859+00');
INSERT INTO public.roles VALUES ('01900000-0000-7000-8000-000000000002', 'member', 'Given at sign-up', true, 1, '2026-11-28 03:05:19.652859+00', '2026-11-28 03:05:19.652859+00');
INSERT INTO public.roles VALUES ('01a2201d-57cb-77b2-abc0-3583754c142d', 'editor', 'Edits texts', false, 1, '2026-11-28 03:05:23.659481+00', '2026-11-28 03:05:23.659481+00');
INSERT INTO public.seaql_migrations VALUES ('m20261124_000001_create_roles', 1795835119);
INSERT INTO public.seaql_migrations VALUES ('m20261124_000002_create_users', 1795835119);
INSERT INTO public.seaql_migrations VALUES ('m20261124_000003_create_credentials', 1795835119);
INSERT INTO public.seaql_migrations VALUES ('m20261124_000004_create_sessions', 1795835119);
INSERT INTO public.seaql_migrations VALUES ('m20261124_000005_create_installation', 1795835119);
INSERT INTO public.seaql_migrations VALUES ('m20261124_000006_create_audit_events', 1795835119);
INSERT INTO public.seaql_migrations VALUES ('m20261124_000007_create_throttles', 1795835119);
INSERT INTO public.seaql_migrations VALUES ('m20261124_000008_create_one_time_tokens', 1795835119);
INSERT INTO public.seaql_migrations VALUES ('m20261124_000009_create_mails', 1795835119);
INSERT INTO public.seaql_migrations VALUES ('m20261124_000010_create_kept_requests', 1795835119);
INSERT INTO public.sessions VALUES ('01a2201d-57a2-7bae-8e15-6681065627e5', '01a2201d-491d-734b-80c9-2157315d9bb2', '\x17df44502448e3d9e33d7b4dc005c79e9424e4b19e93c088a87af06e1fcdad25', 0, NULL, '2026-11-28 03:05:23.61873+00', '2026-11-28 03:05:23.61873+00', '2026-12-28 03:05:23.61873+00', NULL, 'Python-urllib/3.11', '127.0.0.1');
INSERT INTO public.sessions VALUES ('01a2201d-57b1-72d4-8ea0-5638ddfbd923', '01a2201d-5795-70d4-ae35-7f678c2af273', '\x3344b8f3c4aca43abcbe39edcfab295bd14ece0d861f18c362aac34721a53e9a', 0, NULL, '2026-11-28 03:05:23.633177+00', '2026-11-28 03:05:23.633177+00', '2026-12-28 03:05:23.633177+00', NULL, 'Python-urllib/3.11', '127.0.0.1');
INSERT INTO public.throttles VALUES ('\x376f7f6903670cbae6e15277f9c8a8315a250d149ff6615125780bd0caf7c049', 1795835183616516);
INSERT INTO public.throttles VALUES ('\x29191c91dd3e05d01240a644df6ed530a938fe8ea35279dcb4304d244c1c1c8f', 1795835123616516);
INSERT INTO public.throttles VALUES ('\x7c76acfb7656f30b48c701a1a4177723ce088e7affb1e8b5f67f989629171787', 1795835183631199);
INSERT INTO public.throttles VALUES ('\x7f28080d599769c0524225f516db17e46bfa18e6cb2ec3d59ebc9f9404d6aa3b', 1795835123631199);
INSERT INTO public.throttles VALUES ('\x8de0ab1fe2402742f982a86d42cc8be253c542a23941992634870c11406898c0', 1795835843649270);
INSERT INTO public.throttles VALUES ('\xb4308a55b4098a9f433dce5605ecb7a972adbc3efe1fbd964ca87bf18404c5cd', 1795835213673215);
INSERT INTO public.throttles VALUES ('\x1f206d92daccfb18a8bda0f840483c1b16a103db26ca09045e4134386a0c2b99', 1795836563605052);
INSERT INTO public.user_roles VALUES ('01a2201d-491d-734b-80c9-2157315d9bb2', '01900000-0000-7000-8000-000000000001');
INSERT INTO public.user_roles VALUES ('01a2201d-491d-734b-80c9-2157315d9bb2', '01900000-0000-7000-8000-000000000002');
INSERT INTO public.user_roles VALUES ('01a2201d-5795-70d4-ae35-7f678c2af273', '01900000-0000-7000-8000-000000000002');
INSERT INTO public.user_roles VALUES ('01a2201d-57c1-7451-9838-426b5e2cd207', '01900000-0000-7000-8000-000000000002');
INSERT INTO public.user_roles VALUES ('01a2201d-57c1-7451-9838-426b5e2cd207', '01a2201d-57cb-77b2-abc0-3583754c142d');
INSERT INTO public.user_terms VALUES ('admin@example.com', '01a2201d-491d-734b-80c9-2157315d9bb2');
INSERT INTO public.user_terms VALUES ('ada lovelace', '01a2201d-5795-70d4-ae35-7f678c2af273');
INSERT INTO public.user_terms VALUES ('ada@example.com', '01a2201d-5795-70d4-ae35-7f678c2af273');
INSERT INTO public.user_terms VALUES ('lovelace', '01a2201d-5795-70d4-ae35-7f678c2af273');
INSERT INTO public.user_terms VALUES ('bob@example.com', '01a2201d-57c1-7451-9838-426b5e2cd207');
INSERT INTO public.users VALUES ('01a2201d-491d-734b-80c9-2157315d9bb2', 'admin@example.com', 'admin@example.com', NULL, 'active', true, 1, '2026-11-28 03:05:19.901206+00', '2026-11-28 03:05:19.901206+00', '2026-11-28 03:05:23.61873+00');
INSERT INTO public.users VALUES ('01a2201d-5795-70d4-ae35-7f678c2af273', 'Ada@Example.com', 'ada@example.com', 'Ada Lovelace', 'active', false, 1, '2026-11-28 03:05:23.605052+00', '2026-11-28 03:05:23.605052+00', '2026-11-28 03:05:23.633177+00');
INSERT INTO public.users VALUES ('01a2201d-57c1-7451-9838-426b5e2cd207', 'bob@example.com', 'bob@example.com', NULL, 'active', false, 2, '2026-11-28 03:05:23.64927+00', '2026-11-28 03:05:23.667035+00', NULL);
ALTER TABLE ONLY public.migration_ledger
    ADD CONSTRAINT migration_ledger_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT pk_audit_events PRIMARY KEY (id);
ALTER TABLE ONLY public.credentials
    ADD CONSTRAINT pk_credentials PRIMARY KEY (user_id);
ALTER TABLE ONLY public.installation
    ADD CONSTRAINT pk_installation PRIMARY KEY (id);
ALTER TABLE ONLY public.kept_requests
    ADD CONSTRAINT pk_kept_requests PRIMARY KEY (user_id, place, key);
ALTER TABLE ONLY public.mails
    ADD CONSTRAINT pk_mails PRIMARY KEY (id);
ALTER TABLE ONLY public.one_time_tokens
    ADD CONSTRAINT pk_one_time_tokens PRIMARY KEY (id);
ALTER TABLE ONLY public.role_permissions
    ADD CONSTRAINT pk_role_permissions PRIMARY KEY (role_id, permission);
ALTER TABLE ONLY public.roles
    ADD CONSTRAINT pk_roles PRIMARY KEY (id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT pk_sessions PRIMARY KEY (id);
ALTER TABLE ONLY public.throttles
    ADD CONSTRAINT pk_throttles PRIMARY KEY (key);
ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT pk_user_roles PRIMARY KEY (user_id, role_id);
ALTER TABLE ONLY public.user_terms
    ADD CONSTRAINT pk_user_terms PRIMARY KEY (term, user_id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT pk_users PRIMARY KEY (id);
ALTER TABLE ONLY public.seaql_migrations
    ADD CONSTRAINT seaql_migrations_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.roles
    ADD CONSTRAINT uq_roles_name UNIQUE (name);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT uq_users_email_key UNIQUE (email_key);
CREATE INDEX ix_audit_events_action ON public.audit_events USING btree (action, id);
CREATE INDEX ix_audit_events_actor_id ON public.audit_events USING btree (actor_id, id);
CREATE INDEX ix_audit_events_refusal_key ON public.audit_events USING btree (refusal_key, id);
CREATE INDEX ix_audit_events_target_id ON public.audit_events USING btree (target_id, id);
CREATE INDEX ix_kept_requests_kept_until ON public.kept_requests USING btree (kept_until);
CREATE INDEX ix_kept_requests_made_id ON public.kept_requests USING btree (made_id);
CREATE INDEX ix_mails_due_at ON public.mails USING btree (due_at);
CREATE INDEX ix_mails_user_id ON public.mails USING btree (user_id);
CREATE INDEX ix_one_time_tokens_expires_at ON public.one_time_tokens USING btree (expires_at);
CREATE INDEX ix_sessions_expires_at ON public.sessions USING btree (expires_at);
CREATE INDEX ix_sessions_user_id ON public.sessions USING btree (user_id);
CREATE INDEX ix_throttles_clear_at ON public.throttles USING btree (clear_at);
CREATE INDEX ix_user_roles_role_id_user_id ON public.user_roles USING btree (role_id, user_id);
CREATE INDEX ix_users_status_email_key ON public.users USING btree (status, email_key);
CREATE INDEX ix_users_status_id ON public.users USING btree (status, id);
CREATE UNIQUE INDEX uq_one_time_tokens_user_id_purpose ON public.one_time_tokens USING btree (user_id, purpose);
CREATE UNIQUE INDEX uq_user_terms_user_id_term ON public.user_terms USING btree (user_id, term);
ALTER TABLE ONLY public.credentials
    ADD CONSTRAINT fk_credentials_user_id FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.kept_requests
    ADD CONSTRAINT fk_kept_requests_user_id FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.mails
    ADD CONSTRAINT fk_mails_user_id FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.one_time_tokens
    ADD CONSTRAINT fk_one_time_tokens_user_id FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.role_permissions
    ADD CONSTRAINT fk_role_permissions_role_id FOREIGN KEY (role_id) REFERENCES public.roles(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT fk_sessions_user_id FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT fk_user_roles_role_id FOREIGN KEY (role_id) REFERENCES public.roles(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT fk_user_roles_user_id FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.user_terms
    ADD CONSTRAINT fk_user_terms_user_id FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
