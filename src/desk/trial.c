/* trial.c - a letter for looking at: see desk/trial.h */
#include "desk/trial.h"

#include <stdlib.h>

#include "base/die.h"

struct trial {
	struct letter_press *press;
	const struct letter_form *form;
	struct buf marked;
};

int trial_open(const struct issue *issue, const struct seal *seal,
	       struct arena *arena, struct trial **trial_out, struct err *err)
{
	const struct letter_form *form;
	struct trial *trial;

	if (letter_form_open(issue->form, arena, &form, err) < 0)
		return -1;
	trial = die_calloc(1, sizeof(*trial), "a letter for looking at");
	trial->form = form;
	trial->press = letter_press_new(seal);
	buf_init(&trial->marked, LETTER_ROOM + LETTER_MAX + 100);
	*trial_out = trial;
	return 0;
}

void trial_close(struct trial **trial)
{
	if (!*trial)
		return;
	letter_press_free(&(*trial)->press);
	buf_done(&(*trial)->marked);
	free(*trial);
	*trial = NULL;
}

static struct letter_reader nobody(const struct issue_reader *reader,
				   uint64_t number, int64_t now)
{
	return (struct letter_reader){
		.subscriber = LETTER_NOBODY | number,
		.address = reader->address,
		.fields = reader->fields,
		.date_ms = now,
	};
}

/* Behind "Subject:" a line of its own, so that what was folded stays as it is:
 * no line becomes longer, no encoded word is touched. */
static struct str marked(struct trial *trial, struct str bytes,
			 const char *mark)
{
	static const struct str name = STR("\r\nSubject:");
	ptrdiff_t at = str_find_str(bytes, name);
	struct buf *out = &trial->marked;
	struct str rest;

	if (at < 0)
		return bytes;
	buf_reset(out);
	if (!buf_reserve(out, LETTER_ROOM))
		die("a letter for looking at has no room");
	out->len = LETTER_ROOM;
	rest = str_skip(bytes, (size_t)at + name.len);
	buf_add(out, str_head(bytes, (size_t)at + name.len));
	buf_fmt(out, " %s", mark);
	while (str_starts(rest, STR(" ")))
		rest = str_skip(rest, 1);
	if (!str_starts(rest, STR("\r\n")))
		buf_add(out, STR("\r\n "));
	buf_add(out, rest);
	return str_skip(buf_str(out), LETTER_ROOM);
}

int trial_letter(struct trial *trial, const struct issue_reader *reader,
		 uint64_t number, const char *mark, int64_t now,
		 struct str *bytes_out, struct err *err)
{
	struct letter_reader to = nobody(reader, number, now);

	if (letter_compose(trial->press, trial->form, &to, bytes_out, err) < 0)
		return -1;
	if (mark[0])
		*bytes_out = marked(trial, *bytes_out, mark);
	return 0;
}

struct str trial_sender(struct trial *trial, const struct issue_reader *reader,
			uint64_t number, int64_t now)
{
	struct letter_reader to = nobody(reader, number, now);

	return letter_sender(trial->press, trial->form, &to);
}

int trial_part(struct trial *trial, const struct issue_reader *reader,
	       enum program_part part, int64_t now, struct buf *out,
	       struct err *err)
{
	struct letter_reader to = nobody(reader, 0, now);

	return letter_part(trial->press, trial->form, &to, part, out, err);
}
