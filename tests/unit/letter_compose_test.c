/* letter_compose_test.c - one reader's letter, as it goes out */
#include "letter_rig.h"

#define SUBJECT "Salt for {{subscriber.first_name | default \"you\"}}"

#define TOKEN_U "af2qcaahaerukz4jvpg66aaaaavfa4y3f5lwfqq4twsox2kboy"

/* --- headers -------------------------------------------------------------- */

static void every_header_stands_there_once_in_its_form(void **state)
{
	static const char *const fields[][2] = {
		{ "From", "The Salt Road <letters@example.org>" },
		{ "To", "Ana Ruiz <Ana@example.org>" },
		{ "Subject", "Salt for Ana" },
		{ "Date", "Fri, 22 May 2026 09:00:00 +0000" },
		{ "Message-ID",
		  "<94c19aaa2f556477e76f557839ce9910@example.org>" },
		{ "Reply-To", "answers@example.org" },
		{ "MIME-Version", "1.0" },
		{ "List-Id", "Salt Road Weekly <weekly.example.org>" },
		{ "List-Unsubscribe",
		  "<https://letters.example.org/u/" TOKEN_U ">,\r\n"
		  " <mailto:unsubscribe+" TOKEN_U "@bounces.example.org>" },
		{ "List-Unsubscribe-Post", "List-Unsubscribe=One-Click" },
		{ "List-Help", "<https://letters.example.org/help>" },
		{ "List-Owner", "<mailto:answers@example.org>" },
		{ "List-Archive", "<https://letters.example.org/archive>" },
		{ "List-Post", "NO" },
		{ "Archived-At", "<https://letters.example.org/i/salt-road>" },
		{ "Feedback-ID", "salt-road:weekly:tidings:0123456789" },
	};
	struct letter_rig *r = letter_rig_new(LETTER_MARKDOWN, SUBJECT);
	struct str letter = letter_rig_letter(r), type, rest;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < LETTER_COUNT(fields); i++)
		letter_assert_field(r, letter, fields[i][0], fields[i][1]);
	assert_int_equal(letter_field(letter, "Content-Type", &type), 1);
	assert_true(str_starts(type, STR("multipart/alternative;")));
	/* And nothing else: no Auto-Submitted, no Precedence. */
	for (rest = letter_head_of(letter); rest.len > 0;)
		count += str_cut(rest, '\n', &rest).at[0] != ' ';
	assert_int_equal(count, LETTER_COUNT(fields) + 1);
	letter_rig_free(r);
}

static void one_click_is_promised_on_https_alone(void **state)
{
	struct letter_rig *r = letter_rig_new("x", "x");
	struct str letter, value;

	(void)state;
	r->head.url = STR("http://127.0.0.1:8080");
	r->head.one_click = false;
	letter_rig_pack(r);
	letter = letter_rig_letter(r);
	assert_int_equal(letter_field(letter, "List-Unsubscribe-Post", &value),
			 0);
	assert_int_equal(letter_field(letter, "List-Unsubscribe", &value), 1);
	assert_true(str_starts(value, STR("<http://127.0.0.1:8080/u/")));
	letter_rig_free(r);
}

static void without_an_address_for_answers_the_sender_owns_the_list(
	void **state)
{
	struct letter_rig *r = letter_rig_new("x", "x");
	struct str letter, value;

	(void)state;
	r->head.reply_to = (struct mailbox){ STR_NONE, STR_NONE };
	r->head.from.address = STR("a&b/c=d%e?f@example.org");
	letter_rig_pack(r);
	letter = letter_rig_letter(r);
	assert_int_equal(letter_field(letter, "Reply-To", &value), 0);
	/* RFC 6068 2: these would be read as parts of the link. */
	letter_assert_field(r, letter, "List-Owner",
			    "<mailto:a%26b%2Fc%3Dd%25e%3Ff@example.org>");
	letter_rig_free(r);
}

