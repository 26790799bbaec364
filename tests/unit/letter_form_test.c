/* letter_form_test.c - hostile readers and damaged forms
 *
 * Whatever stands in a reader's row or in the ledger's blob: a letter comes
 * out in wire form or not at all, and nothing falls over.
 */
#include "letter_rig.h"

#define SUBJECT "Salt for {{subscriber.first_name | default \"you\"}}"

/* The names of all fields up to the body, each with a blank behind. */
static void header_names(struct str letter, struct buf *out)
{
	buf_reset(out);
	while (letter.len > 0) {
		struct str line = str_cut(letter, '\n', &letter), rest;

		if (str_trim(line).len == 0)
			return;
		if (line.at[0] == ' ')
			continue;
		buf_add(out, str_cut(line, ':', &rest));
		buf_byte(out, ' ');
	}
	fail_msg("the header has no end");
}

static size_t boundaries(struct str letter)
{
	size_t count = 0;

	while (letter.len > 0)
		count += str_starts(str_cut(letter, '\n', &letter),
				    STR("--=_"));
	return count;
}

static bool is_wire(struct str letter)
{
	bool ok = str_ends(letter, STR("\r\n"));

	while (letter.len > 0) {
		struct str line = str_cut(letter, '\n', &letter);

		ok &= line.len > 0 && line.len - 1 <= 998 &&
		      line.at[0] != '.' && line.at[line.len - 1] == '\r' &&
		      !memchr(line.at, '\r', line.len - 1) &&
		      !memchr(line.at, 0, line.len);
	}
	return ok;
}

static const struct str evil[] = {
	STR("\r\nBcc: x@y.zz"),
	STR("\nBcc: x@y.zz"),
	STR("\rBcc: x@y.zz"),
	STR("\r\n\r\n<h1>new body</h1>"),
	STR("\n.\r\nMAIL FROM:<x@y.zz>"),
	STR("\0\r\n"),
	STR("\xc2\x85 Bcc: x@y.zz"),
	STR("\u2028Bcc: x@y.zz"),
	STR("\u2029Bcc: x@y.zz"),
	STR("\n--=_a_0123456789abcdef--\r\n"),
	STR("=?utf-8?q?=0D=0ABcc:_x@y.zz?="),
	STR("=0D=0ABcc: x@y.zz"),
	STR("> <x@y.zz>, <z"),
	STR("\", <x@y.zz>, \""),
	STR("\xff\xfe"),
	STR("\xe2\x80"),
	STR("{{subscriber.email}}"),
	STR("</style><script>alert(1)</script>"),
	STR("%0d%0aBcc:%20x@y.zz"),
};

static struct str fields_with(struct buf *out, size_t place, struct str value)
{
	buf_reset(out);
	for (size_t i = 0; i < 8; i++) {
		if (i == place) {
			buf_addz(out, "Ana");
			buf_add(out, value);
		}
		buf_byte(out, 0x1f);
	}
	return buf_str(out);
}

static void no_field_adds_a_header_or_a_part(void **state)
{
	struct letter_rig *r = letter_rig_new(LETTER_MARKDOWN, SUBJECT);
	struct buf fields, want, got;
	struct str letter = letter_rig_letter(r);
	size_t parts = boundaries(letter), composed = 0;
	ptrdiff_t at;

	(void)state;
	buf_init(&fields, 4096);
	buf_init(&want, 4096);
	buf_init(&got, 4096);
	header_names(letter, &want);
	for (size_t i = 0; i < LETTER_COUNT(evil); i++) {
		for (size_t place = 0; place < 8; place++) {
			struct err err = ERR_INIT;

			r->reader.fields = fields_with(&fields, place, evil[i]);
			if (letter_compose(r->press, r->form, &r->reader,
					   &letter, &err) < 0) {
				assert_int_equal(err.code, ERR_INPUT);
				assert_true(err.message[0] != 0);
				/* A header holds the first two only. */
				assert_in_range(place, 0, 1);
				continue;
			}
			composed++;
			header_names(letter, &got);
			assert_string_equal(got.at, want.at);
			assert_int_equal(boundaries(letter), parts);
			assert_true(is_wire(letter));
			at = str_find_str(letter, STR("text/html"));
			assert_true(at > 0);
			assert_true(str_find_str(str_skip(letter, (size_t)at),
						 STR("<script>")) < 0);
		}
	}
	assert_true(composed > 6 * LETTER_COUNT(evil));
	buf_done(&fields);
	buf_done(&want);
	buf_done(&got);
	letter_rig_free(r);
}

static void no_address_adds_a_header_or_a_recipient(void **state)
{
	struct letter_rig *r = letter_rig_new("x", "x");
	struct buf address;
	struct str letter;

	(void)state;
	buf_init(&address, 4096);
	for (size_t i = 0; i < LETTER_COUNT(evil); i++) {
		struct err err = ERR_INIT;

		buf_reset(&address);
		buf_addz(&address, "a@b.cd");
		buf_add(&address, evil[i]);
		if (address_ok(buf_str(&address), NULL))
			fail_msg("case %zu is an address", i);
		r->reader.address = buf_str(&address);
		if (letter_compose(r->press, r->form, &r->reader, &letter,
				   &err) < 0)
			continue;
		assert_true(is_wire(letter));
		assert_true(str_find_str(letter, STR("\nBcc:")) < 0);
		assert_true(str_find_str(letter, STR(">, <x@y.zz>")) < 0);
	}
	buf_done(&address);
	letter_rig_free(r);
}

/* --- damaged forms -------------------------------------------------------- */

