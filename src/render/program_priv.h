/* program_priv.h - the shape of a merge program's blob */
#ifndef PROGRAM_PRIV_H
#define PROGRAM_PRIV_H

#include "render/program.h"
#include "slot_priv.h"

#define PROGRAM_MAGIC	    0x4d504454u /* "TDPM" */
#define PROGRAM_VERSION	    2
#define PROGRAM_MAX	    ((size_t)8 * 1024 * 1024)
#define PROGRAM_OPS_MAX	    200000u
#define PROGRAM_NESTING_MAX 64
#define PROGRAM_LEAD_MAX    2048u /* bytes that begin a line of WRAP */
#define PROGRAM_DEFAULT_MAX (4u * SLOT_CHARS) /* bytes, of a slot */

enum op_kind {
	OP_LIT,
	OP_SLOT,
	OP_IF,	 /* jump when the condition does not hold */
	OP_ELSE, /* met behind the first branch: jump over the second */
	OP_END_IF,
	OP_WRAP,
	OP_END_WRAP,
	OP_HEAD,
	OP_END_HEAD,
	OP_COUNT
};

/* All numbers are fixed in width; the blob is read on the machine's own byte
 * order, as the database that keeps it is. */
struct op {
	uint8_t kind;
	uint8_t field;
	uint8_t context; /* SLOT */
	uint8_t unused;
	uint32_t a_at, a_len; /* LIT bytes; default; condition; first line;
				 name */
	uint32_t b_at, b_len; /* SLOT: filters; WRAP: the other lines */
	uint32_t jump;	      /* IF: the op behind its ELSE or END; ELSE,
				 WRAP, HEAD: that behind its END */
};

struct program_head {
	uint32_t magic;
	uint16_t version, part;
	uint32_t ops, bytes;
	uint64_t fields;
};

struct program {
	enum program_part part;
	const struct op *ops;
	uint32_t count;
	struct str bytes;
	uint64_t fields;
};

#endif
