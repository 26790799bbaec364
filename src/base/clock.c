/* clock.c - the only place that asks what time it is */
#include "base/clock.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t read_clock(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_boot_ms(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

void clock_wait_until(struct timespec *out, int64_t ms)
{
	int64_t then = clock_now_ms() + ms;

	out->tv_sec = (time_t)(then / 1000);
	out->tv_nsec = (long)(then % 1000) * 1000000;
}

void clock_boot_id(char out[40])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, out, 39);

	if (fd >= 0)
		close(fd);
	out[len > 0 ? len : 0] = 0;
	out[strcspn(out, "\n")] = 0;
}