/* All that names our domain is A-labels: nothing here is 8 bit. */
static void a_sender_from_a_domain_beyond_ascii_is_written_in_ascii(
	void **state)
{
	struct letter_rig *r = letter_rig_new("x", "x");
	struct str letter;

	(void)state;
	r->head.from = (struct mailbox){ STR("Bücher"),
					 STR("a@Bücher.example") };
	r->head.reply_to = (struct mailbox){ STR_NONE, STR_NONE };
	r->head.list_title = STR_NONE;
	letter_rig_pack(r);
	letter = letter_rig_letter(r);
	letter_assert_field(
		r, letter, "From",
		"=?utf-8?q?B=C3=BCcher?= <a@xn--bcher-kva.example>");
	letter_assert_field(r, letter, "List-Id",
			    "weekly <weekly.xn--bcher-kva.example>");
	letter_assert_field(r, letter, "List-Owner",
			    "<mailto:a@xn--bcher-kva.example>");
	letter_assert_field(r, letter, "Message-ID",
			    "<94c19aaa2f556477e76f557839ce9910"
			    "@xn--bcher-kva.example>");
	letter_rig_free(r);
}

/* What would make every letter fail is said once, before anything is sent. */
static void a_head_that_cannot_be_written_is_refused_at_once(void **state)
{
	static char long_url[1200];
	struct letter_head heads[15];
	struct letter_rig *r = letter_rig_new("x", "x");
	size_t n = 0;

	(void)state;
	memset(long_url, 'x', sizeof(long_url));
	memcpy(long_url, "https://", 8);
	for (size_t i = 0; i < LETTER_COUNT(heads); i++)
		heads[i] = letter_rig_head();
	heads[n++].url = STR("https://bücher.example");
	heads[n++].url = STR("https://x.example/a b");
	heads[n++].url = STR("https://x.example>, <https://evil.example");
	heads[n++].url = str_at(long_url, 901);
	heads[n++].url = STR_NONE;
	heads[n++].envelope_domain = STR("x.example>\r\nBcc: a@b.cd");
	heads[n++].envelope_domain = STR_NONE;
	heads[n++].from.address = STR("nobody");
	heads[n++].from.address = STR("björk@example.org");
	heads[n++].reply_to.address = STR("björk@example.org");
	heads[n++].from.name = STR("A\r\nBcc: a@b.cd");
	heads[n++].list_title = STR("A\nBcc: a@b.cd");
	heads[n++].list_key = STR("we ekly");
	heads[n++].slug = STR("x>\r\nBcc: a@b.cd");
	heads[n++].feedback = STR("x\r\nBcc: a@b.cd");
	assert_int_equal(n, LETTER_COUNT(heads));
	for (size_t i = 0; i < n; i++) {
		struct err err = ERR_INIT;
		struct buf out;

		buf_init(&out, 1 << 20);
		if (letter_form_pack(&heads[i], &r->parts, &out, &err) == 0)
			fail_msg("head %zu is taken", i);
		assert_true(err.code == ERR_CONFIG || err.code == ERR_INPUT);
		assert_true(err.message[0] != 0);
		assert_int_equal(out.len, 0);
		buf_done(&out);
	}
	r->head.url = str_at(long_url, 900);
	letter_rig_pack(r);
	letter_rig_letter(r);
	letter_rig_free(r);
}

/* --- links and tokens ----------------------------------------------------- */

static void prove(struct letter_rig *r, struct str text, char purpose)
{
	struct token t;

	assert_true(seal_token_read(r->seal, str_head(text, SEAL_TOKEN_LEN),
				    purpose, &t));
	assert_int_equal(t.list, r->reader.list);
	assert_true(t.subscriber == r->reader.subscriber);
	assert_int_equal(t.issue, r->reader.issue);
	assert_int_equal(t.day, LETTER_DATE / (24 * 3600 * 1000));
}

