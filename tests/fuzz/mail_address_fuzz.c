/* mail_address_fuzz.c - any bytes at all as an address, and as a mailbox
 *
 * What is accepted is safe between "<" and ">" on the wire, as it is and as
 * it goes out; its key is an address again and its own key.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/utf8.h"
#include "mail/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_wire(struct str wire)
{
	struct str domain = address_domain(wire);

	assert(wire.len <= 254 && address_local(wire).len <= 64);
	assert(utf8_ok(wire, NULL) && !utf8_has_control(wire));
	for (size_t i = 0; i < wire.len; i++)
		assert(!strchr(" <>", wire.at[i]));
	for (size_t i = 0; i < domain.len; i++)
		assert((domain.at[i] >= 'a' && domain.at[i] <= 'z') ||
		       (domain.at[i] >= '0' && domain.at[i] <= '9') ||
		       domain.at[i] == '-' || domain.at[i] == '.');
}

static void check_address(struct arena *arena, struct str address)
{
	struct str wire = address_wire(arena, address);
	struct str key = address_key(arena, address);

	check_wire(wire);
	assert(address_ok(wire, NULL));
	assert(str_eq(address_wire(arena, wire), wire));
	assert(str_eq(address_local(wire), address_local(address)));
	assert(str_eq(address_key(arena, wire), key));
	/* Lower case may be longer: the key need not be mailable. */
	if (address_ok(key, NULL))
		assert(str_eq(address_key(arena, key), key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena *arena = arena_new("fuzzing", 1 << 26);
	struct mailbox box = { STR_NONE, STR_NONE };
	struct err err = ERR_INIT;
	const char *why = NULL;

	if (address_ok(text, &why)) {
		assert(!why);
		check_address(arena, text);
	} else {
		assert(why && why[0]);
	}
	if (mailbox_parse(text, arena, &box, &err) == 0) {
		assert(address_ok(box.address, NULL));
		assert(!utf8_has_control(box.name));
	} else {
		assert(err.code == ERR_INPUT && err.message[0]);
	}
	arena_free(&arena);
	return 0;
}
