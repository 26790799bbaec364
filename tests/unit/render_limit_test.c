/* A letter beyond what a program holds is refused, at each of its limits, and
 * never goes out with a part of it missing. */
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "render/letter_priv.h"
#include "render/program_priv.h"
#include "render/seen_priv.h"
#include "render/text_priv.h"
#include "render_rig.h"

#define TOO_LARGE                                                          \
	"the letter would be larger than 8 MiB, or have more than 200000 " \
	"merge fields and paragraphs"

static int setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	rig->arena = arena_new("a test's letter", (size_t)1 << 30);
	rig_fill(rig, ".");
	rig_reader(rig);
	*state = rig;
	return 0;
}

static int teardown(void **state)
{
	rig_free(*state);
	return 0;
}

static const char *repeated(struct rig *rig, const char *text, size_t times)
{
	size_t len = strlen(text);
	char *out = arena_take(rig->arena, len * times + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(out + i * len, text, len);
	return out;
}

/* --- letters -------------------------------------------------------------- */

static void a_letter_that_is_too_large_is_refused(void **state)
{
	static const struct {
		const char *before, *again;
		size_t times;
	} cases[] = {
		/* More than one literal may be. */
		{ "", "a\n\n", 100000 },
		{ "", "[a](/b)\n\n", 60000 },
		/* Only encoded, it is too much. */
		{ "", "abc\n\n", 60000 },
		/* Too many ops. */
		{ "", "{{subscriber.plan}}\n\n", 55000 },
		{ "| a | b |\n|---|---|\n", "| x | {{subscriber.name}} |\n",
		  30000 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct render_output output;
		struct rig *rig;

		setup((void **)&rig);
		rig_markdown(rig, arena_fmt(rig->arena, "%s%s", cases[i].before,
					    repeated(rig, cases[i].again,
						     cases[i].times))
					  .at);
		if (render_letter(&rig->input, rig->arena, &output,
				  &rig->err) == 0)
			fail_msg("%zu of '%s' were rendered", cases[i].times,
				 cases[i].again);
		assert_int_equal(rig->err.code, ERR_INPUT);
		assert_string_equal(rig->err.message, TOO_LARGE);
		assert_string_equal(rig->err.place, "articles/x.md");
		rig_free(rig);
	}
	(void)state;
}

/* A hundred lists of as many headings as there may be would be too many. */
static void lists_of_contents_are_made_once(void **state)
{
	struct rig *rig = *state;
	const char *headings = repeated(rig, "# A heading\n\n", 20000);
	const char *lists = repeated(rig, "::contents\n\n", 100);
	struct arena *arena;
	struct str page;

	rig_markdown(rig, arena_fmt(rig->arena, "%s%s", lists, headings).at);
	arena = arena_new("a letter of lists", (size_t)512 * 1024 * 1024);
	assert_int_equal(render_web(&rig->input, arena, &page, &rig->err), -1);
	assert_string_equal(rig->err.place, "articles/x.md:9");
	arena_free(&arena);
}

static void a_large_letter_has_all_of_its_paragraphs(void **state)
{
	struct rig *rig = *state;
	struct rig_letter letter;
	struct str rest;
	size_t count = 0;
	ptrdiff_t at;

	rig_markdown(rig, repeated(rig, "abc{{subscriber.plan}}\n\n", 15000));
	letter = rig_letter(rig);
	for (rest = letter.text; (at = str_find_str(rest, STR("abc\n"))) >= 0;
	     count++)
		rest = str_skip(rest, (size_t)at + 4);
	assert_int_equal(count, 15000);
}

static void a_page_that_is_too_large_is_refused(void **state)
{
	struct rig *rig = *state;
	struct str page;

	/* A link is written with the whole address of the publication. */
	rig->input.publication.url = arena_fmt(rig->arena,
					       "https://%s.example.org",
					       repeated(rig, "long", 120));
	rig_markdown(rig, repeated(rig, "[a](b)\n\n", 40000));
	assert_int_equal(render_web(&rig->input, rig->arena, &page, &rig->err),
			 -1);
	assert_string_equal(rig->err.message,
			    "the page would be larger than 16 MiB");
	assert_string_equal(rig->err.place, "articles/x.md");
}

static void a_default_is_as_long_as_a_value_may_be(void **state)
{
	struct rig *rig = *state;
	const char *longest = repeated(rig, "ä", 200);
	struct render_output output;

	rig_markdown(rig,
		     arena_fmt(rig->arena,
			       "{{subscriber.plan | default \"%s\"}}", longest)
			     .at);
	rig_holds(rig_letter(rig).html, longest);
	rig_markdown(rig,
		     arena_fmt(rig->arena,
			       "{{subscriber.plan | default \"%sa\"}}", longest)
			     .at);
	assert_int_equal(
		render_letter(&rig->input, rig->arena, &output, &rig->err), -1);
	assert_string_equal(rig->err.message,
			    "a default of 201 characters: at most 200 fit");
	assert_string_equal(rig->err.place, "articles/x.md:5:1");
}

/* --- programs ------------------------------------------------------------- */

/* The finished blob is whole, or `over`. */
static bool fits(struct rig *rig, struct program_builder *builder)
{
	const struct program *program;
	struct buf out;
	bool whole;

	buf_init(&out, 64 * 1024 * 1024);
	program_finish(&builder, &out);
	whole = !buf_over(&out);
	if (whole)
		assert_int_equal(program_open(buf_str(&out), rig->arena,
					      &program, &rig->err),
				 0);
	buf_done(&out);
	return whole;
}

static struct program_builder *nested(int depth)
{
	struct program_builder *builder = program_new(PART_TEXT);

	for (int i = 0; i < depth; i++)
		program_if(builder, STR("1"));
	for (int i = 0; i < depth; i++)
		program_end(builder);
	return builder;
}

static struct program_builder *wrapped(size_t count)
{
	struct program_builder *builder = program_new(PART_TEXT);

	for (size_t i = 0; i < count; i++) {
		program_wrap(builder, STR_NONE, STR_NONE);
		program_end(builder);
	}
	return builder;
}

static struct program_builder *filled(struct rig *rig, size_t bytes)
{
	struct program_builder *builder = program_new(PART_HEADERS);

	program_literal(builder, str_of(repeated(rig, "x", bytes)));
	return builder;
}

static void a_program_is_whole_or_over(void **state)
{
	struct rig *rig = *state;

	assert_true(fits(rig, nested(PROGRAM_NESTING_MAX)));
	assert_false(fits(rig, nested(PROGRAM_NESTING_MAX + 1)));
	assert_true(fits(rig, wrapped(PROGRAM_OPS_MAX / 2)));
	/* Far beyond: each end still closes what was begun. */
	assert_false(fits(rig, wrapped(PROGRAM_OPS_MAX / 2 + 1)));
	assert_false(fits(rig, wrapped(PROGRAM_OPS_MAX)));
	assert_true(fits(rig, filled(rig, PROGRAM_MAX)));
	assert_false(fits(rig, filled(rig, PROGRAM_MAX + 1)));
}

static void what_follows_a_giant_paragraph_does_not_hide_it(void **state)
{
	struct rig *rig = *state;
	struct program_scratch *scratch = program_scratch_new();

	for (size_t more = 0; more < 2; more++) {
		struct program_builder *builder = program_new(PART_TEXT);
		const struct program *program;
		struct buf blob, out;

		buf_init(&blob, 64 * 1024 * 1024);
		buf_init(&out, 64 * 1024 * 1024);
		program_wrap(builder, STR_NONE, STR_NONE);
		program_literal(builder, str_of(repeated(rig, "x ", 524288)));
		if (more)
			program_slot(builder, FIELD_EMAIL, SLOT_TEXT,
				     FILTER_NONE, STR_NONE);
		program_end(builder);
		program_wrap(builder, STR_NONE, STR_NONE);
		program_literal(builder, STR("The next."));
		program_end(builder);
		program_finish(&builder, &blob);
		assert_int_equal(program_open(buf_str(&blob), rig->arena,
					      &program, &rig->err),
				 0);
		assert_int_equal(program_run(program, rig->values, scratch,
					     &out, &rig->err),
				 more ? -1 : 0);
		buf_done(&blob);
		buf_done(&out);
	}
	assert_string_equal(rig->err.message,
			    "a paragraph would be larger than 1048576 bytes");
	program_scratch_free(&scratch);
}

/* --- templates ------------------------------------------------------------ */

struct folder {
	char path[64]; /* has templates/mail and templates/text */
	char name[128];
};

static const char *const media[] = { "mail", "text" };

static void folder_new(struct folder *folder, struct rig *rig)
{
	snprintf(folder->path, sizeof(folder->path), "/tmp/tidings-XXXXXX");
	assert_non_null(mkdtemp(folder->path));
	for (size_t i = 0; i < 2; i++) {
		snprintf(folder->name, sizeof(folder->name), "%s/templates/%s",
			 folder->path, media[i]);
		assert_int_equal(file_make_dir(folder->name, &rig->err), 0);
	}
}

static void folder_put(struct folder *folder, struct rig *rig, const char *name,
		       const char *text)
{
	snprintf(folder->name, sizeof(folder->name), "%s/templates/%s",
		 folder->path, name);
	if (!text)
		unlink(folder->name);
	else
		assert_int_equal(
			file_write(folder->name, str_of(text), 0600, &rig->err),
			0);
}

static void folder_free(struct folder *folder)
{
	for (size_t i = 0; i < 2; i++) {
		snprintf(folder->name, sizeof(folder->name), "%s/templates/%s",
			 folder->path, media[i]);
		rmdir(folder->name);
	}
	snprintf(folder->name, sizeof(folder->name), "%s/templates",
		 folder->path);
	rmdir(folder->name);
	rmdir(folder->path);
}

static void partials_that_double_come_to_an_end(void **state)
{
	struct rig *rig = *state;
	struct fields_known fields = { 0 };
	struct folder folder;
	char name[32], text[64];

	folder_new(&folder, rig);
	for (int i = 0; i < 30; i++) {
		snprintf(name, sizeof(name), "mail/a%d.html", i);
		snprintf(text, sizeof(text), "{{>a%d.html}}{{>a%d.html}}",
			 i + 1, i + 1);
		folder_put(&folder, rig, name, i < 29 ? text : "");
	}
	assert_int_equal(
		template_run(templates_new(folder.path, "letter", rig->arena),
			     "mail", "a0.html", value_map(rig->arena), &fields,
			     rig->arena, draft_new(rig->arena), &rig->err),
		-1);
	assert_string_equal(rig->err.message,
			    "the template runs more than 250000 tags");
	for (int i = 0; i < 30; i++) {
		snprintf(name, sizeof(name), "mail/a%d.html", i);
		folder_put(&folder, rig, name, NULL);
	}
	folder_free(&folder);
}

static void a_template_nests_no_deeper_than_a_program(void **state)
{
	struct rig *rig = *state;
	struct render_output output;
	struct folder folder;

	folder_new(&folder, rig);
	rig->input.dir = folder.path;
	rig_markdown(rig, "a");
	for (size_t depth = 32; depth < 34; depth++) {
		folder_put(
			&folder, rig, "text/letter.txt",
			arena_fmt(rig->arena, "%s{{words.why}}%s",
				  repeated(rig, "{{#subscriber.name}}", depth),
				  repeated(rig, "{{/subscriber.name}}", depth))
				.at);
		assert_int_equal(render_letter(&rig->input, rig->arena, &output,
					       &rig->err),
				 depth == 32 ? 0 : -1);
	}
	assert_string_equal(rig->err.message,
			    "more than 32 sections over readers' fields in "
			    "each other");
	assert_string_equal(rig->err.place, "templates/text/letter.txt:1:641");
	folder_put(&folder, rig, "text/letter.txt", NULL);
	folder_free(&folder);
}

/* What a letter's templates make is counted for all of them together, and with
 * it what they put in that was made before. */
static void a_template_that_repeats_the_article_is_refused(void **state)
{
	static const struct {
		const char *file, *text;
		size_t times;
		const char *markdown;
		size_t again;
	} cases[] = {
		{ "mail/letter.html", "{{{issue.body}}}", 10000, "abc\n\n",
		  1000 },
		{ "mail/letter.html", "{{{issue.body}}}", 10000, "*a* ", 1000 },
		{ "text/letter.txt", "{{issue.body}}", 10000, "abc\n\n", 2000 },
		{ "mail/button.html", "0123456789", 10000,
		  "::button[Go](https://e.example/)\n\n", 700 },
	};
	struct rig *rig = *state;
	struct folder folder;

	folder_new(&folder, rig);
	rig->input.dir = folder.path;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct render_output output;

		folder_put(&folder, rig, cases[i].file,
			   repeated(rig, cases[i].text, cases[i].times));
		rig_markdown(rig,
			     repeated(rig, cases[i].markdown, cases[i].again));
		rig->err = (struct err)ERR_INIT;
		assert_int_equal(render_letter(&rig->input, rig->arena, &output,
					       &rig->err),
				 -1);
		assert_string_equal(rig->err.message,
				    "the templates of a letter make more than "
				    "64 MiB");
		assert_int_equal(rig->err.code, ERR_INPUT);
		assert_memory_equal(rig->err.place, "templates/", 10);
		folder_put(&folder, rig, cases[i].file, NULL);
	}
	folder_free(&folder);
}

/* --- many things of a kind ------------------------------------------------ */

#define MANY  80000
#define SITES 20000 /* of a block, in a file of 256 KiB */

static void each_thing_is_found_again_by_its_name(void **state)
{
	struct rig *rig = *state;
	struct seen *seen = seen_new(rig->arena);
	static int things[MANY];

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < MANY; i++) {
			void **known = seen_at(
				seen, arena_fmt(rig->arena, "name %d", i));

			assert_ptr_equal(*known, round ? &things[i] : NULL);
			*known = &things[i];
		}
	assert_null(*seen_at(seen, STR_NONE));
	*seen_at(seen, STR_NONE) = &things[0];
	assert_ptr_equal(*seen_at(seen, STR("")), &things[0]);
}

