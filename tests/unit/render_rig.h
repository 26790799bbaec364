/* render_rig.h - a publication, an article and a reader to render for
 *
 * Letters go the whole way: Markdown, blocks, templates, program, the run for
 * one reader, and are decoded again, so that tests see what a reader gets.
 */
#ifndef RENDER_RIG_H
#define RENDER_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "content/markdown.h"
#include "render/program.h"
#include "render/render.h"

struct rig {
	struct arena *arena;
	struct render_input input;
	struct article article;
	struct str values[FIELD_MAX];	/* of the reader */
	struct err err;
};

static const struct render_link rig_social[] = {
	{ STR("Mastodon"), STR("https://social.example/@saltroad") },
	{ STR("Photographs"), STR("https://photos.example/saltroad") },
};
static const struct render_link rig_links[] = {
	{ STR("Explore"), STR("/archive") },
	{ STR("Contact"), STR("https://letters.example.org/contact") },
	{ STR("Privacy"), STR("https://letters.example.org/privacy") },
};
static const struct render_link rig_author_links[] = {
	{ STR("Her site"), STR("https://mara.example/") },
};
static const struct render_author rig_authors[] = {
	{ .key = STR("mara"),
	  .name = STR("Mara Okonjo"),
	  .tagline = STR("Walks, and writes down what the road said."),
	  .photo = STR("https://letters.example.org/mara.jpg"),
	  .links = rig_author_links,
	  .link_count = 1 },
	{ .key = STR("theo"),
	  .name = STR("Theo Lind"),
	  .tagline = STR("Cooks for forty."),
	  .photo = STR("") },
};
static const struct str rig_attributes[] = { STR("plan") };

static inline void rig_fill(struct rig *rig, const char *dir)
{
	struct render_input *in = &rig->input;

	in->dir = dir;
	in->publication.name = STR("The Salt Road");
	in->publication.tagline = STR("Letters from a long walk");
	in->publication.url = STR("https://letters.example.org/");
	in->publication.language = STR("en");
	in->publication.logo = STR_NONE;
	in->publication.address =
		STR("Salt Road Press\n7 Harbour Steps\n1000 Oldport\n");
	in->publication.copyright = STR("Salt Road Press");
	in->publication.social = rig_social;
	in->publication.social_count = 2;
	in->publication.links = rig_links;
	in->publication.link_count = 3;
	in->list.title = STR("Salt Road Weekly");
	in->list.description = STR_NONE;
	in->slug = STR("salt-road");
	in->authors = rig_authors;
	in->author_count = 1;
	in->date = (struct date){ 2026, 5, 22 };
	in->attributes = rig_attributes;
	in->attribute_count = 1;
}

static inline void rig_reader(struct rig *rig)
{
	for (size_t i = 0; i < FIELD_MAX; i++)
		rig->values[i] = STR_NONE;
	rig->values[FIELD_EMAIL] = STR("Ana@Example.org");
	rig->values[FIELD_NAME] = STR("Ana <Björk> & Søn");
	rig->values[FIELD_FIRST_NAME] = STR("ana");
	rig->values[FIELD_JOINED] = STR("2024-03-01");
	rig->values[FIELD_UNSUBSCRIBE] =
		STR("https://letters.example.org/u/aaaa");
	rig->values[FIELD_PREFERENCES] =
		STR("https://letters.example.org/p/aaaa");
	rig->values[FIELD_ANSWERS] =
		STR("https://letters.example.org/a/aaaa");
}

static inline struct rig *rig_new(const char *dir)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	rig->arena = arena_new("a test's letter", 256 * 1024 * 1024);
	rig_fill(rig, dir);
	rig_reader(rig);
	return rig;
}

static inline void rig_free(struct rig *rig)
{
	arena_free(&rig->arena);
	free(rig);
}

