/* reach.c - settings that serve for trying out, and for nobody else */
#include "issue/issue.h"
#include "mail/address.h"

static const struct conf_relay *outward_relay(const struct conf *conf)
{
	for (const struct conf_relay *r = conf->relays; r; r = r->next)
		if (r->kind != RELAY_DIR && r->kind != RELAY_PIPE &&
		    !r->loopback)
			return r;
	return NULL;
}

static bool is_https(struct str url)
{
	return str_starts(url, STR("https://"));
}

/* RFC 2606 2 and 3: nobody can have a mailbox there. */
static bool is_nobodys(struct str domain)
{
	static const struct str reserved[] = {
		STR("example.com"), STR("example.net"), STR("example.org"),
		STR("example"),	    STR("invalid"),	STR("test"),
		STR("localhost"),
	};

	for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++) {
		struct str end = reserved[i];

		if (str_eq_nocase(domain, end))
			return true;
		if (domain.len > end.len &&
		    domain.at[domain.len - end.len - 1] == '.' &&
		    str_eq_nocase(str_skip(domain, domain.len - end.len), end))
			return true;
	}
	return false;
}

static int check_url(const struct conf *conf, const struct conf_relay *relay,
		     struct err *err)
{
	struct str url = conf->publication.url;

	if (is_https(url))
		return 0;
	err_set(err, ERR_CONFIG,
		"letters by way of '" STR_FMT "' want an https:// address for "
		"their links, and this is '" STR_FMT "'",
		STR_ARG(str_head(relay->host, 100)),
		STR_ARG(str_head(url, 100)));
	err_hint(err, "readers must be able to unsubscribe: name the address "
		      "under which your pages are served");
	return err_place(err, "%s", conf_place(conf, "publication.url"));
}

static int check_from(const struct conf *conf, struct arena *arena,
		      struct err *err)
{
	struct mailbox from;

	if (mailbox_parse(conf->from, arena, &from, err) < 0)
		return err_place(err, "%s", conf_place(conf, "from"));
	if (!is_nobodys(address_domain(from.address)))
		return 0;
	err_set(err, ERR_CONFIG, "'" STR_FMT "' is an address for examples",
		STR_ARG(str_head(from.address, 100)));
	err_hint(err, "write the address that your letters come from");
	return err_place(err, "%s", conf_place(conf, "from"));
}

/* The sample's own, whose readers could write to nobody; example streets of
 * other people's are not ours to judge. */
static int check_address(const struct conf *conf, struct err *err)
{
	if (!str_eqz(str_trim(conf->publication.address), CONF_SAMPLE_ADDRESS))
		return 0;
	err_set(err, ERR_CONFIG, "the postal address is still the example's");
	err_hint(err, "write yours, which the law asks for in commercial mail");
	return err_place(err, "%s", conf_place(conf, "publication.address"));
}

int issue_reach(const struct conf *conf, struct arena *arena, struct err *err)
{
	const struct conf_relay *relay = outward_relay(conf);

	if (!relay)
		return 0;
	if (check_url(conf, relay, err) < 0 || check_from(conf, arena, err) < 0)
		return -1;
	return check_address(conf, err);
}