/* A walk through all before it would take tens of seconds. */
static void many_addresses_are_told_apart_quickly(void **state)
{
	struct rig *rig = *state;
	struct letter letter = { .arena = rig->arena,
				 .input = &rig->input,
				 .pictures_seen = seen_new(rig->arena) };
	struct text t = { .letter = &letter };
	clock_t before = clock();

	t.last = &t.addresses;
	for (int i = 0; i < 2 * MANY; i++) {
		struct str url = arena_fmt(rig->arena, "https://e.example/%d",
					   i % MANY);

		assert_int_equal(text_address(&t, url), i % MANY + 1);
		assert_true(str_eq(
			picture_get(&letter, STR_NONE, url, false, 1)->url,
			url));
	}
	assert_true((clock() - before) / CLOCKS_PER_SEC < 5);
}

/* A walk along all names for each tag would take more than a minute. */
static void many_names_are_found_quickly(void **state)
{
	struct rig *rig = *state;
	struct draft *draft = draft_new(rig->arena);
	struct str text;
	struct buf data, template;
	struct json *json;
	clock_t before = clock();

	buf_init(&data, 4 * 1024 * 1024);
	buf_init(&template, 4 * 1024 * 1024);
	for (int i = 0; i < MANY; i++)
		buf_fmt(&data, "%s\"n%d\":%d", i ? "," : "{", i, i);
	buf_addz(&data, "}");
	for (int i = 0; i < MANY / 2; i++)
		buf_fmt(&template, "{{#n%d}}{{.}},{{/n%d}}{{m%d}}",
			MANY - 1 - i, MANY - 1 - i, i);
	assert_int_equal(json_parse(buf_str(&data), &json, &rig->err), 0);
	assert_int_equal(template_plain(buf_str(&template), "t", NULL,
					value_json(rig->arena, json),
					rig->arena, draft, &rig->err),
			 0);
	text = draft_plain(draft, rig->arena);
	assert_true(str_starts(text, STR("79999,79998,")));
	assert_true(str_ends(text, STR(",40001,40000,")));
	assert_true((clock() - before) / CLOCKS_PER_SEC < 5);
	json_free(&json);
	buf_done(&data);
	buf_done(&template);
}

