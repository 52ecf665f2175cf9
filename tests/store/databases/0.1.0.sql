BEGIN TRANSACTION;
CREATE TABLE api_key_use (key TEXT, period TEXT, amount REAL NOT NULL, PRIMARY KEY (key, period)) WITHOUT ROWID;
CREATE TABLE api_keys (id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, flow TEXT NOT NULL, facts TEXT NOT NULL, used REAL, revoked INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE api_runs (run TEXT PRIMARY KEY, key TEXT NOT NULL, conversation TEXT NOT NULL, at REAL NOT NULL, repeat TEXT NOT NULL, digest TEXT NOT NULL, kept INTEGER NOT NULL, lasting INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE attachments (
    id TEXT PRIMARY KEY, conversation TEXT NOT NULL, facts TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE batch_rows (batch TEXT, number INTEGER, given TEXT NOT NULL, state TEXT NOT NULL, run TEXT NOT NULL DEFAULT '', answer TEXT NOT NULL DEFAULT '', problem TEXT, seconds REAL, cost REAL, PRIMARY KEY (batch, number)) WITHOUT ROWID;
CREATE TABLE batches (id TEXT PRIMARY KEY, flow TEXT NOT NULL, name TEXT NOT NULL, begun REAL NOT NULL, message TEXT NOT NULL, titles TEXT NOT NULL, at_once INTEGER NOT NULL, going INTEGER NOT NULL, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE consents (flow TEXT, host TEXT, allowed INTEGER NOT NULL, at REAL NOT NULL, PRIMARY KEY (flow, host)) WITHOUT ROWID;
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, flow TEXT NOT NULL, started REAL NOT NULL, variables TEXT NOT NULL DEFAULT '{}', reader TEXT NOT NULL DEFAULT '', visitor TEXT NOT NULL DEFAULT '', via TEXT NOT NULL DEFAULT '');
INSERT INTO "conversations" VALUES('13251a93f040455db46484fae077711f','bees',1.79603628186686825746e+09,'{}','','','');
CREATE TABLE events (
    run TEXT, seq INTEGER, event TEXT NOT NULL, PRIMARY KEY (run, seq)) WITHOUT ROWID;
CREATE TABLE facts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, value TEXT NOT NULL, flow TEXT NOT NULL, learned_by TEXT NOT NULL, learned_at REAL NOT NULL, UNIQUE (name, flow));
CREATE TABLE hook_calls (hook TEXT, key TEXT, at REAL NOT NULL, run TEXT NOT NULL, PRIMARY KEY (hook, key)) WITHOUT ROWID;
CREATE TABLE hooks (id TEXT PRIMARY KEY, flow TEXT NOT NULL, message TEXT NOT NULL, active INTEGER NOT NULL, last REAL, run TEXT NOT NULL DEFAULT '', problem TEXT) WITHOUT ROWID;
CREATE TABLE imports (flow TEXT PRIMARY KEY, format TEXT NOT NULL, origin TEXT NOT NULL, report TEXT NOT NULL, original BLOB NOT NULL, at REAL NOT NULL);
CREATE TABLE leases (name TEXT PRIMARY KEY, owner TEXT NOT NULL, wish TEXT NOT NULL DEFAULT '');
CREATE TABLE processes (id TEXT PRIMARY KEY, place TEXT NOT NULL, pid INTEGER NOT NULL, born TEXT NOT NULL, beat INTEGER NOT NULL);
CREATE TABLE publications (flow TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, live INTEGER NOT NULL, terms TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE published_versions (flow TEXT, number INTEGER, at REAL NOT NULL, note TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (flow, number)) WITHOUT ROWID;
CREATE TABLE questions (id TEXT PRIMARY KEY, run TEXT NOT NULL, conversation TEXT NOT NULL, flow TEXT NOT NULL, node TEXT NOT NULL, asked REAL NOT NULL, question TEXT NOT NULL, deadline REAL, reply TEXT, taken INTEGER NOT NULL DEFAULT 0);
CREATE TABLE ratings (run TEXT PRIMARY KEY, good INTEGER NOT NULL, reason TEXT NOT NULL DEFAULT '');
CREATE TABLE run_settings (digest TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
    id TEXT PRIMARY KEY, flow TEXT NOT NULL, conversation TEXT,
    started REAL NOT NULL, ended REAL, state TEXT NOT NULL, asked TEXT NOT NULL DEFAULT '', answered TEXT NOT NULL DEFAULT '', tokens INTEGER, cost REAL, told INTEGER NOT NULL DEFAULT 0, settings TEXT NOT NULL DEFAULT '', via TEXT NOT NULL DEFAULT '');
CREATE TABLE schedules (id TEXT PRIMARY KEY, flow TEXT NOT NULL, message TEXT NOT NULL, every TEXT NOT NULL, missed TEXT NOT NULL, active INTEGER NOT NULL, next REAL NOT NULL, last REAL, run TEXT NOT NULL DEFAULT '', problem TEXT) WITHOUT ROWID;
CREATE TABLE seqs (flow TEXT, client TEXT, seq INTEGER, PRIMARY KEY (flow, client));
CREATE TABLE shelf (flow TEXT PRIMARY KEY, favourite INTEGER NOT NULL DEFAULT 0, folder TEXT NOT NULL DEFAULT '', opened REAL NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO "shelf" VALUES('bees',1,'',0.0);
CREATE TABLE spending (month TEXT, flow TEXT, cost REAL NOT NULL, PRIMARY KEY (month, flow)) WITHOUT ROWID;
CREATE TABLE step_stamps (flow TEXT PRIMARY KEY, stamp TEXT NOT NULL);
CREATE TABLE steps (flow TEXT, side TEXT, number INTEGER, gesture TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (flow, side, number)) WITHOUT ROWID;
CREATE TABLE summaries (conversation TEXT, covered INTEGER, digest TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (conversation, covered)) WITHOUT ROWID;
CREATE TABLE talks (flow TEXT, number INTEGER, turn TEXT NOT NULL, PRIMARY KEY (flow, number)) WITHOUT ROWID;
CREATE TABLE turn_vectors (turn INTEGER PRIMARY KEY, maker TEXT NOT NULL, vector BLOB NOT NULL);
CREATE TABLE turns (
    number INTEGER PRIMARY KEY, conversation TEXT NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL,
    run TEXT, attachments TEXT NOT NULL DEFAULT '[]', problem TEXT, hidden INTEGER NOT NULL DEFAULT 0);
INSERT INTO "turns" VALUES(1,'13251a93f040455db46484fae077711f','user','When is the honey harvest?',NULL,'[]',NULL,0);
INSERT INTO "turns" VALUES(2,'13251a93f040455db46484fae077711f','assistant','On the second Sunday of July. 🐝',NULL,'[]',NULL,0);
CREATE TABLE unfinished (run TEXT PRIMARY KEY, conversation TEXT NOT NULL, flow BLOB NOT NULL, settings TEXT NOT NULL DEFAULT '');
CREATE TABLE versions (
    flow TEXT, number INTEGER, saved_at REAL NOT NULL, name TEXT NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (flow, number)) WITHOUT ROWID;
INSERT INTO "versions" VALUES('bees',1,1.79603628186637592312e+09,'first',X'7B0A202022666C6F776C6F6F6D223A20312C0A2020226964223A202262656573222C0A2020226E616D65223A202242656573220A7D0A');
CREATE TABLE visitor_facts (visitor TEXT, flow TEXT, name TEXT, value TEXT NOT NULL, learned_at REAL NOT NULL, PRIMARY KEY (visitor, flow, name)) WITHOUT ROWID;
CREATE INDEX conversations_of ON conversations (flow, started);
CREATE INDEX turns_of ON turns (conversation, number);
CREATE INDEX runs_of ON runs (flow, started);
CREATE INDEX runs_untold ON runs (started) WHERE NOT told;
CREATE INDEX runs_by_time ON runs (started);
CREATE INDEX runs_by_state ON runs (state, started);
CREATE INDEX questions_open ON questions (deadline) WHERE reply IS NULL;
CREATE INDEX turns_by_run ON turns (run);
CREATE INDEX runs_by_conversation ON runs (conversation);
CREATE INDEX imports_by_origin ON imports (format, origin);
CREATE INDEX conversations_of_visitor ON conversations (visitor, flow, started) WHERE visitor <> '';
CREATE INDEX hook_calls_by_time ON hook_calls (at);
CREATE INDEX batch_rows_by_state ON batch_rows (batch, state, number);
CREATE INDEX batch_rows_by_run ON batch_rows (run) WHERE run <> '';
CREATE UNIQUE INDEX api_runs_repeated ON api_runs (key, repeat) WHERE repeat <> '';
CREATE INDEX api_runs_of ON api_runs (conversation);
COMMIT;
PRAGMA user_version = 53;
