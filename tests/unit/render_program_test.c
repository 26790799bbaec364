/* A merge program's blob: what was built runs, what was changed is refused or
 * does no harm. */
#include "render_rig.h"

#include "render/condition_priv.h"
#include "render/filter_priv.h"
#include "render/program_priv.h"

static int setup(void **state)
{
	*state = rig_new(".");
	return 0;
}

static int teardown(void **state)
{
	rig_free(*state);
	return 0;
}

/* Some of everything. */
static struct str blob_of(struct rig *rig)
{
	struct program_builder *b = program_new(PART_TEXT);
	struct buf chain, out;
	struct str blob;

	buf_init(&chain, FILTER_BYTES);
	assert_int_equal(
		filter_parse(STR("truncate 3"), NULL, &chain, &rig->err), 1);
	assert_int_equal(
		filter_parse(STR("date \"%e %B %Y\""), NULL, &chain, &rig->err),
		1);
	program_literal(b, STR("Dear "));
	program_slot(b, FIELD_NAME, SLOT_TEXT, buf_str(&chain), STR("you"));
	program_if(b, STR("p\x02=\x01\x00\x03"
			  "Ana&"));
	program_wrap(b, STR("- "), STR("  "));
	program_literal(b, STR("one"));
	program_end(b);
	program_else(b);
	program_if(b, condition_present(FIELD_TAGS, false, rig->arena));
	program_literal(b, STR("two"));
	program_end(b);
	program_end(b);
	buf_init(&out, 1024 * 1024);
	program_finish(&b, &out);
	blob = arena_dup(rig->arena, buf_str(&out));
	buf_done(&out);
	buf_done(&chain);
	return blob;
}

static void an_else_is_run_when_its_if_is_not(void **state)
{
	static const struct {
		const char *name, *first, *tags, *gives;
	} cases[] = {
		{ "Ana", "A", "", "Dear Ana- one" },
		{ "Ana", "", "", "Dear Anatwo" },
		{ "Ana", "", "x", "Dear Ana" },
		{ "", "A", "", "Dear youtwo" },
		{ "Anabel", "", "x", "Dear An\xE2\x80\xA6" },
	};
	struct rig *rig = *state;
	struct str blob = blob_of(rig);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str got;

		rig->values[FIELD_NAME] = str_of(cases[i].name);
		rig->values[FIELD_FIRST_NAME] = str_of(cases[i].first);
		rig->values[FIELD_TAGS] = str_of(cases[i].tags);
		got = rig_decoded(rig, rig_run(rig, blob));
		assert_string_equal(arena_z(rig->arena, got), cases[i].gives);
	}
}

static void a_program_knows_the_fields_that_it_asks_for(void **state)
{
	struct rig *rig = *state;
	const struct program *program;

	assert_int_equal(
		program_open(blob_of(rig), rig->arena, &program, &rig->err), 0);
	assert_int_equal(program_fields(program),
			 1 << FIELD_NAME | 1 << FIELD_FIRST_NAME |
				 1 << FIELD_TAGS);
}

static void a_program_of_another_version_is_named_as_one(void **state)
{
	struct rig *rig = *state;
	const struct program *program;
	struct str blob = blob_of(rig);
	char *bytes = arena_z(rig->arena, blob);

	memcpy(bytes, blob.at, blob.len);
	bytes[4]--;
	assert_int_equal(program_open(str_at(bytes, blob.len), rig->arena,
				      &program, &rig->err),
			 -1);
	assert_int_equal(rig->err.code, ERR_DB);
	assert_string_equal(rig->err.message, "a merge program of another "
					      "version of tidings");
	bytes[0]--;
	assert_int_equal(program_open(str_at(bytes, blob.len), rig->arena,
				      &program, &rig->err),
			 -1);
	assert_string_equal(rig->err.message, "a merge program is damaged");
}

/* Run, whatever it gives: under the sanitizers a step outside is seen. */
static void survive(struct rig *rig, struct program_scratch *scratch,
		    struct str blob, int *opened)
{
	struct arena *arena = arena_new("a changed program", 1 << 24);
	const struct program *program;
	struct err err = ERR_INIT;
	struct buf out;

