/* letter_rig.h - a form made of Markdown, a press, a reader, and the way back */
#ifndef LETTER_RIG_H
#define LETTER_RIG_H

#include "render_rig.h"

#include "letter/letter.h"

#define LETTER_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LETTER_DATE	    INT64_C(1779440400123) /* 2026-05-22 09:00 UTC */

/* Every context a reader's field can stand in. */
#define LETTER_MARKDOWN                                                     \
	"Dear {{subscriber.first_name | default \"friend\"}}, *hello*.\n\n" \
	"[Yours](https://x.example/?n={{subscriber.name}}&p=1)\n\n"         \
	".begins with a dot\n\n"                                            \
	"From here on\n\n"                                                  \
	"Plan: {{subscriber.plan | upper}}, tags: {{subscriber.tags}}, "    \
	"at {{subscriber.email}}.\n"

struct letter_rig {
	struct rig *rig;
	struct letter_head head;
	struct render_output parts;
	struct buf blob;
	const struct letter_form *form;
	struct letter_press *press;
	struct letter_reader reader;
	struct seal *seal;
	struct err err;
};

static inline struct letter_head letter_rig_head(void)
{
	return (struct letter_head){
		.from = { STR("The Salt Road"), STR("letters@example.org") },
		.reply_to = { STR_NONE, STR("answers@example.org") },
		.list_title = STR("Salt Road Weekly"),
		.list_key = STR("weekly"),
		.url = STR("https://letters.example.org"),
		.slug = STR("salt-road"),
		.envelope_domain = STR("bounces.example.org"),
		.feedback = STR("0123456789"),
		.one_click = true,
	};
}

static inline void letter_rig_pack(struct letter_rig *r)
{
	buf_reset(&r->blob);
	if (letter_form_pack(&r->head, &r->parts, &r->blob, &r->err) < 0 ||
	    letter_form_open(buf_str(&r->blob), r->rig->arena, &r->form,
			     &r->err) < 0)
		fail_msg("%s", r->err.message);
}

static inline struct letter_press *letter_rig_press(struct seal *seal)
{
	return letter_press_new(seal);
}

static inline struct letter_rig *letter_rig_new(const char *markdown,
						const char *subject)
{
	static const unsigned char secret[32] = { 1, 2, 3 };
	struct letter_rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->rig = rig_new("/nonexistent");
	rig_markdown(r->rig, markdown);
	r->rig->article.subject = str_of(subject);
	if (render_letter(&r->rig->input, r->rig->arena, &r->parts, &r->err) <
	    0)
		fail_msg("%s: %s", r->err.place, r->err.message);
	r->head = letter_rig_head();
	r->seal = seal_of(secret);
	r->press = letter_rig_press(r->seal);
	buf_init(&r->blob, 4 * (size_t)LETTER_MAX);
	r->reader = (struct letter_reader){
		.issue = 42,
		.list = 7,
		.subscriber = UINT64_C(0x0123456789abcdef),
		.address = STR("Ana@example.org"),
		.fields = STR("Ana Ruiz\x1f"
			      "Ana\x1fRuiz\x1f"
			      "en\x1f"
			      "2024-03-01\x1fone, two\x1fgold"),
		.date_ms = LETTER_DATE,
	};
	letter_rig_pack(r);
	return r;
}

static inline void letter_rig_free(struct letter_rig *r)
{
	letter_press_free(&r->press);
	seal_close(&r->seal);
	buf_done(&r->blob);
	rig_free(r->rig);
	free(r);
}

/* The letter, copied: the press's own ends with the next call. */
static inline struct str letter_rig_letter(struct letter_rig *r)
{
	struct str bytes;

	if (letter_compose(r->press, r->form, &r->reader, &bytes, &r->err) < 0)
		fail_msg("%s", r->err.message);
	return arena_dup(r->rig->arena, bytes);
}

static inline struct str letter_rig_part(struct letter_rig *r,
					 enum program_part part)
{
	struct buf out;
	struct str text;

	buf_init(&out, LETTER_MAX);
	if (letter_part(r->press, r->form, &r->reader, part, &out, &r->err) < 0)
		fail_msg("%s", r->err.message);
	text = arena_dup(r->rig->arena, buf_str(&out));
	buf_done(&out);
	return text;
}

/* --- a letter taken apart -------------------------------------------------- */

static inline struct str letter_head_of(struct str letter)
{
	ptrdiff_t end = str_find_str(letter, STR("\r\n\r\n"));

	assert_true(end > 0);
	return str_head(letter, (size_t)end + 2);
}

/* The value of the field `name`, folds and all; how often it is there. */
static inline int letter_field(struct str letter, const char *name,
			       struct str *value_out)
{
	struct str rest = letter_head_of(letter), want = str_of(name);
	int count = 0;
	bool in = false;

	*value_out = STR_NONE;
	while (rest.len > 0) {
		struct str line = str_cut(rest, '\n', &rest);

		if (line.at[0] == ' ') {
			value_out->len += in ? line.len + 1 : 0;
			continue;
		}
		in = str_starts_nocase(line, want) && line.len > want.len &&
		     line.at[want.len] == ':';
		count += in;
		if (in)
			*value_out = str_at(line.at + want.len + 2,
					    line.len - want.len - 1);
	}
	value_out->len = str_trim(*value_out).len;
	return count;
}

static inline void letter_assert_field(struct letter_rig *r, struct str letter,
				       const char *name, const char *want)
{
	struct str value;

	if (letter_field(letter, name, &value) != 1)
		fail_msg("'%s' is not there once", name);
	assert_string_equal(arena_z(r->rig->arena, value), want);
}

static inline struct str letter_behind(struct str text, const char *mark)
{
	ptrdiff_t at = str_find_str(text, str_of(mark));

	assert_true(at >= 0);
	return str_skip(text, (size_t)at + strlen(mark));
}

#endif
