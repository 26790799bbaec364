/* letter_wire_test.c - lines, octets and parts of a letter on its way */
#include "letter_rig.h"

#define SUBJECT "Salt for {{subscriber.first_name | default \"you\"}}"

static void check_wire(struct str letter)
{
	struct str rest = letter;

	assert_true(str_ends(letter, STR("\r\n")));
	while (rest.len > 0) {
		struct str line = str_cut(rest, '\n', &rest);

		assert_true(line.len > 0);
		assert_int_equal(line.at[line.len - 1], '\r');
		assert_in_range(line.len - 1, 0, 998);
		assert_int_not_equal(line.at[0], '.');
		assert_false(str_starts(line, STR("From ")));
		for (size_t i = 0; i + 1 < line.len; i++)
			assert_true(line.at[i] == '\t' ||
				    (line.at[i] >= ' ' && line.at[i] < 0x7f));
	}
}

static void values_of_every_length_go_out_in_wire_form(void **state)
{
	static const char *const letters[] = { "x", "x ", ".",	   "ü",
					       "🌱", "=",  "From ", "& " };
	struct letter_rig *r = letter_rig_new(LETTER_MARKDOWN, SUBJECT);
	struct str letter;
	char fields[4096];

	(void)state;
	for (size_t k = 0; k < LETTER_COUNT(letters); k++) {
		for (size_t chars = 0; chars < 220; chars += 3) {
			size_t len = 0;

			for (int field = 0; field < 3; field++) {
				for (size_t i = 0; i < chars; i++) {
					size_t n = strlen(letters[k]);

					memcpy(fields + len, letters[k], n);
					len += n;
				}
				fields[len++] = 0x1f;
			}
			r->reader.fields = str_at(fields, len);
			if (letter_compose(r->press, r->form, &r->reader,
					   &letter, &r->err) < 0)
				fail_msg("%s", r->err.message);
			check_wire(letter);
		}
	}
	letter_rig_free(r);
}

/* RFC 6532: the address of a reader, and nothing else, may be 8 bit. */
static void only_an_address_beyond_ascii_makes_eight_bits(void **state)
{
	struct letter_rig *r = letter_rig_new(LETTER_MARKDOWN, SUBJECT);
	struct str letter, to;
	size_t eight = 0;

	(void)state;
	r->reader.address = STR("björk@example.org");
	letter = letter_rig_letter(r);
	assert_int_equal(letter_field(letter, "To", &to), 1);
	assert_true(str_ends(to, STR("<björk@example.org>")));
	for (size_t i = 0; i < letter.len; i++)
		eight += (unsigned char)letter.at[i] >= 0x80;
	assert_int_equal(eight, 2);
	letter_rig_free(r);
}

/* The parts of a message of many: each boundary where it belongs. */
static void pictures_travel_in_a_part_of_their_own(void **state)
{
	static const struct render_picture pictures[] = {
		{ STR("one@example.org"), STR("image/png"), STR("one.png"),
		  STR("\x89PNG\r\n.\r\n") },
		{ STR("two@example.org"), STR("image/jpeg"), STR("two.jpg"),
		  STR("\xff\xd8") },
	};
	struct letter_rig *r = letter_rig_new("x", "x");
	struct str letter, rest;

	(void)state;
	r->parts.pictures = pictures;
	r->parts.picture_count = 2;
	letter_rig_pack(r);
	letter = letter_rig_letter(r);
	check_wire(letter);
	rest = letter_behind(letter, "multipart/alternative;");
	rest = letter_behind(rest, "\r\n--=_a_");
	rest = letter_behind(rest, "Content-Type: text/plain; charset=utf-8;");
	rest = letter_behind(rest, "\r\n--=_a_");
	rest = letter_behind(rest, "Content-Type: multipart/related;");
	rest = letter_behind(rest, "\r\n--=_r_");
	rest = letter_behind(rest, "Content-Type: text/html; charset=utf-8");
	rest = letter_behind(rest, "\r\n--=_r_");
	rest = letter_behind(rest, "Content-Type: image/png");
	rest = letter_behind(rest, "Content-ID: <one@example.org>");
	rest = letter_behind(rest, "\r\n\r\niVBORw0KLg0K\r\n");
	rest = letter_behind(rest, "\r\n--=_r_");
	rest = letter_behind(rest, "Content-ID: <two@example.org>");
	rest = letter_behind(rest, "\r\n\r\n/9g=\r\n");
	rest = letter_behind(rest, "--\r\n\r\n--=_a_");
	assert_true(str_ends(rest, STR("--\r\n")));
	assert_int_equal(rest.len, 16 + 4);
	letter_rig_free(r);
}

static void a_letter_past_its_ceiling_is_refused(void **state)
{
	struct letter_rig *r = letter_rig_new("x", "x");
	struct render_picture big = {
		STR("x@x"), STR("image/png"), STR("x"), { NULL, 0 }
	};
	struct err err = ERR_INIT;
	char *bytes = calloc(1, LETTER_MAX);

	(void)state;
	big.bytes = str_at(bytes, LETTER_MAX);
	r->parts.pictures = &big;
	r->parts.picture_count = 1;
	buf_reset(&r->blob);
	assert_int_equal(letter_form_pack(&r->head, &r->parts, &r->blob, &err),
			 -1);
	assert_int_equal(err.code, ERR_INPUT);
	/* Small enough alone, too large with the rest: seen at the press. */
	big.bytes.len = (size_t)LETTER_MAX / 78 * 57 - 4096;
	letter_rig_pack(r);
	err = (struct err)ERR_INIT;
	assert_int_equal(letter_compose(r->press, r->form, &r->reader,
					&(struct str){ 0 }, &err),
			 -1);
	assert_int_equal(err.code, ERR_INPUT);
	free(bytes);
	letter_rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_of_every_length_go_out_in_wire_form),
		cmocka_unit_test(only_an_address_beyond_ascii_makes_eight_bits),
		cmocka_unit_test(pictures_travel_in_a_part_of_their_own),
		cmocka_unit_test(a_letter_past_its_ceiling_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