	buf_init(&out, 1024 * 1024);
	if (program_open(blob, arena, &program, &err) == 0) {
		++*opened;
		program_run(program, rig->values, scratch, &out, &err);
	} else {
		assert_int_equal(err.code, ERR_DB);
	}
	buf_done(&out);
	arena_free(&arena);
}

static void a_changed_byte_is_refused_or_does_no_harm(void **state)
{
	static const unsigned char changes[] = { 1, 2, 4, 0x10, 0x80, 0xff };
	struct program_scratch *scratch = program_scratch_new();
	struct rig *rig = *state;
	struct str blob = blob_of(rig);
	char *bytes = arena_take(rig->arena, blob.len);
	int opened = 0;

	for (size_t i = 0; i < blob.len; i++) {
		for (size_t c = 0; c < sizeof(changes); c++) {
			memcpy(bytes, blob.at, blob.len);
			bytes[i] = (char)(bytes[i] ^ changes[c]);
			survive(rig, scratch, str_at(bytes, blob.len), &opened);
		}
		survive(rig, scratch, str_head(blob, i), &opened);
	}
	/* Of literals, any byte is a good one. */
	assert_in_range(opened, 1, blob.len * sizeof(changes) / 2);
	program_scratch_free(&scratch);
}

/* --- blobs that no builder made ------------------------------------------- */

/* `count` times `op`, an IF with its END, over `bytes` that all of them share
 * or that stand there once for each. */
static struct str forged(struct rig *rig, struct op op, uint32_t count,
			 struct str bytes)
{
	struct program_head head = { PROGRAM_MAGIC,	  PROGRAM_VERSION,
				     PART_TEXT,		  0,
				     (uint32_t)bytes.len, 0 };
	struct str blob;
	struct buf ops, all;

	buf_init(&ops, PROGRAM_OPS_MAX * sizeof(op));
	buf_init(&all, (size_t)64 * 1024 * 1024);
	for (uint32_t i = 0; i < count; i++, head.ops++) {
		struct op end = { .kind = op.kind == OP_IF ? OP_END_IF
							   : OP_END_WRAP };

		op.jump = head.ops + 2;
		buf_add(&ops, str_at((const char *)&op, sizeof(op)));
		if (op.kind != OP_IF && op.kind != OP_WRAP)
			continue;
		buf_add(&ops, str_at((const char *)&end, sizeof(end)));
		head.ops++;
	}
	if (op.kind == OP_SLOT)
		head.fields = UINT64_C(1) << op.field;
	if (op.kind == OP_IF)
		head.fields = UINT64_C(1) << FIELD_NAME;
	buf_add(&all, str_at((const char *)&head, sizeof(head)));
	buf_add(&all, buf_str(&ops));
	buf_add(&all, bytes);
	blob = arena_dup(rig->arena, buf_str(&all));
	buf_done(&all);
	buf_done(&ops);
	return blob;
}

static struct str many(struct rig *rig, struct str first, const char *again,
		       size_t len)
{
	struct str all;
	struct buf out;

	buf_init(&out, len);
	buf_add(&out, first);
	while (out.len + strlen(again) <= len)
		buf_addz(&out, again);
	all = arena_dup(rig->arena, buf_str(&out));
	buf_done(&out);
	return all;
}

