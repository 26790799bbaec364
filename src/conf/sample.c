/* sample.c - the commented settings that `tidings init` writes */
#include "base/utf8.h"
#include "conf/conf.h"

static const char sample[] =
"# The settings of this publication. `tidings config` shows all there are, the\n"
"# value of each and where it comes from.\n"
"\n"
"publication:\n"
"  name: \"%s\"\n"
"  tagline: Letters about what matters here\n"
"  # Where readers will reach the web pages. With an https:// address letters\n"
"  # offer unsubscribing with one click.\n"
"  url: http://127.0.0.1:8080\n"
"  language: en\n"
"  # How letters look: letter, magazine or note.\n"
"  theme: letter\n"
"  # The law asks for a postal address in commercial mail.\n"
"  address: |\n"
"    1 Quay Street\n"
"    10115 Harbour Town\n"
"  # logo: https://example.org/logo.png\n"
"  # social:\n"
"  #   - {title: Mastodon, url: \"https://social.example/@you\"}\n"
"  # links:\n"
"  #   - {title: Privacy, url: \"https://example.org/privacy\"}\n"
"\n"
"from: \"%s\"\n"
"# reply_to: editor@example.org\n"
"\n"
"authors:\n"
"  editor:\n"
"    name: The Editor\n"
"    tagline: Writes these letters\n"
"\n"
"lists:\n"
"  weekly:\n"
"    title: Weekly letter\n"
"\n"
"relays:\n"
"  main:\n"
"    # `tidings catch` listens here: letters end in a folder of yours.\n"
"    url: smtp://127.0.0.1:2525\n"
"    # A real one:\n"
"    # url: smtp+starttls://mail.example.org:587\n"
"    # user: me\n"
"    # password_file: relay.password\n"
"    connections: 4\n"
"    # rate: 20/s\n"
"    # quota: [500/h, 2000/d]\n"
"\n"
"# Where bounces and unsubscribe mails arrive.\n"
"# envelope:\n"
"#   domain: bounces.example.org\n"
"\n"
"# What readers may have besides a name; letters can use it as\n"
"# {{subscriber.plan}}.\n"
"# attributes:\n"
"#   plan: {type: text}\n";

/* What YAML does not take as a character has no place here: names come from
 * folders. */
static struct str clean(struct arena *arena, struct str name)
{
	char *at = arena_take(arena, name.len + 1);
	size_t len = 0;

	while (name.len > 0) {
		size_t size;
		uint32_t c = utf8_next(name, &size);
		struct str one = str_head(name, size);

		if (c == 0xfffd || (c & 0xfffe) == 0xfffe ||
		    utf8_has_control(one))
			one = STR(" ");
		memcpy(at + len, one.at, one.len);
		len += one.len;
		name = str_skip(name, size);
	}
	return str_trim(str_at(at, len));
}

/* What would end double quotes, escaped: in YAML as in a mailbox's name. */
static char *escaped(struct arena *arena, struct str text)
{
	char *out = arena_take(arena, 2 * text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"' || text.at[i] == '\\')
			out[len++] = '\\';
		out[len++] = text.at[i];
	}
	return out;
}

/* The name as a mailbox has it: bare where that means the same. */
static struct str sender_of(struct arena *arena, struct str name)
{
	static const char special[] = "\"\\<>";
	const char *quote = "";

	for (size_t i = 0; i < name.len; i++)
		if (strchr(special, name.at[i]))
			quote = "\"";
	return arena_fmt(arena, "%s%s%s <letters@example.org>", quote,
			 quote[0] ? escaped(arena, name) : arena_z(arena, name),
			 quote);
}

struct str conf_template(struct arena *arena, struct str name)
{
	struct str called = clean(arena, name);

	if (called.len == 0)
		called = STR("My letter");
	return arena_fmt(arena, sample, escaped(arena, called),
			 escaped(arena, sender_of(arena, called)));
}
