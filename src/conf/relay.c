/* relay.c - a relay's address taken apart, and its password fetched */
#include <arpa/inet.h>
#include <netinet/in.h>
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

static int at_relay(const struct conf *conf, const struct conf_relay *relay,
		    const char *what, struct err *err)
{
	return conf_at(conf, err, "relays." STR_FMT ".%s", STR_ARG(relay->key),
		       what);
}

/* Numbers are looked at as numbers: "127.example.org" is a name. */
static bool is_loopback(struct str host, struct arena *arena)
{
	const char *z = arena_z(arena, host);
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, z, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, z, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six);
	return str_eq_nocase(host, STR("localhost"));
}

static bool name_ok(struct str host)
{
	if (host.len == 0 || host.len > 255 || host.at[0] == '-' ||
	    host.at[0] == '.')
		return false;
	for (size_t i = 0; i < host.len; i++) {
		char c = host.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '.' || c == '-'))
			return false;
	}
	return true;
}

static bool port_ok(struct str text, int *port_out)
{
	int64_t number;

	if (!str_int64(text, &number) || number < 1 || number > 65535)
		return false;
	*port_out = (int)number;
	return true;
}

/* HOST, HOST:PORT, [IPv6], [IPv6]:PORT */
static bool split_host(struct str text, struct conf_relay *relay,
		       struct arena *arena)
{
	struct in6_addr six;
	struct str rest;

	if (!str_starts(text, STR("["))) {
		relay->host = str_cut(text, ':', &rest);
		return name_ok(relay->host) &&
		       (relay->host.len == text.len ||
			port_ok(rest, &relay->port));
	}
	if (str_find(text, ']') < 0)
		return false;
	relay->host = str_cut(str_skip(text, 1), ']', &rest);
	return inet_pton(AF_INET6, arena_z(arena, relay->host), &six) == 1 &&
	       (rest.len == 0 || (rest.at[0] == ':' &&
				  port_ok(str_skip(rest, 1), &relay->port)));
}

static struct str unquote(struct str s)
{
	s = str_trim(s);
	if (s.len >= 2 && s.at[0] == '"' && s.at[s.len - 1] == '"' &&
	    str_find(str_at(s.at + 1, s.len - 2), '"') < 0)
		return str_at(s.at + 1, s.len - 2);
	return s;
}

static int check_login(const struct conf *conf, const struct conf_relay *relay,
		       struct err *err)
{
	bool file = relay->password_file.len > 0;
	bool variable = relay->password_env.len > 0;

	if (file && variable) {
		err_set(err, ERR_CONFIG,
			"'password_file' and 'password_env' at once");
		err_hint(err, "keep one of them");
		return at_relay(conf, relay, "password_env", err);
	}
	if (relay->user.len > 0 && !file && !variable) {
		err_set(err, ERR_CONFIG,
			"'user' without password_file or password_env");
		err_hint(err, "write password_file: relay.password");
		return at_relay(conf, relay, "user", err);
	}
	if (relay->user.len == 0 && (file || variable)) {
		err_set(err, ERR_CONFIG, "a password without 'user'");
		err_hint(err, "write user: NAME");
		return at_relay(conf, relay,
				file ? "password_file" : "password_env", err);
	}
	return 0;
}

