/* pacing_priv.h - inside the pacer */
#ifndef PACING_PRIV_H
#define PACING_PRIV_H

#include "queue/pacing.h"

/* The domains of the large providers: what one of their servers thinks of us
 * the others think, too. Ends with an empty family. */
struct pace_family {
	const char *family, *domain;
};
extern const struct pace_family pace_families[];

#define SPEED_TOP   50000.0 /* letters a second: as good as no limit */
#define SPEED_FLOOR 0.01

struct lane {
	struct str name;
	double speed;	   /* letters a second */
	double limit;	   /* speed at the last sign; 0: none yet */
	double gap;	   /* ms between letters, smoothed; 0: unknown */
	double next;	   /* when the next may go; ms */
	double promised;   /* up to here slots are given away */
	double promised_at; /* the speed that they were given away for */
	int64_t last;	   /* letter let go */
	int64_t cut_at;	   /* signs of letters from before say nothing */
	int64_t raised_at; /* speed last went up */
	int heard, passed; /* replies since the last cut; good ones */
	int64_t settled_at; /* the end of the slow start's last moments */
	int taken;	   /* since the speed last doubled */
	int calm;	   /* slow steps since the last cut */
	int signs;	   /* in a row, nothing taken between */
	uint64_t perhaps;  /* the last 50 answers, a bit each */
	/* closed: until then; 0 it is open */
	int64_t closed_until, closed_ms, closed_at;
	int64_t probe_at;  /* the probe is out; 0: none */
	int64_t opened_at; /* after the last closure; 0: never closed */
	int64_t opened_taken;
};

/* 0, or when it may be asked again. Nothing is counted yet. */
double lane_blocked(struct lane *lane, int64_t now);
/* Each asker another slot, behind `from`; far away ones are spread, to ask
 * again then. */
int64_t lane_promise(struct lane *lane, double from, int64_t now);
/* Far slots were told for clearly less than it is now. */
bool lane_lifted(const struct lane *lane, int64_t now);
/* A letter is on its way. */
void lane_let_go(struct lane *lane, int64_t now);
void lane_hear(struct lane *lane, int64_t asked_at,
	       const struct pace_said *said, int64_t now);

#endif
