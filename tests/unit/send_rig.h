/* send_rig.h - a publication with readers, a frozen issue and settings, for
 * the tests of whole runs; include behind cmocka.h */
#ifndef SEND_RIG_H
#define SEND_RIG_H

#include <dirent.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "letter/letter.h"
#include "queue_rig.h"
#include "send/send.h"
#include "send/slots.h"

struct send_rig {
	struct rig books;
	const struct conf *conf;
	struct seal *seal;
	struct send_options options;
	struct send_done done;
	volatile int stop;
};

static inline struct str part_of(struct arena *arena, enum program_part part,
				 const char *words)
{
	struct program_builder *builder = program_new(part);
	struct str blob;
	struct buf out;

	buf_init(&out, 65536);
	if (part == PART_HEADERS)
		program_head(builder, "Subject");
	program_literal(builder, str_of(words));
	if (part == PART_HEADERS)
		program_end(builder);
	program_finish(&builder, &out);
	blob = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return blob;
}

static inline struct str form_blob(struct arena *arena)
{
	const struct letter_head head = {
		.from = { .name = STR("Tidings"),
			  .address = STR("letters@example.org") },
		.reply_to = { .name = STR_NONE, .address = STR_NONE },
		.list_title = STR("Weekly"),
		.list_key = STR("weekly"),
		.url = STR("https://example.org"),
		.slug = STR("first"),
		.envelope_domain = STR("bounces.example.org"),
		.feedback = STR("tidings"),
		.one_click = true,
	};
	struct render_output parts = {
		.subject = part_of(arena, PART_HEADERS, "First"),
		.html = part_of(arena, PART_HTML, "<p>Words.</p>\n"),
		.text = part_of(arena, PART_TEXT, "Words.\n"),
	};
	struct err err = ERR_INIT;
	struct str blob;
	struct buf out;

	buf_init(&out, LETTER_MAX);
	must(letter_form_pack(&head, &parts, &out, &err), &err);
	blob = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return blob;
}

/* The relay's settings as they stand in the file: "url: ..., rate: 5/s". */
static inline void send_rig_settings(struct send_rig *r, const char *relay,
				     const char *more)
{
	struct str text = arena_fmt(
		r->books.arena,
		"publication: {name: Tidings, url: \"https://example.org\"}\n"
		"from: Tidings <letters@example.org>\n"
		"lists: {weekly: {}}\n"
		"relays: {main: {%s}}\n%s",
		relay, more);

	must(conf_parse(r->books.dir, "tidings.yaml", text, r->books.arena,
			&r->conf, &r->books.err),
	     &r->books.err);
	r->options.conf = r->conf;
}

static inline void send_rig_open(struct send_rig *r, int64_t people)
{
	static const unsigned char secret[32] = "a secret of thirty-two bytes";
	struct ledger_freeze freeze = rig_freeze;

	memset(r, 0, sizeof(*r));
	rig_open(&r->books, people);
	freeze.form = form_blob(r->books.arena);
	freeze.now = clock_now_ms();
	freeze.not_after = freeze.now + LIFE;
	r->seal = seal_of(secret);
	r->options = (struct send_options){ .seal = r->seal,
					    .database = r->books.path,
					    .stop = &r->stop };
	must(ledger_freeze(r->books.ledger, &freeze, &r->options.issue,
			   &r->books.err),
	     &r->books.err);
	send_rig_settings(r, "url: \"dir:outbox\"", "");
}

static inline const char *send_rig_path(const struct send_rig *r,
					const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", r->books.dir, name);
	return path;
}

/* How many files; -1 when there is no such folder. */
static inline int send_rig_files(const struct send_rig *r, const char *name)
{
	DIR *d = opendir(send_rig_path(r, name));
	const struct dirent *entry;
	int count = 0;

	if (!d)
		return -1;
	while ((entry = readdir(d)))
		count += entry->d_name[0] != '.' &&
			 strcmp(entry->d_name, "generation") != 0;
	closedir(d);
	return count;
}

static inline void send_rig_empty(const struct send_rig *r, const char *name)
{
	DIR *d = opendir(send_rig_path(r, name));
	const struct dirent *entry;

	while (d && (entry = readdir(d))) {
		char path[320];

		snprintf(path, sizeof(path), "%s/%s", name, entry->d_name);
		unlink(send_rig_path(r, path));
	}
	if (d)
		closedir(d);
	rmdir(send_rig_path(r, name));
}

static inline void send_rig_close(struct send_rig *r)
{
	seal_close(&r->seal);
	send_rig_empty(r, SLOTS_DIR);
	send_rig_empty(r, "outbox");
	rig_close(&r->books);
}

static inline int64_t rows_in(struct send_rig *r, enum delivery_state state)
{
	return in_state(&r->books, state);
}

#endif
