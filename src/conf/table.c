/* table.c - every setting there is: name, type, default, range, sentence */
#include <stddef.h>

#include "conf_priv.h"

static const char *const typography_words[] = { "smart", "plain", NULL };
static const char *const uncertain_words[] = { "resend", "hold", "reconcile",
					       NULL };

#define ROW(name, words, standard, help) { name, words, standard, help }
#define TEXT(name, field, standard, help)				\
	{ ROW(name, "TEXT", standard, help), SETTING_TEXT, field, 0, 0, NULL }
#define LINES(name, field, help)					\
	{ ROW(name, "LINES", "", help), SETTING_LINES, field, 0, 0, NULL }
#define URL(name, field, standard, help)				\
	{ ROW(name, "URL", standard, help), SETTING_URL, field, 0, 0, NULL }
#define PICTURE(name, field, help)					\
	{ ROW(name, "PICTURE", "", help), SETTING_PICTURE, field, 0, 0, NULL }
#define DURATION(name, field, standard, help)				\
	{ ROW(name, "DURATION", standard, help), SETTING_DURATION, field, 0, 0, NULL }
#define RATE(name, field, help)						\
	{ ROW(name, "RATE", "", help), SETTING_RATE, field, 0, 0, NULL }
#define RATES(name, field, help)						\
	{ ROW(name, "RATES", "", help), SETTING_RATES, field, 0, 0, NULL }
#define NUMBERS(name, field, help)					\
	{ ROW(name, "NUMBERS", "", help), SETTING_NUMBERS, field, 0, 0, NULL }
#define HOURS(name, field, help)						\
	{ ROW(name, "HOURS", "", help), SETTING_HOURS, field, 0, 0, NULL }
#define PERCENT(name, field, standard, help)				\
	{ ROW(name, "PERCENT", standard, help), SETTING_PERCENT, field, 0, 0, NULL }