static int check_smtp(const struct conf *conf, struct conf_relay *relay,
		      struct str rest, struct arena *arena, struct err *err)
{
	/* What stands before the @ may be a password: it is not repeated. */
	if (str_find(rest, '@') >= 0) {
		err_set(err, ERR_CONFIG, "a login has no place in the url");
		err_hint(err, "write 'user' and 'password_file' below it");
		return at_relay(conf, relay, "url", err);
	}
	if (!split_host(rest, relay, arena)) {
		err_set(err, ERR_CONFIG, "'" STR_FMT "' is no HOST:PORT",
			STR_ARG(str_head(rest, 80)));
		err_hint(err, "write mail.example.org:587 or [2001:db8::1]:587"
			      ", without a path");
		return at_relay(conf, relay, "url", err);
	}
	relay->loopback = is_loopback(relay->host, arena);
	if (relay->kind == RELAY_SMTP && !relay->loopback &&
	    !relay->plaintext) {
		err_set(err, ERR_CONFIG,
			"smtp:// to '" STR_FMT "' would go without TLS",
			STR_ARG(relay->host));
		err_hint(err, "use smtp+starttls:// or smtps://, or say "
			      "'plaintext: yes' if you mean it");
		return at_relay(conf, relay, "url", err);
	}
	return check_login(conf, relay, err);
}

/* Readers' addresses are arguments, and never the program. */
static bool command_ok(struct str command)
{
	struct str program, rest = command;
	int quotes = 0;

	for (size_t i = 0; i < command.len; i++)
		quotes += command.at[i] == '"';
	program = str_starts(command, STR("\""))
			  ? str_cut(str_skip(command, 1), '"', &rest)
			  : str_cut(command, ' ', &rest);
	return program.len > 0 && str_find(program, '{') < 0 &&
	       quotes % 2 == 0 && str_find_str(rest, STR("{recipient}")) >= 0;
}

static int check_pipe(const struct conf *conf, struct conf_relay *relay,
		      struct str rest, struct err *err)
{
	relay->command = unquote(rest);
	if (command_ok(relay->command))
		return 0;
	err_set(err, ERR_CONFIG,
		"'" STR_FMT "' is no program with {recipient} behind it",
		STR_ARG(str_head(relay->command, 80)));
	err_hint(err, "write pipe:\"/usr/sbin/sendmail -i -f {sender} -- "
		      "{recipient}\"");
	return at_relay(conf, relay, "url", err);
}

int relay_check(const struct conf *conf, struct conf_relay *relay,
		struct arena *arena, struct err *err)
{
	struct str rest;

	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		if (!str_starts(relay->url, schemes[i].prefix))
			continue;
		rest = str_skip(relay->url, schemes[i].prefix.len);
		relay->kind = schemes[i].kind;
		relay->port = schemes[i].port;
		if (relay->kind == RELAY_PIPE)
			return check_pipe(conf, relay, rest, err);
		if (relay->kind != RELAY_DIR)
			return check_smtp(conf, relay, rest, arena, err);
		relay->dir = unquote(rest);
		if (relay->dir.len > 0)
			return 0;
		break;
	}
	/* Behind the colon may be a password. */
	err_set(err, ERR_CONFIG, "'" STR_FMT "' is no kind of relay",
		STR_ARG(str_head(str_cut(relay->url, ':', &rest), 80)));
	err_hint(err, "write smtp://127.0.0.1:2525, smtps://HOST, "
		      "smtp+starttls://HOST, dir:FOLDER or pipe:COMMAND");
	return at_relay(conf, relay, "url", err);
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
		return at_relay(conf, relay, "password_file", err);
	}
	if (file_read(path, 4096, arena, out, err) < 0) {
		err->code = ERR_CONFIG;
		return at_relay(conf, relay, "password_file", err);
	}
	if (str_ends(*out, STR("\n")))
		out->len--;
	if (str_ends(*out, STR("\r")))
		out->len--;
	if (out->len > 0)
		return 0;
	err_set(err, ERR_CONFIG, "'%s' is empty", path);
	err_hint(err, "write the password into it, and nothing else");
	return at_relay(conf, relay, "password_file", err);
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
	if (value && value[0]) {
		*secret_out = arena_dup(arena, str_of(value));
		return 0;
	}
	err_set(err, ERR_CONFIG, "the environment has no '" STR_FMT "'",
		STR_ARG(relay->password_env));
	err_hint(err, "set and export it before the command");
	return at_relay(conf, relay, "password_env", err);
}
