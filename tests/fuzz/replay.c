/* replay.c - runs a fuzz target over its saved inputs, without a fuzzer
 *
 * Every file of the folder CORPUS is given to the target as it is, then with
 * its last byte gone, its first byte gone and each of its first 64 bytes
 * changed: cheap neighbours of what once was interesting.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX ((size_t)1024 * 1024)

static void neighbours(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + 1);

	if (!copy)
		abort();
	LLVMFuzzerTestOneInput(data, size);
	if (size > 0) {
		LLVMFuzzerTestOneInput(data, size - 1);
		LLVMFuzzerTestOneInput(data + 1, size - 1);
	}
	for (size_t i = 0; i < size && i < 64; i++) {
		memcpy(copy, data, size);
		copy[i] = (uint8_t)(copy[i] ^ 0x5a);
		LLVMFuzzerTestOneInput(copy, size);
	}
	free(copy);
}

static int replay_file(const char *path)
{
	uint8_t *data = malloc(INPUT_MAX);
	FILE *in = fopen(path, "rb");
	size_t size;

	if (!in || !data) {
		perror(path);
		exit(1);
	}
	size = fread(data, 1, INPUT_MAX, in);
	fclose(in);
	neighbours(data, size);
	free(data);
	return 1;
}

static int replay_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	char path[4096];
	int count = 0;

	if (!dir) {
		perror(folder);
		exit(1);
	}
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		count += replay_file(path);
	}
	closedir(dir);
	return count;
}

int main(void)
{
	int count;

	neighbours((const uint8_t *)"", 0);
	count = replay_folder(CORPUS);
	if (count == 0) {
		fprintf(stderr, "no inputs in %s\n", CORPUS);
		return 1;
	}
	return 0;
}
