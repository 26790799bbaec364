/* print.c - the words that reach a person, made safe for a terminal */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/die.h"
#include "base/utf8.h"
#include "cli_priv.h"

#define REMARK_MAX  2048
#define JSON_MAX    ((size_t)512 * 1024 * 1024)
#define REPLACEMENT "\xEF\xBF\xBD"

/* C0, DEL and C1, and the marks that turn the direction of what follows. */
static bool steers(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 ||
	       c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
	       (c >= 0x2066 && c <= 0x2069);
}

static void put_clean(FILE *to, struct str text, const char *kept)
{
	while (text.len > 0) {
		size_t len;
		uint32_t c = utf8_next(text, &len);

		if ((c == 0xFFFD && len == 1) ||
		    (steers(c) &&
		     (c == 0 || c > 0x7F || !strchr(kept, (int)c))))
			fputs(REPLACEMENT, to);
		else
			fwrite(text.at, 1, len, to);
		text = str_skip(text, len);
	}
}

void print_clean(FILE *to, struct str text)
{
	put_clean(to, text, "");
}

void print_page(FILE *to, struct str text)
{
	if (isatty(fileno(to)))
		put_clean(to, text, "\n\t");
	else
		fwrite(text.at, 1, text.len, to);
}

void print_json(FILE *to, struct json **json)
{
	struct buf line;

	buf_init(&line, JSON_MAX);
	json_line(*json, &line);
	if (buf_over(&line))
		die("a line of JSON is larger than %zu bytes", JSON_MAX);
	fwrite(line.at, 1, line.len, to);
	buf_done(&line);
	json_free(json);
}

bool print_heard(const struct app *app)
{
	return (app->terminal || app->verbose) && !app->quiet && !app->json;
}

static void put_line(FILE *to, const char *before, const char *fmt,
		     va_list args) __attribute__((format(printf, 3, 0)));

static void put_line(FILE *to, const char *before, const char *fmt,
		     va_list args)
{
	char text[REMARK_MAX];

	vsnprintf(text, sizeof(text), fmt, args);
	fputs(before, to);
	put_clean(to, str_of(text), "\n");
	fputc('\n', to);
}

void print_remark(const struct app *app, const char *fmt, ...)
{
	va_list args;

	if (!print_heard(app))
		return;
	va_start(args, fmt);
	put_line(stderr, "", fmt, args);
	va_end(args);
}

void print_warning(const struct app *app, const char *fmt, ...)
{
	char text[REMARK_MAX];
	struct json *outer, *inner;
	va_list args;

	if (app->quiet)
		return;
	va_start(args, fmt);
	if (!app->json) {
		put_line(stderr, "tidings: warning: ", fmt, args);
		va_end(args);
		return;
	}
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	outer = json_map();
	inner = json_map();
	json_add_str(inner, "message", str_of(text));
	json_add(outer, "warning", &inner);
	print_json(stderr, &outer);
}

static void put_error_json(const struct err *err)
{
	struct json *outer = json_map(), *inner = json_map();

	json_add_str(inner, "code", str_of(err_name(err->code)));
	json_add_str(inner, "place", str_of(err->place));
	json_add_str(inner, "message", str_of(err->message));
	json_add_str(inner, "excerpt", str_of(err->excerpt));
	json_add_str(inner, "hint", str_of(err->hint));
	json_add(outer, "error", &inner);
	print_json(stderr, &outer);
}

void print_err(const struct app *app, const struct err *err)
{
	const char *loud = app->color ? "\033[1;31m" : "";
	const char *bold = app->color ? "\033[1m" : "";
	const char *plain = app->color ? "\033[0m" : "";

	if (app->json) {
		put_error_json(err);
		return;
	}
	fprintf(stderr, "%stidings:%s ", loud, plain);
	if (err->place[0]) {
		fputs(bold, stderr);
		print_clean(stderr, str_of(err->place));
		fprintf(stderr, ":%s ", plain);
	}
	print_clean(stderr, str_of(err->message));
	fputc('\n', stderr);
	if (err->excerpt[0]) {
		put_clean(stderr, str_of(err->excerpt), "\n");
		fputc('\n', stderr);
	}
	if (err->hint[0]) {
		fprintf(stderr, "%shint:%s ", bold, plain);
		print_clean(stderr, str_of(err->hint));
		fputc('\n', stderr);
	}
}
