/* login.c - AUTH PLAIN and LOGIN (RFC 4954, 4616): any name, one password */
#include "catch_priv.h"

static int digit(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				     "opqrstuvwxyz0123456789+/";
	const char *hit = c ? strchr(digits, c) : NULL;

	return hit ? (int)(hit - digits) : -1;
}

static bool decode(struct str text, struct buf *out)
{
	unsigned bits = 0, have = 0;

	while (text.len > 0 && text.at[text.len - 1] == '=')
		text.len--;
	for (size_t i = 0; i < text.len; i++) {
		int six = digit(text.at[i]);

		if (six < 0)
			return false;
		bits = bits << 6 | (unsigned)six;
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_byte(out, (char)(bits >> have & 0xff));
		}
	}
	return !buf_over(out);
}

static void judge(struct session *session, struct str password)
{
	struct str wanted = session->server->options->password;

	session->mode = MODE_COMMAND;
	if (wanted.len > 0 && !str_eq(password, wanted)) {
		session_reply(session, "535 5.7.8 wrong name or password");
		return;
	}
	session->authed = true;
	session_reply(session, "235 2.7.0 welcome");
}

/* "\0name\0password" */
static void plain(struct session *session, struct str text)
{
	struct buf decoded;
	struct str rest;

	buf_init(&decoded, 4096);
	if (!decode(text, &decoded)) {
		session->mode = MODE_COMMAND;
		session_reply(session, "501 5.5.2 this is not base64");
	} else {
		rest = buf_str(&decoded);
		str_cut(rest, 0, &rest);
		str_cut(rest, 0, &rest);
		judge(session, rest);
	}
	buf_done(&decoded);
}

void login_line(struct session *session, struct str line)
{
	struct buf decoded;

	if (str_eq(line, STR("*"))) {
		session->mode = MODE_COMMAND;
		session_reply(session, "501 5.0.0 as you like");
		return;
	}
	if (session->mode == MODE_AUTH_PLAIN) {
		plain(session, line);
		return;
	}
	if (session->mode == MODE_AUTH_USER) {
		session->mode = MODE_AUTH_PASS;
		session_reply(session, "334 UGFzc3dvcmQ6");
		return;
	}
	buf_init(&decoded, 4096);
	if (decode(line, &decoded)) {
		judge(session, buf_str(&decoded));
	} else {
		session->mode = MODE_COMMAND;
		session_reply(session, "501 5.5.2 this is not base64");
	}
	buf_done(&decoded);
}

void login_command(struct session *session, struct str argument)
{
	struct str rest;
	struct str mechanism = str_cut(argument, ' ', &rest);

	if (session_fault(session, FAULT_AUTH, STR_NONE))
		return;
	if (session->authed) {
		session_reply(session, "503 5.5.1 already logged in");
	} else if (str_eq_nocase(mechanism, STR("PLAIN"))) {
		session->mode = MODE_AUTH_PLAIN;
		if (rest.len > 0)
			plain(session, str_trim(rest));
		else
			session_reply(session, "334 ");
	} else if (str_eq_nocase(mechanism, STR("LOGIN"))) {
		session->mode = rest.len ? MODE_AUTH_PASS : MODE_AUTH_USER;
		session_reply(session, rest.len ? "334 UGFzc3dvcmQ6"
						: "334 VXNlcm5hbWU6");
	} else {
		session_reply(session, "504 5.5.4 PLAIN or LOGIN, please");
	}
}
