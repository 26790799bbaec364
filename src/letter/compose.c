/* compose.c - a form and a row become one message */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/time.h"
#include "letter_priv.h"
#include "mail/header.h"

#define LINE_MAX_OCTETS 998 /* RFC 5322 2.1.1 */

/* What one letter needs besides its form; all of it reused for the next. */
struct letter_press {
	struct seal *seal;
	struct program_scratch *scratch;
	struct buf out;
	struct buf to; /* the To: line */
	struct str values[FIELD_MAX];
	char date[TIME_RFC5322_MAX];
	char hash[33];
	char message_id[320];
	char sender[320];
	char unsubscribe_mail[320];
	char unsubscribe[2200], preferences[2200], answers[2200];
};

struct letter_press *letter_press_new(const struct seal *seal)
{
	struct letter_press *press = die_calloc(1, sizeof(*press), "a letter");

	press->seal = seal_copy(seal);
	press->scratch = program_scratch_new();
	buf_init(&press->out, LETTER_MAX + LETTER_ROOM);
	buf_init(&press->to, 4096);
	return press;
}

void letter_press_free(struct letter_press **press)
{
	if (!*press)
		return;
	seal_close(&(*press)->seal);
	program_scratch_free(&(*press)->scratch);
	buf_done(&(*press)->out);
	buf_done(&(*press)->to);
	free(*press);
	*press = NULL;
}

/* --- values --------------------------------------------------------------- */

static void token(struct letter_press *press, char purpose,
		  const struct letter_reader *reader,
		  char out[SEAL_TOKEN_LEN + 1])
{
	struct token t = { .purpose = purpose,
			   .list = reader->list,
			   .subscriber = reader->subscriber,
			   .issue = reader->issue };

	t.day = (uint16_t)(reader->date_ms / TIME_DAY_MS);
	seal_token(press->seal, &t, out);
}

static struct str fmt(char *out, size_t room, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static struct str fmt(char *out, size_t room, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(out, room, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= room)
		die("an address of ours does not fit");
	return str_at(out, (size_t)len);
}

/* "name ␟ first ␟ last ␟ language ␟ joined ␟ tags ␟ attribute ..." */
static void split_fields(struct letter_press *press, struct str fields)
{
	static const enum field order[] = { FIELD_NAME,	     FIELD_FIRST_NAME,
					    FIELD_LAST_NAME, FIELD_LANGUAGE,
					    FIELD_JOINED,    FIELD_TAGS };
	const size_t fixed = sizeof(order) / sizeof(*order);

	for (size_t i = 0; i < FIELD_MAX; i++)
		press->values[i] = STR_NONE;
	for (size_t i = 0; i < fixed + FIELD_ATTRIBUTES_MAX; i++) {
		struct str value = str_cut(fields, 0x1f, &fields);

		if (i < fixed)
			press->values[order[i]] = value;
		else
			press->values[FIELD_ATTRIBUTE + (i - fixed)] = value;
	}
}

static void links(struct letter_press *press, const struct letter_form *form,
		  const struct letter_reader *reader)
{
	char t[SEAL_TOKEN_LEN + 1];
	struct str url = form->parts[FORM_URL];

	token(press, 'u', reader, t);
	press->values[FIELD_UNSUBSCRIBE] = fmt(
		press->unsubscribe, sizeof(press->unsubscribe), STR_FMT "/u/%s",
		STR_ARG(url), t);
	press->values[FIELD_UNSUBSCRIBE_MAIL] = fmt(
		press->unsubscribe_mail, sizeof(press->unsubscribe_mail),
		"unsubscribe+%s@" STR_FMT, t,
		STR_ARG(form->parts[FORM_ENVELOPE]));
	token(press, 'p', reader, t);
	press->values[FIELD_PREFERENCES] = fmt(
		press->preferences, sizeof(press->preferences), STR_FMT "/p/%s",
		STR_ARG(url), t);
	if (!(form->fields & UINT64_C(1) << FIELD_ANSWERS))
		return;
	token(press, 'a', reader, t);
	press->values[FIELD_ANSWERS] = fmt(press->answers,
					   sizeof(press->answers),
					   STR_FMT "/a/%s", STR_ARG(url), t);
}

static int fill(struct letter_press *press, const struct letter_form *form,
		const struct letter_reader *reader, struct err *err)
{
	struct mailbox to;

	split_fields(press, reader->fields);
	links(press, form, reader);
	to.name = press->values[FIELD_NAME];
	/* A display name longer than a line helps nobody. */
	if (to.name.len > 100)
		to.name = STR_NONE;
	to.address = reader->address;
	buf_reset(&press->to);
	if (header_mailbox(&press->to, "To", &to, err) < 0)
		return -1;
	seal_message_id(press->seal, reader->issue, reader->subscriber,
			press->hash);
	press->values[FIELD_EMAIL] = reader->address;
	press->values[FIELD_TO] = buf_str(&press->to);
	press->values[FIELD_DATE] = str_of(
		time_rfc5322(reader->date_ms, press->date));
	press->values[FIELD_MESSAGE_ID] = fmt(
		press->message_id, sizeof(press->message_id), "%s@" STR_FMT,
		press->hash, STR_ARG(form->parts[FORM_FROM_DOMAIN]));
	return 0;
}

/* --- the whole ------------------------------------------------------------ */

/* The last look before a letter leaves our hands: CRLF and nothing else ends
 * a line, no line is too long or begins with a dot, no NUL, and no octet over
 * 127 but in the header of somebody whose address has one (RFC 6532). */
static int check(struct str bytes, bool utf8, struct err *err)
{
	struct str rest = bytes;

	if (!str_ends(bytes, STR("\r\n")))
		return err_set(err, ERR_INTERNAL, "a letter without its end");
	if (memchr(bytes.at, 0, bytes.len))
		return err_set(err, ERR_INTERNAL, "a NUL in a letter");
	while (rest.len > 0) {
		struct str line = str_cut(rest, '\n', &rest);

		if (line.len == 0 || line.at[line.len - 1] != '\r' ||
		    memchr(line.at, '\r', line.len - 1))
			return err_set(err, ERR_INTERNAL,
				       "a letter with a bare line end");
		if (line.at[0] == '.' || line.len - 1 > LINE_MAX_OCTETS)
			return err_set(err, ERR_INTERNAL,
				       "a letter with a line that may not be "
				       "sent");
	}
	if (utf8)
		return 0;
	for (size_t i = 0; i < bytes.len; i++)
		if ((unsigned char)bytes.at[i] >= 0x80)
			return err_set(err, ERR_INTERNAL,
				       "a letter with an 8-bit octet");
	return 0;
}

/* Nothing but room: what will stand there is not ours. */
static void leave_room(struct buf *out)
{
	buf_reset(out);
	if (buf_reserve(out, LETTER_ROOM))
		out->len = LETTER_ROOM;
}

static int compose(struct letter_press *press, const struct letter_form *form,
		   struct err *err)
{
	const struct {
		const struct program *program;
		struct str before;
	} parts[] = {
		{ form->headers, STR_NONE },
		{ form->subject, STR_NONE },
		{ form->text, form->parts[FORM_OPEN] },
		{ form->html, form->parts[FORM_MIDDLE] },
	};
	struct buf *out = &press->out;

	leave_room(out);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		buf_add(out, parts[i].before);
		if (program_run(parts[i].program, press->values, press->scratch,
				out, err) < 0)
			return -1;
	}
	buf_add(out, form->parts[FORM_CLOSE]);
	if (buf_over(out))
		return err_set(err, ERR_INPUT,
			       "the letter would be larger than %d bytes",
			       LETTER_MAX);
	return 0;
}

