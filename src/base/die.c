/* die.c - the end of the program for reasons nobody can handle */
#include "base/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void die(const char *fmt, ...)
{
	char text[512];
	va_list args;
	ssize_t ignored;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	ignored = write(2, "tidings: ", 9);
	ignored = write(2, text, strlen(text));
	ignored = write(2, "\n", 1);
	(void)ignored;
	_exit(70);
}

static void *or_die(void *memory, const char *purpose)
{
	if (!memory)
		die("out of memory for %s", purpose);
	return memory;
}

void *die_alloc(size_t size, const char *purpose)
{
	return or_die(malloc(size ? size : 1), purpose);
}

void *die_calloc(size_t n, size_t size, const char *purpose)
{
	return or_die(calloc(n ? n : 1, size ? size : 1), purpose);
}

void *die_realloc(void *old, size_t size, const char *purpose)
{
	return or_die(realloc(old, size ? size : 1), purpose);
}