static void each_link_bears_the_token_of_its_purpose(void **state)
{
	struct letter_rig *r = letter_rig_new("x", "x");
	struct str html = letter_rig_part(r, PART_HTML);
	struct str text = letter_rig_part(r, PART_TEXT);
	struct str sender, letter = letter_rig_letter(r);

	(void)state;
	prove(r,
	      letter_behind(letter, "List-Unsubscribe: "
				    "<https://letters.example.org/u/"),
	      'u');
	prove(r, letter_behind(letter, "<mailto:unsubscribe+"), 'u');
	prove(r, letter_behind(html, "https://letters.example.org/u/"), 'u');
	prove(r, letter_behind(html, "https://letters.example.org/p/"), 'p');
	prove(r, letter_behind(text, "https://letters.example.org/u/"), 'u');
	prove(r, letter_behind(text, "https://letters.example.org/p/"), 'p');
	sender = letter_sender(r->press, r->form, &r->reader);
	assert_true(str_starts(sender, STR("bounce+")));
	assert_true(str_ends(sender, STR("@bounces.example.org")));
	prove(r, str_skip(sender, 7), 'b');
	/* RFC 5321 4.5.3.1.1. */
	assert_true(address_ok(sender, NULL));
	letter_rig_free(r);
}

static void an_answer_leads_to_the_readers_own_link(void **state)
{
	struct letter_rig *r = letter_rig_new(
		"[Yes]({{links.answers}}/1) [No]({{links.answers}}/2)", "x");
	struct str html = letter_rig_part(r, PART_HTML);
	struct str text = letter_rig_part(r, PART_TEXT);
	struct str link = letter_behind(html, "https://letters.example.org/a/");

	(void)state;
	prove(r, link, 'a');
	assert_true(str_starts(str_skip(link, SEAL_TOKEN_LEN), STR("/1\"")));
	prove(r, letter_behind(text, "https://letters.example.org/a/"), 'a');
	letter_rig_free(r);
}

static void the_message_id_is_one_for_each_issue_and_reader(void **state)
{
	struct letter_rig *r = letter_rig_new("x", "x");
	struct str ids[4];

	(void)state;
	for (size_t i = 0; i < LETTER_COUNT(ids); i++) {
		r->reader.issue = 42 + (uint32_t)(i & 1);
		r->reader.subscriber = 7 + (i >> 1);
		ids[i] = arena_dup(
			r->rig->arena,
			letter_message_id(r->press, r->form, &r->reader));
		letter_assert_field(r, letter_rig_letter(r), "Message-ID",
				    arena_z(r->rig->arena, ids[i]));
		for (size_t k = 0; k < i; k++)
			assert_false(str_eq(ids[i], ids[k]));
	}
	letter_rig_free(r);
}

/* --- the same bytes ------------------------------------------------------- */

static void every_try_gives_the_same_bytes(void **state)
{
	struct letter_rig *r = letter_rig_new(LETTER_MARKDOWN, SUBJECT);
	struct letter_press *other = letter_rig_press(r->seal);
	struct letter_reader ana = r->reader;
	struct str first = letter_rig_letter(r), again;
	char *copy = malloc(r->blob.len);

	(void)state;
	/* Somebody else in between, with more and with less. */
	r->reader.address = STR("bo@example.org");
	r->reader.fields = STR("");
	r->reader.subscriber = 1;
	assert_false(str_eq(letter_rig_letter(r), first));
	r->reader = ana;
	assert_true(str_eq(letter_rig_letter(r), first));
	/* Another thread's press; the form read again from the ledger. */
	memcpy(copy, r->blob.at, r->blob.len);
	assert_int_equal(letter_form_open(str_at(copy, r->blob.len),
					  r->rig->arena, &r->form, &r->err),
			 0);
	assert_int_equal(letter_compose(other, r->form, &ana, &again, &r->err),
			 0);
	assert_true(str_eq(again, first));
	free(copy);
	letter_press_free(&other);
	letter_rig_free(r);
}

static void the_same_head_and_parts_give_the_same_form(void **state)
{
	struct letter_rig *a = letter_rig_new(LETTER_MARKDOWN, SUBJECT);
	struct letter_rig *b = letter_rig_new(LETTER_MARKDOWN, SUBJECT);

	(void)state;
	assert_true(str_eq(buf_str(&a->blob), buf_str(&b->blob)));
	letter_rig_free(a);
	letter_rig_free(b);
}