static void try_form(struct letter_rig *r, struct str blob)
{
	static const enum program_part parts[] = { PART_HEADERS, PART_HTML,
						   PART_TEXT };
	struct arena *arena = arena_new("a damaged form", 1 << 24);
	const struct letter_form *form;
	struct err err = ERR_INIT;
	struct str letter;
	struct buf out;

	if (letter_form_open(blob, arena, &form, &err) < 0) {
		assert_int_equal(err.code, ERR_DB);
		assert_true(err.message[0] != 0);
		arena_free(&arena);
		return;
	}
	if (letter_compose(r->press, form, &r->reader, &letter, &err) == 0)
		assert_true(is_wire(letter));
	buf_init(&out, LETTER_MAX);
	for (size_t i = 0; i < LETTER_COUNT(parts); i++)
		letter_part(r->press, form, &r->reader, parts[i], &out, &err);
	letter_sender(r->press, form, &r->reader);
	letter_message_id(r->press, form, &r->reader);
	buf_done(&out);
	arena_free(&arena);
}

/* In memory of its own, so that a sanitizer sees one byte too many. */
static void try_copy(struct letter_rig *r, struct str blob)
{
	char *copy = malloc(blob.len + 1);

	assert_non_null(copy);
	if (blob.len > 0)
		memcpy(copy, blob.at, blob.len);
	try_form(r, str_at(copy, blob.len));
	free(copy);
}

static void a_form_cut_anywhere_is_damaged(void **state)
{
	struct letter_rig *r = letter_rig_new(LETTER_MARKDOWN, SUBJECT);
	char *copy = malloc(r->blob.len);

	(void)state;
	for (size_t len = 0; len < r->blob.len; len++) {
		struct arena *arena = arena_new("a cut form", 1 << 24);
		const struct letter_form *form = NULL;
		struct err err = ERR_INIT;

		memcpy(copy, r->blob.at, len);
		assert_int_equal(
			letter_form_open(str_at(copy, len), arena, &form, &err),
			-1);
		assert_int_equal(err.code, ERR_DB);
		assert_null(form);
		arena_free(&arena);
	}
	free(copy);
	letter_rig_free(r);
}

static void a_form_with_a_tail_is_damaged(void **state)
{
	struct letter_rig *r = letter_rig_new("x", "x");
	const struct letter_form *form = NULL;
	struct err err = ERR_INIT;

	(void)state;
	buf_byte(&r->blob, 0);
	assert_int_equal(
		letter_form_open(buf_str(&r->blob), r->rig->arena, &form, &err),
		-1);
	assert_int_equal(err.code, ERR_DB);
	letter_rig_free(r);
}

static void a_form_with_any_byte_changed_does_no_harm(void **state)
{
	static const char marks[] = { 1, (char)0x80, (char)0xff };
	struct letter_rig *r = letter_rig_new(LETTER_MARKDOWN, SUBJECT);
	struct str blob = buf_str(&r->blob);

	(void)state;
	for (size_t i = 0; i < blob.len; i++) {
		/* All marks where numbers stand close, one in the text. */
		size_t count = i < 4096 ? LETTER_COUNT(marks) : 1;

		for (size_t k = 0; k < count; k++) {
			r->blob.at[i] ^= marks[k];
			try_copy(r, blob);
			r->blob.at[i] ^= marks[k];
		}
	}
	letter_rig_free(r);
}

/* Lengths that lie, of names that are written into addresses of ours. */
static void a_form_with_names_out_of_bounds_is_damaged(void **state)
{
	static const struct {
		size_t part; /* 0 url, 1 envelope, 2 our domain */
		size_t len;
		char fill;
	} cases[] = {
		{ 0, 901, 'x' }, { 0, 100000, 'x' }, { 1, 255, 'x' },
		{ 2, 255, 'x' }, { 1, 100000, 'x' }, { 2, 100000, 'x' },
		{ 0, 0, 'x' },	 { 1, 0, 'x' },	     { 2, 0, 'x' },
		{ 0, 20, '\n' }, { 1, 20, '\r' },    { 2, 20, '>' },
		{ 0, 20, ' ' },	 { 1, 20, '\0' },    { 2, 20, (char)0xc3 },
	};
	struct letter_rig *r = letter_rig_new("x", "x");
	char *fill = malloc(100000);

	(void)state;
	for (size_t i = 0; i < LETTER_COUNT(cases); i++) {
		struct str rest = str_skip(buf_str(&r->blob), 8);
		const struct letter_form *form = NULL;
		struct err err = ERR_INIT;
		struct buf made;

		buf_init(&made, 1 << 24);
		buf_add(&made, str_head(buf_str(&r->blob), 8));
		memset(fill, cases[i].fill, cases[i].len);
		for (size_t part = 0; part < 3; part++) {
			struct str text;
			uint32_t len;

			memcpy(&len, rest.at, 4);
			text = str_at(rest.at + 4, len);
			rest = str_skip(rest, 4 + (size_t)len);
			if (part == cases[i].part)
				text = str_at(fill, cases[i].len);
			len = (uint32_t)text.len;
			buf_add(&made, str_at((const char *)&len, 4));
			buf_add(&made, text);
		}
		buf_add(&made, rest);
		assert_int_equal(letter_form_open(buf_str(&made), r->rig->arena,
						  &form, &err),
				 -1);
		assert_int_equal(err.code, ERR_DB);
		assert_null(form);
		buf_done(&made);
	}
	free(fill);
	letter_rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_field_adds_a_header_or_a_part),
		cmocka_unit_test(no_address_adds_a_header_or_a_recipient),
		cmocka_unit_test(a_form_cut_anywhere_is_damaged),
		cmocka_unit_test(a_form_with_a_tail_is_damaged),
		cmocka_unit_test(a_form_with_any_byte_changed_does_no_harm),
		cmocka_unit_test(a_form_with_names_out_of_bounds_is_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
