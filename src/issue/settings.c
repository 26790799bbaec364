/* settings.c - what settings say that only those above them can judge */
#include "issue_priv.h"

static int at_setting(const struct conf *conf, const char *setting,
		      struct err *err)
{
	err->code = ERR_CONFIG;
	err->place[0] = 0;
	return err_place(err, "%s", conf_place(conf, setting));
}

int settings_theme(const struct conf *conf, struct err *err)
{
	if (render_theme_check(conf->publication.theme, err) == 0)
		return 0;
	return at_setting(conf, "publication.theme", err);
}

int settings_mailbox(const struct conf *conf, const char *setting,
		     struct str text, struct arena *arena, struct mailbox *out,
		     struct err *err)
{
	if (mailbox_parse(text, arena, out, err) == 0)
		return 0;
	return at_setting(conf, setting, err);
}

int issue_settings(const struct conf *conf, struct arena *arena,
		   struct err *err)
{
	struct mailbox ignored;

	if (settings_theme(conf, err) < 0 ||
	    settings_mailbox(conf, "from", conf->from, arena, &ignored, err) <
		    0)
		return -1;
	if (conf->reply_to.len == 0)
		return 0;
	return settings_mailbox(conf, "reply_to", conf->reply_to, arena,
				&ignored, err);
}