#define NUMBER(name, field, low, high, standard, help)			\
	{ ROW(name, "NUMBER " #low "-" #high, standard, help),		\
	  SETTING_NUMBER, field, low, high, NULL }
#define BOOL(name, field, help)						\
	{ ROW(name, "yes or no", "no", help), SETTING_BOOL, field, 0, 0, NULL }
#define LINKS(name, field, help)					\
	{ ROW(name, "LINKS", "", help), SETTING_LINKS, field, 0, 0, NULL }
#define CHOICE(name, field, words, list, standard, help)		\
	{ ROW(name, words, standard, help), SETTING_CHOICE, field, 0, 0, list }

#define C(field) offsetof(struct conf, field)
#define A(field) offsetof(struct conf_author, field)
#define L(field) offsetof(struct conf_list, field)
#define R(field) offsetof(struct conf_relay, field)

const struct setting conf_table[] = {
	TEXT("publication.name", C(publication.name), "",
	     "what the publication is called; required"),
	TEXT("publication.tagline", C(publication.tagline), "",
	     "one line under the name"),
	URL("publication.url", C(publication.url), "http://127.0.0.1:8080",
	    "where readers reach the pages; https:// for one-click unsubscribe"),
	TEXT("publication.language", C(publication.language), "en",
	     "language of the letters, such as en or pt-BR"),
	TEXT("publication.theme", C(publication.theme), "letter",
	     "how letters look: letter, magazine or note"),
	CHOICE("publication.typography", C(publication.typography),
	       "smart or plain", typography_words, "smart",
	       "smart: quotes, dashes and dots as the language prints them"),
	PICTURE("publication.logo", C(publication.logo),
		"the logo on top of each letter: a file, or its https address"),
	LINES("publication.address", C(publication.address),
	      "postal address for the footer, which the law asks for"),
	TEXT("publication.copyright", C(publication.copyright), "",
	     "who holds the rights; the year is added; default the name"),
	LINKS("publication.social", C(publication.social),
	      "where else readers find you"),
	LINKS("publication.links", C(publication.links),
	      "named links for the footer"),
	TEXT("from", C(from), "", "Name <address> of the sender; required"),
	TEXT("reply_to", C(reply_to), "", "where answers go; default from"),
	TEXT("authors.*.name", A(name), "", "the name as it is printed"),
	TEXT("authors.*.tagline", A(tagline), "", "one line about the author"),
	PICTURE("authors.*.photo", A(photo),
		"a square photo: a file, or its https address"),
	LINKS("authors.*.links", A(links), "links under the author's box"),
	TEXT("lists.*.title", L(title), "",
	     "the list's name for readers; default its key"),
	TEXT("lists.*.description", L(description), "",
	     "why readers get it, in the footer; default that they subscribed"),
	TEXT("relays.*.url", R(url), "",
	     "smtp:// smtps:// smtp+starttls:// HOST:PORT, dir:FOLDER, or pipe:COMMAND with {sender} and {recipient}; required"),
	TEXT("relays.*.user", R(user), "", "name for the login"),
	TEXT("relays.*.password_file", R(password_file), "",
	     "file that holds the password and nothing else"),
	TEXT("relays.*.password_env", R(password_env), "",
	     "environment variable that holds the password"),
	TEXT("relays.*.ca_file", R(ca_file), "",
	     "certificates to trust in place of the system's, PEM"),
	BOOL("relays.*.plaintext", R(plaintext),
	     "allow smtp:// without TLS to a host that is not this one"),
	NUMBER("relays.*.connections", R(connections), 1, 500, "4",
	       "connections at once"),
	NUMBER("relays.*.messages_per_connection", R(messages_per_connection),
	       0, 1000000, "0", "letters before a connection is renewed; 0 no limit"),
	RATE("relays.*.rate", R(rate), "letters in a time, such as 20/s or 500/h"),
	RATES("relays.*.quota", R(quota),
	      "letters in any hour, any day, over all runs, such as [500/h, 2000/d]"),
	NUMBERS("relays.*.warmup", R(warmup),
		"letters a day from the relay's first day on, such as [200, 400, 800]"),
	HOURS("relays.*.hours", R(hours),
	      "when letters go out, by the machine's clock, such as 08:00-20:00"),
	TEXT("attributes.*.type", offsetof(struct conf_attribute, type), "text",
	     "what readers may have of this name: text, number, date or bool"),
	TEXT("envelope.domain", C(envelope_domain), "",
	     "domain of bounces and of unsubscribe mail; default that of from"),
	TEXT("dkim.selector", C(dkim.selector), "",
	     "name of the signing key in the DNS"),
	TEXT("dkim.key_file", C(dkim.key_file), "",
	     "the private key, RSA or Ed25519 in PEM; 'tidings dkim new' makes one"),
	TEXT("dkim.ed25519_selector", C(dkim.ed25519_selector), "",
	     "name of a second key, for a second signature"),
	TEXT("dkim.ed25519_key_file", C(dkim.ed25519_key_file), "",
	     "the second private key, Ed25519"),
	TEXT("dkim.domain", C(dkim.domain), "",
	     "domain that signs; default that of from"),
	CHOICE("uncertain", C(uncertain), "resend, hold or reconcile",
	       uncertain_words, "resend",
	       "what becomes of a letter whose last reply was lost; hold and reconcile wait for a person"),
	DURATION("uncertain_after", C(uncertain_after_ms), "15m",
		 "how long a lost reply is waited for"),
	DURATION("send.not_after", C(send.not_after_ms), "5d",
		 "an issue's letters are not tried any more after this"),
	DURATION("send.retry", C(send.retry_ms), "5m",
		 "wait before the first retry; it doubles"),
	DURATION("send.retry_max", C(send.retry_max_ms), "4h",
		 "longest wait between two tries"),
	DURATION("send.spread", C(send.spread_ms), "",
		 "spread an issue evenly over this time"),
	NUMBER("send.threads", C(send.threads), 0, 64, "0",
	       "sender threads; 0 is one a processor, four at most"),
	PERCENT("breakers.failed", C(breakers.failed), "1%",
		"an issue is paused when more of its letters are refused for good"),
	PERCENT("breakers.deferred", C(breakers.deferred), "5%",
		"the relay is slowed when it puts more letters off"),
	NUMBER("breakers.min_results", C(breakers.min_results), 1, 1000000,
	       "200", "results before an issue is paused"),
	NUMBER("breakers.min_events", C(breakers.min_events), 1, 1000000, "3",
	       "refusals before an issue is paused"),
};
const size_t conf_table_count = sizeof(conf_table) / sizeof(*conf_table);

#define GROUP(name, type, field)					\
	{ name, C(field), sizeof(struct type), offsetof(struct type, next), 0 }
#define GROUP_LINE(name, type, field)					\
	{ name, C(field), sizeof(struct type), offsetof(struct type, next),	\
	  offsetof(struct type, line) }

const struct group conf_groups[] = {
	GROUP("authors", conf_author, authors),
	GROUP_LINE("lists", conf_list, lists),
	GROUP_LINE("relays", conf_relay, relays),
	GROUP("attributes", conf_attribute, attributes),
};
const size_t conf_group_count = sizeof(conf_groups) / sizeof(*conf_groups);