int letter_compose(struct letter_press *press, const struct letter_form *form,
		   const struct letter_reader *reader, struct str *bytes_out,
		   struct err *err)
{
	struct str bytes;

	if (fill(press, form, reader, err) < 0 || compose(press, form, err) < 0)
		return -1;
	bytes = str_skip(buf_str(&press->out), LETTER_ROOM);
	if (check(bytes, address_needs_utf8(reader->address), err) < 0)
		return -1;
	*bytes_out = bytes;
	return 0;
}

struct str letter_sender(struct letter_press *press,
			 const struct letter_form *form,
			 const struct letter_reader *reader)
{
	char t[SEAL_TOKEN_LEN + 1];

	token(press, 'b', reader, t);
	return fmt(press->sender, sizeof(press->sender), "bounce+%s@" STR_FMT,
		   t, STR_ARG(form->parts[FORM_ENVELOPE]));
}

struct str letter_message_id(struct letter_press *press,
			     const struct letter_form *form,
			     const struct letter_reader *reader)
{
	seal_message_id(press->seal, reader->issue, reader->subscriber,
			press->hash);
	return fmt(press->message_id, sizeof(press->message_id),
		   "<%s@" STR_FMT ">", press->hash,
		   STR_ARG(form->parts[FORM_FROM_DOMAIN]));
}

/* --- for people to look at ------------------------------------------------ */

/* 0 for what is no digit: of a damaged form only. */
static unsigned hex(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10) : 0;
}

/* Quoted-printable of our own making back into text with LF. */
static void decode(struct str bytes, struct buf *out)
{
	for (size_t i = 0; i < bytes.len; i++) {
		char c = bytes.at[i];

		if (c == '\r')
			continue;
		if (c != '=' || i + 2 >= bytes.len) {
			buf_byte(out, c);
			continue;
		}
		if (bytes.at[i + 1] != '\r')
			buf_byte(out, (char)(hex(bytes.at[i + 1]) << 4 |
					     hex(bytes.at[i + 2])));
		i += 2;
	}
}

int letter_part(struct letter_press *press, const struct letter_form *form,
		const struct letter_reader *reader, enum program_part part,
		struct buf *out, struct err *err)
{
	const struct program *programs[] = { [PART_HEADERS] = form->headers,
					     [PART_HTML] = form->html,
					     [PART_TEXT] = form->text };

	buf_reset(&press->out);
	if (fill(press, form, reader, err) < 0 ||
	    program_run(programs[part], press->values, press->scratch,
			&press->out, err) < 0)
		return -1;
	if (part == PART_HEADERS)
		buf_add(out, buf_str(&press->out));
	else
		decode(buf_str(&press->out), out);
	return 0;
}
