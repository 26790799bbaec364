/* relay.c - a relay's address taken apart, and its password fetched */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "conf_priv.h"

static const struct {
	struct str prefix;
	enum conf_relay_kind kind;
	int port;
} schemes[] = {
	{ STR("smtp://"), RELAY_SMTP, 25 },
	{ STR("smtps://"), RELAY_SMTPS, 465 },
	{ STR("smtp+starttls://"), RELAY_STARTTLS, 587 },
	{ STR("dir:"), RELAY_DIR, 0 },
	{ STR("pipe:"), RELAY_PIPE, 0 },
};

static int at_url(const struct conf *conf, const struct conf_relay *relay,
		  const char *what, struct err *err)
{
	return conf_at(conf, err, "relays." STR_FMT ".%s", STR_ARG(relay->key),
		       what);
}

static bool is_loopback(struct str host)
{
	return str_eq_nocase(host, STR("localhost")) ||
	       str_eqz(host, "::1") || str_starts(host, STR("127."));
}

static bool host_ok(struct str host)
{
	if (host.len == 0 || host.len > 255)
		return false;
	for (size_t i = 0; i < host.len; i++) {
		char c = host.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '.' || c == '-' ||
		      c == ':'))
			return false;
	}
	return true;
}

/* HOST, HOST:PORT, [IPv6], [IPv6]:PORT */
static bool split_host(struct str text, struct conf_relay *relay)
{
	struct str port;
	int64_t number = relay->port;

	if (text.len > 0 && text.at[0] == '[') {
		relay->host = str_cut(str_skip(text, 1), ']', &port);
		if (port.len > 0 && port.at[0] != ':')
			return false;
		port = port.len > 0 ? str_skip(port, 1) : STR_NONE;
	} else {
		relay->host = str_cut(text, ':', &port);
	}
	if (port.len > 0 &&
	    (!str_int64(port, &number) || number < 1 || number > 65535))
		return false;
	relay->port = (int)number;
	return host_ok(relay->host);
}

static struct str unquote(struct str s)
{
	s = str_trim(s);
	if (s.len >= 2 && s.at[0] == '"' && s.at[s.len - 1] == '"' &&
	    str_find(str_at(s.at + 1, s.len - 2), '"') < 0)
		return str_at(s.at + 1, s.len - 2);
	return s;
}

static int check_smtp(const struct conf *conf, struct conf_relay *relay,
		      struct str rest, struct err *err)
{
	bool password = relay->password_file.len || relay->password_env.len;

	if (!split_host(rest, relay)) {
		err_set(err, ERR_CONFIG, "'" STR_FMT "' is no HOST:PORT",
			STR_ARG(rest));
		return at_url(conf, relay, "url", err);
	}
	relay->loopback = is_loopback(relay->host);
	if (relay->kind == RELAY_SMTP && !relay->loopback &&
	    !relay->plaintext) {
		err_set(err, ERR_CONFIG,
			"smtp:// to '" STR_FMT "' would go without TLS",
			STR_ARG(relay->host));
		err_hint(err, "use smtp+starttls:// or smtps://, or say "
			      "'plaintext: yes' if you mean it");
		return at_url(conf, relay, "url", err);
	}
	if ((relay->user.len > 0) != password) {
		err_set(err, ERR_CONFIG, relay->user.len
			? "'user' without password_file or password_env"
			: "a password without 'user'");
		return at_url(conf, relay, relay->user.len ? "user" : "url",
			      err);
	}
	return 0;
}

static int check_pipe(const struct conf *conf, struct conf_relay *relay,
		      struct str rest, struct err *err)
{
	relay->command = unquote(rest);
	if (str_find_str(relay->command, STR("{recipient}")) >= 0)
		return 0;
	err_set(err, ERR_CONFIG, "the command does not name {recipient}");
	err_hint(err, "write pipe:\"/usr/sbin/sendmail -i -f {sender} -- "
		      "{recipient}\"");
	return at_url(conf, relay, "url", err);
}

int relay_check(const struct conf *conf, struct conf_relay *relay,
		struct arena *arena, struct err *err)
{
	(void)arena;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		struct str rest;

		if (!str_starts(relay->url, schemes[i].prefix))
			continue;
		rest = str_skip(relay->url, schemes[i].prefix.len);
		relay->kind = schemes[i].kind;
		relay->port = schemes[i].port;
		if (relay->kind == RELAY_PIPE)
			return check_pipe(conf, relay, rest, err);
		if (relay->kind != RELAY_DIR)
			return check_smtp(conf, relay, rest, err);
		relay->dir = unquote(rest);
		if (relay->dir.len > 0)
			return 0;
		break;
	}
	err_set(err, ERR_CONFIG, "'" STR_FMT "' is no relay",
		STR_ARG(str_head(relay->url, 80)));
	err_hint(err, "write smtp://127.0.0.1:2525, smtps://HOST, "
		      "smtp+starttls://HOST, dir:FOLDER or pipe:COMMAND");
	return at_url(conf, relay, "url", err);
}

static int read_password_file(const struct conf *conf,
			      const struct conf_relay *relay,
			      struct arena *arena, struct str *out,
			      struct err *err)
{
	struct str name = relay->password_file;
	const char *path = name.at[0] == '/'
				   ? arena_z(arena, name)
				   : file_path(arena, conf->dir.at, name);
	struct stat st;

	if (stat(path, &st) == 0 && (st.st_mode & 077) != 0) {
		err_set(err, ERR_CONFIG, "others may read '%s'", path);
		err_hint(err, "run: chmod 600 '%s'", path);
		return at_url(conf, relay, "password_file", err);
	}
	if (file_read(path, 4096, arena, out, err) < 0) {
		err->code = ERR_CONFIG;
		return at_url(conf, relay, "password_file", err);
	}
	if (out->len > 0 && out->at[out->len - 1] == '\n')
		out->len--;
	return 0;
}

int conf_secret(const struct conf *conf, const struct conf_relay *relay,
		struct arena *arena, struct str *secret_out, struct err *err)
{
	const char *value;

	*secret_out = STR_NONE;
	if (relay->password_file.len > 0)
		return read_password_file(conf, relay, arena, secret_out, err);
	if (relay->password_env.len == 0)
		return 0;
	value = getenv(arena_z(arena, relay->password_env));
	if (value) {
		*secret_out = arena_dup(arena, str_of(value));
		return 0;
	}
	err_set(err, ERR_CONFIG, "the environment has no '" STR_FMT "'",
		STR_ARG(relay->password_env));
	return at_url(conf, relay, "password_env", err);
}