/* What a run reads is bounded by what the blob holds. */
static void ops_that_share_bytes_or_want_too_many_are_refused(void **state)
{
	static const struct {
		struct op op;
		uint32_t count, len; /* of the op's own bytes */
		const char *first, *again;
		size_t times; /* so often they stand in the blob */
		bool opens;
	} cases[] = {
		{ { .kind = OP_IF }, 1, 62, "p\1", "!!", 1, true },
		{ { .kind = OP_IF }, 10, 62, "p\1", "!!", 10, true },
		{ { .kind = OP_IF }, 10, 62, "p\1", "!!", 1, false },
		{ { .kind = OP_IF }, 1, CONDITION_MAX, "p\1", "!!", 1, true },
		{ { .kind = OP_IF },
		  1,
		  CONDITION_MAX + 2,
		  "p\1",
		  "!!",
		  1,
		  false },
		{ { .kind = OP_IF }, 1000, 1 << 20, "p\1", "!!", 1, false },
		{ { .kind = OP_IF }, 1, 95, "p\1", "p\1|", 1, true },
		{ { .kind = OP_IF }, 1, 98, "p\1", "p\1|", 1, false },
		{ { .kind = OP_SLOT }, 1, 800, "", "x", 1, true },
		{ { .kind = OP_SLOT }, 1, 801, "", "x", 1, false },
		{ { .kind = OP_SLOT }, 200, 1 << 20, "", "x", 1, false },
		{ { .kind = OP_SLOT }, 200, 800, "", "x", 200, true },
		{ { .kind = OP_SLOT }, 200, 800, "", "x", 199, false },
		{ { .kind = OP_WRAP }, 1, 2048, "", ">", 1, true },
		{ { .kind = OP_WRAP }, 1, 2049, "", ">", 1, false },
		{ { .kind = OP_LIT }, 3, 1000, "", "x", 3, true },
		{ { .kind = OP_LIT }, 3, 1000, "", "x", 2, false },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct op op = cases[i].op;
		struct str bytes = many(rig, str_of(cases[i].first),
					cases[i].again, cases[i].len);
		const struct program *program;
		bool opened;

		op.a_len = (uint32_t)bytes.len;
		assert_int_equal(op.a_len, cases[i].len);
		if (cases[i].times > 1)
			bytes = many(rig, STR_NONE, arena_z(rig->arena, bytes),
				     cases[i].times * bytes.len);
		opened = program_open(forged(rig, op, cases[i].count, bytes),
				      rig->arena, &program, &rig->err) == 0;
		if (opened != cases[i].opens)
			fail_msg("case %zu was %s", i,
				 opened ? "opened" : "refused");
		if (!opened)
			assert_string_equal(rig->err.message,
					    "a merge program is damaged");
	}
}

static void a_head_that_lies_about_its_fields_is_refused(void **state)
{
	struct rig *rig = *state;
	struct str blob = blob_of(rig);
	char *bytes = arena_z(rig->arena, blob);
	const struct program *program;

	for (int bit = 0; bit < 64; bit++) {
		struct program_head head;

		memcpy(bytes, blob.at, blob.len);
		memcpy(&head, bytes, sizeof(head));
		head.fields ^= UINT64_C(1) << bit;
		memcpy(bytes, &head, sizeof(head));
		assert_int_equal(program_open(str_at(bytes, blob.len),
					      rig->arena, &program, &rig->err),
				 -1);
		assert_string_equal(rig->err.message,
				    "a merge program is damaged");
	}
}

/* Else the header behind it would be the one that is complained of. */
static void a_run_ends_where_the_letter_is_full(void **state)
{
	struct rig *rig = *state;
	struct program_scratch *scratch = program_scratch_new();
	struct program_builder *b = program_new(PART_HEADERS);
	const struct program *program;
	struct buf blob, out;

	program_slot(b, FIELD_NAME, SLOT_HEADER, FILTER_NONE, STR_NONE);
	program_literal(b, STR("a literal"));
	program_head(b, "Subject");
	program_slot(b, FIELD_FIRST_NAME, SLOT_HEADER, FILTER_NONE, STR_NONE);
	program_end(b);
	buf_init(&blob, 1024 * 1024);
	program_finish(&b, &blob);
	assert_int_equal(
		program_open(buf_str(&blob), rig->arena, &program, &rig->err),
		0);
	rig->values[FIELD_FIRST_NAME] = STR("a\nb");
	buf_init(&out, 10);
	assert_int_equal(
		program_run(program, rig->values, scratch, &out, &rig->err),
		-1);
	assert_string_equal(rig->err.message,
			    "the letter would be larger than 10 bytes");
	assert_int_equal(rig->err.code, ERR_INPUT);
	buf_done(&out);
	buf_done(&blob);
	program_scratch_free(&scratch);
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(an_else_is_run_when_its_if_is_not),
		test(a_program_knows_the_fields_that_it_asks_for),
		test(a_program_of_another_version_is_named_as_one),
		test(a_changed_byte_is_refused_or_does_no_harm),
		test(ops_that_share_bytes_or_want_too_many_are_refused),
		test(a_head_that_lies_about_its_fields_is_refused),
		test(a_run_ends_where_the_letter_is_full),
	};

	return cmocka_run_group_tests_name("programs", tests, NULL, NULL);
}