/* The first of a name has the word, and within it the next. */
static void many_blocks_are_found_quickly(void **state)
{
	struct rig *rig = *state;
	struct draft *draft = draft_new(rig->arena);
	struct folder folder;
	struct buf parent, child;
	clock_t before = clock();
	struct str text;

	folder_new(&folder, rig);
	buf_init(&parent, 4 * 1024 * 1024);
	buf_init(&child, 4 * 1024 * 1024);
	buf_addz(&child, "{{<p}}");
	for (int i = 0; i < MANY; i++)
		buf_fmt(&child, "{{$n%d}}%d{{/n%d}}", i, i, i);
	for (int i = 0; i < SITES; i++)
		buf_addz(&parent, "{{$b}}{{/b}}");
	buf_addz(&child, "{{$b}}x{{$b}}{{/b}}{{/b}}{{$b}}y{{/b}}{{/p}}");
	folder_put(&folder, rig, "p.mustache", parent.at);
	assert_int_equal(
		template_plain(
			buf_str(&child), "t",
			arena_fmt(rig->arena, "%s/templates", folder.path).at,
			value_map(rig->arena), rig->arena, draft, &rig->err),
		0);
	text = draft_plain(draft, rig->arena);
	assert_true(str_eqz(text, repeated(rig, "xy", SITES)));
	assert_true((clock() - before) / CLOCKS_PER_SEC < 5);
	folder_put(&folder, rig, "p.mustache", NULL);
	folder_free(&folder);
	buf_done(&parent);
	buf_done(&child);
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_that_is_too_large_is_refused),
		test(lists_of_contents_are_made_once),
		test(a_large_letter_has_all_of_its_paragraphs),
		test(a_page_that_is_too_large_is_refused),
		test(a_default_is_as_long_as_a_value_may_be),
		test(a_program_is_whole_or_over),
		test(what_follows_a_giant_paragraph_does_not_hide_it),
		test(partials_that_double_come_to_an_end),
		test(a_template_nests_no_deeper_than_a_program),
		test(a_template_that_repeats_the_article_is_refused),
		test(many_names_are_found_quickly),
		test(many_blocks_are_found_quickly),
		test(each_thing_is_found_again_by_its_name),
		test(many_addresses_are_told_apart_quickly),
	};

	return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