/* A picture of the publication, as if it had been made ready. */
static inline void rig_image(struct rig *rig, const char *path,
			     const char *file, int width, int height)
{
	struct render_image *images = arena_many(
		rig->arena, struct render_image, rig->input.image_count + 1);

	for (size_t i = 0; i < rig->input.image_count; i++)
		images[i] = rig->input.images[i];
	images[rig->input.image_count++] = (struct render_image){
		.path = str_of(path),
		.file = str_of(file),
		.type = STR("image/png"),
		.width = width,
		.height = height,
		.bytes = str_of(file),
	};
	rig->input.images = images;
}

/* An article made of Markdown at hand. */
static inline void rig_markdown(struct rig *rig, const char *markdown)
{
	struct article *a = &rig->article;
	struct blocks *blocks;

	*a = (struct article){ .path = STR("articles/x.md"),
			       .slug = STR("x"),
			       .title = STR("Salt"),
			       .deck = STR_NONE,
			       .subject = STR_NONE,
			       .preheader = STR_NONE,
			       .topic = STR_NONE,
			       .list = STR_NONE,
			       .lang = STR_NONE,
			       .title_place = { .line = 2 },
			       .body = str_of(markdown),
			       .body_line = 5,
			       .words = 500 };
	if (markdown_parse(a->body, "articles/x.md", a->body_line, NULL, rig->arena,
			   &blocks, &rig->err) < 0)
		fail_msg("%s: %s", rig->err.place, rig->err.message);
	a->blocks = blocks;
	rig->input.article = a;
}

/* Quoted-printable undone, CRLF to LF. */
static inline struct str rig_decoded(struct rig *rig, struct str in)
{
	char *out = arena_take(rig->arena, in.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < in.len; i++) {
		char hex[3] = { 0 };

		if (in.at[i] == '\r')
			continue;
		if (in.at[i] != '=') {
			out[n++] = in.at[i];
			continue;
		}
		assert_true(i + 2 < in.len);
		hex[0] = in.at[i + 1];
		hex[1] = in.at[i + 2];
		i += 2;
		if (hex[0] != '\r')
			out[n++] = (char)strtol(hex, NULL, 16);
	}
	return str_at(out, n);
}

/* One part as the reader gets it. */
static inline struct str rig_run(struct rig *rig, struct str blob)
{
	struct program_scratch *scratch = program_scratch_new();
	const struct program *program;
	struct str result;
	struct buf out;

	buf_init(&out, 16 * 1024 * 1024);
	if (program_open(blob, rig->arena, &program, &rig->err) < 0 ||
	    program_run(program, rig->values, scratch, &out, &rig->err) < 0)
		fail_msg("%s", rig->err.message);
	result = arena_dup(rig->arena, buf_str(&out));
	buf_done(&out);
	program_scratch_free(&scratch);
	return result;
}

struct rig_letter {
	struct str html, text, subject;
	struct render_output output;
};

static inline struct rig_letter rig_letter(struct rig *rig)
{
	struct rig_letter letter;

	if (render_letter(&rig->input, rig->arena, &letter.output,
			  &rig->err) < 0)
		fail_msg("%s: %s (%s)", rig->err.place, rig->err.message,
			 rig->err.hint);
	letter.html = rig_decoded(rig, rig_run(rig, letter.output.html));
	letter.text = rig_decoded(rig, rig_run(rig, letter.output.text));
	letter.subject = rig_run(rig, letter.output.subject);
	return letter;
}

/* Does `part` hold `piece`? Shows the part when not. */
static inline void rig_holds(struct str part, const char *piece)
{
	if (str_find_str(part, str_of(piece)) < 0)
		fail_msg("not there:\n%s\nin:\n" STR_FMT, piece,
			 STR_ARG(part));
}

static inline void rig_lacks(struct str part, const char *piece)
{
	if (str_find_str(part, str_of(piece)) >= 0)
		fail_msg("is there:\n%s\nin:\n" STR_FMT, piece, STR_ARG(part));
}

#endif