/* --- a reader's own words ------------------------------------------------- */

static void fields_are_written_as_their_place_asks(void **state)
{
	struct letter_rig *r = letter_rig_new(LETTER_MARKDOWN, SUBJECT);
	struct str html, text, letter;

	(void)state;
	r->reader.fields = STR("A&B \"Ö\" <x>\x1f"
			       "<b>&Ö\x1f\x1f\x1f\x1f<t>\x1fgöld");
	html = letter_rig_part(r, PART_HTML);
	text = letter_rig_part(r, PART_TEXT);
	letter = letter_rig_letter(r);
	rig_holds(html, "&lt;b&gt;&amp;Ö");
	rig_holds(html, "n=A%26B%20%22%C3%96%22%20%3Cx%3E&amp;p=1");
	rig_holds(html, "GÖLD, tags: &lt;t&gt;, at Ana@example.org");
	rig_lacks(html, "<b>&Ö");
	rig_holds(text, "Dear <b>&Ö, _hello_.");
	rig_holds(text, "n=A%26B%20%22%C3%96%22%20%3Cx%3E&p=1");
	letter_assert_field(r, letter, "Subject",
			    "=?utf-8?q?Salt_for_=3Cb=3E=26=C3=96?=");
	letter_assert_field(r, letter, "To",
			    "=?utf-8?q?A=26B_=22=C3=96=22_=3Cx=3E?= "
			    "<Ana@example.org>");
	letter_rig_free(r);
}

static void what_a_reader_has_not_takes_the_default(void **state)
{
	struct letter_rig *r = letter_rig_new(LETTER_MARKDOWN, SUBJECT);
	struct str letter;

	(void)state;
	r->reader.fields = STR_NONE;
	letter = letter_rig_letter(r);
	letter_assert_field(r, letter, "Subject", "Salt for you");
	letter_assert_field(r, letter, "To", "Ana@example.org");
	rig_holds(letter_rig_part(r, PART_TEXT), "Dear friend,");
	letter_rig_free(r);
}

static void the_form_says_which_fields_the_freeze_must_keep(void **state)
{
	struct letter_rig *r = letter_rig_new(LETTER_MARKDOWN, SUBJECT);
	uint64_t fields = letter_form_fields(r->form);
	const struct str *names;
	size_t count;

	(void)state;
	names = letter_form_attributes(r->form, &count);
	assert_int_equal(count, 1);
	assert_true(str_eqz(names[0], "plan"));
	assert_true(fields & UINT64_C(1) << FIELD_FIRST_NAME);
	assert_true(fields & UINT64_C(1) << FIELD_NAME);
	assert_true(fields & UINT64_C(1) << FIELD_TAGS);
	assert_true(fields & UINT64_C(1) << FIELD_ATTRIBUTE);
	assert_false(fields & UINT64_C(1) << FIELD_LAST_NAME);
	assert_false(fields & UINT64_C(1) << FIELD_JOINED);
	letter_rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_header_stands_there_once_in_its_form),
		cmocka_unit_test(one_click_is_promised_on_https_alone),
		cmocka_unit_test(
			without_an_address_for_answers_the_sender_owns_the_list),
		cmocka_unit_test(
			a_sender_from_a_domain_beyond_ascii_is_written_in_ascii),
		cmocka_unit_test(
			a_head_that_cannot_be_written_is_refused_at_once),
		cmocka_unit_test(each_link_bears_the_token_of_its_purpose),
		cmocka_unit_test(an_answer_leads_to_the_readers_own_link),
		cmocka_unit_test(
			the_message_id_is_one_for_each_issue_and_reader),
		cmocka_unit_test(every_try_gives_the_same_bytes),
		cmocka_unit_test(the_same_head_and_parts_give_the_same_form),
		cmocka_unit_test(fields_are_written_as_their_place_asks),
		cmocka_unit_test(what_a_reader_has_not_takes_the_default),
		cmocka_unit_test(
			the_form_says_which_fields_the_freeze_must_keep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
