/* catch_faults_fuzz.c - any text at all as a SPEC of faults
 *
 * What is accepted can strike at any time without harm, answers with one line
 * that begins with a code, and says the same twice; what is refused has a
 * reason and a hint.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/utf8.h"
#include "catch/catch_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_fault(const struct fault *f)
{
	assert(f->kind != FAULT_NONE);
	assert(f->moment < FAULT_MOMENT_COUNT);
	assert(f->percent >= 0 && f->percent <= 100);
	assert(f->number >= 0 && f->number <= 1000000000);
	if (f->kind != FAULT_REPLY)
		return;
	assert(f->reply.len > 4 && f->reply.at[f->reply.len] == 0);
	assert(f->reply.at[0] >= '2' && f->reply.at[0] <= '5');
	assert(f->reply.at[3] == ' ');
	assert(!utf8_has_control(f->reply));
}

static void check_strikes(struct faults *one, struct faults *two)
{
	static const int64_t times[] = { 0, 1, 1000, INT64_C(1) << 40 };

	for (int moment = 0; moment < FAULT_MOMENT_COUNT; moment++) {
		for (size_t i = 0; i < 4; i++) {
			const struct fault *a = faults_strike(
				one, (enum fault_moment)moment,
				STR("a@x.example"), one->started + times[i]);
			const struct fault *b = faults_strike(
				two, (enum fault_moment)moment,
				STR("a@x.example"), two->started + times[i]);

			assert(!a == !b);
			if (!a)
				continue;
			assert((int)a->moment == moment && a->kind == b->kind);
			assert(a->percent > 0);
			assert(a->kind != FAULT_CLOSE_AFTER);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str spec = { (const char *)data, size };
	struct arena *arena = arena_new("fuzzing", 1 << 28);
	struct faults one, two;
	struct err err = ERR_INIT;

	if (faults_parse(spec, arena, &one, &err) == 0) {
		assert(faults_parse(spec, arena, &two, &err) == 0);
		for (const struct fault *f = one.first; f; f = f->next)
			check_fault(f);
		check_strikes(&one, &two);
	} else {
		assert(err.code == ERR_INPUT);
		assert(err.message[0] && err.hint[0]);
	}
	arena_free(&arena);
	return 0;
}
